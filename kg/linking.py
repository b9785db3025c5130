"""A graph folder and a service in, links out: the whole flow on one page.

A service is asked for the things whose names tell them; what it answered before is not asked for again. Of the
answers only what is certain becomes a link, the rest is for a person to look at. The store is written at the end,
also where Ctrl-C, or a service that fell silent, ended the asking.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.answers import Cache, digest_of
from kg.builder import complete
from kg.errors import LinkError, UnknownNameError
from kg.graph import terms as t
from kg.graph.iri import unescape
from kg.http import NAME, RefusedError, UnansweredError, UnreachableError, agent
from kg.identity import identity_of
from kg.link import Candidate, Kept, Link, LinkRun, Options, Question, Review, Service, Thing, find_service, judge
from kg.link.asking import connect, raise_for_good
from kg.ontology import Ontology
from kg.runs import new_run_id, now, revising
from kg.store import GraphFolder, LocalStore
from kg.vocab import INFERRED_GRAPH

MAX_UNANSWERED = 3  # requests in a row; then the service is taken to be gone

OnAnswers = Callable[[int, int], None]
"""Called after each request with how many things have an answer, and how many there are."""

_NOT_THINGS = frozenset(["Article", "Observation", "Milestone"])
_SPLITS = (400, 413, 414, 422)  # what may be the fault of one question among several
_DEFAULT = ox.DefaultGraph()
_INFERRED = ox.NamedNode(INFERRED_GRAPH)


@dataclass(frozen=True, slots=True)
class Linked:
    """A thing of the graph and what it is elsewhere."""

    iri: str
    name: str
    class_: str
    target: str
    target_name: str
    score: float
    asked: str


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What linking came to: of ``things``, those linked, those for a person to look at, and the rest in numbers.

    ``asked`` counts the things that the service was asked for in this run, ``kept`` those whose answer was there;
    ``unknown`` those the service has nothing for. ``unanswered`` are things (by name) without an answer, and why;
    ``left`` counts those not asked for, because of the limit, an interrupt, or a service that fell silent (``silent``
    says how).
    """

    service: str
    things: int
    linked: tuple[Linked, ...]
    review: tuple[Review, ...]
    asked: int
    kept: int
    unknown: int
    unanswered: tuple[tuple[str, str], ...]
    left: int
    interrupted: bool
    silent: str = ""


def link(
    path: Path | str, options: Options, ontology: Ontology | None = None, on_answers: OnAnswers | None = None
) -> LinkReport:
    """Link the things of the graph in ``path`` with those of the service that ``options`` name.

    Raises:
        GraphError: the folder is not a graph, or somebody else writes to it.
        LinkError: no service is there, it lets nobody in, or an option does not fit it.
        UnknownNameError: the ontology has no such class or property.
    """
    ontology = ontology or Ontology.load()
    _require_known(options, ontology)
    folder = GraphFolder(Path(path))
    with folder.open(read_only=True) as store:
        things = _things(folder, store, ontology, options)
    Kept.read(folder.links)  # what is damaged is said before anybody is asked
    started = now()
    try:
        with closing(connect(options)) as http:
            service = find_service(http, options, Cache(options.cache))
            asking = _Asking(service, options, ontology, on_answers)
            asking.go_through(things)
    except OSError as error:
        raise LinkError(f"{options.cache} cannot keep answers ({error.strerror}); free its place") from error
    run_id, run = new_run_id(started), LinkRun(options.service, service.name, started, now(), _software())
    found = [
        Link(_parts(thing), options.relation, each.iri, each.name, each.score, asked, options.service, run_id)
        for thing, each, asked in asking.found
    ]
    names = [part for thing in asking.answers for part in (*thing.parts, thing.iri)]
    with folder.open() as store, revising(store, ontology):
        Kept.read(folder.links).renewed(options.service, names, found, {run_id: run}).write(folder.links)
        stated = complete(folder, store, ontology)
    said = {(each.link.parts, each.link.target) for each in stated if each.thing}
    doubts = {each.link.parts: each.why for each in stated if not each.thing and each.link.service == options.service}
    linked, review = [], list(asking.review)
    for thing, candidate, asked in asking.found:
        if (_parts(thing), candidate.iri) in said:
            linked.append(
                Linked(thing.iri, thing.name, thing.class_, candidate.iri, candidate.name, candidate.score, asked)
            )
        else:
            why = doubts.get(_parts(thing), "the graph changed meanwhile")
            review.append(Review(thing.iri, thing.name, thing.class_, why, (candidate,)))
    return LinkReport(
        service.name,
        len(things),
        tuple(linked),
        tuple(sorted(review, key=lambda each: (each.name, each.iri))),
        asking.asked,
        asking.kept,
        asking.unknown,
        tuple(asking.unanswered),
        asking.left,
        asking.interrupted,
        asking.silent,
    )


