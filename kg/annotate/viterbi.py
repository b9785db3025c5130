"""The best tag sequence of a linear-chain CRF, for a batch of equally long sentences at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def viterbi(emissions: NDArray[np.float32], transitions: NDArray[np.float32]) -> NDArray[np.intp]:
    """The tag ids of the highest-scoring paths.

    ``emissions`` has the shape (batch, length, tags), ``transitions`` (tags before, tags after); the answer
    (batch, length). Ties go to the lower id. Scores are added in the order of the textbook loop, so they are
    the same to the bit. Only scores are kept on the way forward: the tag before is looked up on the way back,
    for the best path alone.

    >>> stay = np.array([[1, 0], [0, 1]], dtype=np.float32)
    >>> viterbi(np.array([[[3, 0], [0, 0.5], [0, 0]]], dtype=np.float32), stay).tolist()
    [[0, 0, 0]]
    """
    batch, length, _ = emissions.shape
    if not length:
        return np.empty((batch, 0), dtype=np.intp)
    scores = np.empty((length, *emissions.shape[::2]), dtype=np.result_type(emissions, transitions))
    scores[0] = emissions[:, 0]
    candidates = np.empty((transitions.shape[0], *scores.shape[1:]), dtype=scores.dtype)
    after = transitions[:, None, :]
    for t in range(1, length):
        np.add(scores[t - 1].T[:, :, None], after, out=candidates)
        np.max(candidates, axis=0, out=scores[t])
        scores[t] += emissions[:, t]
    path = np.empty((batch, length), dtype=np.intp)
    path[:, -1] = np.argmax(scores[-1], axis=1)
    into: NDArray[Any] = np.ascontiguousarray(transitions.T)
    for t in range(length - 1, 0, -1):
        path[:, t - 1] = np.argmax(scores[t - 1] + into[path[:, t]], axis=1)
    return path
