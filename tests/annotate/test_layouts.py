"""Layout formulas: their parts, and the places that the parts denote by their names."""

import pytest

from kg.annotate.layouts import components_of, find_layout_relations
from kg.model import Entity, Mention, TextSpan

TEXT = "青岚构建“三谷一廊”格局。光子谷、氢能谷、智驾谷沿青岚走廊分布，青岚科技园在东。"


def entity(label: str, name: str) -> Entity:
    start = TEXT.index(name)
    mention = Mention(TextSpan(start, start + len(name)), name, label, "head")
    return Entity(f"{label}:{name}", label, name, mentions=(mention,))


def denoted(*places: tuple[str, str]) -> list[tuple[str, str]]:
    entities = [entity("SpatialLayout", "三谷一廊"), *(entity(*place) for place in places)]
    where = {e.key: TextSpan(0, len(TEXT)) for e in entities}
    _, relations = find_layout_relations(entities, where)
    return [(r.subject, r.object) for r in relations if r.property == "denotes"]


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        ("一区一圈多点", ["一区", "一圈", "多点"]),
        ("“一园三片”", ["一园", "三片"]),
        ("一主四副、两轴联动", ["一主", "四副", "两轴"]),
        ("一心引领、两轴联动", ["一心", "两轴"]),
        ("一带三区N基地", ["一带", "三区", "N基地"]),
        ("一区格局", []),
    ],
)
def test_a_formula_has_parts(formula: str, parts: list[str]) -> None:
    assert components_of(formula) == parts


def test_a_part_denotes_the_places_named_as_it_is_if_they_are_as_many() -> None:
    valleys = [("IndustrialPark", "光子谷"), ("IndustrialPark", "氢能谷"), ("IndustrialPark", "智驾谷")]
    assert denoted(*valleys) == [("LayoutComponent:三谷", f"IndustrialPark:{name}") for _, name in valleys]


def test_a_part_denotes_nothing_where_the_places_are_fewer_or_named_otherwise() -> None:
    assert denoted(("IndustrialPark", "光子谷"), ("IndustrialPark", "氢能谷"), ("IndustrialPark", "青岚科技园")) == []
