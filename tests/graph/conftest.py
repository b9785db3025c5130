"""One short article, annotated by hand: the input most graph tests start from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kg.model import (
    Article,
    Edit,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Milestone,
    Observation,
    OffsetMap,
    Relation,
    Run,
    TextSpan,
)

SOURCE = "来源:榕城晚报\n晋安三创中心(简称三創中心)位于福州市,去年产值480亿元。中心7月(yuè)8日封顶。"


def span_of(text: str, part: str) -> TextSpan:
    start = text.index(part)
    return TextSpan(start, start + len(part))


@pytest.fixture
def article() -> Article:
    cut = span_of(SOURCE, "(yuè)")
    text, offsets = OffsetMap.apply(SOURCE, (Edit(cut, "", "pinyin"),))
    return Article(
        id="a1",
        location="news/a1.txt",
        source_text=SOURCE,
        text=text,
        offsets=(offsets,),
        title="三创中心封顶",
        published=date(2022, 7, 25),
        publisher="榕城晚报",
        publisher_span=span_of(text, "榕城晚报"),
    )


@pytest.fixture
def extraction(article: Article) -> Extraction:
    def evidence(part: str, rule: str = "rule-1") -> Evidence:
        return Evidence(span_of(article.text, part), span_of(article.text, part), rule, 0.9)

    def mention(part: str, class_: str) -> Mention:
        return Mention(span_of(article.text, part), part, class_, "lexicon")

    return Extraction(
        article,
        entities=(
            Entity(
                "centre",
                "Facility",
                "晋安三创中心",
                aliases=("三創中心",),
                mentions=(mention("晋安三创中心", "Facility"),),
                alias_evidence={"三創中心": evidence("简称三創中心", "bracket")},
            ),
            Entity("city", "AdministrativeArea", "福州市", mentions=(mention("福州市", "AdministrativeArea"),)),
        ),
        relations=(Relation("centre", "locatedIn", "city", evidence("晋安三创中心(简称三創中心)位于福州市")),),
        observations=(
            Observation("centre", "产值", Decimal("4.8E+10"), "元", evidence("去年产值480亿元"), year="2021"),
        ),
        milestones=(Milestone("centre", "toppedOut", evidence("中心7月8日封顶"), "2022-07-08"),),
    )


@pytest.fixture
def iris() -> dict[str, str]:
    base = "https://w3id.org/zonekg/id/place/"
    return {"centre": f"{base}晋安三创中心", "city": f"{base}福州市"}


@pytest.fixture
def run() -> Run:
    return Run("1", "2026-11-24T08:00:00Z", {"zonekg": "0.1.0"}, "ab", "cd")