class _Asking:
    """A service being asked: what it answered until now."""

    def __init__(self, service: Service, options: Options, ontology: Ontology, on_answers: OnAnswers | None) -> None:
        self.answers: list[Thing] = []
        self.found: list[tuple[Thing, Candidate, str]] = []
        self.review: list[Review] = []
        self.unanswered: list[tuple[str, str]] = []
        self.asked = self.kept = self.unknown = self.left = 0
        self.interrupted, self.silent = False, ""
        self._service, self._options, self._ontology, self._on_answers = service, options, ontology, on_answers
        self._cache = Cache(options.cache)
        self._in_a_row = self._total = 0

    def go_through(self, things: Sequence[Thing]) -> None:
        """Ask for the things that have no answer, and judge all answers."""
        self._total = len(things)
        to_ask: list[tuple[Thing, Question]] = []
        for thing in things:
            question = _question(thing, self._options, self._ontology, self._service.other_names)
            if thing.shared and not question.context:
                self.answers.append(thing)
                self._note(thing, "others have its name, and nothing else is asked with it")
            elif not self._options.again and (kept := self._from_cache(question)) is not None:
                self.kept += 1
                self._judge(thing, question, *kept)
            else:
                to_ask.append((thing, question))
        limit = len(to_ask) if self._options.limit is None else self._options.limit
        self.left = len(to_ask)
        wanted = to_ask[:limit]
        try:
            self._tell()
            for first in range(0, len(wanted), self._service.batch):
                self._ask(wanted[first : first + self._service.batch])
                self._tell()
                if self.silent:
                    break
        except KeyboardInterrupt:
            self.interrupted = True

    def _ask(self, wanted: Sequence[tuple[Thing, Question]]) -> None:
        try:
            answers = self._service.ask([question for _, question in wanted])
        except RefusedError as error:
            raise_for_good(error, self._options.service)
            if len(wanted) > 1 and error.status in _SPLITS:
                middle = len(wanted) // 2
                self._ask(wanted[:middle])
                self._ask(wanted[middle:])
                return
            self._give_up(wanted, str(error))
        except (UnansweredError, UnreachableError) as error:
            self._give_up(wanted, str(error))
        else:
            self._in_a_row = 0
            asked = datetime.now(UTC).date().isoformat()
            for (thing, question), candidates in zip(wanted, answers, strict=True):
                self.left -= 1
                self.asked += 1
                if candidates is None:
                    self.unanswered.append((thing.name, "the service says nothing of it"))
                    continue
                said = {"asked": asked, "candidates": [asdict(candidate) for candidate in candidates]}
                self._cache.put(self._digest(question), json.dumps(said, ensure_ascii=False))
                self._judge(thing, question, asked, candidates)

    def _give_up(self, wanted: Sequence[tuple[Thing, Question]], reason: str) -> None:
        self.left -= len(wanted)
        self.asked += len(wanted)
        self.unanswered += [(thing.name, reason) for thing, _ in wanted]
        self._in_a_row += 1
        if self._in_a_row >= MAX_UNANSWERED or not self.asked - len(self.unanswered):
            self.silent = reason

    def _judge(self, thing: Thing, question: Question, asked: str, candidates: Sequence[Candidate]) -> None:
        self.answers.append(thing)
        verdict = judge(question, candidates, self._options, self._service.all_types)
        if verdict is None:
            self.unknown += 1
        elif isinstance(verdict, str):
            self._note(thing, verdict, candidates)
        else:
            self.found.append((thing, verdict, asked))

    def _note(self, thing: Thing, why: str, candidates: Sequence[Candidate] = ()) -> None:
        self.review.append(Review(thing.iri, thing.name, thing.class_, why, tuple(candidates)))

    def _from_cache(self, question: Question) -> tuple[str, list[Candidate]] | None:
        kept = self._cache.get(self._digest(question))
        try:
            said = json.loads(kept or "null")
            candidates = [Candidate(**{**each, "types": tuple(each["types"])}) for each in said["candidates"]]
            return datetime.fromisoformat(said["asked"]).date().isoformat(), candidates
        except (ValueError, TypeError, KeyError):  # damaged, or none
            return None

    def _digest(self, question: Question) -> str:
        return digest_of({"service": self._options.service, **self._service.asked_as, **asdict(question)})

    def _tell(self) -> None:
        if self._on_answers:
            self._on_answers(self._total - self.left, self._total)


