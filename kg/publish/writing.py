"""Quads → RDF files that read well and come out the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import RawIOBase
from typing import IO, cast

import pyoxigraph as ox
from rdflib.namespace import RDF

from kg.vocab import DATA, PREFIXES

RDF_FORMATS: dict[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}

Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_TYPE = ox.NamedNode(str(RDF.type))
_WITH_PREFIXES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)
_TURTLE_PREFIX = re.compile(rb"@prefix [^\n]*\n")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_PREFIX = re.compile(rb' xmlns:[^"=]*="[^"]*"')


def in_order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Quads by graph (the default graph first), subject, property (the type first) and object."""
    return sorted(quads, key=_key)


def write_rdf(quads: Iterable[ox.Quad], output: IO[bytes], format: ox.RdfFormat, base: str = DATA) -> None:
    """Write quads in the order given; formats without named graphs leave out which graph says what.

    The folders of IRIs below ``base`` (``place/``, ``person/``) become prefixes.
    """
    quads = list(quads)
    said: list[ox.Quad] | list[ox.Triple] = quads
    if not format.supports_datasets:
        said = [quad.triple for quad in quads]
    if format not in _WITH_PREFIXES:
        ox.serialize(said, output, format)
        if format == ox.RdfFormat.JSON_LD:
            output.write(b"\n")
        return
    if format == ox.RdfFormat.RDF_XML:
        said = [ox.Triple(q.subject, q.predicate, _in_xml(q.object)) for q in quads]
    header = _SortedHeader(output)
    ox.serialize(said, cast("IO[bytes]", header), format, prefixes=_prefixes(quads, base))
    header.finish()


def xml_safe(text: str) -> str:
    """Text without the control characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets).

    >>> xml_safe("第一页\\f第二页")
    '第一页�第二页'
    """
    return _NOT_XML.sub("\ufffd", text)


def _in_xml(term: Object) -> Object:
    if not isinstance(term, ox.Literal) or not _NOT_XML.search(term.value):
        return term
    if term.language:
        return ox.Literal(xml_safe(term.value), language=term.language)
    return ox.Literal(xml_safe(term.value), datatype=term.datatype)


def _key(quad: ox.Quad) -> tuple[str, str, bool, str, str]:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
    return graph, str(quad.subject), quad.predicate != _TYPE, str(quad.predicate), str(quad.object)


def _prefixes(quads: Iterable[ox.Quad], base: str) -> dict[str, str]:
    """The prefixes that the quads use; no namespace lies in another, so that each IRI has one short form."""
    iris = {
        term.value
        for quad in quads
        for term in (quad.graph_name, quad.subject, quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode)
    }
    iris |= {q.object.datatype.value for q in quads if isinstance(q.object, ox.Literal)}
    namespaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}
    folders = {ns: ns[len(base) : -1] for ns in namespaces if ns.startswith(base)}
    used = {prefix: ns for prefix, ns in PREFIXES.items() if ns in namespaces and ns not in (base, DATA)}
    return used | {
        name: ns for ns, name in folders.items() if re.fullmatch(r"[a-z][a-z-]*[a-z]", name) and name not in used
    }


class _SortedHeader(RawIOBase):
    """Passes a file on, the prefixes at its head sorted: they come in the order of a hash table."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._head: bytearray | None = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the serialiser gives bytes, nothing else
        if self._head is None:
            self._output.write(data)
            return len(data)
        self._head += data
        # The head ends with the first line that holds no prefix; RDF/XML begins with one more such line.
        lines = bytes(self._head).splitlines(keepends=True)
        if any(line.endswith(b"\n") and not line.startswith((b"@prefix", b"<?xml")) for line in lines):
            self.finish()
        return len(data)

    def finish(self) -> None:
        """Write what is still held back."""
        if self._head is None:
            return
        head, self._head = bytes(self._head), None
        prefix = _XML_PREFIX if head.startswith(b"<?xml") else _TURTLE_PREFIX
        first = prefix.search(head)
        start = end = first.start() if first else 0
        found = []
        while match := prefix.match(head, end):
            found.append(match[0])
            end = match.end()
        blank = b"\n" if found and prefix is _TURTLE_PREFIX else b""
        self._output.write(head[:start] + b"".join(sorted(found)) + blank + head[end:])
