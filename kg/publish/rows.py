"""A store → rows a spreadsheet opens: a row for each reason to believe a statement, in words, not IRIs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, SKOS

from kg.publish.results import shorten
from kg.vocab import OA, ZKG

COLUMNS = ("subject", "property", "object", "status", "sentence", "article", "start", "end")
PLAIN_COLUMNS = 4

_STATEMENT = ox.NamedNode(str(RDF.Statement))


def write_csv(store: ox.Store, plain: bool = False) -> str:
    """The rows in a stable order, by https://www.rfc-editor.org/rfc/rfc4180; ``plain`` without evidence."""
    columns = COLUMNS[:PLAIN_COLUMNS] if plain else COLUMNS
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    # Offsets sort as numbers.
    rows = {row[: len(columns)] for row in _Rows(store)}
    writer.writerows(sorted(rows, key=lambda row: [field.zfill(9) if field.isdigit() else field for field in row]))
    return text.getvalue()


class _Rows:
    """One row for each reified statement of the default graph."""

    def __init__(self, store: ox.Store) -> None:
        self._said: dict[str, dict[str, list[Any]]] = {}
        for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            self._said.setdefault(str(quad.subject), {}).setdefault(quad.predicate.value, []).append(quad.object)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        for node, said in self._said.items():
            if _STATEMENT in said.get(str(RDF.type), ()):
                yield self._row(node)

    def _row(self, node: str) -> tuple[str, ...]:
        subject, predicate, object_ = (self._one(node, p) for p in (RDF.subject, RDF.predicate, RDF.object))
        status = self._text(node, ZKG.status) or self._text(str(subject), ZKG.status) or "actual"
        source = str(self._one(node, OA.hasSource))
        position = next((str(s) for s in self._all(node, OA.hasSelector) if self._all(str(s), OA.start)), "")
        return (
            *self._triple(subject, predicate, object_),
            status,
            self._text(node, ZKG.sentence),
            self._text(source, DCTERMS.title) or self._name(self._one(node, OA.hasSource)),
            self._text(position, OA.start),
            self._text(position, OA.end),
        )

    def _triple(self, subject: Any, predicate: Any, object_: Any) -> tuple[str, str, str]:
        """What is said, in words: an observation or a milestone is said of its thing, not of its node."""
        node, property_ = str(subject), str(getattr(predicate, "value", ""))
        if property_ == str(ZKG.observedEntity):
            low, high = self._text(node, ZKG.value), self._text(node, ZKG.valueMax)
            comparator = self._text(node, ZKG.comparator).replace("=", "", self._text(node, ZKG.comparator) == "=")
            unit = self._one(node, ZKG.unit)
            amount = comparator + low + (f"–{high}" if high else "")
            year = self._text(node, ZKG.year)
            words = (
                amount,
                self._name(unit).split(":")[-1] if unit is not None else "",
                f"({year})" if year else "",
            )
            return self._name(object_), self._text(node, ZKG.indicator), " ".join(filter(None, words))
        if property_ == str(ZKG.milestoneOf):
            return self._name(object_), self._text(node, ZKG.milestoneType), self._text(node, ZKG.date)
        return self._name(subject), shorten(property_).split(":")[-1], self._name(object_)

    def _name(self, term: Any) -> str:
        """A thing's label; without one, its IRI in short."""
        if not isinstance(term, ox.NamedNode):
            return str(getattr(term, "value", ""))
        named = self._text(str(term), SKOS.prefLabel) or self._text(str(term), DCTERMS.title)
        return named or shorten(term.value).removeprefix("zkg:")

    def _all(self, node: str, property_: str) -> list[Any]:
        return self._said.get(node, {}).get(str(property_), [])

    def _one(self, node: str, property_: str) -> Any:
        return min(self._all(node, property_), key=str, default=None)

    def _text(self, node: str, property_: str) -> str:
        return str(getattr(self._one(node, property_), "value", ""))
