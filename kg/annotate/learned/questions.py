"""What an article's text, names, figures and times leave open, as arrays that the model of facts reads.

Three kinds of questions: which property holds of two things; whose a figure is; what happened to a thing, and when.
Each is asked of the places where both stand closest to each other: a row says where these are, how far apart, and
what lies between. What the rules answered is part of the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.annotate.learned.tagger import tags_of
from kg.annotate.lexicon import read_lexicon
from kg.annotate.quantities import Quantity
from kg.annotate.times import Time
from kg.annotate.view import View
from kg.model import Milestone, Observation, Relation, TextSpan
from kg.ontology import Ontology

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

ROW = (
    *("first_start", "first_end", "second_start", "second_end", "between_start", "between_end"),
    *("order", "distance", "sentences", "names", "marks", "first_is_name", "second_is_name", "other_paragraph"),
)
"""The columns of a row: six positions, then features of few values each …"""
ROW_VALUES = (3, 14, 6, 7, 6, 2, 2, 2)
"""… as many as this."""
OF_ARTICLES = frozenset({"publishedBy", "authoredBy"})
NOT_NAMED = frozenset({"Article", "Milestone", "Observation"})
NO_OWNERS = frozenset({"MediaOutlet", "Industry", "Technology", "Designation"})
PLACES_PER_PAIR = 3
PLACES_PER_THING = 6
OWNERS_PER_FIGURE = 12
MAX_SENTENCES_APART = 2
MAX_SENTENCES_TO_OWNER = 3
MAX_BETWEEN_CHARS = 56
_DISTANCES = np.array([0, 1, 2, 4, 7, 11, 16, 24, 36, 56, 90, 150])
_MARKS = "，。；;："
_WORDS = re.compile("[\u4e00-\u9fff]{2,}")
_SLOT = re.compile(r"\{.*?\}")


class Site(NamedTuple):
    """Where a thing is named, or referred to: ``thing`` is its number, ``sentence`` that of the sentence, -1 outside."""

    span: TextSpan
    thing: int
    sentence: int
    is_name: bool


@dataclass(frozen=True)
class Vocabulary:
    """What the numbers in questions and answers mean; made of the ontology and its lexicon alone."""

    classes: tuple[str, ...]
    properties: tuple[str, ...]
    types: tuple[str, ...]
    kinds: tuple[str, ...]
    allowed: NDArray[np.bool_]  # [classes, classes, properties]
    cues: tuple[tuple[str, tuple[int, ...]], ...]  # words that say a property or a type, and which

    @staticmethod
    def of(ontology: Ontology) -> Vocabulary:
        """The vocabulary of an ontology; made once for each."""
        return _vocabulary(ontology.folder)

    @staticmethod
    def read(written: Mapping[str, Any], ontology: Ontology) -> Vocabulary:
        """The vocabulary that :meth:`written` wrote, under what an ontology allows."""
        classes, properties = tuple(written["classes"]), tuple(written["properties"])
        cues = tuple((word, tuple(says)) for word, says in written["cues"].items())
        return Vocabulary(
            classes,
            properties,
            tuple(written["types"]),
            tuple(written["kinds"]),
            _allowed(ontology, classes, properties),
            cues,
        )

    def written(self) -> dict[str, Any]:
        """All but what is allowed, for JSON."""
        named = {name: list(getattr(self, name)) for name in ("classes", "properties", "types", "kinds")}
        return {**named, "cues": {word: list(says) for word, says in self.cues}}

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The BIO tags of names."""
        return tuple(tags_of(self.classes))

    @cached_property
    def cue_count(self) -> int:
        """How many things cues say: properties, then types."""
        return len(self.properties) + len(self.types)

    @cached_property
    def cue_words(self) -> tuple[re.Pattern[str], dict[str, tuple[int, ...]]]:
        """One expression of all cues, the longest first, and what each says."""
        words = sorted((word for word, _ in self.cues), key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, words))), dict(self.cues)


@cache
def _vocabulary(folder: Path) -> Vocabulary:
    ontology = Ontology.load(folder)
    classes = tuple(sorted(set(ontology.classes) - NOT_NAMED))
    properties = tuple(sorted(p for p, known in ontology.properties.items() if p not in OF_ARTICLES and known.range))
    allowed = _allowed(ontology, classes, properties)
    happenings = read_lexicon(ontology.lexicon, "milestones")
    types = tuple(sorted({row["type"] for row in happenings}))
    cues: dict[str, set[int]] = {}
    for name, rows in read_lexicon(ontology.lexicon, "relations").items():
        for row in rows if name in properties else ():
            for word in (*row.get("verbs", ()), *_WORDS.findall(_SLOT.sub("", row.get("say", "")))):
                cues.setdefault(word, set()).add(properties.index(name))
    for row in happenings:
        for word in row["say"]:
            cues.setdefault(word, set()).add(len(properties) + types.index(row["type"]))
    kinds = tuple(sorted({row["kind"] for row in read_lexicon(ontology.lexicon, "units")}))
    words = tuple((word, tuple(sorted(said))) for word, said in sorted(cues.items()))
    return Vocabulary(classes, properties, types, kinds, allowed, words)


