"""A graph folder says what it is before anything in it is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import GraphError
from kg.store import GraphFolder, Manifest


def test_a_folder_gives_back_its_manifest(tmp_path: Path) -> None:
    folder = GraphFolder(tmp_path / "g")
    folder.create(Manifest("abc", "https://e.org/"))
    assert folder.manifest() == Manifest("abc", "https://e.org/")
    folder.open().close()
    folder.create(Manifest("def", "https://e.org/"))
    assert folder.manifest().ontology_hash == "abc"  # who has not opened the store changes nothing
    folder.note(Manifest("def", "https://e.org/"))
    assert folder.manifest().ontology_hash == "def"


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(GraphError, match="something else"):
        GraphFolder(tmp_path).create(Manifest("abc"))
    with pytest.raises(GraphError, match="is not a graph"):
        GraphFolder(tmp_path).open()


def test_a_graph_of_another_format_is_refused(tmp_path: Path) -> None:
    GraphFolder(tmp_path).create(Manifest("abc", format_version=99))
    with pytest.raises(GraphError, match="has format 99"):
        GraphFolder(tmp_path).manifest()


def test_a_damaged_manifest_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text("{", encoding="utf-8")
    with pytest.raises(GraphError, match="is damaged"):
        GraphFolder(tmp_path).manifest()


def test_an_article_id_never_leaves_the_sources(tmp_path: Path) -> None:
    assert GraphFolder(tmp_path).source("../../x").parents[1] == tmp_path / "sources"
