"""An ontology → SPARQL updates that state what follows by it (https://www.w3.org/TR/sparql11-update/).

Of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules) these follow
what links things: ``rdfs:subPropertyOf``, ``owl:inverseOf``, ``owl:SymmetricProperty``, ``owl:TransitiveProperty``
and ``owl:propertyChainAxiom`` of two properties. Classes and the properties of other vocabularies are left to who
asks: a thing keeps its most specific class, and a relation its one name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS

from kg.ontology import Ontology
from kg.vocab import INFERRED_GRAPH

_AXIOMS = f"""
PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}> PREFIX owl: <{OWL}>
SELECT ?kind ?one ?two ?implied {{
  {{ ?one rdfs:subPropertyOf+ ?implied BIND("same" AS ?kind) }}
  UNION {{ ?one owl:inverseOf|^owl:inverseOf ?implied BIND("opposite" AS ?kind) }}
  UNION {{ ?one a owl:SymmetricProperty BIND(?one AS ?implied) BIND("opposite" AS ?kind) }}
  UNION {{ ?implied owl:propertyChainAxiom [ rdf:first ?one ; rdf:rest [ rdf:first ?two ; rdf:rest rdf:nil ] ]
           BIND("chain" AS ?kind) }}
  UNION {{ ?one a owl:TransitiveProperty BIND(?one AS ?implied) BIND("onward" AS ?kind) }}
}}"""

_PATTERNS = {
    "same": "?s {one} ?o",
    "opposite": "?o {one} ?s",
    "chain": "?s {one}/{two} ?o",
    "onward": "?s {one}/{one}+ ?o",
}


class Rules(NamedTuple):
    """Updates of the default graph and of the graph of what is inferred, and the properties they read and write."""

    updates: list[str]
    properties: list[str]


def inference_rules(ontology: Ontology) -> Rules:
    """What follows by ``ontology``: run the updates until they add nothing.

    >>> [iri.split("#")[1] for iri in inference_rules(Ontology.load()).properties][:3]
    ['adjacentTo', 'cooperatesWith', 'developsIndustry']
    """
    patterns = dict.fromkeys(_patterns(ontology))
    updates = [
        f"INSERT {{ GRAPH <{INFERRED_GRAPH}> {{ ?s {implied} ?o }} ?s {implied} ?o }}\n"
        f"WHERE {{ {pattern} FILTER (?s != ?o) FILTER NOT EXISTS {{ ?s {implied} ?o }} }}"
        for pattern, implied in patterns
    ]
    spoken_of = {p.iri for p in ontology.properties.values() if any(f"<{p.iri}>" in rule for rule in updates)}
    return Rules(updates, sorted(spoken_of))


def _patterns(ontology: Ontology) -> Iterator[tuple[str, ox.NamedNode]]:
    """What is found, and the property it implies, in an order in which most follows at once."""
    axioms = ox.Store()
    for path in ontology.sources:
        axioms.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    known = {ox.NamedNode(property_.iri) for property_ in ontology.properties.values()}
    solutions = axioms.query(_AXIOMS)
    assert isinstance(solutions, ox.QuerySolutions)
    found = [(row["kind"].value, row["one"], row["two"], row["implied"]) for row in solutions]
    for kind, pattern in _PATTERNS.items():
        for of_kind, one, two, implied in sorted(found, key=str):
            if of_kind == kind and {one, two or one, implied} <= known:
                yield pattern.format(one=one, two=two), implied
