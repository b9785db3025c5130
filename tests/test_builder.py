"""A build keeps whole articles, whatever happens to others, and adds what the articles do not say."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
import kg.annotate.pipeline
import kg.builder
import kg.engine.prepare
from kg.errors import KgError
from kg.graph import article_iri, runs_graph
from kg.knowledge_graph import KnowledgeGraph
from kg.model import Article, Extraction
from kg.ontology import Ontology
from kg.store import GraphFolder
from kg.vocab import INFERRED_GRAPH, is_background

TEXTS = {
    "一": "云溪科技园位于晋安区。",
    "二": "云溪大学与溪云大学开展合作。福州市鼓楼区、南京市鼓楼区也派人参加。",
    "三": "记者从厦门获悉，鹭岛电子有限公司落户厦门市。",
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def names(graph: KnowledgeGraph) -> set[str]:
    return {entity.name for entity in graph.entities()}


def sources(out: Path) -> list[str]:
    """The articles in a graph, by the first character of their file names."""
    with kg.open(out) as graph:
        return sorted(
            Path(str(row["s"])).stem for row in graph.query("SELECT ?s { ?a a zkg:Article ; dcterms:source ?s }")
        )


# --- what the articles do not say


def test_areas_are_known_up_to_their_province(articles: Path) -> None:
    with kg.build(articles / "一.txt") as graph:
        rows = graph.query(
            "SELECT ?name ?code { <https://w3id.org/zonekg/id/place/晋安区> zkg:partOf* ?a . "
            "?a skos:prefLabel ?name ; zkg:areaCode ?code } ORDER BY ?code"
        )
        assert {(row["name"], row["code"]) for row in rows} == {
            ("福建省", "350000"), ("福州市", "350100"), ("晋安区", "350111"),
        }  # fmt: skip
        assert graph.find("福建省").class_ == "AdministrativeArea"
        assert "AdministrativeArea" in graph.summary().entities
        assert graph.summary().entities["AdministrativeArea"] == 1  # the article names no other


def test_background_is_no_article_s_statement(articles: Path) -> None:
    with kg.build(articles / "一.txt") as graph:
        said = {
            str(quad.object)
            for name in graph.store.graph_names()
            if "/article/" in name
            for quad in graph.store.quads(name)
        }
        assert not any("福建省" in term for term in said)


def test_what_follows_is_answered_and_marked(articles: Path) -> None:
    with kg.build(articles / "一.txt") as graph:
        zones = graph.query("zones-by-area")
        assert [row["zone"] for row in zones if row["area"] == "福建省"] == ["云溪科技园"]
        assert graph.query(
            "ASK { ?park skos:prefLabel '云溪科技园'@zh-Hans ; zkg:locatedIn/skos:prefLabel '福建省'@zh-Hans }"
        )[0]["ASK"]
        assert graph.summary().inferred > 0
        assert [fact.object for fact in graph.facts("云溪科技园") if fact.kind == "relation"] == ["晋安区"]


def test_a_zone_named_after_an_area_is_found_there_though_no_article_says_so(tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text("记者从晋安区获悉，晋安光电产业园去年产值达到三十亿元。", encoding="utf-8")
    with kg.build(tmp_path) as graph:
        areas = {row["area"] for row in graph.query("zones-by-area") if row["zone"] == "晋安光电产业园"}
        assert areas == {"晋安区", "福州市", "福建省"}
        [fact] = [fact for fact in graph.facts("晋安光电产业园") if fact.property == "locatedIn"]
        assert (fact.object, fact.sources) == ("晋安区", ())
        assert "locatedIn" not in graph.summary().statements


def test_areas_of_one_name_are_two_things(tmp_path: Path) -> None:
    for city in ("福州市", "南京市"):
        (tmp_path / f"{city}.txt").write_text(f"云溪科技园位于{city}鼓楼区。", encoding="utf-8")
    with kg.build(tmp_path) as graph:
        assert [e.iri.rsplit("/", 1)[-1] for e in graph.entities("AdministrativeArea", "鼓楼区")] == [
            "鼓楼区(江苏省南京市)", "鼓楼区(福建省福州市)",
        ]  # fmt: skip


def test_short_and_full_name_of_an_area_are_one_thing_across_articles(articles: Path) -> None:
    (articles / "三.txt").write_text("记者从厦门获悉，鹭岛电子有限公司落户厦门。", encoding="utf-8")
    (articles / "四.txt").write_text("鹭岛电子有限公司位于厦门市。", encoding="utf-8")
    with kg.build([articles / "三.txt", articles / "四.txt"]) as graph:
        [xiamen] = graph.entities(name="厦门")
        assert (xiamen.name, xiamen.aliases) == ("厦门市", ("厦门",))
        rows = graph.query(f"SELECT ?name {{ <{xiamen.iri}> skos:prefLabel ?name }}")
        assert [row["name"] for row in rows] == ["厦门市"]


def test_each_statement_stands_once_in_the_default_graph(articles: Path, tmp_path: Path) -> None:
    for _ in range(2):  # a second build changes nothing of it
        kg.build(articles, tmp_path / "graph").close()
        with kg.open(tmp_path / "graph") as graph:
            store = graph.store.oxigraph
            default = [quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
            named = {quad.triple for name in graph.store.graph_names() for quad in graph.store.quads(name)}
            assert max(Counter(default).values()) == 1
            assert set(default) == named
            inferred = {quad.triple for quad in graph.store.quads(INFERRED_GRAPH)}
            assert all(
                quad.triple not in inferred
                for name in graph.store.graph_names()
                if name != INFERRED_GRAPH
                for quad in graph.store.quads(name)
            )


def test_background_of_an_article_that_changed_goes(articles: Path, tmp_path: Path) -> None:
    kg.build(articles / "一.txt", tmp_path / "graph").close()
    (articles / "一.txt").write_text("云溪科技园位于云溪县。", encoding="utf-8")
    with kg.build(articles / "一.txt", tmp_path / "graph") as graph:
        assert not any(map(is_background, graph.store.graph_names()))
        assert "福建省" not in names(graph)


def test_background_and_what_follows_keep_to_domain_and_range(articles: Path) -> None:
    ontology = Ontology.load()
    with kg.build(articles) as graph:
        for name in filter(lambda name: is_background(name) or name == INFERRED_GRAPH, graph.store.graph_names()):
            for quad in graph.store.quads(name):
                property_ = quad.predicate.value.rsplit("#", 1)[-1]
                if property_ in ontology.properties:
                    ends = (graph.find(node.value).class_ for node in (quad.subject, quad.object))
                    assert ontology.allows(property_, *ends), quad


# --- what may go wrong


def failing(wrong: type[BaseException], at: str, where: str) -> object:
    """The annotator, which fails at the article whose text holds ``at``: when tagging its batch, or at its turn."""
    annotate = kg.annotate.pipeline.annotate

    def fails(articles: Iterable[Article], ontology: Ontology | None = None) -> Iterator[Extraction]:
        def read() -> Iterator[Article]:
            for article in articles:
                if where == "batch" and at in article.text:
                    raise wrong("boom")
                yield article

        for extraction in annotate(read(), ontology):
            if where == "turn" and at in extraction.article.text:
                raise wrong("boom")
            yield extraction

    return fails


@pytest.mark.parametrize("where", ["batch", "turn"])
@pytest.mark.parametrize("failed", TEXTS)
def test_an_article_the_annotator_fails_on_is_named_and_stops_no_other(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failed: str, where: str
) -> None:
    monkeypatch.setattr(kg.annotate.pipeline, "annotate", failing(ValueError, TEXTS[failed], where))
    seen: list[int] = []
    report = kg.builder.build([articles], tmp_path / "graph", on_article=lambda _, done, __: seen.append(done))
    assert sources(tmp_path / "graph") == sorted(TEXTS.keys() - {failed})
    path = str(articles / f"{failed}.txt")
    reason = "could not be annotated (ValueError: boom); this is a fault in ZoneKG: report it with the article"
    assert report.skipped == ((path, f"{path} {reason}"),)
    assert (report.read, report.found, seen) == (2, 3, [1, 2, 3])


def test_an_article_that_cannot_be_described_is_named_and_stops_no_other(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe = kg.engine.prepare.describe

    def fails(extraction: Extraction, *arguments: object) -> object:
        if extraction.article.location.endswith("二.txt"):
            raise KeyError("boom")
        return describe(extraction, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(kg.engine.prepare, "describe", fails)
    report = kg.builder.build([articles], tmp_path / "graph")
    assert sources(tmp_path / "graph") == ["一", "三"]
    assert "二.txt could not be described (KeyError: 'boom')" in report.skipped[0][1]


@pytest.mark.parametrize("where", ["batch", "turn"])
def test_an_interrupt_leaves_whole_articles_and_says_so(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(kg.annotate.pipeline, "annotate", failing(KeyboardInterrupt, TEXTS["二"], where))
        report = kg.builder.build([articles], tmp_path / "graph")
    assert report.interrupted
    assert report.read < report.found == 3
    assert len(sources(tmp_path / "graph")) == report.read
    with kg.open(tmp_path / "graph") as graph:
        assert graph.validate() == []
    again = kg.builder.build([articles], tmp_path / "graph")
    assert (again.read, again.unchanged) == (3 - report.read, report.read)
    assert len(sources(tmp_path / "graph")) == 3


def test_an_interrupt_while_an_article_is_kept_waits_until_it_is(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_source = GraphFolder.write_source

    def interrupted(folder: GraphFolder, article_id: str, text: str) -> None:
        if article_id.startswith("三"):
            signal.raise_signal(signal.SIGINT)
        write_source(folder, article_id, text)

    monkeypatch.setattr(GraphFolder, "write_source", interrupted)
    report = kg.builder.build([articles], tmp_path / "graph")
    assert (report.interrupted, report.skipped) == (True, ())
    assert "三" in sources(tmp_path / "graph")
    assert len(sources(tmp_path / "graph")) == report.read


def test_python_is_warned_of_what_is_left_out(articles: Path) -> None:
    (articles / "空.txt").write_text("", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"空.txt is empty; give a file with an article") as warned:
        kg.build(articles).close()
    assert Path(warned[0].filename) == Path(__file__)


def test_python_is_interrupted_too_and_the_graph_is_whole(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(kg.annotate.pipeline, "annotate", failing(KeyboardInterrupt, TEXTS["二"], "turn"))
        with pytest.raises(KeyboardInterrupt):
            kg.build(articles, tmp_path / "graph")
    with kg.open(tmp_path / "graph") as graph:
        assert graph.summary().articles < 3


def test_very_long_names_in_chinese_are_read(tmp_path: Path) -> None:
    name = "数字园区建设取得新进展" * 7 + "一二三四"  # 243 bytes, with its ending near the 255 that file systems take
    (tmp_path / f"{name}.txt").write_text(TEXTS["一"], encoding="utf-8")
    (tmp_path / f"{name[:-1]}五.txt").write_text(TEXTS["三"], encoding="utf-8")
    report = kg.builder.build([tmp_path], tmp_path / "graph")
    assert (report.read, report.skipped) == (2, ())
    assert len(list((tmp_path / "graph" / "sources").rglob("*.txt"))) == 2
    with kg.open(tmp_path / "graph") as graph:
        graphs = {name for name in graph.store.graph_names() if name.startswith(article_iri(""))}
        assert len(graphs) == 2


# --- how sure it must be


def test_a_build_at_a_confidence_is_the_whole_build_seen_at_it(articles: Path) -> None:
    (articles / "四.txt").write_text(
        "鹭岛科技园位于晋安区，区委书记张三到园区调研。鹭岛科技园将于明年开园，面积3平方公里。", encoding="utf-8"
    )
    stated = "SELECT DISTINCT ?c { ?s zkg:confidence ?c ; rdf:predicate ?p FILTER STRSTARTS(STR(?p), STR(zkg:)) }"
    with kg.build(articles) as whole:
        surest = max(float(str(row["c"])) for row in whole.query(stated))
        with kg.build(articles, min_confidence=surest) as part:
            assert facts(part) == facts(whole, surest) < facts(whole)
            assert part.entities() == whole.entities()
            assert not part.validate()


def test_what_is_no_confidence_makes_no_graph(articles: Path, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"1\.5 is no confidence"):
        kg.build(articles, tmp_path / "graph", min_confidence=1.5)
    assert not (tmp_path / "graph").exists()


def facts(graph: KnowledgeGraph, min_confidence: float = 0.0) -> set[ox.Quad]:
    """What the graphs say but for those of its runs, whose names differ from build to build."""
    besides = (ox.DefaultGraph(), ox.NamedNode(runs_graph()))
    quads = (quad for quad in graph.at(min_confidence) if quad.graph_name not in besides)
    return {quad for quad in quads if "/id/run/" not in str(quad.object)}
