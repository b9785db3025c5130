"""Administrative areas of China, with codes and containment, from jionlp's dictionary.

Source: jionlp ``china_location`` (provinces to villages), https://github.com/dongrixinyu/JioNLP.
"""

from __future__ import annotations

import contextlib
import io
from functools import cache
from typing import Any, NamedTuple

DISTRICT = 3  # the rank of districts and counties; below it stand townships, and zones as well


class Area(NamedTuple):
    """One area: its path from the province down, e.g. ``("福建省", "福州市", "晋安区")``, and its code."""

    path: tuple[str, ...]
    code: str

    @property
    def name(self) -> str:
        """The area's own full name."""
        return self.path[-1]


class Gazetteer:
    """Names of areas, full (晋安区) and clipped (晋安), to the areas they may be."""

    def __init__(self, tree: dict[str, Any], countries: frozenset[str]) -> None:
        self._by_name: dict[str, list[Area]] = {}
        self._by_alias: dict[str, list[Area]] = {}
        self.countries = countries
        for name, below in tree.items():
            self._add(name, below, ())

    def _add(self, name: str, below: Any, path: tuple[str, ...]) -> None:
        if name.startswith("_"):
            return
        here = path if path and path[-1] == name else (*path, name)
        info = below if isinstance(below, dict) else {}
        area = Area(here, str(info.get("_admin_code", "")))
        if here != path:
            self._by_name.setdefault(name, []).append(area)
            aliases = info.get("_alias") or ()
            for alias in (aliases,) if isinstance(aliases, str) else aliases:
                if alias != name and len(alias) > 1:
                    self._by_alias.setdefault(alias, []).append(area)
        for child, rest in info.items():
            if len(here) < 4:
                self._add(child, rest, here)

    def full(self, name: str) -> list[Area]:
        """The areas with exactly this full name."""
        return self._by_name.get(name, [])

    def clipped(self, name: str) -> list[Area]:
        """The areas that ``name`` is short for, largest first."""
        return sorted(self._by_alias.get(name, []), key=lambda area: len(area.path))

    def is_area(self, name: str) -> bool:
        """Whether ``name`` is a country's, a district's or county's full name, or that of a larger area, full or clipped.

        A clipped district is too often a word of its own (东风, 和平).
        """
        full = any(len(area.path) <= DISTRICT for area in self.full(name))
        return full or name in self.countries or any(len(area.path) < DISTRICT for area in self.clipped(name))

    def __contains__(self, name: str) -> bool:
        return name in self._by_name or name in self._by_alias or name in self.countries


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this process, read once (about a second)."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        from jionlp.dictionary.dictionary_loader import china_location_loader, world_location_loader

        world = world_location_loader()
        countries = {country for continent in world.values() for country in continent}
        countries |= {
            info["full_name"] for continent in world.values() for info in continent.values() if "full_name" in info
        }
        return Gazetteer(china_location_loader(detail=True), frozenset(countries))
