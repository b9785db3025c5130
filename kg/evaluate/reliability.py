"""How far stated confidence is to be believed: statements by confidence, and the share of them that is right.

The expected calibration error is that of Guo et al. 2017, *On Calibration of Modern Neural Networks*
(https://arxiv.org/abs/1706.04599), over bins of equal width.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kg.evaluate.items import Item

BINS = 10
"""Of [0, 1]; each bin holds its lower end, the last one also 1."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The statements with a confidence in ``[low, high)``: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


class Reliability(NamedTuple):
    """The bins that hold a statement, in order."""

    bins: tuple[Bin, ...]

    @property
    def error(self) -> float | None:
        """The expected calibration error: how far confidence is from the share right, over all statements.

        >>> Reliability((Bin(0.7, 0.8, 3, 0.75, 0.5), Bin(0.9, 1.0, 1, 0.9, 1.0))).error
        0.2125
        """
        count = sum(found.count for found in self.bins)
        return sum(f.count * abs(f.confidence - f.right) for f in self.bins) / count if count else None


def reliability(items: Iterable[Item]) -> Reliability:
    """The bins of the items that state a confidence; entities state none."""
    binned: dict[int, list[tuple[float, bool]]] = {}
    for item in items:
        if item.confidence is not None:
            index = min(int(item.confidence * BINS), BINS - 1)
            binned.setdefault(index, []).append((item.confidence, item.right))
    return Reliability(
        tuple(
            Bin(
                index / BINS,
                (index + 1) / BINS,
                len(found),
                sum(confidence for confidence, _ in found) / len(found),
                sum(right for _, right in found) / len(found),
            )
            for index, found in sorted(binned.items())
        )
    )
