"""The best tag sequence of a linear-chain CRF, for a padded batch of sentences at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def viterbi(
    emissions: NDArray[np.float32], transitions: NDArray[np.float32], lengths: NDArray[np.integer]
) -> NDArray[np.intp]:
    """The tag ids of the highest-scoring paths.

    ``emissions`` has the shape (batch, length, tags), ``transitions`` (tags before, tags after); the answer
    (batch, length), where what lies beyond a sentence's own length means nothing. Ties go to the lower id.
    Scores are added in the order of the textbook loop, so they are the same to the bit. Only scores are kept
    on the way forward: the tag before is looked up on the way back, for the best path alone.

    >>> stay = np.array([[1, 0], [0, 1]], dtype=np.float32)
    >>> two = np.array([[[3, 0], [0, 0.5], [0, 0]], [[0, 1], [0, 0], [9, 0]]], dtype=np.float32)
    >>> paths = viterbi(two, stay, np.array([3, 2]))
    >>> paths[0].tolist(), paths[1, :2].tolist()
    ([0, 0, 0], [1, 1])
    """
    batch, length, tags = emissions.shape
    scores = np.empty((length, batch, tags), dtype=np.float32)
    candidates = np.empty((tags, batch, tags), dtype=np.float32)
    scores[0] = emissions[:, 0]
    for t in range(1, length):
        np.add(scores[t - 1].T[:, :, None], transitions[:, None, :], out=candidates)
        np.max(candidates, axis=0, out=scores[t])
        scores[t] += emissions[:, t]
    last = np.argmax(scores[lengths - 1, np.arange(batch)], axis=1)
    into = np.ascontiguousarray(transitions.T)
    path = np.empty((batch, length), dtype=np.intp)
    path[:, -1] = last
    for t in range(length - 1, 0, -1):
        before = np.argmax(scores[t - 1] + into[path[:, t]], axis=1)
        path[:, t - 1] = np.where(lengths > t, before, last)
    return path
