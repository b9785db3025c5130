"""How Chinese says each property: the rows of ``lexicon/relations.yaml``, compiled.

A phrasing is one of two kinds. A row with ``verbs`` names words and the :mod:`~kg.annotate.frames` they take. A row
with ``say`` is a pattern over the sentence with each placed entity shrunk to one character: ``{s}`` and ``{o}`` are
a name or a coordinated list, ``{o:Company}`` one of that class, ``~`` a gap of at most 14 characters inside the
clause, ``~~`` one of at most 40 inside the sentence; without ``{s}`` the subject is who the clause is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.frames import LIST
from kg.annotate.lexicon import read_lexicon

FRAMES = ("active", "attributive")
NOT_PROPERTIES = frozenset({"plan", "negation"})


@dataclass(frozen=True)
class Phrasing:
    """One way Chinese says a property. ``frames`` is empty where ``pattern`` says it all."""

    property: str
    rule: str
    pattern: re.Pattern[str]
    frames: tuple[str, ...]
    subject: tuple[str, ...]
    object: tuple[str, ...]
    not_subject: tuple[str, ...]
    not_object: tuple[str, ...]
    confidence: float
    inverse: bool
    single: bool
    always: bool
    main: tuple[str, ...]  # the object is what of these classes the article is about
    topic: bool  # who acts is who the sentence begins with
    not_after: str  # characters that make the verb another word
    then: re.Pattern[str] | None  # verbs that may follow one of ``verbs``: 投资2亿元|建设
    not_before: re.Pattern[str] | None  # what behind the object says another property


@cache
def phrasings(folder: Path) -> tuple[Phrasing, ...]:
    """The phrasings of a lexicon folder in its order, but agreements first: they say who 双方 are."""
    data: dict[str, list[dict[str, Any]]] = read_lexicon(folder, "relations")
    found = [_compile(name, row) for name, rows in data.items() if name not in NOT_PROPERTIES for row in rows]
    return tuple(sorted(found, key=lambda phrasing: "mutual" not in phrasing.frames))


def _compile(name: str, row: dict[str, Any]) -> Phrasing:
    classes: dict[str, list[str]] = {key: _as_list(row.get(key)) for key in ("s", "o", "not_subject", "not_object")}

    def slot(match: re.Match[str]) -> str:
        if match[2]:
            classes[match[1]] = [match[2]]
        return f"(?P<{match[1]}>{LIST})"

    if "verbs" in row:
        pattern = "|".join(sorted(row["verbs"], key=len, reverse=True))
        rule, frames = row["verbs"][0], tuple(row.get("frames", FRAMES))
    else:
        pattern = row["say"].replace("~~", "[^。；;！？\n]{0,40}?")
        pattern = pattern.replace("~", "[^，,。；;：:！？\n\ue000-\uf8ff]{0,14}?")
        pattern = re.sub(r"\{([so])(?::(\w+))?\}", slot, pattern)
        rule, frames = row["say"], ()
    return Phrasing(
        property=name,
        rule=rule,
        pattern=re.compile(pattern),
        frames=frames,
        subject=tuple(classes["s"]),
        object=tuple(classes["o"]),
        not_subject=tuple(classes["not_subject"]),
        not_object=tuple(classes["not_object"]),
        confidence=float(row.get("confidence", 0.8)),
        inverse=bool(row.get("inverse", False)),
        single=bool(row.get("single", False)),
        always=bool(row.get("always", False)),
        main=tuple(_as_list(row.get("main"))),
        topic=bool(row.get("topic", False)),
        not_after=row.get("not_after", ""),
        then=re.compile("|".join(sorted(row["then"], key=len, reverse=True))) if "then" in row else None,
        not_before=re.compile(row["not_before"]) if "not_before" in row else None,
    )


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
