"""Tagged words → the names in an article: heads, areas, organisations, people, terms, honours, quoted titles.

Every finder offers candidates; where they overlap the longest wins, and of equals the more certain kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.annotate.areas import find_areas, find_places
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
    "listed": 3.5,
    "head": 4,
    "person": 5,
    "org": 6,
    "area": 7,
    "list": 8,
    "term": 9,
    "quote": 10,
    "learned": 11,
}

_COUNT = re.compile(r"(?:全[国省市])?\d+[家个](?:全[国省市])?")
_CONCEPTS = ("Industry", "Technology")
_NAME = re.compile(r"[A-Za-z\u4e00-\u9fff·&]*[\u4e00-\u9fff][A-Za-z\u4e00-\u9fff\d·&]*|[A-Z][A-Za-z&]+")


def find_mentions(folder: Path, text: str, words: Sequence[Word], sentences: Sequence[TextSpan]) -> list[Mention]:
    """The names in ``text``, in order, free of overlaps. ``folder`` is the lexicon."""
    tagged, words = words, segments(folder, words)
    candidates = [
        *NameFinder(HeadLexicon.load(folder), text, words).find(),
        *find_areas(folder, words),
        *find_places(folder, words),
        *_organisations(folder, text, words),
        *_media(folder, text),
        *find_people(text, tagged, sentences, folder),
        *find_concepts(folder, text, words),
        *_honours(folder, text),
        *_titled(folder, text),
        *_layouts(folder, text),
        *find_listed(folder, text, words),
        *_regions(folder, text),
        *_products(folder, text, words),
    ]
    kept = without_overlaps(candidates)
    return _of_one_kind(without_overlaps([*kept, *siblings(folder, text, words, kept)]))


def _of_one_kind(mentions: Sequence[Mention]) -> list[Mention]:
    """What an article calls an industry here and a technology there is what it calls it more often."""
    counts: dict[str, Counter[str]] = {}
    for mention in mentions:
        if mention.label_ in _CONCEPTS:
            counts.setdefault(mention.text, Counter())[mention.label_] += 1
    label_of = {text: max(_CONCEPTS, key=lambda label: found[label]) for text, found in counts.items()}
    return [replace(m, label_=label_of[m.text]) if m.label_ in _CONCEPTS else m for m in mentions]


def without_overlaps(candidates: Iterable[Mention]) -> list[Mention]:
    """The candidates that stand: the longest of those that overlap; of equals the more certain kind."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(candidates, key=_precedence):
        if taken.isdisjoint(range(*mention.span)):
            taken.update(range(*mention.span))
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.span)


def _precedence(mention: Mention) -> tuple[float, int, float]:
    rank = _RANK[re.split("[:/]", mention.rule)[0]]
    strong = rank if rank <= 3 else 4
    return strong, mention.span.start - mention.span.end, rank


