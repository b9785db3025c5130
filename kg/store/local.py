"""Quads on this machine's disk, in Oxigraph (https://oxigraph.org), with every write all or nothing.

Named graphs say who says what; the default graph holds each statement that any of them makes exactly once, so
that counting in it is right.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from kg.errors import GraphError
from kg.store import lock

BULK_QUADS = 50_000
"""Quads a bulk load commits at once: more gains no speed (75,000 quads/s at 1,200 and at 120,000)."""

FLUSH_QUADS = 100_000
"""Quads after which what was written goes from memory to the disk: each takes 700 bytes there, and is written no faster."""

_ROCKSDB = re.compile(r"LOCK|IDENTITY|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d+(\.dbtmp)?|\d+\.(dbtmp|log|sst)")
"""https://github.com/facebook/rocksdb/blob/main/file/filename.cc"""

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class LocalStore:
    """A SPARQL store in a folder; one process may write to it, any number may read while nobody writes.

    >>> import tempfile
    >>> with LocalStore(Path(tempfile.mkdtemp()) / "store") as store:
    ...     says = ox.Quad(ox.NamedNode("urn:园"), ox.NamedNode("urn:in"), ox.NamedNode("urn:市"))
    ...     store.replace("urn:article:1", [says])
    ...     store.replace("urn:article:2", [says])
    ...     store.remove("urn:article:1")
    ...     store.graph_names(), len(store)
    (['urn:article:2'], 2)
    """

    def __init__(self, path: Path | str, read_only: bool = False) -> None:
        """Open the store in ``path``; one that is not there is made, unless ``read_only``.

        Raises:
            GraphError: ``path`` is not a store, or another process is writing to it.
        """
        self.path = Path(path)
        self.read_only = read_only
        self._unflushed = 0
        self._held: lock.WriterMark | None = None
        self._store: ox.Store | None = self._open()

    def _open(self) -> ox.Store:
        if not _is_store(self.path):
            if self.read_only:
                raise GraphError(f"there is no graph at {self.path}; build one there first, or name another folder")
            if self.path.exists() and not _is_begun(self.path):
                raise GraphError(f"{self.path} holds something else than a graph; name a new or an empty folder")
        elif lock.is_held(self.path):
            raise self._held_by_another()
        try:
            if self.read_only:
                return ox.Store.read_only(str(self.path))
            store = ox.Store(str(self.path))
        except (OSError, RuntimeError) as error:
            if "lock file" in str(error).lower():
                raise self._held_by_another() from error
            said = " ".join(str(error).split())
            raise GraphError(
                f"{self.path} cannot be opened ({said}); check its rights, or remove the graph and build it again"
            ) from error
        self._held = lock.WriterMark(self.path)
        return store

    @property
    def oxigraph(self) -> ox.Store:
        """The Oxigraph store itself, for what this class has no word for: writing through it is on you.

        Raises:
            GraphError: the store is closed.
        """
        if self._store is None:
            raise GraphError(f"{self.path} was closed; open it again")
        return self._store

    def close(self) -> None:
        """Let go of the folder. Closing twice is harmless; results still being read keep it open."""
        if self._store is None:
            return
        try:
            if not self.read_only:
                self._store.flush()
        except OSError as error:
            raise self._refused(error) from error
        finally:
            if self._held is not None:
                self._held.end()  # while the folder is still held, lest it be another's note
            self._store = None  # Oxigraph has no close: the folder is free when the object is gone
            self._held = None

    def __enter__(self) -> LocalStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except GraphError:
            if error is None:  # else that is what went wrong first
                raise

    def __len__(self) -> int:
        return len(self.oxigraph)

    def query(self, sparql: str, prefixes: Mapping[str, str] | None = None) -> Results:
        """The results of a SPARQL 1.1 query (https://www.w3.org/TR/sparql11-query/); updates are refused.

        The text is run as it is: ``kg.publish.results`` guards queries that come from people.

        Raises:
            SyntaxError: the text is not a SPARQL query.
        """
        return self.oxigraph.query(sparql, prefixes=dict(prefixes or {}))

    def graph_names(self) -> list[str]:
        """The names of all named graphs, sorted."""
        return sorted(str(name.value) for name in self.oxigraph.named_graphs())

    def quads(self, graph_name: str | None = None) -> Iterator[ox.Quad]:
        """The quads of one named graph; without a name all quads, those of the default graph too."""
        graph = None if graph_name is None else ox.NamedNode(graph_name)
        return self.oxigraph.quads_for_pattern(None, None, None, graph)

    def replace(self, graph_name: str, quads: Iterable[ox.Quad]) -> None:
        """Let ``graph_name`` say ``quads`` and nothing else. What the quads give as their graph is ignored.

        One transaction: a crash leaves the graph as it was or as it is to be. No quads remove the graph.

        Raises:
            GraphError: the store was opened read-only, or the disk refused.
            ValueError: a quad holds a blank node, whose sameness over two writes nobody could tell.
        """
        self.apply(in_graph(graph_name, quads), self.quads(graph_name))

    def add(self, graph_name: str, quads: Iterable[ox.Quad]) -> None:
        """Let ``graph_name`` say ``quads`` too, in one transaction. Raises as ``replace`` does."""
        self.apply(in_graph(graph_name, quads))

    def apply(self, added: Iterable[ox.Quad], removed: Iterable[ox.Quad] = ()) -> None:
        """Add quads of named graphs and take others out, in one transaction; what is both stays.

        Raises as ``replace`` does.
        """
        new = set(_without_blank_nodes(added))
        old = {quad for quad in removed if quad not in new}
        if not old:
            fresh = [quad for quad in new if quad not in self.oxigraph]
            if fresh:
                self._extend(both for quad in fresh for both in in_both((quad.triple,), quad.graph_name))
            return
        unsaid = {quad.triple for quad in old} - {quad.triple for quad in new}
        unsaid = {triple for triple in unsaid if not self._is_said_besides(triple, old)}
        graphs = {quad.graph_name for quad in old} - {quad.graph_name for quad in new}
        emptied = [graph for graph in graphs if self._is_emptied(graph, old)]
        left = [quad for quad in old if quad.graph_name not in emptied]
        update = [
            *(f"DROP SILENT GRAPH {graph}" for graph in emptied),
            f"DELETE DATA {{ {_block(left)} {_triples(unsaid)} }}",
            f"INSERT DATA {{ {_block(new)} {_triples({quad.triple for quad in new})} }}",
        ]
        self._require_writable()
        try:
            self.oxigraph.update(" ;\n".join(update))
            self._wrote(2 * (len(old) + len(new)))
        except OSError as error:
            raise self._refused(error) from error

    def remove(self, graph_name: str) -> None:
        """Forget what ``graph_name`` says; what no other graph says leaves the default graph as well."""
        self.replace(graph_name, ())

    def derive(self, graph_name: str, rules: Sequence[str], properties: Iterable[str]) -> None:
        """Let ``graph_name`` say what follows by ``rules`` from what other graphs say, and nothing else.

        Each rule is a SPARQL update that inserts what follows into ``graph_name`` and into the default graph. They
        are run until they add nothing, in memory, over the statements with one of ``properties`` (IRIs). Written is
        the difference, in one transaction. Raises as ``replace`` does.
        """
        graph = ox.NamedNode(graph_name)
        memory = ox.Store()
        for property_ in properties:
            said = self.oxigraph.quads_for_pattern(None, ox.NamedNode(property_), None, ox.DefaultGraph())
            memory.extend(quad for quad in said if self._is_said_elsewhere(quad.triple, graph))
        complete(memory, rules)
        self._require_writable()
        self.replace(graph_name, memory.quads_for_pattern(None, None, None, graph))

    def bulk(self, graphs: Iterable[tuple[str, Iterable[ox.Quad]]]) -> None:
        """Replace many graphs; each is written wholly or not at all, many to a transaction.

        A name that comes twice holds what came last. Raises as ``replace`` does.
        """
        pending: dict[str, set[ox.Triple]] = {}
        size = 0
        for graph_name, quads in graphs:
            if graph_name in pending or self.oxigraph.contains_named_graph(ox.NamedNode(graph_name)):
                self._flush(pending)
                self.replace(graph_name, quads)
                size = 0
                continue
            pending[graph_name] = {quad.triple for quad in _without_blank_nodes(quads)}
            size += len(pending[graph_name])
            if 2 * size >= BULK_QUADS:  # each statement is written twice: in its graph and in the default graph
                self._flush(pending)
                size = 0
        self._flush(pending)

    def optimize(self) -> None:
        """Compact the store after many writes, so that queries are quick."""
        self._require_writable()
        try:
            self.oxigraph.optimize()
        except OSError as error:
            raise self._refused(error) from error

    def _flush(self, pending: dict[str, set[ox.Triple]]) -> None:
        self._extend(
            quad for graph_name, triples in pending.items() for quad in in_both(triples, ox.NamedNode(graph_name))
        )
        pending.clear()

    def _extend(self, quads: Iterable[ox.Quad]) -> None:
        self._require_writable()
        written = list(quads)
        try:
            self.oxigraph.extend(written)
            self._wrote(len(written))
        except OSError as error:
            raise self._refused(error) from error

    def _wrote(self, quads: int) -> None:
        self._unflushed += quads
        if self._unflushed >= FLUSH_QUADS:
            self.oxigraph.flush()
            self._unflushed = 0

    def _is_said_elsewhere(self, triple: ox.Triple, graph: ox.NamedNode) -> bool:
        here = (ox.DefaultGraph(), graph)
        said = self.oxigraph.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(quad.graph_name not in here for quad in said)

    def _is_said_besides(self, triple: ox.Triple, removed: Container[ox.Quad]) -> bool:
        """Whether a named graph says ``triple`` by a quad that is not ``removed``."""
        said = self.oxigraph.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(quad.graph_name != ox.DefaultGraph() and quad not in removed for quad in said)

    def _is_emptied(self, graph: GraphName, removed: Container[ox.Quad]) -> bool:
        return all(quad in removed for quad in self.oxigraph.quads_for_pattern(None, None, None, graph))

    def _require_writable(self) -> None:
        if self.read_only:
            raise GraphError(f"{self.path} was opened to read; open it for writing to change it")

    def _held_by_another(self) -> GraphError:
        by = lock.holder(self.path)
        return GraphError(f"{self.path} is being written to by {by}; wait for that to end, or end it, and try again")

    def _refused(self, error: OSError) -> GraphError:
        return GraphError(f"{self.path} could not be written ({error}); make room on the disk and try again")


