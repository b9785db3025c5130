"""What an article says, a gazetteer knows and the ontology implies → RDF quads, and their validation."""

from kg.graph.background import area_iri, describe_areas, describe_whereabouts, still_named
from kg.graph.confidence import require_confidence, sure, unused_selectors
from kg.graph.conform import split_conforming
from kg.graph.describe import describe, node_iri, place_of
from kg.graph.infer import inference_rules
from kg.graph.iri import article_id, article_iri, entity_iri, group_of
from kg.graph.provenance import describe_end, describe_removal, describe_run, run_iri, runs_graph
from kg.graph.validate import Validator

__all__ = [
    "Validator",
    "area_iri",
    "article_id",
    "article_iri",
    "describe",
    "describe_areas",
    "describe_end",
    "describe_removal",
    "describe_run",
    "describe_whereabouts",
    "entity_iri",
    "group_of",
    "inference_rules",
    "node_iri",
    "place_of",
    "require_confidence",
    "run_iri",
    "runs_graph",
    "split_conforming",
    "still_named",
    "sure",
    "unused_selectors",
]
