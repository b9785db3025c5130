"""A location in; ``Article``s out, repaired, with the map back to every character as it was read."""

from kg.read.article import Unread, read_article, read_articles
from kg.read.pages import is_address
from kg.read.report import Noise, RepairReport, noise_of, repair_report
from kg.read.sources import find_sources

__all__ = [
    "Noise",
    "RepairReport",
    "Unread",
    "find_sources",
    "is_address",
    "noise_of",
    "read_article",
    "read_articles",
    "repair_report",
]
