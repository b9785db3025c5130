"""``lexicon/titles.yaml`` → what tells a person's name, and the titles before and after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.annotate.lexicon import read_lexicon

MAX_DATELINE_CHARS = 24
MAX_NAME_CHARS = 3  # a single surname and a given name of two; a double surname has one more


@dataclass(frozen=True)
class Titles:
    """The lexicon's lists, and the patterns made of them."""

    area: frozenset[str]
    occupation: frozenset[str]
    leaders: frozenset[str]
    mixed_leaders: frozenset[str]
    all: frozenset[str]
    surnames: frozenset[str]
    double_surnames: frozenset[str]
    not_last: frozenset[str]
    not_names: tuple[str, ...]
    said: re.Pattern[str]
    follows: re.Pattern[str]
    not_before: re.Pattern[str]
    before_name: re.Pattern[str]  # a title, and as group 2 the marks and spaces that part it from the name
    after_name: re.Pattern[str]
    degrees_end: re.Pattern[str]  # 副, 原, 常务 … up to a position
    joins: re.Pattern[str]
    byline_roles: frozenset[str]
    byline_outlets: tuple[str, ...]
    companies: frozenset[str]
    reports: re.Pattern[str]  # what stands between an outlet and who reports for it: 武汉9月2日讯（记者

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
    people = [*data["body"], *data["area"], *data["occupation"], *data["leaders"], *data["mixed_leaders"]]
    degrees = _any((*data["degrees"], *data["prefixes"]))
    return Titles(
        area=frozenset(data["area"]),
        occupation=frozenset(data["occupation"]),
        leaders=frozenset((*data["leaders"], *data["mixed_leaders"])),
        mixed_leaders=frozenset(data["mixed_leaders"]),
        all=frozenset(people),
        surnames=frozenset(data["surnames"]),
        double_surnames=frozenset(data["double_surnames"]),
        not_last=frozenset(data["not_last"]),
        not_names=tuple(data["not_names"]),
        said=re.compile(_any(data["said"])),
        follows=re.compile(_any((*data["said"], *data["follows"]))),
        not_before=re.compile(_any(data["not_before"])),
        before_name=re.compile(rf"({_any(people)})([\s:：/]*)"),
        after_name=re.compile(rf"(?:{degrees})*{_any((*data['body'], *data['area'], *data['occupation']))}"),
        degrees_end=re.compile(rf"(?:{degrees})+\Z"),
        joins=re.compile(_any(data["joins"])),
        byline_roles=frozenset(data["byline_roles"]),
        byline_outlets=tuple(data["byline_outlets"]),
        companies=frozenset(data["companies"]),
        reports=re.compile(
            rf"[^，。；！？]{{0,{MAX_DATELINE_CHARS}}}?(?:{_any(data['marks'])}|(?:讯|电|消息)[（(])[\s:：、]*"
        ),
    )


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) + ")"
