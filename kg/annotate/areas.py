"""Places the lexical model saw, cut into administrative areas: 福建省福州市晋安区 is three."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from kg.annotate.gazetteer import gazetteer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.names import class_by_head, is_head
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

_NOUNS = frozenset({"n", "nz", "vn", "LOC", "ORG", "m"})
_OFFICE = re.compile(r"(?:党工委|管委会|管理委员会)$")
_RUN_BY_OFFICES = frozenset({"DevelopmentZone", "Zone", "IndustrialPark"})
_ZONES = frozenset({"DevelopmentZone", "Zone"})


@cache
def _cut(folder: Path) -> re.Pattern[str]:
    suffixes = "|".join(sorted(read_lexicon(folder, "aliases")["area_suffixes"], key=len, reverse=True))
    return re.compile(rf".{{1,8}}?(?:{suffixes})(?![省市县区州])")


@cache
def _pattern(folder: Path, key: str) -> re.Pattern[str]:
    return re.compile("|".join(read_lexicon(folder, "areas")[key]))


def find_areas(folder: Path, words: Sequence[Word]) -> Iterator[Mention]:
    """Administrative areas among the words tagged LOC (and short organisations that are areas)."""
    known = gazetteer()
    for word in words:
        if word.tag not in {"LOC", "ns", "ORG", "nz", "nr", "PER"} or len(word.text) < 2:
            continue
        if word.tag not in {"LOC", "ns"} and not (known.full(word.text) and len(word.text) > 2):
            continue
        start = word.span.start
        pieces = list(pieces_of(folder, word.text))
        for piece_start, piece in pieces:
            if _is_area(folder, piece, alone=len(pieces) == 1):
                span = TextSpan(start + piece_start, start + piece_start + len(piece))
                yield Mention(span, piece, "AdministrativeArea", "area")


def find_places(folder: Path, words: Sequence[Word]) -> Iterator[Mention]:
    """Words tagged as locations that are no areas and end with a natural feature: 松花江, 云台山."""
    data = read_lexicon(folder, "places")
    for word, following in pairwise((*words, Word(TextSpan(0, 0), "", ""))):
        if following.span.start == word.span.end and following.tag in _NOUNS:
            continue  # 皖江|城市带
        tail = word.text.endswith(tuple(data["tails"])) and not word.text.endswith(tuple(data["never"]))
        if word.tag in {"LOC", "ns"} and 2 <= len(word.text) <= 6 and tail and word.text not in gazetteer():
            yield Mention(word.span, word.text, "Place", "area:place")


def areas_inside(folder: Path, bodies: Iterable[Mention]) -> Iterator[Mention]:
    """The areas and zones that names of bodies and plans hold: 威海市 in 威海市政府. They overlap the names."""
    for body in bodies:
        if body.label_ != "GovernmentBody" and not (body.label_ == "Strategy" and body.text.startswith("《")):
            continue
        zone = _OFFICE.sub("", body.text)
        if (
            zone != body.text
            and not is_head(folder, zone)
            and (label := class_by_head(folder, zone)) in _RUN_BY_OFFICES
        ):
            yield Mention(TextSpan(body.span.start, body.span.start + len(zone)), zone, str(label), "nested")
            continue
        opening = len(body.text) - len(body.text.lstrip("《“"))
        match = re.match(read_lexicon(folder, "boundaries")["area_of_bodies"], body.text[opening:])
        for offset, piece in pieces_of(folder, match[0]) if match else ():
            label = class_by_head(folder, piece) or "AdministrativeArea"
            if is_head(folder, piece) and label != "DevelopmentZone":
                continue  # the 工业集中区 of 工业集中区管委会
            known = piece in gazetteer() if opening else _is_area(folder, piece, alone=False)
            if len(piece) > 2 and (label in _ZONES or known):  # a title's other words may end like an area (城乡)
                start = body.span.start + opening + offset
                yield Mention(TextSpan(start, start + len(piece)), piece, label, "nested")


def pieces_of(folder: Path, name: str) -> Iterator[tuple[int, str]]:
    """``name`` cut behind each area suffix: (offset, piece) pairs that make it up.

    >>> from kg.ontology import Ontology
    >>> [piece for _, piece in pieces_of(Ontology.load().lexicon, "福建省福州市晋安区")]
    ['福建省', '福州市', '晋安区']
    """
    known = gazetteer()
    if known.full(name):
        yield 0, name
        return
    position = 0
    for match in _cut(folder).finditer(name):
        if len(match[0]) < 2:
            continue
        if match.start() != position:
            break
        rest = name[match.end() :]
        if len(rest) == 1:
            break
        yield position, match[0]
        position = match.end()
    if position < len(name):
        yield position, name[position:]


def _is_area(folder: Path, piece: str, *, alone: bool) -> bool:
    if _pattern(folder, "never").search(piece):
        return False
    if is_head(folder, piece):
        return False  # 新城 is a district of one city, and a word of every other
    if piece in gazetteer():
        return True
    if _pattern(folder, "doubtful").search(piece):
        return False
    return bool(_cut(folder).fullmatch(piece)) and len(piece) >= (3 if alone else 2)


def is_smaller(folder: Path, inner: str, outer: str) -> bool:
    """Whether the area ``inner`` may lie in ``outer`` by what their names end with; names that do not say may.

    >>> from kg.ontology import Ontology
    >>> is_smaller(Ontology.load().lexicon, "广州市", "广东省"), is_smaller(Ontology.load().lexicon, "广东省", "石桥镇")
    (True, False)
    """
    return _ranks(folder, inner)[-1] > _ranks(folder, outer)[0]


def are_peers(folder: Path, one: str, other: str) -> bool:
    """Whether two areas may be of one rank by what their names end with.

    >>> from kg.ontology import Ontology
    >>> are_peers(Ontology.load().lexicon, "广州", "深圳市"), are_peers(Ontology.load().lexicon, "广东省", "石桥镇")
    (True, False)
    """
    first, second = _ranks(folder, one), _ranks(folder, other)
    return first[0] <= second[-1] and second[0] <= first[-1]


def _ranks(folder: Path, name: str) -> range:
    """The ranks an area of this name may have, the largest areas first."""
    ranks: list[list[str]] = read_lexicon(folder, "areas")["ranks"]
    fits = [i for i, tails in enumerate(ranks) if name.endswith(tuple(tails)) and len(name) > 2]
    return range(min(fits), max(fits) + 1) if fits else range(len(ranks))
