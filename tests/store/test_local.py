"""A store keeps each graph whole, and each statement once in the default graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.store.local import LocalStore

G1, G2 = "https://e.org/article/1", "https://e.org/article/2"


def quad(subject: str, object_: ox.Literal | ox.NamedNode | None = None) -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(f"https://e.org/{subject}"), ox.NamedNode("https://e.org/p"), object_ or ox.Literal("园")
    )


def default_graph(store: LocalStore) -> list[str]:
    return sorted(str(q.triple) for q in store.quads() if isinstance(q.graph_name, ox.DefaultGraph))


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store")


def test_a_statement_two_articles_make_stands_once_in_the_default_graph(store: LocalStore) -> None:
    store.replace(G1, [quad("a")])
    store.replace(G2, [quad("a")])
    assert default_graph(store) == [str(quad("a").triple)]


def test_a_statement_leaves_the_default_graph_with_the_last_article_that_makes_it(store: LocalStore) -> None:
    store.replace(G1, [quad("a"), quad("b")])
    store.replace(G2, [quad("a")])
    store.remove(G1)
    assert default_graph(store) == [str(quad("a").triple)]
    store.remove(G2)
    assert list(store.quads()) == []
    assert store.graph_names() == []


def test_adding_keeps_what_the_graph_said(store: LocalStore) -> None:
    store.replace(G1, [quad("a")])
    store.add(G1, [quad("b")])
    assert len(list(store.quads(G1))) == 2


def test_a_write_that_fails_changes_nothing(store: LocalStore) -> None:
    store.replace(G1, [quad("a")])
    with pytest.raises(ValueError, match="blank node"):
        store.replace(G1, [quad("b"), ox.Quad(ox.BlankNode(), ox.NamedNode("https://e.org/p"), ox.Literal("x"))])
    assert default_graph(store) == [str(quad("a").triple)]


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_removed_again(text: str) -> None:
    with TemporaryDirectory() as folder, LocalStore(Path(folder) / "store") as store:
        store.replace(G1, [quad("a", ox.Literal(text)), quad("b")])
        store.replace(G1, [quad("b")])
        assert default_graph(store) == [str(quad("b").triple)]


Steps = st.lists(st.tuples(st.sampled_from("123"), st.sets(st.sampled_from("abcd"))), max_size=8)


@given(Steps, st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_any_order_of_writes_equals_a_fresh_build(steps: list[tuple[str, set[str]]], in_bulk: int) -> None:
    graphs = [(f"https://e.org/{name}", [quad(s) for s in subjects]) for name, subjects in steps]
    with TemporaryDirectory() as folder, LocalStore(Path(folder) / "store") as store:
        for name, quads in graphs[in_bulk:]:
            store.replace(name, quads)
        store.bulk(graphs[:in_bulk])
        with LocalStore(Path(folder) / "fresh") as fresh:
            for name, quads in dict(graphs[in_bulk:] + graphs[:in_bulk]).items():
                fresh.replace(name, quads)
            assert sorted(map(str, store.quads())) == sorted(map(str, fresh.quads()))
            assert store.graph_names() == fresh.graph_names()


def test_what_was_written_is_there_when_opened_to_read(tmp_path: Path) -> None:
    with LocalStore(tmp_path / "store") as store:
        store.replace(G1, [quad("a")])
    with (
        LocalStore(tmp_path / "store", read_only=True) as reader,
        LocalStore(tmp_path / "store", True) as second,
    ):
        assert reader.graph_names() == second.graph_names() == [G1]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    LocalStore(tmp_path / "store").close()
    with (
        LocalStore(tmp_path / "store", read_only=True) as reader,
        pytest.raises(GraphError, match="opened to read"),
    ):
        reader.replace(G1, [quad("a")])


@pytest.mark.parametrize("read_only", [True, False])
def test_a_store_that_is_written_to_is_refused(tmp_path: Path, read_only: bool) -> None:
    with LocalStore(tmp_path / "store"), pytest.raises(GraphError, match="is being written to"):
        LocalStore(tmp_path / "store", read_only)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks")
def test_a_store_another_process_writes_to_is_refused(tmp_path: Path) -> None:
    LocalStore(tmp_path / "store").close()
    hold = f"import pyoxigraph as o; s = o.Store({str(tmp_path / 'store')!r}); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        for read_only in (True, False):
            with pytest.raises(GraphError, match="is being written to"):
                LocalStore(tmp_path / "store", read_only)
        writer.communicate(b"\n")


def test_a_folder_without_a_graph_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="there is no graph"):
        LocalStore(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_folder_of_something_else_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(GraphError, match="something else"):
        LocalStore(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_closed_store_says_so(store: LocalStore) -> None:
    store.close()
    with pytest.raises(GraphError, match="was closed"):
        store.query("ASK {}")
