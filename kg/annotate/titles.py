"""``lexicon/titles.yaml`` → what tells a person's name, and the titles before and after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.annotate.lexicon import read_lexicon

MAX_NAME_CHARS = 3  # a single surname and a given name of two; a double surname has one more


@dataclass(frozen=True)
class Titles:
    """The lexicon's lists, and the patterns made of them. ``*_end`` patterns match up to a position."""

    body: frozenset[str]
    area: frozenset[str]
    leaders: frozenset[str]
    marks: frozenset[str]
    surnames: frozenset[str]
    double_surnames: frozenset[str]
    not_last: frozenset[str]
    not_names: tuple[str, ...]
    said: re.Pattern[str]
    follows: re.Pattern[str]
    not_before: re.Pattern[str]
    any_title: re.Pattern[str]  # with the marks or spaces that part it from the name
    after: re.Pattern[str]  # a title right behind a name
    title_end: re.Pattern[str]
    joins: re.Pattern[str]

    def is_name(self, name: str) -> bool:
        """Whether ``name`` is formed as a Chinese person's full name.

        >>> titles = read_titles(Path("ontology/lexicon"))
        >>> [name for name in ("程素", "欧阳志远", "岚泉", "王女士") if titles.is_name(name)]
        ['程素', '欧阳志远']
        """
        if not all("\u4e00" <= c <= "\u9fff" for c in name) or name.endswith(self.not_names):
            return False
        if name[:2] in self.double_surnames and len(name) in (3, 4):
            return True
        return name[:1] in self.surnames and 2 <= len(name) <= MAX_NAME_CHARS


@cache
def read_titles(folder: Path) -> Titles:
    """The titles of a lexicon folder.

    Raises:
        OntologyError: the file is missing or not YAML.
    """
    data = read_lexicon(folder, "titles")
    people = [*data["body"], *data["area"], *data["occupation"], *data["leaders"]]
    before = _any((*data["degrees"], *data["prefixes"]))
    return Titles(
        *(frozenset(data[key]) for key in ("body", "area", "leaders", "marks")),
        frozenset(data["surnames"]),
        frozenset(data["double_surnames"]),
        frozenset(data["not_last"]),
        tuple(data["not_names"]),
        re.compile(_any(data["said"])),
        re.compile(_any((*data["said"], *data["follows"]))),
        re.compile(_any(data["not_before"])),
        re.compile(rf"({_any(people)})([\s:：/]*)"),
        re.compile(_any((*data["body"], *data["occupation"]))),
        re.compile(rf"((?:{before})*)({_any(people)})\Z"),
        re.compile(_any(data["joins"])),
    )


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) + ")"
