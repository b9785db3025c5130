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
from typing import Any, NamedTuple

from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

MAX_ITEMS = 16
_JOINS = frozenset({"、", "和", "与", "及", "以及", "暨"})
_CONCEPTS = frozenset({"Industry", "Technology", "Product"})
_TERM_LISTS = ("terms", "by_suffix", "needs_list")
_MEMBER_MARKS = frozenset("、，；：,;:")
_BRANDS = frozenset({"Company", "Project"})
MAX_BRAND_CHARS = 6
_QUOTES = frozenset({"”", "’", "“", "‘"})


@dataclass(frozen=True)
class _Row:
    label_: str
    pattern: re.Pattern[str]
    tags: frozenset[str]
    max_chars: int
    alone: bool
    known: bool
    lead: re.Pattern[str] | None


class _Item(NamedTuple):
    span: TextSpan
    is_vague: bool  # made of nothing but words that describe


@dataclass(frozen=True)
class _Lists:
    rows: tuple[_Row, ...]
    never: frozenset[str]
    verbs: frozenset[str]  # that stand inside names
    generic: frozenset[str]
    followers: frozenset[str]
    terms: frozenset[str]
    heads: frozenset[str]
    trades: tuple[str, ...]
    told: re.Pattern[str]


@cache
def _lists(folder: Path) -> _Lists:
    data: dict[str, Any] = read_lexicon(folder, "lists")
    terms: dict[str, Any] = read_lexicon(folder, "terms")
    limits: dict[str, Any] = read_lexicon(folder, "boundaries")
    rows = tuple(
        _Row(
            r["class"],
            re.compile(r["tail"]),
            frozenset(r["tags"]),
            int(r["max_chars"]),
            bool(r.get("alone", False)),
            bool(r.get("known", False)),
            re.compile(rf"(?:{r['lead']})$") if "lead" in r else None,
        )
        for r in data["rows"]
    )
    return _Lists(
        rows,
        frozenset({*limits["never"]} - {*terms["name_verbs"]} | {*data["never"]}),
        frozenset(terms["name_verbs"]),
        frozenset({*terms["generic_modifiers"], *limits["start_never"]}),
        frozenset(terms["followers"]),
        frozenset(
            term
            for row in (terms["Industry"], terms["Technology"])
            for kind in _TERM_LISTS
            for term in row.get(kind, ())
        ),
        frozenset(head for row in read_lexicon(folder, "heads").values() for head in row["heads"]),
        tuple(head for head in read_lexicon(folder, "heads")["Company"]["heads"] if len(head) > 1),
        re.compile(rf"(?:{'|'.join(data['told'])})[“]?$"),
    )


