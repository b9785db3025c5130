"""A graph folder → a handle for Python: ask it, look things up, draw it, hand it to other libraries.

>>> with KnowledgeGraph.open("no-such-folder") as graph:
...     graph.summary()
Traceback (most recent call last):
kg.errors.GraphError: no-such-folder is not a graph; build one there, or name another folder
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, overload

import pyoxigraph as ox
from rdflib.namespace import PROV, RDF, SKOS

from kg.errors import GraphError, QueryError, UnknownNameError
from kg.model import Violation
from kg.ontology import Ontology
from kg.publish.changes import Change, changes_between
from kg.publish.conflicts import Conflict, conflicts_of
from kg.publish.facts import Fact, Value, facts_of, python_value
from kg.publish.linked import Linked, links_of
from kg.publish.results import run_query
from kg.store import GraphFolder, LocalStore, complete, in_both
from kg.vocab import INFERRED_GRAPH, LINKS_GRAPH, is_background

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd  # type: ignore[import-untyped]
    import rdflib

    from kg.linking import LinkReport
    from kg.publish.draw import Drawing

_NODE_CLASSES = frozenset(["Article", "Observation", "Milestone"])
_NEAREST = 3
_EXTENSIONS = {
    ".ttl": "turtle", ".trig": "trig", ".nt": "ntriples", ".nq": "nquads", ".jsonld": "jsonld",
    ".rdf": "rdfxml", ".xml": "rdfxml", ".graphml": "graphml", ".gexf": "gexf", ".csv": "csv",
}  # fmt: skip


class Rows(Sequence[Mapping[str, Value]]):
    """The rows of a SELECT, by column; a column a row has no value for is ``None``."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
        self.columns = tuple(columns)
        self._rows = [dict(zip(self.columns, row, strict=True)) for row in rows]

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Value]: ...
    @overload
    def __getitem__(self, index: slice) -> list[Mapping[str, Value]]: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Value] | list[Mapping[str, Value]]:
        return list(self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"Rows({', '.join(self.columns)}: {len(self)})"

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with the same columns; needs pandas (``pip install zonekg[notebook]``)."""
        import pandas

        return pandas.DataFrame(self._rows, columns=list(self.columns))


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """A thing: its fullest name, its most specific class (local name) and its other names."""

    iri: str
    name: str
    class_: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What articles say: counts, most first, and the three things with the most relations.

    ``background`` and ``inferred`` count the statements that no article makes: what a gazetteer knows, and what
    follows by the ontology. ``seconds`` is how long the last build took, where it came to its end.
    """

    articles: int
    entities: Mapping[str, int]
    statements: Mapping[str, int]
    observations: int
    milestones: int
    most_connected: tuple[tuple[str, int], ...]
    background: int
    inferred: int
    seconds: float | None


class KnowledgeGraph:
    """A graph folder opened for reading. Use it in a ``with`` statement, or close it."""

    def __init__(self, store: LocalStore, ontology: Ontology, base: str, folder: GraphFolder | None = None) -> None:
        self.store = store
        self.ontology = ontology
        self._base = base
        self._folder = folder
        self._entities: dict[str, EntityRecord] | None = None

    @staticmethod
    def open(path: Path | str, ontology: Ontology | None = None) -> KnowledgeGraph:
        """Open the graph in a folder; ``ontology`` is the one it was built with, if not the one ZoneKG ships.

        Raises:
            GraphError: the folder is not a graph, or is being written to.
        """
        folder = GraphFolder(Path(path))
        return KnowledgeGraph(folder.open(read_only=True), ontology or Ontology.load(), folder.manifest().base, folder)

    def close(self) -> None:
        """Let go of the folder."""
        self.store.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, sparql: str) -> Rows:
        """The rows of a SELECT (or of a query of the ontology, by its name); an ASK is one row, ``ASK``.

        IRIs and texts are ``str``, numbers ``int`` or ``float``, days ``date``.

        Raises:
            QueryError: the text is no such query; the message says where and what to do.
        """
        raw = run_query(self.store, sparql, self.ontology).raw
        if isinstance(raw, ox.QueryBoolean):
            return Rows(["ASK"], [[bool(raw)]])
        if isinstance(raw, ox.QueryTriples):
            raise QueryError("CONSTRUCT and DESCRIBE give a graph, not rows; use construct() for them")
        columns = [variable.value for variable in raw.variables]
        return Rows(columns, [[python_value(term) for term in row] for row in raw])

    def construct(self, sparql: str) -> rdflib.Graph:
        """The graph of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: the text is no such query.
        """
        import rdflib

        results = run_query(self.store, sparql, self.ontology)
        if not isinstance(results.raw, ox.QueryTriples):
            raise QueryError("SELECT and ASK give rows, not a graph; use query() for them")
        return rdflib.Graph().parse(data=results.text("turtle"), format="turtle")

    def entities(self, class_: str | None = None, name: str | None = None) -> list[EntityRecord]:
        """The things of a class and its subclasses, and with ``name`` in one of their names; by name.

        Raises:
            UnknownNameError: the ontology has no such class.
        """
        if class_ is not None and class_ not in self.ontology.classes:
            raise _unknown("class", class_, self.ontology.classes)
        return [
            entity
            for entity in self._all_entities().values()
            if (class_ is None or self.ontology.is_a(entity.class_, class_))
            and (name is None or any(name in known for known in (entity.name, *entity.aliases)))
        ]

    def find(self, name: str) -> EntityRecord:
        """The thing of this name, this other name, or this IRI (also without the base); traditional characters are as good.

        Raises:
            UnknownNameError: nothing has the name (the message offers the nearest three), or several things.
        """
        from kg.graph.terms import simplify

        entities = self._all_entities()
        for iri in (name, f"{self._base}{name}"):
            if iri in entities:
                return entities[iri]
        for wanted in dict.fromkeys((name, simplify(name))):
            for found in (
                [entity for entity in entities.values() if entity.name == wanted],
                [entity for entity in entities.values() if wanted in entity.aliases],
            ):
                if len(found) == 1:
                    return found[0]
                if found:
                    iris = ", ".join(entity.iri for entity in found)
                    raise UnknownNameError(f"{len(found)} things are called {name}; ask for one by its IRI: {iris}")
        raise _unknown("thing", name, {n for e in entities.values() for n in (e.name, *e.aliases)})

    def facts(self, name: str) -> list[Fact]:
        """What the graph says of a thing, both ways: relations, observations, milestones, with their sources.

        Raises:
            UnknownNameError: as ``find``.
        """
        return facts_of(self.store.oxigraph, self.find(name).iri, self.ontology)

    def links(self, name: str | None = None) -> list[Linked]:
        """What the things, or the one of this name, are in other graphs.

        Raises:
            UnknownNameError: as ``find``.
        """
        return links_of(self.store, None if name is None else self.find(name).iri)

    def link(self, service: str, **options: Any) -> LinkReport:
        """Link the things with those of a service at an address; ``options`` are those of :class:`kg.link.Options`.

        The folder is written to, and what this object gives is as it is then.

        Raises:
            LinkError: no service is there, it lets nobody in, or an option does not fit it.
            GraphError: somebody else writes to the folder.
        """
        from kg.link import Options
        from kg.linking import link

        chosen = Options(service, **options)
        if self._folder is None:
            raise GraphError("only a graph that was opened from its folder can be linked; use kg.open")
        self.store.close()
        try:
            return link(self._folder.path, chosen, self.ontology)
        finally:
            self.store = self._folder.open(read_only=True)
            self._entities = None

    def conflicts(self) -> list[Conflict]:
        """What cannot all be true: figures of one year, places and classes that exclude each other, with who says so."""
        return conflicts_of(self.store.oxigraph, self.ontology)

    def changes_since(self, older: KnowledgeGraph) -> list[Change]:
        """What this graph gained and lost since an older one, by thing: the thing itself, its names, facts, figures."""
        return changes_between(older.store.oxigraph, self.store.oxigraph, self.ontology)

    def summary(self) -> Summary:
        """Counts of what articles say; background and what follows by the ontology are counted apart."""
        unsaid = self._unsaid()
        inferred = sum(quad.triple in unsaid for quad in self.store.quads(INFERRED_GRAPH))
        links = {
            (quad.subject.value, name, quad.object.value)
            for name, property_ in self.ontology.properties.items()
            for quad in self._said(property_.iri)
            if quad.triple not in unsaid and isinstance(quad.object, ox.NamedNode)
        }
        known_only = {triple.subject for triple in unsaid if triple.predicate.value == str(RDF.type)}
        ends = Counter(end for subject, _, object_ in links for end in {subject, object_})
        entities = self._all_entities()
        connected = sorted(((entities[iri].name, n) for iri, n in ends.items() if iri in entities), key=_most_first)
        return Summary(
            self._count("Article"),
            _counted(entity.class_ for entity in entities.values() if ox.NamedNode(entity.iri) not in known_only),
            _counted(name for _, name, _ in links),
            self._count("Observation"),
            self._count("Milestone"),
            tuple(connected[:_NEAREST]),
            len(unsaid) - inferred,
            inferred,
            self._last_build(),
        )

    def to_rdflib(self, min_confidence: float = 0.0) -> rdflib.Dataset:
        """An rdflib dataset that reads this very store: nothing is copied, and nothing may be written.

        With ``min_confidence`` it reads what :meth:`at` holds.
        """
        import oxrdflib
        import rdflib

        return rdflib.Dataset(store=oxrdflib.OxigraphStore(store=self.at(min_confidence)))

    def to_networkx(self, min_confidence: float = 0.0, **options: Any) -> nx.MultiDiGraph[str]:
        """The network of things, of facts with this confidence; ``options`` are those of :func:`kg.publish.network.to_networkx`."""
        from kg.publish.network import to_networkx

        return to_networkx(self.at(min_confidence), **{"ontology": self.ontology, **options})

    @overload
    def draw(self, path: None = None, title: str = ..., **options: Any) -> Drawing: ...
    @overload
    def draw(self, path: Path | str, title: str = ..., **options: Any) -> Path: ...
    def draw(self, path: Path | str | None = None, title: str = "知识图谱", **options: Any) -> Path | Drawing:
        """Write an interactive page to ``path``; without one, give it to the notebook to show.

        ``options``, of which ``min_confidence`` is one, choose what is on it, as for ``to_networkx``.
        """
        from kg.publish.draw import MAX_NODES, Drawing, draw, to_html

        max_nodes = options.pop("max_nodes", MAX_NODES)
        network = self.to_networkx(**options)
        if path is None:
            return Drawing(to_html(network, title, max_nodes, self.ontology))
        return draw(network, path, title, max_nodes, self.ontology)

    def export(
        self,
        target: Path | str | IO[bytes],
        format: str | None = None,
        plain: bool = False,
        min_confidence: float = 0.0,
    ) -> None:
        """Write the graph to a file or stream; without ``format``, in the one the file's name ends with.

        With ``min_confidence`` what :meth:`at` holds is written.

        Raises:
            KgError: there is no such format, or the file cannot be written.
        """
        from kg.publish.export import export

        if format is None:
            suffix = Path(target).suffix if isinstance(target, (str, Path)) else ""
            format = _EXTENSIONS.get(suffix.lower(), suffix.lstrip(".") or "(none given)")
        export(self.at(min_confidence), format, target, plain, self._base, self.ontology)

    def at(self, min_confidence: float) -> ox.Store:
        """The store, or in memory what is left of it at a confidence: facts with evidence that reaches it.

        Things stay with their names, and what is known besides the articles stays; what follows by the ontology
        follows from the facts that are left.

        Raises:
            KgError: ``min_confidence`` is not in [0, 1].
        """
        from kg.graph import inference_rules, require_confidence, sure

        require_confidence(min_confidence)
        if min_confidence == 0:
            return self.store.oxigraph
        left = ox.Store()
        for name in self.store.graph_names():
            quads: Iterable[ox.Quad] = self.store.quads(name)
            if self._is_article(name):
                quads = sure(quads, min_confidence)
            if name != INFERRED_GRAPH:
                left.extend(in_both({quad.triple for quad in quads}, ox.NamedNode(name)))
        complete(left, inference_rules(self.ontology).updates)
        return left

    def validate(self) -> list[Violation]:
        """What in the graphs of articles and links does not conform to the ontology's shapes; each graph by itself."""
        from kg.graph import Validator

        validator = Validator(self.ontology)
        graphs = [name for name in self.store.graph_names() if self._is_article(name) or name == LINKS_GRAPH]
        return [violation for name in graphs for violation in validator.validate(self.store.quads(name))]

    def _is_article(self, graph_name: str) -> bool:
        return graph_name.startswith(f"{self._base}article/")

    def _all_entities(self) -> Mapping[str, EntityRecord]:
        """IRI → record, by name; read once."""
        if self._entities is None:
            classes: dict[str, set[str]] = {}
            for name in self.ontology.classes.keys() - _NODE_CLASSES:
                for quad in self._said(RDF.type, ox.NamedNode(self.ontology.classes[name].iri)):
                    classes.setdefault(quad.subject.value, set()).add(name)
            names, aliases = self._labels(SKOS.prefLabel), self._labels(SKOS.altLabel)
            records = [
                EntityRecord(iri, full[-1], self._narrowest(of), tuple(sorted({*full[:-1], *aliases.get(iri, ())})))
                for iri, of in classes.items()
                if (full := sorted(names.get(iri, ()), key=lambda name: (len(name), name)))
            ]
            self._entities = {e.iri: e for e in sorted(records, key=lambda e: (e.name, e.iri))}
        return self._entities

    def _labels(self, property_: str) -> dict[str, set[str]]:
        labels: dict[str, set[str]] = {}
        for quad in self._said(property_):
            if isinstance(quad.object, ox.Literal):
                labels.setdefault(quad.subject.value, set()).add(quad.object.value)
        return labels

    def _narrowest(self, classes: set[str]) -> str:
        return max(classes, key=lambda name: (len(self.ontology.classes[name].ancestors), name))

    def _unsaid(self) -> set[ox.Triple]:
        """What no article says: the statements that stand in the background or the inferred graph alone."""
        besides = [name for name in self.store.graph_names() if name == INFERRED_GRAPH or is_background(name)]
        graphs = {ox.DefaultGraph(), *map(ox.NamedNode, besides)}

        def is_unsaid(triple: ox.Triple) -> bool:
            said = self.store.oxigraph.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            return all(found.graph_name in graphs for found in said)

        triples = {quad.triple for name in besides for quad in self.store.quads(name)}
        return {triple for triple in triples if is_unsaid(triple)}

    def _last_build(self) -> float | None:
        """How many seconds the last build took; a run that used no ontology built nothing."""
        builds = {quad.subject.value for quad in self._said(PROV.used)}
        started, ended = self._times(PROV.startedAtTime), self._times(PROV.endedAtTime)
        last = max(started.keys() & builds, key=started.__getitem__, default=None)
        return (ended[last] - started[last]).total_seconds() if last in ended and last is not None else None

    def _times(self, property_: str) -> dict[str, datetime]:
        return {quad.subject.value: datetime.fromisoformat(quad.object.value) for quad in self._said(property_)}

    def _count(self, class_: str) -> int:
        known = self.ontology.classes.get(class_)
        return 0 if known is None else sum(1 for _ in self._said(RDF.type, ox.NamedNode(known.iri)))

    def _said(self, property_: str, object_: ox.NamedNode | None = None) -> Iterator[Any]:
        predicate = ox.NamedNode(str(property_))
        return self.store.oxigraph.quads_for_pattern(None, predicate, object_, ox.DefaultGraph())


def _unknown(kind: str, name: str, known: Any) -> UnknownNameError:
    nearest = difflib.get_close_matches(name, sorted(known), n=_NEAREST, cutoff=0.0)
    offer = f"; the nearest are {', '.join(nearest)}" if nearest else "; there are none yet"
    return UnknownNameError(f"there is no {kind} called {name}{offer}")


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _counted(names: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=_most_first))
