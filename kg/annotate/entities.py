"""Tagged words → the names in an article: heads, areas, organisations, people, terms, honours, quoted titles.

Every finder offers candidates; where they overlap the longest wins, and of equals the more certain kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.areas import find_areas
from kg.annotate.concepts import find_concepts
from kg.annotate.gazetteer import gazetteer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.lists import find_listed, siblings
from kg.annotate.names import HeadLexicon, NameFinder
from kg.annotate.persons import find_people
from kg.annotate.segments import segments
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

_RANK = {
    "alias": 0,
    "layout": 1,
    "honour": 2,
    "title": 3,
    "head": 4,
    "person": 5,
    "org": 6,
    "area": 7,
    "list": 8,
    "term": 9,
}


def find_mentions(folder: Path, text: str, words: Sequence[Word], sentences: Sequence[TextSpan]) -> list[Mention]:
    """The names in ``text``, in order, free of overlaps. ``folder`` is the lexicon."""
    tagged, words = words, segments(folder, words)
    candidates = [
        *NameFinder(HeadLexicon.load(folder), text, words).find(),
        *find_areas(folder, words),
        *_organisations(folder, text, words),
        *find_people(text, tagged, sentences, folder),
        *find_concepts(folder, text, words),
        *_honours(folder, text),
        *_titled(folder, text),
        *_layouts(folder, text),
        *find_listed(folder, text, words),
        *_regions(folder, text),
    ]
    kept = without_overlaps(candidates)
    return without_overlaps([*kept, *siblings(folder, text, words, kept)])


def without_overlaps(candidates: Iterable[Mention]) -> list[Mention]:
    """The candidates that stand: the longest of those that overlap; of equals the more certain kind."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(candidates, key=_precedence):
        if taken.isdisjoint(range(*mention.span)):
            taken.update(range(*mention.span))
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.span)


def _precedence(mention: Mention) -> tuple[int, int, int]:
    rank = _RANK[re.split("[:/]", mention.rule)[0]]
    strong = rank if rank <= 3 else 4
    return strong, mention.span.start - mention.span.end, rank


def _organisations(folder: Path, text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """The words tagged as organisations that end with no head: companies, and what their endings say."""
    heads = HeadLexicon.load(folder).pattern
    data: dict[str, Any] = read_lexicon(folder, "organisations")
    before, behind = (re.compile("|".join(data["beside"][side])) for side in ("before", "behind"))
    for word in words:
        if word.tag != "ORG" or len(word.text) < 2 or word.text in gazetteer():
            continue
        if any(match.end() == len(word.text) for match in heads.finditer(word.text)):
            continue
        label = next((c for c, tails in data["classes"].items() if word.text.endswith(tuple(tails))), None)
        if label is None and word.text.endswith(tuple(data["nothing"])):
            continue
        if label is None and len(word.text) == 2:
            said = before.search(text[max(0, word.span.start - 6) : word.span.start])
            if not (said and behind.match(text, word.span.end)):
                continue
        yield Mention(word.span, word.text, label or "Company", "org")


@cache
def _honour_patterns(folder: Path) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data: dict[str, Any] = read_lexicon(folder, "designations")
    longest = sorted(data["heads"], key=len, reverse=True)
    verbs = "|".join(map(re.escape, sorted(data["verbs"], key=len, reverse=True)))
    heads = "|".join(map(re.escape, longest))
    phrase = re.compile(
        rf"(?:{verbs})了?([^，。；、：,;:\n和及]{{2,28}}?(?:{heads}))(?=[，。；、：,;:\n”）)和及等]|称号|$)"
    )
    needs = re.compile("|".join(map(re.escape, data["needs"])))
    alone = re.compile("|".join(map(re.escape, sorted(data["standalone"], key=len, reverse=True))))
    return phrase, needs, alone


def _honours(folder: Path, text: str) -> Iterator[Mention]:
    phrase, needs, alone = _honour_patterns(folder)
    for match in phrase.finditer(text):
        if needs.search(match[1]) and "的" not in match[1]:
            yield Mention(TextSpan(*match.span(1)), match[1], "Designation", "honour")
    for match in alone.finditer(text):
        yield Mention(TextSpan(*match.span()), match[0], "Designation", "honour")


@cache
def _region_pattern(folder: Path) -> re.Pattern[str]:
    names: list[str] = read_lexicon(folder, "regions")["names"]
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def _regions(folder: Path, text: str) -> Iterator[Mention]:
    """Regions that every reader knows and no head noun shows: 长三角."""
    for match in _region_pattern(folder).finditer(text):
        yield Mention(TextSpan(*match.span()), match[0], "Zone", "head:region")


def _titled(folder: Path, text: str) -> Iterator[Mention]:
    """《…规划》 and the like are strategies."""
    heads = tuple(read_lexicon(folder, "documents")["heads"])
    for match in re.finditer(r"《([^《》\n]{4,50})》", text):
        bare = re.sub(r"[（(][^）)]*[）)]$", "", match[1])
        if bare.endswith(heads):
            yield Mention(TextSpan(*match.span()), match[0], "Strategy", "title")


@cache
def _layout_patterns(folder: Path) -> tuple[re.Pattern[str], re.Pattern[str]]:
    data: dict[str, Any] = read_lexicon(folder, "layouts")
    part = f"(?:{data['counts']})(?:{'|'.join(sorted(data['parts'], key=len, reverse=True))})"
    return re.compile(f'[“‘"「]((?:{part}、?){{2,6}})[”’"」]'), re.compile(f'[“‘"「]({part})[”’"」]')


def _layouts(folder: Path, text: str) -> Iterator[Mention]:
    formula, part = _layout_patterns(folder)
    for match in formula.finditer(text):
        yield Mention(TextSpan(*match.span(1)), match[1], "SpatialLayout", "layout")
    if formula.search(text):
        for match in part.finditer(text):
            yield Mention(TextSpan(*match.span(1)), match[1], "LayoutComponent", "layout")
