"""A query over a store → results, as a table for people or in the W3C's formats for programs.

SELECT and ASK: https://www.w3.org/TR/sparql11-results-json/, -csv-tsv/ and https://www.w3.org/TR/rdf-sparql-XMLres/.
CONSTRUCT and DESCRIBE: any RDF format.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import QueryError
from kg.ontology import Ontology
from kg.publish.sparql import explain, guard
from kg.publish.writing import RDF_FORMATS, in_order, write_rdf
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from rich.table import Table

Raw = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

SOLUTION_FORMATS: dict[str, ox.QueryResultsFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
"""How SELECT and ASK can be written, beside ``table``."""

_NAME = re.compile(r"\w[\w-]*")
"""What can only be meant as the name of a query: SPARQL takes more than a word."""

_BY_LENGTH = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


class Queryable(Protocol):
    """What a query is run on: a local store, or a pyoxigraph one."""

    def query(self, sparql: str, /, *, prefixes: dict[str, str] | None = None) -> Raw:
        """The results of a SPARQL query."""


@dataclass(frozen=True, slots=True)
class QueryResults:
    """What a query found, to be read once: by :meth:`write`, by :meth:`table`, or from ``raw``."""

    raw: Raw

    @property
    def variables(self) -> list[str]:
        """The columns of a SELECT, in order; none for other queries."""
        return [v.value for v in self.raw.variables] if isinstance(self.raw, ox.QuerySolutions) else []

    def write(self, output: IO[bytes], format: str) -> None:
        """Write the results in one of ``SOLUTION_FORMATS`` (SELECT, ASK) or ``RDF_FORMATS`` (the others).

        Raises:
            QueryError: results of this kind cannot be written so.
        """
        if isinstance(self.raw, ox.QueryTriples):
            if format not in RDF_FORMATS:
                raise QueryError(f"CONSTRUCT and DESCRIBE give a graph, not {format}; choose {_any(RDF_FORMATS)}")
            quads = in_order(ox.Quad(*triple) for triple in self.raw)
            write_rdf(quads, output, RDF_FORMATS[format])
            return
        if format not in SOLUTION_FORMATS:
            raise QueryError(f"SELECT and ASK give rows, not {format}; choose {_any(SOLUTION_FORMATS)}")
        self.raw.serialize(output, SOLUTION_FORMATS[format])
        if format == "json":
            output.write(b"\n")

    def text(self, format: str) -> str:
        """As :meth:`write`, as text."""
        output = BytesIO()
        self.write(output, format)
        return output.getvalue().decode()

    def table(self, title: str | None = None) -> Table:
        """A table of short, readable terms; an ASK is one cell, a CONSTRUCT three columns."""
        from rich.table import Table
        from rich.text import Text

        if isinstance(self.raw, ox.QueryBoolean):
            table = Table("ASK", title=title)
            table.add_row("yes" if self.raw else "no")
            return table
        triples = isinstance(self.raw, ox.QueryTriples)
        table = Table(*(["subject", "property", "object"] if triples else self.variables), title=title)
        for column in table.columns:
            column.overflow = "fold"  # a name that is cut off names nothing
        for row in self.raw:
            table.add_row(*(Text(readable(term)) for term in row))
        return table


def run_query(store: Queryable, sparql: str, ontology: Ontology) -> QueryResults:
    """Run a SPARQL query, or one of the ontology's queries by its name.

    ``kg.vocab.PREFIXES`` need no declaration. Nothing is changed, and nothing is fetched from the network.

    >>> store = ox.Store()
    >>> print(run_query(store, "SELECT ?zone { ?zone a zkg:Zone }", Ontology.load()).text("csv").strip())
    zone

    Raises:
        QueryError: the text is no query that can be run here; the message says where and what to do, and of an
            unknown name the nearest three.
    """
    query = ontology.queries.get(sparql.strip(), sparql)
    if _NAME.fullmatch(query.strip()):
        nearest = difflib.get_close_matches(query.strip(), ontology.queries, 3, 0.0)
        raise QueryError(
            f"there is no query called {query.strip()}; the nearest are {', '.join(nearest)}, or write SPARQL"
        )
    safe = guard(query)
    try:
        return QueryResults(store.query(safe, prefixes=PREFIXES))
    except SyntaxError as error:
        raise QueryError(explain(query, str(error))) from error


def readable(term: Term | None) -> str:
    """A term as people read it: IRIs with their prefix, literals without their type.

    >>> readable(ox.NamedNode("https://w3id.org/zonekg/id/place/福州市"))
    'zid:place/福州市'
    >>> readable(ox.Literal("480", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")))
    '480'
    """
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return _printable(shorten(term.value))
    return _printable(term.value if isinstance(term, (ox.Literal, ox.BlankNode)) else str(term))


def shorten(iri: str) -> str:
    """An IRI with its prefix and without escapes, for reading; one of no known namespace stays whole."""
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{unquote(iri[len(namespace) :])}"
    return iri


def _printable(text: str) -> str:
    """One line without control characters, which a terminal would obey."""
    return "".join(character if character.isprintable() else "�" for character in " ".join(text.split()))


def _any(formats: dict[str, ox.QueryResultsFormat] | dict[str, ox.RdfFormat]) -> str:
    *most, last = formats
    return f"{', '.join(most)} or {last}"
