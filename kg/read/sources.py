"""Where articles come from: files and folders, found in a stable order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.read.formats.archives import suffix_of
from kg.read.pages import EXTENSIONS


def find_sources(paths: Iterable[Path | str]) -> Iterator[Path]:
    """Every file named, and every readable file below every folder named, sorted, each once.

    A file named outright is given whatever its extension, so that reading it can say what is wrong with it.
    """
    seen: set[Path] = set()
    for path in map(Path, paths):
        for found in _below(path) if path.is_dir() else [path]:
            if found not in seen:
                seen.add(found)
                yield found


def _below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if suffix_of(path.name) in EXTENSIONS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
