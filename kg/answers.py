"""A question → the answer it was given before: one file for each, named by the digest of all that was asked."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any


def cache_folder(name: str) -> Path:
    """A folder of the user's cache (https://specifications.freedesktop.org/basedir-spec/)."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "zonekg" / name


def digest_of(question: Mapping[str, Any]) -> str:
    """The digest of a question: another where anything asked is another."""
    return sha256(json.dumps(question, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers. A file that is damaged is none."""

    folder: Path

    def get(self, digest: str) -> str | None:
        """The answer as it was kept."""
        try:
            content = json.loads(self._path(digest).read_text(encoding="utf-8"))["content"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return content if isinstance(content, str) else None

    def put(self, digest: str, content: str) -> None:
        """Keep an answer, wholly or not at all.

        Raises:
            OSError: the folder cannot be written to.
        """
        path = self._path(digest)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps({"content": content}), encoding="utf-8")
        fresh.replace(path)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.json"