def _allowed(ontology: Ontology, classes: Sequence[str], properties: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([[[ontology.allows(p, a, b) for p in properties] for b in classes] for a in classes])


@dataclass(frozen=True, eq=False)
class Asked:
    """Questions of one kind. Each has some ``rows``; of several answers to one question the surest counts.

    ``rows`` is ``[rows, len(ROW)]``; ``question`` says of each row which it belongs to; ``classes`` is ``[rows, 2]``;
    ``said`` is ``[questions, …]``: what the rules say.
    """

    rows: Ints
    question: Ints
    classes: Ints
    said: Floats


@dataclass(frozen=True, eq=False)
class Questions:
    """All that is asked of one article. Of each character: ``tags``, ``named`` (1 a name, 2 a reference), ``marked``
    (1 a time, 2 a quantity) and the ``cues`` (``[characters, Vocabulary.cue_count]``)."""

    tags: Ints
    named: Ints
    marked: Ints
    cues: Floats
    things: tuple[str, ...]  # the keys
    pairs: tuple[tuple[int, int], ...]  # subject, object: numbers of things
    allowed: NDArray[np.bool_]  # [pairs, properties]: what the ontology lets be said of them
    relations: Asked
    owners: Asked
    owned: tuple[tuple[int, int], ...]  # quantity, thing
    happenings: Asked
    happened: tuple[tuple[int, str | None], ...]  # thing, date
    plans: Floats  # [rows of happenings, 2]: the time is a plan; a period


def ask(
    vocabulary: Vocabulary,
    view: View,
    quantities: Sequence[Quantity],
    times: Sequence[Time],
    relations: Iterable[Relation] = (),
    observations: Iterable[Observation] = (),
    milestones: Iterable[Milestone] = (),
) -> Questions:
    """The questions of one article, with what the rules found."""
    return _Asker(vocabulary, view).ask(quantities, times, relations, observations, milestones)


class _Asker:
    def __init__(self, vocabulary: Vocabulary, view: View) -> None:
        self.vocabulary, self.view = vocabulary, view
        known = {label: i for i, label in enumerate(vocabulary.classes)}
        placed = [p for p in view.placed if p.label_ in known]
        self.things = tuple(dict.fromkeys(p.key for p in placed))
        number = {key: i for i, key in enumerate(self.things)}
        self.labels = np.zeros(len(self.things), dtype=np.int64)
        self.number = number
        self.sites: list[Site] = []
        self._sentence_starts = [s.start for s in view.sentences]
        for p in placed:
            self.labels[number[p.key]] = known[p.label_]
            self.sites.append(Site(p.span, number[p.key], self._sentence(p.span.start), p.is_name))
        self.starts = np.array([site.span.start for site in self.sites], dtype=np.int64)
        self.commas = np.array([0, *accumulate(c in _MARKS for c in view.text)], dtype=np.int64)
        self.breaks = np.array([0, *accumulate(c == "\n" for c in view.text)], dtype=np.int64)

    def _sentence(self, position: int) -> int:
        index = int(np.searchsorted(self._sentence_starts, position, side="right")) - 1
        return index if index >= 0 and position < self.view.sentences[index].end else -1

    def ask(
        self,
        quantities: Sequence[Quantity],
        times: Sequence[Time],
        relations: Iterable[Relation],
        observations: Iterable[Observation],
        milestones: Iterable[Milestone],
    ) -> Questions:
        names = [site for site in self.sites if site.is_name]
        inside = [any(n.span.contains(q.span) for n in names) for q in quantities]
        figures = [i for i, named in enumerate(inside) if not named]
        dated = [
            (time, self._sentence(time.span.start), date)
            for time in times
            if time.kind != "now"
            and (date := time.date or (time.year if time.kind == "period" else None))
            and not any(n.span.contains(time.span) for n in names)
        ]
        pairs, of_pairs = self._pairs(relations)
        owned, of_owners = self._owners(quantities, figures, observations)
        happened, of_happenings, plans = self._happenings(dated, milestones)
        length = len(self.view.text)
        tags, named = np.zeros(length, dtype=np.int64), np.zeros(length, dtype=np.int64)
        for site in self.sites:
            begins = 1 + 2 * int(self.labels[site.thing])
            tags[slice(*site.span)] = begins + 1
            tags[site.span.start] = begins
            named[slice(*site.span)] = 1 if site.is_name else 2
        marked = np.zeros(length, dtype=np.int64)
        for time in times:
            marked[slice(*time.span)] = 1
        for quantity in quantities:
            marked[slice(*quantity.span)] = 2
        return Questions(
            tags=tags,
            named=named,
            marked=marked,
            cues=self._cues(),
            things=self.things,
            pairs=pairs,
            allowed=self._allowed(pairs),
            relations=of_pairs,
            owners=of_owners,
            owned=owned,
            happenings=of_happenings,
            happened=happened,
            plans=plans,
        )

    def _allowed(self, pairs: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
        ends = self.labels[np.array(pairs, dtype=np.int64).reshape(-1, 2)]
        allowed: NDArray[np.bool_] = self.vocabulary.allowed[ends[:, 0], ends[:, 1]]
        return allowed

    def _cues(self) -> Floats:
        pattern, says = self.vocabulary.cue_words
        cues = np.zeros((len(self.view.text), self.vocabulary.cue_count), dtype=np.float32)
        for match in pattern.finditer(self.view.text):
            cues[match.start() : match.end(), list(says[match[0]])] = 1
        return cues

    def _pairs(self, relations: Iterable[Relation]) -> tuple[tuple[tuple[int, int], ...], Asked]:
        sentences = np.array([site.sentence for site in self.sites], dtype=np.int64)
        things = np.array([site.thing for site in self.sites], dtype=np.int64)
        ends = np.array([site.span.end for site in self.sites], dtype=np.int64)
        first, second = np.nonzero(np.abs(sentences[:, None] - sentences[None]) <= MAX_SENTENCES_APART)
        may: NDArray[np.bool_] = np.any(self.vocabulary.allowed, axis=-1)
        keep = (things[first] != things[second]) & may[self.labels[things[first]], self.labels[things[second]]]
        first, second = first[keep], second[keep]
        apart = np.abs(sentences[first] - sentences[second])
        distance = np.maximum(self.starts[second] - ends[first], self.starts[first] - ends[second])
        pair = things[first] * max(1, len(self.things)) + things[second]
        order = np.lexsort((second, first, distance, apart, pair))
        chosen = order[_first_of_each(pair[order], PLACES_PER_PAIR)]
        numbers, question = np.unique(pair[chosen], return_inverse=True)
        pairs = tuple((int(n) // max(1, len(self.things)), int(n) % max(1, len(self.things))) for n in numbers)
        spans = [(self.sites[i].span, self.sites[j].span) for i, j in zip(first[chosen], second[chosen], strict=True)]
        named = [[self.sites[i].is_name for i in ends] for ends in (first[chosen], second[chosen])]
        rows = self._rows(spans, apart[chosen], *named)
        where, width = {pair: i for i, pair in enumerate(pairs)}, len(self.vocabulary.properties)
        said = np.zeros((len(pairs), 2 * width), dtype=np.float32)
        for relation in relations:
            subject, object_ = self.number.get(relation.subject), self.number.get(relation.object)
            if subject is None or object_ is None or relation.property not in self.vocabulary.properties:
                continue
            column = self.vocabulary.properties.index(relation.property)
            if (subject, object_) in where:
                said[where[subject, object_], column] = 1
            if (object_, subject) in where:
                said[where[object_, subject], width + column] = 1
        classes = np.stack([self.labels[things[first[chosen]]], self.labels[things[second[chosen]]]], axis=1)
        return pairs, Asked(rows, question.astype(np.int64), classes.reshape(-1, 2), said)

    def _owners(
        self, quantities: Sequence[Quantity], figures: Sequence[int], observations: Iterable[Observation]
    ) -> tuple[tuple[tuple[int, int], ...], Asked]:
        no_owners = {i for i, label in enumerate(self.vocabulary.classes) if label in NO_OWNERS}
        said_of = {(observation.entity, abs(observation.value)) for observation in observations}
        spans: list[tuple[TextSpan, TextSpan]] = []
        owned: list[tuple[int, int]] = []
        apart: list[int] = []
        named: list[bool] = []
        for index in figures:
            figure = quantities[index].span
            sentence = self._sentence(figure.start)
            near = sorted(
                (abs(site.sentence - sentence), max(site.span.start - figure.end, figure.start - site.span.end), i)
                for i, site in enumerate(self.sites)
                if abs(site.sentence - sentence) <= MAX_SENTENCES_TO_OWNER and int(self.labels[site.thing]) not in no_owners
            )  # fmt: skip
            seen: set[int] = set()
            for away, _, i in near:
                site = self.sites[i]
                if site.thing in seen:
                    continue
                seen.add(site.thing)
                spans.append((site.span, figure))
                owned.append((index, site.thing))
                apart.append(away)
                named.append(site.is_name)
                if len(seen) == OWNERS_PER_FIGURE:
                    break
        rows = self._rows(spans, np.array(apart, dtype=np.int64), named, [False] * len(spans))
        kinds = {kind: i for i, kind in enumerate(self.vocabulary.kinds)}
        classes = [[kinds[quantities[q].kind], int(self.labels[thing])] for q, thing in owned]
        said = [[float((self.things[thing], abs(quantities[q].value)) in said_of)] for q, thing in owned]
        return tuple(owned), Asked(
            rows,
            np.arange(len(owned)),
            np.array(classes, dtype=np.int64).reshape(-1, 2),
            np.array(said, dtype=np.float32).reshape(-1, 1),
        )

    def _happenings(
        self, dated: Sequence[tuple[Time, int, str]], milestones: Iterable[Milestone]
    ) -> tuple[tuple[tuple[int, str | None], ...], Asked, Floats]:
        sites: dict[int, list[Site]] = {}
        for site in self.sites:
            sites.setdefault(site.thing, []).append(site)
        spans: list[tuple[TextSpan, TextSpan]] = []
        happened: list[tuple[int, str | None]] = []
        question, apart, named, undated, plans = (
            list[int](),
            list[int](),
            list[bool](),
            list[bool](),
            list[list[float]](),
        )
        for thing, places in sites.items():
            places = sorted(places, key=lambda site: (not site.is_name, site.span))[:PLACES_PER_THING]
            for site in places:
                spans.append((site.span, site.span))
                question.append(len(happened))
                apart.append(0)
                named.append(site.is_name)
                undated.append(True)
                plans.append([0.0, 0.0])
            happened.append((thing, None))
            near: dict[str, list[tuple[int, int, int, int]]] = {}
            for t, (time, sentence, date) in enumerate(dated):
                for i, site in enumerate(sites[thing]):
                    if abs(site.sentence - sentence) <= MAX_SENTENCES_APART:
                        away = max(time.span.start - site.span.end, site.span.start - time.span.end)
                        near.setdefault(date, []).append((abs(site.sentence - sentence), away, i, t))
            for date, found in near.items():
                for away, _, i, t in sorted(found)[:PLACES_PER_PAIR]:
                    site, time = sites[thing][i], dated[t][0]
                    spans.append((site.span, time.span))
                    question.append(len(happened))
                    apart.append(away)
                    named.append(site.is_name)
                    undated.append(False)
                    plans.append([float(time.is_plan), float(time.kind == "period")])
                happened.append((thing, date))
        where = {asked: i for i, asked in enumerate(happened)}
        said = np.zeros((len(happened), len(self.vocabulary.types)), dtype=np.float32)
        for milestone in milestones:
            thing_ = self.number.get(milestone.entity)
            if thing_ is not None and (thing_, milestone.date) in where:
                said[where[thing_, milestone.date], self.vocabulary.types.index(milestone.type)] = 1
        rows = self._rows(spans, np.array(apart, dtype=np.int64), named, undated)
        labels = [[int(self.labels[happened[q][0]])] * 2 for q in question]
        asked = Asked(rows, np.array(question, dtype=np.int64), np.array(labels, dtype=np.int64).reshape(-1, 2), said)
        return (
            tuple(happened),
            asked,
            np.array(plans, dtype=np.float32).reshape(-1, 2),
        )

    def _rows(
        self, spans: Sequence[tuple[TextSpan, TextSpan]], apart: Ints, first_named: Sequence[bool], second_named: Sequence[bool]
    ) -> Ints:  # fmt: skip
        at = np.array([[*first, *second] for first, second in spans], dtype=np.int64).reshape(-1, 4)
        s1, e1, s2, e2 = at.T
        before, behind = e1 <= s2, e2 <= s1
        start = np.where(before, e1, np.where(behind, e2, s1))
        end = np.where(before, s2, np.where(behind, s1, e1))
        names = np.searchsorted(self.starts, end) - np.searchsorted(self.starts, start)
        marks = self.commas[end] - self.commas[start]
        return np.stack(
            [
                *(s1, e1, s2, e2, start, np.minimum(end, start + MAX_BETWEEN_CHARS)),
                np.where(before, 0, np.where(behind, 1, 2)),
                np.searchsorted(_DISTANCES, end - start),
                np.minimum(apart, 5),
                np.minimum(names, 6),
                np.minimum(marks, 5),
                np.array(first_named, dtype=np.int64),
                np.array(second_named, dtype=np.int64),
                (self.breaks[s1] != self.breaks[s2]).astype(np.int64),
            ],
            axis=1,
        )


def _first_of_each(values: Ints, count: int) -> NDArray[np.bool_]:
    """Of sorted ``values``, which are among the first ``count`` of their kind."""
    starts = np.searchsorted(values, values)
    return np.arange(len(values)) - starts < count
