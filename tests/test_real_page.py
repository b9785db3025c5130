"""A real page as found on the web, damaged by a mirror: what the graph must hold of it, and what it must not."""

import re
from decimal import Decimal
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
        ("新店科创圈", "drives", "民营工业集中区"),
        ("新店科创圈", "drives", "金城科技区"),
        ("新店科创圈", "drives", "五四北科创产业园"),
        ("阿里", "provides", "“钉钉”平台"),
        ("晋安区", "uses", "“钉钉”平台"),
        ("茶园街道", "partOf", "晋安区"),
        ("鼓山镇", "partOf", "晋安区"),
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
        ("晋安数字虚拟产业园", "opened", "2022-07-19"),
    ],
)
def test_the_page_dates(extraction: Extraction, milestone: tuple[str, str, str]) -> None:
    name = {entity.key: entity.name for entity in extraction.entities}
    assert milestone in {(name[m.entity], m.type, m.date) for m in extraction.milestones}


@pytest.mark.parametrize(
    ("owner", "comparator", "value", "unit", "year", "status"),
    [
        ("福兴经济开发区", "=", "3.55", "平方公里", None, "actual"),
        ("福兴经济开发区", "=", "48000000000", "元", "2021", "actual"),
        ("晋安区", ">", "50000000000", "元", None, "actual"),
        ("晋安区", "=", "306", "家", "2022", "actual"),
        ("晋安区", "=", "2741", "人", "2022", "actual"),
        ("晋安区", ">", "10000000000", "元", "2025", "target"),
    ],
)
def test_the_page_counts(
    extraction: Extraction, owner: str, comparator: str, value: str, unit: str, year: str | None, status: str
) -> None:
    name = {entity.key: entity.name for entity in extraction.entities}
    assert (owner, comparator, Decimal(value), unit, year, status) in {
        (name[o.entity], o.comparator, o.value, o.unit, o.year, o.status) for o in extraction.observations
    }


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("福州高意集团", "Company"),
        ("华科光电", "Company"),
        ("科彤光电", "Company"),
        ("中电福富", "Company"),
        ("中科院福建物构所", "ResearchInstitute"),
        ("福建工程学院", "University"),
        ("钉钉", "Product"),
        ("第五届“创响福建”中小企业创新创业大赛光电专题赛", "Event"),
    ],
)
def test_the_page_names(extraction: Extraction, name: str, label: str) -> None:
    assert label in {e.label_ for e in extraction.entities if name in (e.name, *e.aliases)}


def test_a_brand_and_its_full_name_are_one_company(extraction: Extraction) -> None:
    companies = [e for e in extraction.entities if any("麦克赛尔" in name for name in (e.name, *e.aliases))]
    assert [(e.label_, e.name, e.aliases) for e in companies] == [
        ("Company", "麦克赛尔数字映像(中国)有限公司", ("麦克赛尔",))
    ]


def test_nothing_is_taken_from_navigation_and_teasers(extraction: Extraction) -> None:
    text = extraction.article.text
    names = {name for e in extraction.entities for name in (e.name, *e.aliases)}
    assert "晋安新闻网" in text
    assert "国际招商月" in text
    assert not {name for name in names if "晋安新闻网" in name or "招商月" in name or "象园" in name}


def test_nothing_is_taken_from_a_damaged_number(extraction: Extraction) -> None:
    assert not [o for o in extraction.observations if "床位" in o.indicator]


def test_no_name_holds_pinyin(extraction: Extraction) -> None:
    assert not [e.name for e in extraction.entities if re.search(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+[)）]", e.name)]


def test_evidence_quotes_the_source_exactly(extraction: Extraction) -> None:
    article = extraction.article
    for statement in (*extraction.relations, *extraction.observations, *extraction.milestones):
        start, end = article.to_source(statement.evidence.span)
        assert 0 <= start < end <= len(article.source_text)
