"""Which number says what of which thing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kg.annotate.lexicon import read_lexicon
from kg.annotate.observations import find_figures, find_observations
from kg.annotate.view import View
from kg.model import Observation, TextSpan
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
DATA = read_lexicon(ONTOLOGY.lexicon, "indicators")
PARK = "[福兴经济开发区:DevelopmentZone]"


def found_in(view: View, damage: tuple[TextSpan, ...] = ()) -> list[Observation]:
    return find_observations(view, ONTOLOGY.lexicon, ONTOLOGY, damage)


def test_an_indicator_before_a_number_is_the_clause_s_subject_s(view: Any) -> None:
    [found] = found_in(view(f"{PARK}去年工业产值达480亿元。"))
    assert (found.entity, found.indicator, found.value, found.unit) == (
        "福兴经济开发区",
        "工业产值",
        Decimal(48_000_000_000),
        "元",
    )
    assert (found.year, found.comparator, found.status) == ("2021", "=", "actual")


@pytest.mark.parametrize(
    ("clause", "indicator", "value", "unit"),
    [
        ("总面积3.55平方公里", "总面积", 3.55, "平方公里"),
        ("现有高新技术企业306家", "高新技术企业", 306, "家"),
        ("入驻企业126家", "入驻企业", 126, "家"),
        ("拥有306家高新技术企业", "高新技术企业", 306, "家"),
        ("建成12个博士后工作站", "博士后工作站", 12, "个"),
        ("新增2万个就业岗位", "新增就业岗位", 20_000, "个"),
        ("规模以上工业增加值同比增长7.1%", "规模以上工业增加值增速", 7.1, "%"),
        ("外贸出口额下降3%", "外贸出口额增速", -3, "%"),
        ("数字经济规模突破500亿元", "数字经济规模", 50_000_000_000, "元"),  # no list names it
        ("带动就业400余人", "带动就业", 400, "人"),
        ("创造3500人的就业岗位", "就业岗位", 3500, "人"),
        ("首批入驻的40家企业成长快", "企业", 40, "家"),
        ("吸引了98个国家和地区的嘉宾", "国家和地区", 98, "个"),
        ("一期建设面积1.01平方公里", "一期建设面积", 1.01, "平方公里"),
        ("规模以上工商贸企业达到190家", "规模以上工商贸企业", 190, "家"),
        ("达产达效后年产值3个亿", "年产值", 300_000_000, "元"),
        ("单量增长10.3倍", "单量增速", 10.3, "倍"),
    ],
)
def test_an_indicator_is_a_short_noun_phrase(view: Any, clause: str, indicator: str, value: float, unit: str) -> None:
    [found] = found_in(view(f"{PARK}{clause}。"))
    assert (found.indicator, found.value, found.unit) == (indicator, Decimal(str(value)), unit)


def test_growth_without_an_indicator_is_that_of_the_figure_before(view: Any) -> None:
    first, second = found_in(view(f"{PARK}工业产值480亿元，同比增长7.1%。"))
    assert (first.indicator, second.indicator, second.value) == ("工业产值", "工业产值增速", Decimal("7.1"))


def test_growth_that_follows_nothing_is_nobody_s(view: Any) -> None:
    assert found_in(view(f"{PARK}稳步发展，同比增长7.1%。")) == []


def test_a_share_of_a_named_whole_says_so(view: Any) -> None:
    [_, share] = found_in(view(f"{PARK}工业产值480亿元，占全市工业的比重超过20%。"))
    assert (share.indicator, share.comparator) == ("工业产值占全市工业比重", ">")


def test_figures_one_after_the_other_share_their_owner(view: Any) -> None:
    found = found_in(view("[北辰公司:Company]将建设[固态电池项目:Project]，总投资52亿元，占地430亩。"))
    assert [(o.entity, o.indicator) for o in found] == [("固态电池项目", "总投资"), ("固态电池项目", "占地")]


def test_a_number_in_brackets_behind_a_name_says_what_its_unit_says(view: Any) -> None:
    [found] = found_in(view("其中[甲场址:Project](70万千瓦)获得核准。"))
    assert (found.entity, found.indicator, found.value) == ("甲场址", "装机规模", Decimal(700_000))


def test_a_number_may_tell_which_things_are_counted(view: Any) -> None:
    assert [o.value for o in found_in(view(f"{PARK}投资超亿元项目达36个。"))] == [Decimal(36)]
    assert [o.value for o in found_in(view(f"{PARK}税收500万元以上企业6家。"))] == [Decimal(6)]


def test_one_thing_said_twice_is_one_figure(view: Any) -> None:
    assert len(found_in(view(f"{PARK}占地面积41.3亩。{PARK}紧邻江边，占地41.3亩。"))) == 1


def test_an_area_within_a_list_of_counts_only_describes(view: Any) -> None:
    found = found_in(view(f"{PARK}有企业10家，[四川省:AdministrativeArea]著名品牌8个。"))
    assert [o.entity for o in found] == ["福兴经济开发区", "福兴经济开发区"]


def test_a_year_compared_with_is_not_the_figure_s(view: Any) -> None:
    assert [o.year for o in found_in(view(f"2020年，{PARK}产值30亿元，比上年增长4%。"))] == ["2020", "2020"]


def test_a_thing_behind_its_figure_owns_it(view: Any) -> None:
    [found] = found_in(view("走进占地40亩的[颍中智算中心:Facility]，机柜闪光。"))
    assert (found.entity, found.indicator) == ("颍中智算中心", "占地")


def test_what_describes_a_thing_and_others_is_not_that_thing_s(view: Any) -> None:
    of_all = find_figures(
        view("总投资12.6亿元的[星沛储能电池项目:Project]等5个项目开工建设。"), ONTOLOGY.lexicon, ONTOLOGY
    )
    assert (of_all.owned, [figure.value for figure in of_all.unowned]) == ([], [5])  # the projects alone
    [found] = found_in(view("总投资12.6亿元的[星沛储能电池项目:Project]开工建设。"))
    assert found.entity == "星沛储能电池项目"


def test_of_a_thing_of_a_thing_the_figure_is_the_latter_s(view: Any) -> None:
    [found] = found_in(view("[晋安区:AdministrativeArea]的[福兴园:IndustrialPark]入驻企业126家。"))
    assert found.entity == "福兴园"


@pytest.mark.parametrize(
    "text",
    [
        "{}力争产值达到300亿元。",
        "到2025年，{}产值达到300亿元。",
        "{}预计产值300亿元。",
        "达产后，{}年产值可达300亿元。",
    ],
)
def test_what_is_planned_is_a_target(view: Any, text: str) -> None:
    assert [o.status for o in found_in(view(text.format(PARK)))] == ["target"]


def test_a_plan_in_a_name_plans_nothing(view: Any) -> None:
    [found] = found_in(view("[晋安区:AdministrativeArea]推进[“铜都再造”计划:Strategy]，先后引进企业70余家。"))
    assert found.status == "actual"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("{}目前有企业126家。", "2022"),
        ("{}2020年产值30亿元。", "2020"),
        ("2020年，{}产值30亿元。", "2020"),
        ("{}有企业126家。", None),
        ("7月8日，{}有企业126家。", None),  # the day something happened, not what is counted over
        ("{}去年扩建，总面积3.55平方公里。", None),  # an area is of no year
    ],
)
def test_a_figure_holds_for_the_year_its_clause_says(view: Any, text: str, year: str | None) -> None:
    assert [o.year for o in found_in(view(text.format(PARK)))] == [year]


def test_a_range_has_both_ends(view: Any) -> None:
    [found] = found_in(view(f"{PARK}产值10—20亿元。"))
    assert (found.value, found.value_max) == (Decimal(10**9), Decimal(2 * 10**9))


def test_evidence_quotes_the_indicator_and_the_number(view: Any) -> None:
    shown = view(f"{PARK}去年工业产值突破480亿元。")
    [found] = found_in(shown)
    assert found.evidence.span.of(shown.text) == "工业产值突破480亿元"
    assert found.evidence.sentence.contains(found.evidence.span)


def test_nothing_is_taken_from_a_damaged_span(view: Any) -> None:
    shown = view(f"{PARK}工业产值480亿元。")
    position = shown.text.index("480")
    assert found_in(shown, (TextSpan(position, position + 3),)) == []


@pytest.mark.parametrize(
    "text",
    [
        "每千名老人拥有床位40张。",  # nobody named
        "[李明:Person]有书3000本，身高1.8米。",
        f"{PARK}面向三大领域、五个方向。",
        f"{PARK}是年销售收入过亿元的园区。",
        f"参观者走了3公里来到{PARK}。",
        "[铜都12条:Strategy]公布。",  # a number in a name
        f"{PARK}三年内建成。",
        f"{PARK}入选全国46家创新型产业集群。",
        f"{PARK}是全省12个代表性园区之一。",
        f"{PARK}提供价值150万元的资源包。",
        f"{PARK}新建年产3万吨铜箔项目。",
        f"{PARK}为[甲公司:Company]、[乙公司:Company]等10家企业颁奖。",
    ],
)
def test_a_number_that_is_no_figure_of_a_thing_is_left_alone(view: Any, text: str) -> None:
    assert found_in(view(text)) == []


def test_without_the_article_s_date_a_relative_year_stays_open(view: Any) -> None:
    assert [o.year for o in found_in(view(f"{PARK}去年产值30亿元。", published=None))] == [None]
    assert [o.year for o in found_in(view(f"{PARK}去年产值30亿元。", published=date(2020, 5, 1)))] == ["2019"]


@pytest.mark.parametrize("row", DATA["measures"], ids=lambda row: row["heads"][0])
def test_each_measure_reads_its_example_and_not_its_counter_example(view: Any, row: dict[str, Any]) -> None:
    name, label, text, indicator = row["example"]
    named = f"[{name}:{label}]"
    assert [(o.entity, o.indicator) for o in found_in(view(text.replace(name, named)))] == [(name, indicator)]
    assert found_in(view(row["counter"].replace(name, named))) == []


def test_growth_and_counts_read_their_examples_and_not_their_counter_examples(view: Any) -> None:
    for example, counter in (
        (DATA["growth_example"], DATA["growth_counter"]),
        (DATA["counted"]["example"], DATA["counted"]["counter"]),
        (DATA["produced_example"], DATA["produced_counter"]),
        (DATA["takes_example"], DATA["takes_counter"]),
        (DATA["reach_example"], DATA["reach_counter"]),
        (DATA["points_example"], DATA["points_counter"]),
    ):
        name, label, text, indicator = example
        named = f"[{name}:{label}]"
        assert [(o.entity, o.indicator) for o in found_in(view(text.replace(name, named)))][-1] == (name, indicator)
        assert found_in(view(counter.replace(name, named))) == []


@pytest.mark.parametrize(
    ("text", "owner", "indicator"),
    [
        (f"{PARK}去年建成1.8万平方米的[光电中试基地:Facility]。", "光电中试基地", "面积"),
        ("[年产12万吨管道项目:Project]奠基。", "年产12万吨管道项目", "年产管道"),
    ],
)
def test_a_figure_may_be_of_the_thing_behind_it_or_around_it(view: Any, text: str, owner: str, indicator: str) -> None:
    [found] = found_in(view(text))
    assert (found.entity, found.indicator) == (owner, indicator)


def test_plans_read_their_example_and_not_their_counter_example(view: Any) -> None:
    def status(clause: str) -> list[str]:
        return [o.status for o in found_in(view(f"[华岳集团:Company]{clause}。"))]

    assert status(DATA["plans_example"]) == ["target"]
    assert status(DATA["plans_counter"]) == ["actual"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"{PARK}生产总值、工业增加值和进出口总额分别增长8.1%、9.6%和15.2%。",
            [("生产总值增速", 8.1), ("工业增加值增速", 9.6), ("进出口总额增速", 15.2)],
        ),
        (
            f"{PARK}完成产值12亿元，税收3亿元，分别增长6.5%和11.8%。",
            [("产值", 12e8), ("税收", 3e8), ("产值增速", 6.5), ("税收增速", 11.8)],
        ),
        (f"{PARK}新增规上企业23家，累计达到318家。", [("新增规上企业", 23), ("规上企业", 318)]),
        (f"{PARK}产值由2020年的320亿元增长到2022年的415亿元。", [("产值", 320e8), ("产值", 415e8)]),
        (f"{PARK}企业从120家增加到306家。", [("企业", 120), ("企业", 306)]),
        (f"{PARK}增速8%，高于全省平均3.7个百分点。", [("增速", 8), ("增速高于全省平均", 3.7)]),
        (f"{PARK}签约项目63个，其中制造业占71%。", [("签约项目", 63), ("制造业占比", 71)]),
        (f"{PARK}企业较上年增长3家。", [("企业增长", 3)]),
        (f"{PARK}企业306家，比去年净增31家。", [("企业", 306), ("企业净增", 31)]),
        (f"{PARK}距晋安机场18公里。", [("距晋安机场", 18)]),
        (f"{PARK}从签约到开工仅用了58天。", [("从签约到开工仅用", 58)]),
        (f"{PARK}年产2万吨石英砂、4万只坩埚。", [("年产石英砂", 20_000), ("年产坩埚", 40_000)]),
        (f"{PARK}产值分别为21亿元和26亿元。", [("产值", 21e8), ("产值", 26e8)]),
        (f"{PARK}市场占有率提高到12%。", [("市场占有率", 12)]),
        (f"{PARK}产值突破1000亿元大关。", [("产值", 1000e8)]),
        (f"{PARK}具备年产铜箔3万吨的能力。", [("年产铜箔", 30_000)]),
        (f"{PARK}员工总数4300余人。", [("员工总数", 4300)]),
        (f"{PARK}专利拥有量达58件。", [("专利拥有量", 58)]),
        (f"{PARK}已建成[人才公寓:Facility]1800套。", [("人才公寓", 1800)]),
    ],
)
def test_figures_go_on_from_one_another(view: Any, text: str, expected: list[tuple[str, float]]) -> None:
    found = found_in(view(text))
    assert sorted((one.indicator, float(one.value)) for one in found) == sorted(expected)
    assert {one.entity for one in found} == {"福兴经济开发区"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[北辰公司:Company]、[恒岳集团:Company]共同出资，持股比例分别为70%和30%。",
            [("北辰公司", 70), ("恒岳集团", 30)],
        ),
        ("[北辰公司:Company]持有[恒岳集团:Company]60%股权。", [("北辰公司", 60)]),
        (
            "[晋安区:AdministrativeArea]举行[集中签约仪式:Event]。39个项目集中签约。",
            [("集中签约仪式", 39)],
        ),
        ("[福兴园:IndustrialPark]投资建设的污水处理厂已投用，日处理能力达3万吨。", []),
        ("[恒岳集团:Company]二期项目计划投资10亿元。", []),
    ],
)
def test_a_figure_is_of_what_the_sentence_speaks_of(view: Any, text: str, expected: list[tuple[str, float]]) -> None:
    assert [(one.entity, float(one.value)) for one in found_in(view(text))] == expected


@pytest.mark.parametrize(
    ("text", "year"),
    [
        (f"到2027年，{PARK}力争产值突破150亿元。", "2027"),
        (f"{PARK}发展快。“今年前三季度，园区实现产值6.8亿元。”", "2022"),
    ],
)
def test_a_time_that_is_a_clause_of_its_own_tells_the_year(view: Any, text: str, year: str) -> None:
    assert [found.year for found in found_in(view(text))] == [year]


def test_a_plan_that_is_carried_out_is_none(view: Any) -> None:
    text = "[沧临区:AdministrativeArea]规划建设了占地1500亩的[复合材料产业园:IndustrialPark]。"
    assert [found.status for found in found_in(view(text))] == ["actual"]


def test_what_a_stand_in_means_is_named_before_it(view: Any) -> None:
    text = "总投资12亿元的二期项目开工，达产后年产值可达20亿元。[城投集团:Company]投资建设产业园。"
    assert found_in(view(text)) == []


def test_what_a_company_invests_is_not_the_park_s_of_the_sentence_before(view: Any) -> None:
    text = f"{PARK}很好。[瑞纤公司:Company]与[管委会:GovernmentBody]签约，将投资3.5亿元建设风电叶片项目。"
    assert "福兴经济开发区" not in {found.entity for found in found_in(view(text))}


def test_what_an_article_is_about_says_nothing_before_it_is_named(view: Any) -> None:
    figure = "达产后年产值可达20亿元。"
    after = f"\n{PARK}很大。{PARK}很好。{PARK}很快。{PARK}很新。{PARK}很美。"
    assert found_in(view(f"今天天气好。{figure}{after}")) == []
