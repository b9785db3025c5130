"""Quads ↔ a SPARQL store."""

from kg.store.articles import Articles, Place, first
from kg.store.folder import GraphFolder, Manifest
from kg.store.local import LocalStore, complete, in_both

__all__ = ["Articles", "GraphFolder", "LocalStore", "Manifest", "Place", "complete", "first", "in_both"]
