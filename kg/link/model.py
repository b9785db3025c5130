"""The nouns of linking: a thing, what is asked of it, what a service offers, and what is made of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Question:
    """What a service is asked: a name and other names, types (identifiers of the service) and values of properties."""

    name: str
    others: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the graph. ``parts`` are the IRIs it is made of (``Identity.parts``).

    ``shared`` is whether its IRI says more than its name does: then the name alone does not tell which thing it is.
    """

    iri: str
    parts: frozenset[str]
    name: str
    others: tuple[str, ...]
    class_: str
    shared: bool
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # property → names


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a service offers for a question. ``match`` is its own word that this is the thing."""

    iri: str
    name: str
    score: float
    match: bool
    types: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One thing is ``target`` in the graph of ``service``, which said so on the day ``asked`` (``YYYY-MM-DD``)."""

    parts: tuple[str, ...]
    property: str
    target: str
    name: str
    score: float
    asked: str
    service: str
    run: str


@dataclass(frozen=True, slots=True)
class Review:
    """A thing for a person to look at: why it was not linked, and what the service offered."""

    iri: str
    name: str
    class_: str
    why: str
    candidates: tuple[Candidate, ...] = ()
