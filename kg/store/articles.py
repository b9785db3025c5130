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
    """The articles of a store, which is asked each time: nothing is held that grows with them.

    Of an article that is to be read again whatever its text, the reading is not known: its graph says no
    ``prov:wasDerivedFrom``.
    """

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._runs: dict[str, Collection[str]] = {}  # what each was made with, which never changes

    def __iter__(self) -> Iterator[str]:
        return (article for article, _ in self._own(_SHA256))

    def of_text(self, digest: str) -> str | None:
        """The article whose source text has this SHA-256."""
        return min((article for article, _ in self._own(_SHA256, ox.Literal(digest))), default=None)

    def places(self, article: str) -> frozenset[Place]:
        """Where an article was read until now."""
        return frozenset(self._of(article, _SOURCE))

    def at(self, place: Place) -> frozenset[str]:
        """The articles that were read at a place."""
        return frozenset(article for article, _ in self._own(_SOURCE, place))

    def all_places(self) -> Iterator[tuple[Place, str]]:
        """Each place with an article that was read there."""
        return ((place, article) for article, place in self._own(_SOURCE))

    def titles(self) -> dict[str, str]:
        """The title of each article that has one."""
        return {article: title.value for article, title in self._own(_TITLE)}

    def unread(self) -> Iterator[str]:
        """The articles that are to be read again."""
        return (article for article in self if not self._reading_of(article))

    def text_of(self, article: str) -> str:
        """The SHA-256 of an article's source text."""
        return next(iter(self._of(article, _SHA256))).value

    def is_current(self, article: str, run: str, reading: str | None = None) -> bool:
        """Whether ``article`` was made (of this reading) with the software, ontology and configuration of ``run``."""
        made_of = {place.value for place in self._of(article, _DERIVED)}
        is_read = bool(made_of) and (reading is None or reading_iri(reading) in made_of)
        by = {place.value for place in self._of(article, _GENERATED)}
        return is_read and any(self._made_with(each) == self._made_with(run) for each in by)

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
        if reading := self._reading_of(article):
            self._store.apply((), reading)

    def keep(
        self,
        article: str,
        place: Place,
        digest: str,
        reading: str,
        said: Iterable[ox.Quad],
        background: Iterable[ox.Quad],
    ) -> None:
        """Let an article, read at ``place``, say ``said``, and what is known besides be ``background``.

        One transaction, with what leaves the graph by it: what the article said, and what ``place`` held, before.
        """
        node = ox.NamedNode(article)
        before = self.of_text(digest) or article
        added, removed = self._moved(place, article)
        kept = [*said, ox.Quad(node, _DERIVED, ox.NamedNode(reading_iri(reading)), node)]
        kept += (ox.Quad(node, _SOURCE, other, node) for other in self.places(before))
        added += [*in_graph(article, kept), *in_graph(background_graph(article), background)]
        for old in {article, before}:
            removed += [*self._store.quads(old), *self._store.quads(background_graph(old))]
        self._store.apply(added, removed)

    def hold(self, place: Place, article: str) -> None:
        """Note that ``article`` is what was read at ``place``, which leaves what it held before."""
        if self.at(place) != {article}:
            self._store.apply(*self._moved(place, article))

    def leave(self, places: Iterable[Place]) -> None:
        """Note that nothing was found at ``places`` any more."""
        for place in places:
            self._store.apply(*self._moved(place, None))

    def without_place(self) -> Iterator[str]:
        """The articles that no place holds any more."""
        return (article for article in self if not self.places(article))

    def drop(self, articles: Iterable[str]) -> None:
        """Take articles out, each in one transaction: what only they say is gone."""
        for article in articles:
            self._store.apply((), [*self._store.quads(article), *self._store.quads(background_graph(article))])

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

    def _is_read_anew_without(self, place: Place, article: str) -> bool:
        """Whether a text was read from ``place`` while others hold it too: another is then the first of them."""
        places = self.places(article)
        return len(places) > 1 and first(places) == place

    def _reading_of(self, article: str) -> list[ox.Quad]:
        node = ox.NamedNode(article)
        return list(self._store.oxigraph.quads_for_pattern(node, _DERIVED, None, node))

    def _made_with(self, run: str) -> Collection[str]:
        if run not in self._runs:
            self._runs[run] = {
                str(quad.object)
                for property_ in _MADE_WITH
                for quad in self._store.oxigraph.quads_for_pattern(
                    ox.NamedNode(run), property_, None, ox.DefaultGraph()
                )
            }
        return self._runs[run]

    def _of(self, article: str, property_: ox.NamedNode) -> Iterator[Place]:
        """What an article's graph says of the article itself."""
        node = ox.NamedNode(article)
        for quad in self._store.oxigraph.quads_for_pattern(node, property_, None, node):
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                yield quad.object

    def _own(self, property_: ox.NamedNode, object_: Place | None = None) -> Iterator[tuple[str, Place]]:
        """What the articles' graphs say of the articles themselves."""
        for quad in self._store.oxigraph.quads_for_pattern(None, property_, object_, None):
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
