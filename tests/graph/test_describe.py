"""An article's graph says what the article says, where it says it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import describe, describe_run
from kg.model import Article, Entity, Evidence, Extraction, Relation, Run, TextSpan
from kg.vocab import PREFIXES

RUN = Run("1", "2026-11-24T08:00:00Z", {}, "ab", "cd")


def ask(quads: Iterable[ox.Quad], pattern: str) -> bool:
    store = ox.Store()
    store.extend(quads)
    return bool(store.query(f"ASK {{ GRAPH ?article {{ {pattern} }} }}", prefixes=PREFIXES))


@pytest.fixture
def quads(extraction: Extraction, iris: dict[str, str], run: Run) -> list[ox.Quad]:
    return describe(extraction, iris, run)


@pytest.mark.parametrize(
    "pattern",
    [
        "?article a zkg:Article ; dcterms:title '三创中心封顶'@zh-Hans ; "
        "dcterms:issued '2022-07-25'^^xsd:date ; dcterms:source 'news/a1.txt' ; prov:wasGeneratedBy <https://w3id.org/zonekg/id/run/1>",
        "?article zkg:publishedBy [ a zkg:MediaOutlet ; skos:prefLabel '榕城晚报'@zh-Hans ]",
        "<https://w3id.org/zonekg/id/place/晋安三创中心> a zkg:Facility ; "
        "skos:prefLabel '晋安三创中心'@zh-Hans ; skos:altLabel '三創中心'@zh-Hant ; zkg:locatedIn <https://w3id.org/zonekg/id/place/福州市>",
        "?o a zkg:Observation ; zkg:observedEntity [] ; zkg:indicator '产值' ; zkg:value 48000000000.0 ; "
        "zkg:unit cur:CNY ; zkg:year '2021'^^xsd:gYear ; zkg:comparator '=' ; zkg:status 'actual'",
        "?m a zkg:Milestone ; zkg:milestoneOf [] ; zkg:milestoneType 'toppedOut' ; "
        "zkg:date '2022-07-08'^^xsd:date ; zkg:status 'actual'",
        "?s a rdf:Statement ; rdf:predicate zkg:locatedIn ; zkg:sentence ?sentence ; "
        "zkg:extractedBy 'rule-1' ; zkg:confidence 0.9 ; oa:hasSource ?article ; "
        "oa:hasSelector [ "
        "a oa:TextQuoteSelector ; oa:exact '晋安三创中心(简称三創中心)位于福州市' ; "
        "oa:prefix '来源:榕城晚报\\n' ]",
    ],
)
def test_an_articles_graph_says(quads: list[ox.Quad], pattern: str) -> None:
    pattern = pattern.replace("48000000000.0", "'48000000000'^^xsd:decimal")
    assert ask(quads, pattern)


def test_every_assertion_kind_has_evidence(quads: list[ox.Quad]) -> None:
    for predicate in ("rdf:type", "skos:altLabel", "zkg:locatedIn", "zkg:observedEntity", "zkg:milestoneOf"):
        assert ask(
            quads,
            f"?e rdf:subject ?s ; rdf:predicate {predicate} ; rdf:object ?o . ?s {predicate} ?o",
        )


def test_evidence_quotes_the_source_as_it_was_read_not_as_repaired(quads: list[ox.Quad], article: Article) -> None:
    store = ox.Store()
    store.extend(quads)
    rows = store.query(
        "SELECT ?start ?end ?exact "
        "{ GRAPH ?g { ?s oa:hasSelector [ oa:start ?start ; oa:end ?end ] , [ oa:exact ?exact ] } }",
        prefixes=PREFIXES,
    )
    quoted = {row["exact"].value: (int(row["start"].value), int(row["end"].value)) for row in rows}
    assert "中心7月(yuè)8日封顶" in quoted
    assert all(article.source_text[start:end] == exact for exact, (start, end) in quoted.items())


def test_the_same_input_gives_the_same_quads_in_the_same_order(
    extraction: Extraction, iris: dict[str, str], run: Run
) -> None:
    shuffled = replace(extraction, entities=extraction.entities[::-1], relations=extraction.relations * 2)
    assert describe(shuffled, iris, run) == describe(extraction, iris, run)


def test_there_are_no_blank_nodes_and_one_graph(quads: list[ox.Quad]) -> None:
    assert {quad.graph_name.value for quad in quads} == {"https://w3id.org/zonekg/id/article/a1"}
    assert not [quad for quad in quads if isinstance(quad.object, ox.BlankNode)]


def test_what_is_said_of_an_unknown_thing_is_left_out(extraction: Extraction, iris: dict[str, str], run: Run) -> None:
    del iris["city"]
    quads = describe(extraction, iris, run)
    assert not ask(quads, "?s zkg:locatedIn ?o")
    assert ask(quads, "?o zkg:observedEntity ?e")


def test_a_statement_without_text_in_the_source_is_dropped(
    extraction: Extraction, iris: dict[str, str], run: Run
) -> None:
    nowhere = replace(extraction.relations[0].evidence, span=TextSpan(5, 5))
    quads = describe(replace(extraction, relations=(replace(extraction.relations[0], evidence=nowhere),)), iris, run)
    assert not ask(quads, "?s zkg:locatedIn ?o")


def test_a_plan_is_marked_on_its_evidence(extraction: Extraction, iris: dict[str, str], run: Run) -> None:
    planned = replace(extraction.relations[0], status="target")
    quads = describe(replace(extraction, relations=(planned,)), iris, run)
    assert ask(quads, "?s rdf:predicate zkg:locatedIn ; zkg:status 'target'")


def test_two_keys_that_are_one_thing_have_one_preferred_name(
    extraction: Extraction, iris: dict[str, str], run: Run
) -> None:
    short = replace(extraction.entities[0], key="again", name="三创中心", aliases=())
    iris["again"] = iris["centre"]
    quads = describe(replace(extraction, entities=(*extraction.entities, short)), iris, run)
    labels = [q.object.value for q in quads if q.predicate.value.endswith("prefLabel") and "三创" in q.object.value]
    assert labels == ["晋安三创中心"]
    assert ask(quads, "?e skos:prefLabel '晋安三创中心'@zh-Hans ; skos:altLabel '三创中心'@zh-Hans")


def test_a_run_is_described_once_in_the_graph_of_runs(run: Run) -> None:
    quads = describe_run(run)
    assert {quad.graph_name.value for quad in quads} == {"https://w3id.org/zonekg/id/graph/runs"}
    assert ask(quads, "?run a prov:Activity ; prov:wasAssociatedWith [ rdfs:label 'zonekg' ]")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), st.data())
def test_source_text_between_start_and_end_is_exact(text: str, data: st.DataObject) -> None:
    starts = st.integers(0, len(text))
    start, end = sorted((data.draw(starts), data.draw(starts)))
    evidence = Evidence(TextSpan(start, end), TextSpan(0, len(text)), "r", 1.0)
    said = Extraction(
        Article("a", "x", text, text),
        entities=(Entity("e", "Place", "福州", evidence=evidence),),
        relations=(Relation("e", "partOf", "e", evidence),),
    )
    store = ox.Store()
    store.extend(describe(said, {"e": "https://e.org/e"}, RUN))
    query = "SELECT ?s ?e ?x { GRAPH ?g { ?st oa:hasSelector [ oa:start ?s ; oa:end ?e ] , [ oa:exact ?x ] } }"
    rows = list(store.query(query, prefixes=PREFIXES))
    assert bool(rows) == (start < end)
    assert all(text[int(row["s"].value) : int(row["e"].value)] == row["x"].value for row in rows)
