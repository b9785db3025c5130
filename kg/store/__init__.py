"""Quads ↔ a SPARQL store."""

from kg.store.folder import GraphFolder, Manifest
from kg.store.local import LocalStore

__all__ = ["GraphFolder", "LocalStore", "Manifest"]
