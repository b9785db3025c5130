"""A location in, an ``Article`` out: decoded, repaired, normalised, with its metadata and body found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from kg.errors import ReadError
from kg.model import Article, TextSpan
from kg.read.body import body_of
from kg.read.limits import MAX_CHARACTERS
from kg.read.markdown import unmark
from kg.read.metadata import metadata_of
from kg.read.normalize import normalize
from kg.read.page import Page
from kg.read.pages import pages
from kg.read.repair import repair
from kg.read.trace import Trace, merged

MAX_STEM_CHARACTERS = 80
_ILLEGAL = re.compile(
    r'[\s<>"{}|\\^`%?#/:@!$&\'()*+,;=\[\]\x00-\x20\x7f-\x9f\ue000-\uf8ff]+'
)  # RFC 3987, and then some
_NUMBER_BEFORE = re.compile(r"[\d.,，〇一二三四五六七八九十百千万亿两%]*$")
_NUMBER_AFTER = re.compile(r"[\d.,，〇一二三四五六七八九十百千万亿两%]*")


@dataclass(frozen=True, slots=True)
class Unread:
    """A place where an article should be, and what kept it from being read: a ``ReadError``, or a fault."""

    location: str
    error: Exception


def read_articles(location: Path | str, columns: Mapping[str, str] | None = None) -> Iterator[Article | Unread]:
    """Every article at a location: a file, a table or archive of articles, or an address on the web.

    ``columns`` names the columns of a table that hold ``text``, ``title``, ``date``, ``source``, ``url`` and
    ``author``, where their names do not tell.
    """
    try:
        for at, page in pages(location, columns or {}):
            if isinstance(page, Exception):
                yield Unread(at, page)
                continue
            try:
                article = article_of(page, at)
            except Exception as error:
                yield Unread(at, error)
            else:
                yield article
    except ReadError as error:
        yield Unread(str(location), error)


def read_article(location: Path | str) -> Article:
    """Read the one article at a location.

    Raises:
        ReadError: when it cannot be read, or is not one; the message says why.
    """
    found = list(islice(read_articles(location), 2))
    if len(found) == 2 and isinstance(found[1], Unread) and found[1].location == str(location):
        del found[1]  # tells of the file, not of another article
    if len(found) != 1:
        raise ReadError(f"{location} holds several articles; give a file with one")
    if isinstance(found[0], Unread):
        raise found[0].error
    return found[0]


def article_of(page: Page, location: str) -> Article:
    """Repair and normalise a page's text and find its metadata and body.

    Raises:
        ReadError: when nothing is left to read, or it is longer than any article.
    """
    if len(page.text) > MAX_CHARACTERS:
        raise ReadError(f"{location} is longer than {MAX_CHARACTERS:,} characters; split it into articles")
    trace = Trace(page.text)
    if page.markdown:
        trace.apply(unmark(trace.text))
    repair(trace)
    normalize(trace)
    if not trace.text.strip():
        raise ReadError(f"{location} holds no text; give a file with an article")
    text = trace.text
    known_title = Trace(page.title or "")
    repair(known_title)
    normalize(known_title)
    metadata = metadata_of(text, known_title.text or None)
    article = Article(
        id=article_id(location, page.text),
        location=location,
        source_text=page.text,
        text=text,
        offsets=tuple(trace.offsets),
        body=body_of(text, metadata),
        damage=tuple(merged(_whole_number(text, span) for span in trace.damage)),
        published=metadata.published or page.published,
        publisher=page.publisher,
        authors=page.authors,
        url=page.url,
    )
    if metadata.title_span:
        title = " ".join(metadata.title_span.of(text).split())
        article = replace(article, title=title, title_span=metadata.title_span)
    if metadata.publisher_span:
        span = metadata.publisher_span
        article = replace(article, publisher=span.of(text), publisher_span=span)
    if metadata.author_spans:
        spans = metadata.author_spans
        article = replace(article, authors=tuple(s.of(text) for s in spans), author_spans=spans)
    return article


def article_id(location: str, source_text: str) -> str:
    """A name for an IRI that stays the same while location and text do.

    >>> article_id("news/晋安 三创.txt", "福州")
    '晋安-三创-d3c9fca7'
    """
    stem = unicodedata.normalize("NFC", Path(location).stem)
    stem = _ILLEGAL.sub("-", stem).strip("-.")[:MAX_STEM_CHARACTERS] or "article"
    return f"{stem}-{sha256(source_text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _whole_number(text: str, span: TextSpan) -> TextSpan:
    """A damaged digit spoils the whole number it stands in."""
    before = _NUMBER_BEFORE.search(text, max(0, span.start - 40), span.start)
    after = _NUMBER_AFTER.match(text, span.end)
    return TextSpan(before.start() if before else span.start, after.end() if after else span.end)
