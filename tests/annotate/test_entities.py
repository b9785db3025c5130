"""Names and identity on invented text: each test is one way in which local papers name things."""

import pytest

from kg.annotate.areas import areas_inside
from kg.annotate.entities import find_mentions
from kg.annotate.identity import entities_of, with_introduced
from kg.annotate.lexer import Lexer
from kg.annotate.segments import segments
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import Word
from kg.model import Entity, Mention, TextSpan
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
FOLDER = ONTOLOGY.lexicon


def words_of(text: str) -> list[Word]:
    words: list[Word] = []
    position = 0
    for word in Lexer().words(text):
        words.append(Word(TextSpan(position, position + len(word.text)), word.text, word.tag))
        position += len(word.text)
    return words


def entities(text: str) -> list[Entity]:
    mentions = with_introduced(FOLDER, text, find_mentions(FOLDER, text, words_of(text), sentence_spans(text)))
    return list(entities_of(ONTOLOGY, mentions, lambda span: span))


def named(text: str, label: str) -> list[set[str]]:
    return [{entity.name, *entity.aliases} for entity in entities(text) if entity.label_ == label]


@pytest.mark.parametrize(
    ("text", "tag", "pieces"),
    [
        ("依托汀江实验室", "ORG", ["依托", "汀江实验室"]),
        ("云澜大学在", "ORG", ["云澜大学", "在"]),
        ("湘南省云澜市东湖区人民政府", "ORG", ["湘南省", "云澜市", "东湖区人民政府"]),
        ("城市集团有限公司", "ORG", ["城市集团有限公司"]),
        ("浙江)科技有限公司", "LOC", ["浙江", ")", "科技有限公司"]),
    ],
)
def test_a_word_is_cut_to_the_name_in_it(text: str, tag: str, pieces: list[str]) -> None:
    cut = segments(FOLDER, [Word(TextSpan(0, len(text)), text, tag)])
    assert [piece.text for piece in cut] == pieces


def test_a_brand_in_a_list_of_firms_is_the_company_of_that_brand() -> None:
    text = "云岚特光电技术(中国)有限公司投产。园区依托华景、云岚特、科锐通等龙头企业发展。"
    companies = named(text, "Company")
    assert {"云岚特光电技术(中国)有限公司", "云岚特"} <= next(c for c in companies if "云岚特" in c)
    assert any("科锐通" in c for c in companies)


def test_a_subsidiary_in_another_area_is_another_company() -> None:
    text = "中澜科技公告，拟成立中澜科技陕西有限公司。中澜科技持股80%。"
    assert not any({"中澜科技", "中澜科技陕西有限公司"} <= c for c in named(text, "Company"))


def test_a_zone_is_one_however_many_areas_open_its_name() -> None:
    text = "江西南昌云湖经济技术开发区扩区。云湖经开区引进了企业。"
    assert len(named(text, "DevelopmentZone")) == 1


def test_parks_of_one_kind_in_two_cities_are_two() -> None:
    text = "上海生物医药产业园开园。苏州生物医药产业园奠基。"
    assert len(named(text, "IndustrialPark")) == 2


def test_a_short_name_that_names_nothing_is_no_alias() -> None:
    text = "云澜锂能股份有限公司（以下简称“公司”）发布公告。公司拟扩产。"
    assert all("公司" not in names for names in named(text, "Company"))


def test_what_is_listed_beside_a_park_is_one_too() -> None:
    text = "辐射带动民营工业集中区、金城科技区发展。"
    assert {"民营工业集中区"} in named(text, "IndustrialPark")


def test_what_a_superlative_describes_is_no_name() -> None:
    assert not named("这里是全国最大的丝网产品集散中心。", "Facility")


@pytest.mark.parametrize("text", ["规划布局合理。", "总体格局形成。", "香港、澳门相距不远。"])
def test_the_last_character_of_a_word_is_no_head(text: str) -> None:
    assert not named(text, "GovernmentBody")
    assert not named(text, "Facility")


def test_a_term_takes_its_noun_along_and_describes_no_industry_itself() -> None:
    assert {"海洋装备制造"} in named("培育海洋装备制造等重点产业。", "Industry")
    assert not named("数字经济创新大赛开幕。", "Industry")


def test_a_noun_that_the_word_for_industry_follows_is_one() -> None:
    assert any("生姜产业" in names for names in named("全镇致力于生姜产业发展。", "Industry"))


def test_an_event_with_an_ordinal_holds_its_conjunctions() -> None:
    name = "第五届云澜国际博览会暨中国东西部合作与投资贸易洽谈会"
    assert {name} in named(f"为期5天的{name}落幕。", "Event")


def test_a_medium_is_known_by_how_it_opens_its_report() -> None:
    assert {"云澜网"} in named("云澜网9月1日讯（海峡导报记者 王晓）今天开园。", "MediaOutlet")


def test_a_saying_that_is_a_sentence_of_its_own_is_no_company() -> None:
    assert not named("高速公路通车。\n　　路通百业兴。园区开园。", "Company")


def test_a_zone_is_named_with_the_office_that_runs_it() -> None:
    text = "云澜高新技术产业开发区管委会"
    office = Mention(TextSpan(0, len(text)), text, "GovernmentBody", "head:GovernmentBody")
    assert [(zone.text, zone.label_) for zone in areas_inside(FOLDER, [office])] == [
        ("云澜高新技术产业开发区", "DevelopmentZone")
    ]
