"""SHACL shapes by what they target (https://www.w3.org/TR/shacl/#targets): a graph meets only its own.

The validator parses the shapes it is given on every call, which for one article costs more than validating
it: shapes none of whose targets occur in the data are left out. They could not have found anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS, SH

from kg.errors import OntologyError

_TYPE = ox.NamedNode(str(RDF.type))
_CLASSES = {ox.NamedNode(str(RDFS.Class)), ox.NamedNode(str(OWL.Class))}
_TARGETS = {
    str(SH.targetClass): "class",
    str(SH.targetNode): "node",
    str(SH.targetSubjectsOf): "subjects",
    str(SH.targetObjectsOf): "objects",
}
_SKOLEM = "urn:zonekg:shape:"


@dataclass(frozen=True, slots=True)
class Occurring:
    """What a data graph holds that a shape may target: all as IRIs."""

    classes: frozenset[str]
    properties: frozenset[str]
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape with targets: ``targets`` are (kind, IRI), ``lines`` are the N-Triples it consists of."""

    name: str
    targets: frozenset[tuple[str, str]]
    lines: frozenset[str]

    def may_find(self, data: Occurring) -> bool:
        """Whether one of its targets occurs."""
        return any(
            iri in (data.classes if kind == "class" else data.nodes if kind == "node" else data.properties)
            for kind, iri in self.targets
        )

    def targets_of(self, kind: str) -> set[str]:
        """The IRIs it targets one way: ``class``, ``node``, ``subjects`` or ``objects`` of a property."""
        return {iri for this, iri in self.targets if this == kind}


class Shapes:
    """A shapes graph, read once. Property shapes get names, so that a result can be traced to its shape."""

    def __init__(self, path: Path) -> None:
        """Read the shapes in ``path``.

        Raises:
            OntologyError: the file is missing or is not Turtle.
        """
        self._by_subject: dict[str, list[ox.Quad]] = {}
        for quad in _parse(path):
            self._by_subject.setdefault(str(quad.subject), []).append(quad)
        self.shapes = tuple(sorted(self._targeting(), key=lambda shape: shape.name))
        self._owners: dict[str, Shape] = {}
        for shape in self.shapes:
            for node in self._reached(shape.name):
                self._owners.setdefault(node, shape)
            self._owners[shape.name] = shape

    def text(self, data: Occurring) -> str:
        """The N-Triples of every shape that may find something in ``data``."""
        lines: set[str] = set()
        for shape in self.shapes:
            if shape.may_find(data):
                lines |= shape.lines
        return "\n".join(lines)

    def owner(self, node: str) -> Shape | None:
        """The shape with targets that ``node`` (an IRI in angle brackets) is, or is a part of."""
        return self._owners.get(node)

    def _targeting(self) -> Iterator[Shape]:
        for subject, quads in self._by_subject.items():
            targets = {
                (_TARGETS[quad.predicate.value], _iri(quad.object))
                for quad in quads
                if quad.predicate.value in _TARGETS
            }
            types = {quad.object for quad in quads if quad.predicate == _TYPE}
            if types & _CLASSES and types - _CLASSES:  # a class that is a shape targets its own instances
                targets.add(("class", subject.strip("<>")))
            if targets:
                lines = (f"{quad.triple} ." for node in self._reached(subject) for quad in self._by_subject[node])
                yield Shape(subject, frozenset(targets), frozenset(lines))

    def _reached(self, subject: str) -> set[str]:
        reached: set[str] = set()
        pending = [subject]
        while pending:
            node = pending.pop()
            if node not in reached:
                reached.add(node)
                pending += [key for q in self._by_subject[node] if (key := str(q.object)) in self._by_subject]
        return reached


def _parse(path: Path) -> Iterator[ox.Quad]:
    try:
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except FileNotFoundError:
        raise OntologyError(f"there are no shapes at {path}; put the ontology's SHACL shapes there") from None
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{path} is not Turtle ({error}); correct it there") from error
    # An IRI where a path stands would be a property: only property shapes are named.
    unnamed = {quad.object for quad in quads if quad.predicate.value == str(SH.property)}
    names: dict[object, ox.NamedNode] = {
        node: ox.NamedNode(f"{_SKOLEM}{number}")
        for number, node in enumerate(sorted((n for n in unnamed if isinstance(n, ox.BlankNode)), key=str))
    }
    for quad in quads:
        subject, object_ = names.get(quad.subject, quad.subject), names.get(quad.object, quad.object)
        yield ox.Quad(subject, quad.predicate, object_)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def hierarchy(files: Iterable[Path]) -> dict[str, frozenset[str]]:
    """Each class's IRI → the IRIs of all classes above it and itself, by ``rdfs:subClassOf``."""
    parents: dict[str, set[str]] = {}
    for path in files:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == str(RDFS.subClassOf) and isinstance(quad.object, ox.NamedNode):
                parents.setdefault(_iri(quad.subject), set()).add(quad.object.value)

    return {name: frozenset(_above(name, parents)) for name in parents}


def _above(name: str, parents: dict[str, set[str]]) -> set[str]:
    above: set[str] = set()
    pending = [name]
    while pending:
        class_ = pending.pop()
        if class_ not in above:
            above.add(class_)
            pending += parents.get(class_, ())
    return above
