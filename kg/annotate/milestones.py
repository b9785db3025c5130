"""Dated happenings: a word of ``milestones.yaml`` with a time in its clause, or earlier in its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.times import Time, find_times
from kg.annotate.view import Placed, View
from kg.model import Evidence, Milestone, TextSpan
from kg.ontology import Ontology


@cache
def _triggers(folder: Path) -> tuple[re.Pattern[str], dict[str, tuple[str, tuple[str, ...]]]]:
    data: dict[str, Any] = read_lexicon(folder, "milestones")
    known = {word: (type_, tuple(row["classes"])) for type_, row in data["types"].items() for word in row["say"]}
    return re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True)))), known


def find_milestones(
    view: View, lexicon: Path, ontology: Ontology, damage: Iterable[TextSpan] = ()
) -> list[Milestone]:
    """The dated milestones of the things a view places; each type of a thing once a date."""
    pattern, known = _triggers(lexicon)
    plan = re.compile("|".join(read_lexicon(lexicon, "milestones")["plan"]))
    times = find_times(view.text, view.published, lexicon)
    damaged = tuple(damage)
    found: dict[tuple[str, str, str | None], Milestone] = {}
    for sentence in view.sentences:
        here = [time for time in times if sentence.contains(time.span)]
        for match in pattern.finditer(view.text, *sentence):
            if any(p.span.overlaps(TextSpan(*match.span())) for p in view.placed_in(sentence)):
                continue
            type_, classes = known[match[0]]
            time = _time_of(view, here, match.start())
            thing = _thing(view, ontology, sentence, match, classes)
            if time is None or time.date is None or thing is None:
                continue
            span = TextSpan(min(time.span.start, match.start(), thing.span.start), max(match.end(), thing.span.end))
            if any(span.overlaps(lost) for lost in damaged):
                continue
            clause = view.text[view.clause_at(match.start()).start : match.start()]
            evidence = Evidence(span, sentence, f"milestone:{match[0]}", 0.8)
            found.setdefault(
                (thing.key, type_, time.date),
                Milestone(
                    thing.key, type_, evidence, time.date, "target" if time.is_plan or plan.search(clause) else "actual"
                ),
            )
    return list(found.values())


def _time_of(view: View, times: list[Time], position: int) -> Time | None:
    """The time that holds at ``position``: the last one before it in the clause, else in the clause before."""
    clause = view.clause_at(position)
    before = [time for time in times if time.span.end <= position]
    if before and before[-1].span.start >= view.clause_at(max(0, clause.start - 2)).start:
        return before[-1]
    return next((time for time in times if clause.start <= time.span.start < clause.end), None)


def _thing(
    view: View, ontology: Ontology, sentence: TextSpan, match: re.Match[str], classes: tuple[str, ...]
) -> Placed | None:
    """What it happened to: the name right behind the word, else the last one before it in the clause."""
    clause = view.clause_at(match.start())
    inside = [
        placed
        for placed in view.placed_in(TextSpan(max(clause.start, sentence.start), clause.end))
        if any(ontology.is_a(placed.label_, c) for c in classes)
    ]
    after = [placed for placed in inside if 0 <= placed.span.start - match.end() <= 2]
    if after:
        return after[0]
    for placed in reversed([placed for placed in inside if placed.span.end <= match.start()]):
        context = view.text[max(clause.start, placed.span.start - 3) : placed.span.start]
        if not view.not_subjects.search(context):
            return placed
    return None
