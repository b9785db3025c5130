"""A build reads whatever is there; what cannot be read is named in one line, and the build goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures import csv_file, docx, zipped
from test_formats import BODY, OTHER, ROWS

import kg
import kg.builder


def locations(out: Path) -> set[str]:
    with kg.open(out) as graph:
        rows = graph.query("SELECT ?s { ?a a zkg:Article ; dcterms:source ?s }")
        return {str(row["s"]).rpartition("/")[2] for row in rows}


def sources(out: Path) -> list[list[str]]:
    """The names of the files of each article, whose graph conforms."""
    found: dict[str, list[str]] = {}
    with kg.open(out) as graph:
        assert not graph.validate()
        for row in graph.query("SELECT ?a ?s { ?a a zkg:Article ; dcterms:source ?s } ORDER BY ?s"):
            found.setdefault(str(row["a"]), []).append(str(row["s"]).rpartition("/")[2])
    return sorted(found.values())


def test_every_file_is_read_or_named_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a.zip": zipped({"a.txt": BODY.encode(), "b.csv": csv_file([{"text": OTHER}])}),
        "b.docx": docx([BODY])[:2_000],
        "c.pdf": b"%PDF-1.7\n" + bytes(range(256)),
        "d.zip": zipped({"a.txt": b"a" * 2**22}),
        "e.txt": b"",
        "f.txt": bytes(range(256)) * 40,
        "g.txt": BODY.encode(),
        "h.jsonl": b"{",
    }
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    find_sources = kg.builder.find_sources

    def vanishing(paths: list[Path]) -> Iterator[Path]:
        found = list(find_sources(paths))
        (folder / "g.txt").unlink()
        return iter(found)

    monkeypatch.setattr(kg.builder, "find_sources", vanishing)
    report = kg.builder.build([folder], tmp_path / "graph")
    assert locations(tmp_path / "graph") == {"a.txt", "b.csv#1"}
    assert (report.read, report.found) == (2, 9)
    assert [Path(location).name for location, _ in report.skipped] == [
        "b.docx", "c.pdf", "d.zip", "e.txt", "f.txt", "g.txt", "h.jsonl#1",
    ]  # fmt: skip
    assert all(reason.startswith(location) and "\n" not in reason for location, reason in report.skipped)
    assert not any("fault" in reason for _, reason in report.skipped)


def test_one_text_in_two_places_is_one_article_with_two_sources(tmp_path: Path) -> None:
    articles, out = tmp_path / "articles", tmp_path / "graph"
    articles.mkdir()
    (articles / "a.txt").write_text(BODY, "utf-8")
    (articles / "b.txt").write_text(BODY, "gb18030")
    report = kg.builder.build([articles], out)
    assert (report.read, report.repeated, report.found) == (1, 1, 2)
    assert sources(out) == [["a.txt", "b.txt"]]

    (tmp_path / "c.txt").write_text(BODY, "utf-8")
    kg.builder.build([tmp_path / "c.txt"], out)  # in a later build, too
    assert sources(out) == [["a.txt", "b.txt", "c.txt"]]

    (articles / "b.txt").write_text(OTHER, "utf-8")
    kg.builder.build([articles], out)
    assert sources(out) == [["a.txt", "c.txt"], ["b.txt"]]


def test_rows_that_moved_replace_what_stood_there(tmp_path: Path) -> None:
    rows = [{"text": BODY}, {"text": OTHER}, {"text": BODY + OTHER}]
    table = tmp_path / "a.csv"
    for left in (rows, rows[1:]):
        table.write_bytes(csv_file(left))
        report = kg.builder.build([table], tmp_path / "graph")
        assert report.read + report.unchanged == len(left)
    assert locations(tmp_path / "graph") == {"a.csv#1", "a.csv#2"}
    with kg.open(tmp_path / "graph") as graph:
        assert graph.validate() == []
        titles = graph.query("SELECT (COUNT(?a) AS ?n) { ?a a zkg:Article }")
        assert [row["n"] for row in titles] == [2]


def test_an_address_whose_text_changed_is_replaced(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    for text in (BODY, OTHER):
        table.write_bytes(csv_file([{**ROWS[0], "content": text}]))
        kg.builder.build([table], tmp_path / "graph")
    assert locations(tmp_path / "graph") == {"1"}
    with kg.open(tmp_path / "graph") as graph:
        assert graph.summary().articles == 1


def test_columns_are_named(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(csv_file([{"text": "摘要", "全文": BODY}]))
    assert kg.builder.build([table], tmp_path / "graph", columns={"text": "全文"}).read == 1
    with kg.open(tmp_path / "graph") as graph:
        assert graph.find("晋安区三创中心")


def test_an_annotator_that_cannot_begin_ends_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[object]:
        raise ImportError("gone")
        yield

    monkeypatch.setattr("kg.annotate.pipeline.annotate", broken)
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    with pytest.raises(ImportError, match="gone"):
        kg.builder.build([tmp_path / "a.txt"], tmp_path / "graph")
