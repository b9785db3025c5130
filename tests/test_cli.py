import json
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
    "command", [["query", "ASK {}"], ["validate"], ["summary"], ["show", "x"], ["draw"], ["export"]]
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
    (source,) = (graph / "sources").iterdir()
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
