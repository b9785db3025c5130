"""A name → what reads facts in articles: the one door for every extractor, shipped or not.

A package adds an extractor by an entry point of the group ``kg.extractors``: its name, and a function that takes
the options given for it (name → value, both text) and returns an :class:`Extractor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import Protocol

from kg.errors import ExtractorError
from kg.model import Article, Extraction, Unextracted
from kg.ontology import Ontology

GROUP = "kg.extractors"


class Extractor(Protocol):
    """Articles in, what each says out.

    One that can be pickled, and may be used in several processes at once, says so by ``in_processes = True``.
    """

    @property
    def software(self) -> Mapping[str, str]:
        """What its findings come from besides ZoneKG, name → version, for the description of the run."""

    @property
    def configuration(self) -> Mapping[str, str]:
        """What its findings depend on, for the description of the run; nothing secret."""

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction | Unextracted]:
        """What each article says, in the order given: one answer for each.

        Raises:
            ExtractorError: it cannot go on with any article.
        """


class Rules:
    """Rules and lexicons over tagged words, on this machine: the default."""

    software: Mapping[str, str] = {}
    configuration: Mapping[str, str] = {"extractor": "rules"}
    in_processes = True

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction]:
        """What each article says by the lexicon of ``ontology``."""
        from kg.annotate.pipeline import annotate  # spaCy takes a moment to load

        return annotate(articles, ontology)


def find_extractor(name: str, options: Mapping[str, str] | None = None) -> Extractor:
    """The extractor of this name, with its options.

    Raises:
        ExtractorError: none is registered so, it cannot be loaded, or it has no such option.
    """
    registered = {point.name: point for point in entry_points(group=GROUP)}
    if name not in registered:
        known = ", ".join(sorted(registered)) or "none; install ZoneKG again"
        raise ExtractorError(f"there is no extractor {name}; those installed are {known}")
    try:
        make: Callable[[Mapping[str, str]], Extractor] = registered[name].load()
    except (ImportError, AttributeError) as error:
        raise ExtractorError(f"the extractor {name} cannot be loaded ({error}); install its package again") from error
    return make(options or {})


def make_rules(options: Mapping[str, str]) -> Rules:
    """The extractor ``rules``, which has no options."""
    if options:
        raise ExtractorError(f"the extractor rules has no option {next(iter(options))}; leave it out")
    return Rules()
