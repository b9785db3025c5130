"""Two graphs → what the newer gained and lost, by thing; what only follows by the ontology is left out.

Things are the same by their IRIs, observations and milestones by what they say: a figure that changed is one lost and
one gained. A relation is listed with its subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pyoxigraph as ox
from rdflib.namespace import RDF, SKOS

from kg.ontology import Ontology
from kg.publish.facts import Fact, FactReader
from kg.vocab import INFERRED_GRAPH, ZKG

Trait = tuple[str, str]
"""``class`` or ``name``, and which."""

Presence = Literal["gained", "lost", "kept"]

_DEFAULT = ox.DefaultGraph()
_INFERRED = ox.NamedNode(INFERRED_GRAPH)
_TYPE = ox.NamedNode(str(RDF.type))
_LINKS = tuple(ox.NamedNode(str(ZKG[name])) for name in ("observedEntity", "milestoneOf"))
_NODES = frozenset(["Article", "Observation", "Milestone"])
_NAMES = tuple(ox.NamedNode(str(property_)) for property_ in (SKOS.prefLabel, SKOS.altLabel))
_PRESENCES: tuple[Presence, ...] = ("gained", "lost", "kept")
_NONE: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was; ``thing`` says whether it is new, is gone, or is there in both.

    Facts have their sources: those gained in the newer graph, those lost in the older.
    """

    thing: Presence
    name: str
    iri: str
    traits_gained: tuple[Trait, ...]
    traits_lost: tuple[Trait, ...]
    gained: tuple[Fact, ...]
    lost: tuple[Fact, ...]


def changes_between(old: ox.Store, new: ox.Store, ontology: Ontology) -> list[Change]:
    """Every thing that differs: first those that are new, then those that are gone, then the others; by name."""
    before, after = _Held(old, ontology), _Held(new, ontology)
    gained = after.facts(after.statements - before.statements)
    lost = before.facts(before.statements - after.statements)
    differ = {thing for thing, _ in before.traits.items() ^ after.traits.items()}
    changes = []
    for thing in {*gained, *lost, *differ}:
        was, is_ = before.traits.get(thing, _NONE), after.traits.get(thing, _NONE)
        presence: Presence = "kept" if was and is_ else "gained" if is_ else "lost"
        changes.append(
            Change(
                presence,
                (after if is_ else before).name(thing),
                thing,
                tuple(sorted(is_ - was)),
                tuple(sorted(was - is_)),
                _in_order(gained.get(thing, [])),
                _in_order(lost.get(thing, [])),
            )
        )
    return sorted(changes, key=lambda change: (_PRESENCES.index(change.thing), change.name, change.iri))


class _Held:
    """What one graph holds: the traits of each thing, and the statements that facts are made of."""

    def __init__(self, store: ox.Store, ontology: Ontology) -> None:
        self._store = store
        self._reader = FactReader(store, ontology)
        properties = [ox.NamedNode(property_.iri) for property_ in ontology.properties.values()]
        inferred = {quad.triple for quad in store.quads_for_pattern(None, None, None, _INFERRED)}
        said = (
            quad.triple
            for property_ in (*properties, *_LINKS)
            for quad in store.quads_for_pattern(None, property_, None, _DEFAULT)
        )
        self.statements = {triple for triple in said if triple not in inferred}
        classes = {class_.iri: name for name, class_ in ontology.classes.items() if name not in _NODES}
        traits: dict[str, set[Trait]] = {}
        for quad in store.quads_for_pattern(None, _TYPE, None, _DEFAULT):
            name = classes.get(getattr(quad.object, "value", ""))
            if name and isinstance(quad.subject, ox.NamedNode):
                traits.setdefault(quad.subject.value, set()).add(("class", name))
        for property_ in _NAMES:
            for quad in store.quads_for_pattern(None, property_, None, _DEFAULT):
                if isinstance(quad.subject, ox.NamedNode) and quad.subject.value in traits:
                    traits[quad.subject.value].add(("name", str(getattr(quad.object, "value", quad.object))))
        self.traits = {thing: frozenset(held) for thing, held in traits.items()}

    def name(self, thing: str) -> str:
        return self._reader.name(ox.NamedNode(thing))

    def facts(self, statements: set[ox.Triple]) -> dict[str, list[Fact]]:
        """The facts that statements make, by the thing they are about."""
        facts: dict[str, list[Fact]] = {}
        for subject, predicate, object_ in statements:
            is_node = predicate in _LINKS
            fact = (
                self._reader.node(subject, predicate == _LINKS[1])
                if is_node
                else self._reader.relation(subject, predicate, object_)
            )
            if fact is not None and fact.subject_iri in self.traits:
                facts.setdefault(fact.subject_iri, []).append(fact)
        return facts


def _in_order(facts: list[Fact]) -> tuple[Fact, ...]:
    kinds = ("relation", "observation", "milestone")
    return tuple(sorted(facts, key=lambda fact: (kinds.index(fact.kind), fact.property, fact.year or 0, repr(fact))))
