"""Where the articles of a store were read: one text read in several places is one article with several sources."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib.namespace import DCTERMS

from kg.store.local import LocalStore
from kg.vocab import SCHEMA

SOURCE = ox.NamedNode(str(DCTERMS.source))
SHA256 = ox.NamedNode(str(SCHEMA.sha256))

Place = ox.NamedNode | ox.Literal
"""An address, or where a file lies."""


class Places:
    """The places of the articles of a store; it follows what is written through it.

    An article is the IRI of its graph, which is its own too.
    """

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._articles: dict[Place, set[str]] = {}  # place → the articles that were read there
        self._places: dict[str, set[Place]] = {}  # article → its places
        self._digests: dict[str, str] = {}
        for quad in store.oxigraph.quads_for_pattern(None, SOURCE, None, None):
            if (
                isinstance(quad.subject, ox.NamedNode)
                and quad.subject == quad.graph_name
                and isinstance(quad.object, ox.NamedNode | ox.Literal)
            ):
                self._articles.setdefault(quad.object, set()).add(quad.subject.value)
                self._places.setdefault(quad.subject.value, set()).add(quad.object)
        for quad in store.oxigraph.quads_for_pattern(None, SHA256, None, None):
            if (
                isinstance(quad.subject, ox.NamedNode)
                and quad.subject == quad.graph_name
                and isinstance(quad.object, ox.Literal)
            ):
                self._digests[quad.object.value] = quad.subject.value

    def article(self, digest: str) -> str | None:
        """The article whose source text has this SHA-256."""
        return self._digests.get(digest)

    def sources(self, article: str) -> list[ox.Quad]:
        """What says where an article was read until now."""
        node = ox.NamedNode(article)
        return [ox.Quad(node, SOURCE, place, node) for place in sorted(self._places.get(article, ()), key=str)]

    def hold(self, place: Place, article: str) -> None:
        """Note that ``place`` holds ``article``; one it held before goes with its last place."""
        for outdated in self._articles.pop(place, set()) - {article}:
            self._places[outdated].discard(place)
            said = ox.Triple(ox.NamedNode(outdated), SOURCE, place)
            if self._places[outdated]:
                self._store.replace(outdated, [q for q in self._store.quads(outdated) if q.triple != said])
            else:
                self._store.remove(outdated)
        self._articles.setdefault(place, set()).add(article)
        self._places.setdefault(article, set()).add(place)
        self._store.add(article, self.sources(article))
