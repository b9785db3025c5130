"""A text on its way through editing steps, with the map back to what was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.model import Edit, OffsetMap, TextSpan


@dataclass(slots=True)
class Trace:
    """The text after the steps so far, one ``OffsetMap`` a step, and what stays damaged.

    ``damage`` are ranges of the present ``text``; each step carries them forward.

    >>> trace = Trace("4 .5 萬", damage=[TextSpan(5, 6)])
    >>> trace.apply([Edit(TextSpan(1, 2), "", "space"), Edit(TextSpan(4, 5), "", "space")])
    >>> trace.text, trace.damage
    ('4.5萬', [TextSpan(start=3, end=4)])
    """

    text: str
    offsets: list[OffsetMap] = field(default_factory=list)
    damage: list[TextSpan] = field(default_factory=list)

    def apply(self, edits: Iterable[Edit]) -> None:
        """Carry out one step; edits are in ascending order and do not overlap."""
        edits = tuple(edits)
        if not edits:
            return
        self.text, offsets = OffsetMap.apply(self.text, edits)
        self.offsets.append(offsets)
        self.damage = merged(forward(offsets, span) for span in self.damage)

    def mark(self, spans: Iterable[TextSpan]) -> None:
        """Note ranges of the present text as damaged."""
        self.damage = merged([*self.damage, *spans])


def forward(offsets: OffsetMap, span: TextSpan) -> TextSpan:
    """The range that ``span`` of the text before became; an edit it touches is taken whole."""
    start, end = span
    shift = 0
    after_start = after_end = None
    for source, replacement, _ in offsets.edits:
        if source.start > end:
            break
        if after_start is None and start < source.end:
            after_start = min(start, source.start) + shift
        if after_end is None and end <= source.start:
            after_end = end + shift
        grown = len(replacement) - (source.end - source.start)
        if source.start < end <= source.end and after_end is None:
            after_end = source.end + shift + grown
        shift += grown
    if after_start is None:
        after_start = start + shift
    if after_end is None:
        after_end = end + shift
    return TextSpan(after_start, max(after_start, after_end))


def merged(spans: Iterable[TextSpan]) -> list[TextSpan]:
    """Spans in order, those that touch or overlap joined, empty ones dropped."""
    result: list[TextSpan] = []
    for span in sorted(s for s in spans if s.end > s.start):
        if result and span.start <= result[-1].end:
            result[-1] = result[-1].cover(span)
        else:
            result.append(span)
    return result
