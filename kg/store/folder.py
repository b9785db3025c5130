"""The layout of a graph folder: the store, what it was built from and with, and what was turned away.

``store/`` (Oxigraph), ``graph.json`` (:class:`Manifest`), ``sources/{article}.txt`` (``Article.source_text``,
exactly), ``said/{article}.nq.gz`` (its graph before things of several articles are brought together),
``quarantine/{article}.jsonl`` and ``decisions.ttl`` (what people decided of things).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from kg.errors import GraphError
from kg.store.local import LocalStore
from kg.vocab import DATA

FORMAT_VERSION = 2
MAX_STEM_BYTES = 240
"""What a file's name may have in UTF-8 before its ending: ext4, APFS and NTFS take 255 bytes or characters in all."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``graph.json`` says of a graph."""

    ontology_hash: str
    base: str = DATA
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class GraphFolder:
    """The folder of one graph; nothing is read or made before it is asked for."""

    path: Path

    def create(self, manifest: Manifest) -> None:
        """Make the folder, or note the manifest of one that is there.

        Raises:
            GraphError: the folder holds something else, or a graph of another format.
        """
        if self._manifest_path.exists():
            self.manifest()
        elif self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise GraphError(f"{self.path} holds something else than a graph; name a new or an empty folder")
        for folder in (self.sources, self.said, self.quarantine):
            folder.mkdir(parents=True, exist_ok=True)
        fresh = self._manifest_path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n", encoding="utf-8")
        fresh.replace(self._manifest_path)

    def manifest(self) -> Manifest:
        """What ``graph.json`` says.

        Raises:
            GraphError: the folder is not a graph, or one of another format.
        """
        try:
            manifest = Manifest(**json.loads(self._manifest_path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            raise GraphError(f"{self.path} is not a graph; build one there, or name another folder") from None
        except (OSError, TypeError, ValueError) as error:
            raise GraphError(
                f"{self._manifest_path} is damaged ({error}); remove the graph and build it again"
            ) from error
        if manifest.format_version != FORMAT_VERSION:
            raise GraphError(
                f"{self.path} has format {manifest.format_version}, this version reads {FORMAT_VERSION}; "
                "remove the graph and build it again"
            )
        return manifest

    def open(self, read_only: bool = False) -> LocalStore:
        """The store. Raises ``GraphError`` where the folder is not a graph, or is being written to."""
        self.manifest()
        return LocalStore(self.path / "store", read_only)

    @property
    def sources(self) -> Path:
        """Where the text of every article stands as it was read."""
        return self.path / "sources"

    @property
    def said(self) -> Path:
        """Where every article's graph stands with the names that the article itself gives things."""
        return self.path / "said"

    @property
    def decisions(self) -> Path:
        """What people decided of things."""
        return self.path / "decisions.ttl"

    @property
    def quarantine(self) -> Path:
        """Where statements stand that did not conform, each with its reason."""
        return self.path / "quarantine"

    def source(self, article_id: str) -> Path:
        """Where the text of one article stands."""
        return self.sources / f"{file_stem(article_id)}.txt"

    def said_by(self, article_id: str) -> Path:
        """Where the graph of one article stands as the article alone makes it."""
        return self.said / f"{file_stem(article_id)}.nq.gz"

    def quarantined(self, article_id: str) -> Path:
        """Where the statements of one article stand that did not conform."""
        return self.quarantine / f"{file_stem(article_id)}.jsonl"

    @property
    def _manifest_path(self) -> Path:
        return self.path / "graph.json"


def file_stem(article_id: str) -> str:
    """A file name for an article, readable, and as short as file systems ask (255 bytes with its ending).

    >>> file_stem("晋安-三创-d3c9fca7"), file_stem("a/b")
    ('晋安-三创-d3c9fca7', 'a%2Fb')
    >>> len(file_stem("数字园开园" * 60).encode()) <= MAX_STEM_BYTES
    True
    """
    name = "".join(c if c.isalnum() or c in "-_" else quote(c, safe="") for c in article_id)
    encoded = name.encode()
    if len(encoded) <= MAX_STEM_BYTES:
        return name
    digest = sha256(article_id.encode()).hexdigest()[:16]
    return f"{encoded[: MAX_STEM_BYTES - 17].decode(errors='ignore')}-{digest}"
