"""Of what an article says, the part that is sure enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg.errors import KgError
from kg.graph import describe, require_confidence, sure
from kg.graph import terms as t
from kg.model import Extraction, Run


def at(extraction: Extraction, **confidence: float) -> Extraction:
    """The extraction with another confidence for all of its relations, observations or milestones."""
    return replace(
        extraction,
        **{
            kind: tuple(
                replace(fact, evidence=replace(fact.evidence, confidence=c)) for fact in getattr(extraction, kind)
            )
            for kind, c in confidence.items()
        },
    )


@pytest.mark.parametrize("kind", ["relations", "observations", "milestones"])
def test_what_is_too_unsure_goes_as_if_it_had_not_been_found(
    extraction: Extraction, iris: Mapping[str, str], run: Run, kind: str
) -> None:
    unsure = describe(at(extraction, **{kind: 0.7}), iris, run)
    assert sure(unsure, 0.8) == describe(replace(extraction, **{kind: ()}), iris, run)
    assert sure(unsure, 0.7) == unsure


def test_things_keep_their_class_and_their_names(extraction: Extraction, iris: Mapping[str, str], run: Run) -> None:
    bare = replace(extraction, relations=(), observations=(), milestones=())
    kept = sure(describe(extraction, iris, run), 1)
    assert kept == describe(bare, iris, run)
    assert {t.PREF_LABEL, t.ALT_LABEL} <= {quad.predicate for quad in kept}


def test_of_two_reasons_the_surer_one_is_enough(extraction: Extraction, iris: Mapping[str, str], run: Run) -> None:
    (relation,) = extraction.relations
    again = replace(relation, evidence=replace(relation.evidence, rule="rule-2", confidence=0.5))
    twice = describe(replace(extraction, relations=(relation, again)), iris, run)
    assert sure(twice, 0.8) == describe(extraction, iris, run)


def test_what_has_no_evidence_stays() -> None:
    place = ox.NamedNode("x:place")
    quad = ox.Quad(place, t.zkg("partOf"), ox.NamedNode("x:city"), ox.NamedNode("x:background"))
    assert sure([quad], 1) == [quad]


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_confidence_is_from_0_to_1(value: float) -> None:
    with pytest.raises(KgError, match=r"is no confidence; give a number from 0 to 1$"):
        require_confidence(value)
