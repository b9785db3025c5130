"""Layout formulas: “一区一圈多点” is a SpatialLayout whose components are 一区, 一圈 and 多点."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.model import Entity, Evidence, Relation, TextSpan

_PART = re.compile(
    r"[一二两双三四五六七八九十多\d][\u4e00-\u9fff]{1,2}?(?=(?:[\u4e00-\u9fff]{2})?、|[一二两双三四五六七八九十多\d]|(?:[\u4e00-\u9fff]{2})?$)"
)


def components_of(formula: str) -> list[str]:
    """The parts of a formula.

    >>> components_of("一区一圈多点")
    ['一区', '一圈', '多点']
    """
    parts = _PART.findall(formula)
    said = re.sub("、", "", formula)
    return parts if len(parts) > 1 and len(said) - len("".join(parts)) in {0, 2 * len(parts)} else []


def find_layout_relations(
    entities: Sequence[Entity], sentence_of: dict[str, TextSpan]
) -> tuple[list[Entity], list[Relation]]:
    """The components of every layout: those the text does not name apart become entities of their own."""
    known = {entity.name: entity for entity in entities if entity.label_ == "LayoutComponent"}
    added: list[Entity] = []
    relations: list[Relation] = []
    for layout, part, evidence in _parts(entities, sentence_of):
        if part not in known:
            known[part] = Entity(f"LayoutComponent:{part}", "LayoutComponent", part, evidence=evidence)
            added.append(known[part])
        relations.append(Relation(layout.key, "hasComponent", known[part].key, evidence))
    return added, relations


def _parts(entities: Sequence[Entity], sentence_of: dict[str, TextSpan]) -> Iterator[tuple[Entity, str, Evidence]]:
    for entity in entities:
        if entity.label_ == "SpatialLayout":
            span = entity.mentions[0].span
            position = span.start
            for part in components_of(entity.name):
                start = span.start + entity.name.index(part, position - span.start)
                here = TextSpan(start, start + len(part))
                position = here.end
                yield entity, part, Evidence(here, sentence_of[entity.key], "layout:formula", 0.95)
