"""The server may be slow, busy, wrong or not there at all: it is asked again within bounds, and said so in a sentence."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from small_model import GOOD, Model, Served, article, completion

from kg.errors import ExtractorError
from kg.llm import LlmExtractor
from kg.model import Extraction, Unextracted
from kg.ontology import Ontology

Making = Callable[..., LlmExtractor]
BUSY: Served = (429, {"Retry-After": "0"}, b'{"error": {"message": "slow down"}}')
BROKEN: Served = (500, {}, b"oops")
ONTOLOGY = Ontology.load()


def extract(extractor: LlmExtractor) -> Extraction | Unextracted:
    (found,) = extractor.extract([article()], ONTOLOGY)
    return found


def error_of(extractor: LlmExtractor) -> str:
    with pytest.raises(ExtractorError) as raised:
        extract(extractor)
    said = str(raised.value)
    assert "\n" not in said
    return said


def is_whole(found: Extraction | Unextracted) -> bool:
    return isinstance(found, Extraction) and len(found.entities) == 4 and not found.notes


@pytest.mark.parametrize("trouble", [BUSY, BROKEN, (503, {}, b""), (200, {}, b"<html>"), (200, {}, b'{"choices": []}')])
def test_a_server_in_trouble_is_asked_again(model: Model, extractor: Making, trouble: Served) -> None:
    model.answering = [trouble, trouble, completion(GOOD)]
    assert is_whole(extract(extractor()))
    assert len(model.asked) == 3


def test_a_server_that_stays_in_trouble_is_asked_no_more_than_allowed(model: Model, extractor: Making) -> None:
    model.answering = [BUSY]
    said = error_of(extractor(tries=3))
    assert said.endswith("/v1/chat/completions does not answer (429: slow down, in 3 tries); try again later")
    assert len(model.asked) == 3


def test_each_wait_is_longer_than_the_one_before(
    model: Model, extractor: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("kg.http.time.sleep", waits.append)
    model.answering = [BROKEN, BROKEN, (429, {"Retry-After": "7"}, b""), (429, {"Retry-After": "9999"}, b""), BROKEN]
    error_of(extractor(tries=5, backoff=0.5))
    assert waits == [0.5, 1.0, 7.0, 60.0]


def test_a_slow_server_is_not_waited_for(model: Model, extractor: Making) -> None:
    def slow(_: dict[str, Any]) -> Served:
        time.sleep(0.5)
        return completion(GOOD)

    model.answering = [slow]
    assert "(no answer within 0.1 s, in 2 tries)" in error_of(extractor(timeout=0.1, tries=2))


def test_a_server_that_answers_byte_by_byte_has_no_more_time(model: Model, extractor: Making) -> None:
    model.drip = 0.01
    started = time.monotonic()
    assert "(no answer within 0.2 s, in 1 tries)" in error_of(extractor(timeout=0.2, tries=1))
    assert time.monotonic() - started < 3


def test_no_server_is_said_at_once(extractor: Making) -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        started = time.monotonic()
        said = error_of(extractor(url=url, backoff=5.0))
    assert said.startswith(f"no language model is there at {url}/chat/completions (")
    assert said.endswith("; start its server, or give another address")
    assert time.monotonic() - started < 4


def test_a_server_that_goes_away_ends_the_run_after_a_few_windows(model: Model, extractor: Making) -> None:
    model.answering = [completion(GOOD), BROKEN]
    articles = [article(f"第{number}篇。云溪市很好。") for number in range(9)]
    found = extractor(tries=1).extract(articles, ONTOLOGY)
    assert isinstance(next(found), Extraction)
    assert [type(next(found)) for _ in range(2)] == [Unextracted, Unextracted]
    with pytest.raises(ExtractorError, match="does not answer"):
        next(found)
    assert len(model.asked) == 4


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refuses the key (401: no such key); set ZONEKG_LLM_API_KEY to one it takes"),
        (402, "answers no question (402: no such key); check the address and the model"),
        (404, "answers no question (404: no such key); check the address and the model"),
        (302, "answers no question (302: no such key); check the address and the model"),
    ],
)
def test_a_refusal_ends_the_run(model: Model, extractor: Making, status: int, said: str) -> None:
    model.answering = [(status, {"Location": "/elsewhere"}, b'{"error": {"message": "no such\\n key"}}')]
    assert error_of(extractor()).endswith(said)
    assert len(model.asked) == 1


def test_a_schema_that_the_server_does_not_take_is_left_to_the_words(model: Model, extractor: Making) -> None:
    def only_objects(body: dict[str, Any]) -> Served:
        if body.get("response_format", {}).get("type") == "json_schema":
            return 400, {}, b'{"error": {"message": "This response_format type is unavailable now"}}'
        return completion(GOOD)

    model.answering = [only_objects]
    found = list(extractor().extract([article(), article("另一篇。云溪市很好。")], ONTOLOGY))
    assert is_whole(found[0])
    formats = [body.get("response_format", {}).get("type") for body in model.asked]
    assert formats == ["json_schema", "json_object", "json_object"]


def test_a_window_that_the_server_refuses_is_no_reason_to_ask_for_less(model: Model, extractor: Making) -> None:
    model.answering = [completion(GOOD), (400, {}, b'{"error": {"message": "too long"}}'), completion(GOOD)]
    articles = [article(), article("另一篇。云溪市很好。"), article("又一篇。云溪市很好。")]
    found = list(extractor().extract(articles, ONTOLOGY))
    assert [type(each) for each in found] == [Extraction, Unextracted, Extraction]
    assert isinstance(found[1], Unextracted)
    assert "400: too long" in found[1].reason
    assert {body["response_format"]["type"] for body in model.asked} == {"json_schema"}


def test_the_schema_is_sent_and_stands_in_the_words_too(model: Model, extractor: Making) -> None:
    extract(extractor())
    (body,) = model.asked
    schema = body["response_format"]["json_schema"]["schema"]
    assert (body["model"], body["temperature"]) == ("small", 0.0)
    assert json.dumps(schema, ensure_ascii=False) in body["messages"][0]["content"]
    assert article().text in body["messages"][1]["content"]
    assert "日期：2024-03-05" in body["messages"][1]["content"]


def test_the_key_comes_from_the_environment_and_is_never_repeated(
    model: Model, extractor: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZONEKG_LLM_API_KEY", "sk-very-secret\n")
    model.answering = [(401, {}, b'{"error": {"message": "sk-very-secret is no key"}}')]
    maker = extractor()
    said = error_of(maker)
    assert model.keys == ["Bearer sk-very-secret"]
    assert "sk-very-secret" not in said + repr(maker.options) + repr(maker.configuration)


def test_without_a_key_none_is_sent(model: Model, extractor: Making) -> None:
    extract(extractor())
    assert model.keys == [None]
