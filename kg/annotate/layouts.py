"""Layout formulas: “一区一圈多点” is a SpatialLayout whose components are 一区, 一圈 and 多点."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.model import Entity, Evidence, Relation, TextSpan

_COUNT = "[一二两双三四五六七八九十多\\dN]"
_PART = re.compile(
    rf"{_COUNT}[\u4e00-\u9fff]{{1,2}}?(?=(?:[\u4e00-\u9fff]{{2}})?、|{_COUNT}|(?:[\u4e00-\u9fff]{{2}})?$)"
)
_ACT_CHARS = 2  # 引领, 联动
_NUMBERS = {word: i for i, word in enumerate("零一二三四五六七八九十")} | {"两": 2, "双": 2}
_DENOTED = frozenset({"Place", "Zone", "DevelopmentZone", "IndustrialPark", "InnovationCircle", "Corridor", "Belt"})


def components_of(formula: str) -> list[str]:
    """The parts of a formula.

    >>> components_of("一区一圈多点")
    ['一区', '一圈', '多点']
    >>> components_of("一主四副、两轴联动")
    ['一主', '四副', '两轴']
    """
    parts: list[str] = []
    for said in formula.strip("“”").split("、"):
        found = _PART.findall(said)
        if len(said) - len("".join(found)) not in {0, _ACT_CHARS, _ACT_CHARS * len(found)}:
            return []
        parts += found
    return parts if len(parts) > 1 else []


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
        relations += (
            Relation(known[part].key, "denotes", place.key, replace(evidence, rule="layout:name", confidence=0.7))
            for place in _denoted(part, layout, entities)
        )
    return added, relations


def disagreeing(entities: Sequence[Entity], relations: Iterable[Relation]) -> list[str]:
    """A sentence for each part of a layout that counts other than the places it is said to be.

    >>> part, places = Entity("c", "LayoutComponent", "三核"), [Entity(name, "Zone", name) for name in ("甲区", "乙区")]
    >>> disagreeing([part, *places], [Relation("c", "denotes", e.key, Evidence(TextSpan(0, 1), TextSpan(0, 1), "", 1)) for e in places])
    ['三核 says 3, and 2 are named: 甲区, 乙区']
    """
    names = {entity.key: entity.name for entity in entities}
    said: dict[str, list[str]] = {}
    for relation in relations:
        if relation.property == "denotes" and relation.object in names:
            said.setdefault(names.get(relation.subject, ""), []).append(names[relation.object])
    return [
        f"{part} says {count}, and {len(places)} are named: {', '.join(places)}"
        for part, places in said.items()
        if part and (count := _count(part)) is not None and count != len(places)
    ]


def _count(part: str) -> int | None:
    """The number a part begins with; None for 多 and N."""
    return int(part[0]) if part[0].isdecimal() else _NUMBERS.get(part[0])


def _denoted(part: str, layout: Entity, entities: Sequence[Entity]) -> list[Entity]:
    """The places whose names end as a part does, if they are as many as it says: 三谷 of 光子谷, 氢能谷 and 智驾谷."""
    count, noun = _count(part), part[1:]
    named = [e for e in entities if e.label_ in _DENOTED and e.name.endswith(noun) and e.key != layout.key]
    return named if len(named) == count else []


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
