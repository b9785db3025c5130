"""Quads ↔ a SPARQL store."""

from kg.store.folder import GraphFolder, Manifest
from kg.store.local import LocalStore
from kg.store.places import Places

__all__ = ["GraphFolder", "LocalStore", "Manifest", "Places"]
