"""Who a clause is about."""

from typing import Any

import pytest

from kg.annotate.lexicon import read_lexicon
from kg.annotate.observations import find_observations
from kg.annotate.view import View
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
SUBJECTS = read_lexicon(ONTOLOGY.lexicon, "subjects")
PARK = "[福兴园:IndustrialPark]"


def owners(view: View) -> list[tuple[str, str]]:
    return [(o.entity, o.indicator) for o in find_observations(view, ONTOLOGY.lexicon, ONTOLOGY)]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        (f"{PARK}集聚创新资源，辐射[晋安区:AdministrativeArea]，入驻企业30家。", "福兴园"),  # an object is no subject
        (f"位于[晋安区:AdministrativeArea]的{PARK}入驻企业30家。", "福兴园"),
        (f"由[北辰公司:Company]投资建设的{PARK}入驻企业30家。", "福兴园"),
        (f"产业转移的样板——{PARK}入驻企业30家。", "福兴园"),
        (f"{PARK}持续壮大。去年以来，入驻企业30家。", "福兴园"),  # carried through the paragraph
        (f"{PARK}北起[甲路:Road]，南至规划中的[乙路:Road]，入驻企业30家。", "福兴园"),
        (f"[生物医药:Industry]是{PARK}的首位产业，入驻企业30家。", "福兴园"),
        ("[晋安区:AdministrativeArea]优化生态，[人才驿站:Facility]获奖，发展指数跃居第二，现有人才300人。", "晋安区"),
        ("[甲公司:Company]、[乙公司:Company]等30家企业入驻。", None),  # the listed are those counted
        (f"{PARK}开园，[甲公司:Company]、[乙公司:Company]等30家企业入驻。", "福兴园"),
        ("[甲公司:Company]与[乙大学:University]共建了[丙实验室:ResearchInstitute]，已申请专利30件。", "丙实验室"),
        ("[甲公司:Company]投资1亿元，征地20亩，建设[丙项目:Project]，前景广阔。", "丙项目"),
        ("占地4亩、总投资3亿元的[丙项目:Project]开工。", "丙项目"),
        ("[丙项目:Project]由[甲公司:Company]投资3亿元建设。", "丙项目"),
    ],
)
def test_a_figure_is_of_the_clause_s_subject_or_the_topic_carried_to_it(
    view: Any, text: str, owner: str | None
) -> None:
    assert {entity for entity, _ in owners(view(text))} == ({owner} if owner else set())


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("[锦岭铁路物流港:Facility]开港。物流港占地60亩。", "锦岭铁路物流港"),
        ("[云澜大桥:Road]通车，这座连接两岸的跨海大桥全长5公里。", "云澜大桥"),
        ("[甲产业带:Belt]和[乙产业带:Belt]成型。前者沿江布局，集聚企业30家。", "甲产业带"),
        ("[甲产业带:Belt]和[乙产业带:Belt]成型。后者沿江布局，集聚企业30家。", "乙产业带"),
        ("重点是[福兴园:IndustrialPark]。这是首个民办园，总面积3平方公里。", "福兴园"),
        (f"{PARK}开园。滨江创新产业园共有企业30家。", None),  # another's name, that is no entity here
        (f"{PARK}开园。该地图收录企业30家。", None),
    ],
)
def test_words_that_stand_for_a_thing_mean_it(view: Any, text: str, owner: str | None) -> None:
    assert {entity for entity, _ in owners(view(text))} == ({owner} if owner else set())


def test_the_company_is_the_one_spoken_of(view: Any) -> None:
    shown = view("[甲公司:Company]成立于2006年，是[乙公司:Company]的供应商。公司员工300人。")
    assert owners(shown) == [("甲公司", "员工")]


def test_a_paragraph_that_names_nothing_is_about_what_the_article_is_about(view: Any) -> None:
    shown = view(f"{PARK}开园。{PARK}向好，{PARK}向新。\n\n入驻企业30家。")
    assert owners(shown) == [("福兴园", "入驻企业")]


@pytest.mark.parametrize("row", SUBJECTS["stand_ins"], ids=lambda row: row["say"][0])
def test_each_stand_in_reads_its_example_and_not_its_counter_example(view: Any, row: dict[str, Any]) -> None:
    assert owners(view(row["example"]))
    assert not owners(view(row["counter"]))


def test_strangers_read_their_example_and_not_their_counter_example(view: Any) -> None:
    assert not owners(view(SUBJECTS["strangers_example"]))
    assert owners(view(SUBJECTS["strangers_counter"]))
