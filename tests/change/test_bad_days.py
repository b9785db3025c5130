"""A build that is killed, refused or left without its sources says so, and the next one makes it good."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stub import Stub, folder_as_text

import kg
from kg.builder import build
from kg.errors import GraphError
from kg.store import GraphFolder

resource = pytest.importorskip("resource")
MOMENTS = int(os.environ.get("KG_KILL_MOMENTS", "12"))
"""200 for a release."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(12):
        write(folder, number, "晋安区")
    return folder


def write(folder: Path, number: int, area: str) -> None:
    text = f"云溪{number}园 locatedIn {area}\n云溪{number}园 产值 2023 {number + 1}\n福州市\n{area} locatedIn 会展会"
    text += f"\n晶耀光电{'有限' if number % 2 else ''}公司 locatedIn {area}\n溪桥园 locatedIn {area}"
    (folder / f"{number:02}.txt").write_text(text, "utf-8")


@pytest.fixture
def begin(articles: Path, tmp_path: Path) -> Iterator[Callable[[float | None], int]]:
    """Builds in a process of its own, which is killed after so many seconds; gives its exit code."""
    script = Path(__file__).with_name("killed.py")
    command = [sys.executable, str(script), str(tmp_path / "graph"), str(articles)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(
        command, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, **pipes
    ) as worker:  # type: ignore[call-overload]
        assert worker.stdout.readline() == "ready\n"

        def begun(seconds: float | None) -> int:
            print("" if seconds is None else seconds, file=worker.stdin, flush=True)
            return int(worker.stdout.readline())

        yield begun
        worker.stdin.close()


def test_a_build_killed_at_any_moment_is_made_good_by_the_next(
    articles: Path, tmp_path: Path, begin: Callable[[float | None], int]
) -> None:
    out = tmp_path / "graph"
    build([articles], tmp_path / "whole", extractor=Stub())
    started = time.monotonic()
    assert begin(None) == 0
    whole = time.monotonic() - started
    moments, killed = random.Random(5), 0
    for moment in range(MOMENTS):
        if moment % 4 == 0:  # a new graph; else one that was killed and made good, and whose articles changed since
            subprocess.run(["rm", "-rf", str(out)], check=True)
        else:
            for number in range(moment % 3, 12, 3):
                write(articles, number, moments.choice(["晋安区", "厦门市", "南京市"]))
        killed += begin(moments.uniform(0, whole)) == -signal.SIGKILL
        if moment % 5 == 0:  # killed again
            killed += begin(moments.uniform(0, whole)) == -signal.SIGKILL
        assert begin(None) == 0
        fresh = tmp_path / f"fresh{moment}"
        build([articles], fresh, extractor=Stub())
        assert folder_as_text(out) == folder_as_text(fresh), f"moment {moment}"
        with kg.open(out) as graph:
            assert graph.validate() == []
    assert killed > MOMENTS / 3


def test_who_writes_to_a_graph_is_said_to_who_comes_second(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    before = (out / "graph.json").read_bytes(), folder_as_text(out)
    with GraphFolder(out).open():
        with pytest.raises(GraphError, match=rf"is being written to by process {os.getpid()} on \S+, since 2"):
            build([articles], out, extractor=Stub("other"))
        with pytest.raises(GraphError, match=rf"is being written to by process {os.getpid()} on "):
            kg.open(out)
    assert ((out / "graph.json").read_bytes(), folder_as_text(out)) == before


def test_what_a_killed_writer_left_keeps_nobody_out(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    out.mkdir()
    (out / "graph.new").write_text("{")
    build([articles], out, extractor=Stub())
    (out / "store.writer").write_text("process 1 on nowhere, since long ago")
    assert build([articles], out, extractor=Stub()).unchanged == 12
    assert not (out / "store.writer").exists()
    store = tmp_path / "begun" / "store"
    GraphFolder(store.parent).create(GraphFolder(out).manifest())
    store.mkdir()
    for name in ("LOCK", "IDENTITY", "LOG", "MANIFEST-000001", "000001.dbtmp"):
        (store / name).touch()
    assert build([articles], store.parent, extractor=Stub()).read == 12


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(articles: Path, tmp_path: Path) -> None:
    build([articles], tmp_path / "held" / "graph", extractor=Stub())
    for folder in (tmp_path / "held" / "graph" / "store", tmp_path / "held"):
        folder.chmod(0o555)
    try:
        with pytest.raises(
            GraphError, match=r"held/new cannot be written .*; check its rights, or name another folder"
        ):
            build([articles], tmp_path / "held" / "new", extractor=Stub())
    finally:
        (tmp_path / "held").chmod(0o755)


def test_a_folder_that_cannot_be_made_is_said(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        GraphError, match=r"file/graph cannot be written \(.*; check its rights, or name another folder"
    ):
        build([articles], tmp_path / "file" / "graph", extractor=Stub())


def test_a_source_that_vanishes_is_named_and_keeps_what_it_said(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "graph"
    build([articles], out, extractor=Stub())
    before = folder_as_text(out)
    find_sources = kg.builder.find_sources

    def vanishing(paths: list[Path]) -> list[Path]:
        found = list(find_sources(paths))
        (articles / "03.txt").unlink()
        return found

    monkeypatch.setattr("kg.builder.find_sources", vanishing)
    report = build([articles], out, extractor=Stub())
    assert report.skipped[0][1].startswith(f"{articles / '03.txt'} cannot be read (No such file or directory)")
    assert report.gone == (str(articles / "03.txt"),)
    assert (report.unchanged, folder_as_text(out)) == (11, before)


# --- the disk


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a full disk: what is written beyond is refused."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [20_000, 50_000, 120_000])
def test_a_full_disk_is_said_and_the_next_build_makes_it_good(articles: Path, tmp_path: Path, size: int) -> None:
    out = tmp_path / "graph"
    with no_file_larger_than(size), pytest.raises(GraphError, match=r"^\S+ (cannot|could not) be \w+ \(.*\); .*$"):
        build([articles], out, extractor=Stub())
    report = build([articles], out, extractor=Stub())
    assert (report.read + report.unchanged, report.skipped) == (12, ())
    build([articles], tmp_path / "fresh", extractor=Stub())
    assert folder_as_text(out) == folder_as_text(tmp_path / "fresh")


@pytest.mark.parametrize("refused", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_no_room_for_a_source_ends_the_build_with_one_sentence(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    out = tmp_path / "graph"
    write_source = GraphFolder.write_source

    def full(folder: GraphFolder, article_id: str, text: str) -> None:
        if article_id.startswith("05"):
            raise OSError(refused, os.strerror(refused))
        write_source(folder, article_id, text)

    with monkeypatch.context() as patched:
        patched.setattr(GraphFolder, "write_source", full)
        with pytest.raises(GraphError, match=r"graph cannot be written \(.*\); make room on the disk and build again"):
            build([articles], out, extractor=Stub())
    assert build([articles], out, extractor=Stub()).unchanged == 5
    build([articles], tmp_path / "fresh", extractor=Stub())
    assert folder_as_text(out) == folder_as_text(tmp_path / "fresh")
