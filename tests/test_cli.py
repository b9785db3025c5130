import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app

ARTICLE = """云溪高新区去年产值480亿元

来源：云溪日报　2024年3月5日

2023年，江苏省云溪高新技术产业开发区完成地区生产总值480亿元，入驻企业1200家。

云溪高新技术产业开发区位于江苏省苏州市。
"""


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "articles").mkdir()
    (folder / "articles" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "articles" / "empty.txt").write_text("", encoding="utf-8")
    code, out, err = run("build", folder / "articles", "--out", folder / "graph")
    assert code == 0, err
    assert "1 article read" in out
    assert "1 skipped" in out
    assert "empty.txt is empty" in err
    return folder / "graph"


def test_missing_path_is_said_and_makes_no_graph(tmp_path: Path) -> None:
    code, out, err = run("build", tmp_path / "none", "--out", tmp_path / "graph")
    assert (code, out) == (1, "")
    assert err.startswith(f"there is no {tmp_path / 'none'}; ")
    assert err.count("\n") == 1
    assert not (tmp_path / "graph").exists()


def test_empty_folder_holds_no_article(tmp_path: Path) -> None:
    code, _, err = run("build", tmp_path, "--out", tmp_path / "graph")
    assert code == 1
    assert err.startswith("there is no article in ")


def test_build_does_not_read_its_own_output(graph: Path) -> None:
    code, _, err = run("build", graph, "--out", graph)
    assert code == 1
    assert err.startswith("there is no article in ")


def test_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("x")
    code, _, err = run("build", tmp_path / "a.txt", "--out", tmp_path / "mine")
    assert code == 1
    assert "holds something else than a graph" in err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize(
    "command",
    [
        ["query", "ASK {}"],
        ["validate"],
        ["summary"],
        ["show", "x"],
        ["draw"],
        ["export"],
        ["conflicts"],
        ["remove", "x"],
        ["diff", "x"],
    ],
)
def test_folder_that_is_no_graph_is_said(tmp_path: Path, command: list[str]) -> None:
    code, out, err = run(command[0], tmp_path, *command[1:])
    assert (code, out) == (1, "")
    assert err == f"{tmp_path} is not a graph; build one there, or name another folder\n"


def test_article_is_in_the_graph_with_its_source_text(graph: Path) -> None:
    code, out, _ = run(
        "query", graph, "SELECT ?issued { ?a a zkg:Article ; dcterms:issued ?issued }", "--format", "csv"
    )
    assert code == 0
    assert out.split() == ["issued", "2024-03-05"]
    (source,) = (graph / "sources").rglob("*.txt")
    assert source.read_bytes() == ARTICLE.encode()


