"""``DIR/links.json`` → the graph of links: what the file says of things, said of them by the IRIs they have now.

The file holds each link as it was found, of the IRIs its thing was made of then. So the graph depends on the articles
and the file alone: a link follows its thing to another IRI, is not said while the thing is gone, and neither where one
thing has become two, nor where two services' things would have become one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL

from kg.errors import GraphError
from kg.graph import terms as t
from kg.graph.iri import escape, hashed_iri
from kg.link.model import Link
from kg.store import GraphFolder, LocalStore
from kg.vocab import DATA, LINKS_GRAPH

AXIOM = ox.NamedNode(str(OWL.Axiom))
ANNOTATED_SOURCE = ox.NamedNode(str(OWL.annotatedSource))
ANNOTATED_PROPERTY = ox.NamedNode(str(OWL.annotatedProperty))
ANNOTATED_TARGET = ox.NamedNode(str(OWL.annotatedTarget))
CREATED = ox.NamedNode(str(DCTERMS.created))
MATCH_SCORE = t.zkg("matchScore")

_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class LinkRun:
    """A time when a service was asked: from ``started`` to ``ended`` (``xsd:dateTime``), by ``software``."""

    service: str
    name: str
    started: str
    ended: str
    software: Mapping[str, str]


class Stated(NamedTuple):
    """What became of a link: ``thing`` is the IRI it is said of, none where it is not said, for the reason ``why``."""

    link: Link
    thing: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The links of a graph folder, and the runs that made them, by their ids."""

    links: tuple[Link, ...] = ()
    runs: Mapping[str, LinkRun] | None = None

    @staticmethod
    def read(path: Path) -> Kept:
        """What a file holds; nothing where it is not there.

        Raises:
            GraphError: it is damaged.
        """
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            links = tuple(Link(**{**each, "parts": tuple(each["parts"])}) for each in said["links"])
            runs = {id_: LinkRun(**run) for id_, run in said["runs"].items()}
            for link in links:
                _axiom(link, link.parts[0], runs)
        except FileNotFoundError:
            return Kept()
        except (OSError, ValueError, TypeError, KeyError, LookupError, AttributeError) as error:
            raise GraphError(f"{path} cannot be read ({error}); mend it or remove it") from error
        return Kept(links, runs)

    def write(self, path: Path) -> None:
        """Write them to a file, whole or not at all, in an order that depends on what they are alone."""
        used = {link.run for link in self.links}
        said = {
            "links": [asdict(link) for link in sorted(self.links, key=lambda link: (link.service, link.parts))],
            "runs": {id_: asdict(run) for id_, run in sorted((self.runs or {}).items()) if id_ in used},
        }
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        fresh.replace(path)

    def renewed(self, service: str, asked: Iterable[str], found: Iterable[Link], runs: Mapping[str, LinkRun]) -> Kept:
        """With what ``service`` says now of the things made of the IRIs ``asked``; what it said before stays as it was."""
        anew = set(asked)
        old = {_essence(link): link for link in self.links}
        stay = [link for link in self.links if link.service != service or not anew.intersection(link.parts)]
        return Kept((*stay, *(old.get(_essence(link), link) for link in found)), {**(self.runs or {}), **runs})


def _essence(link: Link) -> tuple[object, ...]:
    return (*asdict(link).values(),)[:-1]


def state_links(
    folder: GraphFolder, store: LocalStore, parts: Callable[[], Mapping[str, frozenset[str]]]
) -> list[Stated]:
    """Let the graph of links say what the folder's file does; ``parts`` tells what each thing is made of."""
    kept = Kept.read(folder.links)
    if not kept.links and next(iter(store.quads(LINKS_GRAPH)), None) is None:
        return []
    stated = list(_stated(kept.links, store, parts()))
    quads = (quad for link, thing, _ in stated if thing for quad in _axiom(link, thing, kept.runs or {}))
    store.replace(LINKS_GRAPH, quads)
    return stated


def _stated(links: Collection[Link], store: LocalStore, parts: Mapping[str, frozenset[str]]) -> Iterator[Stated]:
    things: dict[str, set[str]] = defaultdict(set)
    for thing, of in parts.items():
        for part in (*of, thing):
            things[part].add(thing)

    for quad in store.oxigraph.quads_for_pattern(None, t.PREF_LABEL, None, _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value not in things:
            things[quad.subject.value] = {quad.subject.value}  # an area that only the background knows
    found = [(link, set().union(*(things[part] for part in link.parts if part in things))) for link in links]
    targets, sharing = defaultdict(set), defaultdict(set)
    for link, are in found:
        for thing in are:
            targets[link.service, thing].add(link.target)
            sharing[link.service, link.target].add(thing)
    for link, are in found:
        if not are:
            yield Stated(link, None, "the thing is gone")
        elif len(are) > 1:
            yield Stated(link, None, f"{len(are)} things were one")
        elif len(sharing[link.service, link.target]) > 1:
            yield Stated(link, None, "another thing of the graph matches it too")
        elif len(targets[link.service, min(are)]) > 1:
            yield Stated(link, None, "what it was made of matches several")
        else:
            yield Stated(link, min(are))


def _axiom(link: Link, thing: str, runs: Mapping[str, LinkRun]) -> list[ox.Quad]:
    return t.order(t.in_graph(ox.NamedNode(LINKS_GRAPH), _statements(link, thing, runs[link.run])))


def _statements(link: Link, thing: str, run: LinkRun) -> Iterator[t.Statement]:
    source, property_, target = ox.NamedNode(thing), ox.NamedNode(link.property), ox.NamedNode(link.target)
    node = ox.NamedNode(hashed_iri("link", (thing, link.property, link.target, link.service)))
    activity, service = ox.NamedNode(f"{DATA}run/{escape(link.run)}"), ox.NamedNode(link.service)
    yield source, property_, target
    if link.name:
        yield target, t.LABEL, t.text(link.name)
    yield node, t.TYPE, AXIOM
    yield node, ANNOTATED_SOURCE, source
    yield node, ANNOTATED_PROPERTY, property_
    yield node, ANNOTATED_TARGET, target
    yield node, MATCH_SCORE, t.decimal(link.score)
    yield node, CREATED, t.date(link.asked)
    yield node, t.WAS_GENERATED_BY, activity
    yield activity, t.TYPE, t.ACTIVITY
    yield activity, t.STARTED_AT_TIME, t.date_time(run.started)
    yield activity, t.ENDED_AT_TIME, t.date_time(run.ended)
    agents = [(service, run.name, "")]
    for name, version in run.software.items():
        agents.append((ox.NamedNode(f"{DATA}software/{escape(name)}/{escape(version)}"), name, version))
    for agent, name, version in agents:
        yield activity, t.WAS_ASSOCIATED_WITH, agent
        yield agent, t.TYPE, t.SOFTWARE_AGENT
        yield agent, t.LABEL, t.text(name)
        if version:
            yield agent, t.SOFTWARE_VERSION, t.text(version)
