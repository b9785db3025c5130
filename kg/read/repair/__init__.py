"""A damaged text in; the text restored as far as is certain, every edit named, and what stays damaged out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.model import Edit, TextSpan
from kg.read.repair.misaligned import repair_hits
from kg.read.repair.mojibake import redecode
from kg.read.repair.pinyin import MARK, is_mirror, remove_pinyin
from kg.read.repair.shifted import DAMAGED, DOUBTFUL, realign
from kg.read.trace import Trace, forward

__all__ = ["repair"]

_GONE = re.compile("\ufffd+|(?:锟斤拷)+(?:锟斤?)?|(?:斤拷|拷)锟斤拷|(?:烫烫烫|屯屯屯)+")
_BROKEN = re.compile("(?<=[\u3400-\u9fff])[{}^`\\\\](?=[\u3400-\u9fff])")  # a second byte without its first
_DOUBTFUL = re.compile(  # in a text known to be damaged
    r"[?？](?=[\u3400-\u9fff0-9.])"  # a swallowed character; questions end a clause
    r"|(?<=[\u3400-\u9fff])(?:[a-z|{}^`~\\@\[\]_]|[A-Z](?![股型级座区馆轮线类班楼口]))(?=[\u3400-\u9fff])"
)


def repair(trace: Trace) -> None:
    """Undo what mirror sites and wrong decodings did to ``trace.text``. Never raises.

    A text that shows damage somewhere is trusted less everywhere.
    """
    trace.mark(TextSpan(*match.span()) for match in _GONE.finditer(trace.text))
    mirror = is_mirror(trace.text)
    if not mirror:
        trace.apply(redecode(trace.text))
    else:
        _apply(trace, ((hit.edits, hit.uncertain) for hit in repair_hits(trace.text)))
    damaged = _apply(trace, realign(trace.text, mirror)) or "\ufffd" in trace.text
    if damaged or (mirror and MARK.search(trace.text)):
        _apply(trace, realign(trace.text, mirror, DAMAGED))
        for edits, _ in realign(trace.text, mirror, DOUBTFUL):
            trace.mark([edits[0].source.cover(edits[-1].source)])
    if mirror:
        trace.mark(TextSpan(*match.span()) for match in MARK.finditer(trace.text))
        trace.apply(remove_pinyin(trace.text))
    if mirror or damaged:
        trace.mark(TextSpan(*match.span()) for match in _DOUBTFUL.finditer(trace.text))
    for pattern in (_BROKEN, _GONE):
        trace.mark(TextSpan(*match.span()) for match in pattern.finditer(trace.text))


def _apply(trace: Trace, repairs: Iterable[tuple[list[Edit], list[TextSpan]]]) -> bool:
    """Carry out repairs, each with the ranges that are not certain; whether there were any."""
    edits: list[Edit] = []
    uncertain: list[TextSpan] = []
    for its_edits, its_uncertain in repairs:
        edits += its_edits
        uncertain += its_uncertain
    if edits:
        trace.apply(edits)
        uncertain = [forward(trace.offsets[-1], span) for span in uncertain]
    trace.mark(uncertain)
    return bool(edits)
