"""Names that rules find in, names out: those the model is sure of added, those it knows for none taken away.

The model reads of each character what the lexical model knows of it, and in which name of the rules it stands
(stacking: Wolpert 1992, https://doi.org/10.1016/S0893-6080(05)80023-1); it says for each tag of the BIO scheme
(Ramshaw and Marcus 1995, https://aclanthology.org/W95-0107/) how likely it is. ``python -m kg.learn`` trains it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kg.annotate.learned.states import states_of
from kg.annotate.times import find_times
from kg.annotate.view import View
from kg.annotate.viterbi import viterbi
from kg.model import Mention, TextSpan

OUTSIDE = 0  # the first tag
_NAME_TAGS = frozenset({"ORG", "LOC", "PER", "nz", "nr", "ns", "nt"})
_QUOTES = "“”‘’「」"
_PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("（", "）"), ("(", ")"), ("「", "」"), ("『", "』"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How likely a name must be: to be added, to take the place of one of the rules' names, of several (``merge``).

    ``drop`` is how likely it must be that a rule's name is none, for it to go.
    """

    add: float
    drop: float
    replace: float
    merge: float


class _Scored(NamedTuple):
    mention: Mention
    probability: float


def tags_of(labels: Iterable[str]) -> list[str]:
    """The tags of these classes: ``O``, and of each class how a name begins and goes on.

    >>> tags_of(["Road"])
    ['O', 'B-Road', 'I-Road']
    """
    return ["O", *(f"{position}-{label}" for label in labels for position in "BI")]


def tag_ids(length: int, mentions: Iterable[Mention], tags: Sequence[str]) -> NDArray[np.int64]:
    """The tag of each character; of classes without one, as outside."""
    ids = np.full(length, OUTSIDE, dtype=np.int64)
    number = {tag: i for i, tag in enumerate(tags)}
    for mention in mentions:
        if f"B-{mention.label_}" in number:
            ids[slice(*mention.span)] = number[f"I-{mention.label_}"]
            ids[mention.span.start] = number[f"B-{mention.label_}"]
    return ids


