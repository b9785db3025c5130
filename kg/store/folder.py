"""The layout of a graph folder: the store, what it was built from and with, and what was turned away.

``store/`` (Oxigraph), ``graph.json`` (:class:`Manifest`), ``sources/{..}/{article}.txt`` (``Article.source_text``,
exactly), ``said.db`` (each article's graph before things of several articles are brought together),
``quarantine/{..}/{article}.jsonl``, ``decisions.ttl`` (what people decided of things) and ``links.json`` (what they are
in other graphs). The files of articles lie in 256 folders each, by a digest, for a folder of millions is slow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from kg.errors import GraphError
from kg.store.local import LocalStore
from kg.store.said import Said
from kg.vocab import DATA

FORMAT_VERSION = 3
_NEW = ".new"
MAX_STEM_BYTES = 240
"""What a file's name may have in UTF-8 before its ending: ext4, APFS and NTFS take 255 bytes or characters in all."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``graph.json`` says of a graph: ``decisions_hash`` is of the decisions by which its things are what they are."""

    ontology_hash: str
    base: str = DATA
    format_version: int = FORMAT_VERSION
    decisions_hash: str = ""


@dataclass(frozen=True, slots=True)
class GraphFolder:
    """The folder of one graph; nothing is read or made before it is asked for."""

    path: Path

    def create(self, manifest: Manifest) -> None:
        """Make the folder; one that is there stays as it is.

        Raises:
            GraphError: the folder holds something else, or a graph of another format, or cannot be written.
        """
        new = not self._manifest_path.exists()
        if not new:
            self.manifest()
        elif self.path.exists() and not (
            self.path.is_dir() and all(each == self._fresh for each in self.path.iterdir())
        ):
            raise GraphError(f"{self.path} holds something else than a graph; name a new or an empty folder")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if new:  # first of all: by it a folder is known as a graph's
                self._write_manifest(manifest)
            for folder in (self.sources, self.quarantine):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise self._refused(error) from error

    def note(self, manifest: Manifest) -> None:
        """Let ``graph.json`` say ``manifest``: for who writes to the store. Raises ``GraphError`` as ``create``."""
        try:
            if self.manifest() != manifest:
                self._write_manifest(manifest)
        except OSError as error:
            raise self._refused(error) from error

    def write_source(self, article_id: str, text: str) -> None:
        """Keep the text of an article as it was read, wholly or not at all."""
        _write(self.source(article_id), text.encode("utf-8", "surrogatepass"))

    def write_quarantined(self, article_id: str, lines: Sequence[str]) -> None:
        """Keep what of an article did not conform, a line for each finding; no lines remove the file."""
        if lines:
            _write(self.quarantined(article_id), "".join(f"{line}\n" for line in lines).encode())
        else:
            self.quarantined(article_id).unlink(missing_ok=True)

    def remove_files(self, article_id: str) -> None:
        """Remove the files of an article."""
        for path in (self.source(article_id), self.quarantined(article_id)):
            path.unlink(missing_ok=True)
            path.with_suffix(_NEW).unlink(missing_ok=True)

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

    def open_said(self, read_only: bool = False) -> Said:
        """What each article says by itself: for who holds the store. Raises ``GraphError`` where the disk refuses."""
        return Said(self.path / "said.db", read_only)

    @property
    def sources(self) -> Path:
        """Where the text of every article stands as it was read."""
        return self.path / "sources"

    @property
    def decisions(self) -> Path:
        """What people decided of things."""
        return self.path / "decisions.ttl"

    @property
    def links(self) -> Path:
        """What the things are in other graphs."""
        return self.path / "links.json"

    def decisions_hash(self) -> str:
        """The SHA-256 of what was decided of things, by people and in links; none where nothing was."""
        files = [path for path in (self.decisions, self.links) if path.exists()]
        return sha256(b"".join(path.read_bytes() for path in files)).hexdigest() if files else ""

    @property
    def quarantine(self) -> Path:
        """Where statements stand that did not conform, each with its reason."""
        return self.path / "quarantine"

    def source(self, article_id: str) -> Path:
        """Where the text of one article stands."""
        return self.sources / _shard(article_id) / f"{file_stem(article_id)}.txt"

    def quarantined(self, article_id: str) -> Path:
        """Where the statements of one article stand that did not conform."""
        return self.quarantine / _shard(article_id) / f"{file_stem(article_id)}.jsonl"

    def _write_manifest(self, manifest: Manifest) -> None:
        said = json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n"
        self._fresh.write_text(said, encoding="utf-8")
        self._fresh.replace(self._manifest_path)

    def _refused(self, error: OSError) -> GraphError:
        return GraphError(
            f"{self.path} cannot be written ({error.strerror or error}); check its rights, or name another folder"
        )

    @property
    def _fresh(self) -> Path:
        return self._manifest_path.with_suffix(_NEW)

    @property
    def _manifest_path(self) -> Path:
        return self.path / "graph.json"


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    fresh = path.with_suffix(_NEW)
    path.parent.mkdir(exist_ok=True)
    fresh.write_bytes(content)
    fresh.replace(path)


def _shard(article_id: str) -> str:
    return sha256(article_id.encode()).hexdigest()[:2]


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
