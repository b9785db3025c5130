"""What a store knows of the articles in it: where each was read, what was read there, and by which run.

An article is the IRI of its graph, which is its own too. One text read in several places is one article with
several sources; the first of them, in the order of their names, is the one it is read from. What is known of the
areas an article names stands in a graph beside its own and comes and goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV

from kg.store.local import LocalStore, in_graph
from kg.vocab import BACKGROUND_GRAPH, DATA, SCHEMA

Place = ox.NamedNode | ox.Literal
"""An address, or where a file lies."""

_SOURCE = ox.NamedNode(str(DCTERMS.source))
_TITLE = ox.NamedNode(str(DCTERMS.title))
_SHA256 = ox.NamedNode(str(SCHEMA.sha256))
_GENERATED = ox.NamedNode(str(PROV.wasGeneratedBy))
_DERIVED = ox.NamedNode(str(PROV.wasDerivedFrom))
_STARTED = ox.NamedNode(str(PROV.startedAtTime))
_ENDED = ox.NamedNode(str(PROV.endedAtTime))
_MADE_WITH = (ox.NamedNode(str(PROV.used)), ox.NamedNode(str(PROV.wasAssociatedWith)))


class Articles:
    """The articles of a store; it follows what is written through it.

    Of an article that is to be read again whatever its text, the reading is not known: its graph says no
    ``prov:wasDerivedFrom``.
    """

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._held: dict[Place, set[str]] = {}
        self._places: dict[str, set[Place]] = {}
        self._digests: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        for article, digest in self._own(_SHA256):
            self._note_text(digest.value, article)
            self._places[article] = set()
        for article, place in self._own(_SOURCE):
            self._note_place(place, article)
        self._readings = {article: reading.value for article, reading in self._own(_DERIVED)}
        self._runs = {article: run.value for article, run in self._own(_GENERATED)}

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._places))

    def of_text(self, digest: str) -> str | None:
        """The article whose source text has this SHA-256."""
        return self._digests.get(digest)

    def places(self, article: str) -> frozenset[Place]:
        """Where an article was read until now."""
        return frozenset(self._places.get(article, ()))

    def at(self, place: Place) -> frozenset[str]:
        """The articles that were read at a place."""
        return frozenset(self._held.get(place, ()))

    def titles(self) -> dict[str, str]:
        """The title of each article that has one."""
        return {article: title.value for article, title in self._own(_TITLE)}

    def unread(self) -> list[str]:
        """The articles that are to be read again."""
        return [article for article in self if article not in self._readings]

    def text_of(self, article: str) -> str:
        """The SHA-256 of an article's source text."""
        return self._texts[article]

    def is_current(self, article: str, run: str, reading: str | None = None) -> bool:
        """Whether ``article`` was made (of this reading) with the software, ontology and configuration of ``run``."""
        made_of = self._readings.get(article)
        is_read = made_of is not None and (reading is None or made_of == reading_iri(reading))
        return is_read and article in self._runs and self._made_with(self._runs[article]) == self._made_with(run)

    def ended_well(self) -> bool:
        """Whether the last run came to its end: what follows from the articles is up to date then."""
        runs = self._store.oxigraph.quads_for_pattern(None, _STARTED, None, ox.DefaultGraph())
        last = max(runs, default=None, key=lambda quad: str(quad.object))
        if last is None:
            return False
        ended = self._store.oxigraph.quads_for_pattern(last.subject, _ENDED, None, ox.DefaultGraph())
        return next(iter(ended), None) is not None

    def forget(self, article: str) -> None:
        """Have an article read again, whatever its text."""
        if self._readings.pop(article, None) is not None:
            self._store.apply((), self._reading_of(article))

    def keep(
        self,
        article: str,
        place: Place,
        digest: str,
        reading: str,
        run: str,
        said: Iterable[ox.Quad],
        background: Iterable[ox.Quad],
    ) -> None:
        """Let an article, read at ``place`` by ``run``, say ``said``, and what is known besides be ``background``.

        One transaction, with what leaves the graph by it: what the article said, and what ``place`` held, before.
        """
        node = ox.NamedNode(article)
        before = self._digests.get(digest, article)
        added, removed = self._moved(place, article)
        kept = [*said, ox.Quad(node, _DERIVED, ox.NamedNode(reading_iri(reading)), node)]
        kept += (ox.Quad(node, _SOURCE, other, node) for other in self.places(before))
        added += [*in_graph(article, kept), *in_graph(background_graph(article), background)]
        for old in {article, before}:
            removed += [*self._store.quads(old), *self._store.quads(background_graph(old))]
        self._store.apply(added, removed)
        for other in self.places(before):
            self._note_place(other, article)
        self._note_move(place, article)
        if before != article:
            self._note_gone(before)
        self._note_text(digest, article)
        self._readings[article] = reading_iri(reading)
        self._runs[article] = run

    def hold(self, place: Place, article: str) -> None:
        """Note that ``article`` is what was read at ``place``, which leaves what it held before."""
        if self.at(place) != {article}:
            self._store.apply(*self._moved(place, article))
            self._note_move(place, article)

    def leave(self, places: Iterable[Place]) -> None:
        """Note that nothing was found at ``places`` any more."""
        for place in places:
            self._store.apply(*self._moved(place, None))
            self._note_move(place, None)

    def without_place(self) -> list[str]:
        """The articles that no place holds any more."""
        return [article for article in self if not self._places[article]]

    def drop(self, articles: Iterable[str]) -> None:
        """Take articles out, each in one transaction: what only they say is gone."""
        for article in articles:
            self._store.apply((), [*self._store.quads(article), *self._store.quads(background_graph(article))])
            self._note_gone(article)

    def _moved(self, place: Place, article: str | None) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """What is said and what no longer is when ``place`` holds ``article`` and nothing else."""
        removed = []
        for outdated in self.at(place) - {article}:
            node = ox.NamedNode(outdated)
            removed.append(ox.Quad(node, _SOURCE, place, node))
            if self._is_read_anew_without(place, outdated):
                removed += self._reading_of(outdated)
        if article is None:
            return [], removed
        node = ox.NamedNode(article)
        return [ox.Quad(node, _SOURCE, place, node)], removed

    def _note_move(self, place: Place, article: str | None) -> None:
        for outdated in self._held.pop(place, set()) - {article}:
            if self._is_read_anew_without(place, outdated):
                self._readings.pop(outdated, None)
            self._places[outdated].discard(place)
        if article:
            self._note_place(place, article)

    def _note_place(self, place: Place, article: str) -> None:
        self._held.setdefault(place, set()).add(article)
        self._places.setdefault(article, set()).add(place)

    def _note_text(self, digest: str, article: str) -> None:
        self._digests[digest] = article
        self._texts[article] = digest

    def _note_gone(self, article: str) -> None:
        for place in self._places.pop(article, ()):
            self._held[place].discard(article)
        digest = self._texts.pop(article, "")
        if self._digests.get(digest) == article:
            del self._digests[digest]
        self._readings.pop(article, None)
        self._runs.pop(article, None)

    def _is_read_anew_without(self, place: Place, article: str) -> bool:
        """Whether a text was read from ``place`` while others hold it too: another is then the first of them."""
        return len(self._places[article]) > 1 and first(self._places[article]) == place

    def _reading_of(self, article: str) -> list[ox.Quad]:
        node = ox.NamedNode(article)
        return list(self._store.oxigraph.quads_for_pattern(node, _DERIVED, None, node))

    def _made_with(self, run: str) -> Collection[str]:
        return {
            str(quad.object)
            for property_ in _MADE_WITH
            for quad in self._store.oxigraph.quads_for_pattern(ox.NamedNode(run), property_, None, ox.DefaultGraph())
        }

    def _own(self, property_: ox.NamedNode) -> Iterator[tuple[str, Place]]:
        """What the articles' graphs say of the articles themselves."""
        for quad in self._store.oxigraph.quads_for_pattern(None, property_, None, None):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject == quad.graph_name:
                if isinstance(quad.object, ox.NamedNode | ox.Literal):
                    yield quad.subject.value, quad.object


def first(places: Iterable[Place]) -> Place | None:
    """Of the places that hold one text, the one it is read from."""
    return min(places, default=None, key=str)


def background_graph(article: str) -> str:
    """The name of the graph of what is known besides of the areas an article names.

    >>> background_graph("https://w3id.org/zonekg/id/article/a")
    'https://w3id.org/zonekg/id/graph/background/a'
    """
    return f"{BACKGROUND_GRAPH}/{article.rsplit('/', 1)[-1]}"


def is_of_reading(quad: ox.Quad) -> bool:
    """Whether a quad of an article's graph says where the article was read, or of what it was made."""
    return quad.subject == quad.graph_name and quad.predicate in (_SOURCE, _DERIVED)


def reading_iri(digest: str) -> str:
    """What an article was made of: a text with what was known of it, by the digest of both."""
    return f"{DATA}reading/{digest}"
