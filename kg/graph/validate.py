"""Quads → what in them does not conform to the ontology's SHACL shapes (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import shacl_rust
from rdflib.namespace import RDF, RDFS, SH

from kg.graph.shapes import Occurring, Shape, Shapes, hierarchy
from kg.model import Violation
from kg.ontology import Ontology

_TYPE = str(RDF.type)
_SUBCLASS_OF = f"<{RDFS.subClassOf}>"
_VIOLATION = str(SH.Violation)


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation with what is needed to trace it: the shape that found it, and terms as N-Triples."""

    violation: Violation
    shape: Shape | None
    focus: str
    path: str | None
    value: str | None


class Validator:
    """Validates graphs against one ontology; make one, and use it for every article.

    >>> validator = Validator(Ontology.load())
    >>> validator.validate([])
    []
    """

    def __init__(self, ontology: Ontology) -> None:
        """Read the ontology's shapes and class hierarchy.

        Raises:
            OntologyError: the shapes are missing or are not Turtle.
        """
        self.ontology = ontology
        self._shapes = Shapes(ontology.shapes)
        self._above = hierarchy(ontology.sources)

    def validate(self, quads: Iterable[ox.Quad]) -> list[Violation]:
        """Everything that does not conform, in a stable order; what graph it stands in does not matter."""
        return [finding.violation for finding in self.find(quads)]

    def find(self, quads: Iterable[ox.Quad]) -> list[Finding]:
        """As ``validate``, for those who go on to take out what is wrong."""
        data = {str(quad.triple): quad for quad in quads}
        occurring = self._occurring(data.values())
        shapes = self._shapes.text(occurring)
        if not data or not shapes:
            return []
        classes = (
            f"<{class_}> {_SUBCLASS_OF} <{above}> ."
            for class_ in occurring.classes
            for above in self._above.get(class_, ())
            if above != class_
        )
        text = "\n".join((*(f"{triple} ." for triple in data), *classes))
        report = shacl_rust.validate(text, shapes, data_format="nt", shapes_format="nt", experimental_index=True)
        findings = (self._finding(result) for result in report["results"])
        return sorted(
            findings,
            key=lambda f: (
                f.focus,
                f.path or "",
                f.value or "",
                f.violation.source_shape or "",
                f.violation.message,
            ),
        )

    def _occurring(self, quads: Iterable[ox.Quad]) -> Occurring:
        classes: set[str] = set()
        properties: set[str] = set()
        nodes: set[str] = set()
        for quad in quads:
            properties.add(quad.predicate.value)
            nodes.add(str(quad.subject).strip("<>"))
            if isinstance(quad.object, ox.NamedNode):
                nodes.add(quad.object.value)
                if quad.predicate.value == _TYPE:
                    classes |= self._above.get(quad.object.value, frozenset((quad.object.value,)))
        return Occurring(frozenset(classes), frozenset(properties), frozenset(nodes))

    def _finding(self, result: dict[str, Any]) -> Finding:
        shape = self._shapes.owner(result.get("sourceShape", ""))
        focus, path, value = result["focusNode"], result.get("resultPath"), result.get("value")
        # The engine's own words come first; where the shape has a message, that one is for people.
        messages = result.get("messages") or ["does not conform to its shape"]
        violation = Violation(
            focus_node=_plain(focus),
            path=None if path is None else _plain(path),
            value=None if value is None else _plain(value),
            message=" / ".join(sorted(messages[1:]) or messages),  # the engine gives them in any order
            severity=_plain(result["severity"]),
            source_shape=None if shape is None else _plain(shape.name),
        )
        return Finding(violation, shape, focus, path, value)


def is_violation(finding: Finding) -> bool:
    """Whether it keeps a graph from conforming: ``sh:Warning`` and ``sh:Info`` are for people to weigh."""
    return finding.violation.severity == _VIOLATION


def _plain(term: str) -> str:
    return term[1:-1] if term.startswith("<") and term.endswith(">") else term
