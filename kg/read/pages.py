"""A location in, the pages it holds out: one for a document, many for a table or an archive."""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from kg.errors import ReadError
from kg.read.encoding import decode
from kg.read.formats.archives import Member, read_warc, read_zip, suffix_of, too_large
from kg.read.formats.documents import read_docx, read_mhtml, read_pdf
from kg.read.formats.tables import Columns, read_csv, read_jsonl, read_parquet
from kg.read.html import read_page
from kg.read.limits import MAX_BYTES
from kg.read.page import Found, Page
from kg.read.web import fetch


def _plain(data: bytes, name: str) -> Page:
    return Page(decode(data, name))


def _markdown(data: bytes, name: str) -> Page:
    return Page(decode(data, name), markdown=True)


def _markup(data: bytes, name: str) -> Page:
    return read_page(decode(data, name), name)


DOCUMENTS: Mapping[str, Callable[[bytes, str], Page]] = {
    ".txt": _plain,
    ".text": _plain,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _markup,
    ".htm": _markup,
    ".xhtml": _markup,
    ".shtml": _markup,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
TABLES: Mapping[str, Callable[[BinaryIO, str, Columns], Iterator[Found]]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}
ARCHIVES: Mapping[str, Callable[[BinaryIO, str, Container[str]], Iterator[Member]]] = {
    ".zip": read_zip,
    ".warc": read_warc,
    ".warc.gz": read_warc,
}
EXTENSIONS = frozenset({*DOCUMENTS, *TABLES, *ARCHIVES})


def is_address(location: Path | str) -> bool:
    """Whether a location is a page on the web.

    >>> is_address("https://www.example.com/1.html"), is_address("news/1.html")
    (True, False)
    """
    return isinstance(location, str) and location.lower().startswith(("http://", "https://"))


def pages(location: Path | str, columns: Columns) -> Iterator[Found]:
    """Every page at a location, one after the other; what is wrong with one stops no other.

    Raises:
        ReadError: when the location as a whole cannot be read.
    """
    if isinstance(location, str) and is_address(location):
        fetched = fetch(location)
        found = _pages(io.BytesIO(fetched.content), fetched.suffix, location, columns, fetched.address)
        yield from found
        return
    path = Path(location)
    if suffix_of(path.name) not in EXTENSIONS:
        raise _unknown(str(path))
    try:
        with path.open("rb") as file:
            yield from _pages(file, suffix_of(path.name), str(path), columns)
    except OSError as error:
        raise ReadError(f"{path} cannot be read ({error.strerror or error}); check the path and rights") from error


def _pages(file: BinaryIO, suffix: str, location: str, columns: Columns, url: str | None = None) -> Iterator[Found]:
    if suffix in DOCUMENTS:
        page = DOCUMENTS[suffix](_content(file, location), location)
        yield Found(location, replace(page, url=page.url or url))
        return
    if not file.read(1):
        raise ReadError(f"{location} is empty; give a file with an article")
    file.seek(0)
    if suffix in TABLES:
        yield from TABLES[suffix](file, location, columns)
    elif suffix in ARCHIVES:
        nothing = True
        for member in ARCHIVES[suffix](file, location, EXTENSIONS):
            nothing = False
            yield from _inside(member, columns)
        if nothing:
            raise ReadError(f"{location} holds no pages; give an archive with articles")
    else:
        raise _unknown(location)


def _inside(member: Member, columns: Columns) -> Iterator[Found]:
    """The pages of a file in an archive. Another library's failure at one is no reason to leave the others."""
    if member.suffix in ARCHIVES:
        yield Found(member.location, ReadError(f"{member.location} is an archive in an archive; unpack the outer one"))
    elif isinstance(member.content, ReadError):
        yield Found(member.location, member.content)
    else:
        try:
            yield from _pages(io.BytesIO(member.content), member.suffix, member.location, columns, member.url)
        except Exception as error:
            yield Found(member.location, error)


def _content(file: BinaryIO, location: str) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(location)
    if not data.strip():
        raise ReadError(f"{location} is empty; give a file with an article")
    return data


def _unknown(location: str) -> ReadError:
    return ReadError(f"{location} is of no format that is read here; give one of {', '.join(sorted(EXTENSIONS))}")
