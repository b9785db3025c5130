"""The model of facts, from torch into the ONNX networks that ``kg.annotate.learned.facts`` runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from kg.annotate.lac import STATE_WIDTH
from kg.annotate.learned.facts import FactLimits
from kg.annotate.learned.questions import ROW, Vocabulary
from kg.learn.fact_model import FactModel, Inputs

_CHARACTERS, _ROWS = "characters", "rows"


class _Text(nn.Module):
    """What several models make of the text, side by side."""

    def __init__(self, models: Sequence[FactModel]) -> None:
        super().__init__()
        self.models = nn.ModuleList(models)

    def forward(self, states: Tensor, tags: Tensor, named: Tensor, marked: Tensor, cues: Tensor) -> Tensor:
        inputs = Inputs(states, tags, named, marked, cues)
        return torch.cat([model.encode(inputs) for model in self.models], dim=-1)  # type: ignore[operator]


class _Scores(nn.Module):
    """The mean of the models' scores for one kind of question."""

    def __init__(self, models: Sequence[FactModel], asks: Callable[..., Tensor]) -> None:
        super().__init__()
        self.models = nn.ModuleList(models)
        self.asks = asks

    def forward(self, parts: Tensor, *rest: Tensor) -> Tensor:
        of_each = parts.chunk(len(self.models), dim=-1)
        return torch.stack([self.asks(m, p, *rest) for m, p in zip(self.models, of_each, strict=True)]).mean(0)


def save(models: Sequence[FactModel], vocabulary: Vocabulary, limits: FactLimits, folder: Path) -> None:
    """Write the networks into ``folder``; the first of them says the vocabulary and the limits."""
    folder.mkdir(parents=True, exist_ok=True)
    characters, rows = 90, 5
    states, cues = torch.zeros(characters, STATE_WIDTH), torch.zeros(characters, vocabulary.cue_count)
    numbers = [torch.zeros(characters, dtype=torch.long) for _ in range(3)]
    text = _Text(models).eval()
    _export(text, (states, *numbers, cues), ("states", "tags", "named", "marked", "cues"), folder / "text.onnx")
    with torch.no_grad():
        parts: Tensor = text(states, *numbers, cues)
    row = torch.zeros(rows, len(ROW), dtype=torch.long)
    row[:, :6] = torch.tensor([10, 14, 60, 65, 14, 60])
    classes = torch.zeros(rows, 2, dtype=torch.long)
    types, properties = len(vocabulary.types), len(vocabulary.properties)
    names = ("parts", "cues", "rows", "classes", "said")
    for name, asks, width in (
        ("relations", FactModel.related, 2 * properties),
        ("owners", FactModel.owns, 1),
        ("happenings", FactModel.happened, types),
    ):
        given = [parts, cues, row, classes, torch.zeros(rows, width)]
        more = ("plans",) if name == "happenings" else ()
        given += [torch.zeros(rows, 2) for _ in more]
        _export(_Scores(models, asks).eval(), tuple(given), (*names, *more), folder / f"{name}.onnx")
    written = onnx.load(str(folder / "text.onnx"))
    about = {
        "vocabulary": vocabulary.written(),
        "limits": {name: getattr(limits, name) for name in FactLimits.__slots__},
    }
    onnx.helper.set_model_props(written, {"zonekg": json.dumps(about, ensure_ascii=False)})
    onnx.save(written, str(folder / "text.onnx"))


def _export(module: nn.Module, given: tuple[Tensor, ...], names: Sequence[str], path: Path) -> None:
    of_text = {"states", "tags", "named", "marked", "cues", "parts"}
    axes = {name: {0: _CHARACTERS if name in of_text else _ROWS} for name in names}
    torch.onnx.export(
        module,
        given,
        str(path),
        input_names=list(names),
        output_names=["answer"],
        dynamic_axes={**axes, "answer": {0: _CHARACTERS if path.stem == "text" else _ROWS}},
        opset_version=17,
        dynamo=False,
    )
