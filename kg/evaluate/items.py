"""What is judged and how it is counted: one item of the gold or of an extraction, and figures over many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

KINDS = (
    "entities",
    "entities by name",
    "relations",
    "observations",
    "milestones",
    "milestones without date",
)
STRICT = ("entities", "relations", "observations", "milestones")
"""The kinds without those that forgive a class or a date; what is wrong with an item is said once, under these."""

DETAILS = ("indicator", "unit", "year", "comparator", "status")
"""What of an observation is compared once its entity and value agree."""


class Figures(NamedTuple):
    """How many of the predictions, and of the gold, are right.

    >>> f"{Figures(right=2, predicted=4, gold=2).f1:.2f}"
    '0.67'
    """

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float | None:
        """The share of the predictions that is right; None without predictions."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of the gold that is found; None without gold."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None with neither gold nor predictions."""
        total = self.predicted + self.gold
        return 2 * self.right / total if total else None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the gold or the extraction says, judged. ``label`` is its class, property or type.

    ``why`` says what went wrong; of a statement that was extracted, ``sentence`` says where it was read and
    ``confidence`` how sure it claims to be.
    """

    article: str
    kind: str
    text: str
    label: str
    right: bool
    why: str = ""
    sentence: str = ""
    confidence: float | None = None


def counted(gold: Iterable[Item], predicted: Iterable[Item]) -> Figures:
    """The figures of items of one kind."""
    found = [item.right for item in gold]
    return Figures(sum(found), sum(1 for _ in predicted), len(found))
