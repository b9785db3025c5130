"""Whatever a thing is called, and whatever a service answers, nothing breaks."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import terms as t
from kg.http import NotNowError
from kg.link import Options, Question, judge
from kg.link.kept import LinkRun, _axiom
from kg.link.model import Candidate, Link
from kg.link.reconciliation import Reconciliation
from kg.link.sparql import query_for, read_rows

OPTIONS = Options("http://example.org/", types={"Company": ("firm",)})
MANIFEST = {"name": "小库", "identifierSpace": "http://example.org/thing/"}
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
HOSTILE = ('"', "\\", '"""', "'", "}", "\n", "\r", "\x00", "\u2028", "{{id}}", "&", "+", "%", "#", "@zh", "园", "😀")

names = (
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), min_size=1, max_size=6)
    .map("".join)
    .filter(lambda name: name.encode("utf-8", "replace").decode() == name)
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("园\ud800"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "name", "score", "match", "type", "result", "q0"]), inner, max_size=6)
    ),
    max_leaves=12,
)
candidates = st.fixed_dictionaries(
    {"id": any_json | names, "match": st.booleans()},
    optional={"name": any_json, "score": any_json, "type": any_json, "description": any_json},
)


class Answering:
    """A connection that answers what it is told, and keeps what it was asked."""

    def __init__(self, answer: Any = None) -> None:
        self.answer, self.content = answer, b""

    def ask(self, address: str, read: Any, content: bytes = b"", kind: str = "") -> Any:  # noqa: ARG002
        self.content = content
        return read(json.dumps(self.answer).encode())


@given(names, names)
def test_any_name_is_found_to_the_letter(name: str, other: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:it"), LABEL, ox.Literal(name, language="zh")))
    results: Any = store.query(query_for([Question(name, (other,))], "rdf:type"))
    rows = read_rows(results.serialize(format=ox.QueryResultsFormat.JSON))
    assert {(row["thing"], row["name"]) for row in rows} == {("urn:it", name)}


@given(names)
def test_any_name_arrives_whole(name: str) -> None:
    from urllib.parse import parse_qs

    http: Any = Answering({"q0": {"result": []}})
    Reconciliation(http, OPTIONS, MANIFEST).ask([Question(name)])
    (sent,) = parse_qs(http.content.decode(), strict_parsing=True)["queries"]
    assert json.loads(sent)["q0"]["query"] == name


@given(st.lists(candidates, max_size=4))
def test_any_candidate_makes_a_link_that_can_be_written_or_none(answer: list[Any]) -> None:
    http: Any = Answering({"q0": {"result": answer}})
    (found,) = Reconciliation(http, OPTIONS, MANIFEST).ask([Question("园", types=("firm",))])
    assert found is not None
    verdict = judge(Question("园", types=("firm",)), found, OPTIONS)
    runs = {"r": LinkRun("http://example.org/", "小库", "2024-03-05T00:00:00Z", "2024-03-05T00:00:00Z", {})}
    for candidate in found:
        assert isinstance(candidate, Candidate)
        of = Link(("urn:园",), str(LABEL.value), candidate.iri, candidate.name, candidate.score, "2024-03-05",
                  "http://example.org/", "r")  # fmt: skip
        quads = _axiom(of, "urn:园", runs)
        assert list(ox.parse(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"", format=ox.RdfFormat.N_QUADS))
        assert t.order(quads) == quads
    assert verdict is None or isinstance(verdict, str) or verdict in found


@given(any_json)
def test_any_answer_is_candidates_or_none(answer: Any) -> None:
    http: Any = Answering(answer)
    try:
        (found,) = Reconciliation(http, OPTIONS, MANIFEST).ask([Question("园")])
    except NotNowError:
        return
    assert found is None or all(isinstance(each, Candidate) for each in found)


@given(any_json)
def test_any_results_are_rows_or_none(answer: Any) -> None:
    for said in (answer, {"results": answer}, {"results": {"bindings": answer}}, {"results": {"bindings": [answer]}}):
        try:
            rows = read_rows(json.dumps(said).encode())
        except NotNowError:
            continue
        assert all(isinstance(value, str) for row in rows for value in row.values())


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff", b'"'])
def test_what_is_no_json_is_no_answer(content: bytes) -> None:
    with pytest.raises(NotNowError):
        read_rows(content)
