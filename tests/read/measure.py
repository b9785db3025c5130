"""Compare a repaired text with the truth: what came back, and what is wrong without a mark."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from simulate import Damaged

from kg.read.repair import repair
from kg.read.trace import Trace


@dataclass(slots=True)
class Outcome:
    """Counts of characters; add up outcomes with ``+=``."""

    characters: int = 0
    restored: int = 0
    marked: int = 0
    wrong_unmarked: int = 0

    def __iadd__(self, other: Outcome) -> Outcome:
        self.characters += other.characters
        self.restored += other.restored
        self.marked += other.marked
        self.wrong_unmarked += other.wrong_unmarked
        return self


def outcome(damaged: Damaged) -> Outcome:
    """Repair one damaged document and compare it with what it was."""
    trace = Trace(damaged.text)
    repair(trace)
    marked = {i for start, end in trace.damage for i in range(start, end)}
    result = Outcome(characters=len(damaged.truth), marked=len(marked))
    truth, text = damaged.truth, trace.text
    for kind, a, b, c, d in SequenceMatcher(None, truth, text, autojunk=False).get_opcodes():
        if kind == "equal":
            result.restored += b - a
        elif c == d:  # missing: the place must be marked
            result.wrong_unmarked += not marked.intersection(range(c - 2, c + 3))
        else:
            result.wrong_unmarked += sum(i not in marked for i in range(c, d))
    return result
