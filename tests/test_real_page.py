"""A real page as found on the web, damaged by a mirror: what the graph must hold of it, and what it must not."""

import re
from pathlib import Path

import pytest

from kg.annotate import annotate
from kg.model import Extraction
from kg.read import read_article

PAGE = Path(__file__).resolve().parents[2] / "shared" / "articles" / "jinan-one-zone-one-circle.txt"


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    if not PAGE.exists():
        pytest.skip("the real page lies beside the checkout, in ../shared/articles, and is not there")
    return next(annotate([read_article(PAGE)]))


@pytest.fixture(scope="module")
def said(extraction: Extraction) -> set[tuple[str, str, str]]:
    name = {entity.key: entity.name for entity in extraction.entities}
    return {(name[r.subject], r.property, name[r.object]) for r in extraction.relations}


@pytest.mark.parametrize(
    "fact",
    [
        ("晋安科创走廊", "adoptsLayout", "一区一圈多点"),
        ("一区一圈多点", "hasComponent", "一区"),
        ("一区一圈多点", "hasComponent", "一圈"),
        ("一区一圈多点", "hasComponent", "多点"),
        ("一区", "denotes", "福兴经济开发区"),
        ("一圈", "denotes", "新店科创圈"),
        ("多点", "denotes", "宦溪绿色工业园区"),
        ("多点", "denotes", "三环沿山片区科创示范带"),
        ("新店科创圈", "hasCore", "华为福建区域总部项目"),
        ("晋安区", "organizes", "第五届“创响福建”中小企业创新创业大赛光电专题赛"),
        ("岳峰镇", "partOf", "晋安区"),
    ],
)
def test_the_page_says(said: set[tuple[str, str, str]], fact: tuple[str, str, str]) -> None:
    assert fact in said


@pytest.mark.parametrize(
    "milestone",
    [
        ("福州数字内容产业园", "opened", "2022-06-22"),
        ("晋安三创中心", "toppedOut", "2022-07-08"),
    ],
)
def test_the_page_dates(extraction: Extraction, milestone: tuple[str, str, str]) -> None:
    name = {entity.key: entity.name for entity in extraction.entities}
    assert milestone in {(name[m.entity], m.type, m.date) for m in extraction.milestones}


def test_a_figure_keeps_its_year_and_base_unit(extraction: Extraction) -> None:
    figures = {(o.entity.split(":")[1], o.indicator, int(o.value), o.unit, o.year) for o in extraction.observations}
    assert ("福兴经济开发区", "工业产值", 48_000_000_000, "元", "2021") in figures


def test_nothing_is_taken_from_a_damaged_number(extraction: Extraction) -> None:
    assert not [o for o in extraction.observations if "床位" in o.indicator]


def test_no_name_holds_pinyin(extraction: Extraction) -> None:
    assert not [e.name for e in extraction.entities if re.search(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+[)）]", e.name)]


def test_evidence_quotes_the_source_exactly(extraction: Extraction) -> None:
    article = extraction.article
    for statement in (*extraction.relations, *extraction.observations, *extraction.milestones):
        start, end = article.to_source(statement.evidence.span)
        assert 0 <= start < end <= len(article.source_text)
