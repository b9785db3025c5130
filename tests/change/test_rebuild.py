"""A build does only what is new or changed; kg remove takes out what only one article said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stub import Stub, folder_as_text
from typer.testing import CliRunner

import kg
from kg.builder import BuildReport, build
from kg.cli import app
from kg.curate import remove
from kg.errors import UnknownNameError
from kg.vocab import BACKGROUND_GRAPH

TEXTS = {
    "a": "云溪园 locatedIn 晋安区\n福州市\n云溪园 产值 2023 5",
    "b": "云溪园 locatedIn 晋安区\n云溪公司 settledIn 云溪园",
    "c": "鹭岛公司 locatedIn 厦门市\n会展会 locatedIn 厦门市\n厦门市 locatedIn 会展会",  # its last line does not conform
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.read, report.replaced, report.unchanged, len(report.skipped)


def afresh(articles: Path, out: Path, stub: Stub | None = None) -> list[str]:
    build([articles], out, extractor=stub or Stub())
    return folder_as_text(out)


def test_what_did_not_change_is_not_read_again(articles: Path, tmp_path: Path) -> None:
    stub, out = Stub(), tmp_path / "graph"
    assert counts(build([articles], out, extractor=stub)) == (3, 0, 0, 0)
    before = folder_as_text(out)
    assert counts(build([articles], out, extractor=stub)) == (0, 0, 3, 0)
    (articles / "b.txt").write_text("云溪公司 settledIn 厦门市", "utf-8")
    (articles / "d.txt").write_text("榕城园 locatedIn 福州市", "utf-8")
    (articles / "e.txt").touch()
    stub.read.clear()
    assert counts(build([articles], out, extractor=stub)) == (2, 1, 2, 1)
    assert stub.read == ["b.txt", "d.txt"]
    assert folder_as_text(out) == afresh(articles, tmp_path / "fresh") != before


def test_what_the_graph_depends_on_has_all_read_again(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    assert counts(build([articles], out, extractor=Stub(), rebuild=True)) == (3, 3, 0, 0)
    assert counts(build([articles], out, extractor=Stub("other"))) == (3, 3, 0, 0)
    assert counts(build([articles], out, extractor=Stub("other"), min_confidence=0.5)) == (3, 3, 0, 0)
    monkeypatch.setattr("kg.runs._code", lambda: "another ZoneKG")
    assert counts(build([articles], out, extractor=Stub("other"), min_confidence=0.5)) == (3, 3, 0, 0)
    assert counts(build([articles], out, extractor=Stub("other"), min_confidence=0.5)) == (0, 0, 3, 0)


def test_what_was_read_beside_the_text_counts_too(tmp_path: Path) -> None:
    table, out = tmp_path / "a.jsonl", tmp_path / "graph"
    for day, expected in (("2024-01-01", (1, 0, 0, 0)), ("2024-01-02", (1, 1, 0, 0)), ("2024-01-02", (0, 0, 1, 0))):
        table.write_text(json.dumps({"text": TEXTS["a"], "date": day}, ensure_ascii=False), "utf-8")
        assert counts(build([table], out, extractor=Stub())) == expected
    with kg.open(out) as graph:
        [row] = graph.query("SELECT ?d { ?a dcterms:issued ?d }")
        assert str(row["d"]) == "2024-01-02"


def test_rows_that_a_table_holds_no_more_leave_the_graph(tmp_path: Path) -> None:
    table, out = tmp_path / "a.jsonl", tmp_path / "graph"
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in TEXTS.values()]
    table.write_text("\n".join(lines), "utf-8")
    build([table], out, extractor=Stub())
    table.write_text("\n".join([lines[2], lines[1]]), "utf-8")
    stub = Stub()
    report = build([table], out, extractor=stub)
    assert (stub.read, report.gone) == ([], ())
    assert folder_as_text(out) == afresh(table, tmp_path / "fresh")


def test_two_rows_of_one_address_are_the_last_of_them_each_time(tmp_path: Path) -> None:
    table, out = tmp_path / "a.jsonl", tmp_path / "graph"
    rows = [{"text": text, "url": "https://www.example.com/1"} for text in TEXTS.values()]
    table.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    for _ in range(2):
        build([table], out, extractor=Stub())
        assert [path.read_text("utf-8") for path in (out / "sources").rglob("*.txt")] == [TEXTS["c"]]
        assert folder_as_text(out) == afresh(table, tmp_path / "fresh")


def test_a_text_that_lies_in_two_places_is_read_from_the_first_whenever_it_came(tmp_path: Path) -> None:
    one, two = tmp_path / "articles", tmp_path / "more"
    one.mkdir()
    two.mkdir()
    out = tmp_path / "graph"
    for folder in (two, one):
        (folder / f"{folder.name}.txt").write_text(TEXTS["a"], "utf-8")
        build([folder], out, extractor=Stub())
    fresh = tmp_path / "fresh"
    build([two, one], fresh, extractor=Stub())
    assert folder_as_text(out) == folder_as_text(fresh)
    (one / "articles.txt").write_text(TEXTS["b"], "utf-8")
    build([one], out, extractor=Stub())  # the other, which is now the first, is not named in this build
    build([one, two], tmp_path / "fresh2", extractor=Stub())
    assert folder_as_text(out) == folder_as_text(tmp_path / "fresh2")


def test_what_another_configuration_left_half_done_is_not_taken_for_done(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    before = folder_as_text(out)
    with monkeypatch.context() as patched:
        patched.setattr("kg.store.articles.Articles.keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert build([articles], out, extractor=Stub("other")).interrupted
    assert counts(build([articles], out, extractor=Stub())) == (1, 1, 2, 0)
    assert folder_as_text(out) == before


def test_an_article_whose_file_is_gone_stays_and_is_named(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    (articles / "a.txt").unlink()
    report = build([articles], out, extractor=Stub())
    assert (report.gone, counts(report)) == ((str(articles / "a.txt"),), (0, 0, 2, 0))
    remove(out, str(articles / "a.txt"))
    assert build([articles], out, extractor=Stub()).gone == ()
    assert folder_as_text(out) == afresh(articles, tmp_path / "fresh")


def test_a_changed_article_that_cannot_be_read_keeps_what_it_said(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    before = folder_as_text(out)
    (articles / "a.txt").write_bytes(b"")
    [(_, reason)] = build([articles], out, extractor=Stub()).skipped
    assert reason.endswith("a.txt is empty; give a file with an article (what it said before stays in the graph)")
    assert folder_as_text(out) == before


# --- taking out


def test_what_only_the_article_said_goes_and_what_others_say_stays(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    removed = remove(out, str(articles / "a.txt"))
    assert removed.places == (str(articles / "a.txt"),)
    (articles / "a.txt").unlink()
    assert folder_as_text(out) == afresh(articles, tmp_path / "fresh")
    with kg.open(out) as graph:
        assert graph.find("云溪园").class_ == "IndustrialPark"
        assert not graph.query("ASK { ?o a zkg:Observation }")[0]["ASK"]
        assert graph.summary().seconds is not None
    for rest in ("b.txt", "c.txt"):
        remove(out, str(articles / rest))
    with kg.open(out) as graph:
        assert not [name for name in graph.store.graph_names() if not name.endswith("graph/runs")]
        assert not [name for name in graph.store.graph_names() if name.startswith(BACKGROUND_GRAPH)]
    assert not list((out / "sources").rglob("*.*")) + list((out / "quarantine").rglob("*.*"))


@pytest.mark.parametrize("by", ["location", "iri", "id"])
def test_an_article_is_named_by_its_place_its_iri_or_its_name(articles: Path, tmp_path: Path, by: str) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    with kg.open(out) as graph:
        [row] = graph.query("SELECT ?a { ?a dcterms:source ?s FILTER STRENDS(STR(?s), 'a.txt') }")
    iri = str(row["a"])
    name = {"location": str(articles / "a.txt"), "iri": iri, "id": iri.rpartition("/")[2]}[by]
    result = CliRunner().invoke(app, ["remove", str(out), name])
    assert result.exit_code == 0
    assert f"{iri} was taken out; it was read in {articles / 'a.txt'}\n" in result.stdout


def test_an_article_that_is_not_there_offers_the_nearest(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    with pytest.raises(UnknownNameError, match=r"there is no article called .*/a; the nearest are .*a\.txt"):
        remove(out, str(articles / "a"))


def test_a_removed_article_is_new_in_the_next_build(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    before = folder_as_text(out)
    remove(out, str(articles / "b.txt"))
    assert counts(build([articles], out, extractor=Stub())) == (1, 0, 2, 0)
    assert folder_as_text(out) == before
