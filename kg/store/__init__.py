"""Quads ↔ a SPARQL store."""

from kg.store.folder import GraphFolder, Manifest
from kg.store.local import LocalStore, complete, in_both
from kg.store.places import Places

__all__ = ["GraphFolder", "LocalStore", "Manifest", "Places", "complete", "in_both"]
