"""What each article says by itself, and which things it names: ``said.db``, an SQLite database.

The things stand there by their IRIs, so that those of one name are read together, however many articles there are; with
each is what it is called in the store. An article whose graph in the store may call them otherwise is ``pending``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from kg.errors import GraphError

_TABLES = """
CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS things (
  iri TEXT, article TEXT, content BLOB NOT NULL, now TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (iri, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS things_of ON things (article);
CREATE TABLE IF NOT EXISTS pending (article TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS noted (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_CACHE_KB = 32_000
COMMIT_EVERY = 1000
"""How many changes of names are written at once."""


class Thing(NamedTuple):
    """A thing as an article names it: its IRI there, what else is known of it, and its IRI and name in the store."""

    iri: str
    article: str
    content: bytes
    now: str
    name: str


class Said:
    """The database, opened for reading or writing; use it in a ``with`` statement, or close it.

    Raises:
        GraphError: it is no database, or the disk refuses.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        try:
            self._db = self._open(read_only)
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _open(self, read_only: bool) -> sqlite3.Connection:
        if read_only:
            # Where nobody left off in the middle, nothing is written beside it: the folder may be read-only.
            whole = "" if self.path.with_name(f"{self.path.name}-wal").exists() else "&immutable=1"
            db = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro{whole}", uri=True)
        else:
            db = sqlite3.connect(self.path, isolation_level=None)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_TABLES)
        db.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        db.execute("SELECT 1 FROM said LIMIT 1")  # what is wrong with it is said now
        return db

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def __enter__(self) -> Said:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def keep(self, article: str, content: bytes, things: Iterable[tuple[str, str, bytes]]) -> None:
        """Let an article say ``content``, and name ``things`` (IRI, name, what else is known), in one transaction.

        It is pending until :meth:`done`.
        """
        with self._writing():
            self._forget(article)
            self._db.execute("INSERT INTO said (article, content) VALUES (?, ?)", (article, content))
            self._db.executemany(
                "INSERT INTO things VALUES (?, ?, ?, ?, ?)",
                ((iri, article, known, iri, name) for iri, name, known in things),
            )
            self._db.execute("INSERT OR IGNORE INTO pending VALUES (?)", (article,))

    def done(self, article: str) -> None:
        """An article's graph in the store calls things as they are called here."""
        with self._writing():
            self._db.execute("DELETE FROM pending WHERE article = ?", (article,))

    def drop(self, articles: Iterable[str]) -> None:
        """Forget articles."""
        with self._writing():
            for article in articles:
                self._forget(article)

    def content(self, article: str) -> bytes:
        """What an article says; nothing where it is not known."""
        row = self._db.execute("SELECT content FROM said WHERE article = ?", (article,)).fetchone()
        return row[0] if row else b""

    def articles(self) -> Iterator[str]:
        """The articles, in the order of their IRIs."""
        return (article for (article,) in self._pages("SELECT article FROM said WHERE article > ?"))

    def things(self) -> Iterator[Thing]:
        """All things, in the order of their IRIs and of their articles."""
        last = ("", "")
        while rows := self._db.execute(
            "SELECT * FROM things WHERE (iri, article) > (?, ?) ORDER BY iri, article LIMIT 1000", last
        ).fetchall():
            yield from map(Thing._make, rows)
            last = rows[-1][:2]

    def called(self, iri: str) -> Iterator[Thing]:
        """What articles call ``iri``, in the order of the articles."""
        return map(
            Thing._make, self._db.execute("SELECT * FROM things WHERE iri = ? ORDER BY article", (iri,)).fetchall()
        )

    def named_in(self, article: str) -> list[Thing]:
        """The things an article names."""
        return list(map(Thing._make, self._db.execute("SELECT * FROM things WHERE article = ?", (article,))))

    def thing(self, article: str, iri: str) -> Thing | None:
        """A thing as an article names it."""
        row = self._db.execute("SELECT * FROM things WHERE iri = ? AND article = ?", (iri, article)).fetchone()
        return Thing._make(row) if row else None

    def rename(self, things: Iterable[tuple[Thing, str, str]]) -> None:
        """Let things have other IRIs and names in the store: their articles are pending."""
        with self._writing():
            for thing, now, name in things:
                self._db.execute(
                    "UPDATE things SET now = ?, name = ? WHERE iri = ? AND article = ?",
                    (now, name, thing.iri, thing.article),
                )
                self._db.execute("INSERT OR IGNORE INTO pending VALUES (?)", (thing.article,))

    def suspect(self, articles: Iterable[str]) -> None:
        """Let articles be pending."""
        with self._writing():
            self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", ((article,) for article in articles))

    def pending(self) -> Iterator[str]:
        """The articles whose graphs in the store may call things otherwise."""
        return (article for (article,) in self._pages("SELECT article FROM pending WHERE article > ?"))

    def noted(self, key: str) -> str:
        """What was noted; nothing where nothing was."""
        row = self._db.execute("SELECT value FROM noted WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def note(self, key: str, value: str) -> None:
        """Note something for the next time."""
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO noted VALUES (?, ?)", (key, value))

    def _pages(self, query: str) -> Iterator[tuple[str]]:
        last = ""
        while rows := self._db.execute(f"{query} ORDER BY article LIMIT 1000", (last,)).fetchall():
            yield from rows
            last = rows[-1][0]

    def _forget(self, article: str) -> None:
        for table in ("said", "things", "pending"):
            self._db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))

    def _writing(self) -> _Transaction:
        return _Transaction(self)

    def _refused(self, error: sqlite3.Error) -> GraphError:
        return GraphError(
            f"{self.path} cannot be used ({error}); make room on the disk, check its rights, and try again"
        )


class _Transaction:
    """All or nothing, and what the disk refuses said in one sentence."""

    def __init__(self, said: Said) -> None:
        self._said = said

    def __enter__(self) -> None:
        try:
            self._said._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._said._refused(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        db = self._said._db
        try:
            if error is None:
                db.execute("COMMIT")
            elif db.in_transaction:
                db.execute("ROLLBACK")
        except sqlite3.Error as refused:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise self._said._refused(refused) from refused
        if isinstance(error, sqlite3.Error):
            raise self._said._refused(error) from error
