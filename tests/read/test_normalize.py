"""One form for what means the same, and the map back."""

import pytest

from kg.model import TextSpan
from kg.read.normalize import normalize
from kg.read.repair.characters import is_traditional
from kg.read.trace import Trace


def normal(text: str) -> str:
    trace = Trace(text)
    normalize(trace)
    return trace.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("新增4 .5 万个学位", "新增4.5万个学位"),
        ("贯通K 12全学段", "贯通K12全学段"),
        ("床位13.5 张", "床位13.5张"),
        ("产值达 480 亿元", "产值达480亿元"),
        ("１２．５％，ＧＤＰ", "12.5%，GDP"),
        ("增长50 %", "增长50%"),
        ("晋安&#21306;&nbsp;A&amp;B", "晋安区 A&B"),
        ("三\u200b创\u00ad中心\ufeff", "三创中心"),
        ("　　首行缩进　\r\n下一行", "首行缩进\n下一行"),
    ],
)
def test_forms_become_one(before: str, after: str) -> None:
    assert normal(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "1 新格局：“一区一圈多点”",
        "2022-07-25 10:13:51 来源：晚报",
        "岚泉（上海）、（中国）：",
        "5 个“一”",
        "R&D 经费",
    ],
)
def test_what_means_something_stays(text: str) -> None:
    assert normal(text) == text.replace("5 个", "5 个")


def test_phrases_decide_how_a_character_is_simplified() -> None:
    assert normal("以後皇后與頭髮發展於裡面三里，台灣平臺乾隆年間") == "以后皇后与头发发展于里面三里，台湾平台乾隆年间"


def test_the_particle_comes_back_from_its_traditional_form() -> None:
    assert (
        normal("續寫著新篇章，圍繞著名專著，顯著增長，帶著國際著作權")
        == "续写着新篇章，围绕著名专著，显著增长，带着国际著作权"
    )


def test_simplified_text_keeps_the_traditional_names_it_quotes() -> None:
    text = "华为昇腾处理器落户余杭区，公司董事长徐乾出席签约仪式并讲话。"
    assert normal(text) == text
    assert not is_traditional(text)


def test_radicals_become_the_characters_they_look_like() -> None:
    assert normal("⾼新区⼯业") == "高新区工业"


WRAPPED = "福兴经济开发区面积3平方公里，去年工业产值\n达480亿元，增长12%。园区内有企业三百家，其\n中规模以上企业一百二十家，就业人口三万人，\n上缴税收二十亿元，比上年增长百分之五，位居\n全省第三。"
TEASERS = "\n".join(f"{a}市{b}产业园区二期项目正式开工" for a in "甲乙丙丁" for b in ("电子信息", "生物医药"))


def test_lines_that_a_width_broke_are_joined() -> None:
    assert normal(f"产业园的一年\n{WRAPPED}\n\n{WRAPPED}") == "产业园的一年\n{0}\n\n{0}".format(
        WRAPPED.replace("\n", "")
    )


@pytest.mark.parametrize(
    "text",
    [
        TEASERS,
        "\n".join(f"{i}、{line}" for i, line in enumerate(WRAPPED.split("\n"), 1)),
        WRAPPED.replace("\n", "。\n"),
    ],
)
def test_lines_of_their_own_stay_so(text: str) -> None:
    assert normal(text) == text


def test_every_character_maps_back() -> None:
    trace = Trace("新增4 .5 萬個學位，貫通K 12全學段")
    before = trace.text
    normalize(trace)
    start = trace.text.index("学位")
    span = TextSpan(start, start + 2)
    for offsets in reversed(trace.offsets):
        span = offsets.to_source(span)
    assert span.of(before) == "學位"
