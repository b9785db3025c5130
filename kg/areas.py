"""The places an article names → the administrative areas of the gazetteer they are, where that is certain.

Many areas share a name (鼓楼区 lies in four cities, 石桥镇 in dozens of counties): what else the article names tells
them apart, and where it does not, the place stays a name without an area.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.model import Area, Entity, Extraction

if TYPE_CHECKING:
    from kg.annotate.gazetteer import Gazetteer
    from kg.ontology import Ontology

AREA_CLASS = "AdministrativeArea"

_NAMED_AFTER_AREAS = frozenset(["DevelopmentZone", "IndustrialPark"])
"""A circle, a belt or a metropolitan area may be larger than the area it is named after."""

_WHEREABOUTS = frozenset(["locatedIn", "partOf", "settledIn"])
_JOINED = re.compile("[（(—–·－“‘「-]")
"""What joins a second place to a name, or marks a word in it as not meant so: 庆元“飞地”产业园 lies elsewhere."""

Path = tuple[str, ...]
"""The names of an area and of all it lies in, from the province down."""


def areas_of(entities: Iterable[Entity], known: Gazetteer | None = None) -> dict[str, Area]:
    """The area of each entity that certainly is one, by ``Entity.key``.

    A name that only one area has is that area; a town or village must be named together with its county or city,
    since the gazetteer has no town that was made up or renamed. Of several areas, it is the one nearest to those
    the article names besides. A short name (西安) means the largest area it may stand for, unless the area around
    a smaller one is named.
    """
    if known is None:
        from kg.annotate.gazetteer import gazetteer  # it takes a moment to load

        known = gazetteer()
    candidates = {e.key: _candidates(e, known) for e in entities if e.label_ == AREA_CLASS}
    found: dict[str, Path] = {}

    def settle(choose: Callable[[_Candidates, set[Path], Gazetteer], Path | None]) -> bool:
        near = set(found.values())
        unknown = {key: of for key, of in candidates.items() if key not in found}
        settled = {key: path for key, of in unknown.items() if (path := choose(of, near, known))}
        found.update(settled)
        return bool(settled)

    while settle(_certain) or settle(_largest):
        pass
    return {key: _area(path, known) for key, path in found.items()}


def in_full(extraction: Extraction, areas: Mapping[str, Area]) -> Extraction:
    """The extraction with each area under its full name, and what the article calls it (福州 for 福州市) beside it."""

    def full(entity: Entity) -> Entity:
        area = areas.get(entity.key)
        if area is None or area.name == entity.name:
            return entity
        return replace(entity, name=area.name, aliases=(entity.name, *entity.aliases))

    return replace(extraction, entities=tuple(full(entity) for entity in extraction.entities))


def named_after(extraction: Extraction, areas: Mapping[str, Area], ontology: Ontology) -> dict[str, str]:
    """The area that a zone or park is named after, by ``Entity.key``: 乌岩现代物流园 lies in 乌岩市.

    Only where the name begins with that of an area the article names, where no second place is in it or joined to
    it (深圳（哈尔滨）产业园 lies in Harbin) but one inside the first (福州晋安产业园 lies in 晋安区), and where the
    article does not say itself where the zone lies. ``areas`` are those of :func:`areas_of`.
    """
    from kg.annotate.lexicon import read_lexicon

    suffixes = tuple(read_lexicon(ontology.lexicon, "aliases")["area_suffixes"])
    by_name = {
        name: entity.key
        for entity in extraction.entities
        if entity.label_ == AREA_CLASS
        for full in (entity.name, *entity.aliases)
        for name in (full, _without(suffixes, full))
        if len(name) > 1
    }
    told = {relation.subject for relation in extraction.relations if relation.property in _WHEREABOUTS}
    found: dict[str, str] = {}
    for entity in extraction.entities:
        if entity.label_ in _NAMED_AFTER_AREAS and entity.key not in told and not _JOINED.search(entity.name):
            named = {key for name, key in by_name.items() if name in entity.name}
            if entity.name.startswith(tuple(by_name)) and (area := _innermost(named, areas)):
                found[entity.key] = area
    return found


def _innermost(keys: set[str], areas: Mapping[str, Area]) -> str | None:
    """The one area of ``keys`` that lies in all the others."""
    if len(keys) < 2:
        return next(iter(keys), None)
    if not keys <= areas.keys():
        return None
    inner = max(sorted(keys), key=lambda key: len(areas[key].path))
    return inner if all(_shared(areas[inner].path, areas[key].path) == len(areas[key].path) for key in keys) else None


def _without(suffixes: tuple[str, ...], name: str) -> str:
    return next((name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)), name)


class _Candidates(NamedTuple):
    """The areas that a name may be, and whether it is only short for them."""

    paths: list[Path]
    short: bool


def _candidates(entity: Entity, known: Gazetteer) -> _Candidates:
    names = (entity.name, *entity.aliases)
    full = [area.path for name in names for area in known.full(name)]
    paths = full or [area.path for name in names for area in known.clipped(name)]
    if entity.area:
        paths = [path for path in paths if entity.area in path]
    return _Candidates(list(dict.fromkeys(paths)), not full)


def _certain(candidates: _Candidates, near: set[Path], known: Gazetteer) -> Path | None:
    """The one area that is meant, given those named besides; ``None`` where none stands out."""
    paths, short = candidates
    shared = {path: max((_shared(path, other) for other in near), default=0) for path in paths}
    if short:
        return _only(paths) or _only([path for path in paths if 0 < len(path) - 1 <= shared[path]])
    likely = [path for path in paths if _code(path, known) or shared[path] >= len(path) - 2 > 0]
    return _only(likely) or _only(_most([path for path in likely if shared[path]], shared))


def _largest(candidates: _Candidates, _: set[Path], known: Gazetteer) -> Path | None:
    """The largest area that a short name stands for."""
    paths, short = candidates
    return _only(_most(paths, {path: _size(path, known) for path in paths})) if short else None


def _shared(path: Path, other: Path) -> int:
    """How many areas from the province down contain both."""
    return next(
        (depth for depth, (one, two) in enumerate(zip(path, other, strict=False)) if one != two),
        min(len(path), len(other)),
    )


def _most(paths: Sequence[Path], rank: dict[Path, int]) -> list[Path]:
    return [path for path in paths if rank[path] == max(rank[path] for path in paths)]


def _only(paths: Sequence[Path]) -> Path | None:
    return paths[0] if len(paths) == 1 else None


def _size(path: Path, known: Gazetteer) -> int:
    """How large an area is, by the zeros its code ends with: a province has four, a city two."""
    code = _code(path, known)
    return (len(code) - len(code.rstrip("0"))) // 2 if code else -1


def _code(path: Path, known: Gazetteer) -> str:
    return next((area.code for area in known.full(path[-1]) if area.path == path), "")


@cache
def _area(path: Path, known: Gazetteer) -> Area:
    within = _area(path[:-1], known) if len(path) > 1 else None
    code = _code(path, known)
    if within is not None and code and code == within.code:
        return within  # 香港 stands below 香港特别行政区 there, and is the same
    return Area(path[-1], code, within, unique=len(known.full(path[-1])) == 1)
