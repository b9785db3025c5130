"""What people decided of things: ``DIR/decisions.ttl``, applied at each build, and good in any other folder.

``owl:sameAs`` makes one thing of two, ``owl:differentFrom`` keeps two apart, ``skos:prefLabel`` names a thing, and
``a zkg:SharedName`` says that an IRI is several things, one in each article. Things are named by the IRIs of the graph.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import OWL

from kg.errors import GraphError
from kg.graph import terms as t
from kg.vocab import PREFIXES

_SAME = ox.NamedNode(str(OWL.sameAs))
_DIFFERENT = ox.NamedNode(str(OWL.differentFrom))
_SHARED = t.zkg("SharedName")


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs of IRIs that are one thing or two, IRIs that are several, and names by IRI."""

    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()
    several: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def read(path: Path) -> Decisions:
        """The decisions in a file; none where it is not there.

        Raises:
            GraphError: it is not Turtle.
        """
        if not path.exists():
            return Decisions()
        try:
            quads: list[Any] = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        except (SyntaxError, ValueError, OSError) as error:
            raise GraphError(f"{path} cannot be read ({error}); mend it or remove it") from error
        pairs = {
            relation: frozenset(_pair(q.subject.value, q.object.value) for q in quads if q.predicate == relation)
            for relation in (_SAME, _DIFFERENT)
        }
        return Decisions(
            pairs[_SAME],
            pairs[_DIFFERENT],
            frozenset(quad.subject.value for quad in quads if quad.predicate == t.TYPE and quad.object == _SHARED),
            {q.subject.value: q.object.value for q in sorted(quads, key=str) if q.predicate == t.PREF_LABEL},
        )

    def write(self, path: Path) -> None:
        """Write the decisions to a file, in an order that depends on what they are alone."""
        iri = ox.NamedNode
        triples = [ox.Triple(iri(one), _SAME, iri(other)) for one, other in sorted(self.same)]
        triples += [ox.Triple(iri(one), _DIFFERENT, iri(other)) for one, other in sorted(self.different)]
        triples += [ox.Triple(iri(shared), t.TYPE, _SHARED) for shared in sorted(self.several)]
        triples += [
            ox.Triple(iri(thing), t.PREF_LABEL, ox.Literal(name, language="zh-Hans"))
            for thing, name in sorted(self.names.items())
        ]
        fresh = path.with_suffix(".new")
        prefixes = {name: PREFIXES[name] for name in ("zid", "zkg", "owl", "skos")}
        fresh.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"")
        fresh.replace(path)

    def are_different(self, one: str, other: str) -> bool:
        """Whether somebody said that these are two things."""
        return _pair(one, other) in self.different

    def merged(self, one: str, other: str) -> Decisions:
        """That two IRIs are one thing."""
        pair = _pair(one, other)
        return replace(self, same=self.same | {pair}, different=self.different - {pair})

    def split(self, parts: frozenset[str]) -> Decisions:
        """That these IRIs are each a thing of its own; one alone is another thing in each article."""
        if len(parts) == 1:
            return replace(self, several=self.several | parts)
        pairs = {_pair(one, other) for one in parts for other in parts if one != other}
        return replace(self, same=self.same - pairs, different=self.different | pairs)

    def renamed(self, thing: str, name: str) -> Decisions:
        """That a thing is called ``name``."""
        return replace(self, names={**self.names, thing: name})
