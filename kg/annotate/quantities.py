"""Text in, quantities out: numbers with a unit, in the unit's base form, with the bound the words around say.

What the units and the comparators are stands in ``units.yaml`` and ``comparators.yaml``. A number that counts
nothing is no quantity: dates, ordinals (第五届), names (5G, “2+2”, 世界500强).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.numerals import DIGITS, FIGURES, WORDS, plain, value_of
from kg.model import Comparator, TextSpan
from kg.ontology import Ontology

_SCALE = "(?:[十百千]?万?亿|[十百千]?万|[百千])"
_DASH = "[-—–－~～至到]{1,2}"
_FRACTION = re.compile(f"(?P<whole>{WORDS}|百)分之(?P<part>{WORDS})|(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?"
                       "(?![立为功员果型熟长就本品都效份群])")  # fmt: skip
_FOREIGN = re.compile(r"[A-Za-z.．\d０-９]$")
_LATIN_INDICATORS = re.compile(r"(?:GDP|R&D)$")  # letters a number may follow
_NOT_BEFORE_NUMBER = "第统唯同单每数几"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit. ``phrase`` includes the words that compare it (超过…, …以上).

    ``value`` is in ``unit``, the base form: 1.2万家 is 12000 家. ``spelled``: the number is in words, 三座.
    """

    span: TextSpan
    phrase: TextSpan
    value: Decimal
    unit: str
    kind: str
    value_max: Decimal | None = None
    comparator: Comparator = "="
    spelled: bool = False


def find_quantities(text: str, lexicon: Path | None = None) -> list[Quantity]:
    """The quantities of ``text``, in order. ``lexicon`` defaults to that of the shipped ontology.

    >>> [found] = find_quantities("员工超过3200人")
    >>> found.comparator, found.value, found.unit, found.phrase.of("员工超过3200人")
    ('>', Decimal('3200'), '人', '超过3200人')
    >>> find_quantities("2022年7月8日，第五届5G大会")
    []
    """
    words = _words(lexicon or Ontology.load().lexicon)
    found = [quantity for match in words.amount.finditer(text) if (quantity := words.quantity(text, match))]
    taken = [quantity.span for quantity in found]
    fractions = [quantity for quantity in words.fractions(text) if not any(quantity.span.overlaps(t) for t in taken)]
    return sorted([*found, *fractions], key=lambda quantity: quantity.span)


@cache
def _words(lexicon: Path) -> _Words:
    return _Words(read_lexicon(lexicon, "units"), read_lexicon(lexicon, "comparators"))


