"""RDF terms the graph writer says: nodes by IRI, typed literals, labels with their script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from kg.vocab import OA, SCHEMA, ZKG

Node = ox.NamedNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Statement = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


@cache
def zkg(name: str) -> ox.NamedNode:
    """A term of the ontology by its local name."""
    return ox.NamedNode(f"{ZKG}{name}")


TYPE = ox.NamedNode(str(RDF.type))
STATEMENT = ox.NamedNode(str(RDF.Statement))
SUBJECT = ox.NamedNode(str(RDF.subject))
PREDICATE = ox.NamedNode(str(RDF.predicate))
OBJECT = ox.NamedNode(str(RDF.object))
LABEL = ox.NamedNode(str(RDFS.label))
PREF_LABEL = ox.NamedNode(str(SKOS.prefLabel))
ALT_LABEL = ox.NamedNode(str(SKOS.altLabel))
TITLE = ox.NamedNode(str(DCTERMS.title))
ISSUED = ox.NamedNode(str(DCTERMS.issued))
SOURCE = ox.NamedNode(str(DCTERMS.source))
ACTIVITY = ox.NamedNode(str(PROV.Activity))
ENTITY = ox.NamedNode(str(PROV.Entity))
SOFTWARE_AGENT = ox.NamedNode(str(PROV.SoftwareAgent))
WAS_GENERATED_BY = ox.NamedNode(str(PROV.wasGeneratedBy))
WAS_ASSOCIATED_WITH = ox.NamedNode(str(PROV.wasAssociatedWith))
INVALIDATED = ox.NamedNode(str(PROV.invalidated))
USED = ox.NamedNode(str(PROV.used))
ENDED_AT_TIME = ox.NamedNode(str(PROV.endedAtTime))
STARTED_AT_TIME = ox.NamedNode(str(PROV.startedAtTime))
SHA256 = ox.NamedNode(str(SCHEMA.sha256))
SOFTWARE_VERSION = ox.NamedNode(str(SCHEMA.softwareVersion))
HAS_SOURCE = ox.NamedNode(str(OA.hasSource))
HAS_SELECTOR = ox.NamedNode(str(OA.hasSelector))
POSITION_SELECTOR = ox.NamedNode(str(OA.TextPositionSelector))
QUOTE_SELECTOR = ox.NamedNode(str(OA.TextQuoteSelector))
START = ox.NamedNode(str(OA.start))
END = ox.NamedNode(str(OA.end))
EXACT = ox.NamedNode(str(OA.exact))
PREFIX = ox.NamedNode(str(OA.prefix))
SUFFIX = ox.NamedNode(str(OA.suffix))

_INTEGER = ox.NamedNode(str(XSD.nonNegativeInteger))
_DECIMAL = ox.NamedNode(str(XSD.decimal))
_DATE_TYPES = {
    4: ox.NamedNode(str(XSD.gYear)),
    7: ox.NamedNode(str(XSD.gYearMonth)),
    10: ox.NamedNode(str(XSD.date)),
}
_DATE_TIME = ox.NamedNode(str(XSD.dateTime))
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def text(value: str) -> ox.Literal:
    """A plain string."""
    return ox.Literal(value)


def integer(value: int) -> ox.Literal:
    """An ``xsd:nonNegativeInteger``, as Web Annotation asks of offsets."""
    return ox.Literal(str(value), datatype=_INTEGER)


def decimal(value: Decimal | float) -> ox.Literal:
    """An ``xsd:decimal`` without exponent or trailing zeros.

    >>> decimal(Decimal("4.80E+10")).value, decimal(0.9).value
    ('48000000000', '0.9')
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return ox.Literal(format(exact.normalize(), "f"), datatype=_DECIMAL)


def date(value: str) -> ox.Literal:
    """A year, a month or a day, by how much of ``YYYY-MM-DD`` is there.

    >>> date("2022-06").datatype.value
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    if len(value) not in _DATE_TYPES:
        raise ValueError(f"{value!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
    return ox.Literal(value, datatype=_DATE_TYPES[len(value)])


def date_time(value: str) -> ox.Literal:
    """An ``xsd:dateTime``."""
    return ox.Literal(value, datatype=_DATE_TIME)


def label(value: str) -> ox.Literal:
    """A name with its script: one that simplifying would change is written in traditional characters.

    >>> label("產業園").language, label("产业园").language
    ('zh-hant', 'zh-hans')
    """
    return ox.Literal(value, language="zh-Hant" if is_traditional(value) else "zh-Hans")


def is_traditional(value: str) -> bool:
    """Whether ``value`` holds traditional characters."""
    return _HAN.search(value) is not None and simplify(value) != value


def order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Each quad once, in an order that depends on what they say alone."""
    return sorted(set(quads), key=str)


def in_graph(graph: ox.NamedNode, statements: Iterable[Statement]) -> Iterator[ox.Quad]:
    """The statements, said in ``graph``."""
    for subject, predicate, object_ in statements:
        yield ox.Quad(subject, predicate, object_, graph)


@cache
def _converter() -> Any:
    from opencc import OpenCC  # loading its tables takes a moment: only who names aliases pays

    return OpenCC("t2s")


@cache
def simplify(value: str) -> str:
    """``value`` in simplified characters."""
    return str(_converter().convert(value))
