"""One thing, one IRI, however many articles name it: things of all articles are brought together in the store.

What each article says by itself stands in ``said/`` and is never changed; what is in the store follows from it, from
the ontology and from what people decided. So any order of adding, changing and removing articles comes to the same.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg.graph import article_id, article_iri
from kg.graph import terms as t
from kg.identity.decisions import Decisions
from kg.identity.resolve import Identity, Pair, resolve
from kg.identity.rewrite import rewrite
from kg.identity.units import NOT_THINGS, Unit, units_of
from kg.ontology import Ontology
from kg.store import GraphFolder, LocalStore, background_graph, is_of_reading
from kg.vocab import BACKGROUND_GRAPH, DATA, ZKG

__all__ = ["Decisions", "Identity", "Pair", "Unit", "bring_together", "identity_of", "keep_said", "resolve", "units_of"]


def keep_said(folder: GraphFolder, article_id: str, quads: Iterable[ox.Quad]) -> None:
    """Keep what an article says, with what is known of its places: before its graph is written to the store.

    Where it was read, and of what it was made, may change without the article: that the store alone knows.
    """
    lines = ox.serialize((quad for quad in quads if not is_of_reading(quad)), format=ox.RdfFormat.N_QUADS) or b""
    folder.write_said(article_id, gzip.compress(lines, compresslevel=6, mtime=0))


def bring_together(folder: GraphFolder, store: LocalStore, ontology: Ontology, base: str = DATA) -> Identity:
    """Give each thing in the store one IRI, and write what is known of the places besides.

    Each article's graph is replaced in a transaction of its own, and so is what is known of its places; those that
    stay as they are are not written.
    """
    said = _Said(folder, store, base)
    identity = resolve(said.units, ontology, Decisions.read(folder.decisions), base)
    for article in said.articles:
        iris = identity.iris.get(article, {})
        known = said.background[article]
        store.replace(background_graph(article), rewrite(known, iris, identity.names, base))
        if _is_written(store, article, said.own[article], identity):
            continue
        quads = [quad for quad in said.read(article) if quad.graph_name != ox.NamedNode(BACKGROUND_GRAPH)]
        reading = (quad for quad in store.quads(article) if is_of_reading(quad))
        store.replace(article, [*rewrite(quads, iris, identity.names, base), *reading])
    return identity


def identity_of(folder: GraphFolder, store: LocalStore, ontology: Ontology, base: str = DATA) -> Identity:
    """What the things of a store are; nothing is written."""
    return resolve(_Said(folder, store, base).units, ontology, Decisions.read(folder.decisions), base)


class _Own(NamedTuple):
    """What a thing is in an article alone: its IRI there, its classes and its name."""

    iri: str
    classes: frozenset[str]
    name: str


class _Said:
    """What the articles of a store say by themselves."""

    def __init__(self, folder: GraphFolder, store: LocalStore, base: str) -> None:
        self._folder, self._base = folder, base
        self.articles = [name for name in store.graph_names() if name.startswith(article_iri("", base))]
        self.units: list[Unit] = []
        self.own: dict[str, list[_Own]] = {}
        self.background: dict[str, list[ox.Quad]] = {}
        shared: dict[ox.Quad, ox.Quad] = {}  # the same statements of areas come in many articles
        for article in self.articles:
            quads = list(self.read(article))
            units = units_of(article, quads, base)
            self.units += units
            self.own[article] = [_Own(unit.iri, unit.classes, unit.name) for unit in units]
            known = [quad for quad in quads if quad.graph_name == ox.NamedNode(BACKGROUND_GRAPH)]
            self.background[article] = [shared.setdefault(quad, quad) for quad in known]

    def read(self, article: str) -> Iterator[ox.Quad]:
        file = self._folder.said_by(article_id(article, self._base))
        yield from ox.parse(io.BytesIO(gzip.decompress(file.read_bytes())), format=ox.RdfFormat.N_QUADS)


def _is_written(store: LocalStore, article: str, own: Iterable[_Own], identity: Identity) -> bool:
    """Whether the graph of an article in the store calls things what they are called."""
    graph = ox.NamedNode(article)
    iris = identity.iris.get(article, {})
    wanted = {(iris[thing.iri], class_) for thing in own for class_ in thing.classes}
    names = {(iris[thing.iri], identity.names[iris[thing.iri]]) for thing in own}
    typed: Iterable[Any] = store.oxigraph.quads_for_pattern(None, t.TYPE, None, graph)
    named: Iterable[Any] = store.oxigraph.quads_for_pattern(None, t.PREF_LABEL, None, graph)
    return names == {(quad.subject.value, quad.object.value) for quad in named} and wanted == {
        (quad.subject.value, quad.object.value.removeprefix(str(ZKG)))
        for quad in typed
        if quad.object.value.startswith(str(ZKG)) and quad.object not in NOT_THINGS
    }
