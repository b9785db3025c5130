"""Over the whole corpus: every statement's evidence quotes its article's source text exactly.

What fails is named by article and place, not by its text: half of the corpus is there to be measured, not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rdflib.namespace import SKOS

import kg
from kg.graph import article_iri
from kg.graph.evidence import CONTEXT_LENGTH
from kg.knowledge_graph import KnowledgeGraph
from kg.model import Article, TextSpan
from kg.read import find_sources, read_article
from kg.vocab import ZKG

CORPUS = Path(__file__).parents[1] / "data" / "articles"
SOURCES = [path for path in find_sources([CORPUS]) if path.stem != "README"]

STATEMENTS = """
SELECT ?statement ?subject ?predicate ?object ?sentence ?article ?start ?end ?exact ?prefix ?suffix {
  ?statement a rdf:Statement ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
    zkg:sentence ?sentence ; oa:hasSource ?article ; oa:hasSelector ?position , ?quote .
  ?position oa:start ?start ; oa:end ?end .
  ?quote oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix .
} ORDER BY ?article ?start ?statement
"""


@pytest.fixture(scope="module")
def graph() -> Iterator[KnowledgeGraph]:
    with kg.build(SOURCES) as graph:
        yield graph


@cache
def articles() -> dict[str, Article]:
    """The corpus by IRI."""
    return {article_iri(article.id): article for article in map(read_article, SOURCES)}


@cache
def places(article: str) -> list[TextSpan]:
    """Where in the source each character of the repaired text was read from."""
    of = articles()[article]
    return [of.to_source(TextSpan(i, i + 1)) for i in range(len(of.text))]


def quoted(row: dict[str, Any]) -> TextSpan:
    return TextSpan(row["start"], row["end"])


def readable(row: dict[str, Any]) -> str:
    """The quoted stretch of the source, as it reads after repair."""
    read = [i for i, place in enumerate(places(row["article"])) if place.overlaps(quoted(row))]
    return articles()[row["article"]].text[read[0] : read[-1] + 1].strip() if read else ""


def is_quoted_exactly(row: dict[str, Any]) -> bool:
    source, (start, end) = articles()[row["article"]].source_text, quoted(row)
    before, after = source[max(0, start - CONTEXT_LENGTH) : start], source[end : end + CONTEXT_LENGTH]
    return 0 <= start < end and (row["exact"], row["prefix"], row["suffix"]) == (source[start:end], before, after)


def faults(rows: list[dict[str, Any]], is_right: Any) -> list[str]:
    return [f"{row['article']} {quoted(row)} {row['predicate']}" for row in rows if not is_right(row)]


@pytest.fixture(scope="module")
def statements(graph: KnowledgeGraph) -> list[dict[str, Any]]:
    return [dict(row) for row in graph.query(STATEMENTS)]


def test_every_article_is_in_the_graph_and_says_something(statements: list[dict[str, Any]]) -> None:
    assert {row["article"] for row in statements} == set(articles())


def test_the_evidence_quotes_the_source_exactly(statements: list[dict[str, Any]]) -> None:
    assert faults(statements, is_quoted_exactly) == []


def test_the_sentence_holds_what_is_quoted(statements: list[dict[str, Any]]) -> None:
    assert faults(statements, lambda row: (said := readable(row)) and said in row["sentence"]) == []


def test_every_statement_of_an_article_has_evidence_and_no_evidence_is_without_its_place(
    graph: KnowledgeGraph, statements: list[dict[str, Any]]
) -> None:
    assert len({row["statement"] for row in statements}) == len(graph.query("SELECT ?s { ?s a rdf:Statement }"))
    evident = {(row["subject"], row["predicate"], row["object"]) for row in statements}
    relations = {property_.iri for property_ in graph.ontology.properties.values()}
    relations |= {str(ZKG.observedEntity), str(ZKG.milestoneOf), str(SKOS.altLabel)}
    said = [
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for name in graph.store.graph_names()
        if name in articles()
        for quad in graph.store.quads(name)
        if quad.predicate.value in relations
    ]
    assert said
    assert [triple for triple in said if triple not in evident] == []


def test_the_graph_keeps_each_source_text_as_it_was_read(tmp_path: Path) -> None:
    kg.build(SOURCES[:3], tmp_path).close()
    kept = {path.stem: path.read_bytes().decode() for path in (tmp_path / "sources").rglob("*.txt")}
    assert kept == {read_article(path).id: read_article(path).source_text for path in SOURCES[:3]}
