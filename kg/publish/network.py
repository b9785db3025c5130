"""A store → a networkx graph: the things, what links them, their figures and dates, and why each is believed.

Reads the store's default graph, which holds every statement once, by eight bulk queries however many things
there are. What only follows by the ontology stays out of it: a closure has edges no sentence says.
"""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import networkx as nx
import pyoxigraph as ox

from kg.errors import UnknownNameError
from kg.ontology import Ontology
from kg.vocab import BACKGROUND_GRAPH, INFERRED_GRAPH, PREFIXES

Row = dict[str, str]
Record = dict[str, Any]

_MANY = 2000
"""Above so many things a query for all of them is quicker than one that lists them."""

_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
_NAMES = "SELECT ?thing ?class ?label { ?thing a ?class ; skos:prefLabel ?label . %(classes)s }"
_ALIASES = "SELECT ?thing ?alias { %(things)s ?thing skos:altLabel ?alias }"
_LINKS = """SELECT ?thing ?property ?other {
  VALUES ?property { %(properties)s } ?thing ?property ?other FILTER(isIRI(?other))
  FILTER NOT EXISTS { GRAPH <%(inferred)s> { ?thing ?property ?other } }
}"""
_KNOWN = """SELECT ?thing ?property ?other { VALUES ?property { %(properties)s } GRAPH ?graph { ?thing ?property ?other }
  FILTER(STRSTARTS(STR(?graph), "%(background)s")) }"""
_OBSERVATIONS = """SELECT * { %(things)s
  ?node zkg:observedEntity ?thing ; zkg:indicator ?indicator ; zkg:value ?value
  OPTIONAL { ?node zkg:valueMax ?value_max } OPTIONAL { ?node zkg:unit ?unit }
  OPTIONAL { ?node zkg:year ?year } OPTIONAL { ?node zkg:comparator ?comparator }
  OPTIONAL { ?node zkg:status ?status }
  OPTIONAL { ?node zkg:withRespectTo ?part_of OPTIONAL { ?part_of skos:prefLabel ?whole } } }"""
_MILESTONES = """SELECT * { %(things)s ?node zkg:milestoneOf ?thing ; zkg:milestoneType ?type
  OPTIONAL { ?node zkg:date ?date } OPTIONAL { ?node zkg:status ?status } }"""
_EVIDENCE = """SELECT * { %(subjects)s
  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; oa:hasSource ?article_iri
  OPTIONAL { ?statement zkg:sentence ?sentence } OPTIONAL { ?statement zkg:extractedBy ?rule }
  OPTIONAL { ?statement zkg:confidence ?confidence } OPTIONAL { ?statement zkg:status ?status }
  OPTIONAL { ?statement zkg:title ?title }
  OPTIONAL { ?statement oa:hasSelector ?position . ?position oa:start ?start ; oa:end ?end }
  OPTIONAL { ?statement oa:hasSelector ?quote . ?quote oa:exact ?exact } }"""
_ARTICLES = """SELECT * { ?article a zkg:Article OPTIONAL { ?article dcterms:title ?title }
  OPTIONAL { ?article dcterms:issued ?issued } OPTIONAL { ?article dcterms:source ?location } }
  ORDER BY DESC(?location)"""  # the last counts, which is an address where there is one


def to_networkx(
    store: ox.Store,
    class_: str | None = None,
    properties: Iterable[str] | None = None,
    focus: str | None = None,
    hops: int = 2,
    ontology: Ontology | None = None,
) -> nx.MultiDiGraph[str]:
    """The things of ``store`` as nodes (by IRI), their relations as edges (by property local name).

    A node has ``label``, ``class_`` (local name, the most specific), ``class_label``, ``aliases``,
    ``evidence`` (of its class), ``observations`` and ``milestones``; an edge ``property``, ``label``,
    ``status``, ``confidence`` and ``evidence``. Observations, milestones and evidence are lists of dicts, in
    an order that depends on what they say alone. Evidence has ``sentence``, ``exact``, ``start``, ``end``
    (0-based, end-exclusive), ``article`` (its title), ``article_iri``, ``issued``, ``location``, ``rule``,
    ``confidence``, ``status`` and ``title``; observations and milestones repeat the first of theirs.

    Args:
        store: its default graph is read.
        class_: keep things of this class and its subclasses (and ``focus``).
        properties: keep these relations (local names); all of them without.
        focus: the IRI of a thing; keep what is at most ``hops`` relations away from it, either way.
        hops: how far from ``focus``.
        ontology: names classes and properties; the one ZoneKG ships without.

    Raises:
        UnknownNameError: ``class_``, a property or ``focus`` is not there.
    """
    ontology = ontology or Ontology.load()
    reader = _Reader(store, ontology)
    names = reader.names()
    wanted = _known(properties, ontology.properties, "property")
    links = [link for link in reader.links(wanted) if link[0] in names and link[2] in names]
    kept: set[str] = set(names)
    if focus is not None:
        kept = set(_around(_known([focus], names, "thing")[0], links, hops))
    if class_ is not None:
        _known([class_], ontology.classes, "class")
        kept = {thing for thing in kept if thing == focus or ontology.is_a(names[thing][0], class_)}
    return reader.network({thing: names[thing] for thing in sorted(kept)}, links)


