"""Judged items → figures over all, by class, property, type and noise; as JSON for people and for comparing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kg.evaluate.items import DETAILS, KINDS, STRICT, Figures, Item, counted
from kg.evaluate.reliability import Reliability, reliability

LABELLED = {"class": "entities", "property": "relations", "type": "milestones"}
"""What a label is called, and the kind of item that has it."""

BY = (*LABELLED, "noise")
"""What figures may be told apart by."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything judged: figures are counted from it.

    ``articles`` gives each article's split, ``noise`` how it came to be read (``clean``, ``traditional`` or
    ``damaged``).
    """

    articles: Mapping[str, str]
    noise: Mapping[str, str]
    gold: tuple[Item, ...]
    predicted: tuple[Item, ...]
    details: Mapping[str, Mapping[str, bool]]

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits, in order."""
        return tuple(sorted(set(self.articles.values())))

    @property
    def noises(self) -> tuple[str, ...]:
        """The kinds of noise that the articles have, in order."""
        return tuple(sorted(set(self.noise.values())))

    @property
    def misses(self) -> tuple[Item, ...]:
        """What the gold says and no prediction does."""
        return tuple(item for item in self.gold if not item.right)

    @property
    def false_claims(self) -> tuple[Item, ...]:
        """What is predicted and the gold does not say."""
        return tuple(item for item in self.predicted if not item.right)

    def figures(self, kind: str, split: str | None = None, noise: str | None = None) -> Figures:
        """The figures of one of ``KINDS``, over the articles of one split, of one noise, or all."""
        return counted(
            (item for item in self.gold if self._counts(item, kind, split, noise)),
            (item for item in self.predicted if self._counts(item, kind, split, noise)),
        )

    def by_label(self, kind: str, split: str | None = None) -> dict[str, Figures]:
        """The figures of each class, property or type; a wrong class counts against both classes."""
        gold = [item for item in self.gold if self._counts(item, kind, split)]
        right = Counter(item.label for item in gold if item.right)
        predicted = Counter(item.label for item in self.predicted if self._counts(item, kind, split))
        in_gold = Counter(item.label for item in gold)
        labels = sorted(in_gold | predicted, key=lambda label: (-in_gold[label], label))
        return {label: Figures(right[label], predicted[label], in_gold[label]) for label in labels}

    def agreement(self, detail: str) -> float | None:
        """Of the observations found, the share in which ``detail`` (one of ``DETAILS``) agrees too."""
        found = [details[detail] for details in self.details.values()]
        return sum(found) / len(found) if found else None

    def reliability(self, kind: str | None = None) -> Reliability:
        """How right the statements of one kind, or all of them, are at the confidence they state."""
        return reliability(item for item in self.predicted if item.kind in ((kind,) if kind else STRICT))

    def as_json(self) -> dict[str, Any]:
        """Figures, and every item found, missed and falsely claimed, to be read by people and to compare with."""
        return {
            "articles": dict(self.articles),
            "noise": dict(self.noise),
            "figures": {
                name: {kind: _figures_json(self.figures(kind, split)) for kind in KINDS}
                for name, split in self.scopes()
            },
            "by_label": {
                kind: {label: _figures_json(f) for label, f in self.by_label(kind).items()}
                for kind in LABELLED.values()
            },
            "by_noise": {
                noise: {kind: _figures_json(self.figures(kind, noise=noise)) for kind in KINDS} for noise in self.noises
            },
            "observation_details": {detail: self.agreement(detail) for detail in DETAILS},
            "reliability": {
                name: {"expected_calibration_error": found.error, "bins": [asdict(each) for each in found.bins]}
                for name, found in self.reliabilities().items()
            },
            "found": [_item_json(item) for item in self.gold if item.right],
            "misses": [_item_json(item) for item in self.misses],
            "false_claims": [_item_json(item) for item in self.false_claims],
        }

    def reliabilities(self) -> dict[str, Reliability]:
        """That of all statements, and of each kind of them."""
        return {"all": self.reliability(), **{kind: self.reliability(kind) for kind in STRICT[1:]}}

    def scopes(self) -> Iterator[tuple[str, str | None]]:
        """What figures are over, by name: each split, where there are several, and all."""
        if len(self.splits) > 1:
            yield from ((split, split) for split in self.splits)
        yield "all", None

    def _counts(self, item: Item, kind: str, split: str | None, noise: str | None = None) -> bool:
        in_split = split in (None, self.articles[item.article])
        return item.kind == kind and in_split and (noise is None or noise == self.noise[item.article])


def _item_json(item: Item) -> dict[str, str | float]:
    said = {name: getattr(item, name) for name in ("article", "kind", "label", "text", "why", "sentence", "confidence")}
    return {name: value for name, value in said.items() if value not in ("", None)}


def _figures_json(figures: Figures) -> dict[str, float | None]:
    shares = {"precision": figures.precision, "recall": figures.recall, "f1": figures.f1}
    return {**figures._asdict(), **shares}
