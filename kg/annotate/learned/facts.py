"""Questions in, how likely each answer is out: the model of facts at work. ``python -m kg.learn`` trains it.

Three networks read what a first one makes of the text, each for its kind of question. They know the vocabulary they
were trained with, so that a row added to the lexicon later changes nothing of what they see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kg.annotate.learned.questions import Asked, Questions, Vocabulary
from kg.ontology import Ontology

PARTS = ("text", "relations", "owners", "happenings")
MAX_ROWS = 1024
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FactLimits:
    """How likely an answer must be, for a fact that the rules do not have to be added.

    ``change_owner`` is how likely another owner must be, to take the place of the one the rules found, and
    ``keep_owner`` how likely that one, for the figure to stay. ``change_date`` is how likely something must be to have
    happened at another date, to be dated so. ``trust`` is how many facts so found are right, of each that is as likely
    as certain: names are wrong at times, which the model takes as given.
    """

    add_relation: float
    add_owner: float
    change_owner: float
    keep_owner: float
    add_happening: float
    change_date: float
    trust: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """How likely it is: that a property holds of a pair, that a thing owns a figure, that something happened to it.

    ``related`` is ``[pairs, properties]``, ``owns`` ``[owned]``, ``happened`` ``[happened, types]``, as the questions;
    ``related_at`` and ``happened_at`` are the scores of their rows, which say where it is told.
    """

    related: Floats
    owns: Floats
    happened: Floats
    related_at: Floats
    happened_at: Floats


class FactModel:
    """The model in memory. :meth:`shipped` keeps one a process."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._sessions = {
            part: onnxruntime.InferenceSession(
                str(folder / f"{part}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for part in PARTS
        }
        about: dict[str, Any] = json.loads(self._sessions["text"].get_modelmeta().custom_metadata_map["zonekg"])
        self.about = about
        self.limits = FactLimits(**about["limits"])

    @staticmethod
    @cache
    def shipped() -> FactModel:
        """The model that comes with the package."""
        with as_file(files("kg.annotate.learned") / "weights" / "facts") as folder:
            return FactModel(folder)

    def vocabulary(self, ontology: Ontology) -> Vocabulary:
        """What the model was trained with; of what an ontology allows, only that holds."""
        return Vocabulary.read(self.about["vocabulary"], ontology)

    def answer(self, states: Floats, questions: Questions) -> Answers:
        """How likely each answer is. ``states`` are those of the article's text."""
        inputs = {
            "states": states,
            "tags": questions.tags,
            "named": questions.named,
            "marked": questions.marked,
            "cues": questions.cues,
        }
        seen = {"parts": self._run("text", inputs), "cues": questions.cues}
        return answers_of(
            questions,
            self._scores("relations", seen, questions.relations),
            self._scores("owners", seen, questions.owners),
            self._scores("happenings", seen, questions.happenings, plans=questions.plans),
        )

    def _run(self, part: str, inputs: Mapping[str, Any]) -> Floats:
        answers: list[Any] = self._sessions[part].run(None, dict(inputs))
        scores: Floats = answers[0]
        return scores

    def _scores(self, part: str, seen: Mapping[str, Any], asked: Asked, **more: Any) -> Floats:
        said = asked.said[asked.question]
        found = [
            self._run(
                part,
                {
                    **seen,
                    "rows": asked.rows[start : start + MAX_ROWS],
                    "classes": asked.classes[start : start + MAX_ROWS],
                    "said": said[start : start + MAX_ROWS],
                    **{name: values[start : start + MAX_ROWS] for name, values in more.items()},
                },
            )
            for start in range(0, len(asked.rows), MAX_ROWS)
        ]
        return np.concatenate(found) if found else np.zeros((0, 1), dtype=np.float32)


def answers_of(questions: Questions, related: Floats, owns: Floats, happened: Floats) -> Answers:
    """Scores of rows into how likely each answer is: of the rows of a question the surest counts.

    A figure has one owner or none; that it has none has the score 0.
    """
    figures = np.array([figure for figure, _ in questions.owned], dtype=np.int64)
    likely = np.zeros(len(figures), dtype=np.float32)
    for figure in np.unique(figures):
        rows = figures == figure
        scores = np.append(owns[rows, 0], 0.0)
        raised = np.exp(scores - scores.max())
        likely[rows] = raised[:-1] / raised.sum()
    return Answers(
        _sigmoid(_surest(related, questions.relations.question, len(questions.pairs))),
        likely,
        _sigmoid(_surest(happened, questions.happenings.question, len(questions.happened))),
        related,
        happened,
    )


def _surest(scores: Floats, question: NDArray[np.int64], count: int) -> Floats:
    highest = np.full((count, scores.shape[1]), -30.0, dtype=np.float32)
    np.maximum.at(highest, question, scores)
    return highest


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)
