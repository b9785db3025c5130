"""Where a value or a time stands in the article → what it comes to, by the rules every extractor reads them with.

The model's arithmetic is not asked for: 480亿元 is read as 48000000000 元, 去年 against the article's date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kg.annotate.indicators import read_indicators
from kg.annotate.marks import chinese_marks
from kg.annotate.numerals import FIGURES, value_of
from kg.annotate.quantities import Quantity, find_quantities
from kg.annotate.times import Time, find_times
from kg.model import Article, Comparator, TextSpan
from kg.ontology import Ontology

_COUNTED = re.compile(
    rf"(?P<number>{FIGURES})(?P<scale>[十百千]?万?亿|[十百千]?万|[百千])?余?多?(?P<unit>[^\W\d_]{{1,4}})"
)
_BEFORE = 8  # characters before a value in which it may be said to fall


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in its base unit, as :class:`kg.model.Observation` holds it."""

    value: Decimal
    unit: str
    value_max: Decimal | None = None
    comparator: Comparator = "="


class Figures:
    """The quantities and times of one article."""

    def __init__(self, article: Article, ontology: Ontology) -> None:
        self._text = chinese_marks(article.text)
        self._quantities = find_quantities(self._text, ontology.lexicon)
        self._times = find_times(self._text, article.published, ontology.lexicon)
        self._falls = read_indicators(ontology.lexicon).fall

    def value(self, span: TextSpan) -> Figure | None:
        """The one value that ``span`` says; None where it says none, or several."""
        found = [quantity for quantity in self._quantities if quantity.span.overlaps(span)]
        if len(found) > 1:
            return None
        if found:
            return self._figure(found[0])
        match = _COUNTED.fullmatch(self._text, *span)  # of a unit that the lexicon does not know: 1.8万卷
        if match is None or self._text[: span.start].endswith("第") or any(t.span.overlaps(span) for t in self._times):
            return None
        value = value_of(match["number"], match["scale"] or "")
        return None if value is None else Figure(value, match["unit"])

    def time(self, spans: Iterable[TextSpan]) -> Time | None:
        """The one time that the first of ``spans`` says; None where it says none that is known."""
        span = next(iter(spans), None)
        found = [time for time in self._times if span and time.span.overlaps(span) and (time.date or time.year)]
        return found[0] if len({(time.year, time.date) for time in found}) == 1 else None

    def _figure(self, quantity: Quantity) -> Figure:
        said = self._text[max(0, quantity.phrase.start - _BEFORE) : quantity.phrase.start]
        if quantity.kind == "share" and quantity.value_max is None and self._falls.search(said):
            return Figure(-quantity.value, quantity.unit, None, quantity.comparator)
        return Figure(quantity.value, quantity.unit, quantity.value_max, quantity.comparator)
