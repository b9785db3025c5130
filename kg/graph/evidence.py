"""Why a statement stands in the graph: an ``rdf:Statement`` with its sentence and its place in the source.

Selectors follow the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/#selectors): positions
are 0-based, end-exclusive code points of ``Article.source_text``, the text as read, before any repair.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.graph import terms as t
from kg.graph.iri import article_iri, hashed_iri
from kg.model import Article, Evidence, Status, TextSpan

CONTEXT_LENGTH = 32
"""Code points a quotation carries on each side."""


class EvidenceWriter:
    """Writes the evidence of one article's statements; a span has one selector."""

    def __init__(self, article: Article, base: str) -> None:
        self._article = article
        self._base = base
        self._iri = ox.NamedNode(article_iri(article.id, base))

    def source_span(self, evidence: Evidence) -> TextSpan | None:
        """Where the source says it; ``None`` where the source has no such text, so nothing may be stated."""
        span = self._article.to_source(evidence.span)
        return span if 0 <= span.start < span.end <= len(self._article.source_text) else None

    def statement(self, said: t.Statement, evidence: Evidence, status: Status = "actual") -> Iterator[t.Statement]:
        """``said`` and the evidence for it; nothing at all where the evidence is not in the source."""
        span = self.source_span(evidence)
        if span is None:
            return
        subject, predicate, object_ = said
        about: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (t.SUBJECT, subject),
            (t.PREDICATE, predicate),
            (t.OBJECT, object_),
            (t.zkg("sentence"), t.text(evidence.sentence.of(self._article.text).strip())),
            (t.zkg("extractedBy"), t.text(evidence.rule)),
            (t.zkg("confidence"), t.decimal(evidence.confidence)),
            (t.HAS_SOURCE, self._iri),
        ]
        if status == "target":
            about.append((t.zkg("status"), t.text(status)))
        if evidence.title:
            about.append((t.zkg("title"), t.text(evidence.title)))
        parts = (str(span), *(str(value) for _, value in about))
        node = ox.NamedNode(hashed_iri("statement", parts, self._base))
        yield said
        yield node, t.TYPE, t.STATEMENT
        for property_, value in about:
            yield node, property_, value
        yield from self._selector(node, span)

    def _selector(self, node: ox.NamedNode, span: TextSpan) -> Iterator[t.Statement]:
        """Where the source says it, by position and by quotation: one node is both, shared by all the span says."""
        source = self._article.source_text
        place = (self._article.id, str(span.start), str(span.end))
        selector = ox.NamedNode(hashed_iri("selector", place, self._base))
        yield node, t.HAS_SELECTOR, selector
        yield selector, t.TYPE, t.POSITION_SELECTOR
        yield selector, t.START, t.integer(span.start)
        yield selector, t.END, t.integer(span.end)
        yield selector, t.TYPE, t.QUOTE_SELECTOR
        yield selector, t.EXACT, t.text(span.of(source))
        yield selector, t.PREFIX, t.text(source[max(0, span.start - CONTEXT_LENGTH) : span.start])
        yield selector, t.SUFFIX, t.text(source[span.end : span.end + CONTEXT_LENGTH])
