"""Articles in, what is to be written of each out: the part of a build that needs nothing but the article.

So it can be done anywhere, and in any order: in this process, in others of this machine, or on other machines.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib.namespace import RDF

from kg.areas import areas_of, in_full, named_after
from kg.errors import ExtractorError, KgError
from kg.extractors import Extractor
from kg.graph import (
    Validator,
    area_iri,
    article_iri,
    describe,
    describe_areas,
    describe_whereabouts,
    entity_iri,
    group_of,
    split_conforming,
    still_named,
    sure,
)
from kg.identity import pack_said, things_of
from kg.model import Area, Article, Extraction, Run, Unextracted
from kg.ontology import Ontology
from kg.vocab import DATA


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be written of an article: what it says alone, with what is known of its places, and what was turned away.

    ``said`` is packed as :func:`kg.identity.pack_said` does, ``things`` are those it names, as
    :func:`kg.identity.things_of` finds them; ``rejected`` are the lines of its quarantine.
    """

    article: Article
    said: bytes
    things: tuple[tuple[str, str, bytes], ...]
    rejected: tuple[str, ...]


@dataclass(frozen=True)
class Preparer:
    """How articles are made into what is written of them: the same for all articles of a run."""

    ontology: Ontology
    extractor: Extractor
    run: Run
    min_confidence: float

    def prepare(self, articles: Iterable[Article]) -> Iterator[Prepared | Unextracted]:
        """What is to be written of each article, in their order; one that fails is left out, with the reason.

        Raises:
            ExtractorError: the extractor cannot go on with any article.
        """
        for extraction in _extracted(articles, self.extractor, self.ontology):
            yield extraction if isinstance(extraction, Unextracted) else self._described(extraction)

    def _described(self, extraction: Extraction) -> Prepared | Unextracted:
        try:
            return self._describe(extraction)
        except KgError:
            raise
        except Exception as error:
            article = extraction.article
            return Unextracted(article, fault(article.location, "described", error))

    def _describe(self, extraction: Extraction) -> Prepared:
        areas = areas_of(extraction.entities)
        extraction = in_full(extraction, areas)
        iris = identify(extraction, areas, self.ontology)
        described = sure(describe(extraction, iris, self.run), self.min_confidence)
        quads, rejected = split_conforming(described, self._validator)
        whereabouts = named_after(extraction, areas, self.ontology).items()
        background = describe_areas(areas.values())
        background += describe_whereabouts((iris[zone], iris[area]) for zone, area in whereabouts)
        named = (quad.subject for quad in quads if quad.predicate.value == str(RDF.type))
        said = pack_said([*quads, *still_named(background, named)])
        things = tuple(things_of(article_iri(extraction.article.id), said))
        return Prepared(extraction.article, said, things, tuple(_rejected(taken, reason) for taken, reason in rejected))

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.ontology)


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


def fault(location: str, done: str, error: Exception) -> str:
    """That something went wrong which never should."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{location} could not be {done} ({said}); this is a fault in ZoneKG: report it with the article"


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
                    extraction = Unextracted(article, fault(article.location, "annotated", error))
                yield extraction
        else:
            return


def _rejected(quads: Iterable[ox.Quad], reason: str) -> str:
    return json.dumps({"reason": reason, "quads": [str(quad) for quad in quads]}, ensure_ascii=False)