def complete(memory: ox.Store, rules: Sequence[str]) -> None:
    """Run SPARQL updates that insert what follows from what ``memory`` holds, until they add nothing."""
    before = -1
    while before < (now := len(memory)):
        before = now
        for rule in rules:
            memory.update(rule)


def _is_store(path: Path) -> bool:
    return (path / "CURRENT").is_file()  # the file by which RocksDB knows its own


def _is_begun(path: Path) -> bool:
    """Whether a folder holds nothing but what RocksDB begins a store with, as one that was ended at once does."""
    return path.is_dir() and all(_ROCKSDB.fullmatch(file.name) for file in path.iterdir())


def _without_blank_nodes(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise ValueError(f"{quad} holds a blank node; name it by an IRI")
        yield quad


def in_both(triples: Iterable[ox.Triple], graph: GraphName) -> Iterator[ox.Quad]:
    """The quads of a named graph and of the default graph, which says every statement once."""
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
        yield ox.Quad(triple.subject, triple.predicate, triple.object)


def in_graph(graph_name: str, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """What ``quads`` say, said in ``graph_name``."""
    graph = ox.NamedNode(graph_name)
    return (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)


def _triples(triples: Iterable[ox.Triple]) -> str:
    """Triples as SPARQL data; a term's own text is N-Triples, which SPARQL reads."""
    return " ".join(f"{triple.subject} {triple.predicate} {triple.object} ." for triple in triples)


def _block(quads: Iterable[ox.Quad]) -> str:
    """Quads of named graphs as SPARQL data."""
    by_graph: dict[GraphName, list[ox.Triple]] = {}
    for quad in quads:
        by_graph.setdefault(quad.graph_name, []).append(quad.triple)
    return " ".join(f"GRAPH {graph} {{ {_triples(triples)} }}" for graph, triples in by_graph.items())