def _organisations(folder: Path, text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """The words tagged as organisations that end with no head: companies, and what their endings say."""
    heads = HeadLexicon.load(folder).pattern
    data: dict[str, Any] = read_lexicon(folder, "organisations")
    before, behind = (re.compile("|".join(data["beside"][side])) for side in ("before", "behind"))
    following_of = {before.span.end: word for before, word in pairwise(words)}
    for word in words:
        if word.tag != "ORG" or len(word.text) < 2 or word.text in gazetteer():
            continue
        if any(match.end() == len(word.text) for match in heads.finditer(word.text)):
            continue
        label = next((c for c, tails in data["classes"].items() if word.text.endswith(tuple(tails))), None)
        if label is None and word.text.endswith(tuple(data["nothing"])):
            continue
        following = following_of.get(word.span.end)
        if label is None and (not _NAME.fullmatch(word.text) or (following and _goes_on(following, data))):
            continue
        if label is None and _is_sentence(text, word.span):
            continue
        if label is None and len(word.text) == 2:
            said = before.search(text[max(0, word.span.start - 6) : word.span.start])
            if not (said and behind.match(text, word.span.end)):
                continue
        yield Mention(word.span, word.text, label or "Company", "org")


def _is_sentence(text: str, span: TextSpan) -> bool:
    """Whether a word is a sentence of its own, as 路通百业兴。 is: a saying, no name."""
    before = text[: span.start].rstrip(" \u3000")
    return text[span.end : span.end + 1] in {"。", "！"} and before[-1:] in {"", "\n", "。", "！"}


@cache
def _medium(folder: Path) -> re.Pattern[str]:
    data: dict[str, Any] = read_lexicon(folder, "organisations")["medium"]
    never, tails = "".join(data["never"]), "|".join(data["tails"])
    return re.compile(
        rf"(?:^|(?<=[（(\[【:：/\s—]))(?P<name>(?![{never}])[\u4e00-\u9fff·]{{2,12}}(?:{tails}))(?={data['behind']})",
        re.M,
    )


def _media(folder: Path, text: str) -> Iterator[Mention]:
    """The media whose reports open with their names: 天山网讯（记者…）."""
    for match in _medium(folder).finditer(text):
        yield Mention(TextSpan(*match.span("name")), match["name"], "MediaOutlet", "head:medium")


def _goes_on(following: Word, data: Mapping[str, Any]) -> bool:
    """Whether the word behind an organisation makes it a part of another name (吉利-|沃尔沃|中国设计中心)."""
    return following.tag in {"n", "nz", "LOC", "ORG", "PER"} and not following.text.startswith(tuple(data["followers"]))


@dataclass(frozen=True)
class _Honours:
    verb: re.Pattern[str]
    item: re.Pattern[str]
    sure_item: re.Pattern[str]  # behind a verb that says nothing but an honour
    needs: re.Pattern[str]
    alone: re.Pattern[str]


@cache
def _honour_patterns(folder: Path) -> _Honours:
    data: dict[str, Any] = read_lexicon(folder, "designations")
    verbs, heads, alone = (
        "|".join(map(re.escape, sorted(data[key], key=len, reverse=True))) for key in ("verbs", "heads", "standalone")
    )
    plain = rf"[^，。；：、,;:\n“”‘’和及]{{2,28}}?(?:{heads})(?=[，。；、,;:\n”（(）)和及等]|{data['behind']}|$)"
    levelled = rf"(?:{'|'.join(data['levels'])})[^，。；：、,;:\n“”‘’的和及]{{2,26}}?(?=[，。；、,;:\n”（(）)等]|{data['behind']}|$)"
    quoted = r"“(?P<quoted>[^“”\n]{2,28})”"
    return _Honours(
        re.compile(rf"(?P<strong>{'|'.join(data['strong'])})?(?(strong)|(?:{verbs}))[了为]?"),
        re.compile(rf"{quoted}(?:{data['behind']})?|(?P<plain>{plain})(?:{data['behind']})?"),
        re.compile(rf"{quoted}(?:{data['behind']})?|(?P<plain>{plain}|{levelled})(?:{data['behind']})?"),
        re.compile("|".join(map(re.escape, data["needs"]))),
        re.compile(alone),
    )


def _honours(folder: Path, text: str) -> Iterator[Mention]:
    """What a verb of honour is followed by: one honour or a list of them."""
    honours = _honour_patterns(folder)
    for verb in honours.verb.finditer(text):
        position = verb.end()
        sure = bool(verb["strong"])
        while match := (honours.sure_item if sure else honours.item).match(text, position):
            group = "quoted" if match["quoted"] else "plain"
            count = _COUNT.match(match[group])
            span = TextSpan(match.start(group) + (count.end() if count else 0), match.end(group))
            needs = (sure and group == "quoted") or honours.needs.search(match[group])
            if needs and "的" not in match[group]:
                yield Mention(span, span.of(text), "Designation", "honour")
            position = match.end()
            if text[position : position + 1] not in {"、", "和", "及"}:
                break
            position += 1
    for match in honours.alone.finditer(text):
        yield Mention(TextSpan(*match.span()), match[0], "Designation", "honour")


@cache
def _product_patterns(folder: Path) -> tuple[re.Pattern[str], re.Pattern[str]]:
    data: dict[str, Any] = read_lexicon(folder, "products")
    ends = f"[，。；、和与及等）的在将已被]|{'|'.join(data['behind'])}"
    item = rf"“[^“”\n]{{2,12}}”(?:号|系列|牌|型)?[\u4e00-\u9fff]{{0,6}}?(?={ends})"
    return re.compile(rf"(?:{'|'.join(data['verbs'])})[^，。；“]{{0,12}}"), re.compile(item)


def _products(folder: Path, text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """Quoted names behind a verb of making: 推出“天山雪菊茶”."""
    verbs, item = _product_patterns(folder)
    ends = {word.span.end for word in words}
    for verb in verbs.finditer(text):
        position = verb.end()
        while match := item.match(text, position):
            if match.end() in ends and not text.endswith("简称", 0, match.start()):
                label = "Company" if text.endswith(("企业", "公司"), 0, match.start()) else "Product"
                yield Mention(TextSpan(*match.span()), match[0], label, "quote")
            position = match.end()
            if text[position : position + 1] in {"、", "和", "及", "与"}:
                position += 1


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
    for match in re.finditer(r"《([^《》\n]{2,50})》", text):
        bare = re.sub(r"[（(][^）)]*[）)]$", "", match[1])
        if bare.endswith(heads):
            yield Mention(TextSpan(*match.span()), match[0], "Strategy", "title")


@cache
def _layout_patterns(folder: Path) -> tuple[re.Pattern[str], re.Pattern[str]]:
    data: dict[str, Any] = read_lexicon(folder, "layouts")
    part = f"(?:{data['counts']})(?:{'|'.join(sorted(data['parts'], key=len, reverse=True))})"
    act = f"(?:{'|'.join(data['acts'])})"
    return re.compile(f'[“‘"「]((?:{part}{act}?、?){{2,6}})[”’"」]'), re.compile(f'[“‘"「]({part})[”’"」]')


_BARE_PART = re.compile(
    r"(?<![\u4e00-\u9fff])([一二两双三四五六七八九十多\d][\u4e00-\u9fff]{1,2})(?=即|指|是指|包括|为|：|——)"
)


def _layouts(folder: Path, text: str) -> Iterator[Mention]:
    formula, part = _layout_patterns(folder)
    for match in formula.finditer(text):
        yield Mention(TextSpan(*match.span(1)), match[1], "SpatialLayout", "layout")
    parts = list(part.finditer(text))
    if formulas := "".join(match[1] for match in formula.finditer(text)):
        for match in _BARE_PART.finditer(text):
            if match[1] in formulas:
                yield Mention(TextSpan(*match.span(1)), match[1], "LayoutComponent", "layout")
    if formula.search(text) or len({match[1] for match in parts}) > 1:
        for match in parts:
            yield Mention(TextSpan(*match.span(1)), match[1], "LayoutComponent", "layout")
