"""A report and an older one → what the change between them gained and lost: figures, and the single items."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kg.errors import GoldError
from kg.evaluate.items import KINDS, Figures, Item
from kg.evaluate.report import Report

Said = tuple[str, str, str]
"""An item by what it is: article, kind, text."""


class Comparison(NamedTuple):
    """Two reports apart, over the ``articles`` that both have.

    ``gained`` and ``lost`` are of the gold, ``no_longer_claimed`` and ``newly_claimed`` of what is predicted and false.
    """

    articles: int
    before: Mapping[str, Figures]
    now: Mapping[str, Figures]
    gained: tuple[Said, ...]
    lost: tuple[Said, ...]
    no_longer_claimed: tuple[Said, ...]
    newly_claimed: tuple[Said, ...]

    def of_kind(self, kind: str) -> dict[str, list[Said]]:
        """The items of one of ``KINDS``, by the field they are in."""
        fields = ("gained", "lost", "no_longer_claimed", "newly_claimed")
        return {name: [item for item in getattr(self, name) if item[1] == kind] for name in fields}

    def as_json(self) -> dict[str, Any]:
        """Figures before and now, and the items, by kind."""
        return {
            "articles": self.articles,
            **{
                kind: {
                    "before": self.before[kind]._asdict() | {"f1": self.before[kind].f1},
                    "now": self.now[kind]._asdict() | {"f1": self.now[kind].f1},
                    **{
                        name: [{"article": article, "text": text} for article, _, text in items]
                        for name, items in self.of_kind(kind).items()
                    },
                }
                for kind in KINDS
            },
        }


def compare(report: Report, old_json: str) -> Comparison:
    """What changed since the report ``old_json``, over the articles both have.

    Raises:
        GoldError: ``old_json`` is not a report.
    """
    try:
        old = json.loads(old_json)
        both = report.articles.keys() & old["articles"].keys()
        was_found, was_missed, was_false = (
            Counter((i["article"], i["kind"], i["text"]) for i in old[name] if i["article"] in both)
            for name in ("found", "misses", "false_claims")
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldError(f"this is no report to compare with ({error!r}); give what kg evaluate --json wrote") from error
    found = _counted(report.gold, both, right=True)
    missed = _counted(report.gold, both, right=False)
    false = _counted(report.predicted, both, right=False)
    return Comparison(
        len(both),
        _figures(was_found, was_missed, was_false),
        _figures(found, missed, false),
        gained=_sorted((was_missed - missed) & found),
        lost=_sorted((missed - was_missed) & was_found),
        no_longer_claimed=_sorted(was_false - false),
        newly_claimed=_sorted(false - was_false),
    )


def _counted(items: Iterable[Item], articles: Iterable[str], *, right: bool) -> Counter[Said]:
    return Counter((i.article, i.kind, i.text) for i in items if i.right is right and i.article in articles)


def _figures(found: Counter[Said], missed: Counter[Said], false: Counter[Said]) -> dict[str, Figures]:
    """Figures by kind; each item found answers to one prediction that is right."""
    counts = [_by_kind(items) for items in (found, missed, false)]
    return {
        kind: Figures(right, right + wrong, right + lacking)
        for kind in KINDS
        for right, lacking, wrong in [[count[kind] for count in counts]]
    }


def _by_kind(items: Counter[Said]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (_, kind, _), count in items.items():
        counts[kind] += count
    return counts


def _sorted(items: Counter[Said]) -> tuple[Said, ...]:
    return tuple(sorted(items.elements()))
