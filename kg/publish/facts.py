"""A thing → what the graph says of it, in words, with the sentences that say so.

Reads the default graph, which holds every statement once; what only follows by the ontology is left out.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from kg.model import TextSpan
from kg.ontology import Ontology
from kg.vocab import CUR, INFERRED_GRAPH, OA, UNIT, ZKG, is_background

Value = str | int | float | bool | date | None

_DEFAULT = ox.DefaultGraph()
_INFERRED = ox.NamedNode(INFERRED_GRAPH)
_INTEGERS = frozenset(
    str(XSD[name]) for name in ("integer", "nonNegativeInteger", "int", "long", "short", "positiveInteger", "gYear")
)


@dataclass(frozen=True, slots=True)
class Source:
    """One place that says a fact. ``span`` counts code points of the source text as it was read.

    ``article`` is its title, else where it was read; ``issued`` the day it was published (``YYYY-MM-DD``).
    """

    sentence: str
    exact: str
    span: TextSpan | None
    article: str
    article_iri: str
    rule: str
    confidence: float
    status: str
    title: str | None
    issued: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement in words. ``kind`` is ``relation``, ``observation`` or ``milestone``.

    Of a relation, ``property`` is the local name and ``object`` the other thing's name; of an observation the
    indicator and the value; of a milestone its type and date. A fact without ``sources`` is background.
    """

    kind: str
    subject: str
    property: str
    object: Value
    status: str
    subject_iri: str
    object_iri: str | None = None
    unit: str | None = None
    year: int | None = None
    comparator: str = "="
    value_max: int | float | None = None
    with_respect_to: str | None = None
    sources: tuple[Source, ...] = ()

    @builtins.property
    def confidence(self) -> float:
        """That of the surest source."""
        return max((source.confidence for source in self.sources), default=1.0)

    @builtins.property
    def sentence(self) -> str | None:
        """The first sentence that says it."""
        return self.sources[0].sentence if self.sources else None

    @builtins.property
    def article(self) -> str | None:
        """The first article that says it, by its title."""
        return self.sources[0].article if self.sources else None

    @builtins.property
    def span(self) -> TextSpan | None:
        """Where that article says it."""
        return self.sources[0].span if self.sources else None


def python_value(term: object) -> Value:
    """An RDF term as Python has it: IRIs as text, decimals as int or float, days as dates.

    >>> python_value(ox.Literal("480.0", datatype=ox.NamedNode(str(XSD.decimal))))
    480
    """
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, (ox.NamedNode, ox.BlankNode)) else None if term is None else str(term)
    datatype, text = term.datatype.value, term.value
    try:
        if datatype in _INTEGERS:
            return int(text)
        if datatype == str(XSD.decimal):
            exact = Decimal(text)
            return int(exact) if exact == exact.to_integral_value() else float(exact)
        if datatype in (str(XSD.double), str(XSD.float)):
            return float(text)
        if datatype == str(XSD.boolean):
            return text in ("true", "1")
        if datatype == str(XSD.date):
            return date.fromisoformat(text)
        if datatype == str(XSD.dateTime):
            return datetime.fromisoformat(text)
    except (ValueError, ArithmeticError):  # what claims a type and is none of it stays as it is
        return text
    return text


def facts_of(store: ox.Store, iri: str, ontology: Ontology) -> list[Fact]:
    """Everything said of a thing, either way round: relations, then observations, then milestones."""
    reader = FactReader(store, ontology)
    facts = [*reader.relations(ox.NamedNode(iri)), *reader.nodes(ox.NamedNode(iri))]
    kinds = ("relation", "observation", "milestone")
    return sorted(set(facts), key=lambda f: (kinds.index(f.kind), f.subject_iri != iri, f.property, _when(f), repr(f)))


def _when(fact: Fact) -> str:
    return str(fact.object if fact.kind == "milestone" else fact.year or "")


