"""How a service is asked and its answers are weighed, checked."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
from rdflib.namespace import OWL, SKOS

from kg.answers import cache_folder
from kg.errors import LinkError

TOKEN_VARIABLE = "ZONEKG_LINK_TOKEN"
TYPE_PATH = "rdf:type/rdfs:subClassOf*"


@dataclass(frozen=True, slots=True)
class Options:
    """``service`` is the address that is asked; a token is read from the environment alone, and kept nowhere.

    ``types`` are what the things of a class and of those below it are to the service, ``context`` the service's
    properties that say what one of the ontology's does; both by local name. ``min_score`` also takes candidates that
    the service does not call a match. ``trust_types``: a service that was asked for types offers nothing else, though
    it lists narrower ones. ``type_path`` leads from a thing to its types in a SPARQL endpoint. ``space`` is what the
    IRIs of a reconciliation service begin with, where it does not say. ``batch`` questions are asked at once, ``pause``
    (s) lies between two requests; ``timeout``, ``tries`` and ``backoff`` are those of :class:`kg.http.Limits`.
    ``classes`` and ``limit`` choose what is asked for, at most so many; ``again`` asks also for what has an answer.
    """

    service: str
    classes: tuple[str, ...] = ()
    limit: int | None = None
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    min_score: float | None = None
    same_as: bool = False
    trust_types: bool = False
    type_path: str = TYPE_PATH
    space: str | None = None
    batch: int = 10
    pause: float = 0.5
    timeout: float = 30.0
    tries: int = 4
    backoff: float = 1.0
    again: bool = False
    cache: Path = field(default_factory=lambda: cache_folder("link"))

    def __post_init__(self) -> None:
        try:
            address = urlsplit(self.service)
            known = address.scheme in ("http", "https") and bool(address.hostname)
            ox.NamedNode(self.service)  # by which the graph names it
        except ValueError:
            known = False
        if not known:
            raise LinkError(f"{self.service!r} is no address of a service; give one as https://example.org/reconcile")
        if address.username or address.password:
            raise LinkError(f"the address of the service holds a password; give a token in {TOKEN_VARIABLE} instead")
        if self.batch < 1 or self.tries < 1 or (self.limit is not None and self.limit < 0):
            raise LinkError("a batch and the tries must be 1 or more, and a limit no less than 0; correct the options")
        if not self.timeout > 0 or not self.pause >= 0 or not self.backoff >= 0:
            raise LinkError("a timeout must be above 0 seconds, and a pause not below; correct the options")
        if self.min_score is not None and not math.isfinite(self.min_score):
            raise LinkError(f"{self.min_score} is no score; give a number on the scale of the service")

    @property
    def relation(self) -> str:
        """What a link is said with: https://www.w3.org/TR/skos-reference/#mapping or OWL's identity."""
        return str(OWL.sameAs if self.same_as else SKOS.exactMatch)

    @property
    def token(self) -> str:
        """What the service is shown to let us in; empty where it need not."""
        return os.environ.get(TOKEN_VARIABLE, "").strip()
