"""Things of several articles in a graph folder: at the end of a build, after a change, and as a person decides."""

from pathlib import Path

import pytest

import kg
from kg.curate import ambiguous, merge, remove, rename, split
from kg.errors import KgError
from kg.store import GraphFolder

LONG, SHORT = "云澜高新技术产业开发区", "云澜高新区"
TEXTS = {
    "a": f"{LONG}扩区\n2024年3月5日，{LONG}位于云澜市，2023年工业产值达480亿元。管委会将继续招商。",
    "b": f"{SHORT}签约\n2024年4月5日，{SHORT}引进三家企业。2023年{SHORT}工业产值达480亿元。管委会介绍了情况。",
    "c": "岚泉高新区开园\n2024年5月5日，岚泉高新区位于岚泉市。管委会介绍了情况。",
    "d": "晶耀光电有限公司投产\n2024年5月6日，晶耀光电有限公司位于沧宁市。",
    "e": "浙江晶耀光电有限公司获奖\n2024年5月7日，浙江晶耀光电有限公司投产。",
}


def built(folder: Path, keys: str, out: str = "graph") -> Path:
    for key in keys:
        (folder / f"{key}.txt").write_text(TEXTS[key], encoding="utf-8")
        kg.build(folder / f"{key}.txt", out=folder / out).close()
    return folder / out


def content(graph: Path) -> set[str]:
    """All that the graph says, but of runs."""
    with GraphFolder(graph).open(read_only=True) as store:
        runs = {quad.subject for quad in store.quads("https://w3id.org/zonekg/id/graph/runs")}
        quads = [q for q in store.quads() if q.subject not in runs and "graph/runs" not in str(q.graph_name)]
        return {str(quad) for quad in quads if "wasGeneratedBy" not in str(quad.predicate)}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("identity"), "abc")


def test_two_names_are_one_thing_with_one_name_and_one_figure(graph: Path) -> None:
    with kg.open(graph) as opened:
        thing = opened.find(SHORT)
        assert (thing.name, thing.aliases) == (LONG, (SHORT,))
        figures = [fact for fact in opened.facts(LONG) if fact.kind == "observation" and str(fact.year) == "2023"]
        assert [len(figure.sources) for figure in figures] == [2]
        assert opened.validate() == []
        assert len(opened.entities(name="管委会")) == 3


def test_another_name_has_evidence_in_the_article_that_uses_it(graph: Path) -> None:
    with kg.open(graph) as opened:
        rows = opened.query(
            "SELECT ?exact { ?why rdf:subject ?thing ; rdf:predicate skos:altLabel ; rdf:object ?name ;"
            f" oa:hasSelector/oa:exact ?exact FILTER (str(?name) = '{SHORT}') }}"
        )
        assert {row["exact"] for row in rows} == {SHORT}


def test_any_order_and_any_removals_give_the_same_graph(tmp_path: Path) -> None:
    once = built(tmp_path, "ab", "once")
    other = built(tmp_path, "cba", "other")
    remove(other, str(tmp_path / "c.txt"))
    assert content(once) == content(other)


def test_a_person_merges_splits_and_renames_and_a_rebuild_keeps_it(tmp_path: Path) -> None:
    graph = built(tmp_path, "de")
    (pair,) = ambiguous(graph)
    assert {pair.one.name, pair.other.name} == {"晶耀光电有限公司", "浙江晶耀光电有限公司"}
    apart = content(graph)
    assert "晶耀光电有限公司" in merge(graph, pair.one.iri, pair.other.iri).aliases
    assert ambiguous(graph) == []
    kg.build(tmp_path / "d.txt", out=graph, rebuild=True).close()
    with kg.open(graph) as opened:
        assert len(opened.entities("Company")) == 1
    assert rename(graph, "晶耀光电有限公司", "晶耀科技").name == "晶耀科技"
    with kg.open(graph) as opened:
        assert opened.find("浙江晶耀光电有限公司").name == "晶耀科技"
        assert opened.validate() == []
    (graph / "decisions.ttl").unlink()
    kg.build(tmp_path / "d.txt", out=graph).close()
    assert content(graph) == apart


def test_a_decision_that_was_cut_off_is_completed_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = built(tmp_path, "de")
    (pair,) = ambiguous(graph)
    with monkeypatch.context() as patched:
        patched.setattr("kg.curate.complete", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            merge(graph, pair.one.iri, pair.other.iri)
    with kg.open(graph) as opened:
        assert len(opened.entities("Company")) == 2
    with kg.build(tmp_path / "d.txt", out=graph) as opened:
        assert len(opened.entities("Company")) == 1


def test_what_cannot_be_decided_is_refused(graph: Path) -> None:
    with kg.open(graph) as opened:
        committee = opened.entities(name="管委会")[0]
    with pytest.raises(KgError, match="only things of one kind"):
        merge(graph, LONG, committee.iri)
    with pytest.raises(KgError, match="one thing already"):
        merge(graph, LONG, SHORT)
    with pytest.raises(KgError, match="cannot be split"):
        split(graph, committee.iri)
    assert not (graph / "decisions.ttl").exists()


def test_what_was_brought_together_can_be_split(tmp_path: Path) -> None:
    graph = built(tmp_path, "ab")
    assert split(graph, LONG).name == LONG
    with kg.open(graph) as opened:
        assert {zone.name for zone in opened.entities("DevelopmentZone")} == {LONG, SHORT}