class FactReader:
    """Reads a store's default graph as facts."""

    def __init__(self, store: ox.Store, ontology: Ontology) -> None:
        self._store = store
        self._properties = {property_.iri: name for name, property_ in ontology.properties.items()}

    def relations(self, thing: ox.NamedNode) -> Iterator[Fact]:
        """What is said of the thing and another, either way round."""
        said = (
            *self._store.quads_for_pattern(thing, None, None, _DEFAULT),
            *self._store.quads_for_pattern(None, None, thing, _DEFAULT),
        )
        for subject, predicate, object_, _ in said:
            fact = self.relation(subject, predicate, object_)
            if fact:
                yield fact

    def relation(self, subject: Any, predicate: ox.NamedNode, object_: Any) -> Fact | None:
        """One statement between two things, with its sources; none where it is no relation or only follows."""
        name = self._properties.get(predicate.value)
        if name is None or not isinstance(subject, ox.NamedNode) or not isinstance(object_, ox.NamedNode):
            return None
        if next(self._store.quads_for_pattern(subject, predicate, object_, _INFERRED), None) is not None:
            return None
        sources = self.sources(subject, predicate, object_)
        # A plan in one article is a fact once another article, or the background, says it without "will".
        planned = bool(sources) and all(source.status == "target" for source in sources)
        planned &= not self._is_background(subject, predicate, object_)
        status = "target" if planned else "actual"
        names = self.name(subject), self.name(object_)
        return Fact("relation", names[0], name, names[1], status, subject.value, object_.value, sources=sources)

    def _is_background(self, subject: ox.NamedNode, predicate: ox.NamedNode, object_: ox.NamedNode) -> bool:
        graphs = (quad.graph_name for quad in self._store.quads_for_pattern(subject, predicate, object_, None))
        return any(isinstance(graph, ox.NamedNode) and is_background(graph.value) for graph in graphs)

    def nodes(self, thing: ox.NamedNode) -> Iterator[Fact]:
        """Observations and milestones of the thing, and shares in it."""
        for link in (ZKG.observedEntity, ZKG.withRespectTo, ZKG.milestoneOf):
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(str(link)), thing, _DEFAULT):
                fact = self.node(quad.subject, link == ZKG.milestoneOf)
                if fact:
                    yield fact

    def node(self, node: Any, is_milestone: bool = False) -> Fact | None:
        """One observation or milestone, with its sources; none where it is about nothing."""
        about = ZKG.milestoneOf if is_milestone else ZKG.observedEntity
        of = self._one(node, about)
        if not isinstance(of, ox.NamedNode):
            return None
        sources = self.sources(node, ox.NamedNode(str(about)), of)
        return self._milestone(node, of, sources) if is_milestone else self._observation(node, of, sources)

    def _observation(self, node: object, of: ox.NamedNode, sources: tuple[Source, ...]) -> Fact:
        year, high, whole = (self._one(node, p) for p in (ZKG.year, ZKG.valueMax, ZKG.withRespectTo))
        unit = self._text(node, ZKG.unit)
        return Fact(
            "observation",
            self.name(of),
            self._text(node, ZKG.indicator) or "",
            python_value(self._one(node, ZKG.value)),
            self._text(node, ZKG.status) or "actual",
            of.value,
            unit=unit and unit.removeprefix(str(UNIT)).removeprefix(str(CUR)),
            year=_number(year, int),
            comparator=self._text(node, ZKG.comparator) or "=",
            value_max=_number(high, (int, float)),
            with_respect_to=None if whole is None else self.name(whole),
            sources=sources,
        )

    def _milestone(self, node: object, of: ox.NamedNode, sources: tuple[Source, ...]) -> Fact:
        type_, status = self._text(node, ZKG.milestoneType) or "", self._text(node, ZKG.status) or "actual"
        when = self._text(node, ZKG.date)
        return Fact("milestone", self.name(of), type_, when, status, of.value, sources=sources)

    def sources(self, subject: Any, predicate: ox.NamedNode, object_: ox.NamedNode) -> tuple[Source, ...]:
        """What says a statement, in a stable order."""
        found = []
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(str(RDF.subject)), subject, _DEFAULT):
            node = quad.subject
            if self._one(node, RDF.predicate) == predicate and self._one(node, RDF.object) == object_:
                found.append(self._source(node))
        return tuple(sorted(found, key=lambda source: (source.article_iri, source.span or (0, 0), source.rule)))

    def _source(self, node: object) -> Source:
        article = self._one(node, OA.hasSource)
        selectors = self._all(node, OA.hasSelector)
        start, end, exact = (
            next((python_value(t) for selector in selectors for t in self._all(selector, p)), None)
            for p in (OA.start, OA.end, OA.exact)
        )
        return Source(
            self._text(node, ZKG.sentence) or "",
            str(exact or ""),
            TextSpan(start, end) if isinstance(start, int) and isinstance(end, int) else None,
            self._text(article, DCTERMS.title) or self._text(article, DCTERMS.source) or "",
            getattr(article, "value", ""),
            self._text(node, ZKG.extractedBy) or "",
            float(self._text(node, ZKG.confidence) or 1),
            self._text(node, ZKG.status) or "actual",
            self._text(node, ZKG.title),
            self._text(article, DCTERMS.issued),
        )

    def _all(self, node: Any, property_: str) -> list[Any]:
        if not isinstance(node, (ox.NamedNode, ox.BlankNode)):
            return []
        predicate = ox.NamedNode(str(property_))
        return sorted((q.object for q in self._store.quads_for_pattern(node, predicate, None, _DEFAULT)), key=str)

    def _one(self, node: Any, property_: str) -> Any:
        return next(iter(self._all(node, property_)), None)

    def _text(self, node: Any, property_: str) -> str | None:
        term = self._one(node, property_)
        return None if term is None else str(term.value)

    def name(self, node: Any) -> str:
        """The fullest name of a thing, else its IRI."""
        labels = self._all(node, SKOS.prefLabel)
        return max((str(label.value) for label in labels), key=lambda n: (len(n), n), default=str(node.value))


def _number(term: object, kind: Any) -> Any:
    value = python_value(term)
    return value if isinstance(value, kind) else None
