"""How well things are brought together, on gold of its own."""

from pathlib import Path

import pytest

from kg.errors import GoldError
from kg.evaluate import evaluate_identity
from kg.ontology import Ontology

GOLD = Path(__file__).parents[2] / "data" / "gold" / "identity"


@pytest.mark.parametrize("file", sorted(GOLD.glob("*.yaml")), ids=lambda file: file.stem)
def test_precision_and_recall_hold(file: Path) -> None:
    report = evaluate_identity(file, Ontology.load())
    assert report.shared_precision >= 0.98
    assert report.shared_recall >= 0.90


def test_what_is_no_gold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- 1", encoding="utf-8")
    with pytest.raises(GoldError, match="is not gold for identity"):
        evaluate_identity(tmp_path / "x.yaml", Ontology.load())
