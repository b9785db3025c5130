"""Who a figure or a happening is about: :meth:`View.subjects`, and what chains of short clauses add to it.

Chinese lists facts of one thing clause after clause without naming it again. A clause that is only a figure
(建筑面积18万平方米) hands the topic on; a clause that ends with something built (将建设固态电池项目) sets a new one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from kg.annotate.indicators import read_indicators
from kg.annotate.quantities import Quantity
from kg.annotate.times import Time
from kg.annotate.view import Placed, View
from kg.model import TextSpan

Allows = Callable[[str], bool]

_OF = re.compile("的?|[^，,；;。、了是由从与和至]{1,14}的")  # A的B, AB, A引进的B

_MODIFIES = re.compile("(?:所在|所属|下辖|旗下)?的(?=.)")


_Spanned = TypeVar("_Spanned", Quantity, Time)


def within(found: list[_Spanned], span: TextSpan) -> list[_Spanned]:
    """Those that lie in ``span``, of a list in order."""
    first = bisect_left(found, span.start, key=lambda item: item.span.start)
    last = bisect_left(found, span.end, key=lambda item: item.span.start)
    return [item for item in found[first:last] if item.span.end <= span.end]


class Topics:
    """The topics of one view. ``figures`` are the spans of its quantities."""

    def __init__(self, view: View, lexicon: Path, figures: Iterable[TextSpan]) -> None:
        self.view = view
        self.figures = sorted(figures)
        words = read_indicators(lexicon)
        self.built, self.new_thing = words.built, words.new_thing

    def subjects(self, position: int, allows: Allows, *, built: bool = True) -> tuple[Placed, ...]:
        """Who the clause at ``position`` is about; of A的B it is B.

        ``built``: something the clause before says is built is the new topic.
        """
        sentence = self.view.sentence_at(position)
        if sentence is None:
            return ()
        clause = self.view.clause_at(position)
        while True:
            found = self.view.subjects(position, allows)
            if found and self._is_list_tail(found[0]):
                found = ()  # 下辖甲镇、乙镇: what is listed behind a verb is nobody's subject
            if found and found[0].span.start >= clause.start:
                return self._last_of(found, position, allows)
            before = self._clause_before(clause, sentence)
            if before is None:
                return self._last_of(found, position, allows)
            thing = self._built(before) if built else None
            if thing is not None and allows(thing.label_):
                return (thing,)
            if built and thing is None and self._builds_a_stranger(before):
                return ()
            if found and found[0].span.start < before.start and not self._is_figure(before):
                return self._last_of(found, position, allows)
            if not found and not self._is_figure(before) and not self._lists(before):
                return ()
            if found and found[0].span.start >= before.start:
                return self._last_of(found, position, allows)
            clause, position = before, before.start

    def subject(self, position: int, allows: Allows, *, built: bool = True) -> Placed | None:
        """The same, where it is one thing."""
        found = self.subjects(position, allows, built=built)
        return found[-1] if len({placed.key for placed in found}) == 1 else None

    def built_before(self, position: int) -> Placed | None:
        """What the clause before the one at ``position`` ends with as something built."""
        sentence = self.view.sentence_at(position)
        before = self._clause_before(self.view.clause_at(position), sentence) if sentence else None
        return self._built(before) if before else None

    def _clause_before(self, clause: TextSpan, sentence: TextSpan) -> TextSpan | None:
        if clause.start <= sentence.start:
            return None
        before = self.view.clause_at(clause.start - 1)
        return TextSpan(max(before.start, sentence.start), clause.start - 1)

    def _is_figure(self, clause: TextSpan) -> bool:
        """Whether a clause holds a quantity and names nothing before it."""
        inside = [figure for figure in self.figures if clause.start <= figure.start < clause.end]
        return bool(inside) and not self.view.placed_in(TextSpan(clause.start, inside[0].start))

    def _builds_a_stranger(self, clause: TextSpan) -> bool:
        """Whether a clause ends with something built that is no entity here."""
        match = self.new_thing.search(self.view.text[clause.start : clause.end])
        if match is None:
            return False
        start = clause.start + match.start("thing")
        return not any(p.span.end == clause.end for p in self.view.placed_in(TextSpan(start, clause.end)))

    def _is_list_tail(self, placed: Placed) -> bool:
        text, start = self.view.text, placed.span.start
        return text[start - 1 : start] in ("、", "和", "及", "与") and any(
            other.span.end == start - 1 for other in self.view.placed_in(TextSpan(max(0, start - 30), start))
        )

    def _lists(self, clause: TextSpan) -> bool:
        """Whether a clause ends with a list of names: 下辖甲镇、乙镇."""
        return any(self._is_list_tail(placed) for placed in self.view.placed_in(clause))

    def _built(self, clause: TextSpan) -> Placed | None:
        for placed in self.view.placed_in(clause):
            behind = self.view.text[placed.span.end : clause.end]
            if behind in ("", "建设", "项目建设") and self.built.search(
                self.view.text[max(0, placed.span.start - 12) : placed.span.start]
            ):
                return placed
        return None

    def _last_of(self, found: tuple[Placed, ...], position: int, allows: Allows) -> tuple[Placed, ...]:
        """Of A的B, where the list is one thing, B."""
        if len(found) != 1:
            return found
        subject = found[0]
        clause = self.view.clause_at(subject.span.start)
        for other in self.view.placed_in(TextSpan(subject.span.end, min(clause.end, position))):
            if allows(other.label_) and _OF.fullmatch(self.view.text[subject.span.end : other.span.start]):
                subject = other
        behind = self.view.text[subject.span.end : min(clause.end, position)]
        if _MODIFIES.match(behind) and not self.view.placed_in(TextSpan(subject.span.end, clause.end)):
            return ()  # 某街道的邻里中心: the subject is what stands behind 的, and it is no entity here
        return (subject,)