def _question(thing: Thing, options: Options, ontology: Ontology, other_names: bool) -> Question:
    context = tuple(
        (identifier, values) for name, identifier in options.context.items() if (values := thing.related.get(name))
    )
    return Question(thing.name, thing.others if other_names else (), _types(thing.class_, options, ontology), context)


def _types(class_: str, options: Options, ontology: Ontology) -> tuple[str, ...]:
    """What the nearest class that is configured is to the service."""
    above = [name for name in options.types if ontology.is_a(class_, name)]
    nearest = max(above, default=None, key=lambda name: len(ontology.classes[name].ancestors))
    return options.types[nearest] if nearest else ()


def _things(folder: GraphFolder, store: LocalStore, ontology: Ontology, options: Options) -> list[Thing]:
    """The things of the classes that are asked for, by name."""
    parts = identity_of(folder, store, ontology).parts
    classes: dict[str, list[str]] = {}
    for name in ontology.classes.keys() - _NOT_THINGS:
        for iri, _ in _said(store, t.TYPE, ox.NamedNode(ontology.classes[name].iri)):
            classes.setdefault(iri, []).append(name)
    names, others = _names(store, t.PREF_LABEL), _names(store, t.ALT_LABEL)
    carriers = Counter((_group(iri), name) for iri in classes for name in names.get(iri, ()))
    related = {property_: _related(store, property_, names) for property_ in options.context}
    things = []
    for iri, of in classes.items():
        class_ = max(of, key=lambda name: (len(ontology.classes[name].ancestors), name))
        wanted = not options.classes or any(ontology.is_a(class_, each) for each in options.classes)
        if not wanted or iri not in names:
            continue
        name, also = _fullest(names[iri]), tuple(sorted(others.get(iri, ())))
        shared = unescape(iri.rpartition("/")[2]) not in {name, *also} or carriers[_group(iri), name] > 1
        beside = {each: tuple(sorted(of[iri])) for each, of in related.items() if iri in of}
        things.append(Thing(iri, parts.get(iri, frozenset((iri,))), name, also, class_, shared, beside))
    return sorted(things, key=lambda thing: (thing.name, thing.iri))


def _group(iri: str) -> str:
    return iri.rpartition("/")[0]


def _fullest(names: Iterable[str]) -> str:
    return max(names, key=lambda name: (len(name), name))


def _names(store: LocalStore, property_: ox.NamedNode) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for iri, name in _said(store, property_):
        if isinstance(name, ox.Literal):
            names.setdefault(iri, set()).add(name.value)
    return names


def _related(store: LocalStore, property_: str, names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The names of what each thing is said to be related to; what only follows is left out."""
    follows = set(_said(store, t.zkg(property_), graph=_INFERRED))
    related: dict[str, set[str]] = {}
    for iri, other in set(_said(store, t.zkg(property_))) - follows:
        if isinstance(other, ox.NamedNode) and other.value in names:
            related.setdefault(iri, set()).add(_fullest(names[other.value]))
    return related


def _said(
    store: LocalStore, property_: ox.NamedNode, object_: ox.NamedNode | None = None, graph: Any = _DEFAULT
) -> Iterator[tuple[str, t.Term]]:
    """The subjects, by IRI, and the objects of a property."""
    for quad in store.oxigraph.quads_for_pattern(None, property_, object_, graph):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value, quad.object


def _parts(thing: Thing) -> tuple[str, ...]:
    return tuple(sorted(thing.parts))


def _software() -> dict[str, str]:
    return {NAME.lower(): agent().partition("/")[2]}


def _require_known(options: Options, ontology: Ontology) -> None:
    for kind, names, known in (
        ("class", (*options.classes, *options.types), set(ontology.classes) - _NOT_THINGS),
        ("property", options.context, set(ontology.properties)),
    ):
        for name in names:
            if name not in known:
                nearest = get_close_matches(name, sorted(known), n=3, cutoff=0.0)
                raise UnknownNameError(f"there is no {kind} called {name}; the nearest are {', '.join(nearest)}")
