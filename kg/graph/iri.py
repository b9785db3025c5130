"""Names → IRIs a person can read: ``https://w3id.org/zonekg/id/place/福州市``.

The path of an IRI may hold Chinese (``ucschar``, https://www.rfc-editor.org/rfc/rfc3987#section-2.2); what it
may not hold, or what would end the path segment, is percent-encoded. Two names never share an IRI.
"""

from __future__ import annotations

import hashlib
import unicodedata
from urllib.parse import unquote

from kg.ontology import Ontology
from kg.vocab import DATA

GROUPS: dict[str, str] = {
    "Place": "place",
    "Organization": "organization",
    "Person": "person",
    "Project": "project",
    "Product": "product",
    "Event": "event",
    "Industry": "industry",
    "Technology": "technology",
    "Strategy": "strategy",
    "LayoutComponent": "layout-component",
    "Designation": "designation",
}
"""The class at the top of each branch → the folder its things are named in."""

_READABLE_ASCII = frozenset("!$&'()*+,-.:;=@_~")
# Formatting, private-use, unassigned and white-space characters look like nothing, or like something else.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


def entity_iri(group: str, name: str, base: str = DATA, area: str | None = None) -> str:
    """The IRI of the thing called ``name``; ``area`` tells apart things of one name.

    >>> entity_iri("place", "福州市")
    'https://w3id.org/zonekg/id/place/福州市'
    >>> entity_iri("designation", "“A/B 类”", base="https://example.org/")
    'https://example.org/designation/“A%2FB%20类”'
    >>> entity_iri("place", "中山公园", "", area="厦门市")
    'place/中山公园(厦门市)'

    Raises:
        ValueError: the name is empty.
    """
    if not name.strip():
        raise ValueError(f"a thing of group {group} has no name; name it before it gets an IRI")
    return f"{base}{group}/{escape(f'{name}({area})' if area else name)}"


def group_of(class_: str, ontology: Ontology) -> str:
    """The folder things of ``class_`` are named in; a class outside every branch has one of its own.

    >>> group_of("IndustrialPark", Ontology.load())
    'place'
    """
    known = ontology.classes.get(class_)
    ancestors = known.ancestors if known else frozenset((class_,))
    return next((group for top, group in GROUPS.items() if top in ancestors), class_.lower())


def escape(name: str) -> str:
    """``name`` as one path segment, in Unicode's composed form (NFC).

    >>> escape("100%"), escape(".."), escape("一区 一圈")
    ('100%25', '%2E%2E', '一区%20一圈')
    """
    composed = unicodedata.normalize("NFC", name)
    if set(composed) == {"."}:  # a segment of dots alone means a folder, not a name
        return "%2E" * len(composed)
    return "".join(character if _is_readable(character) else _percent(character) for character in composed)


def unescape(segment: str) -> str:
    """The name a path segment stands for."""
    return unquote(segment)


def hashed_iri(kind: str, parts: tuple[str, ...], base: str = DATA) -> str:
    """The IRI of a node that has no name: it is named by what it says, so saying it twice makes one node."""
    said = "".join(f"{len(part)}:{part}" for part in parts)
    return f"{base}{kind}/{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def article_iri(article_id: str, base: str = DATA) -> str:
    """The IRI of an article, which also names its graph."""
    return f"{base}article/{escape(article_id)}"


def article_id(iri: str, base: str = DATA) -> str:
    """The id of the article that has this IRI."""
    return unescape(iri.removeprefix(article_iri("", base)))


def _is_readable(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _READABLE_ASCII
    if 0xE0000 <= ord(character) <= 0xE0FFF or 0xFFF0 <= ord(character) <= 0xFFFF:  # no ucschar of RFC 3987
        return False
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
