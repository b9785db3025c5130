"""Let these tests import ``small_model`` beside them, and start the server it holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.llm import LlmExtractor, Options

sys.path.insert(0, str(Path(__file__).parent))

from small_model import Model, serving


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for variable in ("ZONEKG_LLM_URL", "ZONEKG_LLM_MODEL", "ZONEKG_LLM_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    with serving() as server:
        yield server


Making = Callable[..., LlmExtractor]


@pytest.fixture
def extractor(model: Model, tmp_path: Path) -> Making:
    """Makes an extractor that asks ``model``, with options."""

    def make(**options: Any) -> LlmExtractor:
        given = {"url": model.url, "model": "small", "cache": tmp_path / "cache", "backoff": 0.01, "timeout": 5.0}
        return LlmExtractor(Options(**{**given, **options}))

    return make
