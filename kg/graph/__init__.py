"""What an article says → RDF quads with evidence, and their validation."""

from kg.graph.conform import split_conforming
from kg.graph.describe import describe
from kg.graph.iri import article_iri, entity_iri, group_of
from kg.graph.provenance import describe_run, run_iri, runs_graph
from kg.graph.validate import Validator

__all__ = [
    "Validator",
    "article_iri",
    "describe",
    "describe_run",
    "entity_iri",
    "group_of",
    "run_iri",
    "runs_graph",
    "split_conforming",
]
