"""Gold files → what each says, with the article it annotates.

Gold is one JSON file an article. The article has the same stem and stands beside its gold, or in a folder
``articles`` beside the gold's folder or the folder above that; sub-folders of a gold folder are splits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kg.errors import GoldError


@dataclass(frozen=True, slots=True)
class Gold:
    """One article's gold as its file says it, and where the article is."""

    id: str
    split: str
    article: Path
    article_date: date | None
    entities: Sequence[Mapping[str, Any]]
    relations: Sequence[Sequence[str]]
    observations: Sequence[Mapping[str, Any]]
    milestones: Sequence[Mapping[str, Any]]


def read_gold(path: Path, split: str = "") -> Gold:
    """Read one gold file and find its article.

    Raises:
        GoldError: the file is not in the gold format, or there is no article.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        day = data.get("article_date")
        return Gold(
            data["id"],
            split,
            _article_of(path),
            date.fromisoformat(day) if day else None,
            *(data.get(part, []) for part in ("entities", "relations", "observations", "milestones")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldError(f"{path} is not gold ({error!r}); write it as data/gold shows") from error


def find_gold(paths: Iterable[Path]) -> Iterator[Gold]:
    """The gold of every file and folder given; a sub-folder's name is the split.

    Raises:
        GoldError: a path does not exist or holds no gold.
    """
    for path in paths:
        files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        if not files or not path.exists():
            raise GoldError(f"there is no gold at {path}; name a JSON file or a folder of them")
        for file in files:
            below = file.relative_to(path).parts if path.is_dir() else ()
            yield read_gold(file, below[0] if len(below) > 1 else file.parent.name)


def _article_of(gold: Path) -> Path:
    for folder in (gold.parent, gold.parent.parent / "articles", gold.parent.parent.parent / "articles"):
        same_stem = sorted(p for p in folder.glob("*") if p.stem == gold.stem and p.suffix != ".json")
        if same_stem:
            return same_stem[0]
    raise GoldError(f"{gold} has no article; put {gold.stem}.txt, .md or .html beside it or into ../articles")