class _Words:
    """The lexicon's units and comparators, compiled."""

    def __init__(self, units: list[dict[str, Any]], comparators: list[dict[str, Any]]) -> None:
        self.units: dict[str, tuple[str, str, int]] = {}
        forms: list[tuple[str, str]] = []
        for row in units:
            for form in (*([] if row.get("times") else [row["unit"]]), *row.get("forms", ())):
                self.units[form] = (row["unit"], row["kind"], int(row.get("times", 1)))
                barrier = f"(?![{re.escape(row['not_before'])}])" if row.get("not_before") else ""
                forms.append((form, re.escape(form) + barrier + ("(?![A-Za-z])" if form.isascii() else "")))
        unit = "|".join(pattern for _, pattern in sorted(forms, key=lambda pair: -len(pair[0])))
        inside = "".join(word for row in comparators for word in row.get("inside", ()))
        self.inside = {word: row["comparator"] for row in comparators for word in row.get("inside", ())}
        number = f"(?:{FIGURES}|{WORDS})"
        self.amount = re.compile(
            rf"(?:(?P<from>{number})[ ]?(?P<fromscale>{_SCALE})?(?:{unit})?{_DASH})?"
            rf"(?P<number>{number})[ ]?(?P<some>[{inside}])?[ ]?(?P<scale>{_SCALE})?(?P<more>[{inside}])?[ ]?"
            rf"(?P<unit>{unit})(?:[/／](?P<per>日|天|年|月|小时|百平方公里|平方公里|平方米|公里|吨|人|亩|股|次|毫米))?"
        )
        self.before = [_side(row, "before") for row in comparators if row.get("before")]
        self.after = [_side(row, "after") for row in comparators if row.get("after")]

    def quantity(self, text: str, match: re.Match[str]) -> Quantity | None:
        number = match["number"]
        start = match.start()
        unit, kind, times = self.units[match["unit"]]
        low = None
        if match["from"] is not None:
            scale = match["fromscale"] or (match["scale"] if not re.fullmatch(WORDS, match["from"]) else "") or ""
            low = value_of(match["from"], scale)
        value = value_of(number, match["scale"] or "")
        if value is None:
            return None
        value, low = plain(value * times), None if low is None else plain(low * times)
        if match["from"] is not None and (low is None or low >= value or text[start - 1 : start] == "从"):
            low, start = None, match.start("number")
        ahead = text[max(0, start - 6) : start]
        is_total = ahead.endswith("数") and re.match(WORDS, number) is None  # 总数4300人, but 数百人
        if (ahead[-1:] in tuple(_NOT_BEFORE_NUMBER) and not is_total) or (
            _FOREIGN.search(ahead) and not _LATIN_INDICATORS.search(ahead)
        ):
            return None
        if kind == "duration" and unit == "年" and (value >= 200 or low is not None):
            return None
        spelled = re.fullmatch(WORDS, number) is not None
        comparator, phrase = self._compared(text, TextSpan(start, match.end()), match["some"] or match["more"])
        bounded_before = phrase.start < start  # 超千家; but 亿元以上项目 tells which projects, not how many yuan
        if spelled and _is_idiom(number, match["scale"], bounded_before):
            return None
        per = f"/{match['per']}" if match["per"] else ""
        return Quantity(
            span=TextSpan(start, match.end()),
            phrase=phrase,
            value=value if low is None else low,
            unit=unit + per,
            kind=kind,
            value_max=None if low is None else value,
            comparator=comparator,
            spelled=spelled,
        )

    def _compared(self, text: str, span: TextSpan, inside: str | None) -> tuple[Comparator, TextSpan]:
        """The comparator, and the span with the words that say it. A word before beats one inside or after."""
        start, end = span
        found: Comparator = self.inside[inside] if inside else "="
        for comparator, pattern in self.after:
            if match := pattern.match(text, end):
                found, end = comparator, match.end()
                break
        ahead = text[max(0, start - 8) : start]
        for comparator, pattern in self.before:
            if match := pattern.search(ahead):
                found, start = comparator, start - (len(ahead) - match.start())
                break
        return found, TextSpan(start, end)

    def fractions(self, text: str) -> Iterator[Quantity]:
        """四成, 五分之一, 百分之二十: as %."""
        for match in _FRACTION.finditer(text):
            if match["tenths"]:
                value = Decimal(DIGITS[match["tenths"]] * 10 + (5 if match["half"] else 0))
            else:
                part, whole = value_of(match["part"]), value_of(match["whole"])
                if part is None or whole is None or part > whole:
                    continue
                value = part * 100 / whole
            if value != value.quantize(Decimal("0.01")) or text[max(0, match.start() - 1) : match.start()] in tuple(
                _NOT_BEFORE_NUMBER
            ):
                continue
            span = TextSpan(match.start(), match.end())
            comparator, phrase = self._compared(text, span, None)
            yield Quantity(span, phrase, plain(value), "%", "share", comparator=comparator, spelled=True)


def _side(row: dict[str, Any], side: str) -> tuple[Comparator, re.Pattern[str]]:
    words = "|".join(map(re.escape, sorted(row[side], key=len, reverse=True)))
    if side == "after":
        return row["comparator"], re.compile(f"(?:{words})")
    barrier = f"(?<![{row['not_after']}])" if row.get("not_after") else ""
    return row["comparator"], re.compile(rf"{barrier}(?:{words})[了过到至]?[ ]?$")


def _is_idiom(number: str, scale: str | None, bounded: bool) -> bool:
    """一家 is an article, 千家 a figure of speech unless something bounds it (超千家)."""
    return (number == "一" and not scale) or (number[0] in "百千万亿" and not bounded)
