"""Quads ↔ a SPARQL store."""
