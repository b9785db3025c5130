"""A run says what it will use, asks each window once, keeps the answers, and says what it used and left out."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_model import GOOD, TEXT, Model, answer, article, completion

from kg.errors import ExtractorError
from kg.llm import LlmExtractor, make_llm
from kg.model import Article, Extraction, Unextracted
from kg.ontology import Ontology

Making = Callable[..., LlmExtractor]
ONTOLOGY = Ontology.load()
NO_JSON = completion("这篇文章说的是云溪经开区。")


@pytest.fixture(autouse=True)
def _hear(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="kg")


def extract(extractor: LlmExtractor, *articles: Article) -> list[Extraction | Unextracted]:
    return list(extractor.extract(articles or [article()], ONTOLOGY))


def test_an_answer_is_asked_for_once(model: Model, extractor: Making, caplog: pytest.LogCaptureFixture) -> None:
    first = extract(extractor())
    assert extract(extractor()) == first
    assert len(model.asked) == 1
    assert "1 requests made, 0 answers from the cache; 1000 tokens read and 200 written" in caplog.text
    assert "0 requests to make, 1 answers in the cache; an estimated 0 tokens" in caplog.text
    assert "0 requests made, 1 answers from the cache; 0 tokens read and 0 written" in caplog.text


def test_answers_in_the_cache_need_no_server(model: Model, extractor: Making) -> None:
    first = extract(extractor())
    model.shutdown()
    model.server_close()
    assert extract(extractor()) == first


@pytest.mark.parametrize(
    "other", [{"model": "large"}, {"temperature": 0.5}, {"max_tokens": 9000}, {"window_chars": 80}]
)
def test_another_question_is_asked_anew(model: Model, extractor: Making, other: dict[str, Any]) -> None:
    extract(extractor())
    extract(extractor(overlap_chars=0, **other))
    assert len(model.asked) > 1


def test_a_damaged_file_in_the_cache_is_no_answer(model: Model, extractor: Making, tmp_path: Path) -> None:
    first = extract(extractor())
    (kept,) = (tmp_path / "cache").rglob("*.json")
    for content in (b"", b"{", b"[]", b'{"content": 1}', b'{"content": "no JSON"}', b"\xff"):
        kept.write_bytes(content)
        assert extract(extractor()) == first
    assert len(model.asked) == 7


def test_a_cache_that_cannot_be_written_is_said(extractor: Making, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ExtractorError, match=r"file cannot keep answers \(.*\); give the option cache = another folder"
    ):
        extract(extractor(cache=tmp_path / "file"))


@pytest.mark.parametrize("content", ["```json\n%s\n```", "<think>{想}</think>\n%s", "好的：%s"])
def test_json_with_words_around_it_is_read(model: Model, extractor: Making, content: str) -> None:
    model.answering = [completion(content % json.dumps(GOOD))]
    (found,) = extract(extractor())
    assert isinstance(found, Extraction)
    assert len(found.entities) == 4


def test_an_answer_in_no_json_is_asked_for_once_more(model: Model, extractor: Making) -> None:
    model.answering = [NO_JSON, completion(GOOD)]
    (found,) = extract(extractor())
    assert isinstance(found, Extraction)
    assert len(found.entities) == 4
    assert len(model.asked) == 2


@pytest.mark.parametrize("bad", ["", "{", '{"entities": [', "[]", '{"answer": 1}', "null", "{" * 5000 + "}" * 5000])
def test_a_window_without_json_is_skipped_and_named(
    model: Model, extractor: Making, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    model.answering = [completion(GOOD), completion(bad)]
    (found,) = extract(extractor(window_chars=65, overlap_chars=0))
    assert isinstance(found, Extraction)
    assert {e.name for e in found.entities} == {"云溪经济开发区", "云溪市"}
    assert len(model.asked) == 3
    missing = f"window 2 of 2 (characters {TEXT.index('鹭岛')} to {len(TEXT)}): the answer is not the JSON asked for, in 2 tries"
    assert missing in found.notes
    assert f"skipped: a.txt, {missing}" in caplog.messages


def test_an_article_without_any_answer_is_left_out_with_the_reason(model: Model, extractor: Making) -> None:
    model.answering = [NO_JSON, NO_JSON, completion(GOOD)]
    left, kept = extract(extractor(), article(), article(TEXT + "完。"))
    assert isinstance(left, Unextracted)
    assert left.reason.startswith("a.txt has no answer from the model (window 1 of 1 ")
    assert isinstance(kept, Extraction)


def test_what_is_dropped_is_counted(model: Model, extractor: Making, caplog: pytest.LogCaptureFixture) -> None:
    zone = {"name": "云溪自贸区", "class": "Zone", "aliases": []}
    model.answering = [completion(answer(entities=[zone]))]
    extract(extractor(), article(), article("另一篇。"))
    assert "dropped: 2 names that do not stand in the text" in caplog.messages


def test_windows_that_overlap_say_each_thing_once(model: Model, extractor: Making) -> None:
    (whole,) = extract(extractor())
    (parts,) = extract(extractor(window_chars=100, overlap_chars=40))
    assert len(model.asked) > 2
    assert isinstance(whole, Extraction)
    assert isinstance(parts, Extraction)
    assert (parts.entities, parts.relations, parts.milestones) == (whole.entities, whole.relations, whole.milestones)


def test_costs_are_said_before_and_after_where_prices_are_given(
    extractor: Making, caplog: pytest.LogCaptureFixture
) -> None:
    extract(extractor(price_in=Decimal(2), price_out=Decimal(8)))
    before, after = caplog.messages
    assert "1 requests to make" in before
    assert before.endswith(" by the prices given")
    assert after.endswith("1000 tokens read and 200 written, 0.0036 by the prices given")


@pytest.mark.parametrize("prices", [{}, {"price_in": Decimal(2)}, {"price_out": Decimal(8)}])
def test_without_prices_no_cost_is_said(
    extractor: Making, caplog: pytest.LogCaptureFixture, prices: dict[str, Decimal]
) -> None:
    extract(extractor(**prices))
    assert len(caplog.messages) == 2
    assert "price" not in caplog.text


def test_tokens_that_the_server_does_not_count_are_an_estimate(
    model: Model, extractor: Making, caplog: pytest.LogCaptureFixture
) -> None:
    model.answering = [completion(GOOD, usage=False)]
    extract(extractor())
    assert "written (1 of the answers by estimate)" in caplog.messages[-1]


def test_more_tokens_than_the_limit_are_not_used(model: Model, extractor: Making) -> None:
    with pytest.raises(ExtractorError, match=r"need about \d+ tokens, and token_limit is 100; raise it, or give fewer"):
        extract(extractor(token_limit=100))
    assert model.asked == []


def test_no_article_is_nothing_to_say(extractor: Making, caplog: pytest.LogCaptureFixture) -> None:
    assert list(extractor().extract([], ONTOLOGY)) == []
    assert caplog.messages == []


def test_the_address_and_the_model_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZONEKG_LLM_URL", raising=False)
    with pytest.raises(ExtractorError, match="no address to ask; give the option url, or set ZONEKG_LLM_URL"):
        make_llm({"model": "small"})
    monkeypatch.setenv("ZONEKG_LLM_URL", "http://localhost:8000/v1/")
    monkeypatch.delenv("ZONEKG_LLM_MODEL", raising=False)
    with pytest.raises(ExtractorError, match="no model to ask; give the option model, or set ZONEKG_LLM_MODEL"):
        make_llm({})
    monkeypatch.setenv("ZONEKG_LLM_MODEL", "small")
    options = make_llm({"tries": "2", "temperature": ""}).options
    assert (options.endpoint, options.model, options.tries) == ("http://localhost:8000/v1/chat/completions", "small", 2)
    assert options.temperature is None


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"modle": "x"}, "the extractor llm has no option modle; it has backoff, cache, "),
        ({"api_key": "x"}, "the extractor llm has no option api_key; "),
        ({"tries": "many"}, "tries=many is no number; write tries = a number"),
        ({"price_in": "free"}, "price_in=free is no number; "),
        ({"url": "localhost:8000"}, "'localhost:8000' is no address of a language model; "),
        ({"url": "http://me:secret@localhost/v1"}, "the address of the language model holds a password; "),
        ({"window_chars": "100"}, "windows of 100 characters cannot overlap by 300; "),
        ({"tries": "0"}, "tries and timeout must be above 0"),
    ],
)
def test_what_is_no_option_is_said(option: dict[str, str], said: str) -> None:
    with pytest.raises(ExtractorError) as raised:
        make_llm({"url": "http://localhost:8000/v1", "model": "small", **option})
    assert str(raised.value).startswith(said)
    assert "secret" not in str(raised.value)
