"""A store → what its things are in other graphs, with who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.publish.results import Queryable
from kg.vocab import LINKS_GRAPH, PREFIXES

_QUERY = """SELECT * { %(bound)s GRAPH <%(graph)s> {
  ?link owl:annotatedSource ?thing ; owl:annotatedProperty ?property ; owl:annotatedTarget ?target ;
    zkg:matchScore ?score ; dcterms:created ?asked ; prov:wasGeneratedBy ?run . ?run prov:wasAssociatedWith ?service
  FILTER NOT EXISTS { ?service schema:softwareVersion ?version }
  OPTIONAL { ?target rdfs:label ?name } } }"""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a thing is elsewhere: ``service`` said so, with a score of its own scale, on the day ``asked``."""

    iri: str
    property: str
    target: str
    name: str
    score: float
    service: str
    asked: str


def links_of(store: Queryable, iri: str | None = None) -> list[Linked]:
    """The links of a thing, or of all, in a stable order; ``property`` is a local name."""
    bound = "" if iri is None else f"VALUES ?thing {{ {ox.NamedNode(iri)} }}"
    rows: Any = store.query(_QUERY % {"graph": LINKS_GRAPH, "bound": bound}, prefixes=PREFIXES)
    links = {
        Linked(
            row["thing"].value,
            row["property"].value.rpartition("#")[2],
            row["target"].value,
            row["name"].value if row["name"] else "",
            float(row["score"].value),
            row["service"].value,
            row["asked"].value,
        )
        for row in rows
    }
    return sorted(links, key=lambda each: (each.iri, each.service, each.target, each.name))
