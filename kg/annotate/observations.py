"""A view in, observations out: which number says what of which thing.

A number is an observation where a noun phrase beside it names the indicator (工业产值达480亿元, 306家高新技术企业,
同比增长7.1%; ``indicated.py``), and the clause says whose it is (``owners.py``). Everything else that is counted is
left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kg.annotate.figures import Found, Said
from kg.annotate.indicated import Indicated
from kg.annotate.indicators import Indicators, read_indicators, tokens_in
from kg.annotate.owners import Owners
from kg.annotate.quantities import Quantity, find_quantities
from kg.annotate.times import Time, find_times
from kg.annotate.topics import Topics, within, without_times
from kg.annotate.view import Placed, View
from kg.model import Evidence, Observation, Status, TextSpan
from kg.ontology import Ontology

CONFIDENCE = {"measure": 0.85, "growth": 0.85, "share": 0.75, "count": 0.8, "counted": 0.75, "open": 0.7}


class Figures(NamedTuple):
    """The observations of an article, and figures whose owner the rules do not know: their ``entity`` is empty."""

    owned: list[Observation]
    unowned: list[Observation]


def find_observations(
    view: View, lexicon: Path, ontology: Ontology, damage: Iterable[TextSpan] = ()
) -> list[Observation]:
    """The observations of an article, in order of the text; none from a damaged span."""
    return find_figures(view, lexicon, ontology, damage).owned


def find_figures(view: View, lexicon: Path, ontology: Ontology, damage: Iterable[TextSpan] = ()) -> Figures:
    """The figures of an article, each with its owner or without, in order of the text; none from a damaged span."""
    times = find_times(view.text, view.published, lexicon)
    quantities = find_quantities(view.text, lexicon)
    topics = Topics(view, lexicon, ontology, [quantity.span for quantity in quantities])
    finder = _Finder(view, read_indicators(lexicon), ontology, topics)
    damaged = tuple(damage)
    found: dict[tuple[object, ...], list[Observation]] = {}
    for sentence in view.sentences:
        inside = [q for q in within(quantities, sentence) if not any(q.span.overlaps(lost) for lost in damaged)]
        here = within(times, sentence) if inside else []
        for observation in finder.of_sentence(sentence, inside, here):
            before = found.setdefault((observation.entity, observation.value, observation.unit), [])
            same = next((i for i, other in enumerate(before) if _is_same(other.indicator, observation.indicator)), None)
            if same is None:
                before.append(observation)
            elif before[same].year is None and observation.year:
                before[same] = observation
    owned = sorted((one for said in found.values() for one in said), key=lambda one: one.evidence.span)
    return Figures(owned, finder.unowned)


def _is_same(indicator: str, other: str) -> bool:
    """Whether one indicator says the other, too: 占地 and 占地面积."""
    return indicator in other or other in indicator


class _Finder:
    def __init__(self, view: View, words: Indicators, ontology: Ontology, topics: Topics) -> None:
        self.view, self.words, self.topics = view, words, topics
        self.owners = Owners(view, words, ontology, topics)
        self.indicated = Indicated(view, words, topics, self.owners.allows)
        self.unowned: list[Observation] = []

    def of_sentence(self, span: TextSpan, quantities: list[Quantity], times: list[Time]) -> list[Observation]:
        sentence = Said(span)
        spans = [time.span for time in times]
        former: list[Quantity] = []
        for index, quantity in enumerate(quantities):
            if (named := self.indicated.in_name(quantity)) is not None and named.owner is not None:
                sentence.done.append(self._observation(sentence, named, named.owner, times))
                continue
            if self.indicated.is_no_figure(quantity, spans):
                continue
            if self.indicated.changes_to_next(quantities, index):
                former.append(quantity)
                continue
            before = self.indicated.before(sentence, quantities, index)
            said = self.indicated.of(sentence, quantity, before, spans)
            if not said and (openly := self.indicated.openly(quantity, before, spans)) is not None:
                self.unowned.append(self._observation(sentence, openly, None, times))
            for found in said:
                if found.rule != "share":
                    sentence.last = found
                if (owner := self.owners.of(sentence, found)) is not None:
                    sentence.last_owner = owner
                    sentence.said.append(found)
                    sentence.last_end = quantity.phrase.end
                    for past in former:
                        if past.kind == quantity.kind and found.value is None:
                            was = replace(found, quantity=past)
                            sentence.done.append(self._observation(sentence, was, owner, times))
                    sentence.done.append(self._observation(sentence, found, owner, times))
                elif not self.owners.is_of_several(quantity):
                    self.unowned.append(self._observation(sentence, found, None, times))
            former = []
        return sentence.done

    def _observation(self, sentence: Said, found: Found, owner: Placed | None, times: list[Time]) -> Observation:
        quantity = found.quantity
        start = min(found.phrase.start, quantity.phrase.start)
        status = self._status(sentence, found, times)
        return Observation(
            entity=owner.key if owner else "",
            indicator=found.name,
            value=quantity.value if found.value is None else found.value,
            unit=quantity.unit,
            evidence=Evidence(
                span=TextSpan(start, max(quantity.phrase.end, found.phrase.end)),
                sentence=sentence.span,
                rule=f"observation:{found.rule}",
                confidence=CONFIDENCE[found.rule],
            ),
            value_max=quantity.value_max,
            year=self._year(sentence, found, times),
            comparator=quantity.comparator,
            status=status,
        )

    def _year(self, sentence: Said, found: Found, times: list[Time]) -> str | None:
        """The time said in the clause; else that of the figure before it, or of a clause that says nothing else."""
        if found.measure is not None and found.measure.fixed:
            return None
        clause = self.topics.clause_at(found.quantity.phrase.start)
        times = [t for t in times if self.view.text[t.span.start - 1 : t.span.start] not in ("比", "较")]
        own = [t for t in times if clause.start <= t.span.start and t.span.end <= found.quantity.phrase.start]
        alone = [
            t
            for t in times
            if t.span.end < clause.start
            and len(t.date or "") < len("2022-01-01")  # a day is when something happened, not what is counted over
            and self._is_alone(t.span)
        ]
        said = own or alone
        if said and said[-1].span.start > sentence.year_at:
            sentence.year, sentence.year_at = said[-1].year, said[-1].span.start
        return sentence.year

    def _is_alone(self, time: TextSpan) -> bool:
        """Whether a clause says a time and nothing else: 2023年, 到2027年, “今年前三季度."""
        tokens = tokens_in(self.view, self.topics.clause_at(time.start), [time])
        return all(token.tag == "w" for token in without_times(tokens))

    def _status(self, sentence: Said, found: Found, times: list[Time]) -> Status:
        """A plan where the clause says so, or one before it that nothing has taken back since."""
        position = found.quantity.phrase.start
        clause = self.topics.clause_at(position)
        if self._cues(self.words.plans, clause.start, position) or any(
            time.is_plan for time in times if clause.start <= time.span.start < position
        ):
            return "target"
        if found.measure is not None and found.measure.fixed:
            return "actual"
        if self._cues(self.words.actual, clause.start, position):
            return "actual"
        plans = self._cues(self.words.lasting_plans, sentence.span.start, clause.start)
        plans += [time.span.start for time in times if time.is_plan and time.span.end <= clause.start]
        actual = self._cues(self.words.actual, sentence.span.start, clause.start)
        return "target" if max(plans, default=-1) > max(actual, default=-1) else "actual"

    def _cues(self, pattern: re.Pattern[str], start: int, end: int) -> list[int]:
        """Where the words stand, names and titles aside (“铜都再造”计划)."""
        names = self.view.placed_in(TextSpan(max(0, start - 40), end))
        return [
            match.start()
            for match in pattern.finditer(self.view.text, start, end)
            if not any(placed.span.start <= match.start() < placed.span.end for placed in names)
        ]