def flatten(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """A copy whose attributes are strings and numbers alone, as GraphML and GEXF require; lists become JSON.

    >>> network = nx.MultiDiGraph()
    >>> network.add_node("zone", label="云溪新区", aliases=["云溪"], year=None)
    >>> flatten(network).nodes["zone"]
    {'label': '云溪新区', 'aliases': '["云溪"]', 'year': ''}
    """
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    flat.add_nodes_from((node, _flat(data)) for node, data in network.nodes(data=True))
    for subject, object_, key, data in network.edges(keys=True, data=True):
        flat.add_edge(subject, object_, key, **_flat(data))
    return flat


def _flat(data: Mapping[str, Any]) -> dict[str, str | int | float]:
    return {
        name: "" if value is None else value if isinstance(value, (str, int, float)) else _json(value)
        for name, value in data.items()
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


class _Reader:
    """The bulk queries over one store, and how their rows join."""

    def __init__(self, store: ox.Store, ontology: Ontology) -> None:
        self._store = store
        self._ontology = ontology
        self._class_of_iri = {
            known.iri: name
            for name, known in ontology.classes.items()
            if not {"Article", "Observation", "Milestone"} & known.ancestors
        }

    def names(self) -> dict[str, tuple[str, str]]:
        """thing → its most specific class and its name."""
        found: dict[str, tuple[str, str]] = {}
        for row in self._select(_NAMES, classes=_values("class", self._class_of_iri)):
            name = self._class_of_iri[row["class"]], row["label"]
            found[row["thing"]] = max(found.get(row["thing"], name), name, key=self._rank)
        return found

    def _rank(self, name: tuple[str, str]) -> tuple[int, str, int, str]:
        class_, label = name
        return len(self._ontology.classes[class_].ancestors), class_, len(label), label

    def links(self, properties: Collection[str]) -> list[tuple[str, str, str]]:
        """(thing, property local name, other thing), sorted."""
        name_of = {self._ontology.properties[name].iri: name for name in properties}
        rows = self._select(_LINKS, properties=_iris(name_of), inferred=INFERRED_GRAPH)
        return sorted({(row["thing"], name_of[row["property"]], row["other"]) for row in rows})

    def network(
        self, names: Mapping[str, tuple[str, str]], links: Collection[tuple[str, str, str]]
    ) -> nx.MultiDiGraph[str]:
        """The graph of ``names`` and of the links between them."""
        network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        properties = _iris({self._ontology.properties[name].iri for _, name, _ in links})
        rows = self._select(_KNOWN, properties=properties, background=BACKGROUND_GRAPH)
        background = {(row["thing"], row["property"], row["other"]) for row in rows}
        things = _values("thing", names) if len(names) <= _MANY else ""
        observations = [r for r in self._select(_OBSERVATIONS, things=things) if r["thing"] in names]
        milestones = [r for r in self._select(_MILESTONES, things=things) if r["thing"] in names]
        evidence = self._evidence([*names, *(row["node"] for row in (*observations, *milestones))])
        aliases: dict[str, set[str]] = defaultdict(set)
        for row in self._select(_ALIASES, things=things):
            aliases[row["thing"]].add(row["alias"])
        observations_of = self._group(observations, evidence, "observedEntity", _observation)
        milestones_of = self._group(milestones, evidence, "milestoneOf", _milestone)
        for thing, (class_, label) in names.items():
            known = self._ontology.classes[class_]
            network.add_node(
                thing,
                label=label,
                class_=class_,
                class_label=_zh(known.labels, class_),
                aliases=sorted(aliases[thing] - {label}),
                evidence=evidence[thing, PREFIXES["rdf"] + "type", known.iri],
                observations=observations_of[thing],
                milestones=milestones_of[thing],
            )
        for thing, name, other in links:
            if thing not in network or other not in network:
                continue
            property_ = self._ontology.properties[name]
            said = evidence[thing, property_.iri, other]
            planned = bool(said) and all(e["status"] == "target" for e in said)
            network.add_edge(
                thing,
                other,
                name,
                property=name,
                label=_zh(property_.labels, name),
                # A plan in one article is a fact once another, or the background, says it without "will".
                status="target" if planned and (thing, property_.iri, other) not in background else "actual",
                confidence=max((e["confidence"] for e in said), default=1.0),
                evidence=said,
            )
        return network

    def _evidence(self, subjects: Collection[str]) -> dict[tuple[str, str, str], list[Record]]:
        """(subject, predicate, object) → why, by date and place of the article."""
        articles = {row["article"]: row for row in self._select(_ARTICLES)}
        found: dict[tuple[str, str, str], dict[str, Record]] = defaultdict(dict)
        values = _values("subject", subjects) if len(subjects) <= _MANY else ""
        for row in self._select(_EVIDENCE, subjects=values):
            article = articles.get(row["article_iri"], {})
            found[row["subject"], row["predicate"], row["object"]][row["statement"]] = {
                "sentence": row.get("sentence", ""),
                "exact": row.get("exact", ""),
                "start": int(row["start"]) if "start" in row else None,
                "end": int(row["end"]) if "end" in row else None,
                "article": article.get("title", ""),
                "article_iri": row["article_iri"],
                "issued": article.get("issued", ""),
                "location": article.get("location", ""),
                "rule": row.get("rule", ""),
                "confidence": float(row.get("confidence", 1)),
                "status": row.get("status", "actual"),
                "title": row.get("title", ""),
            }
        return defaultdict(list, {key: sorted(said.values(), key=_in_time) for key, said in found.items()})

    def _group(
        self,
        rows: Iterable[Row],
        evidence: Mapping[tuple[str, str, str], list[Record]],
        property_: str,
        describe: Callable[[Row], Record],
    ) -> dict[str, list[Record]]:
        """thing → its n-ary nodes with their evidence, each as ``describe`` says, sorted by it."""
        found: dict[str, dict[str, Record]] = defaultdict(dict)
        for row in rows:
            said = evidence[row["node"], PREFIXES["zkg"] + property_, row["thing"]]
            first = said[0] if said else {}
            brief = {k: first.get(k) for k in ("sentence", "article", "exact", "start", "end")}
            found[row["thing"]][row["node"]] = {**describe(row), **brief, "evidence": said}
        ordered = {thing: sorted(nodes.values(), key=_sort_key) for thing, nodes in found.items()}
        return defaultdict(list, ordered)

    def _select(self, query: str, **parts: str) -> Iterator[Row]:
        solutions = self._store.query(_PROLOGUE + query % parts)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            pairs = ((name, solution[name]) for name in names)
            yield {name: term.value for name, term in pairs if isinstance(term, (ox.NamedNode, ox.Literal))}


def _observation(row: Row) -> Record:
    return {
        "indicator": row["indicator"],
        "value": _number(row["value"]),
        "value_max": _number(row["value_max"]) if "value_max" in row else None,
        "unit": row.get("unit", "").removeprefix(PREFIXES["unit"]).removeprefix(PREFIXES["cur"]),
        "year": row.get("year"),
        "comparator": row.get("comparator", "="),
        "status": row.get("status", "actual"),
        "with_respect_to": row.get("whole", row.get("part_of")),
    }


def _milestone(row: Row) -> Record:
    return {"type": row["type"], "date": row.get("date"), "status": row.get("status", "actual")}


def _number(text: str) -> int | float:
    """Whole numbers stay whole; a fraction is a float, as JSON and pandas have it."""
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _sort_key(node: Record) -> tuple[str, ...]:
    when = node.get("year") or node.get("date") or "9999"  # what has no date comes last
    return (node.get("indicator", ""), when, _json(node))


def _in_time(said: Record) -> tuple[str, str, int, str]:
    return said["issued"] or "9999", said["article_iri"], said["start"] or 0, _json(said)


def _around(focus: str, links: Collection[tuple[str, str, str]], hops: int) -> set[str]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for thing, _, other in links:
        neighbours[thing].add(other)
        neighbours[other].add(thing)
    reached = frontier = {focus}
    for _ in range(hops):
        frontier = {other for thing in frontier for other in neighbours[thing]} - reached
        reached = reached | frontier
    return reached


def _known(names: Iterable[str] | None, known: Collection[str], kind: str) -> list[str]:
    """``names``, or all that are known; each must be."""
    if names is None:
        return sorted(known)
    asked = [names] if isinstance(names, str) else list(names)
    for name in asked:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3, 0.0)
            hint = f"the nearest are {', '.join(near)}" if near else f"it holds no {kind} yet; build it first"
            raise UnknownNameError(f"the graph knows no {kind} {name!r}; {hint}")
    return asked


def _zh(labels: Mapping[str, str], name: str) -> str:
    return labels.get("zh-Hans") or labels.get("zh") or labels.get("en") or name


def _iris(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)


def _values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {_iris(iris)} }}"
