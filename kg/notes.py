"""What a build notes while it is at work, on the disk: it may be as much as there are articles."""

from __future__ import annotations

import pickle
import sqlite3
import tempfile
from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import GraphError
from kg.model import Article
from kg.store import Place


class Notes:
    """Texts by keys, in a file without a name that goes with them.

    >>> notes = Notes()
    >>> notes.note("a", "1")
    >>> notes.of("a"), notes.of("b"), "b" in notes, list(notes)
    ('1', None, False, [('a', '1')])
    """

    def __init__(self) -> None:
        self._db = _scratch("CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")

    def of(self, key: str) -> str | None:
        """What is noted under a key."""
        row = self._db.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def note(self, key: str, value: str) -> None:
        """Note something, in place of what was noted before."""
        _insert(self._db, "INSERT OR REPLACE INTO notes VALUES (?, ?)", key, value)

    def drop(self, key: str) -> None:
        """Forget what is noted under a key, if anything."""
        self._db.execute("DELETE FROM notes WHERE key = ?", (key,))

    def __contains__(self, key: str) -> bool:
        return self.of(key) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        last = ""
        while rows := self._db.execute(
            "SELECT key, value FROM notes WHERE key > ? ORDER BY key LIMIT 1000", (last,)
        ).fetchall():
            yield from rows
            last = rows[-1][0]


class Waiting:
    """Articles that wait, in the order they came."""

    def __init__(self) -> None:
        self._db = _scratch("CREATE TABLE waiting (id INTEGER PRIMARY KEY, article BLOB)")

    def add(self, article: Article) -> None:
        """Let an article wait."""
        _insert(self._db, "INSERT INTO waiting (article) VALUES (?)", pickle.dumps(article))

    def __iter__(self) -> Iterator[Article]:
        last = 0
        while row := self._db.execute("SELECT id, article FROM waiting WHERE id > ? LIMIT 1", (last,)).fetchone():
            last = row[0]
            yield pickle.loads(row[1])


def _scratch(table: str) -> sqlite3.Connection:
    db = sqlite3.connect("", isolation_level=None)
    db.execute("PRAGMA journal_mode=OFF")
    db.execute(table)
    return db


def _insert(db: sqlite3.Connection, statement: str, *values: object) -> None:
    try:
        db.execute(statement, values)
    except sqlite3.Error as error:
        folder = tempfile.gettempdir()
        raise GraphError(
            f"{folder} cannot be written ({error}); make room there, or set TMPDIR to another folder"
        ) from error


def written(place: Place) -> str:
    """A place as a text that says which kind it is."""
    return f"{'address' if isinstance(place, ox.NamedNode) else 'file'} {place.value}"


def as_place(text: str | None) -> Place | None:
    """The place that was written so.

    >>> as_place(written(ox.Literal("a.txt"))), as_place(None)
    (<Literal value=a.txt datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>, None)
    """
    if text is None:
        return None
    kind, _, value = text.partition(" ")
    return ox.NamedNode(value) if kind == "address" else ox.Literal(value)
