"""Entities in a sentence → relations, by the phrasings of ``lexicon/relations.yaml``.

A phrasing is a pattern over the sentence with each placed entity shrunk to one character: ``{s}`` and ``{o}`` are
a name or a coordinated list, ``{o:Company}`` one of that class, ``~`` a gap of at most 14 characters inside the
clause, ``~~`` one of at most 40 inside the sentence. Without ``{s}`` the subject is who the clause is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Placed, View
from kg.model import Evidence, Relation, TextSpan
from kg.ontology import Ontology

_BASE = 0xE000
_LIST = r"[\ue000-\uf8ff](?:(?:、|和|与|及|以及|，以及|暨)[\ue000-\uf8ff])*"


@dataclass(frozen=True)
class Phrasing:
    """One way Chinese says a property."""

    property: str
    say: str
    pattern: re.Pattern[str]
    has_subject: bool
    classes: dict[str, str]
    confidence: float
    inverse: bool
    not_object: tuple[str, ...]
    single: bool


@cache
def phrasings(folder: Path) -> tuple[Phrasing, ...]:
    """The phrasings of a lexicon folder, in its order."""
    data: dict[str, list[dict[str, Any]]] = read_lexicon(folder, "relations")
    return tuple(_compile(name, row) for name, rows in data.items() if name not in {"plan", "negation"} for row in rows)


def _compile(name: str, row: dict[str, Any]) -> Phrasing:
    classes: dict[str, str] = {}

    def slot(match: re.Match[str]) -> str:
        if match[2]:
            classes[match[1]] = match[2]
        return f"(?P<{match[1]}>{_LIST})"

    pattern = row["say"].replace("~~", "[^。；;！？\n]{0,40}?").replace("~", "[^，,。；;：:！？\n\ue000-\uf8ff]{0,14}?")
    pattern = re.sub(r"\{([so])(?::(\w+))?\}", slot, pattern)
    return Phrasing(
        name,
        row["say"],
        re.compile(pattern),
        "{s" in row["say"],
        classes,
        float(row.get("confidence", 0.8)),
        bool(row.get("inverse", False)),
        tuple(row.get("not_object", ())),
        bool(row.get("single", False)),
    )


def find_relations(view: View, ontology: Ontology) -> list[Relation]:
    """Every relation a phrasing finds, within its property's domain and range; each once."""
    data = read_lexicon(ontology.lexicon, "relations")
    plan, negation = (re.compile("|".join(data[key])) for key in ("plan", "negation"))
    found: dict[tuple[str, str, str], Relation] = {}
    for sentence in view.sentences:
        placed = view.placed_in(sentence)
        if not placed:
            continue
        encoded = _Encoded(view, sentence, placed)
        for phrasing in phrasings(ontology.lexicon):
            for relation in _matches(encoded, phrasing, ontology, plan, negation):
                found.setdefault((relation.subject, relation.property, relation.object), relation)
    for relation in _by_name(view, ontology):
        found.setdefault((relation.subject, relation.property, relation.object), relation)
    return list(found.values())


def _by_name(view: View, ontology: Ontology) -> Iterator[Relation]:
    """What a name says by itself: 岚泉市人民政府 governs 岚泉市."""
    rows: list[dict[str, Any]] = read_lexicon(ontology.lexicon, "names")
    areas = [placed for placed in view.placed if placed.is_name]
    for row in rows:
        tails = re.compile(f"^(?:{'|'.join(row['tails'])})$")
        for body in areas:
            if not ontology.is_a(body.label_, row["class"]):
                continue
            name = body.span.of(view.text)
            for area in areas:
                stem = area.span.of(view.text)
                if not name.startswith(stem) or not ontology.allows(row["property"], body.label_, area.label_):
                    continue
                if tails.match(name[len(stem) :]) and area.key != body.key:
                    sentence = view.sentence_at(body.span.start) or body.span
                    evidence = Evidence(body.span, sentence, f"name:{row['property']}", 0.9)
                    yield Relation(body.key, row["property"], area.key, evidence)


class _Encoded:
    """A sentence in which each placed entity is one character."""

    def __init__(self, view: View, sentence: TextSpan, placed: Sequence[Placed]) -> None:
        self.view, self.sentence, self.placed = view, sentence, placed
        pieces: list[str] = []
        self.offsets: list[int] = []  # encoded index → offset in the text
        position = sentence.start
        for i, item in enumerate(placed):
            pieces += view.text[position : item.span.start]
            self.offsets += range(position, item.span.start)
            pieces.append(chr(_BASE + i))
            self.offsets.append(item.span.start)
            position = item.span.end
        pieces += view.text[position : sentence.end]
        self.offsets += range(position, sentence.end + 1)
        self.text = "".join(pieces)

    def listed(self, characters: str) -> list[Placed]:
        return [self.placed[ord(c) - _BASE] for c in characters if "\ue000" <= c <= "\uf8ff"]


def _matches(
    encoded: _Encoded, phrasing: Phrasing, ontology: Ontology, plan: re.Pattern[str], negation: re.Pattern[str]
) -> Iterator[Relation]:
    view = encoded.view
    for match in phrasing.pattern.finditer(encoded.text):
        objects = encoded.listed(match["o"])
        if phrasing.single and len(objects) > 1:
            continue
        start = encoded.offsets[match.start()]
        end = encoded.offsets[match.end() - 1]
        end = max([end + 1, *(item.span.end for item in objects)])
        if phrasing.has_subject:
            subjects = encoded.listed(match["s"])
        else:
            domain = ontology.properties[phrasing.property]
            allowed = domain.range if phrasing.inverse else domain.domain
            subjects = list(
                view.subjects(start, lambda c, a=allowed: not a or any(ontology.is_a(c, x) for x in a))  # type: ignore[misc]
            )
        clause = view.text[view.clause_at(start).start : end]
        if negation.search(clause):
            continue
        said = clause if phrasing.has_subject else view.text[view.clause_at(start).start : start]
        status = "target" if plan.search(said) else "actual"
        for s in subjects:
            for o in objects:
                a, b = (o, s) if phrasing.inverse else (s, o)
                if s.key == o.key or not ontology.allows(phrasing.property, a.label_, b.label_):
                    continue
                if any(ontology.is_a(o.label_, c) for c in phrasing.not_object):
                    continue
                if any(not ontology.is_a({"s": s, "o": o}[k].label_, c) for k, c in phrasing.classes.items()):
                    continue
                inside = [x.span.start for x in (s, o) if encoded.sentence.contains(x.span)]
                last = [x.span.end for x in (s, o) if encoded.sentence.contains(x.span)]
                span = TextSpan(min([start, *inside]), max([end, *last]))
                evidence = Evidence(span, encoded.sentence, f"{phrasing.property}:{phrasing.say}", phrasing.confidence)
                yield Relation(a.key, phrasing.property, b.key, evidence, status)  # type: ignore[arg-type]
