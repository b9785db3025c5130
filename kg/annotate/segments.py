"""Words as names need them: the lexical model's words, cut where one of them holds more than a name.

The model glues areas to what stands in them (德州市陵城区经济开发区), verbs to names (依托汀江实验室) and
halves of brackets (浙江)科技有限公司). Tags stay; a cut-off verb is a ``v``, a cut-off area a ``LOC``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.gazetteer import gazetteer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Word
from kg.model import TextSpan

_BRACKETS = re.compile(r"[()（）“”《》、]")
_NAMED = frozenset({"LOC", "ORG", "PER", "nz", "nt", "ns"})


def segments(folder: Path, words: Sequence[Word]) -> list[Word]:
    """``words``, those cut that hold more than a name or a part of one.

    >>> from kg.ontology import Ontology
    >>> folder = Ontology.load().lexicon
    >>> glued = Word(TextSpan(0, 13), "江西省吉安市永丰县人民政府", "ORG")
    >>> [(word.text, word.tag) for word in segments(folder, [glued])]
    [('江西省', 'LOC'), ('吉安市', 'LOC'), ('永丰县人民政府', 'ORG')]
    """
    rules = _Rules.load(folder)
    return [piece for word in words for part in _unbracketed(word) for piece in rules.cut(part)]


def _unbracketed(word: Word) -> Iterator[Word]:
    """Cut at brackets where only one of a pair is inside the word."""
    if len(word.text) == 1 or not (marks := list(_BRACKETS.finditer(word.text))) or len(marks) % 2 == 0:
        yield word
        return
    position = 0
    for mark in marks:
        yield from _part(word, position, mark.start(), word.tag)
        yield from _part(word, mark.start(), mark.end(), "w")
        position = mark.end()
    yield from _part(word, position, len(word.text), word.tag)


def _part(word: Word, start: int, end: int, tag: str) -> Iterator[Word]:
    if start < end:
        yield Word(TextSpan(word.span.start + start, word.span.start + end), word.text[start:end], tag)


@cache
def area_pattern(folder: Path) -> re.Pattern[str]:
    """An area's name up to the suffix that says its rank; 城市 and 园区 are none."""
    limits: dict[str, Any] = read_lexicon(folder, "boundaries")
    marks = "|".join(sorted(limits["outer_suffixes"], key=len, reverse=True))
    ends = limits["no_area_ends"]
    return re.compile(rf"[^{ends}\W\d]{{1,7}}?(?<![{ends}])(?:{marks})")


class _Rules:
    def __init__(self, clings: Iterable[str], trails: str, heads: Iterable[str], area: re.Pattern[str]) -> None:
        longest = sorted(clings, key=len, reverse=True)
        self.clings = re.compile("|".join(map(re.escape, longest)))
        self.trails = trails
        self.heads = tuple(heads)
        self.area = area

    @staticmethod
    @cache
    def load(folder: Path) -> _Rules:
        limits: dict[str, Any] = read_lexicon(folder, "boundaries")
        heads: dict[str, Any] = read_lexicon(folder, "heads")
        return _Rules(
            limits["clings"],
            limits["trails"],
            (head for row in heads.values() for head in row["heads"] if len(head) > 1),
            area_pattern(folder),
        )

    def cut(self, word: Word) -> Iterator[Word]:
        text = word.text
        if len(text) < 4:
            yield word
            return
        match = self.clings.match(text)
        if match and text[match.end() :].endswith(self.heads) and len(text) - match.end() > 3:
            yield from _part(word, 0, match.end(), "v")
            word = next(_part(word, match.end(), len(text), "ORG"))
            text = word.text
        end = len(text)
        if text[-1] in self.trails and text[:-1].endswith(self.heads):
            end -= 1
        start = 0
        if word.tag in _NAMED:
            for area in self._areas(text[:end]):
                yield from _part(word, start, start + len(area), "LOC")
                start += len(area)
        yield from _part(word, start, end, word.tag)
        yield from _part(word, end, len(text), "p")

    def _areas(self, text: str) -> Iterator[str]:
        """The areas ``text`` begins with that another one follows."""
        known = gazetteer()
        if province := self._province(text):
            yield province
            text = text[len(province) :]
        while match := self.area.match(text):
            rest = text[match.end() :]
            if (len(match[0]) < 3 and not known.full(match[0])) or not self.area.match(rest):
                return
            yield match[0]
            text = rest

    def _province(self, text: str) -> str:
        """The clipped province that ``text`` opens with, if one of its cities follows (江西|南昌小蓝经济技术开发区)."""
        known = gazetteer()
        for size in (2, 3):
            provinces = {area.path[0] for area in known.clipped(text[:size]) if len(area.path) == 1}
            rest = text[size:]
            for n in (4, 3, 2) if provinces and len(rest) > 4 else ():
                cities = (*known.clipped(rest[:n]), *known.full(rest[:n]))
                if any(len(city.path) == 2 and city.path[0] in provinces for city in cities):
                    return text[:size]
        return ""
