"""What a service is sure of becomes a link, and nothing else; the links stay with their things."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import Result
from rdflib.namespace import OWL, SKOS
from small_service import MANIFEST, Endpoint, Reconciling, as_json, found
from stub import Stub, folder_as_text
from typer.testing import CliRunner

import kg
from kg.builder import build
from kg.cli import app
from kg.curate import merge, remove, split
from kg.link import Options
from kg.linking import LinkReport
from kg.linking import link as link_graph
from kg.ontology import Ontology
from kg.store import GraphFolder
from kg.vocab import LINKS_GRAPH, ZKG

COMPANY, PARK, CHIPS = "云溪电子公司", "云溪高新园", "澜芯微电子公司"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def link(graph: Path, service: Any, *arguments: object) -> Result:
    return run("link", graph, "--service", service.url, "--pause", 0, *arguments)


def report(graph: Path, service: Any, **options: Any) -> LinkReport:
    return link_graph(graph, Options(service.url, **{"pause": 0.0, "backoff": 0.01, "timeout": 5.0, **options}))


def links(graph: Path, property_: object = SKOS.exactMatch) -> dict[str, str]:
    """What is said, by the end of each IRI."""
    with GraphFolder(graph).open(read_only=True) as store:
        said = [quad for quad in store.quads(LINKS_GRAPH) if quad.predicate.value == str(property_)]
    return {_end(str(quad.subject)): _end(str(quad.object)) for quad in said}


def _end(iri: str) -> str:
    return iri.strip("<>").rpartition("/")[2]


def why(found: LinkReport) -> dict[str, str]:
    return {each.name: each.why for each in found.review}


# --- what is believed


def test_a_match_is_a_link_with_score_day_and_run(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1", 98.5, name="云溪电子")]}
    result = link(graph, service)
    assert result.exit_code == 0
    assert "1 of 3 things linked by 小库, 0 to look at, 2 unknown to it; 3 asked for" in result.stdout
    assert links(graph) == {COMPANY: "Q1"}
    rows = run("query", graph, "--format", "csv", f"""SELECT ?score ?service ?day {{ GRAPH <{LINKS_GRAPH}> {{
        ?link owl:annotatedTarget <http://example.org/thing/Q1> ; zkg:matchScore ?score ; dcterms:created ?day ;
        prov:wasGeneratedBy ?run . ?run a prov:Activity ; prov:startedAtTime ?start ; prov:wasAssociatedWith ?service .
        ?service rdfs:label "小库" }} }}""").stdout  # fmt: skip
    assert rows.splitlines()[1].startswith(f"98.5,{service.url},20")
    assert "http://example.org/thing/Q1 云溪电子 (exactMatch, 98.5 by " in run("show", graph, COMPANY).stdout
    assert "exactMatch <http://example.org/thing/Q1>" in run("export", graph).stdout
    plain = run("export", graph, "--plain").stdout
    assert "exactMatch <http://example.org/thing/Q1>" in plain
    assert "matchScore" not in plain
    assert run("validate", graph).exit_code == 0


def test_owl_says_it_where_it_is_asked_for(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    report(graph, service)
    report(graph, service, same_as=True)
    assert links(graph) == {}
    assert links(graph, OWL.sameAs) == {COMPANY: "Q1"}


@pytest.mark.parametrize(
    ("candidates", "options", "reason"),
    [
        ([found("Q1"), found("Q2", 90)], {}, "2 candidates match"),
        ([found("Q1", 90), found("Q2", 90, False)], {}, "1 more with a score as high"),
        ([found("Q1", 99, False)], {}, "no candidate is called a match"),
        ([found("Q1", 99, False), found("Q2", 95, False)], {"min_score": 90}, "2 candidates match"),
        ([found("Q1", type=["person"])], {"types": {"Company": ("firm",)}}, "the type disagrees"),
        ([found("Q1", 99, False, type=["person"])], {"types": {"Company": ("firm",)}, "min_score": 9.0}, "the type disagrees"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_for_a_person(
    graph: Path, service: Reconciling, candidates: list[Any], options: dict[str, Any], reason: str
) -> None:
    service.knows = {COMPANY: candidates}
    came = report(graph, service, **options)
    assert why(came) == {COMPANY: reason}
    assert [each.iri for each in came.review[0].candidates] == [
        f"http://example.org/thing/{c['id']}" for c in candidates
    ]
    assert links(graph) == {}


@pytest.mark.parametrize(
    ("candidates", "options"),
    [
        ([found("Q1", 91, False), found("Q2", 60, False)], {"min_score": 90}),
        ([found("Q1", type=[{"id": "firm", "name": "公司"}])], {"types": {"Organization": ("club", "firm")}}),
        ([found("Q1", type=[])], {"types": {"Company": ("firm",)}}),
        ([found("Q1", type=["shop"])], {"types": {"Company": ("firm",)}, "trust_types": True}),
        ([found("Q1"), found("Q2", type=["person"])], {"types": {"Company": ("firm",)}}),
        ([found("http://other.example/Q1")], {}),
    ],
)
def test_what_is_certain_is_linked(
    graph: Path, service: Reconciling, candidates: list[Any], options: dict[str, Any]
) -> None:
    service.knows = {COMPANY: candidates}
    report(graph, service, **options)
    assert links(graph) == {COMPANY: "Q1"}


def test_the_nearest_class_that_is_configured_says_the_types(graph: Path, service: Reconciling) -> None:
    assert link(graph, service, "--type", "Company=A", "--type", "Organization=B", "--type", "Place=C").exit_code == 0
    assert link(graph, service, "--type", "Place=C", "--type", "Place=D").exit_code == 0
    types = {(query["query"], str(query.get("type"))) for query in service.queries}
    assert {(COMPANY, "A"), (PARK, "C"), (PARK, "['C', 'D']")} <= types


def test_two_things_that_match_one_are_not_linked(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    report(graph, service)
    service.knows[CHIPS] = [found("Q1")]
    assert why(report(graph, service, again=True)) == dict.fromkeys(
        (COMPANY, CHIPS), "another thing of the graph matches it too"
    )
    assert links(graph) == {}


def test_a_name_that_others_have_is_asked_for_only_with_more_than_itself(tmp_path: Path, service: Reconciling) -> None:
    text = tmp_path / "a.txt"
    text.write_text("鼓楼区 locatedIn 福州市", "utf-8")
    build([text], graph := tmp_path / "graph", extractor=Stub())
    service.knows = {"鼓楼区": [found("Q1")]}
    reason = "others have its name, and nothing else is asked with it"
    assert why(report(graph, service)) == {"鼓楼区": reason}
    assert "鼓楼区" not in [query["query"] for query in service.queries]
    report(graph, service, context={"locatedIn": "P131"})
    (query,) = (query for query in service.queries if query["query"] == "鼓楼区")
    assert query["properties"] == [{"pid": "P131", "v": "福州市"}]
    assert links(graph) == {"鼓楼区(福建省福州市)": "Q1"}


def test_how_an_identifier_becomes_an_iri(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    service.manifest["identifierSpace"] = "http://example.org/thing"  # which is not what IRIs begin with
    assert [each.target for each in report(graph, service).linked] == ["http://example.org/page/Q1"]
    assert [each.target for each in report(graph, service, space="urn:园:", again=True).linked] == ["urn:园:Q1"]
    del service.manifest["view"]
    result = link(graph, service, "--again")
    assert result.exit_code == 1
    assert result.stderr == f"{service.url} does not say what its IRIs begin with; say it with --space\n"


# --- what is asked


def test_only_what_has_no_answer_is_asked_for(graph: Path, articles: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    report(graph, service)
    before = folder_as_text(graph)
    came = report(graph, service)
    assert (came.asked, came.kept, len(service.asked), service.described) == (0, 3, 1, 1)
    assert folder_as_text(graph) == before
    (articles / "b.txt").write_text("鹭岛公司", "utf-8")
    build([articles], graph, extractor=Stub())
    assert report(graph, service).asked == 1
    assert [query["query"] for query in service.asked[-1].values()] == ["鹭岛公司"]
    assert report(graph, service, again=True).asked == 4


def test_what_is_asked_for_can_be_chosen(graph: Path, service: Reconciling) -> None:
    assert link(graph, service, "--class", "Company", "--limit", 1).exit_code == 0
    assert [query["query"] for query in service.queries] == [COMPANY]
    assert "1 asked for, 1 answers were kept" in link(graph, service, "--class", "Company", "--limit", 1).stdout
    assert [query["query"] for query in service.queries] == [COMPANY, CHIPS]


def test_the_service_says_how_much_it_takes_at_once(graph: Path, service: Reconciling) -> None:
    service.manifest["batchSize"] = 2
    report(graph, service)
    assert [len(batch) for batch in service.asked] == [2, 1]


def test_who_asks_says_so_politely(graph: Path, service: Reconciling, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("kg.http.time.sleep", waits.append)
    report(graph, service, batch=1, pause=5.0)
    assert {headers["User-Agent"].partition("/")[0] for headers in service.headers} == {"ZoneKG"}
    assert len(waits) == 3  # after the manifest and between the three
    assert all(4 < wait <= 5 for wait in waits)


def test_a_token_is_of_the_environment_and_in_no_file(
    graph: Path, service: Reconciling, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZONEKG_LINK_TOKEN", "s3cret")
    service.answering = [as_json({"error": {"message": "no s3cret"}}, 403)]
    result = link(graph, service)
    assert result.stderr == (f"{service.url} lets nobody in (403: no …); set ZONEKG_LINK_TOKEN to a token it takes\n")
    assert link(graph, service).exit_code == 0
    assert service.headers[-1]["Authorization"] == "Bearer s3cret"
    assert not any(b"s3cret" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


# --- what goes wrong


def test_a_busy_service_is_asked_again_when_it_says(
    graph: Path, service: Reconciling, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("kg.http.time.sleep", waits.append)
    service.knows = {COMPANY: [found("Q1")]}
    service.answering = [as_json({}, 429, **{"Retry-After": "7"}), as_json({}, 503), (200, {}, b"<html>")]
    assert report(graph, service).unanswered == ()
    assert waits == [7.0, 0.02, 0.04]
    assert links(graph) == {COMPANY: "Q1"}


def test_a_slow_service_is_asked_again(graph: Path, service: Reconciling) -> None:
    service.answering = [1.0]
    assert report(graph, service, timeout=0.3).asked == 3
    assert len(service.asked) >= 1


def test_what_is_done_stays_when_the_service_falls_silent(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")], CHIPS: [found("Q2")]}
    assert link(graph, service, "--limit", 1).exit_code == 0
    service.answering = [as_json({"error": {"message": "down"}}, 500)] * 2
    result = link(graph, service, "--batch", 1, "--tries", 2)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        f"{service.url} does not answer (500: down, in 2 tries); link again later to ask for the 1 things left and "
        "the 1 without an answer"
    )
    assert links(graph) == {COMPANY: "Q1"}
    assert link(graph, service).exit_code == 0
    assert links(graph) == {COMPANY: "Q1", CHIPS: "Q2"}


def test_an_interrupt_keeps_what_is_done(graph: Path, service: Reconciling, monkeypatch: pytest.MonkeyPatch) -> None:
    service.knows = {COMPANY: [found("Q1")], CHIPS: [found("Q2")]}
    from kg.link.reconciliation import Reconciliation

    ask, asked = Reconciliation.ask, []

    def ask_once(self: Any, questions: Any) -> Any:
        if asked:
            raise KeyboardInterrupt
        asked.append(questions)
        return ask(self, questions)

    monkeypatch.setattr(Reconciliation, "ask", ask_once)
    result = link(graph, service, "--batch", 1)
    assert result.exit_code == 130
    assert result.stderr == "stopped with 2 things not asked for; link again to ask for them\n"
    assert links(graph) == {COMPANY: "Q1"}


def test_one_question_that_is_not_taken_stops_no_other(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    refused = as_json({"message": "bad"}, 400)
    service.answering = [refused, as_json({"q0": {"result": [found("Q1")]}}), refused, refused]
    came = report(graph, service)  # three at once, the first, the others, the second alone
    assert [name for name, _ in came.unanswered] == [PARK]
    assert links(graph) == {COMPANY: "Q1"}


def test_what_the_answer_leaves_out_is_asked_for_next_time(graph: Path, service: Reconciling) -> None:
    service.answering = [as_json({"q0": {"result": []}, "q1": {"error": "?"}})]
    came = report(graph, service)
    assert came.unanswered == ((PARK, "the service says nothing of it"), (CHIPS, "the service says nothing of it"))
    assert report(graph, service).asked == 2


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (as_json({}, 404), "is no reconciliation service and no SPARQL endpoint (an answer that is no JSON, in 4 tries)"),
        (as_json({}, 301, Location="https://example.org/x"), "has moved to https://example.org/x; give that address"),
        (as_json({}, 401), "lets nobody in (401: {}); set ZONEKG_LINK_TOKEN to a token it takes"),
        (as_json([]), "is no reconciliation service and no SPARQL endpoint"),
    ],
)  # fmt: skip
def test_an_address_that_is_none(
    graph: Path, service: Reconciling, monkeypatch: pytest.MonkeyPatch, served: Any, said: str
) -> None:
    monkeypatch.setattr("kg.http.time.sleep", lambda _: None)
    service.describe = lambda: served  # type: ignore[method-assign]
    service.answer = lambda _: (200, {}, b"hello")  # type: ignore[method-assign]
    result = link(graph, service)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--service", "reconcile"], "'reconcile' is no address of a service"),
        (["--service", "http://u:p@example.org/"], "holds a password; give a token in ZONEKG_LINK_TOKEN instead"),
        (["--service", "http://127.0.0.1:9/"], "no service is there at http://127.0.0.1:9/"),
        (["--service", "http://127.0.0.1:9/", "--type", "Company"], "Company is no CLASS=ID; write --type CLASS=ID"),
        (["--service", "http://127.0.0.1:9/", "--class", "Firm"], "there is no class called Firm; the nearest are"),
        (["--service", "http://127.0.0.1:9/", "--with", "in=P1"], "there is no property called in; the nearest are"),
        (["--service", "http://127.0.0.1:9/", "--min-score", "nan"], "nan is no score"),
        (["--service", "http://127.0.0.1:9/", "--timeout", "0"], "a timeout must be above 0 seconds"),
    ],
)
def test_an_error_is_one_sentence(graph: Path, arguments: list[str], said: str) -> None:
    result = run("link", graph, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_damaged_file_of_links_is_said(graph: Path, service: Reconciling) -> None:
    (graph / "links.json").write_text('{"links": [{}]}')
    result = link(graph, service)
    assert result.exit_code == 1
    assert "links.json cannot be read" in result.stderr
    assert service.asked == []


def test_the_report_is_json_where_it_is_asked_for(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")], PARK: [found("Q2", 5, False)]}
    said = json.loads(link(graph, service, "--json").stdout)
    assert [(each["name"], each["target"]) for each in said["linked"]] == [(COMPANY, "http://example.org/thing/Q1")]
    assert [(each["name"], each["candidates"][0]["score"]) for each in said["review"]] == [(PARK, 5.0)]


# --- the graph changes


def test_links_stay_when_the_graph_is_built_again(graph: Path, articles: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    report(graph, service)
    build([articles], graph, extractor=Stub(), rebuild=True)
    assert links(graph) == {COMPANY: "Q1"}


def test_what_a_file_of_links_no_longer_says_the_next_build_takes_out(
    graph: Path, articles: Path, service: Reconciling
) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    report(graph, service)
    (graph / "links.json").unlink()
    build([articles], graph, extractor=Stub())
    assert links(graph) == {}


def test_a_link_that_was_not_written_to_the_store_is_made_good_by_the_next_build(
    graph: Path, articles: Path, service: Reconciling, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    with monkeypatch.context() as patched:
        patched.setattr("kg.linking.complete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            report(graph, service)
    assert links(graph) == {}
    build([articles], graph, extractor=Stub())
    assert links(graph) == {COMPANY: "Q1"}


def test_a_link_goes_and_comes_with_its_thing(graph: Path, articles: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")], "鹭岛公司": [found("Q2")]}
    (articles / "b.txt").write_text("鹭岛公司", "utf-8")
    build([articles], graph, extractor=Stub())
    report(graph, service)
    remove(graph, str(articles / "b.txt"))
    assert links(graph) == {COMPANY: "Q1"}
    build([articles], graph, extractor=Stub())
    assert links(graph) == {COMPANY: "Q1", "鹭岛公司": "Q2"}


def test_a_link_follows_its_thing_to_a_fuller_name(tmp_path: Path, service: Reconciling) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("晶耀光电公司 产值 2023 5", "utf-8")
    build([folder], graph := tmp_path / "graph", extractor=Stub())
    service.knows = {"晶耀光电公司": [found("Q1")]}
    report(graph, service)
    (folder / "b.txt").write_text("晶耀光电有限公司 产值 2023 5", "utf-8")
    build([folder], graph, extractor=Stub())
    assert links(graph) == {"晶耀光电有限公司": "Q1"}
    remove(graph, str(folder / "b.txt"))
    assert links(graph) == {"晶耀光电公司": "Q1"}


def test_what_people_decide_of_things_decides_of_their_links(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")], CHIPS: [found("Q2")]}
    report(graph, service)
    merge(graph, COMPANY, CHIPS)
    assert links(graph) == {}  # it cannot be both
    split(graph, COMPANY)
    assert links(graph) == {COMPANY: "Q1", CHIPS: "Q2"}


def test_links_of_another_service_stay(graph: Path, service: Reconciling, endpoint: Endpoint) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    endpoint.knows(f':p rdfs:label "{PARK}"@zh .')
    report(graph, service)
    report(graph, endpoint)
    service.knows = {}
    report(graph, endpoint)
    assert links(graph) == {COMPANY: "Q1", PARK: "p"}
    report(graph, service, again=True)
    assert links(graph) == {PARK: "p"}


def test_every_term_that_is_written_is_defined(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1")]}
    report(graph, service)
    defined = ox.Store()
    defined.load(path=str(Ontology.load().folder / "zonekg.ttl"), format=ox.RdfFormat.TURTLE)
    with GraphFolder(graph).open(read_only=True) as store:
        written = {term for quad in store.quads(LINKS_GRAPH) for term in (quad.predicate, quad.object)}
    own = [term for term in written if isinstance(term, ox.NamedNode) and term.value.startswith(str(ZKG))]
    assert own
    assert all(next(defined.quads_for_pattern(term, None, None), None) for term in own)


# --- a SPARQL endpoint


def test_a_label_that_is_the_name_is_a_match(graph: Path, endpoint: Endpoint) -> None:
    endpoint.knows(f':c rdfs:label "{COMPANY}"@zh . :p skos:altLabel "{PARK}" . [] rdfs:label "{CHIPS}"@zh-hans .')
    came = report(graph, endpoint)
    assert links(graph) == {COMPANY: "c"}
    assert why(came) == {PARK: "no candidate is called a match"}
    report(graph, endpoint, min_score=80)
    assert links(graph) == {COMPANY: "c", PARK: "p"}


def test_several_things_of_a_name_are_for_a_person(graph: Path, endpoint: Endpoint) -> None:
    endpoint.knows(f':c skos:prefLabel "{COMPANY}"@zh-Hans . :d rdfs:label "{COMPANY}"@zh-CN .')
    assert why(report(graph, endpoint)) == {COMPANY: "2 candidates match"}


def test_types_are_reached_by_a_path(graph: Path, endpoint: Endpoint) -> None:
    endpoint.knows(f""":c rdfs:label "{COMPANY}"@zh ; a :Shop . :Shop rdfs:subClassOf :Firm .
        :d rdfs:label "{COMPANY}"@zh ; a :Film . :p rdfs:label "{PARK}" ; :is :Firm .""")
    types = {"Thing": ("http://example.org/Firm",)}
    types = dict.fromkeys(("Company", "Place"), types["Thing"])
    assert why(report(graph, endpoint, types=types)) == {PARK: "the type disagrees"}
    assert links(graph) == {COMPANY: "c"}
    report(graph, endpoint, types=types, type_path="<http://example.org/is>")
    assert links(graph) == {PARK: "p"}


def test_a_batch_with_too_many_rows_is_asked_for_in_parts(
    graph: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.link.sparql.MAX_ROWS", 3)
    endpoint.knows("".join(f':x{n} rdfs:label "{PARK}" .' for n in range(9)) + f':c rdfs:label "{COMPANY}" .')
    assert why(report(graph, endpoint)) == {PARK: "4 candidates match"}
    assert links(graph) == {COMPANY: "c"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"type_path": "} SELECT"}, "is no path of properties"),
        ({"types": {"Company": ("a firm",)}}, "a firm is no type of a SPARQL endpoint"),
        ({"context": {"locatedIn": "P131"}}, "leave out --with"),
    ],
)
def test_options_that_an_endpoint_cannot_have(
    graph: Path, endpoint: Endpoint, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(kg.errors.LinkError, match=said):
        report(graph, endpoint, **options)


# --- Python


def test_a_graph_that_is_open_is_linked(graph: Path, service: Reconciling) -> None:
    service.knows = {COMPANY: [found("Q1", name="云溪电子")]}
    with kg.open(graph) as opened:
        assert [each.target for each in opened.link(service.url, pause=0).linked] == ["http://example.org/thing/Q1"]
        assert [(each.property, each.name) for each in opened.links(COMPANY)] == [("exactMatch", "云溪电子")]
        assert len(opened.query("SELECT * { ?a skos:exactMatch ?b }")) == 1
        assert opened.summary().seconds is not None  # of the build, not of the linking
    assert MANIFEST["name"] == "小库"
