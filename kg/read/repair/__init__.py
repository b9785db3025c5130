"""A damaged text in; the text restored as far as is certain, every edit named, and what stays damaged out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.model import Edit, TextSpan
from kg.read.repair.characters import is_traditional
from kg.read.repair.misaligned import repair_hits
from kg.read.repair.mojibake import redecode
from kg.read.repair.pinyin import MARK, is_mirror, is_strewn, remove_pinyin, remove_strewn
from kg.read.repair.shifted import DAMAGED, DOUBTFUL, realign
from kg.read.trace import Trace, forward

__all__ = ["repair"]

FULL_WIDTH_RATIO = 5  # commas: a text with this many more full-width ones has full-width question marks

_GONE = re.compile("\ufffd+|(?:锟斤拷)+(?:锟斤?)?|(?:斤拷|拷)锟斤拷|(?:烫烫烫|屯屯屯)+")
_BROKEN = re.compile(  # bytes of a character whose others are lost, in any text
    "(?<=[\u3400-\u9fff])(?:[{}^`\\\\](?=[\u3400-\u9fff])|[?？](?=[0-9.]))"
)
_HALF_QUESTION = re.compile("(?<=[0-9\u2010-\uffff])[?]+(?![A-Za-z&=])")  # where punctuation is full-width
_UNASKED = re.compile("[\u3400-\u9fff][?]+(?=[\u3400-\u9fff])")  # where punctuation is half-width
_ASKS = re.compile("[吗嗎呢么麼吧谁誰何哪怎几幾啥孰]|什[么麼]|多少|是否|能否|可否|会不会|是不是|有没有|为什|难道")
ASKING_CHARACTERS = 20  # what asks stands this near before its question mark
_LONE_LETTER = re.compile(  # in traditional text, where many characters have a letter as second byte
    "(?<=[\u3400-\u9fff，。、；：）”》])(?:[a-z|~@\\[\\]_](?=[\u3400-\u9fff0-9])"
    "|[A-Z](?![股型级級座区區馆館轮輪线線类類班楼樓口])(?=[\u3400-\u9fff])"
    "|[?？][‘’“”]?[A-Za-z](?=[\u3400-\u9fff]))"
)
_SWALLOWED = re.compile("[?？](?=[\u3400-\u9fff0-9A-Za-z.“《（])")  # in damaged text; questions end a clause


def repair(trace: Trace) -> None:
    """Undo what mirror sites and wrong decodings did to ``trace.text``. Never raises.

    A text that shows damage somewhere is trusted less everywhere.
    """
    _mark(trace, _GONE)
    if is_strewn(trace.text):
        trace.apply(remove_strewn(trace.text))
    mirror = is_mirror(trace.text)
    if mirror:
        _apply(trace, ((hit.edits, hit.uncertain) for hit in repair_hits(trace.text)))
    else:
        trace.apply(redecode(trace.text))
    damaged = _apply(trace, realign(trace.text, mirror)) or (mirror and bool(MARK.search(trace.text)))
    if damaged or "\ufffd" in trace.text or _BROKEN.search(trace.text):
        _apply(trace, realign(trace.text, mirror, DAMAGED))
    signs = [_GONE, _BROKEN]
    if damaged or is_traditional(trace.text):
        signs.append(_LONE_LETTER)
    if trace.text.count("，") > FULL_WIDTH_RATIO * trace.text.count(","):
        signs.append(_HALF_QUESTION)
    else:
        _mark_unasked(trace)
    if damaged or any(sign.search(trace.text) for sign in signs):
        _mark_doubtful_runs(trace, mirror)
        _mark(trace, *signs)
    if mirror:
        _mark(trace, MARK)
        trace.apply(remove_pinyin(trace.text))
    if mirror or damaged:
        _mark(trace, _SWALLOWED)


def _mark(trace: Trace, *patterns: re.Pattern[str]) -> None:
    trace.mark(TextSpan(*match.span()) for pattern in patterns for match in pattern.finditer(trace.text))


def _mark_unasked(trace: Trace) -> None:
    """Distrust a question mark inside a sentence that asks nothing: it took a byte of the character before it."""
    text = trace.text
    trace.mark(
        TextSpan(*match.span())
        for match in _UNASKED.finditer(text)
        if not _ASKS.search(text, max(0, match.start() - ASKING_CHARACTERS), match.end())
    )


def _mark_doubtful_runs(trace: Trace, mirror: bool) -> None:
    """Distrust runs that look read one byte off, and the character before, which may have lost a byte."""
    for edits, _ in realign(trace.text, mirror, DOUBTFUL):
        trace.mark([TextSpan(max(0, edits[0].source.start - 1), edits[-1].source.end)])


def _apply(trace: Trace, repairs: Iterable[tuple[list[Edit], list[TextSpan]]]) -> bool:
    """Carry out repairs, each with the ranges that are not certain; whether there were any."""
    edits: list[Edit] = []
    uncertain: list[TextSpan] = []
    for its_edits, its_uncertain in repairs:
        edits += its_edits
        uncertain += its_uncertain
    if edits:
        trace.apply(edits)
        uncertain = list(forward(trace.offsets[-1], uncertain))
    trace.mark(uncertain)
    return bool(edits)
