"""Parts of the annotator can be left out one by one, and what is left still works."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kg.annotate.pipeline import build_pipeline

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "ablation.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ablation", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["ablation"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ablation = _loaded()


@pytest.fixture
def gold(tmp_path: Path) -> list[Path]:
    (tmp_path / "a.txt").write_text("鹭岛科技园位于晋安区。\n\n全区人口80万人。", encoding="utf-8")
    said = {
        "id": "a",
        "article_date": None,
        "entities": [
            {"name": "鹭岛科技园", "aliases": [], "class": "IndustrialPark"},
            {"name": "晋安区", "aliases": [], "class": "AdministrativeArea"},
        ],
        "relations": [["鹭岛科技园", "locatedIn", "晋安区"]],
        "observations": [{"entity": "晋安区", "indicator": "人口", "value": 800000, "unit": "人"}],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return [path]


@pytest.mark.parametrize("name", ablation.PARTS)
def test_each_part_has_its_seam(name: str) -> None:
    part = ablation.PARTS[name]
    with ablation.without(part):
        assert build_pipeline(lexer=part.lexer).pipe_names[0] == part.lexer


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("heads", "entities"),
        ("lexical model", "relations"),
        ("frames of verbs", "relations"),
        ("references", "observations"),
    ],
)
def test_without_a_part_what_it_finds_is_missed(gold: list[Path], name: str, kind: str) -> None:
    learned = (ablation.PARTS[f"what is learned of {kind}"] for kind in ("names", "facts"))
    with ablation.without(next(learned)), ablation.without(next(learned)):  # which make up for some of it
        assert ablation.measure(ablation.WHOLE, gold)[kind] == 1
        assert ablation.measure(name, gold)[kind] < 1
