"""Examples in, the tagger out, as an ONNX model whose metadata say its tags and limits.

The architecture is a BiLSTM over the frozen states of the lexical model and an embedding of the rules' tags
(Huang et al. 2015, https://arxiv.org/abs/1508.01991, without the CRF: the decoder forbids what may not follow).
Several models of different seeds are trained, and their probabilities averaged.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 # its usual name

from kg.annotate.lac import STATE_WIDTH
from kg.annotate.learned.tagger import Limits
from kg.learn.descent import descend
from kg.learn.examples import Example

TAG_WIDTH, INPUT_WIDTH, LSTM_WIDTH = 48, 256, 160
DROPOUT = 0.4
LEARNING_RATE, WEIGHT_DECAY = 2e-3, 0.01
WARM_UP_STEPS = 100
LABEL_SMOOTHING = 0.05


class TaggerModel(nn.Module):
    """States ``[length, STATE_WIDTH]`` and the rules' tags ``[length]`` in, a score for each tag out."""

    def __init__(self, tag_count: int) -> None:
        super().__init__()
        self.given = nn.Embedding(tag_count, TAG_WIDTH)
        self.input = nn.Linear(STATE_WIDTH + TAG_WIDTH, INPUT_WIDTH)
        self.lstm = nn.LSTM(INPUT_WIDTH, LSTM_WIDTH, bidirectional=True, batch_first=True)
        self.output = nn.Linear(2 * LSTM_WIDTH, tag_count)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, given: Tensor) -> Tensor:
        """``[length, tags]``: the scores before the softmax."""
        seen = torch.cat([self.dropout(states), self.dropout(self.given(given))], dim=-1)
        hidden, _ = self.lstm(self.dropout(F.gelu(self.input(seen)))[None])
        scores: Tensor = self.output(self.dropout(hidden[0]))
        return scores


class Together(nn.Module):
    """Several models as one: the mean of their probabilities."""

    def __init__(self, models: Sequence[nn.Module]) -> None:
        super().__init__()
        self.models = nn.ModuleList(models)

    def forward(self, states: Tensor, given: Tensor) -> Tensor:
        """``[length, tags]``: probabilities."""
        return torch.stack([model(states, given).softmax(-1) for model in self.models]).mean(0)


def train(
    examples: Sequence[Example], tag_count: int, epochs: int, seed: int, on_epoch: Callable[[], None]
) -> TaggerModel:
    """A model trained on the examples, one article a step, the learning rate falling to nothing."""
    torch.manual_seed(seed)
    model = TaggerModel(tag_count)

    def loss_of(example: Example) -> Tensor:
        scores = model(torch.from_numpy(example.states), torch.from_numpy(example.given))
        body = torch.from_numpy(example.body)
        return F.cross_entropy(scores[body], torch.from_numpy(example.wanted)[body], label_smoothing=LABEL_SMOOTHING)

    return descend(
        model,
        examples,
        loss_of,
        random.Random(seed).shuffle,
        on_epoch,
        epochs=epochs,
        rate=LEARNING_RATE,
        decay=WEIGHT_DECAY,
        warm_up_steps=WARM_UP_STEPS,
    )


def probabilities(model: nn.Module, example: Example) -> NDArray[np.float32]:
    """``[length, tags]`` of one article."""
    with torch.no_grad():
        answer: NDArray[np.float32] = model(torch.from_numpy(example.states), torch.from_numpy(example.given)).numpy()
    return answer


def save(model: nn.Module, tags: Sequence[str], limits: Limits, path: Path) -> None:
    """Write the model in ONNX to ``path``."""
    states, given = torch.zeros(7, STATE_WIDTH), torch.zeros(7, dtype=torch.long)
    torch.onnx.export(
        model,
        (states, given),
        str(path),
        input_names=["states", "given"],
        output_names=["probabilities"],
        dynamic_axes={"states": {0: "length"}, "given": {0: "length"}, "probabilities": {0: "length"}},
        opset_version=17,
        dynamo=False,
    )
    stored = onnx.load(str(path))
    about = {"tags": list(tags), "limits": {name: getattr(limits, name) for name in Limits.__slots__}}
    onnx.helper.set_model_props(stored, {"zonekg": json.dumps(about, ensure_ascii=False)})
    onnx.save(stored, str(path))
