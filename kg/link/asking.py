"""An address → the service that stands there, by what it answers: a reconciliation service or a SPARQL endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from kg.answers import Cache, digest_of
from kg.errors import LinkError
from kg.http import Http, Limits, NotNowError, RefusedError, UnansweredError, UnreachableError
from kg.link.model import Candidate, Question
from kg.link.options import TOKEN_VARIABLE, Options
from kg.link.reconciliation import Reconciliation
from kg.link.sparql import Endpoint, read_ask

MAX_ANSWER_BYTES = 16 * 1024 * 1024
ACCEPT = "application/sparql-results+json, application/json;q=0.9"

_REFUSES_TOKEN = (401, 403)


class Service(Protocol):
    """What can be asked for things by their names."""

    name: str
    batch: int
    """How many questions it takes at once."""

    @property
    def other_names(self) -> bool:
        """Whether it is asked for the other names of a thing, too."""

    @property
    def all_types(self) -> bool:
        """Whether a candidate has no other types of those asked for than it lists."""

    @property
    def asked_as(self) -> Mapping[str, Any]:
        """What its answers depend on besides the questions."""

    def ask(self, questions: Sequence[Question]) -> list[list[Candidate] | None]:
        """The candidates for each question, the best first; ``None`` where one has no answer.

        Raises ``UnansweredError``, ``UnreachableError`` or ``RefusedError`` as :meth:`kg.http.Http.ask`.
        """


def connect(options: Options) -> Http:
    """The connection to the service that ``options`` name."""
    limits = Limits(options.timeout, options.tries, options.backoff, MAX_ANSWER_BYTES, options.pause)
    headers = {"Accept": ACCEPT} | ({"Authorization": f"Bearer {options.token}"} if options.token else {})
    return Http(limits, headers, options.token)


def find_service(http: Http, options: Options, cache: Cache) -> Service:
    """The service at the address; what it says of itself is kept with its answers.

    Raises:
        LinkError: nobody is there, or something that is asked otherwise.
    """
    digest = digest_of({"describe": options.service})
    kept = None if options.again else cache.get(digest)
    try:
        manifest = _manifest(kept.encode()) if kept else _describe(http, options)
    except NotNowError:  # what was kept is damaged
        manifest = _describe(http, options)
    if kept is None:
        cache.put(digest, json.dumps(manifest))
    if manifest is None or not manifest:
        return Endpoint(http, options)
    return Reconciliation(http, options, manifest)


def _describe(http: Http, options: Options) -> dict[str, Any] | None:
    """The manifest of a reconciliation service; none where a SPARQL endpoint stands."""
    address = options.service
    try:
        manifest = http.ask(address, _manifest_or_none)
    except UnreachableError as error:
        raise LinkError(f"no service is there at {address} ({error}); check the address") from error
    except UnansweredError as error:
        raise LinkError(f"{address} does not answer ({error}); try again later") from error
    except RefusedError as error:  # an endpoint may answer nothing but queries
        raise_for_good(error, address)
        manifest = None
    if manifest is not None:
        return manifest
    try:
        read_ask(http, address)
    except (UnansweredError, UnreachableError, RefusedError) as error:
        raise LinkError(
            f"{address} is no reconciliation service and no SPARQL endpoint ({error}); check the address"
        ) from error
    return None


def raise_for_good(error: RefusedError, address: str) -> None:
    """Say what no other question would change.

    Raises:
        LinkError: the service wants a token, or has moved.
    """
    if error.moved:
        raise LinkError(f"{address} has moved to {error.moved}; give that address") from error
    if error.status in _REFUSES_TOKEN:
        raise LinkError(f"{address} lets nobody in ({error}); set {TOKEN_VARIABLE} to a token it takes") from error


def _manifest(content: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotNowError("what is no JSON") from error
    if said is not None and not isinstance(said, dict):
        raise NotNowError("no manifest")
    return said


def _manifest_or_none(content: bytes) -> dict[str, Any] | None:
    """A manifest as https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#service-manifest."""
    try:
        said = _manifest(content)
    except NotNowError:
        return None
    return said if said and "name" in said and ({"identifierSpace", "versions", "view"} & said.keys()) else None
