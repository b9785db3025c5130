"""Entities in a sentence → relations, by the phrasings of ``lexicon/relations.yaml``.

A phrasing is one of two kinds. A row with ``verbs`` names words and the :mod:`~kg.annotate.frames` they take. A row
with ``say`` is a pattern over the sentence with each placed entity shrunk to one character: ``{s}`` and ``{o}`` are
a name or a coordinated list, ``{o:Company}`` one of that class, ``~`` a gap of at most 14 characters inside the
clause, ``~~`` one of at most 40 inside the sentence; without ``{s}`` the subject is who the clause is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kg.annotate.areas import are_peers, is_smaller
from kg.annotate.frames import LIST, Arguments, Encoded, arguments, subjects_at
from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Placed, View
from kg.model import Evidence, Relation, TextSpan
from kg.ontology import Ontology

FRAMES = ("active", "attributive")
NOT_PROPERTIES = frozenset({"plan", "negation"})


@dataclass(frozen=True)
class Phrasing:
    """One way Chinese says a property. ``frames`` is empty where ``pattern`` says it all."""

    property: str
    rule: str
    pattern: re.Pattern[str]
    frames: tuple[str, ...]
    subject: tuple[str, ...]
    object: tuple[str, ...]
    not_subject: tuple[str, ...]
    not_object: tuple[str, ...]
    confidence: float
    inverse: bool
    single: bool
    smaller: bool  # the subject is a smaller administrative area than the object
    exact: bool  # of the classes named, not of those below
    not_after: str  # characters that make the verb another word
    not_before: re.Pattern[str] | None  # what behind the object says another property


@cache
def phrasings(folder: Path) -> tuple[Phrasing, ...]:
    """The phrasings of a lexicon folder in its order, but agreements first: they say who 双方 are."""
    data: dict[str, list[dict[str, Any]]] = read_lexicon(folder, "relations")
    found = [_compile(name, row) for name, rows in data.items() if name not in NOT_PROPERTIES for row in rows]
    return tuple(sorted(found, key=lambda phrasing: "mutual" not in phrasing.frames))


def _compile(name: str, row: dict[str, Any]) -> Phrasing:
    classes: dict[str, list[str]] = {key: _as_list(row.get(key)) for key in ("s", "o", "not_subject", "not_object")}

    def slot(match: re.Match[str]) -> str:
        if match[2]:
            classes[match[1]] = [match[2]]
        return f"(?P<{match[1]}>{LIST})"

    if "verbs" in row:
        pattern = "|".join(sorted(row["verbs"], key=len, reverse=True))
        rule, frames = row["verbs"][0], tuple(row.get("frames", FRAMES))
    else:
        pattern = row["say"].replace("~~", "[^。；;！？\n]{0,40}?")
        pattern = pattern.replace("~", "[^，,。；;：:！？\n\ue000-\uf8ff]{0,14}?")
        pattern = re.sub(r"\{([so])(?::(\w+))?\}", slot, pattern)
        rule, frames = row["say"], ()
    return Phrasing(
        name,
        rule,
        re.compile(pattern),
        frames,
        *(tuple(classes[key]) for key in ("s", "o", "not_subject", "not_object")),
        float(row.get("confidence", 0.8)),
        bool(row.get("inverse", False)),
        *(bool(row.get(key, False)) for key in ("single", "smaller", "exact")),
        row.get("not_after", ""),
        re.compile(row["not_before"]) if "not_before" in row else None,
    )


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def find_relations(view: View, ontology: Ontology) -> list[Relation]:
    """Every relation a phrasing finds, within its property's domain and range; each once."""
    data = read_lexicon(ontology.lexicon, "relations")
    plan, negation = (re.compile("|".join(data[key])) for key in ("plan", "negation"))
    found: dict[tuple[str, str, str], Relation] = {}
    parties: tuple[Placed, ...] = ()
    for sentence in view.sentences:
        placed = view.placed_in(sentence)
        if not placed:
            continue
        encoded = Encoded(view, sentence, placed)
        encoded.parties = parties
        for phrasing in phrasings(ontology.lexicon):
            for match in phrasing.pattern.finditer(encoded.text):
                for said in _arguments(encoded, phrasing, match, ontology):
                    for relation in _stated(encoded, phrasing, said, ontology, plan, negation):
                        found.setdefault((relation.subject, relation.property, relation.object), relation)
        parties = encoded.parties if encoded.parties is not parties else ()  # 双方 of the sentence before
    for relation in (*_beside(view, ontology), *_by_name(view, ontology), *_by_rank(view, ontology)):
        found.setdefault((relation.subject, relation.property, relation.object), relation)
    return list(found.values())


