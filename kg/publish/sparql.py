"""A query as people type it → a query that is safe to run, or one sentence about what is wrong with it.

SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/). ``SERVICE`` would fetch any address, from a
read-only store too, so it is refused; a string, a comment or an IRI may hold the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from kg.errors import QueryError
from kg.vocab import PREFIXES

_UPDATES = frozenset(["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"])
_PAIRS = {"(": ")", "{": "}", "[": "]"}

# The terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, as far as telling them apart takes.
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:\\.|[^\"\\]))*\"{3} | '{3}(?:'{0,2}(?:\\.|[^'\\]))*'{3}
             | \"(?:\\.|[^\"\\\n\r])*\" | '(?:\\.|[^'\\\n\r])*')
  | (?P<comment>\#[^\n\r]*)
  | (?P<variable>[?$]\w+)
  | (?P<name>(?P<prefix>[^\W\d_]?[\w.\-]*):(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>[^\W\d]\w*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A terminal of the query: ``kind`` is a group of the grammar above, ``start`` its first character."""

    kind: str
    text: str
    start: int


class Place(NamedTuple):
    """Where in a query: both count from 1, ``column`` in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


def guard(sparql: str) -> str:
    """The query to run in place of ``sparql``: it means the same and reaches no network.

    >>> guard("ASK { ?s ?p 'SERVICE' } # no service here")
    "ASK { ?s ?p '\\\\u0053ERVICE' } # no \\\\u0073ervice here"

    Raises:
        QueryError: the query would reach the network, or is an update.
    """
    tokens = list(tokenize(sparql))
    _refuse_updates(sparql, tokens)
    if "service" not in sparql.lower():
        return sparql
    safe = []
    for token in tokens:
        if token.kind == "word" and token.text.upper() == "SERVICE":
            raise QueryError(
                f"SERVICE at {place(sparql, token.start)} would fetch from the network, which no query may; "
                "load the data into the graph and query it there"
            )
        # Should the engine split the text otherwise, it finds no keyword: it fails, and fetches nothing.
        text = token.text
        if token.kind in ("string", "comment", "iri"):
            text = re.sub("s(?=ervice)", lambda s: f"\\u{ord(s[0]):04x}", text, flags=re.IGNORECASE)
        safe.append(text)
    return "".join(safe)


def explain(sparql: str, message: str) -> str:
    """One sentence about a query the engine refused with ``message``: what, where, and what to do."""
    if not sparql.strip():
        return "the query is empty at line 1, column 1; write one, such as SELECT * WHERE { ?s ?p ?o } LIMIT 10"
    tokens = [token for token in tokenize(sparql) if token.kind not in ("space", "comment")]
    unbalanced = _unbalanced(sparql, tokens)
    if unbalanced:
        return unbalanced
    declared = set(PREFIXES) | {
        name.text.rstrip(":") for word, name in pairwise(tokens) if word.text.upper() == "PREFIX"
    }
    for token in tokens:
        prefix = token.text.split(":")[0]
        if token.kind == "name" and prefix not in declared and prefix != "_":
            return (
                f"the prefix {prefix}: at {place(sparql, token.start)} is not declared; "
                f"add PREFIX {prefix}: <…> at the top, or use one of {', '.join(sorted(PREFIXES))}"
            )
    start = _unread_from(sparql)
    if start is None:
        known = re.match(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", message, re.DOTALL)
        where = Place(int(known[1]), int(known[2])) if known else Place(1, 1)
        said = " ".join(part for part in re.split(r",\s+", known[3] if known else message) if " " in part.strip())
        return f"the query cannot be run, as found at {where} ({said or message}); correct that part"
    if start >= len(sparql.rstrip()):
        return f"the query ends too early, at {place(sparql, start)}; complete it"
    near = " ".join(sparql[start : start + 30].split())
    return f"the query is not SPARQL from {place(sparql, start)} on, near “{near}”; correct what begins there"


def tokenize(sparql: str) -> Iterator[Token]:
    """Every character of the query, in order, by terminals.

    >>> [token.text for token in tokenize("?a<b:c") if token.kind != "space"]
    ['?a', '<', 'b:c']
    """
    for match in _TOKEN.finditer(sparql):
        kind = match.lastgroup or "mark"
        yield Token("name" if kind == "prefix" else kind, match[0], match.start())


def place(text: str, start: int) -> Place:
    """The line and column of a character.

    >>> str(place("ab\\ncd", 4))
    'line 2, column 2'
    """
    return Place(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))


def _refuse_updates(sparql: str, tokens: list[Token]) -> None:
    words = (token for token in tokens if token.kind == "word")
    first = next((word for word in words if word.text.upper() not in ("PREFIX", "BASE")), None)
    if first is not None and first.text.upper() in _UPDATES:
        where = place(sparql, first.start)
        raise QueryError(
            f"{first.text.upper()} at {where} would change the graph, which no query may; "
            "ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
        )


def _unbalanced(sparql: str, tokens: list[Token]) -> str | None:
    open_: list[Token] = []
    for token in tokens:
        if token.kind != "mark":
            continue
        where = place(sparql, token.start)
        if token.text in "\"'":
            return f"the string that begins at {where} does not end; close it with {token.text}"
        if token.text in _PAIRS:
            open_.append(token)
        elif token.text in _PAIRS.values() and (not open_ or _PAIRS[open_.pop().text] != token.text):
            return f"the {token.text} at {where} closes nothing; remove it or open it first"
    if open_:
        last = open_[-1]
        return f"the {last.text} at {place(sparql, last.start)} is never closed; add {_PAIRS[last.text]}"
    return None


def _unread_from(sparql: str) -> int | None:
    """Where the part begins that a second parser cannot read; Oxigraph's own position is past the fault."""
    from pyparsing import ParseBaseException  # both take a moment to load, and only a wrong query needs them
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(sparql)
    except ParseBaseException as error:
        lines = sparql.splitlines(keepends=True)
        return sum(map(len, lines[: error.lineno - 1])) + error.col - 1
    except Exception:  # what it reads and then cannot handle is not a matter of syntax
        return None
    return None
