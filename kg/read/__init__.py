"""A location in; an ``Article`` out, repaired, with the map back to every character as it was read."""

from kg.read.article import read_article
from kg.read.report import RepairReport, repair_report
from kg.read.sources import find_sources

__all__ = ["RepairReport", "find_sources", "read_article", "repair_report"]
