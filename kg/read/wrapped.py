"""Lines that a page's width broke inside sentences, as in PDF and old mail, joined again.

The document decides: where lines that end inside a sentence are nearly all equally wide, a width broke them. Lines
of a list or of teasers may be as even, but they hold no punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from kg.model import TextSpan
from kg.read.lines import Line, lines_of

MIN_LINES = 4  # that end inside a sentence
MIN_WIDTH = 24  # columns; a Chinese character takes two
MAX_DIFFERENCE = 5  # columns, from the usual width: a character, and what may not open or close a line
MIN_EVEN_SHARE = 0.7  # of the lines that end inside a sentence are as wide as usual
MIN_PROSE_SHARE = 0.4  # of those hold punctuation inside

_ENDS = re.compile(r"[。！？!?；;：:…”’」』）)】》]$")  # the next line may be a new paragraph
_OPENS = re.compile(
    r"[#>*•·●■◆▪—–\-(（【\[〔“①-⑳]|\d{1,2}[.、．)）]|[一二三四五六七八九十]{1,3}[、.．是]|第[一二三四五六七八九十\d]{1,3}[章节条]"
)
_INSIDE = re.compile(r"[，。、；：].")
_WORD_END = re.compile(r"[A-Za-z,.;:]$")
_WORD_START = re.compile(r"[A-Za-z]")


def unwrap(text: str) -> Iterator[tuple[TextSpan, str]]:
    r"""Each line end that a width put inside a sentence, with what it becomes: nothing, or a space between words.

    >>> text = "福兴经济开发区总面积3.55平方公里，去年工\n业产值达480亿元，增长12%。园区内有企业三\n百家，其中规模以上企业一百二十家，就业人\n口三万人，上缴税收二十亿元，比上年增长百\n分之五，位居全省第三。"
    >>> [span.start for span, _ in unwrap(text)] == [i for i, c in enumerate(text) if c == "\n"]
    True
    """
    lines = list(lines_of(text))
    broken = [
        (line, following, _width(line.text))
        for line, following in pairwise(lines)
        if line.text and following.text and not _ENDS.search(line.text) and not _OPENS.match(following.text)
    ]
    if len(broken) < MIN_LINES:
        return
    usual = sorted(width for _, _, width in broken)[len(broken) // 2]
    even = [(line, following) for line, following, width in broken if abs(width - usual) <= MAX_DIFFERENCE]
    prose = sum(bool(_INSIDE.search(line.text)) for line, _ in even)
    if usual < MIN_WIDTH or len(even) < MIN_EVEN_SHARE * len(broken) or prose < MIN_PROSE_SHARE * len(even):
        return
    first = next((line.number for line in lines if line.text), 0)
    for line, following in even:
        if line.number > first or _INSIDE.search(line.text):  # else it is the title
            yield _between(line, following)


def _between(line: Line, following: Line) -> tuple[TextSpan, str]:
    words = _WORD_END.search(line.text) and _WORD_START.match(following.text)
    return TextSpan(line.span.end, following.span.start), " " if words else ""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
