"""Questions ↔ the Reconciliation Service API 0.2, as OpenRefine and Wikidata's service speak it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from kg.errors import LinkError
from kg.http import Http, NotNowError
from kg.link.model import Candidate, Question
from kg.link.options import Options

CANDIDATES = 5
FORM = "application/x-www-form-urlencoded"

_SCHEMES = ("http://", "https://", "urn:")
_ENDS_OF_SPACES = ("/", "#", "=", ":")
_MARK = "{{id}}"


class Reconciliation:
    """A service that says of itself what its ``manifest`` holds."""

    all_types = other_names = False

    def __init__(self, http: Http, options: Options, manifest: Mapping[str, Any]) -> None:
        self._http, self._options = http, options
        self.name = _text(manifest.get("name")) or options.service
        wanted = manifest.get("batchSize")
        self.batch = min(options.batch, wanted) if isinstance(wanted, int) and wanted > 0 else options.batch
        self._template = _template(manifest, options)

    @property
    def asked_as(self) -> Mapping[str, Any]:
        """What the answers depend on besides the questions."""
        return {"protocol": "reconciliation", "space": self._template}

    def ask(self, questions: Sequence[Question]) -> list[list[Candidate] | None]:
        """The candidates for each question, the best first."""
        queries = {f"q{number}": _query(question) for number, question in enumerate(questions)}
        content = urlencode({"queries": json.dumps(queries, ensure_ascii=False)}).encode()

        def read(answer: bytes) -> list[list[Candidate] | None]:
            try:
                said = json.loads(answer)
            except (ValueError, RecursionError) as error:
                raise NotNowError("an answer that is no JSON") from error
            if not isinstance(said, dict) or not said.keys() & queries.keys():
                raise NotNowError("an answer to none of the questions")
            return [self._candidates(said.get(key)) for key in queries]

        return self._http.ask(self._options.service, read, content, FORM)

    def _candidates(self, answer: Any) -> list[Candidate] | None:
        if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
            return None
        read = (self._candidate(each) for each in answer["result"] if isinstance(each, dict))
        return sorted((each for each in read if each), key=lambda each: (-each.score, each.iri))

    def _candidate(self, said: Mapping[str, Any]) -> Candidate | None:
        iri = _iri(said.get("id"), self._template)
        if iri is None:
            return None
        types = said.get("type")
        return Candidate(
            iri,
            _text(said.get("name")),
            _score(said.get("score")),
            said.get("match") is True,
            tuple(filter(None, map(_type, types if isinstance(types, list) else [types]))),
            _text(said.get("description")),
        )


def _query(question: Question) -> dict[str, Any]:
    query: dict[str, Any] = {"query": question.name, "limit": CANDIDATES}
    if question.types:
        query["type"] = question.types[0] if len(question.types) == 1 else list(question.types)
    if question.context:
        query["properties"] = [
            {"pid": property_, "v": values[0] if len(values) == 1 else list(values)}
            for property_, values in question.context
        ]
    return query


def _template(manifest: Mapping[str, Any], options: Options) -> str:
    """How the identifier of a thing becomes its IRI.

    The space is meant to be what IRIs begin with; where it does not end so, the page that shows a thing names it.
    """
    if options.space:
        return options.space if _MARK in options.space else options.space + _MARK
    space, view = manifest.get("identifierSpace"), manifest.get("view")
    page = view.get("url") if isinstance(view, dict) else None
    if isinstance(space, str) and space.startswith(_SCHEMES) and space.endswith(_ENDS_OF_SPACES):
        return space + _MARK
    if isinstance(page, str) and page.startswith(_SCHEMES) and _MARK in page:
        return page
    raise LinkError(f"{options.service} does not say what its IRIs begin with; say it with --space")


def _iri(identifier: Any, template: str) -> str | None:
    """The IRI of a candidate; none where what the service says can be none.

    >>> _iri("Q42", "http://example.org/{{id}}"), _iri("http://example.org/园", "http://other.example/{{id}}")
    ('http://example.org/Q42', 'http://example.org/园')
    >>> _iri("a b>", "http://example.org/{{id}}")
    'http://example.org/a%20b%3E'
    """
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or identifier == "":
        return None
    named = str(identifier)
    try:
        return ox.NamedNode(named if named.startswith(_SCHEMES) else template.replace(_MARK, _segment(named))).value
    except ValueError:  # also where it is not text, but half a character
        return None


def _segment(identifier: str) -> str:
    return "".join(each if each.isalnum() else quote(each, safe="-._~!$&'()*+,;=:@/") for each in identifier)


def _type(said: Any) -> str:
    return _text(said.get("id") if isinstance(said, dict) else said)


def _text(said: Any) -> str:
    """A text as it can be kept: on one line, of whole characters."""
    text = said if isinstance(said, str) else ""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _score(said: Any) -> float:
    try:
        score = float(said)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return score if math.isfinite(score) else 0.0
