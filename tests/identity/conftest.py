"""Articles as lists of the things they name, without a text."""

from collections.abc import Callable, Iterable

import pytest

from kg.graph import area_iri, article_iri, entity_iri, group_of
from kg.identity import Decisions, Identity, Unit, resolve
from kg.model import Area
from kg.ontology import Ontology
from kg.vocab import DATA

ONTOLOGY = Ontology.load()

Names = Callable[..., Unit]
Resolve = Callable[..., Identity]


def iri(class_: str, name: str) -> str:
    return entity_iri(group_of(class_, ONTOLOGY), name)


def place(name: str) -> str:
    return iri("Place", name)


@pytest.fixture
def names() -> Names:
    """``names("1", "Company", "澜芯微电子")``: a thing as article 1 names it."""

    def unit(
        article: str,
        class_: str,
        name: str,
        aliases: Iterable[str] = (),
        within: Iterable[str] = (),
        beside: Iterable[str] = (),
        linked: Iterable[str] = (),
        known: Area | None = None,
    ) -> Unit:
        return Unit(
            article_iri(article),
            area_iri(known) if known else iri(class_, name),
            group_of(class_, ONTOLOGY),
            frozenset((class_,)),
            name,
            frozenset(aliases),
            known is not None,
            frozenset(map(place, within)),
            frozenset(),
            frozenset(linked),
            frozenset(map(place, beside)),
        )

    return unit


@pytest.fixture
def resolved() -> Resolve:
    def run(*units: Unit, decisions: Decisions | None = None) -> Identity:
        return resolve(units, ONTOLOGY, decisions or Decisions(), DATA)

    return run
