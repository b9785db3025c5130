"""Lists that end with what their members are: 光电、软件信息、新材料等产业, 依托华光、科彤等龙头企业.

In: the tagged words of a text and ``lexicon/lists.yaml``. Out: a mention for each member, known or not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

MAX_ITEMS = 12
_JOINS = frozenset({"、", "和", "与", "及", "以及", "暨"})


@dataclass(frozen=True)
class _Row:
    label_: str
    pattern: re.Pattern[str]
    tags: frozenset[str]
    max_chars: int
    alone: bool
    unless: frozenset[str]


@dataclass(frozen=True)
class _Lists:
    rows: tuple[_Row, ...]
    never: frozenset[str]
    generic: frozenset[str]


@cache
def _lists(folder: Path) -> _Lists:
    data: dict[str, Any] = read_lexicon(folder, "lists")
    generic: list[str] = read_lexicon(folder, "terms")["generic_modifiers"]
    never = {*read_lexicon(folder, "boundaries")["never"], *data["never"]}
    rows = tuple(
        _Row(
            r["class"],
            re.compile(r["tail"]),
            frozenset(r["tags"]),
            int(r["max_chars"]),
            bool(r.get("alone", False)),
            frozenset(read_lexicon(folder, "terms")[r["unless"]]["terms"]) if "unless" in r else frozenset(),
        )
        for r in data["rows"]
    )
    return _Lists(rows, frozenset(never), frozenset(generic))


def find_listed(folder: Path, text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """The members of every list whose end says what they are; they may overlap other candidates."""
    lists = _lists(folder)
    starts = [word.span.start for word in words]
    for row in lists.rows:
        for match in row.pattern.finditer(text):
            items = list(_items(words, bisect_right(starts, match.start() - 1) - 1, match.start(), row, lists.never))
            others = sum(text[start:end] in row.unless for start, end in items)
            if (len(items) > 1 or (row.alone and items)) and 2 * others < max(1, len(items)):
                for start, end in items:
                    if text[start:end] not in lists.generic:
                        yield Mention(TextSpan(start, end), text[start:end], row.label_, f"list:{row.label_}")


def _items(words: Sequence[Word], index: int, end: int, row: _Row, never: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The members from right to left, each a run of words that may stand in a name."""
    for _ in range(MAX_ITEMS):
        start, position = end, index
        if position >= 0 and words[position].text in {"”", "’"}:
            return  # quoted members are names of their own
        while position >= 0 and words[position].span.end == start and _belongs(words[position], row, never):
            start = words[position].span.start
            position -= 1
        if not 2 <= end - start <= row.max_chars:
            return
        yield start, end
        if position < 0 or words[position].text not in _JOINS or words[position].span.end != start:
            return
        end, index = words[position].span.start, position - 1


def _belongs(word: Word, row: _Row, never: frozenset[str]) -> bool:
    numeral = re.search(r"\d", word.text) and not re.search("[A-Za-z]", word.text)
    return (
        word.tag in row.tags and word.text not in never and not numeral and not re.search("[％%，。；：、]", word.text)
    )


def siblings(folder: Path, text: str, words: Sequence[Word], known: Sequence[Mention]) -> Iterator[Mention]:
    """The members of plain lists that hold at least two known industries: they are industries too."""
    lists = _lists(folder)
    row = next(row for row in lists.rows if row.label_ == "Industry")
    starts = [word.span.start for word in words]
    ends = {mention.span.end: mention for mention in known if mention.label_ == "Industry"}
    for end in sorted(ends, reverse=True):
        stop = _last_member_end(words, bisect_right(starts, end - 1), row, lists.never)
        items = list(_items(words, bisect_right(starts, stop - 1) - 1, stop, row, lists.never))
        if len(items) > 2 and sum(item_end in ends for _, item_end in items) * 3 >= len(items):
            for start, item_end in items:
                yield Mention(TextSpan(start, item_end), text[start:item_end], "Industry", "list:sibling")


def _last_member_end(words: Sequence[Word], index: int, row: _Row, never: frozenset[str]) -> int:
    """Where the list ends that goes on behind the member before ``words[index]``."""
    end = words[index - 1].span.end
    for _ in range(MAX_ITEMS):
        if index >= len(words) or words[index].text not in _JOINS:
            return end
        position = index + 1
        while position < len(words) and _belongs(words[position], row, never):
            position += 1
        last = words[position - 1].span.end
        if position == index + 1 or last - words[index + 1].span.start > row.max_chars:
            return end
        end, index = last, position
    return end
