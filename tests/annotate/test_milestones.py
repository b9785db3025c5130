"""What happened to which thing, and when."""

from typing import Any

import pytest

from kg.annotate.lexicon import read_lexicon
from kg.annotate.milestones import find_milestones
from kg.annotate.view import View
from kg.model import Milestone, TextSpan
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
ROWS = read_lexicon(ONTOLOGY.lexicon, "milestones")


def found_in(view: View, damage: tuple[TextSpan, ...] = ()) -> list[Milestone]:
    return find_milestones(view, ONTOLOGY.lexicon, ONTOLOGY, damage)


def told(view: View) -> list[tuple[str, str, str | None]]:
    return [(m.entity, m.type, m.date) for m in found_in(view)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7月8日，[三创中心:Facility]正式开业。", ("三创中心", "opened", "2022-07-08")),
        ("[北辰公司:Company]成立于2013年4月。", ("北辰公司", "founded", "2013-04")),
        ("[恒岳集团:Company]2021年设立子公司[恒岳智能:Company]。", ("恒岳智能", "founded", "2021")),
        ("7月8日，[算力项目:Project]开工仪式在福州举行。", ("算力项目", "started", "2022-07-08")),
        (
            "[开发区:DevelopmentZone]的前身是2003年设立的[澜东工业园:IndustrialPark]。",
            ("澜东工业园", "founded", "2003"),
        ),
        ("昨日，[茶产业峰会:Event]在福州举行。", ("茶产业峰会", "held", "2022-07-24")),
        ("昨日，[晋安区:AdministrativeArea]举办[茶产业峰会:Event]。", ("茶产业峰会", "held", "2022-07-24")),
        ("自2019年创办以来，[汀江杯大赛:Event]促成27个项目。", ("汀江杯大赛", "founded", "2019")),
        ("[北辰公司:Company]2019年被[恒岳集团:Company]收购。", ("北辰公司", "acquired", "2019")),
        ("日前，[恒岳集团:Company]完成对[北辰公司:Company]的全资收购。", ("北辰公司", "acquired", None)),
        ("[恒岳集团:Company]拟收购[汀江集团:Company]持有的[北辰公司:Company]60%股权。", ("北辰公司", "acquired", None)),
        ("[沿湖高铁:Road]全长248公里。该铁路2019年9月开工建设。", ("沿湖高铁", "started", "2019-09")),
        ("7月8日，晋安2022年二季度[集中签约仪式:Event]举行。", ("集中签约仪式", "held", "2022-07-08")),
        ("7月8日，市长为[材料研究院:ResearchInstitute]揭牌。", ("材料研究院", "founded", "2022-07-08")),
        ("7月8日现场签约的[甲项目:Project]是重大项目。", ("甲项目", "signed", "2022-07-08")),
        ("7月8日，双方签署[甲项目:Project]投资协议。", ("甲项目", "signed", "2022-07-08")),
        ("[乙园:IndustrialPark]1993年经省计委批准成立。", ("乙园", "approved", "1993")),
        ("[乙园:IndustrialPark]2012年获国务院批复设立。", ("乙园", "approved", "2012")),
        ("7月8日，[数字虚拟产业园:IndustrialPark]开园……", ("数字虚拟产业园", "opened", "2022-07-08")),
        ("[丝网博览会:Event]将于9月21日至23日举办。", ("丝网博览会", "held", "2022-09-21")),
        ("7月8日，在[推介会:Event]上，客商云集。", ("推介会", "held", "2022-07-08")),
        ("[甲大学上海中心:Institution](简称:上海中心)7月8日成立。", ("甲大学上海中心", "founded", "2022-07-08")),
    ],
)
def test_the_thing_is_the_subject_or_the_name_behind_the_word(
    view: Any, text: str, expected: tuple[str, str, str]
) -> None:
    assert told(view(text)) == [expected]


