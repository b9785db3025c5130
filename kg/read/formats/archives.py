"""Files that hold files: ZIP, and the archives of web crawlers (WARC, ISO 28500)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from kg.errors import ReadError
from kg.read.limits import MAX_BYTES

MAX_RATIO = 200  # of unpacked to packed size; Chinese text packs to a third, repetitive tables to a fiftieth
NAMED = 3  # of the files in an archive that are of no format read here
SMALL_BYTES = 1024 * 1024  # what is no bigger unpacked is no bomb, whatever its ratio

BY_MEDIA_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "multipart/related": ".mhtml",
    "message/rfc822": ".mhtml",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
    "application/zip": ".zip",
    "application/warc": ".warc",
}

_ANSWERS = frozenset({"response", "resource", "conversion"})  # of a WARC file's records; others tell of the crawl


class Member(NamedTuple):
    """A file in an archive: its content, or why it cannot be had; ``suffix`` says its format."""

    location: str
    suffix: str
    content: bytes | ReadError
    url: str | None = None


def suffix_of(name: str) -> str:
    """The end of a file's name that says its format.

    >>> suffix_of("2023/Crawl.WARC.gz"), suffix_of("news.v2.txt")
    ('.warc.gz', '.txt')
    """
    path = PurePosixPath(name.lower())
    return ".warc.gz" if path.name.endswith(".warc.gz") else path.suffix


def read_zip(file: BinaryIO, location: str, wanted: Container[str]) -> Iterator[Member]:
    """Every file in a ZIP archive that has a wanted suffix, by name; hidden files are no articles.

    Last come, in one line, the names of others.

    Raises:
        ReadError: when the archive is damaged, or unpacks to far more than it holds.
    """
    try:
        with ZipFile(file) as archive:
            file.seek(0, 2)
            check_size(archive, file.tell(), location)
            pages, others = 0, []
            for info in sorted(archive.infolist(), key=lambda info: info.filename):
                suffix, parts = suffix_of(info.filename), PurePosixPath(info.filename).parts
                if info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in parts):
                    continue
                if suffix in wanted:
                    pages += 1
                    inside = f"{location}/{_name(info)}"
                    yield Member(inside, suffix, _unpacked(archive, info, inside))
                else:
                    others.append(_name(info))
            if pages and others:
                yield Member(
                    location, "", ReadError(f"{location} is read but for {_some(others)}, of no format read here")
                )
    except BadZipFile as error:
        raise ReadError(f"{location} is no ZIP archive or is cut off; pack it again") from error


def check_size(archive: ZipFile, packed: int, location: str) -> None:
    """Refuse an archive that would unpack to far more than any text does.

    Raises:
        ReadError: when it does.
    """
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > SMALL_BYTES and unpacked > MAX_RATIO * packed:
        raise ReadError(f"{location} unpacks to {unpacked:,} bytes, {unpacked // packed} times its size; pack it again")


def _some(names: list[str]) -> str:
    """Names as a message has them: the first few, and how many more there are.

    >>> _some(["a.png", "b.png"]), _some(["a.png", "b.png", "c.png", "d.png", "e.png"])
    ('a.png, b.png', 'a.png, b.png, c.png and 2 more files')
    """
    shown = ", ".join(" ".join(name.split()) for name in names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else f"{shown} and {more:,} more file{'s' if more > 1 else ''}"


def _name(info: ZipInfo) -> str:
    """A member's name; archives made on Chinese Windows have it in GBK, which ``zipfile`` takes for code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _unpacked(archive: ZipFile, info: ZipInfo, location: str) -> bytes | ReadError:
    if info.file_size > MAX_BYTES:
        return too_large(location)
    if info.flag_bits & 0x1:
        return ReadError(f"{location} is locked by a password; pack it without")
    try:
        return archive.read(info)
    except Exception as error:  # whatever the bytes of a damaged archive make zlib, bz2 or lzma say
        return ReadError(f"{location} cannot be unpacked ({' '.join(str(error).split())}); pack it again")


def read_warc(file: BinaryIO, location: str, wanted: Container[str]) -> Iterator[Member]:
    """Every page of a crawl that is of a wanted format, and every text taken from one, by its address.

    Last comes, in one line, how many other answers the crawl holds.

    Raises:
        ReadError: when the file is no WARC file, or is cut off.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    pages = others = 0
    try:
        for record in ArchiveIterator(file):
            if record.rec_type not in _ANSWERS:
                continue
            suffix = _warc_suffix(record)
            if suffix not in wanted:
                others += 1
            else:
                pages += 1
                url = record.rec_headers.get_header("WARC-Target-URI", "").strip("<>")
                inside = f"{location}#{url}"
                content = record.content_stream().read(MAX_BYTES + 1)
                yield Member(inside, suffix, too_large(inside) if len(content) > MAX_BYTES else content, url or None)
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        raise ReadError(f"{location} is no WARC file or is cut off ({said}); fetch it again") from error
    if pages and others:
        of = f"{others:,} of its {pages + others:,} answers, which are neither pages nor documents"
        yield Member(location, "", ReadError(f"{location} is read but for {of}"))


def _warc_suffix(record: Any) -> str:
    """The format of a record's content, empty where a site answered something else than a page."""
    if record.rec_type == "response":
        headers = record.http_headers
        if headers is None or headers.get_statuscode() != "200":
            return ""
    else:
        headers = record.rec_headers
    return BY_MEDIA_TYPE.get((headers.get_header("Content-Type") or "").partition(";")[0].strip().lower(), "")


def too_large(location: str) -> ReadError:
    """Why something bigger than any article is not read."""
    return ReadError(f"{location} is over the limit of {MAX_BYTES:,} bytes; split it into articles")
