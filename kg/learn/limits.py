"""How sure the tagger must be: the limits that serve best on articles it has not learned from."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.annotate.learned.tagger import Limits, found_names, revised
from kg.learn.examples import Example

GRID = tuple(
    Limits(add, drop, replace, merge)
    for add, drop, replace, merge in itertools.product((0.6, 0.7, 0.8, 0.9), (0.5, 0.7, 1.0), (0.8, 0.9), (0.9, 1.0))
)
"""What the rules say stands unless the model is sure: the shapes they know hold on pages unlike all it has seen."""
BETA = 1.0
"""Precision and recall count alike: a missing name costs all that is said of it, as a wrong one does."""


def best_limits(examples: Sequence[Example], likely: Sequence[NDArray[np.float32]], tags: Sequence[str]) -> Limits:
    """The limits of ``GRID`` of the best F-beta over names and classes, each counted once an article."""
    return max(GRID, key=lambda limits: f_beta(examples, likely, tags, limits))


def f_beta(
    examples: Sequence[Example], likely: Sequence[NDArray[np.float32]], tags: Sequence[str], limits: Limits
) -> float:
    """How well the names of these limits agree with the gold."""
    right = claimed = wanted = 0
    for example, probabilities in zip(examples, likely, strict=True):
        found = found_names(example.text, example.sentences, probabilities, tags)
        names = {(m.text, m.label_) for m in revised(example.found, found, probabilities, tags, limits)}
        gold = {(m.text, m.label_) for m in example.gold if any(s.contains(m.span) for s in example.sentences)}
        right, claimed, wanted = right + len(names & gold), claimed + len(names), wanted + len(gold)
    weight = BETA**2
    return (1 + weight) * right / max(1e-9, weight * wanted + claimed)
