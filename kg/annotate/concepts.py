"""Industries and technologies: the lexicon's terms, and any noun that 产业 makes an industry of.

In: the tagged words of a text and ``lexicon/terms.yaml``. Out: candidate mentions, which may overlap. A term that only
describes the noun behind it (数字经济企业, 大数据中心) is none; one takes the nouns before it along (海洋装备制造).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

MAX_TERM_CHARS = 12
_DESCRIBED = frozenset({"n", "nz", "nw", "vn", "ORG", "LOC", "an"})
_DESCRIBING = frozenset({"n", "nz", "nw", "a", "an", "vn", "b"})


@dataclass(frozen=True)
class _Class:
    label_: str
    term: re.Pattern[str]
    suffix: re.Pattern[str]
    bare: frozenset[str]  # terms that stand without a suffix


@dataclass(frozen=True)
class _Terms:
    classes: tuple[_Class, ...]
    not_before: frozenset[str]
    followers: frozenset[str]
    makers: frozenset[str]
    asks: re.Pattern[str]


@cache
def _terms(folder: Path) -> _Terms:
    data: dict[str, Any] = read_lexicon(folder, "terms")
    never = {*read_lexicon(folder, "boundaries")["never"], *read_lexicon(folder, "boundaries")["start_never"]}
    classes = []
    for label in ("Technology", "Industry"):
        row = data[label]
        bare = {*row["terms"]} - {*row.get("needs_list", ())}
        terms = sorted({*row["terms"], *row.get("by_suffix", ()), *row.get("needs_list", ())}, key=len, reverse=True)
        suffixes = sorted(row["suffixes"], key=len, reverse=True)
        classes.append(
            _Class(
                label,
                re.compile("|".join(map(re.escape, terms))),
                re.compile("|".join(map(re.escape, suffixes))),
                frozenset(bare),
            )
        )
    return _Terms(
        tuple(classes),
        frozenset({*never, *read_lexicon(folder, "lists")["never"], *data["generic_modifiers"]}),
        frozenset(data["followers"]),
        frozenset(data["makers"]),
        re.compile(f"(?:{'|'.join(data['asks'])})[了以“]?$"),
    )


def find_concepts(folder: Path, text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """The industries and technologies of ``text``."""
    finder = _Finder(_terms(folder), text, words)
    yield from finder.known()
    yield from finder.made()


class _Finder:
    def __init__(self, terms: _Terms, text: str, words: Sequence[Word]) -> None:
        self.terms, self.text, self.words = terms, text, words
        self.starts = [word.span.start for word in words]
        self.term_ends = {m.end() for class_ in terms.classes for m in class_.term.finditer(text)}
        self.begins = frozenset(self.starts)
        self.ends = {word.span.end for word in words}

    def known(self) -> Iterator[Mention]:
        """The lexicon's terms where they stand for themselves."""
        for class_ in self.terms.classes:
            for match in class_.term.finditer(self.text):
                suffix = class_.suffix.match(self.text, match.end())
                if suffix and suffix.end() not in self.ends:
                    suffix = None  # 现代农业产业|园
                end = suffix.end() if suffix else match.end()
                if match.start() not in self.begins and end in self.ends:
                    continue  # 一体|化工|业
                if any(other.suffix.match(self.text, end) for other in self.terms.classes if other is not class_):
                    continue  # 大数据|产业
                bare = match[0] in class_.bare or self._is_asked_for(class_, match.start())
                if not suffix and (not bare or self._describes(end)):
                    continue
                start = self._start(match.start())
                yield Mention(TextSpan(start, end), self.text[start:end], class_.label_, "term")

    def _is_asked_for(self, class_: _Class, start: int) -> bool:
        """Whether the verb before says that an industry follows: 从事|轴承."""
        return class_.label_ == "Industry" and self.terms.asks.search(self.text, max(0, start - 6), start) is not None

    def made(self) -> Iterator[Mention]:
        """Nouns that a word such as 产业 makes an industry of: 生姜产业."""
        for word in self.words:
            if word.text in self.terms.makers and not self._describes(word.span.end):
                start = self._start(word.span.start)
                if word.span.start - start > 0:
                    span = TextSpan(start, word.span.end)
                    yield Mention(span, span.of(self.text), "Industry", "term")

    def _describes(self, end: int) -> bool:
        """Whether a noun follows that the term at ``end`` is only told of."""
        index = bisect_right(self.starts, end) - 1
        if index < 0 or end >= len(self.text):
            return False
        word = self.words[index]
        if word.span.start < end:
            return True  # the model reads on: 印染|布
        return word.tag in _DESCRIBED and word.text not in self.terms.followers

    def _start(self, start: int) -> int:
        """Where the phrase begins that ends in the term at ``start``."""
        index = bisect_left(self.starts, start) - 1
        floor, position = start - MAX_TERM_CHARS, start
        while index >= 0:
            word = self.words[index]
            if word.span.end != position or word.tag not in _DESCRIBING or word.text in self.terms.not_before:
                break
            if word.span.start < floor or word.span.end in self.term_ends:
                break
            if word.tag != "vn":  # a noun of action takes part, and does not begin it
                start = word.span.start
            position = word.span.start
            index -= 1
        return start