class Tagger:
    """The model in memory. :meth:`shipped` keeps one a process."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        about: dict[str, Any] = json.loads(self._session.get_modelmeta().custom_metadata_map["zonekg"])
        self.tags: list[str] = about["tags"]
        self.limits = Limits(**about["limits"])

    @staticmethod
    @cache
    def shipped() -> Tagger:
        """The model that comes with the package."""
        with as_file(files("kg.annotate.learned") / "weights" / "tagger.onnx") as model:
            return Tagger(model)

    def probabilities(self, text: str, mentions: Iterable[Mention]) -> NDArray[np.float32]:
        """``[len(text), len(tags)]``: how likely each tag is of each character, given the names of the rules."""
        given = tag_ids(len(text), mentions, self.tags)
        answers: list[Any] = self._session.run(None, {"states": states_of(text), "given": given})
        probabilities: NDArray[np.float32] = answers[0]
        return probabilities

    def revise(self, view: View, mentions: Sequence[Mention], damage: Iterable[TextSpan] = ()) -> list[Mention]:
        """The names that stand, in order and free of overlaps; what is new has the rule ``learned``."""
        if not view.text:
            return list(mentions)
        likely = self.probabilities(view.text, mentions)
        found = found_names(view.text, view.sentences, likely, self.tags)
        lost = tuple(damage)
        sound = [
            mention
            for mention in found
            if not any(mention.span.overlaps(span) for span in lost)
            and not _cuts_a_word(view, mention.span)
            and not _is_a_time(mention.text, view.published)
        ]
        return revised(mentions, sound, likely, self.tags, self.limits)


def _cuts_a_word(view: View, span: TextSpan) -> bool:
    """Whether a name begins or ends inside a word that is itself no name: 数字经|济."""
    words = {view.word_at(span.start), view.word_at(span.end - 1)}
    return any(word and word.tag not in _NAME_TAGS and not span.contains(word.span) for word in words)


def _is_a_time(name: str, published: date | None) -> bool:
    """Whether a name is a time from end to end, as the 2021年 of 2021年…大会 is."""
    return any(len(name) == time.span.end - time.span.start for time in find_times(name, published))


def found_names(
    text: str, sentences: Iterable[TextSpan], likely: NDArray[np.float32], tags: Sequence[str]
) -> list[Mention]:
    """The names of the likeliest tags, in order."""
    follows = _allowed(tuple(tags))
    found: list[Mention] = []
    for sentence in sentences:
        scores = np.log(likely[slice(*sentence)] + 1e-9)
        scores[0] += follows[OUTSIDE]
        path = viterbi(scores[None], follows, np.array([len(scores)]))[0]
        for start, end, label in _names([tags[tag] for tag in path]):
            span = TextSpan(sentence.start + start, sentence.start + end)
            if _is_whole(span.of(text)):
                found.append(Mention(span, span.of(text), label, "learned"))
    return found


def revised(
    mentions: Sequence[Mention],
    found: Sequence[Mention],
    likely: NDArray[np.float32],
    tags: Sequence[str],
    limits: Limits,
) -> list[Mention]:
    """The names of the rules and those the model found, where the limits say so."""
    number = {tag: i for i, tag in enumerate(tags)}

    def scored(mention: Mention) -> _Scored:
        return _Scored(mention, _probability(likely, mention, number))

    standing = [
        scored(mention)
        for mention in mentions
        if f"B-{mention.label_}" not in number or _outside(likely, mention) <= limits.drop
    ]
    for new in map(scored, found):
        rivals = [old for old in standing if old.mention.span.overlaps(new.mention.span)]
        if not rivals and new.probability >= limits.add:
            standing.append(new)
        elif (
            rivals
            and new.probability >= (limits.replace if len(rivals) == 1 else limits.merge)
            and new.probability > max(rival.probability for rival in rivals)
            and not any(_is_same(rival.mention, new.mention) for rival in rivals)
        ):
            same_span = next((r.mention for r in rivals if r.mention.span == new.mention.span), None)
            mention = replace(same_span, label_=new.mention.label_) if same_span else new.mention
            standing = [old for old in standing if old not in rivals]
            standing.append(_Scored(mention, new.probability))
    return sorted((s.mention for s in standing), key=lambda mention: mention.span)


def _is_same(one: Mention, other: Mention) -> bool:
    """Whether two are one name, quoted or not."""
    return one.label_ == other.label_ and one.text.strip(_QUOTES) == other.text.strip(_QUOTES)


def _is_whole(name: str) -> bool:
    """Whether every quote and bracket of a name has its other half in it."""
    return "\n" not in name and all(name.count(opens) == name.count(closes) for opens, closes in _PAIRS)


def _outside(likely: NDArray[np.float32], mention: Mention) -> float:
    """How likely a stretch is no name: the geometric mean over its characters."""
    return float(np.exp(np.log(likely[slice(*mention.span), OUTSIDE] + 1e-9).mean()))


def _probability(likely: NDArray[np.float32], mention: Mention, number: dict[str, int]) -> float:
    """How likely a name is: the geometric mean over its characters. 1 for a class the model does not know."""
    begins, goes_on = number.get(f"B-{mention.label_}"), number.get(f"I-{mention.label_}")
    if begins is None or goes_on is None:
        return 1.0
    start, end = mention.span
    probabilities = np.append(likely[start, begins], likely[start + 1 : end, goes_on])
    return float(np.exp(np.log(probabilities + 1e-9).mean()))


@cache
def _allowed(tags: tuple[str, ...]) -> NDArray[np.float32]:
    """``[tags, tags]``: 0 where the second may follow the first, else a great penalty."""
    follows = np.zeros((len(tags), len(tags)), dtype=np.float32)
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            follows[[i for i, before in enumerate(tags) if before[2:] != tag[2:]], j] = -1e4
    return follows


def _names(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Start, end and class of each name of a sequence of tags."""
    start: int | None = None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            yield start, i, tags[start][2:]
            start = None
        if tag.startswith("B-"):
            start = i
