"""Of an answer is kept what the text says just so and the ontology allows; the rest is counted."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from small_model import GOOD, TEXT, answer, article

from kg.llm.statements import Statements
from kg.llm.task import Task
from kg.llm.windows import windows
from kg.model import Article, Extraction, TextSpan
from kg.ontology import Ontology

TASK = Task(Ontology.load())
ZONE, CITY, COMPANY, PROJECT = (entity["name"] for entity in GOOD["entities"])


def read(said: dict[str, Any], of: Article | None = None) -> tuple[Extraction, dict[str, int]]:
    of = of or article()
    statements = Statements(of, TASK)
    extraction = statements.extraction([(window, said) for window in windows(of, 3000, 0)])
    return extraction, {reason: count for reason, count in statements.dropped.items() if count}


def changed(kind: str, **fields: Any) -> dict[str, Any]:
    """The good answer with its first item of a kind changed and the others of that kind left out."""
    said = deepcopy(GOOD)
    said[kind] = [said[kind][0] | fields]
    return said


def test_a_good_answer_is_kept_whole_with_its_quotations() -> None:
    extraction, dropped = read(GOOD)
    assert dropped == {}
    assert extraction.notes == ()
    assert {(e.name, e.label_, e.aliases) for e in extraction.entities} == {
        (ZONE, "DevelopmentZone", ("云溪经开区",)),
        (CITY, "AdministrativeArea", ()),
        (COMPANY, "Company", ()),
        (PROJECT, "Project", ()),
    }
    assert [(r.subject, r.property, r.object) for r in extraction.relations] == [
        (f"DevelopmentZone:{ZONE}", "locatedIn", f"AdministrativeArea:{CITY}"),
        (f"Company:{COMPANY}", "settledIn", f"DevelopmentZone:{ZONE}"),
    ]
    quotes = [relation["quote"] for relation in GOOD["relations"]]
    assert [r.evidence.span.of(TEXT) for r in extraction.relations] == quotes
    for entity in extraction.entities:
        assert all(mention.span.of(TEXT) == mention.text for mention in entity.mentions)


def test_values_and_times_are_read_from_the_text() -> None:
    extraction, _ = read(GOOD)
    assert [(o.indicator, o.value, o.unit, o.year, o.comparator) for o in extraction.observations] == [
        ("工业产值", Decimal(48000000000), "元", "2023", "="),
        ("企业", Decimal(1200), "家", "2023", ">"),
    ]
    (milestone,) = extraction.milestones
    assert (milestone.type, milestone.date, milestone.status) == ("inProduction", "2025", "target")


@pytest.mark.parametrize("status", ["actual", "maybe", None])
def test_a_plan_is_a_plan_whatever_the_model_says(status: str | None) -> None:
    (milestone,) = read(changed("milestones", status=status))[0].milestones
    assert milestone.status == "target"


def test_what_falls_is_negative() -> None:
    fall = {"indicator": "固定资产投资增速", "value": "3.2%", "time": None, "quote": "该区固定资产投资下降3.2%"}
    (observation,) = read(changed("observations", **fall))[0].observations
    assert (observation.value, observation.unit, observation.year) == (Decimal("-3.2"), "%", None)


@pytest.mark.parametrize(
    "name", ["云溪高新区", "云溪 经济开发区", "云溪經濟開發區", "鹭岛电子有限公司2023年9月落户云溪经开区其"]
)
def test_a_name_that_the_text_does_not_say_is_dropped_with_all_that_is_said_of_it(name: str) -> None:
    said = deepcopy(GOOD)
    said["entities"][0] |= {"name": name, "aliases": []}
    for relation in said["relations"]:
        relation |= {side: name for side in ("subject", "object") if relation[side] == ZONE}
    for observation in said["observations"]:
        observation["entity"] = name
    extraction, dropped = read(said)
    assert [e.name for e in extraction.entities] == [CITY, COMPANY, PROJECT]
    assert (extraction.relations, extraction.observations) == ((), ())
    assert len(extraction.milestones) == 1
    assert dropped == {"names that do not stand in the text": 1, "statements of things that are no entity": 4}
    assert "dropped 1 names that do not stand in the text" in extraction.notes


@pytest.mark.parametrize("kind", ["relations", "observations", "milestones"])
@pytest.mark.parametrize("quote", ["云溪经开区完成工业产值481亿元", "", "位于", TEXT * 8, None, 7])
def test_a_quotation_that_the_text_does_not_say_is_dropped(kind: str, quote: Any) -> None:
    extraction, dropped = read(changed(kind, quote=quote))
    assert getattr(extraction, kind) == ()
    assert dropped == {"statements whose quotation does not stand in the text": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": COMPANY},  # a zone lies in no company
        {"property": "acquires"},
        {"property": "isNear"},
        {"object": ZONE},  # nothing lies in itself
    ],
)
def test_a_relation_outside_domain_and_range_is_dropped(wrong: dict[str, str]) -> None:
    extraction, dropped = read(changed("relations", **wrong))
    assert extraction.relations == ()
    assert dropped == {"relations outside domain and range": 1}


def test_a_thing_that_cannot_have_a_milestone_has_none() -> None:
    for wrong in ({"type": "held"}, {"type": "exploded"}, {"entity": CITY}):
        extraction, dropped = read(changed("milestones", **wrong))
        assert extraction.milestones == ()
        assert dropped == {"milestones that such a thing cannot have": 1}


@pytest.mark.parametrize("value", ["48000000000", "80亿元", "480亿元，入驻企业超过1200家", "四百八十亿元", "去年", ""])
def test_a_value_that_the_quotation_does_not_say_is_dropped(value: str) -> None:
    said = changed("observations", value=value, quote="去年，云溪经开区完成工业产值480亿元，入驻企业超过1200家")
    extraction, dropped = read(said)
    assert extraction.observations == ()
    assert dropped == {"values that the quotation does not say": 1}


def test_a_unit_that_no_lexicon_knows_is_read_as_it_stands() -> None:
    text = "云溪市去年产出云片糕1.8万叠篓。"
    said = answer(
        entities=[{"name": "云溪市", "class": "AdministrativeArea", "aliases": []}],
        observations=[{"entity": "云溪市", "indicator": "云片糕产量", "value": "1.8万叠篓", "time": "去年",
                       "status": "actual", "with_respect_to": None, "quote": "去年产出云片糕1.8万叠篓"}],
    )  # fmt: skip
    (observation,) = read(said, article(text))[0].observations
    assert (observation.value, observation.unit) == (Decimal(18000), "叠篓")


def test_a_time_that_the_text_does_not_say_is_left_out_and_the_fact_stays() -> None:
    extraction, dropped = read(changed("observations", time="2021年"))
    assert [(o.value, o.year) for o in extraction.observations] == [(Decimal(48000000000), None)]
    assert dropped == {"times that do not stand in the text": 1}


def test_a_share_of_something_unknown_is_dropped() -> None:
    extraction, dropped = read(changed("observations", with_respect_to="溪云大学"))
    assert extraction.observations == ()
    assert dropped == {"statements of things that are no entity": 1}


def test_another_name_must_stand_in_the_text_and_be_no_stand_in() -> None:
    said = changed("entities", aliases=["云溪经开区", "云溪开发区", "该区", CITY, 7])
    said["entities"] += GOOD["entities"][1:]
    extraction, dropped = read(said)
    assert extraction.entities[0].aliases == ("云溪经开区",)
    assert dropped == {"other names that do not stand in the text or are another's": 3}


def test_nothing_is_read_from_damaged_text() -> None:
    start = TEXT.index("480亿元")
    extraction, dropped = read(GOOD, article(damage=(TextSpan(start, start + 2),)))
    assert [o.value for o in extraction.observations] == [Decimal(1200)]
    assert dropped == {"statements whose quotation does not stand in the text": 1}
    name = TEXT.index("智能终端项目")
    extraction, dropped = read(GOOD, article(damage=(TextSpan(name, name + 1),)))
    assert PROJECT not in {entity.name for entity in extraction.entities}
    assert extraction.milestones == ()


def test_nothing_is_read_from_what_is_not_the_article() -> None:
    end = TEXT.index("\n")
    extraction, _ = read(GOOD, article(body=(TextSpan(0, end),)))
    assert {e.name for e in extraction.entities} == {ZONE, CITY}
    assert len(extraction.relations) == 1


def test_a_name_within_a_longer_name_is_no_mention_where_it_stands_alone_elsewhere() -> None:
    text = "云溪市产业园位于云溪市。"
    names = [("云溪市产业园", "IndustrialPark"), ("云溪市", "AdministrativeArea")]
    said = answer(entities=[{"name": name, "class": class_, "aliases": []} for name, class_ in names])
    extraction, _ = read(said, article(text))
    assert [[m.span.start for m in e.mentions] for e in extraction.entities] == [[0], [8]]


@pytest.mark.parametrize(
    "item",
    [{}, {"name": None, "class": "Zone"}, {"name": ["云溪市"], "class": "Zone"}, {"name": "云溪市", "class": "Town"},
     {"name": "云溪市", "class": ["Zone"]}, {"name": "该区", "class": "Zone"}, {"name": "云", "class": "Zone"}],
)  # fmt: skip
def test_what_is_no_entity_is_counted_and_breaks_nothing(item: dict[str, Any]) -> None:
    extraction, dropped = read(answer(entities=[item]))
    assert extraction.entities == ()
    assert sum(dropped.values()) == 1


def test_answers_about_one_thing_become_one_entity() -> None:
    of = article()
    first, second = windows(of, 60, 0)
    said = [
        (first, answer(entities=[GOOD["entities"][0]])),
        (second, answer(entities=[{"name": "云溪经开区", "class": "Zone", "aliases": []}, GOOD["entities"][2]],
                        relations=[GOOD["relations"][1] | {"object": "云溪经开区"}])),
    ]  # fmt: skip
    extraction = Statements(of, TASK).extraction(said)
    assert [(e.name, e.aliases, e.label_) for e in extraction.entities] == [
        (ZONE, ("云溪经开区",), "DevelopmentZone"),
        (COMPANY, (), "Company"),
    ]
    assert [r.object for r in extraction.relations] == [f"DevelopmentZone:{ZONE}"]


def test_a_title_is_kept_where_the_sentence_says_it() -> None:
    text = "云溪市市长林朗到会。"
    names = [("云溪市", "AdministrativeArea"), ("林朗", "Person")]
    entities = [{"name": name, "class": class_, "aliases": []} for name, class_ in names]
    office = {
        "subject": "林朗",
        "property": "affiliatedWith",
        "object": "云溪市",
        "status": "actual",
        "quote": "云溪市市长林朗",
    }
    for title, kept in (("市长", "市长"), ("书记", None), (None, None)):
        extraction, _ = read(answer(entities=entities, relations=[office | {"title": title}]), article(text))
        assert [relation.evidence.title for relation in extraction.relations] == [kept]
