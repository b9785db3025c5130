"""A text in, what the lexical model knows of each of its characters out: the input of what is learned."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.annotate.lac import STATE_WIDTH, lac_model
from kg.annotate.lexer import batches_of, pieces_of


@lru_cache(maxsize=1)  # one article at a time is read by each model in turn
def states_of(text: str) -> NDArray[np.float32]:
    """``[len(text), STATE_WIDTH]``: of each character the model's states; zeros for whitespace between sentences. Read-only.

    >>> states_of("福州市。").shape
    (4, 640)
    """
    states = np.zeros((len(text), STATE_WIDTH), dtype=np.float32)
    where: dict[str, list[int]] = {}
    position = 0
    for piece in pieces_of(text):
        if not piece.isspace():
            where.setdefault(piece, []).append(position)
        position += len(piece)
    model = lac_model()
    for batch in batches_of(where, pads=model.pads):
        for piece, found in zip(batch, model.states(batch), strict=True):
            for start in where[piece]:
                states[start : start + len(piece)] = found
    states.flags.writeable = False
    return states
