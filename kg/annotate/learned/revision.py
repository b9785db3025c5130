"""What the rules say of an article, and how likely each answer is, in; the facts that stand, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg.annotate.learned.facts import Answers, FactLimits
from kg.annotate.learned.questions import Asked, Questions, Vocabulary
from kg.annotate.quantities import Quantity
from kg.annotate.view import View
from kg.model import Evidence, Milestone, Observation, Relation, Status, TextSpan


@dataclass(frozen=True)
class Reviser:
    """The facts of one article, revised kind by kind. ``damage`` are stretches from which nothing new is read."""

    view: View
    vocabulary: Vocabulary
    plans: re.Pattern[str]
    questions: Questions
    answers: Answers
    limits: FactLimits
    damage: tuple[TextSpan, ...] = ()

    def relations(self, relations: Iterable[Relation]) -> list[Relation]:
        """The rules' relations, then those found beside them, the likeliest first."""
        standing = list(relations)
        known = {(r.subject, r.property, r.object) for r in standing}
        likely = {
            (self.questions.things[s], self.vocabulary.properties[p], self.questions.things[o]): (
                float(self.answers.related[pair, p]),
                pair,
            )
            for pair, (s, o) in enumerate(self.questions.pairs)
            for p in (
                self.questions.allowed[pair] & (self.answers.related[pair] >= self.limits.add_relation)
            ).nonzero()[0]
        }
        order = sorted(likely.items(), key=lambda item: (-item[1][0], item[0]))
        for (subject, property_, object_), (probability, pair) in order:
            if {(subject, property_, object_), (object_, property_, subject)} & known:
                continue  # said already, or the other way round: of no property of ours both hold and both are news
            row = _surest(
                self.questions.relations, pair, self.answers.related_at, self.vocabulary.properties.index(property_)
            )
            span = _covered(self.questions.relations, row)
            if any(span.overlaps(lost) for lost in self.damage):
                continue
            known.add((subject, property_, object_))
            evidence = Evidence(span, self._sentence(span), f"learned:{property_}", self._confidence(probability))
            standing.append(Relation(subject, property_, object_, evidence))
        return standing

    def _confidence(self, probability: float) -> float:
        return round(probability * self.limits.trust, 2)

    def _sentence(self, span: TextSpan) -> TextSpan:
        """The sentences a span stands in."""
        first = self.view.sentence_at(span.start) or span
        last = self.view.sentence_at(span.end - 1) or span
        return first.cover(last)

    def observations(
        self, quantities: Sequence[Quantity], owned: Iterable[Observation], unowned: Iterable[Observation]
    ) -> list[Observation]:
        """The figures with their likeliest owners; those without one are left out."""
        owners: dict[int, dict[str, float]] = {}
        for (figure, thing), probability in zip(self.questions.owned, self.answers.owns, strict=True):
            owners.setdefault(figure, {})[self.questions.things[thing]] = float(probability)
        standing: list[Observation] = []
        for observation in owned:
            likely = owners.get(_figure_of(observation, quantities), {})
            given = likely.get(observation.entity)
            if given is None:
                standing.append(observation)
                continue
            owner, probability = max(likely.items(), key=lambda item: item[1])
            if owner != observation.entity and probability >= self.limits.change_owner:
                standing.append(_of_owner(observation, owner, self._confidence(probability)))
            elif given >= self.limits.keep_owner:
                standing.append(observation)
        for observation in unowned:
            likely = owners.get(_figure_of(observation, quantities), {})
            if not likely:
                continue
            owner, probability = max(likely.items(), key=lambda item: item[1])
            if probability >= self.limits.add_owner:
                standing.append(_of_owner(observation, owner, self._confidence(probability)))
        once = {(o.entity, o.value, o.unit, o.indicator): o for o in reversed(standing)}
        return sorted(once.values(), key=lambda one: one.evidence.span)

    def milestones(self, milestones: Iterable[Milestone]) -> list[Milestone]:
        """The rules' milestones, and those found beside them."""
        asked = {(self.questions.things[thing], date): i for i, (thing, date) in enumerate(self.questions.happened)}
        types = {name: i for i, name in enumerate(self.vocabulary.types)}
        standing = [self._redated(milestone, asked, types) for milestone in milestones]
        told = {(milestone.entity, milestone.type) for milestone in standing}
        new = [
            (float(self.answers.happened[i, types[type_]]), thing, type_, date)
            for (thing, date), i in asked.items()
            for type_ in types
            if self.answers.happened[i, types[type_]] >= self.limits.add_happening and (thing, type_) not in told
        ]
        for probability, thing, type_, date in sorted(new, key=lambda one: (-one[0], one[1], one[2], one[3] or "")):
            happenings = self.questions.happenings
            row = _surest(happenings, asked[thing, date], self.answers.happened_at, types[type_])
            span = _covered(happenings, row)
            if date is None:
                span = TextSpan(span.start, max(span.end, self.view.clause_at(span.start).end))
            if (thing, type_) in told or any(span.overlaps(lost) for lost in self.damage):
                continue
            told.add((thing, type_))
            evidence = Evidence(span, self._sentence(span), f"learned:{type_}", self._confidence(probability))
            standing.append(Milestone(thing, type_, evidence, date, self._status(row, span)))
        return standing

    def _redated(
        self, milestone: Milestone, asked: Mapping[tuple[str, str | None], int], types: Mapping[str, int]
    ) -> Milestone:
        """A milestone with the date at which it is likeliest, where that is not the one the rules found."""
        if milestone.type not in types:
            return milestone
        likely = {
            date: float(self.answers.happened[i, types[milestone.type]])
            for (thing, date), i in asked.items()
            if thing == milestone.entity
        }
        date, probability = max(likely.items(), key=lambda item: item[1], default=(milestone.date, 0.0))
        if date == milestone.date or milestone.date not in likely or probability < self.limits.change_date:
            return milestone
        evidence = replace(milestone.evidence, rule="learned:date", confidence=self._confidence(probability))
        if date is not None:
            row = _surest(
                self.questions.happenings,
                asked[milestone.entity, date],
                self.answers.happened_at,
                types[milestone.type],
            )
            span = milestone.evidence.span.cover(_covered(self.questions.happenings, row))
            evidence = replace(evidence, span=span, sentence=self._sentence(span))
        return replace(milestone, date=date, evidence=evidence)

    def _status(self, row: int, span: TextSpan) -> Status:
        """A plan where the time is one, or the clauses from the one thing to the other say so."""
        clause = self.view.clause_at(span.start)
        is_plan = bool(self.questions.plans[row][0]) or self.plans.search(self.view.text, clause.start, span.end)
        return "target" if is_plan else "actual"


def _surest(asked: Asked, question: int, scores: NDArray[np.float32], answer: int) -> int:
    """The row of a question that is surest of an answer."""
    rows = (asked.question == question).nonzero()[0]
    return int(rows[scores[rows, answer].argmax()])


def _covered(asked: Asked, row: int) -> TextSpan:
    """From the one thing of a row to the other."""
    s1, e1, s2, e2 = map(int, asked.rows[row][:4])
    return TextSpan(s1, e1).cover(TextSpan(s2, e2))


def _figure_of(observation: Observation, quantities: Sequence[Quantity]) -> int:
    """The number of the quantity that an observation says; -1 where none is."""
    return next(
        (
            i
            for i, quantity in enumerate(quantities)
            if abs(observation.value) == quantity.value and observation.evidence.span.contains(quantity.span)
        ),
        -1,
    )


def _of_owner(observation: Observation, owner: str, confidence: float) -> Observation:
    evidence = replace(observation.evidence, rule="learned:owner", confidence=confidence)
    return replace(observation, entity=owner, evidence=evidence)
