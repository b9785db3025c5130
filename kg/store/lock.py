"""Whether somebody is writing to a store.

RocksDB keeps a second writer out by a POSIX record lock on the file ``LOCK``. A reader takes none, and
reading beside a writer is undefined, so a reader asks here first. Closing *any* handle on a file drops the
locks this process has on it, hence the marks for what this process writes to: that file is never touched.

Who writes is said in a file beside the store. It is only read while the lock is held: what a process left that
was killed keeps nobody out.
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows lets nobody else open a file that is written to
    fcntl = None  # type: ignore[assignment]


class WriterMark:
    """Says that this process writes to the store at ``path``, as long as the mark lives."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        _marks.add(self)
        with suppress(OSError):  # it says who holds the store, and is not what holds it
            _note(self.path).write_text(
                f"process {os.getpid()} on {platform.node()}, since {datetime.now():%Y-%m-%d %H:%M:%S}", "utf-8"
            )

    def end(self) -> None:
        """Nobody writes any more."""
        _marks.discard(self)
        with suppress(OSError):
            _note(self.path).unlink(missing_ok=True)


_marks: WeakSet[WriterMark] = WeakSet()


def holder(path: Path) -> str:
    """Who writes to the store at ``path``, as far as is known."""
    try:
        return _note(path.resolve()).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return "another process"


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.writer")


def is_held(path: Path) -> bool:
    """Whether this or another process has the store at ``path`` open for writing."""
    if any(mark.path == path.resolve() for mark in _marks):
        return True
    if fcntl is None:
        return False
    try:
        with (path / "LOCK").open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no such file: nobody ever wrote there
        return False
    return False
