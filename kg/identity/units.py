"""What one article's graph says → the things it names: the units that are brought together.

A unit is a thing as one article names it, under the IRI that its name alone gives it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Any

import pyoxigraph as ox

from kg.graph import terms as t
from kg.vocab import BACKGROUND_GRAPH, ZKG

NOT_THINGS: frozenset[Any] = frozenset(map(t.zkg, ("Article", "Observation", "Milestone")))
_WITHIN = frozenset(map(t.zkg, ("locatedIn", "partOf")))
_OWNED = frozenset(map(t.zkg, ("governs",)))
_OWNS = frozenset(map(t.zkg, ("hasComponent", "adoptsLayout")))
_BESIDE = frozenset(("AdministrativeArea", "DevelopmentZone", "Zone", "IndustrialPark"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A thing as ``article`` names it; other things are told by the IRIs that the article's own names give them.

    ``within`` are the places it lies in or is part of, all the way up; ``owners`` what says which of its kind it is
    (the area that a government governs); ``linked`` what the article relates it to; ``beside`` the areas and zones
    it names as well.
    """

    article: str
    iri: str
    group: str
    classes: frozenset[str]
    name: str
    aliases: frozenset[str]
    known: bool
    within: frozenset[str] = field(default=frozenset())
    owners: frozenset[str] = field(default=frozenset())
    linked: frozenset[str] = field(default=frozenset())
    beside: frozenset[str] = field(default=frozenset())

    @property
    def class_(self) -> str:
        """One class, by which the name is read."""
        return min(self.classes)

    def packed(self) -> bytes:
        """All but its article and its IRI, as it is kept."""
        sets = (self.classes, self.aliases, self.within, self.owners, self.linked, self.beside)
        return json.dumps([self.group, self.name, self.known, *map(sorted, sets)], ensure_ascii=False).encode()

    @staticmethod
    def unpacked(article: str, iri: str, packed: bytes) -> Unit:
        """What was packed."""
        group, name, known, *sets = json.loads(packed)
        classes, aliases, within, owners, linked, beside = (frozenset(map(intern, each)) for each in sets)
        return Unit(
            intern(article),
            intern(iri),
            intern(group),
            classes,
            intern(name),
            aliases,
            known,
            within,
            owners,
            linked,
            beside,
        )


def units_of(article: str, quads: Iterable[Any], base: str) -> list[Unit]:
    """The things that the graph ``article`` names, by IRI; ``quads`` hold what is known of its places besides.

    ``known`` are those that the background knows: areas of the gazetteer.
    """
    classes: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    aliases: dict[str, set[str]] = {}
    known: set[str] = set()
    within: dict[str, set[str]] = {}
    owners: dict[str, set[str]] = {}
    linked: dict[str, set[str]] = {}
    for quad in quads:
        subject, predicate, object_ = quad.subject, quad.predicate, quad.object
        if predicate in _WITHIN:
            within.setdefault(subject.value, set()).add(object_.value)
        if quad.graph_name == ox.NamedNode(BACKGROUND_GRAPH):
            if predicate == t.TYPE:
                known.add(subject.value)
        elif predicate == t.TYPE:
            if object_.value.startswith(str(ZKG)) and object_ not in NOT_THINGS:
                classes.setdefault(subject.value, set()).add(object_.value.removeprefix(str(ZKG)))
        elif predicate == t.PREF_LABEL:
            names[subject.value] = object_.value
        elif predicate == t.ALT_LABEL:
            aliases.setdefault(subject.value, set()).add(object_.value)
        elif isinstance(object_, ox.NamedNode) and predicate.value.startswith(str(ZKG)):
            for one, other in ((subject, object_), (object_, subject)):
                linked.setdefault(one.value, set()).add(other.value)
            if predicate in _OWNED:
                owners.setdefault(subject.value, set()).add(object_.value)
            elif predicate in _OWNS:
                owners.setdefault(object_.value, set()).add(subject.value)
    beside = {iri for iri, of in classes.items() if of & _BESIDE}
    return [
        Unit(
            article,
            iri,
            iri.removeprefix(base).partition("/")[0],
            frozenset(of),
            names[iri],
            frozenset(aliases.get(iri, ())),
            iri in known,
            frozenset(_upward(iri, within)) - {iri},
            frozenset(owners.get(iri, ())),
            frozenset(linked.get(iri, set()) & classes.keys()) - {iri},
            frozenset(beside) - {iri},
        )
        for iri, of in sorted(classes.items())
        if iri in names
    ]


def _upward(iri: str, within: Mapping[str, Iterable[str]]) -> Iterator[str]:
    pending, seen = [iri], {iri}
    while pending:
        for above in within.get(pending.pop(), ()):
            if above not in seen:
                seen.add(above)
                pending.append(above)
                yield above
