"""Viterbi against the enumeration of every path."""

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.viterbi import viterbi

TAGS = 3


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_no_path_scores_higher(seed: int, lengths: list[int]) -> None:
    random = np.random.default_rng(seed)
    emissions = random.integers(-9, 9, (len(lengths), max(lengths), TAGS)).astype(np.float32)
    transitions = random.integers(-9, 9, (TAGS, TAGS)).astype(np.float32)

    def score(row: int, path: tuple[int, ...]) -> float:
        emitted = sum(float(emissions[row, t, tag]) for t, tag in enumerate(path))
        return emitted + sum(float(transitions[a, b]) for a, b in pairwise(path))

    found = viterbi(emissions, transitions, np.array(lengths))
    for row, length in enumerate(lengths):
        best = max(score(row, path) for path in product(range(TAGS), repeat=length))
        assert score(row, tuple(found[row, :length].tolist())) == best


def test_a_tie_goes_to_the_lower_tag() -> None:
    flat = np.zeros((1, 3, TAGS), dtype=np.float32)
    assert viterbi(flat, np.zeros((TAGS, TAGS), dtype=np.float32), np.array([3])).tolist() == [[0, 0, 0]]
