"""Articles in, a graph folder out: the whole flow on one page.

Each article is written wholly or not at all: its source text, what was turned away, then its graph in one
transaction, with what a gazetteer knows of the areas it names. What cannot be read or annotated is skipped, with its
reason, and stops nobody else. At the end things that several articles name are brought together, and comes what
follows by the ontology.

A graph depends on the articles in it alone, not on the order they came in: a text that lies in several places is
read from the first, and is read again when that is no longer the one it was read from.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import RDF

from kg.areas import areas_of, in_full, named_after
from kg.errors import ExtractorError, KgError, ReadError
from kg.extractors import Extractor, Rules
from kg.graph import (
    Validator,
    area_iri,
    article_id,
    article_iri,
    describe,
    describe_areas,
    describe_end,
    describe_run,
    describe_whereabouts,
    entity_iri,
    group_of,
    inference_rules,
    place_of,
    require_confidence,
    run_iri,
    runs_graph,
    split_conforming,
    still_named,
    sure,
)
from kg.identity import Identity, bring_together, keep_said
from kg.link import state_links
from kg.model import Area, Article, Extraction, Run, Unextracted
from kg.ontology import Ontology
from kg.read import Unread, find_sources, is_address, read_article, read_articles
from kg.runs import new_run, now
from kg.store import Articles, GraphFolder, LocalStore, Manifest, Place, first
from kg.vocab import DATA, INFERRED_GRAPH

_log = logging.getLogger(__name__)

OnArticle = Callable[[str, int, int], None]
"""Called after each article with its location, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: ``read`` and ``quarantined`` count articles and findings turned away.

    ``replaced`` counts those of the articles read that were in the graph already, or stood in the place of one that
    was; ``unchanged`` those in the graph that were not read again. ``skipped`` names each article that is left out
    (its location) with the reason; ``gone`` are the locations of articles that lay in the folders of this build and
    lie there no more, whose articles stay in the graph; ``found`` counts the articles there were, which is more than
    all these when the build was ``interrupted``. ``repeated`` counts the places that held the text of an article read
    in another.
    """

    read: int
    skipped: tuple[tuple[str, str], ...]
    quarantined: int
    seconds: float
    found: int
    interrupted: bool = False
    repeated: int = 0
    replaced: int = 0
    unchanged: int = 0
    gone: tuple[str, ...] = ()


def build(
    paths: Iterable[Path | str],
    out: Path | str,
    ontology: Ontology | None = None,
    on_article: OnArticle | None = None,
    columns: Mapping[str, str] | None = None,
    min_confidence: float = 0.0,
    extractor: Extractor | None = None,
    rebuild: bool = False,
) -> BuildReport:
    """Read the articles in ``paths`` into the graph in ``out``, which is made when it is missing.

    ``paths`` are files, folders and addresses; ``columns`` names the columns of tables (``text``, ``title`` …) that
    are not found by their names. Facts below ``min_confidence`` are not written; the things they are about are.
    ``extractor`` reads the facts, rules do when none is given.

    An article in the graph that was made of the same text with the same software, ontology and configuration is left
    as it is, unless ``rebuild``. One that changed is replaced, also when its text changed; a text read in several
    places is one article with several sources. What a table or an archive holds no more leaves the graph; the
    article of a file that is gone stays. A README that a folder holds is about the folder, and no article. An
    interrupt (Ctrl-C) ends the reading, and the graph holds the articles read until then.

    Raises:
        ReadError: a path does not exist, or no path holds an article.
        GraphError: ``out`` is something else than a graph, cannot be written, or somebody else writes to it.
        KgError: ``min_confidence`` is not in [0, 1].
        ExtractorError: the extractor cannot go on; the graph holds the articles read until then.
    """
    require_confidence(min_confidence)
    started = time.monotonic()
    ontology = ontology or Ontology.load()
    extractor = extractor or Rules()
    folder = GraphFolder(Path(out))
    named = list(paths)
    sources = _sources(named, folder.path)
    run = new_run(ontology, extractor, min_confidence)
    stopped: ExtractorError | None = None
    folder.create(Manifest(ontology.hash, DATA))
    with folder.open() as store:
        folder.note(replace(folder.manifest(), ontology_hash=ontology.hash))
        building = _Building(folder, store, ontology, extractor, run, min_confidence, columns, rebuild, on_article)
        building.found = len(sources)
        try:
            building.go_through(sources)
            building.go_back()
        except KeyboardInterrupt:
            building.interrupted = True
        except ExtractorError as error:
            stopped = error
        building.finish()
        gone = _gone(building.articles, named)
    if stopped:
        raise stopped
    return BuildReport(
        building.read,
        tuple(building.skipped),
        building.quarantined,
        time.monotonic() - started,
        building.found,
        building.interrupted,
        building.repeated,
        building.replaced,
        building.unchanged,
        gone,
    )


def complete(folder: GraphFolder, store: LocalStore, ontology: Ontology) -> Identity:
    """Bring up to date what follows from all articles: which things are one, their links, and what is implied."""
    identity = bring_together(folder, store, ontology)
    state_links(folder, store, identity.parts)
    store.derive(INFERRED_GRAPH, *inference_rules(ontology))
    folder.note(replace(folder.manifest(), decisions_hash=folder.decisions_hash()))
    return identity


class _Building:
    """A build at work: what was read, kept and left out until now."""

    def __init__(
        self,
        folder: GraphFolder,
        store: LocalStore,
        ontology: Ontology,
        extractor: Extractor,
        run: Run,
        min_confidence: float,
        columns: Mapping[str, str] | None,
        rebuild: bool,
        on_article: OnArticle | None,
    ) -> None:
        self.articles = Articles(store)
        self.read = self.quarantined = self.found = self.repeated = self.replaced = self.unchanged = 0
        self.skipped: list[tuple[str, str]] = []
        self.interrupted = False
        self._folder, self._store, self._ontology, self._extractor = folder, store, ontology, extractor
        self._run, self._min_confidence, self._columns, self._rebuild = run, min_confidence, columns, rebuild
        self._on_article = on_article
        self._validator = Validator(ontology)
        self._up_to_date = self.articles.ended_well() and folder.manifest().decisions_hash == folder.decisions_hash()
        self._begun: dict[str, Place] = {}  # where each text was read that is, or is being, kept, by its digest
        self._seen: dict[Place, str] = {}  # the digest of what each place held; none where it could not be read
        self._elsewhere: list[Article] = []  # read in a place that comes after another with the same text
        self._through: set[str] = set()
        store.add(runs_graph(), describe_run(run))

    def go_through(self, sources: Iterable[Path | str]) -> None:
        """Read the sources, and keep what their articles say where it is new."""
        self._keep_all(self._new(self._read(sources)))

    def go_back(self) -> None:
        """Leave the places that hold nothing now, and read again what is no longer as its first place has it."""
        self._hold()
        self.articles.leave(self._vanished())
        elsewhere, self._elsewhere = self._elsewhere, []
        wanted = {article.sha256 for article in elsewhere if self._is_outdated(article)}
        wanted |= {self.articles.text_of(article) for article in self.articles.unread()}
        for digest in wanted:
            self._begun.pop(digest, None)
        known = [article for digest in sorted(wanted) if (article := self.articles.of_text(digest))]
        files = {_file_of(place.value) for article in known for place in self.articles.places(article)}
        again = self._read(sorted(file for file in files if file), again=True)
        self._keep_all(self._new(article for article in again if article.sha256 in wanted))
        # Where none of the places that come first can be read, the one that was read has to do.
        left = [article for article in elsewhere if article.sha256 in wanted]
        self._keep_all(self._new(left, whatever=True))

    def finish(self) -> None:
        """Let go of what no place holds any more, bring up to date what follows, and say when the run ended."""
        self._hold()
        outdated = self.articles.without_place()
        self.articles.drop(outdated)
        self._folder.clear(map(article_id, self.articles))
        if self.read or outdated or not self._up_to_date:
            complete(self._folder, self._store, self._ontology)
            self._store.optimize()
        self._store.add(runs_graph(), describe_end(self._run, now()))

    def _read(self, sources: Iterable[Path | str], again: bool = False) -> Iterator[Article]:
        """The articles in ``sources``; what cannot be read is skipped, and counted unless it was read before."""

        def skip(location: str, reason: str) -> None:
            self._seen.setdefault(ox.Literal(location), "")
            if not again:
                self._skip(location, reason)

        for source in sources:
            whole = True
            try:
                for number, article in enumerate(read_articles(source, self._columns)):
                    if number and not again:
                        self.found += 1
                    whole &= not isinstance(article, Unread)
                    if not isinstance(article, Unread):
                        yield article
                    elif isinstance(article.error, ReadError):
                        skip(article.location, str(article.error))
                    else:
                        skip(article.location, _fault(article.location, "read", article.error))
                if whole:
                    self._through.add(str(source))
            except Exception as error:
                skip(str(source), _fault(str(source), "read", error))

    def _new(self, articles: Iterable[Article], whatever: bool = False) -> Iterator[Article]:
        """The articles that are not in the graph as they would be made now.

        One whose text another place holds too, which comes before its own, waits for that; unless ``whatever``.
        """
        for article in articles:
            place, digest = place_of(article), article.sha256
            self._seen[place] = digest
            known, begun = self.articles.of_text(digest), self._begun.get(digest)
            others = {*self.articles.places(known or ""), *([begun] if begun else [])} - {place}
            if begun if whatever else first({place, *others}) != place:
                self._elsewhere.append(article)
                self.repeated += not whatever
                self._done(article.location)
                continue
            self._begun[digest] = place
            if begun is None and known and not self._rebuild and self._is_current(known, article):
                self.unchanged += 1
                self._done(article.location)
            else:
                yield article

    def _keep_all(self, articles: Iterator[Article]) -> None:
        for extraction in _extracted(articles, self._extractor, self._ontology):
            if isinstance(extraction, Unextracted):
                self._skip(extraction.article.location, extraction.reason)
                continue
            with _uninterrupted():
                self._keep(extraction)

    def _keep(self, extraction: Extraction) -> None:
        article = extraction.article
        place, digest = place_of(article), article.sha256
        is_replaced = self.articles.of_text(digest) is not None or bool(self.articles.at(place))
        try:
            turned_away = self._write(extraction, place)
        except KgError:
            raise
        except OSError as error:
            cause = error.strerror or error
            self._skip(article.location, f"{article.location} could not be kept ({cause}); free its place")
        except Exception as error:
            self._skip(article.location, _fault(article.location, "described", error))
        else:
            self.read += 1
            self.replaced += is_replaced
            self.quarantined += turned_away
            self._done(article.location)

    def _write(self, extraction: Extraction, place: Place) -> int:
        """Keep one article; how many findings were turned away."""
        article, areas = extraction.article, areas_of(extraction.entities)
        extraction = in_full(extraction, areas)
        iris = identify(extraction, areas, self._ontology)
        described = sure(describe(extraction, iris, self._run), self._min_confidence)
        quads, rejected = split_conforming(described, self._validator)
        whereabouts = named_after(extraction, areas, self._ontology).items()
        background = describe_areas(areas.values())
        background += describe_whereabouts((iris[zone], iris[area]) for zone, area in whereabouts)
        named = (quad.subject for quad in quads if quad.predicate.value == str(RDF.type))
        iri = article_iri(article.id)
        self.articles.forget(iri)  # until all is written anew
        self._folder.write_source(article.id, article.source_text)
        self._folder.write_quarantined(article.id, [_rejected(taken, reason) for taken, reason in rejected])
        background = still_named(background, named)
        keep_said(self._folder, article.id, [*quads, *background])
        self.articles.keep(iri, place, article.sha256, _reading(article), self._run_iri, quads, background)
        return len(rejected)

    def _hold(self) -> None:
        """Note what each place held last."""
        for place, digest in self._seen.items():
            article = self.articles.of_text(digest)
            if article:
                with _uninterrupted():
                    self.articles.hold(place, article)

    def _vanished(self) -> list[Place]:
        """The places in files that were read wholly, to their ends, where nothing was found any more."""
        places = {place for article in self.articles for place in self.articles.places(article)} - self._seen.keys()
        return [place for place in places if any(within in self._through for within in _within(place.value))]

    def _is_current(self, known: str, article: Article) -> bool:
        return self.articles.is_current(known, self._run_iri, _reading(article))

    def _is_outdated(self, article: Article) -> bool:
        """Whether a text that waited for another place was not read as it would be now."""
        known = self.articles.of_text(article.sha256)
        if known is None:  # what it waited for could not be kept
            return False
        if first(self.articles.places(known)) == place_of(article):
            return not self._is_current(known, article)
        return article.sha256 not in self._begun and (
            self._rebuild or not self.articles.is_current(known, self._run_iri)
        )

    def _skip(self, location: str, reason: str) -> None:
        is_known = bool(self.articles.at(ox.Literal(location)))
        self.skipped.append((location, f"{reason} (what it said before stays in the graph)" if is_known else reason))
        self._done(location)

    def _done(self, location: str) -> None:
        if self._on_article:
            done = self.read + self.unchanged + self.repeated + len(self.skipped)
            self._on_article(location, done, self.found)

    @property
    def _run_iri(self) -> str:
        return run_iri(self._run)


def extract(
    locations: Mapping[Path, date | None], ontology: Ontology, extractor: Extractor | None = None
) -> dict[Path, Extraction]:
    """What each article says, by its location; with its date, should its text not say one.

    One that the extractor has no answer for says nothing, which is logged.

    Raises:
        ReadError: an article cannot be read.
        ExtractorError: the extractor cannot go on.
    """
    articles = []
    for location, published in locations.items():
        article = read_article(location)
        articles.append(article if article.published else replace(article, published=published))
    found: dict[Path, Extraction] = {}
    for location, extraction in zip(locations, (extractor or Rules()).extract(articles, ontology), strict=True):
        if isinstance(extraction, Unextracted):
            _log.warning("skipped: %s", extraction.reason)
            extraction = Extraction(extraction.article, notes=(extraction.reason,))
        found[location] = extraction
    return found


def identify(extraction: Extraction, areas: Mapping[str, Area], ontology: Ontology, base: str = DATA) -> dict[str, str]:
    """The IRI of every entity, by its key: its group, its name, and its area where that tells it apart.

    ``areas`` are the areas that entities are, by key: two articles mean one place where they mean one area.
    """
    return {
        entity.key: area_iri(areas[entity.key], base)
        if entity.key in areas
        else entity_iri(group_of(entity.label_, ontology), entity.name, base, entity.area)
        for entity in extraction.entities
    }


def _sources(paths: Sequence[Path | str], out: Path) -> list[Path | str]:
    files = [path for path in paths if not is_address(path)]
    for path in files:
        if not Path(path).exists():
            raise ReadError(f"there is no {path}; give a file, a folder or an address with articles")
    inside = out.resolve()
    outright = set(map(Path, files))
    sources = [
        source
        for source in find_sources(files)
        if source in outright or not (source.stem.upper() == "README" or source.resolve().is_relative_to(inside))
    ]
    addresses = dict.fromkeys(path for path in paths if is_address(path))
    if not sources and not addresses:
        named = ", ".join(map(str, paths)) or "nothing"
        raise ReadError(f"there is no article in {named}; give .txt, .html, .pdf or .docx files, or a folder of them")
    return [*sources, *addresses]


def _extracted(
    articles: Iterable[Article], extractor: Extractor, ontology: Ontology
) -> Iterator[Extraction | Unextracted]:
    """What each article says. One that the extractor fails on is left out: those of its batch go one by one."""
    begun: deque[Article] = deque()

    def noted() -> Iterator[Article]:
        for article in articles:
            begun.append(article)
            yield article

    stream = noted()
    while True:
        try:
            for extraction in extractor.extract(stream, ontology):
                begun.popleft()
                yield extraction
        except ExtractorError:
            raise
        except Exception:
            if not begun:  # no article is to blame
                raise
            batch, begun = begun, deque()
            for article in batch:
                try:
                    extraction = next(iter(extractor.extract([article], ontology)))
                except ExtractorError:
                    raise
                except Exception as error:
                    extraction = Unextracted(article, _fault(article.location, "annotated", error))
                yield extraction
        else:
            return


def _fault(location: str, done: str, error: Exception) -> str:
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{location} could not be {done} ({said}); this is a fault in ZoneKG: report it with the article"


def _rejected(quads: Iterable[ox.Quad], reason: str) -> str:
    return json.dumps({"reason": reason, "quads": [str(quad) for quad in quads]}, ensure_ascii=False)


def _reading(article: Article) -> str:
    """The digest of all that is known of an article but where it lies: of its text and of what was read beside it."""
    known = [getattr(article, field.name) for field in fields(article) if field.name not in ("location", "url")]
    return hashlib.sha256(repr(known).encode("utf-8", "surrogatepass")).hexdigest()


def _within(location: str) -> Iterator[str]:
    """A location and what it lies in: a row in a table, a page in an archive, a file in a folder."""
    yield location
    for match in reversed(list(re.finditer("[/#]", location))):
        yield location[: match.start()]


def _file_of(location: str) -> str | None:
    """The file that holds what lies at ``location``, if there is one."""
    return next((within for within in _within(location) if Path(within).is_file()), None)


def _gone(articles: Articles, paths: Iterable[Path | str]) -> tuple[str, ...]:
    """Where articles were read in the folders of ``paths`` and nothing lies any more."""
    folders = [str(path) for path in paths if not is_address(path) and Path(path).is_dir()]
    locations = {place.value for article in articles for place in articles.places(article)}
    within = (each for each in sorted(locations) if any(folder in _within(each) for folder in folders))
    return tuple(each for each in within if _file_of(each) is None)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put an interrupt off until what is begun is whole."""
    if threading.current_thread() is not threading.main_thread():  # which alone is interrupted
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt
