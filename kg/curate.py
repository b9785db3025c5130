"""What people decide of a graph: which things are one, which are several, what one is called, what article goes.

Decisions of things are kept in ``DIR/decisions.ttl`` (:class:`kg.identity.Decisions`), applied at once and at every build.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kg.builder import clear, complete
from kg.errors import KgError, UnknownNameError
from kg.graph import article_id
from kg.graph.terms import simplify
from kg.identity import Decisions, Identity, identity_of
from kg.knowledge_graph import EntityRecord, KnowledgeGraph
from kg.ontology import Ontology
from kg.runs import revising
from kg.store import Articles, GraphFolder


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two things that may be one, why, and the articles (by IRI) that name each."""

    one: EntityRecord
    other: EntityRecord
    why: str
    articles: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that was taken out of a graph: its IRI, its title, and the places it was read in."""

    iri: str
    title: str | None
    places: tuple[str, ...]


def ambiguous(path: Path | str, ontology: Ontology | None = None) -> list[Ambiguous]:
    """The pairs of things that may be one: what a person should look at.

    Raises:
        GraphError: the folder is not a graph, or is being written to.
    """
    with KnowledgeGraph.open(path, ontology) as graph:
        identity = identity_of(GraphFolder(Path(path)), graph.store, graph.ontology)
        naming: dict[str, list[str]] = {}
        for article, iris in identity.iris.items():
            for iri in set(iris.values()):
                naming.setdefault(iri, []).append(article)
        return [
            Ambiguous(
                graph.find(pair.one),
                graph.find(pair.other),
                pair.why,
                (tuple(sorted(naming[pair.one])), tuple(sorted(naming[pair.other]))),
            )
            for pair in identity.ambiguous
        ]


def merge(path: Path | str, one: str, other: str, ontology: Ontology | None = None) -> EntityRecord:
    """Make one thing of two, each named by its name or its IRI; gives the thing.

    Raises:
        UnknownNameError: nothing is called so, or several things are.
        KgError: they are the same already, or of groups that have nothing in common.
        GraphError: the folder is not a graph, or is being written to.
    """

    def change(graph: KnowledgeGraph, identity: Identity, decisions: Decisions) -> tuple[str, Decisions]:
        first, second = graph.find(one), graph.find(other)
        if first.iri == second.iri:
            raise KgError(f"{one} and {other} are one thing already: {first.iri}")
        if _group(first) != _group(second):
            raise KgError(f"{one} is a {first.class_} and {other} a {second.class_}; only things of one kind are one")
        if first.iri in identity.known and second.iri in identity.known:
            raise KgError(f"{one} and {other} are two areas of the gazetteer; only other things can be made one")
        return first.iri, decisions.merged(first.iri, second.iri)

    return _decide(path, change, ontology)


def split(path: Path | str, name: str, ontology: Ontology | None = None) -> EntityRecord:
    """Take a thing apart: into those it was brought together from, else into one for each article that names it.

    Gives what is called so then. Raises as ``merge`` does.
    """

    def change(graph: KnowledgeGraph, identity: Identity, decisions: Decisions) -> tuple[str, Decisions]:
        thing = graph.find(name)
        parts = identity.parts.get(thing.iri, frozenset())
        articles = sum(thing.iri in iris.values() for iris in identity.iris.values())
        if len(parts) < 2 and (articles < 2 or thing.iri in identity.known):
            raise KgError(f"{name} cannot be split: one name, and one article or the gazetteer says what it is")
        return thing.iri, decisions.split(parts)

    return _decide(path, change, ontology)


def rename(path: Path | str, thing: str, name: str, ontology: Ontology | None = None) -> EntityRecord:
    """Call a thing ``name``; its IRI stays, and what it was called until now is another name. Raises as ``merge`` does."""

    def change(graph: KnowledgeGraph, _: Identity, decisions: Decisions) -> tuple[str, Decisions]:
        wanted = name.strip()
        if not wanted or not wanted.isprintable() or simplify(wanted) != wanted:
            raise KgError(f"{name!r} is no name to show; give one line in simplified characters")
        iri = graph.find(thing).iri
        return iri, decisions.renamed(iri, wanted)

    return _decide(path, change, ontology)


def _group(thing: EntityRecord) -> str:
    return thing.iri.rpartition("/")[0]


def _decide(
    path: Path | str,
    change: Callable[[KnowledgeGraph, Identity, Decisions], tuple[str, Decisions]],
    ontology: Ontology | None,
) -> EntityRecord:
    """Change the decisions, bring the store up to date with them, and give what the thing at ``iri`` is then."""
    folder = GraphFolder(Path(path))
    with KnowledgeGraph.open(path, ontology) as graph:
        ontology = graph.ontology
        identity = identity_of(folder, graph.store, ontology)
        iri, decisions = change(graph, identity, Decisions.read(folder.decisions))
        parts = identity.parts.get(iri, frozenset((iri,)))
    with folder.open() as store, revising(store, ontology):
        decisions.write(folder.decisions)
        complete(folder, store, ontology)
    with KnowledgeGraph.open(path, ontology) as graph:
        identity = identity_of(folder, graph.store, ontology)
        things = {now for now, of in identity.parts.items() if of & parts or now.startswith(f"{iri}(")}
        return graph.find(iri if iri in things else min(things))


def remove(out: Path | str, article: str, ontology: Ontology | None = None) -> Removal:
    """Take an article out of the graph in ``out``: what only it says, its evidence, and its text.

    ``article`` is a place it was read in, its IRI, the name that ends it, or its title. An article that was read in
    several places goes as a whole.

    Raises:
        GraphError: ``out`` is no graph, or somebody else writes to it.
        UnknownNameError: no article is called so (the message offers the nearest three), or several are.
    """
    ontology = ontology or Ontology.load()
    folder = GraphFolder(Path(out))
    with folder.open() as store:
        articles = Articles(store)
        found = _named(article, articles)
        removal = Removal(found, articles.titles().get(found), tuple(sorted(p.value for p in articles.places(found))))
        with revising(store, ontology, [found]):
            articles.drop([found])
            with folder.open_said() as said:
                clear(folder, store, said)
            complete(folder, store, ontology)
    return removal


def _named(name: str, articles: Articles) -> str:
    """The article of this IRI, place, id or title."""
    if name in set(articles):
        return name
    known: dict[str, set[str]] = {}
    titles = articles.titles()
    for article in articles:
        called = [article_id(article), titles.get(article), *(place.value for place in articles.places(article))]
        for each in filter(None, called):
            known.setdefault(each, set()).add(article)
    found = sorted(known.get(name, known.get(str(Path(name).absolute()), ())))
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownNameError(f"{len(found)} articles are called {name}; name one by its IRI: {', '.join(found)}")
    nearest = get_close_matches(name, sorted(known), n=3, cutoff=0.0)
    offer = f"; the nearest are {', '.join(nearest)}" if nearest else "; there are none yet"
    raise UnknownNameError(f"there is no article called {name}{offer}")
