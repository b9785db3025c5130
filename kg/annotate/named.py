"""What names say by themselves: 福建省福州市 is two areas, one in the other; 岚泉市人民政府 governs 岚泉市.

In: the placed names of a view, and ``lexicon/areas.yaml`` and ``names.yaml``. Out: relations.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kg.annotate.areas import are_peers, is_smaller
from kg.annotate.lexicon import read_lexicon
from kg.annotate.view import Placed, View
from kg.model import Evidence, Relation
from kg.ontology import Ontology


def named_relations(view: View, ontology: Ontology) -> Iterator[Relation]:
    """The relations that names state, side by side or one in another; they may repeat."""
    yield from _beside(view, ontology)
    yield from _by_name(view, ontology)
    yield from _by_rank(view, ontology)


def _beside(view: View, ontology: Ontology) -> Iterator[Relation]:
    """What two names that run together say: 福建省福州市晋安区, 石桥镇澜东工业园."""
    rows: list[dict[str, Any]] = read_lexicon(ontology.lexicon, "areas")["beside"]
    fine: tuple[str, ...] = tuple(read_lexicon(ontology.lexicon, "areas")["own_area"])
    for i, outer in enumerate(view.placed[:-1]):
        inner = view.placed[i + 1]
        if outer.span.end != inner.span.start or outer.key == inner.key:
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
