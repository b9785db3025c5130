"""Quads ↔ a SPARQL store."""

from kg.store.articles import Articles, Place, background_graph, first, is_of_reading
from kg.store.folder import GraphFolder, Manifest
from kg.store.local import LocalStore, complete, in_both
from kg.store.said import Said

__all__ = [
    "Articles",
    "GraphFolder",
    "LocalStore",
    "Manifest",
    "Place",
    "Said",
    "background_graph",
    "complete",
    "first",
    "in_both",
    "is_of_reading",
]
