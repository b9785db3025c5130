"""Contradictions stay side by side and are listed with who says so; two graphs are told apart by thing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stub import Stub
from typer.testing import CliRunner

import kg
from kg.builder import build
from kg.cli import app
from kg.publish.conflicts import Conflict


def built(folder: Path, *texts: str) -> Path:
    articles = folder / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    rows = [{"text": text, "title": f"第{n}篇", "date": f"2024-01-0{n}"} for n, text in enumerate(texts, 1)]
    (articles / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    build([articles], folder / "graph", extractor=Stub())
    return folder / "graph"


def conflicts(folder: Path, *texts: str) -> list[Conflict]:
    with kg.open(built(folder, *texts)) as graph:
        return graph.conflicts()


def sides(conflict: Conflict) -> list[str]:
    return [side.value for side in conflict.sides]


def test_figures_of_one_year_that_differ_are_listed_with_who_says_so(tmp_path: Path) -> None:
    [conflict] = conflicts(tmp_path, "云溪园 产值 2023 5", "云溪园 产值 2023 6\n云溪园 产值 2022 4")
    assert (conflict.kind, conflict.subject, conflict.about, conflict.year) == ("figure", "云溪园", "产值", 2023)
    assert sides(conflict) == ["5元", "6元"]
    [source] = conflict.sides[1].sources
    assert (source.sentence, source.issued) == ("云溪园 产值 2023 6", "2024-01-02")


@pytest.mark.parametrize(
    "said", ["云溪园 产值 2022 5", "云溪园 产值 2023 5", "云溪园 税收 2023 6", "鹭岛园 产值 2023 6"]
)
def test_another_year_indicator_or_thing_is_no_contradiction(tmp_path: Path, said: str) -> None:
    assert conflicts(tmp_path, "云溪园 产值 2023 5", said) == []


def test_places_that_exclude_each_other_are_rivals(tmp_path: Path) -> None:
    texts = "云溪公司 locatedIn 晋安区\n福州市", "云溪公司 locatedIn 厦门市", "云溪公司 locatedIn 福州市\n晋安区"
    [conflict] = conflicts(tmp_path, *texts)
    assert (conflict.kind, conflict.subject) == ("place", "云溪公司")
    assert sorted(sides(conflict)) == ["厦门市", "晋安区", "福州市"]


@pytest.mark.parametrize(
    "texts",
    [
        ("云溪公司 locatedIn 晋安区\n福州市", "云溪公司 locatedIn 福州市"),  # the one lies in the other
        (
            "云溪公司 locatedIn 福州市\n云溪公司 locatedIn 厦门市",
            "云溪公司 locatedIn 厦门市",
        ),  # an article says it lies in both
        ("云溪公司 locatedIn 晋安区\n福州市", "云溪公司 locatedIn 天外区"),  # where that lies nobody knows
    ],
)
def test_places_that_do_not_exclude_each_other_are_none(tmp_path: Path, texts: tuple[str, ...]) -> None:
    assert conflicts(tmp_path, *texts) == []


def test_a_place_in_a_place_is_where_that_lies(tmp_path: Path) -> None:
    texts = "云溪公司 locatedIn 云溪园\n云溪园 locatedIn 晋安区\n福州市", "云溪公司 locatedIn 厦门市"
    [conflict] = conflicts(tmp_path, *texts)
    assert (conflict.subject, sorted(sides(conflict))) == ("云溪公司", ["云溪园", "厦门市"])


def test_classes_of_which_neither_is_above_the_other_are_rivals(tmp_path: Path) -> None:
    [conflict] = conflicts(tmp_path, "云溪园:IndustrialPark", "云溪园:DevelopmentZone", "云溪园:Zone")
    assert (conflict.kind, sides(conflict)) == ("class", ["DevelopmentZone", "IndustrialPark"])
    assert [source.sentence for source in conflict.sides[0].sources] == ["云溪园:DevelopmentZone"]


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_conflicts_are_told_as_a_table_and_as_json(tmp_path: Path) -> None:
    graph = built(tmp_path, "云溪园 产值 2023 5", "云溪园 产值 2023 6\n鹭岛园\n[b]云溪园")
    out = run("conflicts", graph)
    assert "云溪园 产值 2023 5" in out
    assert "2024-01-02" in out
    assert f"{graph}: 1 conflicts: 1 by figure, 0 by place, 0 by class\n" in out
    [conflict] = json.loads(run("conflicts", graph, "--json"))
    assert [side["value"] for side in conflict["sides"]] == ["5元", "6元"]
    assert run("conflicts", built(tmp_path / "other", "鹭岛园")).endswith(
        "0 conflicts: 0 by figure, 0 by place, 0 by class\n"
    )


# --- two graphs


def test_what_two_graphs_differ_in_is_told_by_thing(tmp_path: Path) -> None:
    old = built(tmp_path / "old", "云溪园 locatedIn 晋安区\n云溪园 产值 2023 5\n鹭岛公司")
    new = built(tmp_path / "new", "云溪园 locatedIn 晋安区\n云溪园 产值 2023 6\n云溪公司 settledIn 云溪园")
    with kg.open(old) as before, kg.open(new) as after:
        assert before.changes_since(before) == []
        changes = {change.name: change for change in after.changes_since(before)}
        assert [change.thing for change in changes.values()] == ["gained", "lost", "kept"]
        assert set(changes) == {"云溪公司", "鹭岛公司", "云溪园"}
        park = changes["云溪园"]
        assert [fact.object for fact in (*park.lost, *park.gained)] == [5, 6]
        assert park.gained[0].sentence == "云溪园 产值 2023 6"
        assert [fact.object for fact in changes["云溪公司"].gained] == ["云溪园"]
        assert changes["鹭岛公司"].traits_lost == (("class", "Company"), ("name", "鹭岛公司"))
    out = run("diff", old, new)
    assert "  - 云溪园 产值 5元 (2023)  “云溪园 产值 2023 5” 《" in out
    assert "  + 云溪公司 settledIn 云溪园  “" in out
    assert out.endswith("things: 1 gained, 1 lost, 1 changed; facts and figures: 2 gained, 1 lost\n")
    assert [change["thing"] for change in json.loads(run("diff", old, new, "--json"))] == ["gained", "lost", "kept"]
