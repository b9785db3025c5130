"""Forms that mean the same become one form: spaces, widths, split numbers, script. Every step maps back."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

import opencc

from kg.model import Edit, TextSpan
from kg.read.lines import pieces_of
from kg.read.repair.characters import is_han, is_traditional, simplified
from kg.read.trace import Trace
from kg.read.wrapped import unwrap

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_LINE_EDGE = re.compile("(?m)^[ \u3000]+|[ \u3000]+$")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％]+|(?<=[０-９0-9])．(?=[０-９0-9])")
_COMPATIBLE = re.compile("[\u2f00-\u2fd5\uf900-\ufad9]")  # radicals and doubles of characters, as PDF has them
_HAN = "\u3400-\u9fff"
_SPLIT = re.compile(
    r"(?<=\d) +(?=[.．]\d)"  # 4 .5
    r"|(?<=\d\.) +(?=\d)"  # 4. 5
    r"|(?<=\d) (?=[%％])"
    rf"|(?<=[{_HAN}“（(、，][A-Z]) (?=\d{{1,3}}(?!\d))"  # K 12
    rf"|(?m:(?<!^\d)(?<!^\d\d)(?<![:：\-]\d\d)(?<=\d)) (?=[{_HAN}])"  # 13.5 张, not the heading 1 新格局
    rf"|(?<=[{_HAN}])(?<![讯訊电電]) (?=\d[\d.,]*%? ?[{_HAN}])"  # 达 480 亿元
)
TO_SIMPLIFIED = "simplified"
_ZHE = re.compile("著")
_ZHE_BEFORE = frozenset("名显顯卓编編原专專论論土巨译譯合遗遺昭拙新所撰主共大古旧舊")
_ZHE_AFTER = frozenset("名作述称稱书書录錄者有于於文说說译譯")


def normalize(trace: Trace) -> None:
    """Bring ``trace.text`` to simplified Chinese with plain spaces and half-width digits and letters."""
    for rule, step in _STEPS:
        trace.apply(Edit(span, replacement, rule) for span, replacement in step(trace.text))


Change = tuple[TextSpan, str]


def _replacing(pattern: re.Pattern[str], replacement: str) -> Callable[[str], Iterator[Change]]:
    def step(text: str) -> Iterator[Change]:
        return ((TextSpan(*m.span()), replacement) for m in pattern.finditer(text))

    return step


def _entities(text: str) -> Iterator[Change]:
    for match in _ENTITY.finditer(text):
        if (character := html.unescape(match[0])) != match[0]:
            yield TextSpan(*match.span()), character


def _half_width(text: str) -> Iterator[Change]:
    for match in _WIDE.finditer(text):
        yield TextSpan(*match.span()), "".join(chr(ord(c) - 0xFEE0) for c in match[0])


def _compatible(text: str) -> Iterator[Change]:
    for match in _COMPATIBLE.finditer(text):
        yield TextSpan(*match.span()), unicodedata.normalize("NFKC", match[0])


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _to_simplified(text: str) -> Iterator[Change]:
    """Where OpenCC changes the text; one edit for each run of changed characters.

    Phrases decide (皇后, 以後); a line whose length a phrase would change is converted by characters.
    """
    if not is_traditional(text):
        return
    converter = _converter()
    for start, line in pieces_of(text):
        after = converter.convert(line)
        if len(after) != len(line):
            after = "".join(simplified().get(c, c) for c in line)
        after = _zhe(line, after)
        yield from _runs(start, line, after)


def _zhe(before: str, after: str) -> str:
    """著 that a converter made of the particle 着 becomes it again; 著名 and 专著 stay."""
    characters = list(after)
    for match in _ZHE.finditer(before):
        at = match.start()
        previous, following = before[at - 1 : at], before[at + 1 : at + 2]
        if previous and is_han(previous) and previous not in _ZHE_BEFORE and following not in _ZHE_AFTER:
            characters[at] = "着"
    return "".join(characters)


def _runs(offset: int, before: str, after: str) -> Iterator[Change]:
    start: int | None = None
    for index, (a, b) in enumerate(zip(before, after, strict=True)):
        if a != b and start is None:
            start = index
        elif a == b and start is not None:
            yield TextSpan(offset + start, offset + index), after[start:index]
            start = None
    if start is not None:
        yield TextSpan(offset + start, offset + len(before)), after[start:]


_STEPS: tuple[tuple[str, Callable[[str], Iterator[Change]]], ...] = (
    ("html-entity", _entities),
    ("invisible-character", _replacing(_INVISIBLE, "")),
    ("line-end", _replacing(_LINE_END, "\n")),
    ("space", _replacing(_SPACE, " ")),
    ("line-edge", _replacing(_LINE_EDGE, "")),
    ("compatibility-form", _compatible),
    ("wrapped-line", unwrap),
    ("half-width", _half_width),
    ("split-number", _replacing(_SPLIT, "")),
    (TO_SIMPLIFIED, _to_simplified),
)
RULES = frozenset(rule for rule, _ in _STEPS)
