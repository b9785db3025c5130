"""A graph folder answers as Python: rows, records, facts, and other libraries' graphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import GraphError, KgError, QueryError, UnknownNameError
from kg.graph import describe, entity_iri, inference_rules
from kg.knowledge_graph import KnowledgeGraph
from kg.model import (
    Article,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Milestone,
    Observation,
    Relation,
    Run,
    TextSpan,
)
from kg.ontology import Ontology
from kg.store import GraphFolder, Manifest
from kg.vocab import BACKGROUND_GRAPH, INFERRED_GRAPH, ZKG

TEXT = "数字园(又称數字園區)位于福州市,2021年产值超480亿元,将于2023年6月开园,面积3.55平方公里。"


WEAK = Evidence(TextSpan(0, 3), TextSpan(0, len(TEXT)), "guess", 0.5)


def at(part: str) -> TextSpan:
    return TextSpan(TEXT.index(part), TEXT.index(part) + len(part))


def why(part: str) -> Evidence:
    return Evidence(at(part), TextSpan(0, len(TEXT)), "rule", 0.9)


def extraction(article_id: str) -> Extraction:
    return Extraction(
        Article(article_id, f"{article_id}.txt", TEXT, TEXT, title="数字园开工", published=date(2022, 7, 25)),
        entities=(
            Entity(
                "park",
                "IndustrialPark",
                "数字园",
                ("數字園區",),
                (Mention(at("数字园"), "数字园", "IndustrialPark", "r"),),
                alias_evidence={"數字園區": why("數字園區")},
            ),
            Entity(
                "city",
                "AdministrativeArea",
                "福州市",
                mentions=(Mention(at("福州市"), "福州市", "AdministrativeArea", "r"),),
            ),
        ),
        relations=(Relation("park", "locatedIn", "city", why("位于福州市")),),
        observations=(
            Observation("park", "产值", Decimal(48_000_000_000), "元", why("产值超480亿元"), None, "2021", ">"),
            Observation("park", "面积", Decimal("3.55"), "平方公里", why("面积3.55平方公里")),
        ),
        milestones=(Milestone("park", "opened", why("将于2023年6月开园"), "2023-06", "target"),),
    )


@pytest.fixture
def doubted(tmp_path: Path) -> Iterator[KnowledgeGraph]:
    """Two articles of which the second is unsure of all it says, and alone in one relation."""
    folder = GraphFolder(tmp_path / "doubted")
    folder.create(Manifest("hash"))
    iris = {"park": entity_iri("place", "数字园"), "city": entity_iri("place", "福州市")}
    said = extraction("a2")
    weak = replace(
        said,
        relations=(*(replace(r, evidence=WEAK) for r in said.relations), Relation("park", "adjacentTo", "city", WEAK)),
        observations=tuple(replace(o, evidence=WEAK) for o in said.observations),
        milestones=(Milestone("park", "started", WEAK, "2022"),),
    )
    with folder.open() as store:
        for each in (extraction("a1"), weak):
            quads = describe(each, iris, Run("1", "2026-11-24T08:00:00Z", {}, "a", "b"))
            store.replace(quads[0].graph_name.value, quads)
        known = ox.Quad(ox.NamedNode(iris["park"]), ox.NamedNode(f"{ZKG}partOf"), ox.NamedNode(iris["city"]))
        store.replace(BACKGROUND_GRAPH, [known])
        store.derive(INFERRED_GRAPH, *inference_rules(Ontology.load()))
    with KnowledgeGraph.open(folder.path) as graph:
        yield graph


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph")
    folder = GraphFolder(path)
    folder.create(Manifest("hash"))
    iris = {"park": entity_iri("place", "数字园"), "city": entity_iri("place", "福州市")}
    run = Run("1", "2026-11-24T08:00:00Z", {}, "a", "b")
    with folder.open() as store:
        for article_id in ("a1", "a2"):
            quads = describe(extraction(article_id), iris, run)
            store.replace(quads[0].graph_name.value, quads)
    return path


@pytest.fixture
def graph(folder: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph.open(folder) as graph:
        yield graph


def test_rows_hold_python_values(graph: KnowledgeGraph) -> None:
    rows = graph.query("SELECT ?i ?v ?y { ?o zkg:indicator ?i ; zkg:value ?v OPTIONAL { ?o zkg:year ?y } } ORDER BY ?v")
    assert [dict(row) for row in rows] == [
        {"i": "面积", "v": 3.55, "y": None},
        {"i": "产值", "v": 48_000_000_000, "y": 2021},
    ]
    assert graph.query("SELECT ?d { ?a dcterms:issued ?d }")[0]["d"] == date(2022, 7, 25)


def test_a_fact_two_articles_state_counts_once(graph: KnowledgeGraph) -> None:
    assert len(graph.query("SELECT ?p ?c { ?p zkg:locatedIn ?c }")) == 1


def test_rows_become_a_data_frame(graph: KnowledgeGraph) -> None:
    pytest.importorskip("pandas")
    frame = graph.query("SELECT ?i ?v { ?o zkg:indicator ?i ; zkg:value ?v } ORDER BY ?v").to_pandas()
    assert list(frame.columns) == ["i", "v"]
    assert frame["v"].sum() == 48_000_000_003.55


def test_a_query_of_the_ontology_has_a_name(graph: KnowledgeGraph) -> None:
    assert "数字园" in [row["zone"] for row in graph.query("zones-by-area")]


def test_ask_is_one_row(graph: KnowledgeGraph) -> None:
    assert graph.query("ASK { ?s zkg:locatedIn ?o }")[0]["ASK"] is True


def test_construct_gives_an_rdflib_graph(graph: KnowledgeGraph) -> None:
    assert len(graph.construct("CONSTRUCT { ?s zkg:locatedIn ?o } { ?s zkg:locatedIn ?o }")) == 1


def test_a_query_of_the_other_kind_is_refused_with_the_method_to_use(graph: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="use construct"):
        graph.query("DESCRIBE <urn:a>")
    with pytest.raises(QueryError, match="use query"):
        graph.construct("ASK {}")


def test_entities_are_found_by_class_and_part_of_a_name(graph: KnowledgeGraph) -> None:
    assert [e.name for e in graph.entities()] == ["数字园", "福州市"]
    assert [e.class_ for e in graph.entities("Zone")] == ["IndustrialPark"]
    assert [e.name for e in graph.entities(name="字園")] == ["数字园"]
    with pytest.raises(UnknownNameError, match="no class called Zones; the nearest are Zone"):
        graph.entities("Zones")


@pytest.mark.parametrize("name", ["数字园", "數字園", "數字園區", "https://w3id.org/zonekg/id/place/数字园"])
def test_a_thing_is_found_by_any_of_its_names(graph: KnowledgeGraph, name: str) -> None:
    assert graph.find(name).name == "数字园"


def test_an_unknown_name_gets_the_nearest_three(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match=r"no thing called 数码园; the nearest are 数字园, .*, "):
        graph.find("数码园")


def test_facts_say_what_where_and_how_sure(graph: KnowledgeGraph) -> None:
    facts = graph.facts("数字园")
    assert [(f.kind, f.property, f.object, f.status) for f in facts] == [
        ("relation", "locatedIn", "福州市", "actual"),
        ("observation", "产值", 48_000_000_000, "actual"),
        ("observation", "面积", 3.55, "actual"),
        ("milestone", "opened", "2023-06", "target"),
    ]
    located, output = facts[0], facts[1]
    assert located.span is not None
    assert located.span.of(TEXT) == located.sources[0].exact == "位于福州市"
    assert (located.sentence, located.article, located.confidence) == (TEXT, "数字园开工", 0.9)
    assert len(located.sources) == 2
    assert (output.unit, output.year, output.comparator) == ("CNY", 2021, ">")


def test_facts_are_told_from_the_other_end_too(graph: KnowledgeGraph) -> None:
    [fact] = graph.facts("福州市")
    assert (fact.subject, fact.property, fact.object) == ("数字园", "locatedIn", "福州市")


def test_a_summary_counts(graph: KnowledgeGraph) -> None:
    summary = graph.summary()
    assert summary.articles == 2
    assert dict(summary.entities) == {"AdministrativeArea": 1, "IndustrialPark": 1}
    assert dict(summary.statements) == {"locatedIn": 1}
    assert (summary.observations, summary.milestones) == (2, 1)
    assert summary.most_connected == (("数字园", 1), ("福州市", 1))


def test_rdflib_asks_the_same_store(graph: KnowledgeGraph) -> None:
    dataset = graph.to_rdflib()
    rows = dataset.query("PREFIX zkg: <https://w3id.org/zonekg/ontology#> SELECT ?s { ?s zkg:locatedIn ?o }")
    assert [str(row[0]) for row in rows] == ["https://w3id.org/zonekg/id/place/数字园"]


def test_networkx_has_the_things_and_their_links(graph: KnowledgeGraph) -> None:
    network = graph.to_networkx()
    assert [data["property"] for _, _, data in network.edges(data=True)] == ["locatedIn"]


def test_the_graph_is_drawn_to_a_page(graph: KnowledgeGraph, tmp_path: Path) -> None:
    page = graph.draw(tmp_path / "g.html", max_nodes=10)
    assert "数字园" in page.read_text(encoding="utf-8")


def test_a_notebook_shows_the_same_page_in_a_frame(graph: KnowledgeGraph, tmp_path: Path) -> None:
    shown = graph.draw()
    assert shown.html == graph.draw(tmp_path / "g.html").read_text(encoding="utf-8")
    frame = shown._repr_html_()
    assert frame.startswith('<iframe srcdoc="&lt;!')
    assert "<script" not in frame


def test_the_name_of_a_file_says_its_format(graph: KnowledgeGraph, tmp_path: Path) -> None:
    graph.export(tmp_path / "g.ttl", plain=True)
    assert "place:数字园 a zkg:IndustrialPark" in (tmp_path / "g.ttl").read_text(encoding="utf-8")
    with pytest.raises(KgError, match="no format doc"):
        graph.export(tmp_path / "g.doc")


def test_what_was_described_conforms(graph: KnowledgeGraph) -> None:
    assert graph.validate() == []


def test_a_folder_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="is not a graph"):
        KnowledgeGraph.open(tmp_path)


def test_a_closed_graph_says_so(folder: Path) -> None:
    graph = KnowledgeGraph.open(folder)
    graph.close()
    with pytest.raises(GraphError, match="was closed"):
        graph.query("ASK {}")


def test_at_a_confidence_a_fact_needs_one_reason_that_reaches_it(doubted: KnowledgeGraph) -> None:
    whole, sure = doubted.to_networkx(), doubted.to_networkx(min_confidence=0.8)
    assert sorted(key for _, _, key in whole.edges(keys=True)) == ["adjacentTo", "locatedIn", "partOf"]
    assert sorted(key for _, _, key in sure.edges(keys=True)) == ["locatedIn", "partOf"]
    assert set(sure) == set(whole)
    park = entity_iri("place", "数字园")
    assert len(sure.nodes[park]["observations"]) == 2
    assert [m["type"] for m in whole.nodes[park]["milestones"]] == ["started", "opened"]
    assert [m["type"] for m in sure.nodes[park]["milestones"]] == ["opened"]


def test_at_a_confidence_background_stays_and_only_what_still_follows_does(doubted: KnowledgeGraph) -> None:
    link = ox.NamedNode(f"{ZKG}adjacentTo")
    inferred = ox.NamedNode(INFERRED_GRAPH)
    assert list(doubted.at(0).quads_for_pattern(None, link, None, inferred))
    left = doubted.at(0.8)
    assert not list(left.quads_for_pattern(None, link, None))
    assert len(list(left.quads_for_pattern(None, None, None, ox.NamedNode(BACKGROUND_GRAPH)))) == 1
    named = {quad.triple for quad in left if quad.graph_name != ox.DefaultGraph()}
    assert named == {quad.triple for quad in left.quads_for_pattern(None, None, None, ox.DefaultGraph())}


def test_what_is_exported_and_drawn_and_handed_over_may_have_to_be_sure(
    doubted: KnowledgeGraph, tmp_path: Path
) -> None:
    doubted.export(tmp_path / "g.nt", min_confidence=0.8)
    doubted.draw(tmp_path / "g.html", min_confidence=0.8)
    assert "adjacentTo" not in (tmp_path / "g.nt").read_text("utf-8") + (tmp_path / "g.html").read_text("utf-8")
    dataset = doubted.to_rdflib(min_confidence=0.8)
    assert not dataset.query("ASK { ?s <https://w3id.org/zonekg/ontology#adjacentTo> ?o }").askAnswer
    for refused in (doubted.to_rdflib, doubted.to_networkx, doubted.draw):
        with pytest.raises(KgError, match="2 is no confidence"):
            refused(min_confidence=2)
