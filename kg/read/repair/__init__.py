"""A damaged text in; the text restored as far as is certain, every edit named, and what stays damaged out."""

from __future__ import annotations

from kg.model import Edit, TextSpan
from kg.read.repair.misaligned import repair_hits
from kg.read.repair.pinyin import is_mirror, remove_pinyin
from kg.read.trace import Trace, forward

__all__ = ["repair"]


def repair(trace: Trace) -> None:
    """Undo what mirror sites and wrong decodings did to ``trace.text``. Never raises."""
    _mark_lost_bytes(trace)
    if is_mirror(trace.text):
        _repair_misaligned(trace)
        trace.apply(remove_pinyin(trace.text))


def _repair_misaligned(trace: Trace) -> None:
    edits: list[Edit] = []
    uncertain: list[TextSpan] = []
    for hit in repair_hits(trace.text):
        edits += hit.edits
        uncertain += hit.uncertain
    steps = len(trace.offsets)
    trace.apply(edits)
    if len(trace.offsets) > steps:
        uncertain = [forward(trace.offsets[-1], span) for span in uncertain]
    trace.mark(uncertain)


def _mark_lost_bytes(trace: Trace) -> None:
    text = trace.text
    start = text.find("\ufffd")
    while start >= 0:
        trace.mark([TextSpan(start, start + 1)])
        start = text.find("\ufffd", start + 1)
