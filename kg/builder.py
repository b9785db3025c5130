"""Articles in, a graph folder out: the whole flow on one page.

Each article is written wholly or not at all: its source text, what was turned away, then its graph in one
transaction, with what a gazetteer knows of the areas it names. What cannot be read or annotated is skipped, with its
reason, and stops nobody else. At the end things that several articles name are brought together, and comes what
follows by the ontology.

A graph depends on the articles in it alone, not on the order they came in: a text that lies in several places is
read from the first, and is read again when that is no longer the one it was read from.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from kg.engine import Engine, Local, Prepared, Preparer, fault
from kg.errors import ExtractorError, GraphError, KgError, ReadError
from kg.extractors import Extractor, Rules
from kg.graph import (
    article_id,
    article_iri,
    describe_end,
    describe_run,
    inference_rules,
    place_of,
    require_confidence,
    run_iri,
    runs_graph,
)
from kg.identity import bring_together, identity_of, unpack_said
from kg.link import Stated, state_links
from kg.model import Article, Extraction, Run, Unextracted
from kg.notes import Notes, Waiting, as_place, written
from kg.ontology import Ontology
from kg.read import Unread, find_sources, is_address, read_article, read_articles
from kg.runs import new_run, now
from kg.store import Articles, GraphFolder, LocalStore, Manifest, Place, Said, first
from kg.vocab import DATA, INFERRED_GRAPH

_log = logging.getLogger(__name__)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""No other article fares better."""

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
    engine: Engine | None = None,
) -> BuildReport:
    """Read the articles in ``paths`` into the graph in ``out``, which is made when it is missing.

    ``paths`` are files, folders and addresses; ``columns`` names the columns of tables (``text``, ``title`` …) that
    are not found by their names. Facts below ``min_confidence`` are not written; the things they are about are.
    ``extractor`` reads the facts, rules do when none is given; ``engine`` says by which processes, those of all cores of
    this machine when none is given. The graph is the same by any.

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
    with folder.open() as store, folder.open_said() as said:
        folder.note(replace(folder.manifest(), ontology_hash=ontology.hash))
        building = _Building(
            folder,
            store,
            said,
            ontology,
            extractor,
            run,
            min_confidence,
            columns,
            rebuild,
            on_article,
            engine or Local(),
        )
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


def complete(folder: GraphFolder, store: LocalStore, ontology: Ontology) -> list[Stated]:
    """Bring up to date what follows from all articles: which things are one, their links, and what is implied.

    What became of the links is given back.
    """
    bring_together(folder, store, ontology)
    stated = state_links(folder, store, lambda: identity_of(folder, store, ontology).parts)
    store.derive(INFERRED_GRAPH, *inference_rules(ontology))
    folder.note(replace(folder.manifest(), decisions_hash=folder.decisions_hash()))
    return stated


def clear(folder: GraphFolder, store: LocalStore, said: Said) -> None:
    """Remove what is kept of articles that are not in the store: taken out, or begun by a build that was killed."""
    for article in said.articles():
        if not store.oxigraph.contains_named_graph(ox.NamedNode(article)):
            folder.remove_files(article_id(article))
            said.drop([article])


class _Building:
    """A build at work: what was read, kept and left out until now."""

    def __init__(
        self,
        folder: GraphFolder,
        store: LocalStore,
        said: Said,
        ontology: Ontology,
        extractor: Extractor,
        run: Run,
        min_confidence: float,
        columns: Mapping[str, str] | None,
        rebuild: bool,
        on_article: OnArticle | None,
        engine: Engine,
    ) -> None:
        self.articles = Articles(store)
        self.read = self.quarantined = self.found = self.repeated = self.replaced = self.unchanged = 0
        self.skipped: list[tuple[str, str]] = []
        self.interrupted = False
        self._folder, self._store, self._said, self._ontology = folder, store, said, ontology
        self._run, self._columns, self._rebuild = run, columns, rebuild
        self._on_article, self._engine = on_article, engine
        self._preparer = Preparer(ontology, extractor, run, min_confidence)
        self._up_to_date = self.articles.ended_well() and folder.manifest().decisions_hash == folder.decisions_hash()
        self._begun = Notes()  # where each text was read that is, or is being, kept, by its digest
        self._seen = Notes()  # the digest of what each place held; nothing where it could not be read
        self._elsewhere = Waiting()  # read in a place that comes after another with the same text
        self._through = Notes()  # the sources that were read to their ends
        store.add(runs_graph(), describe_run(run))

    def go_through(self, sources: Iterable[Path | str]) -> None:
        """Read the sources, and keep what their articles say where it is new."""
        self._keep_all(self._new(self._read(sources)))

    def go_back(self) -> None:
        """Leave the places that hold nothing now, and read again what is no longer as its first place has it."""
        self._hold()
        self.articles.leave(self._vanished())
        elsewhere, self._elsewhere = self._elsewhere, Waiting()
        wanted = {article.sha256 for article in elsewhere if self._is_outdated(article)}
        wanted |= {self.articles.text_of(article) for article in self.articles.unread()}
        for digest in wanted:
            self._begun.drop(digest)
        known = [article for digest in sorted(wanted) if (article := self.articles.of_text(digest))]
        files = {_file_of(place.value) for article in known for place in self.articles.places(article)}
        again = self._read(sorted(file for file in files if file), again=True)
        self._keep_all(self._new(article for article in again if article.sha256 in wanted))
        # Where none of the places that come first can be read, the one that was read has to do.
        left = (article for article in elsewhere if article.sha256 in wanted)
        self._keep_all(self._new(left, whatever=True))

    def finish(self) -> None:
        """Let go of what no place holds any more, bring up to date what follows, and say when the run ended."""
        self._hold()
        outdated = list(self.articles.without_place())
        self.articles.drop(outdated)
        clear(self._folder, self._store, self._said)
        if self.read or outdated or not self._up_to_date:
            complete(self._folder, self._store, self._ontology)
            self._store.optimize()
        self._store.add(runs_graph(), describe_end(self._run, now()))

    def _read(self, sources: Iterable[Path | str], again: bool = False) -> Iterator[Article]:
        """The articles in ``sources``; what cannot be read is skipped, and counted unless it was read before."""

        def skip(location: str, reason: str) -> None:
            place = written(ox.Literal(location))
            if place not in self._seen:
                self._seen.note(place, "")
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
                        skip(article.location, fault(article.location, "read", article.error))
                if whole:
                    self._through.note(str(source), "")
            except Exception as error:
                skip(str(source), fault(str(source), "read", error))

    def _new(self, articles: Iterable[Article], whatever: bool = False) -> Iterator[Article]:
        """The articles that are not in the graph as they would be made now.

        One whose text another place holds too, which comes before its own, waits for that; unless ``whatever``.
        """
        for article in articles:
            place, digest = place_of(article), article.sha256
            self._seen.note(written(place), digest)
            known, begun = self.articles.of_text(digest), as_place(self._begun.of(digest))
            others = {*(self.articles.places(known) if known else ()), *([begun] if begun else [])} - {place}
            if begun if whatever else first({place, *others}) != place:
                self._elsewhere.add(article)
                self.repeated += not whatever
                self._done(article.location)
                continue
            self._begun.note(digest, written(place))
            if begun is None and known and not self._rebuild and self._is_current(known, article):
                self.unchanged += 1
                self._done(article.location)
            else:
                yield article

    def _keep_all(self, articles: Iterator[Article]) -> None:
        for prepared in self._engine.prepare(articles, self._preparer):
            if isinstance(prepared, Unextracted):
                self._skip(prepared.article.location, prepared.reason)
                continue
            with _uninterrupted():
                self._keep(prepared)

    def _keep(self, prepared: Prepared) -> None:
        article = prepared.article
        place, digest = place_of(article), article.sha256
        is_replaced = self.articles.of_text(digest) is not None or bool(self.articles.at(place))
        try:
            self._write(prepared, place)
        except KgError:
            raise
        except OSError as error:
            cause = error.strerror or error
            if error.errno in _NO_ROOM:
                raise GraphError(
                    f"{self._folder.path} cannot be written ({cause}); make room on the disk and build again: "
                    "the articles read until now are kept"
                ) from error
            self._skip(article.location, f"{article.location} could not be kept ({cause}); free its place")
        except Exception as error:
            self._skip(article.location, fault(article.location, "kept", error))
        else:
            self.read += 1
            self.replaced += is_replaced
            self.quarantined += len(prepared.rejected)
            self._done(article.location)

    def _write(self, prepared: Prepared, place: Place) -> None:
        article = prepared.article
        iri = article_iri(article.id)
        self.articles.forget(iri)  # until all is written anew
        self._said.keep(iri, prepared.said, prepared.things)  # first of all: by it what was begun is known
        self._folder.write_source(article.id, article.source_text)
        self._folder.write_quarantined(article.id, prepared.rejected)
        quads, background = unpack_said(prepared.said)
        self.articles.keep(iri, place, article.sha256, _reading(article), quads, background)
        self._said.done(iri)

    def _hold(self) -> None:
        """Note what each place held last."""
        for noted, digest in self._seen:
            place, article = as_place(noted), self.articles.of_text(digest)
            if article and place:
                with _uninterrupted():
                    self.articles.hold(place, article)

    def _vanished(self) -> list[Place]:
        """The places in files that were read wholly, to their ends, where nothing was found any more."""
        return [
            place
            for place, _ in self.articles.all_places()
            if written(place) not in self._seen and any(within in self._through for within in _within(place.value))
        ]

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
    if not folders:
        return ()
    locations = (place.value for place, _ in articles.all_places())
    within = (each for each in locations if any(folder in _within(each) for folder in folders))
    return tuple(sorted({each for each in within if _file_of(each) is None}))


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
