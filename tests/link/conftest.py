"""Let these tests import ``small_service`` beside them, and give them a graph and the servers it holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.builder import build

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "change"))

from small_service import Endpoint, Reconciling, serving
from stub import Stub

TEXT = "云溪电子公司 settledIn 云溪高新园\n云溪高新园 产值 2023 5\n澜芯微电子公司 cooperatesWith 云溪电子公司"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("ZONEKG_LINK_TOKEN", raising=False)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def graph(articles: Path, tmp_path: Path) -> Path:
    build([articles], tmp_path / "graph", extractor=Stub())
    return tmp_path / "graph"


@pytest.fixture
def service() -> Iterator[Reconciling]:
    with serving(Reconciling()) as server:
        yield server


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(Endpoint()) as server:
        yield server
