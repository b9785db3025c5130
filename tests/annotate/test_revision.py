"""Facts of the rules, revised by how likely each answer is: what is added, kept, changed and taken away."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from kg.annotate.learned.facts import Answers, FactLimits
from kg.annotate.learned.questions import Vocabulary, ask
from kg.annotate.learned.revision import Reviser
from kg.annotate.quantities import find_quantities
from kg.annotate.times import find_times
from kg.model import Evidence, Milestone, Observation, Relation, TextSpan
from kg.ontology import Ontology
from tests.annotate.conftest import ViewOf

ONTOLOGY = Ontology.load()
VOCABULARY = Vocabulary.of(ONTOLOGY)
LIMITS = FactLimits(
    add_relation=0.8, add_owner=0.8, change_owner=0.8, keep_owner=0.1, add_happening=0.8, change_date=0.8
)
TEXT = "[甲园:IndustrialPark]位于[乙市:AdministrativeArea]，产值5亿元，2021年开园。"
LOCATED = ("甲园", "locatedIn", "乙市")


class Case:
    """One text, its questions, and answers to set by hand; every answer is unlikely at first."""

    def __init__(self, view: ViewOf, marked: str = TEXT, limits: FactLimits = LIMITS, **more: Any) -> None:
        self.view = view(marked)
        self.quantities = find_quantities(self.view.text)
        self.questions = ask(VOCABULARY, self.view, self.quantities, find_times(self.view.text, self.view.published))
        self.answers = Answers(
            np.zeros((len(self.questions.pairs), len(VOCABULARY.properties)), dtype=np.float32),
            np.zeros(len(self.questions.owned), dtype=np.float32),
            np.zeros((len(self.questions.happened), len(VOCABULARY.types)), dtype=np.float32),
            np.zeros((len(self.questions.relations.rows), len(VOCABULARY.properties)), dtype=np.float32),
            np.zeros((len(self.questions.happenings.rows), len(VOCABULARY.types)), dtype=np.float32),
        )
        self.limits, self.more = limits, more

    @property
    def reviser(self) -> Reviser:
        plans = re.compile("将")
        return Reviser(*(self.view, VOCABULARY, plans, self.questions, self.answers, self.limits), **self.more)

    def related(self, subject: str, property_: str, object_: str, probability: float) -> Case:
        things = self.questions.things
        pair = self.questions.pairs.index((things.index(subject), things.index(object_)))
        self.answers.related[pair, VOCABULARY.properties.index(property_)] = probability
        return self

    def owns(self, thing: str, probability: float) -> Case:
        [index] = [i for i, (_, t) in enumerate(self.questions.owned) if self.questions.things[t] == thing]
        self.answers.owns[index] = probability
        return self

    def happened(self, thing: str, date: str | None, type_: str, probability: float) -> Case:
        index = self.questions.happened.index((self.questions.things.index(thing), date))
        self.answers.happened[index, VOCABULARY.types.index(type_)] = probability
        return self

    def span(self, text: str) -> TextSpan:
        start = self.view.text.index(text)
        return TextSpan(start, start + len(text))

    def evidence(self, text: str) -> Evidence:
        return Evidence(self.span(text), self.view.sentences[0], "by hand", 0.9)


def triples(relations: list[Relation]) -> list[tuple[str, str, str]]:
    return [(r.subject, r.property, r.object) for r in relations]


def test_a_relation_that_is_sure_enough_is_added_with_where_it_was_read(view: ViewOf) -> None:
    [found] = Case(view).related(*LOCATED, 0.87).reviser.relations([])
    assert triples([found]) == [LOCATED]
    assert (found.evidence.rule, found.evidence.confidence) == ("learned:locatedIn", 0.87)
    assert found.evidence.span == TextSpan(0, len("甲园位于乙市"))


def test_its_confidence_is_how_likely_it_is_by_how_far_the_model_is_trusted(view: ViewOf) -> None:
    case = Case(view, limits=replace(LIMITS, trust=0.5))
    assert [r.evidence.confidence for r in case.related(*LOCATED, 0.9).reviser.relations([])] == [0.45]


def test_one_that_is_less_sure_is_not(view: ViewOf) -> None:
    assert Case(view).related(*LOCATED, 0.7).reviser.relations([]) == []


def test_a_relation_of_the_rules_stays_and_is_not_added_again(view: ViewOf) -> None:
    case = Case(view)
    said = Relation(*LOCATED, case.evidence("甲园位于乙市"))
    assert case.related(*LOCATED, 0.05).reviser.relations([said]) == [said]
    assert case.related(*LOCATED, 0.95).reviser.relations([said]) == [said]


def test_of_two_ways_round_the_surer_is_taken(view: ViewOf) -> None:
    case = Case(view, "[甲市:AdministrativeArea]的[乙县:AdministrativeArea]。")
    case.related("乙县", "partOf", "甲市", 0.9).related("甲市", "partOf", "乙县", 0.85)
    assert triples(case.reviser.relations([])) == [("乙县", "partOf", "甲市")]


def test_nothing_new_is_read_from_damaged_text(view: ViewOf) -> None:
    case = Case(view, damage=(TextSpan(2, 3),)).related(*LOCATED, 0.95).happened("甲园", "2021", "opened", 0.95)
    assert case.reviser.relations([]) == []
    assert case.reviser.milestones([]) == []


def test_a_figure_without_an_owner_gets_the_likeliest(view: ViewOf) -> None:
    case = Case(view)
    figure = Observation("", "产值", case.quantities[0].value, "元", case.evidence("产值5亿元"))
    [found] = case.owns("甲园", 0.9).reviser.observations(case.quantities, [], [figure])
    assert (found.entity, found.indicator, found.evidence.confidence) == ("甲园", "产值", 0.9)
    assert case.owns("甲园", 0.5).reviser.observations(case.quantities, [], [figure]) == []


def test_a_wrong_owner_gives_way_to_a_sure_one_or_goes(view: ViewOf) -> None:
    case = Case(view)
    figure = Observation("乙市", "产值", case.quantities[0].value, "元", case.evidence("产值5亿元"))
    [found] = case.owns("甲园", 0.9).owns("乙市", 0.05).reviser.observations(case.quantities, [figure], [])
    assert found.entity == "甲园"
    assert case.owns("甲园", 0.5).reviser.observations(case.quantities, [figure], []) == []
    assert case.owns("乙市", 0.4).reviser.observations(case.quantities, [figure], []) == [figure]


def test_a_happening_that_is_sure_enough_is_added_with_its_date(view: ViewOf) -> None:
    [found] = Case(view).happened("甲园", "2021", "opened", 0.9).reviser.milestones([])
    assert (found.entity, found.type, found.date, found.status) == ("甲园", "opened", "2021", "actual")


def test_a_happening_that_the_rules_have_is_not_added_again(view: ViewOf) -> None:
    case = Case(view)
    said = Milestone("甲园", "opened", case.evidence("2021年开园"), "2021")
    case.happened("甲园", "2021", "opened", 0.75).happened("甲园", None, "opened", 0.7)
    assert case.reviser.milestones([said]) == [said]


def test_a_happening_is_dated_as_is_likeliest(view: ViewOf) -> None:
    case = Case(view)
    said = Milestone("甲园", "opened", case.evidence("2021年开园"))
    [found] = case.happened("甲园", "2021", "opened", 0.9).reviser.milestones([said])
    assert (found.date, found.evidence.rule) == ("2021", "learned:date")
    assert case.happened("甲园", "2021", "opened", 0.7).reviser.milestones([said]) == [said]


def test_a_happening_to_come_is_a_target(view: ViewOf) -> None:
    case = Case(view, "[甲园:IndustrialPark]将开园。").happened("甲园", None, "opened", 0.9)
    assert [m.status for m in case.reviser.milestones([])] == ["target"]


def test_limits_that_let_nothing_in_and_nothing_out_leave_all_as_it_is(view: ViewOf) -> None:
    case = Case(view, limits=FactLimits(2, 2, 2, 0, 2, 2)).related(*LOCATED, 1.0).owns("甲园", 1.0)
    said = Relation("乙市", "governs", "甲园", case.evidence("乙市"))
    figure = Observation("乙市", "产值", case.quantities[0].value, "元", case.evidence("产值5亿元"))
    assert case.reviser.relations([said]) == [said]
    assert case.reviser.observations(case.quantities, [figure], [replace(figure, entity="")]) == [figure]
