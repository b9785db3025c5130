"""Where articles come from: files and folders, found in a stable order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.errors import ReadError

MARKDOWN = frozenset({".md", ".markdown"})
PLAIN = frozenset({".txt", ".text"}) | MARKDOWN
MARKUP = frozenset({".html", ".htm", ".xhtml", ".shtml"})
EXTENSIONS = PLAIN | MARKUP
MAX_BYTES = 32 * 1024 * 1024  # no article is longer; a file that is would fill memory


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
        if path.suffix.lower() in EXTENSIONS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def read_bytes(path: Path) -> bytes:
    """The content of a source file.

    Raises:
        ReadError: when the file is missing, of an unknown kind, empty, too large or unreadable.
    """
    if path.suffix.lower() not in EXTENSIONS:
        known = ", ".join(sorted(EXTENSIONS))
        raise ReadError(f"{path} is of no format that is read here; give one of {known}")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(f"{path} has {size:,} bytes, over the limit of {MAX_BYTES:,}; split it into articles")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path} cannot be read ({error.strerror or error}); check the path and rights") from error
    if not data.strip():
        raise ReadError(f"{path} is empty; give a file with an article")
    return data
