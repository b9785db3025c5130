"""What a name is made of, for comparing names of two articles: 江苏省云澜市|高新技术产业开发区.

Knowledge is that of ``identity``, ``heads`` and ``terms`` of a lexicon folder, of the gazetteer, and of the areas
that the articles name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from kg.annotate.gazetteer import gazetteer
from kg.annotate.identity import plain
from kg.annotate.lexicon import read_lexicon
from kg.annotate.names import HeadLexicon
from kg.graph.terms import simplify
from kg.ontology import Ontology

_LONGEST_AREA = 8
_LONG_HEAD = 4  # characters: heads so long are clipped also inside a name
_TELLING = 2
"""How many characters must be left of a name without its common words, for it to tell which thing it is."""
_JOINED = re.compile(r"[—–－-]")
_CONCEPTS = frozenset({"Industry", "Technology"})


class Form(NamedTuple):
    """A name in parts: the areas it opens with, without and with their suffix, what follows, and how that is cut.

    ``kind`` says what kind of company it is (集团, 分公司), or the rank of an area, whose own name is the core;
    ``whole`` whether the name says so at all.
    """

    areas: tuple[tuple[str, str], ...]
    core: str
    kind: str = ""
    whole: bool = False


class Names:
    """Takes names apart, knowing the areas that the articles name (by their full names)."""

    def __init__(self, ontology: Ontology, areas: Iterable[str] = ()) -> None:
        self._data: dict[str, Any] = read_lexicon(ontology.lexicon, "identity")
        self._heads = HeadLexicon.load(ontology.lexicon)
        self._terms = read_lexicon(ontology.lexicon, "terms")
        self._known = gazetteer()
        self._ranks: tuple[str, ...] = tuple(self._data["ranks"])
        self._area_stems = {stem for area in areas if (stem := self.area(area)[0]) != area and len(stem) > 1}
        self._variants = sorted(
            ((head, row[0]) for row in self._data["same_heads"] for head in row), key=lambda pair: -len(pair[0])
        )
        self.form = lru_cache(maxsize=None)(self._form)
        self.is_bare = lru_cache(maxsize=None)(self._is_bare)

    def area(self, name: str) -> tuple[str, str]:
        """An area's name and its suffix: 云澜|市; 自治区 keeps nothing but 内蒙古."""
        suffix = next((rank for rank in self._ranks if name.endswith(rank) and len(name) - len(rank) > 1), "")
        return name.removesuffix(suffix), suffix

    def rank(self, name: str) -> str:
        """The rank that a name says whose it is by: 县 of 县委."""
        return next((rank for rank in self._ranks if name.startswith(rank)), "")

    def depth(self, name: str) -> int:
        """How far down an area is by its suffix: 镇 is deeper than 县."""
        return self._ranks.index(suffix) if (suffix := self.area(name)[1]) else -1

    def is_wide_rank(self, rank: str) -> bool:
        """Whether two articles may name the same area of this rank by chance."""
        return rank in self._data["wide_ranks"]

    def is_wide(self, name: str) -> bool:
        """Whether this is a province or a country, which too many articles name."""
        areas = [*self._known.full(name), *self._known.clipped(name)]
        return name in self._known.countries or any(len(area.path) == 1 for area in areas)

    def is_shared(self, name: str) -> bool:
        """Whether the gazetteer has several areas of this name, or what it may be short for."""
        return len(self._known.full(name)) + len(self._known.clipped(name)) > 1

    def distinctive(self, core: str) -> int:
        """How many characters of a name are not words that say what kind of thing it is."""
        head = self._head(core)
        stem = core[: len(core) - len(head)]
        return len(self._common.sub("", stem))

    def _form(self, name: str, class_: str) -> Form:
        rest = self._said(name)
        if _JOINED.search(name):  # 荥北—日照港 is neither
            return Form((), rest)
        in_words = class_ == "Company" or class_ in _CONCEPTS
        head, stands = next(((h, s) for h, s in self._variants if rest.endswith(h) and not in_words), ("", ""))
        rest = rest.removesuffix(head)
        areas: list[tuple[str, str]] = []
        while size := next((n for n in range(min(_LONGEST_AREA, len(rest)), 1, -1) if self._is_area(rest[:n])), 0):
            areas.append(self.area(rest[:size]))
            rest = rest[size:]
        if not rest and areas and not head:
            *areas, (core, rank) = areas
            return Form(tuple(areas), core, rank, bool(rank))
        if class_ == "Company":
            return Form(tuple(areas), *self._company(rest))
        if class_ in _CONCEPTS:
            tail = next((t for t in self._data["concept_tails"] if rest.endswith(t) and len(rest) - len(t) > 1), "")
            return Form(tuple(areas), rest.removesuffix(tail))
        return Form(tuple(areas), rest + stands)

    def _said(self, name: str) -> str:
        """The name as it is compared: plain, simplified, its long heads clipped."""
        said = plain(simplify(name))
        for head, stands in self._variants:
            if len(head) >= _LONG_HEAD:
                said = said.replace(head, stands)
        return said

    def _is_bare(self, name: str, class_: str) -> bool:
        form = self.form(name, class_)
        if form.areas:
            return False
        whole = self._said(name)
        rank = self.rank(whole)
        if rank and len(whole) > len(rank) and self.distinctive(whole[len(rank) :]) < _TELLING:
            return True
        if whole.startswith(tuple(self._data["national"])):
            return False
        if class_ == "GovernmentBody" and (rank or whole.endswith(tuple(self._data["of_an_area"]))):
            return whole not in self._heads.heads or not self._heads.heads[whole].alone or bool(rank)
        if whole in self._heads.heads and self._heads.heads[whole].alone:
            return whole in self._data["told_by_owner"]
        return self.distinctive(whole) < _TELLING and (whole != self._head(whole) or not self._heads.heads[whole].alone)

    def _company(self, core: str) -> tuple[str, str, bool]:
        whole, legal = False, ""
        while tail := next((t for t in self._data["legal_forms"] if core.endswith(t) and len(core) - len(t) > 1), ""):
            if core.endswith(tuple(self._data["legal_kinds"])):
                break
            core, whole = core.removesuffix(tail), True
        kind = next((k for k in self._data["legal_kinds"] if core.endswith(k) and len(core) - len(k) > 1), "")
        if kind:
            core, legal, whole = core.removesuffix(kind), kind, True
        return core, legal, whole

    def _is_area(self, name: str) -> bool:
        return self._known.is_area(name) or name in self._area_stems or self.area(name)[0] in self._area_stems

    def _head(self, core: str) -> str:
        return max((m[0] for m in self._heads.pattern.finditer(core) if m.end() == len(core)), key=len, default="")

    @cached_property
    def _common(self) -> re.Pattern[str]:
        """Words that say of what kind a thing is, and not which one."""
        listed = self._terms["name_verbs"]
        verbs = listed["terms"] if isinstance(listed, dict) else listed
        words = "|".join(map(re.escape, sorted([*verbs, *self._heads.heads], key=len, reverse=True)))
        return re.compile(f"{self._heads.generic_words.pattern}|{self._heads.industries.pattern}|{words}")
