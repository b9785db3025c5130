"""A location in; an ``Article`` out, repaired, with the map back to every character as it was read."""

from kg.read.article import read_article
from kg.read.sources import find_sources

__all__ = ["find_sources", "read_article"]
