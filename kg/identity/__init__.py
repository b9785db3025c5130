"""One thing, one IRI, however many articles name it: things of all articles are brought together in the store.

What each article says by itself stands in ``said.db`` and is never changed; what is in the store follows from it, from
the ontology and from what people decided. So any order of adding, changing and removing articles comes to the same.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg.graph import terms as t
from kg.identity.decisions import Decisions
from kg.identity.resolve import Identity, Pair, Survey, merged, resolve, resolve_some
from kg.identity.rewrite import rewrite
from kg.identity.units import Unit, units_of
from kg.ontology import Ontology
from kg.store import GraphFolder, LocalStore, Said, background_graph, is_of_reading
from kg.store.said import COMMIT_EVERY, Thing
from kg.vocab import BACKGROUND_GRAPH, DATA, is_background

__all__ = [
    "Decisions",
    "Identity",
    "Pair",
    "Unit",
    "bring_together",
    "identity_of",
    "pack_said",
    "resolve",
    "things_of",
    "units_of",
    "unpack_said",
]


def pack_said(quads: Iterable[ox.Quad]) -> bytes:
    """What an article says, with what is known of its places, as it is kept: N-Quads, packed.

    Where it was read, and of what it was made, may change without the article: that the store alone knows.
    """
    lines = ox.serialize((quad for quad in quads if not is_of_reading(quad)), format=ox.RdfFormat.N_QUADS) or b""
    return gzip.compress(lines, compresslevel=6, mtime=0)


def unpack_said(packed: bytes) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """What an article says, and what is known of its places."""
    own: list[ox.Quad] = []
    known: list[ox.Quad] = []
    background = ox.NamedNode(BACKGROUND_GRAPH)
    for quad in ox.parse(gzip.decompress(packed), format=ox.RdfFormat.N_QUADS):
        (known if quad.graph_name == background else own).append(quad)
    return own, known


def things_of(article: str, packed: bytes, base: str = DATA) -> list[tuple[str, str, bytes]]:
    """The things that an article names, as :meth:`kg.store.Said.keep` takes them."""
    own, known = unpack_said(packed)
    return [(unit.iri, unit.name, unit.packed()) for unit in units_of(article, [*own, *known], base)]


def bring_together(folder: GraphFolder, store: LocalStore, ontology: Ontology, base: str = DATA) -> None:
    """Give each thing in the store one IRI, and write what is known of the places besides.

    Each article's graph is replaced in a transaction of its own, and so is what is known of its places; those that
    stay as they are are neither read nor written. What is held in memory grows with the things, not with the articles.
    """
    decisions = Decisions.read(folder.decisions)
    with folder.open_said() as said:
        renamed: dict[str, str] = {}
        changed: list[tuple[Thing, str, str]] = []
        for things, identity in _resolved(said, store, ontology, decisions, base):
            for thing in things:
                now = identity.iris[thing.article][thing.iri]
                if (now, identity.names[now]) != (thing.now, thing.name):
                    changed.append((thing, now, identity.names[now]))
            if len(changed) >= COMMIT_EVERY:
                said.rename(changed)
                changed.clear()
            if decisions.names:
                renamed |= _decided(identity, decisions)
        said.rename(changed)
        before = json.loads(said.noted("renamed") or "[]")
        said.suspect(_called_otherwise(store, {*before, *renamed}, renamed))
        said.note("renamed", json.dumps(sorted({*before, *renamed})))
        for article in said.pending():
            if _is_in(store, article):
                _write(said, store, article, renamed, base)
            said.done(article)
        said.note("renamed", json.dumps(sorted(renamed)))


def identity_of(folder: GraphFolder, store: LocalStore, ontology: Ontology, base: str = DATA) -> Identity:
    """What the things of a store are; nothing is written."""
    with folder.open_said(read_only=True) as said:
        found = _resolved(said, store, ontology, Decisions.read(folder.decisions), base)
        return merged(identity for _, identity in found)


def _resolved(
    said: Said, store: LocalStore, ontology: Ontology, decisions: Decisions, base: str
) -> Iterator[tuple[list[Thing], Identity]]:
    """All things with what they are, those together that have to do with each other."""
    left = {article for article in said.articles() if not _is_in(store, article)}  # by a build that was killed

    def owners(article: str, iri: str) -> frozenset[str]:
        thing = said.thing(article, iri)
        return _unit(thing).owners if thing else frozenset()

    survey = Survey(ontology, (_unit(thing) for thing in said.things() if thing.article not in left), owners)
    related = survey.related(decisions)
    for iri in survey.iris():
        group = related.get(iri, [iri])
        if iri != group[0]:
            continue
        things = [thing for each in group for thing in said.called(each) if thing.article not in left]
        yield things, resolve_some(map(_unit, things), survey, decisions, base)


def _unit(thing: Thing) -> Unit:
    return Unit.unpacked(thing.article, thing.iri, thing.content)


def _is_in(store: LocalStore, article: str) -> bool:
    return store.oxigraph.contains_named_graph(ox.NamedNode(article))


def _decided(identity: Identity, decisions: Decisions) -> dict[str, str]:
    """The things that a person named, and their names."""
    return {
        iri: identity.names[iri]
        for iri, parts in identity.parts.items()
        if any(part in decisions.names for part in parts)
    }


def _called_otherwise(store: LocalStore, iris: Iterable[str], names: Mapping[str, str]) -> Iterator[str]:
    """The articles beside which a thing is known under another name than the one a person gave it, or took from it."""
    for iri in iris:
        for quad in store.oxigraph.quads_for_pattern(ox.NamedNode(iri), t.PREF_LABEL, None, None):
            graph: Any = quad.graph_name
            label: Any = quad.object
            if graph != ox.DefaultGraph() and is_background(graph.value) and label.value != names.get(iri):
                yield f"{DATA}article/{graph.value.rpartition('/')[2]}"


def _write(said: Said, store: LocalStore, article: str, renamed: Mapping[str, str], base: str) -> None:
    """Let the graph of an article in the store call things as they are called."""
    own, known = unpack_said(said.content(article))
    things = said.named_in(article)
    iris = {thing.iri: thing.now for thing in things}
    names = {**renamed, **{thing.now: thing.name for thing in things}}
    reading = [quad for quad in store.quads(article) if is_of_reading(quad)]
    store.replace(background_graph(article), rewrite(known, iris, names, base))
    store.replace(article, [*rewrite(own, iris, names, base), *reading])
