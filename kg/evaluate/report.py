"""Judged items → figures, tables, JSON, and what changed since an older report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import GoldError

if TYPE_CHECKING:
    from rich.console import Console

KINDS = (
    "entities",
    "entities by name",
    "relations",
    "observations",
    "milestones",
    "milestones without date",
)
DETAILS = ("indicator", "unit", "year", "comparator", "status")
"""What of an observation is compared once its entity and value agree."""


class Figures(NamedTuple):
    """How many of the predictions, and of the gold, are right.

    >>> f"{Figures(right=2, predicted=4, gold=2).f1:.2f}"
    '0.67'
    """

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float | None:
        """The share of the predictions that is right; None without predictions."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of the gold that is found; None without gold."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None with neither gold nor predictions."""
        total = self.predicted + self.gold
        return 2 * self.right / total if total else None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the gold or the extraction says, judged. ``label`` is its class, property or type.

    ``why`` says what went wrong, ``sentence`` where a prediction was read.
    """

    article: str
    kind: str
    text: str
    label: str
    right: bool
    why: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything judged: figures are counted from it. ``articles`` gives each article's split."""

    articles: Mapping[str, str]
    gold: tuple[Item, ...]
    predicted: tuple[Item, ...]
    details: Mapping[str, Mapping[str, bool]]

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits, in order."""
        return tuple(sorted(set(self.articles.values())))

    @property
    def misses(self) -> tuple[Item, ...]:
        """What the gold says and no prediction does."""
        return tuple(item for item in self.gold if not item.right)

    @property
    def false_claims(self) -> tuple[Item, ...]:
        """What is predicted and the gold does not say."""
        return tuple(item for item in self.predicted if not item.right)

    def figures(self, kind: str, split: str | None = None) -> Figures:
        """The figures of one of ``KINDS``, over one split or all articles."""
        gold = [item.right for item in self.gold if self._counts(item, kind, split)]
        predicted = [item for item in self.predicted if self._counts(item, kind, split)]
        return Figures(sum(gold), len(predicted), len(gold))

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

    def to_json(self) -> str:
        """Figures, misses and false claims as JSON, to be read by people and by :meth:`compare`."""
        return json.dumps(
            {
                "articles": dict(self.articles),
                "figures": {
                    name: {kind: _figures_json(self.figures(kind, split)) for kind in KINDS}
                    for name, split in self._scopes()
                },
                "by_label": {
                    kind: {label: _figures_json(f) for label, f in self.by_label(kind).items()}
                    for kind in ("entities", "relations", "milestones")
                },
                "observation_details": {detail: self.agreement(detail) for detail in DETAILS},
                "misses": [_item_json(item) for item in self.misses],
                "false_claims": [_item_json(item) for item in self.false_claims],
            },
            ensure_ascii=False,
            indent=1,
        )

    def compare(self, old_json: str) -> Comparison:
        """What changed since the report ``old_json``, over the articles both have.

        Raises:
            GoldError: ``old_json`` is not a report.
        """
        try:
            old = json.loads(old_json)
            both = self.articles.keys() & old["articles"].keys()
            old_misses, old_false = (
                {(i["article"], i["kind"], i["text"]) for i in old[name] if i["article"] in both}
                for name in ("misses", "false_claims")
            )
        except (ValueError, KeyError, TypeError) as error:
            raise GoldError(f"this is no report to compare with ({error}); give what to_json wrote") from error
        misses = {_identity(item) for item in self.misses if item.article in both}
        said = {_identity(item) for item in self.gold}
        false = {_identity(item) for item in self.false_claims if item.article in both}
        return Comparison(
            gained=tuple(sorted((old_misses - misses) & said)),
            lost=tuple(sorted(misses - old_misses)),
            no_longer_claimed=tuple(sorted(old_false - false)),
            newly_claimed=tuple(sorted(false - old_false)),
        )

    def render(self, console: Console, labels: bool = True) -> None:
        """Print the figures as tables; with ``labels`` also those of each class, property and type."""
        for name, split in self._scopes():
            articles = sum(split in (None, of) for of in self.articles.values())
            rows = {kind: self.figures(kind, split) for kind in KINDS}
            console.print(_table(f"{name} ({articles} articles)", rows))
        shares = (f"{detail} {_percent(self.agreement(detail))}" for detail in DETAILS)
        console.print(f"of the observations found agree: {', '.join(shares)}")
        if labels:
            for kind in ("entities", "relations", "milestones"):
                console.print(_table(f"{kind} by label", self.by_label(kind)))

    def _scopes(self) -> Iterator[tuple[str, str | None]]:
        if len(self.splits) > 1:
            yield from ((split, split) for split in self.splits)
        yield "all", None

    def _counts(self, item: Item, kind: str, split: str | None) -> bool:
        return item.kind == kind and split in (None, self.articles[item.article])


class Comparison(NamedTuple):
    """Two reports apart; each item is (article, kind, text)."""

    gained: tuple[tuple[str, str, str], ...]
    lost: tuple[tuple[str, str, str], ...]
    no_longer_claimed: tuple[tuple[str, str, str], ...]
    newly_claimed: tuple[tuple[str, str, str], ...]

    def render(self, console: Console) -> None:
        """Print what was gained and what was lost."""
        for name in self._fields:
            items = getattr(self, name)
            console.print(f"[bold]{name.replace('_', ' ')}[/bold]: {len(items)}")
            for item in items:
                console.print("  ", *item, sep="  ", markup=False)


def _identity(item: Item) -> tuple[str, str, str]:
    return item.article, item.kind, item.text


def _item_json(item: Item) -> dict[str, str]:
    said = {name: getattr(item, name) for name in ("article", "kind", "label", "text", "why", "sentence")}
    return {name: value for name, value in said.items() if value}


def _figures_json(figures: Figures) -> dict[str, float | None]:
    shares = {"precision": figures.precision, "recall": figures.recall, "f1": figures.f1}
    return {**figures._asdict(), **shares}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _table(title: str, rows: Mapping[str, Figures]) -> Any:
    from rich.table import Table

    table = Table("", *("precision", "recall", "F1", "right", "predicted", "gold"), title=title)
    for name, f in rows.items():
        table.add_row(name, *map(_percent, (f.precision, f.recall, f.f1)), *map(str, f))
    return table