def _allowed(ontology: Ontology, classes: frozenset[str] | tuple[str, ...], not_: tuple[str, ...], label: str) -> bool:
    if any(ontology.is_a(label, c) for c in not_):
        return False
    return not classes or any(ontology.is_a(label, c) for c in classes)


def _arguments(encoded: Encoded, phrasing: Phrasing, match: re.Match[str], ontology: Ontology) -> Iterator[Arguments]:
    """Who and what one match of a phrasing speaks of, in the order the text has them."""
    known = ontology.properties[phrasing.property]
    domain, range_ = (known.range, known.domain) if phrasing.inverse else (known.domain, known.range)
    subject = partial(_allowed, ontology, phrasing.subject or domain, phrasing.not_subject)
    object_ = partial(_allowed, ontology, phrasing.object or range_, phrasing.not_object)
    if encoded.text[match.start() - 1 : match.start()] in tuple(phrasing.not_after):
        return
    if phrasing.frames:
        yield from arguments(encoded, match, phrasing.frames, subject, object_)
        return
    objects = tuple(o for o in encoded.listed(match["o"]) if object_(o.label_))
    if phrasing.single and len(objects) > 1:
        return
    if "s" in match.re.groupindex:
        subjects = tuple(s for s in encoded.listed(match["s"]) if subject(s.label_))
    else:
        subjects = subjects_at(encoded, match.start(), subject)
    yield Arguments(subjects, objects, match.start(), match.end())


def _stated(
    encoded: Encoded,
    phrasing: Phrasing,
    said: Arguments,
    ontology: Ontology,
    plan: re.Pattern[str],
    negation: re.Pattern[str],
) -> Iterator[Relation]:
    view = encoded.view
    if phrasing.not_before and phrasing.not_before.match(encoded.text, said.end):
        return
    start = encoded.offsets[said.start]
    end = max([encoded.offsets[said.end - 1] + 1, *(o.span.end for o in said.objects)])
    clause = view.text[view.clause_at(start).start : end]
    if negation.search(clause):
        return
    status = "target" if plan.search(clause) else "actual"
    for s in said.subjects:
        for o in said.objects:
            a, b = (o, s) if phrasing.inverse else (s, o)
            if s.key == o.key or not ontology.allows(phrasing.property, a.label_, b.label_):
                continue
            if phrasing.exact and s.label_ not in phrasing.subject:
                continue
            if phrasing.smaller and not is_smaller(ontology.lexicon, s.span.of(view.text), o.span.of(view.text)):
                continue
            span = TextSpan(
                *_hull([TextSpan(start, end), *(x.span for x in (s, o) if encoded.sentence.contains(x.span))])
            )
            evidence = Evidence(span, encoded.sentence, f"{phrasing.property}:{phrasing.rule}", phrasing.confidence)
            yield Relation(a.key, phrasing.property, b.key, evidence, status)  # type: ignore[arg-type]


def _hull(spans: list[TextSpan]) -> tuple[int, int]:
    return min(span.start for span in spans), max(span.end for span in spans)


def _beside(view: View, ontology: Ontology) -> Iterator[Relation]:
    """What two names that run together say: 福建省福州市晋安区, 石桥镇澜东工业园."""
    rows: list[dict[str, Any]] = read_lexicon(ontology.lexicon, "areas")["beside"]
    fine: tuple[str, ...] = tuple(read_lexicon(ontology.lexicon, "areas")["own_area"])
    for i, outer in enumerate(view.placed[:-1]):
        inner = view.placed[i + 1]
        if outer.span.end != inner.span.start:
            continue
        areas = outer.label_ == inner.label_ == "AdministrativeArea"
        listed = [inner, *_same_rank(view, i + 1, ontology)] if areas else [inner]
        for row in rows:
            for item in listed:
                name = item.span.of(view.text)
                if item.label_ not in row["classes"] or outer.label_ not in row["outer"]:
                    continue
                if not ontology.allows(row["property"], item.label_, outer.label_):
                    continue
                if areas:
                    if not is_smaller(ontology.lexicon, name, outer.span.of(view.text)):
                        continue
                elif any(tail in name[1:5] for tail in fine):
                    continue  # 湖北省|楚汀市会展中心 says its area itself
                sentence = view.sentence_at(outer.span.start) or outer.span
                span = outer.span.cover(item.span)
                yield Relation(item.key, row["property"], outer.key, Evidence(span, sentence, "beside", 0.8))


