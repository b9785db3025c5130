"""A text on its way through editing steps, with the map back to what was read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

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
        self.damage = merged(forward(offsets, self.damage))

    def mark(self, spans: Iterable[TextSpan]) -> None:
        """Note ranges of the present text as damaged."""
        self.damage = merged([*self.damage, *spans])


def forward(offsets: OffsetMap, spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """The ranges that ``spans`` of the text before became; an edit one touches is taken whole.

    >>> _, offsets = OffsetMap.apply("abcd", (Edit(TextSpan(1, 3), "B", "rule"),))
    >>> list(forward(offsets, [TextSpan(0, 1), TextSpan(2, 4)]))
    [TextSpan(start=0, end=1), TextSpan(start=1, end=3)]
    """
    starts = [source.start for source, _, _ in offsets.edits]
    ends = [source.end for source, _, _ in offsets.edits]
    grown = (len(replacement) - (source.end - source.start) for source, replacement, _ in offsets.edits)
    shifts = [0, *accumulate(grown)]  # of what stands before each edit, and behind the last
    for start, end in spans:
        first = bisect_right(ends, start)
        after_start = (min(start, starts[first]) if first < len(starts) else start) + shifts[first]
        behind = bisect_left(starts, end)
        inside = behind > 0 and end <= ends[behind - 1]
        after_end = (ends[behind - 1] if inside else end) + shifts[behind]
        yield TextSpan(after_start, max(after_start, after_end))


def merged(spans: Iterable[TextSpan]) -> list[TextSpan]:
    """Spans in order, those that touch or overlap joined, empty ones dropped."""
    result: list[TextSpan] = []
    for span in sorted(s for s in spans if s.end > s.start):
        if result and span.start <= result[-1].end:
            result[-1] = result[-1].cover(span)
        else:
            result.append(span)
    return result