def find_listed(folder: Path, text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """The members of every list whose end says what they are; they may overlap other candidates."""
    lists = _lists(folder)
    starts = [word.span.start for word in words]
    for row in lists.rows:
        for match in row.pattern.finditer(text):
            found = list(_items(lists, row, words, bisect_right(starts, match.start() - 1) - 1, match.start()))
            items = _members(row, found)
            if not items or (len(items) == 1 and not row.alone):
                continue
            tail = words[bisect_right(starts, match.start() - 1) : bisect_right(starts, match.end() - 1)]
            if match[0][0] == "等" and any(word.tag == "v" and word.text not in lists.generic for word in tail):
                continue  # 区位、人才等优势|吸引|企业
            if row.label_ in _CONCEPTS and _describes(lists, words, bisect_right(starts, match.end()) - 1, match.end()):
                continue  # 国际光电组件产业|中心
            first = found[-1].span.start
            told = lists.told.search(text, max(0, first - 6), first)
            if row.known and not told and 2 * sum(span.of(text) in lists.terms for span in items) < len(items):
                continue
            if row.lead and not row.lead.search(text, max(0, first - 12), first):
                continue
            for span in items:
                name = span.of(text)
                label = "Company" if row.label_ == "Project" and name.endswith(lists.trades) else row.label_
                yield Mention(span, name, label, f"{'listed' if label == 'Project' else 'list'}:{label}")


def _members(row: _Row, items: Sequence[_Item]) -> list[TextSpan]:
    """The items that are named; of a long list of industries, those as well that only say 制造业 or 基础设施."""
    named = sum(not item.is_vague for item in items)
    return [item.span for item in items if not item.is_vague or (row.label_ == "Industry" and named > 1)]


def _items(lists: _Lists, row: _Row, words: Sequence[Word], index: int, end: int) -> Iterator[_Item]:
    """The members from right to left, each a run of words that may stand in a name."""
    for _ in range(MAX_ITEMS):
        while index >= 0 and words[index].text.isspace() and words[index].text != "\n":
            end, index = words[index].span.start, index - 1
        if index >= 0 and words[index].text in _QUOTES:
            return  # quoted members are names of their own
        first = index
        while first >= 0 and words[first].span.end == (end if first == index else words[first + 1].span.start):
            if not _belongs(lists, row, words[first]):
                break
            first -= 1
        joined, opened = first >= 0 and words[first].text in _JOINS, False
        if not joined and row.label_ in _BRANDS and (mark := _mark_before(lists, words, index)):
            first, joined = mark, words[mark].text in _JOINS  # 太|时|芯光: marks say what is a member
            opened = not joined
        first += 1
        if not joined and not opened:  # 协会|覆盖|物流、金融: the first member begins behind the verb
            verbs = [i for i in range(first, index) if words[i].tag == "v" and words[i].text not in lists.verbs]
            first = max((first, *(i + 1 for i in verbs)))
        while not joined and not opened and first < index and _leads(lists, row, words[first]):
            first += 1  # 全市|物流、金融
        if first > index:
            return
        span = TextSpan(words[first].span.start, end)
        if not 2 <= span.end - span.start <= row.max_chars:
            return
        member = words[first : index + 1]
        is_head = row.label_ in {"Company", "Project"} and len(member) == 1 and member[0].text in lists.heads
        if not is_head:
            yield _Item(span, all(word.text in lists.generic for word in member))
        if not joined:
            return
        first = next(i for i in range(first - 1, -1, -1) if words[i].text in _JOINS)
        end, index = words[first].span.start, first - 1


def _describes(lists: _Lists, words: Sequence[Word], index: int, end: int) -> bool:
    """Whether the word at ``end`` is a noun that the list only tells of."""
    word = words[index] if index >= 0 else None
    return word is not None and word.span.end > end and word.tag in {"n", "nz"} and word.text not in lists.followers


def _mark_before(lists: _Lists, words: Sequence[Word], index: int) -> int | None:
    """The mark that a member begins behind, where nothing between it and word ``index`` belongs to a clause."""
    size = 0
    for i in range(index, max(-1, index - 8), -1):
        word = words[i]
        if word.text in _MEMBER_MARKS:
            return i if size <= MAX_BRAND_CHARS else None
        size += len(word.text)
        if word.text in lists.never or word.tag in {"w", "u", "p", "r", "c"} or re.search(r"\d", word.text):
            return None
    return None


def _leads(lists: _Lists, row: _Row, word: Word) -> bool:
    return word.text in lists.generic or word.tag == "v" or (word.tag == "LOC" and row.label_ in _CONCEPTS)


def _belongs(lists: _Lists, row: _Row, word: Word) -> bool:
    numeral = re.search(r"\d", word.text) and not re.search("[A-Za-z]", word.text)
    plain = not re.search(r"[％%，。；：、\s]", word.text)
    return (word.tag in row.tags or word.text in lists.verbs) and word.text not in lists.never and not numeral and plain


def siblings(folder: Path, text: str, words: Sequence[Word], known: Sequence[Mention]) -> Iterator[Mention]:
    """The members of plain lists that hold at least two known industries: they are industries too."""
    lists = _lists(folder)
    row = next(row for row in lists.rows if row.label_ == "Industry")
    starts = [word.span.start for word in words]
    ends = {mention.span.end: mention for mention in known if mention.label_ == "Industry"}
    seen: set[int] = set()
    for end in sorted(ends):
        if end in seen:
            continue
        stop = _last_member_end(lists, words, bisect_right(starts, end - 1), row)
        items = _members(row, list(_items(lists, row, words, bisect_right(starts, stop - 1) - 1, stop)))
        seen.update(span.end for span in items)
        if len(items) > 2 and sum(span.end in ends for span in items) * 3 >= len(items):
            for span in items:
                yield Mention(span, span.of(text), "Industry", "list:sibling")


def _last_member_end(lists: _Lists, words: Sequence[Word], index: int, row: _Row) -> int:
    """Where the list ends that goes on behind the member before ``words[index]``."""
    end = words[index - 1].span.end
    for _ in range(MAX_ITEMS):
        if index >= len(words) or words[index].text not in _JOINS:
            return end
        position = index + 1
        while position < len(words) and _belongs(lists, row, words[position]):
            position += 1
        last = words[position - 1].span.end
        if position == index + 1 or last - words[index + 1].span.start > row.max_chars:
            return end
        end, index = last, position
    return end
