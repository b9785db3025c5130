"""How Chinese writes numbers, in digits and in words, and what they come to."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {char: value for value, chars in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
          for char in chars}  # fmt: skip
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

# Bounded, and never begun in the middle, so that no text takes more than linear time.
WORDS = "(?<![零〇一二两三四五六七八九十百千万亿])[零〇一二两三四五六七八九十百千万亿]{1,12}"
FIGURES = (
    r"(?<![0-9０-９])(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}+(?:\.[0-9]{1,6}+)?"
    r"|[0-9]{1,3}(?: [0-9]{3}){1,3}+(?![0-9])(?:\.[0-9]{1,6}+)?"
    r"|[0-9０-９]{1,14}+(?:[.．][0-9０-９]{1,6}+)?)"
)


def value_of_figures(figures: str) -> Decimal:
    """The value of a number in ASCII or full-width digits.

    >>> value_of_figures("1,200"), value_of_figures("57 362"), value_of_figures("３．５")
    (Decimal('1200'), Decimal('57362'), Decimal('3.5'))
    """
    return Decimal(unicodedata.normalize("NFKC", figures).replace(",", "").replace(" ", ""))


def value_of_words(words: str) -> Decimal | None:
    """The value of a number in Chinese characters; None where it is none (一二, 零十).

    >>> value_of_words("十三万"), value_of_words("两千零五"), value_of_words("百亿"), value_of_words("三四")
    (Decimal('130000'), Decimal('2005'), Decimal('10000000000'), None)
    """
    total = section = digit = 0
    before = ""
    for char in words:
        if char in DIGITS:
            if DIGITS.get(before):
                return None
            digit = DIGITS[char]
        elif SCALES[char] < 10**4:
            section += (digit or 1) * SCALES[char]
            digit = 0
        else:
            section = (section + digit) or (0 if total else 1)
            total = (total + section) * SCALES[char] if SCALES[char] == 10**8 else total + section * SCALES[char]
            section = digit = 0
        before = char
    total += section + digit
    return Decimal(total) if total else None


def value_of(number: str, scale: str = "") -> Decimal | None:
    """The value of ``number`` in figures or words, times a scale word such as 万 or 千亿.

    >>> value_of("1.2", "万"), value_of("三百"), value_of("480", "亿")
    (Decimal('12000'), Decimal('300'), Decimal('48000000000'))
    """
    value = value_of_words(number) if re.fullmatch(WORDS, number) else value_of_figures(number)
    if value is None:
        return None
    for char in scale:
        value *= SCALES[char]
    return plain(value)


def plain(value: Decimal) -> Decimal:
    """``value`` without an exponent or trailing zeros: Decimal('1.20E+4') is Decimal('12000')."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
