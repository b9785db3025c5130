"""What in a graph cannot all be true: figures, places and classes that exclude each other, with who says each.

Nothing is decided here, and nothing taken out: contradictions stay side by side in the graph.

- Two figures of one indicator, thing, year, unit and status are at odds where no number is both: 超400亿元 and 480亿元
  agree, 480亿元 and 490亿元 do not.
- Two places of a thing (``locatedIn``, ``partOf``) are rivals where they lie in areas of the background of which
  neither lies in the other, and no article gives both: what an article says of two areas lies in both.
- Two classes of a thing are rivals where neither is above the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Literal

import pyoxigraph as ox
from rdflib.namespace import RDF

from kg.ontology import Ontology
from kg.publish.facts import Fact, FactReader, Source
from kg.publish.wording import amount
from kg.vocab import INFERRED_GRAPH, ZKG, is_background

ABOUT = 0.05
"""How far from 约100 a figure may be that agrees with it: articles say 约 of what they round."""

Kind = Literal["figure", "place", "class"]

_TYPE = ox.NamedNode(str(RDF.type))
_WHERE = ("locatedIn", "partOf")
_DEFAULT = ox.DefaultGraph()
_INFERRED = ox.NamedNode(INFERRED_GRAPH)
_KINDS: tuple[Kind, ...] = ("figure", "place", "class")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things said: ``value`` in words, ``iri`` where it is a thing or a class. Background has no sources."""

    value: str
    iri: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Things said of ``subject`` that exclude each other.

    ``about`` is the indicator of a figure, ``where`` for places, ``class`` for classes; a figure has a ``year``.
    """

    kind: Kind
    subject: str
    subject_iri: str
    about: str
    year: int | None
    sides: tuple[Side, ...]


def conflicts_of(store: ox.Store, ontology: Ontology) -> list[Conflict]:
    """Every conflict in a store: figures, then places, then classes; by name."""
    finder = _Finder(store, ontology)
    found = (*finder.figures(), *finder.places(), *finder.classes())
    return sorted(found, key=lambda c: (_KINDS.index(c.kind), c.subject, c.subject_iri, c.about, c.year or 0, repr(c)))


class _Finder:
    def __init__(self, store: ox.Store, ontology: Ontology) -> None:
        self._store = store
        self._ontology = ontology
        self._reader = FactReader(store, ontology)
        self._above = self._gazetteer()
        self._areas_of = cache(self._areas)

    def figures(self) -> Iterator[Conflict]:
        groups: dict[tuple[Any, ...], list[Fact]] = {}
        for quad in self._said(ZKG.observedEntity):
            fact = self._reader.node(quad.subject)
            if fact is not None and fact.year is not None and isinstance(fact.object, int | float):
                key = (fact.subject_iri, fact.property, fact.year, fact.unit, fact.status, fact.with_respect_to)
                groups.setdefault(key, []).append(fact)
        for facts in groups.values():
            rivals = _rivals(facts, _exclude)
            if rivals:
                sides = (
                    Side(amount(f.object, f.unit or "", f.comparator, f.value_max), None, f.sources)
                    for f in sorted(rivals, key=lambda fact: (fact.object, fact.value_max or 0, fact.comparator))
                    if isinstance(f.object, int | float)
                )
                one = facts[0]
                yield Conflict("figure", one.subject, one.subject_iri, one.property, one.year, tuple(sides))

    def places(self) -> Iterator[Conflict]:
        places: dict[Any, dict[Any, list[ox.NamedNode]]] = {}
        for name in _WHERE:
            for quad in self._said(ZKG[name]):
                if not self._is_inferred(quad) and self._areas_of(quad.object):
                    places.setdefault(quad.subject, {}).setdefault(quad.object, []).append(quad.predicate)
        for thing, by_place in places.items():
            if len(by_place) < 2 or thing in self._above:
                continue
            sources = {
                place: tuple(source for property_ in by for source in self._reader.sources(thing, property_, place))
                for place, by in by_place.items()
            }

            def exclude(one: Any, other: Any, sources: dict[Any, tuple[Source, ...]] = sources) -> bool:
                said_by = ({source.article_iri for source in sources[place]} for place in (one, other))
                return not set.intersection(*said_by) and self._are_apart(one, other)

            sides = [
                Side(self._reader.name(place), place.value, sources[place])
                for place in sorted(_rivals(list(by_place), exclude), key=str)
            ]
            if sides:
                yield Conflict("place", self._reader.name(thing), thing.value, "where", None, tuple(sides))

    def classes(self) -> Iterator[Conflict]:
        named = {class_.iri: name for name, class_ in self._ontology.classes.items()}
        classes: dict[Any, list[Any]] = {}
        for quad in self._said(RDF.type):
            if getattr(quad.object, "value", None) in named:
                classes.setdefault(quad.subject, []).append(quad.object)

        def exclude(one: Any, other: Any) -> bool:
            names = named[one.value], named[other.value]
            return not (self._ontology.is_a(*names) or self._ontology.is_a(*reversed(names)))

        for thing, of in classes.items():
            sides = [
                Side(named[class_.value], class_.value, self._reader.sources(thing, _TYPE, class_))
                for class_ in sorted(_rivals(of, exclude), key=str)
            ]
            if sides:
                yield Conflict("class", self._reader.name(thing), thing.value, "class", None, tuple(sides))

    def _are_apart(self, one: Any, other: Any) -> bool:
        """Whether every area that one place lies in is apart from every area the other lies in."""
        near, far = self._areas_of(one), self._areas_of(other)
        return all(a not in self._line(b) and b not in self._line(a) for a in near for b in far)

    def _areas(self, place: Any) -> frozenset[Any]:
        """The areas of the background that a place is, or lies in: of these the narrowest."""
        if place in self._above:
            return frozenset([place])
        found = {
            quad.object
            for name in _WHERE
            for quad in self._store.quads_for_pattern(place, ox.NamedNode(str(ZKG[name])), None, _DEFAULT)
            if quad.object in self._above
        }
        return frozenset(found - {above for area in found for above in self._line(area) if above != area})

    def _line(self, area: Any) -> set[Any]:
        """An area and all it lies in."""
        line, pending = set(), [area]
        while pending:
            node = pending.pop()
            if node not in line:
                line.add(node)
                pending += self._above.get(node, ())
        return line

    def _gazetteer(self) -> dict[Any, set[Any]]:
        """Each area of the background, with what it is part of."""
        above: dict[Any, set[Any]] = {}
        for graph in self._store.named_graphs():
            if isinstance(graph, ox.NamedNode) and is_background(graph.value):
                for quad in self._store.quads_for_pattern(None, _TYPE, None, graph):
                    above.setdefault(quad.subject, set())
                for quad in self._store.quads_for_pattern(None, ox.NamedNode(str(ZKG.partOf)), None, graph):
                    above.setdefault(quad.subject, set()).add(quad.object)
        return above

    def _said(self, property_: str) -> Iterator[Any]:
        return iter(self._store.quads_for_pattern(None, ox.NamedNode(str(property_)), None, _DEFAULT))

    def _is_inferred(self, quad: Any) -> bool:
        found = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, _INFERRED)
        return next(iter(found), None) is not None


def _rivals(all_: list[Any], exclude: Any) -> list[Any]:
    """Those that exclude at least one of the others."""
    among: set[int] = set()
    for (i, one), (j, other) in combinations(enumerate(all_), 2):
        if exclude(one, other):
            among |= {i, j}
    return [all_[index] for index in sorted(among)]


def _exclude(one: Fact, other: Fact) -> bool:
    """Whether no number is what both say.

    >>> said = Fact("observation", "园", "产值", 480, "actual", "urn:园")
    >>> from dataclasses import replace
    >>> more = replace(said, object=400, comparator=">")
    >>> _exclude(said, replace(said, object=490)), _exclude(said, more), _exclude(replace(said, object=400), more)
    (True, False, True)
    """
    (low, low_open, high, high_open), (other_low, other_low_open, other_high, other_high_open) = (
        _range(one),
        _range(other),
    )
    if low > other_high or other_low > high:
        return True
    return (low == other_high and (low_open or other_high_open)) or (
        other_low == high and (other_low_open or high_open)
    )


def _range(fact: Fact) -> tuple[float, bool, float, bool]:
    """The numbers a figure may be: the least and the greatest, each with whether it is left out itself."""
    assert isinstance(fact.object, int | float)
    low, high = fact.object, fact.object if fact.value_max is None else fact.value_max
    if fact.comparator == "~":
        return low - abs(low) * ABOUT, False, high + abs(high) * ABOUT, False
    if fact.comparator in (">", ">="):
        return low, fact.comparator == ">", float("inf"), False
    if fact.comparator in ("<", "<="):
        return float("-inf"), False, high, fact.comparator == "<"
    return low, False, high, False
