"""A location in; ``Article``s out, repaired, with the map back to every character as it was read."""

from kg.read.article import Unread, read_article, read_articles
from kg.read.pages import is_address
from kg.read.report import RepairReport, repair_report
from kg.read.sources import find_sources

__all__ = [
    "RepairReport",
    "Unread",
    "find_sources",
    "is_address",
    "read_article",
    "read_articles",
    "repair_report",
]
