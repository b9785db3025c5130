"""What is known besides the articles → a graph of its own: areas with code, name and what they are part of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.graph import terms as t
from kg.graph.iri import entity_iri
from kg.model import Area
from kg.vocab import BACKGROUND_GRAPH, DATA


def area_iri(area: Area, base: str = DATA) -> str:
    """The IRI of an area; one that shares its name is told apart by where it lies.

    >>> fuzhou = Area("福州市", "350100", Area("福建省", "350000"))
    >>> area_iri(fuzhou, ""), area_iri(Area("鼓楼区", "350102", fuzhou, unique=False), "")
    ('place/福州市', 'place/鼓楼区(福建省福州市)')
    """
    around = area.within.path if area.within and not area.unique else ()
    return entity_iri("place", area.name, base, "".join(around) or None)


def describe_areas(areas: Iterable[Area], base: str = DATA) -> list[ox.Quad]:
    """The areas and all they lie in, each said once.

    >>> fuzhou = Area("福州市", "350100", Area("福建省", "350000"))
    >>> len(describe_areas([fuzhou])), describe_areas([fuzhou]) == describe_areas([fuzhou, Area("福建省", "350000")])
    (7, True)
    """
    graph = ox.NamedNode(BACKGROUND_GRAPH)
    return t.order(t.in_graph(graph, (said for area in areas for said in _statements(area, base))))


def describe_whereabouts(pairs: Iterable[tuple[str, str]]) -> list[ox.Quad]:
    """That each first place (by IRI) lies in the second."""
    said = ((ox.NamedNode(place), t.zkg("locatedIn"), ox.NamedNode(area)) for place, area in pairs)
    return t.order(t.in_graph(ox.NamedNode(BACKGROUND_GRAPH), said))


def _statements(area: Area, base: str) -> Iterator[t.Statement]:
    node = ox.NamedNode(area_iri(area, base))
    yield node, t.TYPE, t.zkg("AdministrativeArea")
    yield node, t.PREF_LABEL, ox.Literal(area.name, language="zh-Hans")
    if area.code:
        yield node, t.zkg("areaCode"), t.text(area.code)
    if area.within is not None:
        yield node, t.zkg("partOf"), ox.NamedNode(area_iri(area.within, base))
        yield from _statements(area.within, base)
