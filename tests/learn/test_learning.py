"""Articles with gold become what the tagger learns from; what it learned is written and read again."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.lac import STATE_WIDTH
from kg.annotate.learned.tagger import Limits, Tagger, tag_ids, tags_of
from kg.annotate.sentences import sentence_spans
from kg.learn.examples import Example, gold_mentions, read_examples
from kg.learn.limits import GRID, best_limits, f_beta
from kg.learn.swap import names_by_class, swapped
from kg.model import Mention, TextSpan
from kg.ontology import Ontology

TAGS = tags_of(["AdministrativeArea", "Company"])
TEXT = "云澜市华芯公司投产。"
GOLD = (
    Mention(TextSpan(0, 3), "云澜市", "AdministrativeArea", "learned"),
    Mention(TextSpan(3, 7), "华芯公司", "Company", "learned"),
)


def example(found: tuple[Mention, ...] = ()) -> Example:
    return Example(
        TEXT,
        tuple(sentence_spans(TEXT)),
        np.zeros((len(TEXT), STATE_WIDTH), dtype=np.float32),
        tag_ids(len(TEXT), found, TAGS),
        tag_ids(len(TEXT), GOLD, TAGS),
        np.ones(len(TEXT), dtype=np.bool_),
        found,
        GOLD,
    )


def likely(sure: float) -> np.ndarray:
    """The gold's tags, so likely."""
    table = np.full((len(TEXT), len(TAGS)), (1 - sure) / (len(TAGS) - 1), dtype=np.float32)
    table[np.arange(len(TEXT)), tag_ids(len(TEXT), GOLD, TAGS)] = sure
    return table


def test_of_overlapping_names_the_longest_is_meant() -> None:
    entities = [
        {"name": "云澜市", "aliases": ["云澜"], "class": "AdministrativeArea"},
        {"name": "云澜高新区", "class": "DevelopmentZone"},
    ]
    assert [m.text for m in gold_mentions("云澜高新区在云澜。", entities)] == ["云澜高新区", "云澜"]


@given(st.integers(0, 999))
def test_a_swapped_name_stands_where_it_is_said_to(seed: int) -> None:
    names = names_by_class(
        [{"name": "石桥镇", "class": "AdministrativeArea"}, {"name": "远航集团", "class": "Company"}]
    )
    text, mentions = swapped(TEXT * 2, [*GOLD, *_later(GOLD)], names, random.Random(seed), 0.5)
    assert all(m.span.of(text) == m.text for m in mentions)
    assert mentions[0].text == mentions[2].text
    assert mentions[1].text == mentions[3].text


def _later(mentions: tuple[Mention, ...]) -> list[Mention]:
    """The same names in the same text said again."""
    by = len(TEXT)
    return [Mention(TextSpan(m.span.start + by, m.span.end + by), m.text, m.label_, m.rule) for m in mentions]


def test_limits_let_in_what_is_right_and_keep_out_what_is_wrong() -> None:
    right = best_limits([example()], [likely(0.75)], TAGS)
    assert f_beta([example()], [likely(0.75)], TAGS, right) == 1
    strict = Limits(add=0.9, drop=1.0, replace=1.0, merge=1.0)
    assert f_beta([example()], [likely(0.75)], TAGS, strict) == 0
    assert right in GRID


def test_an_example_shows_what_rules_find_and_what_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("云澜市近日开工。", encoding="utf-8")
    (tmp_path / "a.json").write_text(
        '{"id": "a", "article_date": null, "entities": [{"name": "云澜市", "aliases": [], "class": "AdministrativeArea"}]}',
        encoding="utf-8",
    )
    [shown, copy] = read_examples([tmp_path / "a.json"], TAGS, Ontology.load(), copies=1)
    assert [TAGS[tag] for tag in shown.wanted[:4]] == ["B-AdministrativeArea", *["I-AdministrativeArea"] * 2, "O"]
    assert shown.states.shape == (len(shown.text), STATE_WIDTH)
    assert copy.text == shown.text


def test_what_is_trained_is_read_again(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs the extra zonekg[learn]")
    pytest.importorskip("onnx", reason="training needs the extra zonekg[learn]")
    from kg.learn.tagger import Together, probabilities, save, train

    limits = Limits(0.7, 0.8, 0.9, 1.0)
    model = Together([train([example()] * 8, len(TAGS), epochs=2, seed=seed, on_epoch=lambda: None) for seed in (0, 1)])
    save(model.eval(), TAGS, limits, tmp_path / "tagger.onnx")
    tagger = Tagger(tmp_path / "tagger.onnx")
    assert (tagger.tags, tagger.limits) == (TAGS, limits)
    read = tagger.probabilities(TEXT, ())
    assert read.shape == (len(TEXT), len(TAGS))
    assert np.allclose(read.sum(-1), 1, atol=1e-4)
    assert probabilities(model, example()).shape == read.shape
