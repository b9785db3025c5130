"""Namespaces, and the few terms the code writes by name."""

from rdflib import Namespace
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, SOSA, XSD

ZKG = Namespace("https://w3id.org/zonekg/ontology#")
DATA = "https://w3id.org/zonekg/id/"
OA = Namespace("http://www.w3.org/ns/oa#")
QUDT = Namespace("http://qudt.org/schema/qudt/")
UNIT = Namespace("http://qudt.org/vocab/unit/")
CUR = Namespace("http://qudt.org/vocab/currency/")
SCHEMA = Namespace("https://schema.org/")
ORG = Namespace("http://www.w3.org/ns/org#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")

BACKGROUND_GRAPH = DATA + "graph/background"
"""Of each article that names areas, a graph below this one holds what is known of them."""
INFERRED_GRAPH = DATA + "graph/inferred"
LINKS_GRAPH = DATA + "graph/links"
"""What the things are in other graphs."""


def is_background(graph_name: str) -> bool:
    """Whether a graph says what is known besides the articles."""
    return graph_name.startswith(BACKGROUND_GRAPH)


PREFIXES: dict[str, str] = {
    "zkg": str(ZKG),
    "zid": DATA,
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "skos": str(SKOS),
    "xsd": str(XSD),
    "dcterms": str(DCTERMS),
    "prov": str(PROV),
    "oa": str(OA),
    "sosa": str(SOSA),
    "qudt": str(QUDT),
    "unit": str(UNIT),
    "cur": str(CUR),
    "schema": str(SCHEMA),
    "org": str(ORG),
    "geo": str(GEO),
}