def _same_rank(view: View, index: int, ontology: Ontology) -> Iterator[Placed]:
    """The areas listed behind one: 广州、深圳 of 广东省广州、深圳."""
    for item, following in pairwise(view.placed[index:]):
        between = view.text[item.span.end : following.span.start]
        if between not in {"、", "和", "与", "及"} or following.label_ != "AdministrativeArea":
            return
        behind = view.placed[view.placed.index(following) + 1 :][:1]
        if behind and behind[0].span.start == following.span.end:
            return
        if not are_peers(ontology.lexicon, item.span.of(view.text), following.span.of(view.text)):
            return
        yield following


def _by_name(view: View, ontology: Ontology) -> Iterator[Relation]:
    """What a name says by itself: 岚泉市人民政府 governs 岚泉市."""
    names = [placed for placed in view.placed if placed.is_name]
    stems = {placed.key: placed.span.of(view.text) for placed in names}
    for row in _names(ontology.lexicon):
        for whole in names:
            if not ontology.is_a(whole.label_, row.label_):
                continue
            name = whole.span.of(view.text).strip("《》“”")
            fits = [
                part
                for part in names
                if part.key != whole.key
                and (stem := stems[part.key]) in name
                and row.tails.match(name[name.index(stem) + len(stem) :])
                and ontology.allows(row.property, *_order(row, whole, part, "label_"))
            ]
            if fits:
                part = max(fits, key=lambda fit: (len(stems[fit.key]), -fit.span.start))
                sentence = view.sentence_at(whole.span.start) or whole.span
                evidence = Evidence(whole.span, sentence, f"name:{row.property}", 0.9)
                subject, object_ = _order(row, whole, part, "key")
                yield Relation(subject, row.property, object_, evidence)


def governs(ontology: Ontology, body: str, area: str) -> bool:
    """Whether a body of this name governs the area its name holds: 威海市政府 does, 威海市教育局 does not."""
    tail = body[body.rindex(area) + len(area) :]
    return any(row.property == "governs" and row.tails.match(tail) for row in _names(ontology.lexicon))


def _order(row: _NameRow, whole: Placed, part: Placed, field: str) -> tuple[str, str]:
    first, second = getattr(whole, field), getattr(part, field)
    return (second, first) if row.inverse else (first, second)


def _by_rank(view: View, ontology: Ontology) -> Iterator[Relation]:
    """区委 governs the district the article is about."""
    areas = Counter(p.key for p in view.placed if p.label_ == "AdministrativeArea")
    named = {p.key: p for p in reversed(view.placed) if p.is_name and p.label_ == "AdministrativeArea"}
    for row in read_lexicon(ontology.lexicon, "names"):
        for body in view.placed if "alone" in row else ():
            tail = next((t for t, names in row["alone"].items() if body.span.of(view.text) in names), None)
            fits = [key for key in named if tail and named[key].span.of(view.text).endswith(tail)]
            if fits and body.label_ == row["class"]:
                area = max(fits, key=lambda key: areas[key])
                sentence = view.sentence_at(body.span.start) or body.span
                evidence = Evidence(body.span, sentence, "name:alone", 0.7)
                yield Relation(body.key, row["property"], area, evidence)


class _NameRow(NamedTuple):
    property: str
    label_: str
    tails: re.Pattern[str]
    inverse: bool


@cache
def _names(folder: Path) -> tuple[_NameRow, ...]:
    rows: list[dict[str, Any]] = read_lexicon(folder, "names")
    return tuple(
        _NameRow(r["property"], r["class"], re.compile(f"^(?:{'|'.join(r['tails'])})$"), r.get("inverse", False))
        for r in rows
        if "tails" in r
    )