def test_query_from_file_and_by_name(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { ?a a zkg:Article }")
    code, out, _ = run("query", graph, f"@{tmp_path / 'q.rq'}", "--format", "json")
    assert code == 0
    assert json.loads(out)["boolean"] is True
    assert run("query", graph, "zones-by-area")[0] == 0
    code, _, err = run("query", graph, f"@{tmp_path / 'none.rq'}")
    assert code == 1
    assert "none.rq cannot be read" in err


def test_bad_sparql_is_said(graph: Path) -> None:
    code, out, err = run("query", graph, "SELECT WHERE nothing")
    assert (code, out) == (1, "")
    assert err
    assert "Traceback" not in err


def test_unknown_name_offers_the_nearest(graph: Path) -> None:
    code, _, err = run("show", graph, "没有这个名字")
    assert code == 1
    assert err.startswith("there is no thing called 没有这个名字; ")


def test_thing_is_shown_with_the_sentence_that_says_it(graph: Path) -> None:
    code, out, err = run("show", graph, "云溪高新技术产业开发区")
    assert code == 0, err
    assert "“云溪高新技术产业开发区位于江苏省苏州市。”" in out


def test_graph_conforms_and_can_be_exported_and_drawn(graph: Path, tmp_path: Path) -> None:
    code, out, _ = run("validate", graph)
    assert code == 0
    assert "0 violations" in out
    assert run("summary", graph)[0] == 0
    assert run("export", graph, "-o", tmp_path / "g.ttl")[0] == 0
    assert (tmp_path / "g.ttl").stat().st_size
    assert run("draw", graph, "-o", tmp_path / "g.html")[0] == 0
    assert "云溪" in (tmp_path / "g.html").read_text(encoding="utf-8")


def test_changed_article_takes_the_place_of_the_old(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    for text in (ARTICLE, ARTICLE.replace("480", "520")):
        article.write_text(text, encoding="utf-8")
        code, _, err = run("build", article, "--out", tmp_path / "graph")
        assert code == 0, err
    _, out, _ = run("query", tmp_path / "graph", "SELECT ?a { ?a a zkg:Article }", "--format", "csv")
    assert len(out.split()) == 2


def test_repair_says_what_changed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("新增4 .5 万个学位", encoding="utf-8")
    code, out, err = run("repair", tmp_path / "a.txt")
    assert code == 0
    assert out == "新增4.5万个学位\n"
    assert err.startswith("split-number: 2 ")
    code, out, _ = run("repair", tmp_path / "a.txt", "--format", "json")
    assert json.loads(out)["changes"][0]["rule"] == "split-number"


def test_importing_kg_imports_nothing_heavy() -> None:
    modules = ("spacy", "rdflib", "pyoxigraph")
    heavy = f"import sys, kg, kg.cli; print([m for m in {modules} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"\x00\x01\x02\xff\xfe\x00\x89PNG\r\n" * 40, "a.txt is binary, not text; give a text, Markdown or HTML file"),
        ("a.doc", "云溪".encode(), "a.doc is of no format that is read here; give one of "),
        ("a.txt", b" \n", "a.txt is empty; give a file with an article"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_skipped_with_the_reason(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = run("build", tmp_path / name, "--out", tmp_path / "graph")
    assert code == 1
    assert err.startswith(f"skipped: {tmp_path}/{said}")
    assert err.count("\n") == 1
    assert "0 articles read" in out


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * WHERE { ?s ?p }", "the query is not SPARQL from line 1, column 18 on"),
        ("SELECT ?x\nWHERE { ?x a zkg:Zone . FILTER(?x > }", "the } at line 2, column 37 closes nothing"),
        ("SELECT * { ?s foo:bar ?o }", "the prefix foo: at line 1, column 15 is not declared"),
        ("SELECT * {\n ?s ?p ?o", "the { at line 1, column 10 is never closed"),
        ("INSERT DATA { <a:b> <a:c> 1 }", "INSERT at line 1, column 1 would change the graph"),
        ("", "the query is empty at line 1, column 1"),
        ("zone-by-area", "there is no query called zone-by-area; the nearest are zones-by-area, "),
    ],
)
def test_what_is_no_query_is_said_with_its_place(graph: Path, query: str, said: str) -> None:
    code, out, err = run("query", graph, query)
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["show", "云溪高新"], "there is no thing called 云溪高新; the nearest are 云溪高新技术产业开发区, "),
        (
            ["draw", "--focus", "云溪高新"],
            "there is no thing called 云溪高新; the nearest are 云溪高新技术产业开发区, ",
        ),
        (["draw", "--class", "Zones"], "the graph knows no class 'Zones'; the nearest are Zone, "),
        (["draw", "--property", "locatedAt"], "the graph knows no property 'locatedAt'; the nearest are locatedIn, "),
        (["export", "--format", "doc"], "there is no format doc; choose one of turtle, "),
    ],
)
def test_an_unknown_name_offers_those_near_it(graph: Path, command: list[str], said: str) -> None:
    code, out, err = run(command[0], graph, *command[1:])
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_a_file_is_no_graph(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert run("summary", tmp_path / "file")[2].startswith(f"{tmp_path / 'file'} is not a graph; ")
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    assert "holds something else than a graph" in run("build", tmp_path / "a.txt", "--out", tmp_path / "file")[2]


def test_a_damaged_store_is_said(graph: Path, tmp_path: Path) -> None:
    spoiled = Path(shutil.copytree(graph, tmp_path / "graph"))
    for file in (spoiled / "store").glob("*.sst"):
        file.write_bytes(b"no table")
    code, out, err = run("summary", spoiled)
    assert (code, out) == (1, "")
    assert err.startswith(f"{spoiled / 'store'} cannot be opened (")
    assert err.endswith("or remove the graph and build it again\n")
    assert err.count("\n") == 1


def test_a_missing_article_has_nothing_to_repair(tmp_path: Path) -> None:
    assert (
        run("repair", tmp_path / "none.txt")[2] == f"there is no {tmp_path / 'none.txt'}; give a file with an article\n"
    )


def test_an_article_that_fails_is_counted_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> object:
        raise RuntimeError("boom")

    monkeypatch.setattr("kg.engine.prepare.describe", fails)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    code, out, err = run("build", tmp_path / "a.txt", "--out", tmp_path / "graph")
    assert code == 1
    assert "0 articles read" in out
    assert "1 skipped" in out
    assert err.startswith(f"skipped: {tmp_path / 'a.txt'} could not be described (RuntimeError: boom); ")


def test_an_interrupt_ends_with_what_was_read_and_the_shell_s_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.annotate.pipeline.annotate", interrupted)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    code, _, err = run("build", tmp_path / "a.txt", "--out", tmp_path / "graph")
    assert code == 130
    assert err.startswith("stopped after 0 of 1 articles, ")


def test_a_summary_says_how_long_the_build_took_and_what_is_most_connected(graph: Path) -> None:
    code, out, _ = run("summary", graph)
    assert code == 0
    assert "Most connected" in out
    assert re.search(r"1 article, \d+ observations, \d+ milestones, built in \d+\.\d s\n", out)
    assert "statements of background" in out


@pytest.mark.parametrize(
    "format", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml", "graphml", "gexf", "csv"]
)
def test_two_exports_of_one_graph_are_the_same_bytes(graph: Path, tmp_path: Path, format: str) -> None:
    for name in ("one", "two"):
        command = [sys.executable, "-m", "kg.cli", "export", str(graph), "--format", format, "-o", str(tmp_path / name)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "1" if name == "one" else "2"})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() != b""


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """One article with its gold, which holds one relation and one thing that the article does not name."""
    (tmp_path / "a.txt").write_text("云溪高新技术产业开发区位于江苏省苏州市。\n", encoding="utf-8")
    said = {
        "id": "a",
        "article_date": None,
        "entities": [
            {"name": "云溪高新技术产业开发区", "aliases": [], "class": "DevelopmentZone"},
            {"name": "江苏省", "aliases": [], "class": "AdministrativeArea"},
            {"name": "苏州市", "aliases": [], "class": "AdministrativeArea"},
            {"name": "某某大厦", "aliases": [], "class": "Facility"},
        ],
        "relations": [["云溪高新技术产业开发区", "locatedIn", "苏州市"], ["苏州市", "partOf", "江苏省"]],
        "observations": [],
        "milestones": [],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


def test_an_evaluation_tells_apart_and_lists_what_is_wrong(gold: Path) -> None:
    code, out, err = run("evaluate", gold, "--by", "property, class,noise")
    assert (code, err) == (0, "")
    assert "clean (1 articles)" in out
    assert "relations by property" in out
    assert "missed: entities Facility\n  某某大厦 (Facility) — not found (a, clean)\n" in out
    assert "expected calibration error" in out
    assert "missed" not in run("evaluate", gold)[1]


def test_an_evaluation_is_compared_with_an_older_one(gold: Path, tmp_path: Path) -> None:
    code, old, _ = run("evaluate", gold, "--json")
    assert code == 0
    assert json.loads(old)["reliability"]["all"]["bins"]
    (tmp_path / "old.json").write_text(old, encoding="utf-8")
    (tmp_path / "a.txt").write_text("云溪高新技术产业开发区。江苏省苏州市。某某大厦建成。\n", encoding="utf-8")
    code, out, err = run("evaluate", gold, "--compare", tmp_path / "old.json")
    assert (code, err) == (0, "")
    assert "\nrelations\n  - missed: 云溪高新技术产业开发区 —locatedIn→ 苏州市 (a)\n" in out
    now = json.loads(run("evaluate", gold, "--compare", tmp_path / "old.json", "--json")[1])
    assert [item["text"] for item in now["comparison"]["relations"]["lost"]] == [
        "云溪高新技术产业开发区 —locatedIn→ 苏州市"
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--by", "property,place"], "nothing is told apart by place; choose of class, property, type, noise\n"),
        (["--compare", "none.json"], "none.json cannot be read ("),
        (["--compare", __file__], "this is no report to compare with ("),
    ],
)
def test_what_cannot_be_evaluated_is_said(gold: Path, options: list[str], said: str) -> None:
    code, out, err = run("evaluate", gold, *options)
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_what_is_not_sure_enough_is_neither_written_nor_exported_nor_drawn(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    assert run("build", tmp_path / "a.txt", "--out", tmp_path / "sure", "--min-confidence", 1)[0] == 0
    assert "locatedIn" not in run("export", tmp_path / "sure", "--format", "csv")[1]
    assert "locatedIn" in run("export", graph, "--format", "csv")[1]
    assert "locatedIn" not in run("export", graph, "--format", "csv", "--min-confidence", 1)[1]
    assert run("draw", graph, "-o", tmp_path / "g.html", "--min-confidence", 1)[0] == 0
    assert "云溪高新技术产业开发区" in (tmp_path / "g.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["build", "export", "draw"])
@pytest.mark.parametrize("value", ["1.5", "-1", "nan"])
def test_what_is_no_confidence_is_said(graph: Path, tmp_path: Path, command: str, value: str) -> None:
    where = ["--out", tmp_path / "graph"] if command == "build" else ["-o", tmp_path / "g.html"]
    code, out, err = run(command, graph, *where, f"--min-confidence={value}")
    assert (code, out) == (1, "")
    assert err == f"{float(value)} is no confidence; give a number from 0 to 1\n"
    assert not list(tmp_path.iterdir())
