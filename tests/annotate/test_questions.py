"""What is asked of the model of facts: of which pairs, figures and times, and what it is told of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from kg.annotate.learned.questions import ROW, Questions, Vocabulary, ask
from kg.annotate.quantities import find_quantities
from kg.annotate.times import find_times
from kg.model import Evidence, Milestone, Observation, Relation, TextSpan
from kg.ontology import Ontology
from tests.annotate.conftest import ViewOf

VOCABULARY = Vocabulary.of(Ontology.load())
SAID = Evidence(TextSpan(0, 1), TextSpan(0, 1), "by hand", 1.0)
ROAD = "[甲园:IndustrialPark]位于[乙市:AdministrativeArea]，产值5亿元，2021年开园。"


def asked(view: ViewOf, marked: str, **found: Any) -> Questions:
    seen = view(marked)
    return ask(VOCABULARY, seen, find_quantities(seen.text), find_times(seen.text, seen.published), **found)


def names(questions: Questions) -> set[tuple[str, str]]:
    return {(questions.things[s], questions.things[o]) for s, o in questions.pairs}


def test_a_pair_is_asked_about_where_the_ontology_allows_a_relation(view: ViewOf) -> None:
    questions = asked(view, "[甲园:IndustrialPark]发展[光电:Industry]。")
    assert names(questions) == {("甲园", "光电")}


def test_things_far_apart_are_no_pair(view: ViewOf) -> None:
    assert names(asked(view, "[甲园:IndustrialPark]开园。一。二。[乙市:AdministrativeArea]很大。")) == set()


def test_a_row_says_where_both_stand_and_what_lies_between(view: ViewOf) -> None:
    questions = asked(view, ROAD)
    pair = questions.pairs.index((questions.things.index("甲园"), questions.things.index("乙市")))
    [row] = questions.relations.rows[questions.relations.question == pair]
    told = dict(zip(ROW, row.tolist(), strict=True))
    assert (told["first_start"], told["first_end"], told["second_start"], told["second_end"]) == (0, 2, 4, 6)
    assert (told["between_start"], told["between_end"], told["order"], told["marks"]) == (2, 4, 0, 0)


def test_what_the_rules_say_is_part_of_the_question(view: ViewOf) -> None:
    questions = asked(view, ROAD, relations=[Relation("甲园", "locatedIn", "乙市", SAID)])
    there = questions.pairs.index((questions.things.index("甲园"), questions.things.index("乙市")))
    back = questions.pairs.index((questions.things.index("乙市"), questions.things.index("甲园")))
    column, width = VOCABULARY.properties.index("locatedIn"), len(VOCABULARY.properties)
    assert questions.relations.said[there].nonzero()[0].tolist() == [column]
    assert questions.relations.said[back].nonzero()[0].tolist() == [width + column]


def test_a_figure_has_the_things_near_it_for_owners(view: ViewOf) -> None:
    [quantity] = find_quantities("5亿元")
    observation = Observation("甲园", "产值", quantity.value, "元", SAID)
    questions = asked(view, ROAD, observations=[observation])
    said = {questions.things[t]: s for (_, t), [s] in zip(questions.owned, questions.owners.said, strict=True)}
    assert said == {"乙市": 0, "甲园": 1}


def test_a_happening_is_asked_about_with_each_date_and_without(view: ViewOf) -> None:
    questions = asked(view, ROAD, milestones=[Milestone("甲园", "opened", SAID, "2021")])
    dates = {(questions.things[thing], date) for thing, date in questions.happened}
    assert dates == {("甲园", None), ("甲园", "2021"), ("乙市", None), ("乙市", "2021")}
    told = questions.happenings.said[questions.happened.index((questions.things.index("甲园"), "2021"))]
    assert [VOCABULARY.types[i] for i in told.nonzero()[0]] == ["opened"]
    assert questions.happenings.rows[:, ROW.index("second_is_name")].sum() == 2


def test_a_text_without_names_asks_nothing(view: ViewOf) -> None:
    questions = asked(view, "产值5亿元。")
    assert (questions.pairs, questions.owned, questions.happened) == ((), (), ())
    assert questions.relations.rows.shape == (0, len(ROW))


def test_a_vocabulary_is_written_and_read_again() -> None:
    read = Vocabulary.read(VOCABULARY.written(), Ontology.load())
    assert (read.properties, read.types, read.cues) == (VOCABULARY.properties, VOCABULARY.types, VOCABULARY.cues)
    assert np.array_equal(read.allowed, VOCABULARY.allowed)