def test_two_words_tell_two_milestones(view: Any) -> None:
    assert told(view("[算力园:IndustrialPark]去年2月开工，今年6月底竣工。")) == [
        ("算力园", "started", "2021-02"),
        ("算力园", "completed", "2022-06"),
    ]


def test_what_a_list_shares_holds_of_each(view: Any) -> None:
    shown = view("7月8日，[甲项目:Project]、[乙项目:Project]开工。")
    assert {entity for entity, _, _ in told(shown)} == {"甲项目", "乙项目"}
    shown = view("总投资7亿元的[甲项目:Project]、总投资3亿元的[乙项目:Project]集中宣布开工。")
    assert {entity for entity, _, _ in told(shown)} == {"甲项目", "乙项目"}
    shown = view("目前，已有[甲项目:Project]和[乙项目:Project]等正式签约。")
    assert {entity for entity, _, _ in told(shown)} == {"甲项目", "乙项目"}


def test_a_ceremony_is_of_what_its_name_begins_with(view: Any) -> None:
    shown = view("[“芯湖州”智慧园:IndustrialPark]向好。7月8日，[“芯湖州”智慧园开工仪式:Event]举行。")
    assert set(told(shown)) == {
        ("“芯湖州”智慧园", "started", "2022-07-08"),
        ("“芯湖州”智慧园开工仪式", "held", "2022-07-08"),
    }


def test_the_place_where_it_happens_is_not_the_thing(view: Any) -> None:
    shown = view("7月8日，[材料研究院:ResearchInstitute]在[科技新城:Zone]揭牌成立。")
    assert told(shown) == [("材料研究院", "founded", "2022-07-08")]


def test_who_approves_is_not_what_is_approved(view: Any) -> None:
    shown = view("[乌苗高速:Road]于2017年9月获[贵州省发改委:GovernmentBody]批复。")
    assert told(shown) == [("乌苗高速", "approved", "2017-09")]


def test_what_the_clause_before_builds_is_the_thing(view: Any) -> None:
    shown = view("[北辰公司:Company]将建设[固态电池项目:Project]，总投资52亿元，预计2025年底投产。")
    [found] = found_in(shown)
    assert (found.entity, found.type, found.date, found.status) == ("固态电池项目", "inProduction", "2025", "target")


def test_members_of_what_happens_to_several_are_told_with_the_day_of_it(view: Any) -> None:
    shown = view(
        "7月8日上午，推介活动在晋安举行。会上，8个项目集中签约，包括[甲产业园:IndustrialPark]、[乙基地:Facility]等。"
    )
    assert set(told(shown)) == {("甲产业园", "signed", "2022-07-08"), ("乙基地", "signed", "2022-07-08")}
    shown = view(
        "7月8日，本次集中开工的31个项目加快推进。其中，[甲项目:Project]总投资5亿元；[乙项目:Project]占地60亩。"
    )
    assert {entity for entity, _, _ in told(shown)} == {"甲项目", "乙项目"}
    shown = view("此次上榜的企业分别为[甲公司:Company]、[乙公司:Company]。")
    assert told(shown) == [("甲公司", "awarded", None), ("乙公司", "awarded", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7月8日，由[北辰公司:Company]投资建设的[乙园:IndustrialPark]正式开园。", [("乙园", "opened", "2022-07-08")]),
        (
            "7月8日，[甲大学:University]与[丁大学:University]共建的[乙研究院:ResearchInstitute]在晋安揭牌。",
            [("乙研究院", "founded", "2022-07-08")],
        ),
        (
            "[乙园:IndustrialPark]去年8月投产，[丙公司:Company]挂牌上市。",
            [("乙园", "inProduction", "2021-08"), ("丙公司", "listed", None)],
        ),
        ("截至去年底，[晋安区:AdministrativeArea]建成[乙园:IndustrialPark]。", []),
        ("[乙园:IndustrialPark]向好。某某铁路上月获批。", []),
        ("[丙项目:Project]从签约到投产只用了58天。", [("丙项目", "inProduction", None)]),
        ("[北辰公司:Company]拟设立[恒岳智能:Company]。", [("恒岳智能", "founded", None)]),
        ("2010年，晋安区谋划发展，先后出台[《规划》:Strategy]。", [("《规划》", "published", None)]),
        ("[北辰公司:Company]2021年5月在科创板挂牌。", [("北辰公司", "listed", "2021-05")]),
    ],
)
def test_a_happening_is_of_its_own_thing_and_time(
    view: Any, text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert told(view(text)) == expected


def test_what_a_review_tells_without_a_date_is_of_its_year(view: Any) -> None:
    shown = view("2021年工作总结\n[乙园:IndustrialPark]建成投用。\n下一步，[丙项目:Project]开工。")
    assert told(shown)[0] == ("乙园", "opened", "2021")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("[算力园:IndustrialPark]将于9月1日开园。", "target"),
        ("[算力园:IndustrialPark]计划今年12月开园。", "target"),
        ("[算力园:IndustrialPark]7月1日开园。", "actual"),
    ],
)
def test_what_lies_ahead_is_a_target(view: Any, text: str, status: str) -> None:
    assert [m.status for m in found_in(view(text))] == [status]


