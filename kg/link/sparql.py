"""Questions ↔ a SPARQL 1.1 endpoint: things whose labels are the names, to the letter.

https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from rdflib.namespace import RDFS, SKOS

from kg.errors import LinkError
from kg.http import Http, NotNowError
from kg.link.model import Candidate, Question
from kg.link.options import Options
from kg.vocab import PREFIXES

LANGUAGES = ("", "zh", "zh-hans", "zh-cn", "zh-hant", "zh-tw", "zh-hk", "zh-Hans", "zh-CN", "zh-Hant", "zh-TW", "zh-HK")
"""The tags a Chinese name stands under, in both spellings: RDF takes them for one, stores may not."""
MAX_ROWS = 2000
"""A name that so many things have tells none of them."""
MAX_OTHERS = 5  # names of a thing besides its first

EXACT, ANOTHER = 100.0, 80.0
"""The score where a thing's label is the name, and where either is another name."""

_FORM = "application/x-www-form-urlencoded"
_PREFERRED = (str(RDFS.label), str(SKOS.prefLabel))
_LABELS = (*_PREFERRED, str(SKOS.altLabel))
_PREFIXES = PREFIXES | {
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "dbo": "http://dbpedia.org/ontology/",
}
_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(_PREFIXES.items()))


class Endpoint:
    """A SPARQL endpoint whose things have labels."""

    all_types = other_names = True

    def __init__(self, http: Http, options: Options) -> None:
        self._http, self._options = http, options
        self.name, self.batch = options.service, options.batch
        types = [type_ for of in options.types.values() for type_ in of]
        try:
            ox.Store().query(query_for([Question("园", types=tuple(types or ["urn:type"]))], options.type_path))
        except SyntaxError as error:
            raise LinkError(
                f"{options.type_path!r} is no path of properties ({error}); write one as {TYPE_EXAMPLE}"
            ) from error
        if options.context:
            raise LinkError("a SPARQL endpoint is asked for names and types alone; leave out --with")

    @property
    def asked_as(self) -> Mapping[str, Any]:
        """What the answers depend on besides the questions."""
        return {"protocol": "sparql", "type_path": self._options.type_path}

    def ask(self, questions: Sequence[Question]) -> list[list[Candidate] | None]:
        """The candidates for each question, the best first; more at once are asked where there are too many rows."""
        rows = self._rows(questions)
        if len(rows) <= MAX_ROWS:
            return [_candidates(question, rows) for question in questions]
        if len(questions) == 1:
            return [_candidates(questions[0], rows)]
        middle = len(questions) // 2
        return [*self.ask(questions[:middle]), *self.ask(questions[middle:])]

    def _rows(self, questions: Sequence[Question]) -> list[dict[str, str]]:
        query = query_for(questions, self._options.type_path)
        return self._http.ask(self._options.service, read_rows, urlencode({"query": query}).encode(), _FORM)


TYPE_EXAMPLE = "wdt:P31/wdt:P279*"


def query_for(questions: Sequence[Question], type_path: str) -> str:
    """The query for things with the names of the questions, and with the types they ask for.

    Names are written as N-Triples writes literals, which SPARQL reads: no name ends the text it stands in.
    """
    names = dict.fromkeys(name for question in questions for name in _names(question))
    literals = " ".join(literal for name in names for literal in _literals(name))
    types = dict.fromkeys(type_ for question in questions for type_ in question.types)
    fits = f"OPTIONAL {{ VALUES ?type {{ {' '.join(map(_iri, types))} }} ?thing {type_path} ?type }}" if types else ""
    return (
        f"{_PROLOGUE}SELECT DISTINCT ?name ?label ?thing ?type {{\n"
        f"VALUES ?name {{ {literals} }}\n"
        f"VALUES ?label {{ {' '.join(f'<{label}>' for label in _LABELS)} }}\n"
        f"?thing ?label ?name . FILTER(ISIRI(?thing))\n{fits}\n}} LIMIT {MAX_ROWS + 1}"
    )


def read_ask(http: Http, address: str) -> None:
    """Ask an endpoint what is always answered. Raises as :meth:`kg.http.Http.ask`."""

    def read(answer: bytes) -> None:
        if "boolean" not in _results(answer):
            raise NotNowError("an answer to another query")

    http.ask(address, read, urlencode({"query": "ASK {}"}).encode(), _FORM)


def read_rows(answer: bytes) -> list[dict[str, str]]:
    """The rows of an answer, as text by variable; of things only those that IRIs name."""
    said = _results(answer)
    try:
        bindings = said["results"]["bindings"]
        rows = [{name: term["value"] for name, term in row.items()} for row in bindings]
    except (KeyError, TypeError, AttributeError) as error:
        raise NotNowError("an answer that holds no rows") from error
    return [row for row in rows if all(isinstance(value, str) for value in row.values()) and _is_thing(row)]


def _results(answer: bytes) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise NotNowError("an answer that is no JSON") from error
    if not isinstance(said, dict):
        raise NotNowError("an answer that is no result of SPARQL")
    return said


def _is_thing(row: Mapping[str, str]) -> bool:
    if not {"name", "label", "thing"} <= row.keys():
        return False
    try:
        return ox.NamedNode(row["thing"]).value.startswith(("http://", "https://", "urn:"))
    except ValueError:
        return False


def _candidates(question: Question, rows: Sequence[Mapping[str, str]]) -> list[Candidate]:
    names = set(_names(question))
    scores: dict[str, float] = {}
    types: dict[str, set[str]] = {}
    called: dict[str, str] = {}
    wanted = {_iri(type_)[1:-1]: type_ for type_ in question.types}
    for row in rows:
        if row["name"] in names:
            is_exact = row["name"] == question.name and row["label"] in _PREFERRED
            scores[row["thing"]] = max(scores.get(row["thing"], 0.0), EXACT if is_exact else ANOTHER)
            called.setdefault(row["thing"], row["name"])
            if row.get("type") in wanted:
                types.setdefault(row["thing"], set()).add(wanted[row["type"]])
    found = (
        Candidate(iri, called[iri], score, score == EXACT, tuple(sorted(types.get(iri, ()))))
        for iri, score in scores.items()
    )
    return sorted(found, key=lambda each: (-each.score, each.iri))


def _names(question: Question) -> Iterator[str]:
    yield question.name
    yield from question.others[:MAX_OTHERS]


def _literals(name: str) -> Iterator[str]:
    written = str(ox.Literal(name))
    yield from (f"{written}@{tag}" if tag else written for tag in LANGUAGES)


def _iri(type_: str) -> str:
    """A type as it stands in a query: an IRI, or a name with a prefix that is known."""
    prefix, _, local = type_.partition(":")
    try:
        return str(ox.NamedNode(_PREFIXES[prefix] + local if prefix in _PREFIXES else type_))
    except ValueError:
        raise LinkError(f"{type_} is no type of a SPARQL endpoint; give an IRI, or a name as wd:Q515") from None
