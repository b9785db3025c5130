"""A query gives rows or a graph people and programs can read, or one sentence about what is wrong."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from kg.errors import QueryError
from kg.ontology import Ontology
from kg.publish.results import QueryResults, run_query
from kg.publish.sparql import guard, tokenize

ONTOLOGY = Ontology.load()
W3C = Path(__file__).resolve().parents[2] / "../shared/w3c/sparql/sparql11"
SELECT = "SELECT ?park ?name { ?park skos:prefLabel ?name }"


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.load(
        """@prefix zkg: <https://w3id.org/zonekg/ontology#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://w3id.org/zonekg/id/place/数字园> a zkg:IndustrialPark ; skos:prefLabel "数字园"@zh-Hans .""",
        ox.RdfFormat.TURTLE,
    )
    return store


def run(store: ox.Store, sparql: str) -> QueryResults:
    return run_query(store, sparql, ONTOLOGY)


def shown(results: QueryResults, width: int = 80) -> str:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(results.table())
    return capture.get()


def test_prefixes_need_no_declaration_and_may_have_one(store: ox.Store) -> None:
    own = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> " + SELECT
    assert run(store, SELECT).text("csv") == run(store, own).text("csv") != ""


def test_select_is_written_in_the_w3c_formats(store: ox.Store) -> None:
    iri = "https://w3id.org/zonekg/id/place/数字园"
    [row] = json.loads(run(store, SELECT).text("json"))["results"]["bindings"]
    assert row["park"] == {"type": "uri", "value": iri}
    assert run(store, SELECT).text("csv").split() == ["park,name", f"{iri},数字园"]
    assert run(store, SELECT).text("tsv").splitlines() == ["?park\t?name", f'<{iri}>\t"数字园"@zh-hans']
    assert "<literal xml:lang=" in run(store, SELECT).text("xml")


def test_a_table_shortens_iris_and_keeps_names_whole(store: ox.Store) -> None:
    assert "zid:place/数字园" in shown(run(store, SELECT))
    narrow = shown(run(store, SELECT), width=14)
    assert "数" in narrow
    assert "…" not in narrow


def test_a_table_obeys_no_control_characters_or_markup() -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("\x1b[31m红[bold]\n二")))
    text = shown(run(store, "SELECT ?o { ?s ?p ?o }"))
    assert "\x1b" not in text
    assert "[bold] 二" in text


def test_ask_is_yes_or_no(store: ox.Store) -> None:
    assert "yes" in shown(run(store, "ASK { ?s a zkg:IndustrialPark }"))
    assert json.loads(run(store, "ASK { ?s a zkg:Company }").text("json"))["boolean"] is False


def test_construct_is_written_as_rdf_with_prefixes(store: ox.Store) -> None:
    turtle = run(store, "CONSTRUCT { ?s a ?c } { ?s a ?c }").text("turtle")
    assert "place:数字园 a zkg:IndustrialPark ." in turtle


def test_describe_gives_what_is_said_of_a_thing(store: ox.Store) -> None:
    lines = run(store, "DESCRIBE <https://w3id.org/zonekg/id/place/数字园>").text("ntriples").splitlines()
    assert len(lines) == 2


@pytest.mark.parametrize(("sparql", "format"), [(SELECT, "turtle"), ("DESCRIBE <urn:a>", "csv")])
def test_a_format_of_the_other_kind_is_refused_with_a_choice(store: ox.Store, sparql: str, format: str) -> None:
    with pytest.raises(QueryError, match=r"choose .* or "):
        run(store, sparql).write(BytesIO(), format)


@pytest.mark.parametrize("name", sorted(ONTOLOGY.queries))
def test_each_query_of_the_ontology_runs_by_its_name(store: ox.Store, name: str) -> None:
    assert run(store, name).variables


@pytest.mark.parametrize(
    ("sparql", "said"),
    [
        ("", "the query is empty at line 1, column 1"),
        ("SELEC ?x", "is not SPARQL from line 1, column 1 on, near “SELEC"),
        ("SELECT ?x\nWHERE { ?x ?y }", "is not SPARQL from line 2, column 9 on, near “?x ?y }”"),
        ("SELECT * { ?s ?p ?o", "the { at line 1, column 10 is never closed; add }"),
        ("SELECT *\n{ ?s ?p ?o } }", "the } at line 2, column 14 closes nothing"),
        ("SELECT * { ?s ?p '园 }", "the string that begins at line 1, column 18 does not end"),
        (
            "SELECT *\n{ ?s foo:园 ?o }",
            "the prefix foo: at line 2, column 6 is not declared; add PREFIX foo: <…>",
        ),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "contains a variable that is unbound"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE at line 1, column 1 would change the graph"),
        ("PREFIX a: <urn:a>\nLOAD <http://127.0.0.1/>", "LOAD at line 2, column 1 would change the graph"),
    ],
)
def test_a_wrong_query_is_answered_with_place_and_remedy(store: ox.Store, sparql: str, said: str) -> None:
    with pytest.raises(QueryError) as error:
        run(store, sparql)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '#' . service silent ?where { ?s ?p ?o } }",
        "SELECT * { ?s ?p <urn:a#b> SERVICE<http://127.0.0.1:9/>{} }",
        "SELECT * { { SELECT * { SERVICE ex:e {} } } }",
    ],
)
def test_the_network_is_never_reached(store: ox.Store, sparql: str) -> None:
    with pytest.raises(QueryError, match="would fetch from the network"):
        run(store, sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { FILTER(?a<?b&&?c='>' ) SERVICE <http://127.0.0.1:9/> {} #'\n }",
        "SELECT * { FILTER(?a<ex:c#d> '''\n) SERVICE <http://127.0.0.1:9/> {} #'''\n }",
    ],
)
def test_what_an_operator_makes_look_like_a_string_does_not_reach_it_either(sparql: str) -> None:
    try:
        safe = guard(sparql)
    except QueryError:
        return
    assert "service" not in safe.lower()


def test_the_word_service_may_stand_in_strings_comments_and_names(store: ox.Store) -> None:
    store.add(ox.Quad(ox.NamedNode("urn:service"), ox.NamedNode("urn:p"), ox.Literal("SERVICE <a> {")))
    query = "SELECT ?service { <urn:service> ?service 'SERVICE <a> {' } # SERVICE <http://127.0.0.1/> {}"
    assert run(store, query).text("csv").split() == ["service", "urn:p"]


@given(st.text("abc<>'\"#?\\ \n{}:", max_size=30))
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(token.text for token in tokenize(text)) == text


@pytest.mark.skipif(not W3C.is_dir(), reason="needs the W3C SPARQL tests in ../shared")
def test_of_the_w3c_tests_only_federated_queries_are_refused() -> None:
    refused = set()
    for path in sorted(W3C.rglob("*.rq")):
        try:
            guard(path.read_text(encoding="utf-8"))
        except QueryError as error:
            if "network" in str(error):
                refused.add(path.name)
    assert len(refused) > 5
    assert all("service" in name for name in refused)
