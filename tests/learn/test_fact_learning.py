"""Articles with gold become what the model of facts learns from; what it learned is written and read again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra zonekg[learn]")
pytest.importorskip("onnx", reason="training needs the extra zonekg[learn]")

from kg.annotate.learned.facts import FactModel
from kg.annotate.learned.questions import Vocabulary
from kg.annotate.learned.states import states_of
from kg.evaluate.gold import Gold, find_gold
from kg.evaluate.items import Figures
from kg.learn.fact_examples import FactExample, read_fact_examples, read_swapped
from kg.learn.fact_export import save
from kg.learn.fact_limits import GRIDS, NOTHING, answers_by, best_fact_limits, counted, read_held_out
from kg.learn.fact_model import train
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
VOCABULARY = Vocabulary.of(ONTOLOGY)
NOBODY = re.compile("(?!)")
TEXT = "鹭岛科技园位于晋安区，2021年产值5亿元，同年开园。"
GOLD = """{"id": "a", "article_date": null,
 "entities": [{"name": "鹭岛科技园", "aliases": [], "class": "IndustrialPark"},
              {"name": "晋安区", "aliases": [], "class": "AdministrativeArea"}],
 "relations": [["鹭岛科技园", "locatedIn", "晋安区"]],
 "observations": [{"entity": "鹭岛科技园", "indicator": "产值", "value": 500000000, "unit": "元"}],
 "milestones": [{"entity": "鹭岛科技园", "type": "opened", "date": "2021", "status": "actual"}]}"""


@pytest.fixture
def gold(tmp_path: Path) -> list[Gold]:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.json").write_text(GOLD, encoding="utf-8")
    return list(find_gold([tmp_path / "a.json"]))


def answered(example: FactExample) -> tuple[list[tuple[str, str, str]], list[str], list[tuple[str, str | None, str]]]:
    """What the gold answers, by name."""
    questions = example.questions
    things, properties, types = questions.things, VOCABULARY.properties, VOCABULARY.types
    return (
        [(things[questions.pairs[i][0]], properties[p], things[questions.pairs[i][1]]) for i, p in np.argwhere(example.related)],
        [things[questions.owned[i][1]] for i in example.owns.nonzero()[0]],
        [(things[questions.happened[i][0]], questions.happened[i][1], types[t]) for i, t in np.argwhere(example.happened)],
    )  # fmt: skip


def test_the_gold_answers_the_questions_of_its_article(gold: list[Gold]) -> None:
    [example] = read_fact_examples(gold, VOCABULARY, ONTOLOGY, NOBODY)
    assert answered(example) == (
        [("鹭岛科技园", "locatedIn", "晋安区")],
        ["鹭岛科技园"],
        [("鹭岛科技园", "2021", "opened")],
    )


def test_a_copy_with_other_names_has_the_same_answers(gold: list[Gold]) -> None:
    [copy] = read_swapped(gold, VOCABULARY, ONTOLOGY, NOBODY)
    [example] = read_fact_examples(gold, VOCABULARY, ONTOLOGY, NOBODY)
    assert answered(copy) == answered(example)


def test_what_rules_were_written_for_is_known(gold: list[Gold]) -> None:
    [seen] = read_fact_examples(gold, VOCABULARY, ONTOLOGY, re.compile("a"))
    [unseen] = read_fact_examples(gold, VOCABULARY, ONTOLOGY, re.compile("b"))
    assert (seen.seen_by_rules, unseen.seen_by_rules) == (True, False)


def test_limits_that_change_nothing_are_as_good_as_the_rules(gold: list[Gold]) -> None:
    [held] = read_held_out(gold, VOCABULARY, ONTOLOGY)
    assert counted([held], [None], NOTHING, VOCABULARY, ONTOLOGY, "relations") == (1, 1, 1)
    half = Figures(right=1, predicted=1, gold=2)
    assert (half.f1, half.precision, half.recall) == (pytest.approx(2 / 3), 1.0, 0.5)


def test_what_is_trained_is_written_and_answers_the_same(gold: list[Gold], tmp_path: Path) -> None:
    examples = [list(read_fact_examples(gold, VOCABULARY, ONTOLOGY, NOBODY))]
    models = [train(examples, VOCABULARY, epochs=3, seed=seed, on_epoch=lambda: None) for seed in (0, 1)]
    [held] = read_held_out(gold, VOCABULARY, ONTOLOGY)
    trained = answers_by(models, held)
    limits = best_fact_limits([held], [trained], VOCABULARY, ONTOLOGY)
    assert replace(NOTHING, **GRIDS["relations"][0], **GRIDS["observations"][0], **GRIDS["milestones"][0]) != NOTHING
    save(models, VOCABULARY, limits, tmp_path / "facts")
    written = FactModel(tmp_path / "facts")
    assert written.limits == limits
    assert written.vocabulary(ONTOLOGY).cues == VOCABULARY.cues
    assert held.asked is not None
    assert trained is not None
    read = written.answer(states_of(held.doc._.kg_view.text), held.asked.questions)
    for name in ("related", "owns", "happened"):
        assert np.allclose(getattr(read, name), getattr(trained, name), atol=1e-3)
