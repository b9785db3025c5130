"""Text in, sentence spans out.

A sentence ends at 。 ！ ？ … and at every line break. The quotes and brackets that close right after the stop
belong to it. What stands inside a short pair of quotes or brackets is not split; the stop before its closing
mark ends the sentence around it only when it can: 。 always, ！ ？ … at the end of a line or of direct speech
(：“…！”), because titles and slogans end in them too (《出发！》展览开幕).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from kg.model import TextSpan

SHORT_QUOTE_CHARS = 60
"""Quotes or brackets with fewer characters inside are one piece; longer ones are split as any text."""
MAX_OPEN_MARKS = 16  # marks left open before these are forgotten, so that no text takes quadratic time

LINE_BREAK = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")  # the set of str.splitlines
STOPS = re.compile(r"(?:[。！？｡…]|[!?](?![\w=&/%#]))+")  # an ASCII ! or ? inside an address ends nothing

_CLOSER_OF = dict(zip("“‘「『《〈（(【[〔{", "”’」』》〉）)】]〕}", strict=True))
_OPENER_OF = {closer: opener for opener, closer in _CLOSER_OF.items()}

_MARKS = re.compile("[" + re.escape("".join((*_CLOSER_OF, *_OPENER_OF))) + '"]')


def sentence_spans(text: str) -> list[TextSpan]:
    """The sentences of ``text`` in order: trimmed of whitespace, never empty, never overlapping.

    Every character outside them is whitespace.

    >>> text = "他说：“加油！”大家鼓掌。\\n　　以“你好！”为主题的峰会开幕（记者 李明。）"
    >>> [span.of(text) for span in sentence_spans(text)]
    ['他说：“加油！”', '大家鼓掌。', '以“你好！”为主题的峰会开幕（记者 李明。）']
    """
    spans: list[TextSpan] = []
    for line in _lines(text):
        start = line.start
        for end in (*_ends(text, line), line.end):
            span = _trimmed(text, start, end)
            if span.start < span.end:
                spans.append(span)
            start = end
    return spans


def _lines(text: str) -> Iterator[TextSpan]:
    start = 0
    for match in LINE_BREAK.finditer(text):
        yield TextSpan(start, match.start())
        start = match.end()
    yield TextSpan(start, len(text))


def _trimmed(text: str, start: int, end: int) -> TextSpan:
    sentence = text[start:end]
    left = len(sentence) - len(sentence.lstrip())
    return TextSpan(min(start + left, end), start + max(len(sentence.rstrip()), left))


def _ends(text: str, line: TextSpan) -> Iterator[int]:
    """Where sentences end inside ``line``, after the stop and what closes behind it."""
    pairs, closers = _short_pairs(text, line)
    openings = [pair.start for pair in pairs]
    for match in STOPS.finditer(text, line.start, line.end):
        end = match.end()
        while end in closers:
            end += 1
        index = bisect_right(openings, match.start()) - 1
        if index >= 0 and match.start() < pairs[index].end:
            closed = pairs[index].end <= end
            speech = text[line.start : pairs[index].start].rstrip()[-1:] in ("：", ":")
            if not closed or not (match[0][-1] in "。｡" or speech or not text[end : line.end].strip()):
                continue
        yield end


def _short_pairs(text: str, line: TextSpan) -> tuple[list[TextSpan], set[int]]:
    """The outermost short pairs of quotes or brackets (marks included), and where any pair closes."""
    pairs: list[TextSpan] = []
    closers: set[int] = set()
    opened: list[tuple[int, str]] = []
    for match in _MARKS.finditer(text, line.start, line.end):
        mark, position = match[0], match.start()
        opener = _OPENER_OF.get(mark)
        if mark == '"' and any(other == mark for _, other in opened):
            opener = mark
        if opener is None:
            opened = [*opened, (position, mark)][-MAX_OPEN_MARKS:]
            continue
        closers.add(position)
        depth = next((i for i in reversed(range(len(opened))) if opened[i][1] == opener), None)
        if depth is None:
            continue
        start = opened[depth][0]
        del opened[depth:]
        if position - start - 1 < SHORT_QUOTE_CHARS:
            while pairs and pairs[-1].start > start:
                pairs.pop()
            pairs.append(TextSpan(start, position + 1))
    return pairs, closers
