"""Names of rules, revised by what is learned: what is added, kept, replaced and taken away."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from kg.annotate.lac import STATE_WIDTH
from kg.annotate.learned.states import states_of
from kg.annotate.learned.tagger import Limits, Tagger, found_names, revised, tag_ids, tags_of
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import View, Word
from kg.model import Mention, TextSpan

TAGS = tags_of(["Company", "Road"])
TEXT = "乙路通甲厂"
LIMITS = Limits(add=0.7, drop=0.8, replace=0.8, merge=0.9)


def likely(*rows: tuple[str, float]) -> np.ndarray:
    """For each character its likeliest tag and how likely that is; the others share the rest."""
    table = np.zeros((len(rows), len(TAGS)), dtype=np.float32)
    for row, (tag, probability) in zip(table, rows, strict=True):
        row[:] = (1 - probability) / (len(TAGS) - 1)
        row[TAGS.index(tag)] = probability
    return table


def name(start: int, end: int, label: str, rule: str = "head") -> Mention:
    return Mention(TextSpan(start, end), TEXT[start:end], label, rule)


def found_by(probabilities: np.ndarray) -> list[Mention]:
    return found_names(TEXT, sentence_spans(TEXT), probabilities, TAGS)


def test_a_name_that_the_model_is_sure_of_is_added() -> None:
    sure = likely(("O", 0.9), ("O", 0.9), ("O", 0.9), ("B-Company", 0.9), ("I-Company", 0.9))
    [added] = revised([], found_by(sure), sure, TAGS, LIMITS)
    assert (added.text, added.label_, added.rule) == ("甲厂", "Company", "learned")


def test_a_name_that_it_is_not_sure_of_is_not_added() -> None:
    unsure = likely(("O", 0.9), ("O", 0.9), ("O", 0.9), ("B-Company", 0.6), ("I-Company", 0.6))
    assert revised([], found_by(unsure), unsure, TAGS, LIMITS) == []


def test_a_name_of_the_rules_that_it_knows_for_none_goes() -> None:
    none = likely(*[("O", 0.99)] * 5)
    assert revised([name(0, 2, "Road")], [], none, TAGS, LIMITS) == []


def test_a_name_of_the_rules_stays_where_it_only_doubts() -> None:
    doubt = likely(("O", 0.6), ("O", 0.6), *[("O", 0.9)] * 3)
    doubt[:2, TAGS.index("B-Road")] = doubt[:2, TAGS.index("I-Road")] = 0.3
    rule = name(0, 2, "Road")
    assert revised([rule], found_by(doubt), doubt, TAGS, LIMITS) == [rule]


def test_a_name_keeps_its_extent_where_only_quotes_differ() -> None:
    text, quotes = "“乙路”", likely(("B-Road", 0.95), *[("I-Road", 0.95)] * 3)
    rule = Mention(TextSpan(1, 3), "乙路", "Road", "head")
    assert revised([rule], found_names(text, sentence_spans(text), quotes, TAGS), quotes, TAGS, LIMITS) == [rule]


def test_half_of_a_pair_of_quotes_is_in_no_name() -> None:
    text, torn = "“乙路通", likely(*[("B-Road", 0.95)], *[("I-Road", 0.95)] * 2, ("O", 0.9))
    assert found_names(text, sentence_spans(text), torn, TAGS) == []


def test_several_names_become_one_only_where_it_is_surer_still() -> None:
    rules = [name(0, 2, "Road"), name(3, 5, "Company")]
    one = likely(("B-Company", 0.85), *[("I-Company", 0.85)] * 4)
    assert revised(rules, found_by(one), one, TAGS, LIMITS) == rules
    surer = likely(("B-Company", 0.95), *[("I-Company", 0.95)] * 4)
    assert [m.text for m in revised(rules, found_by(surer), surer, TAGS, LIMITS)] == [TEXT]


def test_another_class_takes_the_place_of_the_rules_and_keeps_their_name() -> None:
    other = likely(("B-Company", 0.95), ("I-Company", 0.95), *[("O", 0.9)] * 3)
    [mention] = revised([name(0, 2, "Road", "head:路")], found_by(other), other, TAGS, LIMITS)
    assert (mention.label_, mention.rule) == ("Company", "head:路")


def test_a_class_that_the_model_does_not_know_stays() -> None:
    none = likely(*[("O", 0.99)] * 5)
    unknown = name(0, 2, "LayoutComponent")
    assert revised([unknown], [], none, TAGS, LIMITS) == [unknown]


def test_no_name_goes_on_that_has_not_begun() -> None:
    unbegun = likely(("O", 0.9), ("I-Road", 0.9), ("I-Road", 0.9))
    [found] = found_names("乙路通", [TextSpan(0, 3)], unbegun, TAGS)
    assert (found.span, found.label_) == (TextSpan(1, 3), "Road")


def test_the_tags_of_names_say_where_they_begin() -> None:
    assert [TAGS[i] for i in tag_ids(5, [name(0, 2, "Road"), name(3, 5, "Zone")], TAGS)] == [
        "B-Road", "I-Road", "O", "O", "O",
    ]  # fmt: skip


def test_states_do_not_depend_on_what_else_is_read() -> None:
    alone, beside = states_of("甲市开园。"), states_of("甲市开园。\n乙市的产业园昨日开工，总投资5亿元。")
    assert alone.shape == (5, STATE_WIDTH)
    np.testing.assert_allclose(alone, beside[:5], atol=1e-4)
    assert not states_of("甲。\n乙。")[2].any()


def test_nothing_is_found_in_damaged_text() -> None:
    text = "近日，云澜智造产业园在云澜市开园，华芯科技有限公司入驻。"
    words = (Word(TextSpan(0, len(text)), text, "n"),)
    view = View(text, tuple(sentence_spans(text)), words, ())
    lost = TextSpan(3, 10)
    assert not any(m.span.overlaps(lost) for m in Tagger.shipped().revise(view, [], [lost]))


@pytest.mark.parametrize("text", ["", "。", "\n\n", "𠮷田", "a" * 700])
def test_any_text_may_be_revised(text: str) -> None:
    view = View(text, tuple(sentence_spans(text)), (), ())
    spans = [m.span for m in Tagger.shipped().revise(view, [])]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_a_time_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "2021年现场会"
    words = (Word(TextSpan(0, 5), "2021年", "TIME"), Word(TextSpan(5, 8), "现场会", "n"))
    tagger = Tagger.shipped()
    sure = np.zeros((len(text), len(tagger.tags)), dtype=np.float32)
    sure[:, tagger.tags.index("I-Event")] = 1
    for start in (0, 5):
        sure[start] = np.eye(len(tagger.tags))[tagger.tags.index("B-Event")]
    monkeypatch.setattr(tagger, "probabilities", lambda *_: sure)
    found = tagger.revise(View(text, (TextSpan(0, 8),), words, ()), [])
    assert [(m.text, m.label_) for m in found] == [("现场会", "Event")]


def test_no_common_word_is_cut() -> None:
    text = "全市数字经济规模达到480亿元，云澜智造产业园开园。"
    words = [Word(TextSpan(i, j), text[i:j], "n") for i, j in itertools.pairwise((0, 2, 6, 8, 10, 15, 16, len(text)))]
    view = View(text, tuple(sentence_spans(text)), tuple(words), ())
    edges = {word.span.start for word in words} | {word.span.end for word in words}
    assert all({m.span.start, m.span.end} <= edges for m in Tagger.shipped().revise(view, []))