def test_a_class_that_cannot_do_it_does_not(view: Any) -> None:
    assert told(view("7月8日，[李明:Person]说要投产。")) == []


@pytest.mark.parametrize(
    "text",
    [
        "[算力园:IndustrialPark]2020年尚未开工。",
        "[算力园:IndustrialPark]2025年建成后将提供岗位。",
        "[晋安区:AdministrativeArea]去年有上市公司63家。",
        "[三创中心:Facility]7月启用了新系统。",
        "[恒岳集团:Company]2019年成立了工作专班。",
        "[恒岳集团:Company]去年收购粮食12万吨。",
        "[算力园:IndustrialPark]2020年投产企业91户。",
        "[算力园:IndustrialPark]向好。福利中心2020年建成投用。",
        "7月8日，发布《关于收购[北辰公司:Company]的公告》。",
        "[算力园:IndustrialPark]的落成，意义重大。",
        "[恒岳集团:Company]创办的[北辰公司:Company]成长最快。",
    ],
)
def test_a_word_that_tells_something_else_tells_nothing(view: Any, text: str) -> None:
    assert told(view(text)) == []


def test_an_undated_happening_is_told_where_the_text_says_it_took_place(view: Any) -> None:
    assert told(view("日前，[甲项目:Project]正式开工。")) == [("甲项目", "started", None)]
    assert told(view("加快[甲项目:Project]开工。")) == []


def test_a_headline_without_a_date_tells_nothing(view: Any) -> None:
    assert told(view("[甲项目:Project]开工\n记者来到现场。")) == []


def test_the_date_told_elsewhere_stands_for_the_undated_one(view: Any) -> None:
    shown = view("日前，[甲项目:Project]正式开工。[甲项目:Project]7月8日开工。")
    assert told(shown) == [("甲项目", "started", "2022-07-08")]


def test_evidence_covers_thing_time_and_word_in_one_sentence(view: Any) -> None:
    shown = view("7月8日，[三创中心:Facility]主体封顶。明天会更好。")
    [found] = found_in(shown)
    assert found.evidence.span.of(shown.text) == "7月8日，三创中心主体封顶"
    assert found.evidence.sentence.contains(found.evidence.span)


def test_nothing_is_taken_from_a_damaged_span(view: Any) -> None:
    assert found_in(view("7月8日，[三创中心:Facility]封顶。"), (TextSpan(0, 2),)) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['type']}-{row['say'][0]}")
def test_each_word_list_reads_its_example_and_not_its_counter_example(view: Any, row: dict[str, Any]) -> None:
    text, name, day = row["example"]
    assert (name, row["type"], str(day)) in told(view(text))
    assert told(view(row["counter"])) == []
