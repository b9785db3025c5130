"""Gold and extractions in; precision, recall, F1, reliability, misses and false claims out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from kg.errors import GoldError
from kg.evaluate.comparison import Comparison, compare
from kg.evaluate.gold import Gold, find_gold, read_gold
from kg.evaluate.identity import IdentityReport, evaluate_identity
from kg.evaluate.items import DETAILS, KINDS, STRICT, Figures, Item
from kg.evaluate.judge import Judge, comparable
from kg.evaluate.reliability import Bin, Reliability, reliability
from kg.evaluate.report import BY, Report
from kg.evaluate.tables import render, render_comparison
from kg.model import Extraction
from kg.read import noise_of

__all__ = [
    "BY",
    "DETAILS",
    "KINDS",
    "STRICT",
    "Bin",
    "Comparison",
    "Extractor",
    "Figures",
    "Gold",
    "IdentityReport",
    "Item",
    "Reliability",
    "Report",
    "comparable",
    "compare",
    "evaluate",
    "evaluate_identity",
    "find_gold",
    "read_gold",
    "reliability",
    "render",
    "render_comparison",
]

Extractor = Callable[[Path, date | None], Extraction]
"""How an article becomes an Extraction; the date is the article's, should its text not say one."""


def evaluate(gold_paths: Iterable[Path], extract: Extractor, symmetric: Collection[str] = ()) -> Report:
    """Extract every article of the gold and judge what is found; ``symmetric`` properties hold either way.

    Raises:
        GoldError: gold is missing, is not in the gold format, or two files have one id.
    """
    articles: dict[str, str] = {}
    noise: dict[str, str] = {}
    gold_items: list[Item] = []
    predicted_items: list[Item] = []
    details: dict[str, Mapping[str, bool]] = {}
    for gold in find_gold(gold_paths):
        if gold.id in articles:
            raise GoldError(f"two gold files have the id {gold.id}; give each its own")
        articles[gold.id] = gold.split
        extraction = extract(gold.article, gold.article_date)
        noise[gold.id] = noise_of(extraction.article)
        judge = Judge(gold, extraction, frozenset(symmetric))
        judge.all()
        gold_items += judge.gold_items
        predicted_items += judge.predicted_items
        details |= judge.details
    return Report(articles, noise, tuple(gold_items), tuple(predicted_items), details)
