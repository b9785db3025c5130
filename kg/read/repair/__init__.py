"""A damaged text in; the text restored as far as is certain, every edit named, and what stays damaged out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from kg.model import Edit, TextSpan
from kg.read.repair.characters import is_traditional
from kg.read.repair.likelihood import bits
from kg.read.repair.misaligned import repair_hits
from kg.read.repair.mojibake import redecode
from kg.read.repair.pinyin import MARK, is_mirror, is_strewn, remove_pinyin, remove_strewn
from kg.read.repair.shifted import DAMAGED, DOUBTFUL, SUSPECT, realign
from kg.read.trace import Trace, forward

__all__ = ["repair"]

FULL_WIDTH_RATIO = 5  # commas: a text with this many more full-width ones has full-width question marks

_GONE = re.compile("\ufffd+|(?:锟斤拷)+(?:锟斤?)?|(?:斤拷|拷)锟斤拷|(?:烫烫烫|屯屯屯)+")
_BROKEN = re.compile(  # bytes of a character whose others are lost, in any text
    "(?<=[\u3400-\u9fff])(?:[{}^`\\\\](?=[\u3400-\u9fff])|[?？]+(?=[0-9.%])(?![0-9]{1,2}[.、][^0-9])"
    "|[?]+[A-Za-z|~@^_\\\\\\[\\]{}`](?=[\u3400-\u9fff、，。；：”）,;]))"
)
_HALF_QUESTION = re.compile("(?<=[0-9\u2010-\uffff])[?]+(?![A-Za-z&=])")  # where punctuation is full-width
_UNASKED = re.compile("[\u3400-\u9fff](?:[?]+(?=[\u3400-\u9fff])|[?]{2,})")  # where punctuation is half-width
_ASKS = re.compile("[吗嗎呢么麼吧谁誰何哪怎几幾啥孰]|什[么麼]|多少|是否|能否|可否|会不会|是不是|有没有|为什|难道")
GAP_CHARACTERS = 3  # between ranges that stay damaged, which are damaged too
LEADING_CHARACTERS, LEADING_BITS = 3, 10.0  # before damage: so many more at most, while they cost as much
SCRIPT_CHARACTERS = 20  # before and behind, that tell in which script a text is there
ASKING_CHARACTERS = 20  # what asks stands this near before its question mark
_LONE_LETTER = re.compile(  # in traditional text, where many characters have a letter as second byte
    "(?<=[\u3400-\u9fff，。、；：）”》])(?:[a-z|~@\\[\\]_](?=[\u3400-\u9fff0-9])"
    "|[A-Z](?![股型级級座区區馆館轮輪线線类類班楼樓口])(?=[\u3400-\u9fff])"
    "|[?？][‘’“”]?[A-Za-z](?=[\u3400-\u9fff]))"
    "|(?<=[\u3400-\u9fff])[⒈-⒛⑴-⒇㈠-㈩＿＾｀Ａ-Ｚａ-ｚ①-⑩][A-Za-z|~@_^](?=[\u3400-\u9fff])"
    "|(?<=[0-9])[|~@_^`](?=[\u3400-\u9fff])"
)
_ONE_LETTER = re.compile(  # … and where no other letter stands alone, and this one only once
    "(?<=[\u3400-\u9fff])[A-Z](?=[，。；：）”》])|(?<=[0-9])[abcefijnopqruxyz](?=[\u3400-\u9fff])"
)
_LEADS = re.compile("[\u3040-\u9fff＿Ａ-Ｚａ-ｚ⑴-⒛①-⑩]")
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
    shifted = _apply(trace, realign(trace.text, mirror))
    damaged = shifted or (mirror and bool(MARK.search(trace.text)))
    if damaged or "\ufffd" in trace.text or _BROKEN.search(trace.text):
        shifted |= _apply(trace, realign(trace.text, mirror, DAMAGED))
        damaged |= shifted
    signs = [_GONE, _BROKEN]
    doubted = bool(_mark_letters(trace, damaged)) or damaged
    if trace.text.count("，") > FULL_WIDTH_RATIO * trace.text.count(","):
        signs.append(_HALF_QUESTION)
    else:
        doubted |= _mark_unasked(trace)
    doubted |= any(sign.search(trace.text) for sign in signs)
    if not mirror:
        doubted = doubted or any(realign(trace.text, mirror, SUSPECT))
    if doubted:
        if shifted or not mirror:
            _mark_doubtful_runs(trace, mirror)
        _mark(trace, *signs)
        if not mirror:
            _close_gaps(trace)
            _mark_unlikely(trace)
    if mirror:
        _mark(trace, MARK)
        trace.apply(remove_pinyin(trace.text))
    if mirror or damaged:
        _mark(trace, _SWALLOWED)


def _mark(trace: Trace, *patterns: re.Pattern[str]) -> None:
    trace.mark(TextSpan(*match.span()) for pattern in patterns for match in pattern.finditer(trace.text))


def _close_gaps(trace: Trace) -> None:
    """Distrust the few characters between others that are distrusted: they were read with these."""
    trace.mark(TextSpan(a.end, b.start) for a, b in pairwise(trace.damage) if b.start - a.end <= GAP_CHARACTERS)


def _mark_unlikely(trace: Trace) -> None:
    """Distrust what leads to damage as well, as far back as a character hardly follows the one before it."""
    text = trace.text
    for start, _ in list(trace.damage):
        begin = start
        while begin > max(0, start - LEADING_CHARACTERS) and _LEADS.match(text, begin - 1):
            begin -= 1
            if bits(text[begin], text[begin - 1 : begin]) < LEADING_BITS:
                break
        trace.mark([TextSpan(begin, start)])


def _mark_letters(trace: Trace, damaged: bool) -> bool:
    """Distrust letters that stand where only the second byte of a traditional character would."""
    text = trace.text
    found = list(_LONE_LETTER.finditer(text))
    alone = list(_ONE_LETTER.finditer(text))
    if len(alone) == 1 and text.count(alone[0][0]) == 1:
        found += alone
    spans = [TextSpan(*m.span()) for m in found if damaged or is_traditional(_around(text, m.start()))]
    trace.mark(spans)
    return bool(spans)


def _around(text: str, position: int) -> str:
    return text[max(0, position - SCRIPT_CHARACTERS) : position + SCRIPT_CHARACTERS]


def _mark_unasked(trace: Trace) -> bool:
    """Distrust a question mark inside a sentence that asks nothing: it took a byte of the character before it."""
    text = trace.text
    spans = [
        TextSpan(*match.span())
        for match in _UNASKED.finditer(text)
        if not _ASKS.search(text, max(0, match.start() - ASKING_CHARACTERS), match.end())
    ]
    trace.mark(spans)
    return bool(spans)


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
