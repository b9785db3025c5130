"""Whatever was added, changed and taken out, and in which order: the graph is that of what is left, built afresh."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from stub import Stub, folder_as_text

import kg
from kg.builder import build
from kg.curate import remove
from kg.model import Article
from kg.read import read_articles

EXAMPLES = int(os.environ.get("KG_CHANGE_EXAMPLES", "12"))
FILES = ("a.txt", "b.txt", "c.md", "z/a.txt")
TEXTS = (
    "云溪园 locatedIn 晋安区\n福州市\n云溪园 产值 2023 5",
    "晋安园 locatedIn 云溪园\n晋安区\n云溪园 产值 2023 5\n云溪园 产值 2023 6",
    "晋安园\n晋安区\n云溪公司 settledIn 晋安园",  # a zone that is named after an area, which no line says
    "会展会 locatedIn 厦门市\n厦门市 locatedIn 会展会",  # its second line does not conform
    "云溪公司 cooperatesWith 鹭岛公司\n鹭岛公司 subsidiaryOf 云溪公司\n鼓楼区",
    "晶耀光电公司 产值 2023 5\n晶耀光电公司 locatedIn 晋安区",
    "晶耀光电有限公司 产值 2023 5\n云溪园 locatedIn 厦门市",  # the company above, and another park of that name
)
TABLE = "t.jsonl"

a_text = st.sampled_from(TEXTS)
a_row = st.tuples(a_text, st.sampled_from(["2024-01-01", "2024-02-01"]))
Steps = st.lists(
    st.one_of(
        st.tuples(st.just("file"), st.sampled_from(FILES), a_text),
        st.tuples(st.just("table"), st.just(TABLE), st.lists(a_row, min_size=1, max_size=3)),
        st.tuples(st.just("remove"), st.sampled_from(FILES), st.none()),
    ),
    min_size=1,
    max_size=6,
)


def test_some_of_the_texts_name_one_thing_differently_and_two_alike() -> None:
    with TemporaryDirectory() as temporary:
        for number, text in enumerate((TEXTS[0], *TEXTS[-2:])):
            (Path(temporary) / f"{number}.txt").write_text(text, "utf-8")
        with kg.build(temporary, Path(temporary) / "graph", extractor=Stub()) as graph:
            assert [company.aliases for company in graph.entities("Company")] == [("晶耀光电公司",)]
            assert len(graph.entities(name="云溪园")) == 2


@given(Steps, st.booleans())
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_graph_is_that_of_what_is_left(steps: list[tuple[str, str, object]], whole: bool) -> None:
    with TemporaryDirectory() as temporary:
        folder, out, fresh = (Path(temporary) / name for name in ("articles", "graph", "fresh"))
        (folder / "z").mkdir(parents=True)
        for what, name, content in steps:
            path = folder / name
            if what == "remove":
                if path.exists():
                    _remove(folder, out, path)
                continue
            if what == "table":
                assert isinstance(content, list)
                rows = ({"text": text, "date": day} for text, day in content)
                path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
            else:
                path.write_text(str(content), "utf-8")
            build([folder if whole else path], out, extractor=Stub())
        left = [path for path in folder.rglob("*") if path.is_file()]
        if left:
            build([folder], fresh, extractor=Stub())
            assert folder_as_text(out) == folder_as_text(fresh)
        elif out.exists():
            assert folder_as_text(out) == []


def _remove(folder: Path, out: Path, path: Path) -> None:
    """Take out the article of a file, with every file and row that holds its text."""
    remove(out, str(path))
    text = path.read_text("utf-8")
    for file in folder.rglob("*.*"):
        texts = [article.source_text for article in read_articles(file) if isinstance(article, Article)]
        if text not in texts:
            continue
        rows = [
            row for row in file.read_text("utf-8").split("\n") if file.name == TABLE and text != json.loads(row)["text"]
        ]
        if rows:
            file.write_text("\n".join(rows), "utf-8")
            build([file], out, extractor=Stub())
        else:
            file.unlink()
