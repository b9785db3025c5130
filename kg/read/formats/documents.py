"""Files that hold one article: Word documents, the text layer of PDF, web archives of one page (MHTML)."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from kg.errors import ReadError
from kg.read.encoding import decode
from kg.read.formats.archives import check_size
from kg.read.html import read_page
from kg.read.page import Page

if TYPE_CHECKING:
    from docx.table import Table

MAX_PDF_CHARACTERS = 1_000_000
MAX_RUNNING_CHARACTERS = 60
MIN_PAGES_WITH_ONE_EDGE = 3  # a line at the edge of so many pages, and of half of all, is a running title

_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}\s*(?:页|/\s*\d{1,4})?(?:[,，\s/]*共\s*\d+\s*页)?[-—–·\s]*")

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # its remarks on odd files are no errors


def read_docx(data: bytes, name: str) -> Page:
    """The paragraphs and tables of a Word document, in order; a row of a table is a line.

    Raises:
        ReadError: when the file is no Word document, or unpacks to too much.
    """
    from docx import Document
    from docx.table import Table

    try:
        with ZipFile(io.BytesIO(data)) as archive:
            check_size(archive, len(data), name)
        document = Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            lines += _rows(block) if isinstance(block, Table) else [block.text]
        title = document.core_properties.title
    except ReadError:
        raise
    except Exception as error:
        raise ReadError(f"{name} is no Word document that can be read ({_said(error)}); save it again") from error
    return Page("\n".join(lines), title or None)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = {id(cell._tc): cell.text.replace("\n", " ").strip() for cell in row.cells}  # a merged cell is one
        yield " | ".join(cells.values())


def read_pdf(data: bytes, name: str) -> Page:
    """The text layer of a PDF, without page numbers and running titles.

    Raises:
        ReadError: when the file is damaged, locked or holds images of text only.
    """
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    pages: list[list[str]] = []
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        length = 0
        for page in reader.pages:
            text = page.extract_text()
            length += len(text)
            if length > MAX_PDF_CHARACTERS:
                raise ReadError(f"{name} holds over {MAX_PDF_CHARACTERS:,} characters; split it into articles")
            pages.append([line.strip() for line in text.split("\n") if line.strip()])
        title = reader.metadata.title if reader.metadata else None
    except ReadError:
        raise
    except FileNotDecryptedError as error:
        raise ReadError(f"{name} is locked by a password; save it without") from error
    except Exception as error:
        raise ReadError(f"{name} is no PDF that can be read ({_said(error)}); save it again") from error
    if not any(pages):
        raise ReadError(f"{name} has no text layer; give its text, as by character recognition")
    return Page("\n".join(line for page in _without_edges(pages) for line in page), title or None)


def _without_edges(pages: list[list[str]]) -> Iterator[list[str]]:
    edges = Counter(line for page in pages for line in {*page[:1], *page[-1:]})
    often = max(MIN_PAGES_WITH_ONE_EDGE, len(pages) // 2)

    def is_edge(line: str) -> bool:
        is_running = edges[line] >= often and len(line) <= MAX_RUNNING_CHARACTERS and not line.endswith("。")
        return is_running or bool(_PAGE_NUMBER.fullmatch(line))

    for number, page in enumerate(pages):
        first = int(bool(page) and number > 0 and is_edge(page[0]))  # the first page may open with the title
        page = page[first:]
        while page and is_edge(page[-1]):
            page = page[:-1]
        yield page


def read_mhtml(data: bytes, name: str) -> Page:
    """The page that a browser saved with all that belongs to it (RFC 2557).

    Raises:
        ReadError: when no part of the file is an HTML page with an article.
    """
    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            page = read_page(decode(content if isinstance(content, bytes) else b"", name), name)
            address = str(part.get("Content-Location") or message.get("Snapshot-Content-Location") or "").strip()
            return replace(page, url=page.url or address) if address.startswith(("http:", "https:")) else page
    raise ReadError(f"{name} holds no page; save it again as a single file")


def _said(error: Exception) -> str:
    """An error of a library on one short line."""
    cause = "it is cut off or no such file" if isinstance(error, BadZipFile) else str(error)
    return " ".join(cause.split())[:120] or type(error).__name__
