"""Files with one article a row: JSON lines, CSV, Parquet. Columns are named by the user, or found."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any, BinaryIO

from kg.errors import ReadError
from kg.read.encoding import encoding_of
from kg.read.html import read_page
from kg.read.limits import MAX_CHARACTERS
from kg.read.page import Found, Page, date_in, titled

Columns = Mapping[str, str]
"""What a column holds (``text``, ``title``, ``date``, ``source``, ``url``, ``author``) → its name."""

Row = Mapping[str, Any]

NAMES = {
    "text": "text content body article fulltext full_text article_text maintext main_text 正文 内容 全文 文章 文本 文章内容 新闻内容 正文内容",
    "title": "title headline subject 标题 题目 题名 文章标题 新闻标题",
    "date": "date published publish_date publish_time published_at pub_date pubdate pub_time issued datetime time "
    "日期 时间 发布日期 发布时间 发表时间 发表日期 刊发日期",
    "source": "source publisher media site sitename site_name outlet press 来源 媒体 出处 报纸 报刊 网站 发布单位 信息来源",
    "url": "url link href uri address source_url 网址 链接 地址 网页 原文链接",
    "author": "author authors byline writer reporter 作者 记者 撰稿 撰稿人",
}
SAMPLE_ROWS = 20  # looked at to find the columns
MIN_TEXT_CHARACTERS = 40  # on average, in a column of no known name that holds the text
SAMPLE_BYTES = 4 * 1024 * 1024  # looked at to find the encoding

_MARKUP = re.compile(r"</(?:p|div|span|td|body)>|<br\s*/?>", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[、,，;；/|\s]+")


def read_jsonl(file: BinaryIO, location: str, named: Columns) -> Iterator[Found]:
    """One object a line (https://jsonlines.org); a line that is none is named and left out."""

    def rows() -> Iterator[tuple[int, Row | ReadError]]:
        for number, line in _lines(file, location):
            place = f"{location}#{number}"
            if line is None:
                yield number, _too_long(place)
            elif line.strip():
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError) as error:
                    yield number, ReadError(f"{place} is no JSON ({error}); write one object a line")
                else:
                    good = isinstance(row, dict)
                    yield number, row if good else ReadError(f"{place} is no object; write one object a line")

    return _found(rows(), location, named)


def read_csv(file: BinaryIO, location: str, named: Columns) -> Iterator[Found]:
    """Rows below a line with the names of the columns (RFC 4180), parted by comma, tab, semicolon or bar."""

    def lines() -> Iterator[str]:
        for number, line in _lines(file, location):
            if line is None:
                raise _too_long(f"{location}, line {number},")
            yield line

    def rows() -> Iterator[tuple[int, Row | ReadError]]:
        every = lines()
        header = next((line for line in every if line.strip()), "")
        delimiter = max(",\t;|", key=header.count)
        reader = csv.reader(chain([header], every), delimiter=delimiter)
        names: list[str] | None = None
        number = 0
        try:
            for number, cells in enumerate(reader):
                if names is None:
                    names = [cell.strip() for cell in cells]
                elif any(cell.strip() for cell in cells):
                    yield number, dict(zip(names, cells, strict=False))
        except csv.Error as error:
            place = f"{location}#{number + 1}"
            yield number + 1, ReadError(f"{place} and what follows is no CSV ({error}); check the quotation marks")

    return _found(rows(), location, named)


def read_parquet(file: BinaryIO, location: str, named: Columns) -> Iterator[Found]:
    """The rows of a Parquet file (https://parquet.apache.org/docs/file-format/)."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise ReadError(f"{location} needs pyarrow; pip install 'zonekg[formats]'") from error

    def rows() -> Iterator[tuple[int, Row | ReadError]]:
        try:
            table = parquet.ParquetFile(file)
            columns = _columns(table.schema_arrow.names, named, location)
            known = list(dict.fromkeys(columns.values())) if "text" in columns else None
            number = 0
            for batch in table.iter_batches(batch_size=64, columns=known):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
        except (arrow.ArrowException, OSError) as error:
            said = " ".join(str(error).split())[:120]
            raise ReadError(f"{location} is no Parquet file or is damaged ({said}); write it again") from error

    return _found(rows(), location, named)


def _lines(file: BinaryIO, location: str) -> Iterator[tuple[int, str | None]]:
    """Each line with its number, in the encoding the file is found to have; ``None`` for one too long for an article."""
    sample = file.read(SAMPLE_BYTES)
    file.seek(0)
    if len(sample) == SAMPLE_BYTES and b"\n" in sample:
        sample = sample[: sample.rindex(b"\n") + 1]
    text = io.TextIOWrapper(file, encoding_of(sample, location), "replace", newline="")
    number = 0
    while line := text.readline(MAX_CHARACTERS):
        number += 1
        if len(line) < MAX_CHARACTERS or line.endswith("\n"):
            yield number, line.removeprefix("\ufeff") if number == 1 else line
            continue
        while (line := text.readline(MAX_CHARACTERS)) and not line.endswith("\n"):
            pass
        yield number, None


def _too_long(place: str) -> ReadError:
    return ReadError(f"{place} is longer than {MAX_CHARACTERS:,} characters; split it into articles")


def _found(rows: Iterable[tuple[int, Row | ReadError]], location: str, named: Columns) -> Iterator[Found]:
    rows = iter(rows)
    sample = list(islice(rows, SAMPLE_ROWS))
    good = [row for _, row in sample if not isinstance(row, ReadError)]
    if not sample:
        raise ReadError(f"{location} holds no rows; give a table with one article a row")
    filled = Counter(name for row in good for name, value in row.items() if value not in (None, "", []))
    names = list(dict.fromkeys(name for row in good for name in row))
    columns = _columns(names, named, location, filled)
    if good and "text" not in columns:
        columns = {**columns, "text": _wordiest(good, location)}
    for number, row in chain(sample, rows):
        place = f"{location}#{number}"
        yield Found(place, row if isinstance(row, ReadError) else _page(row, columns, place))


def _columns(
    names: list[str], named: Columns, location: str, filled: Mapping[str, int] | None = None
) -> dict[str, str]:
    """What is held → the column that holds it, as far as their names tell; of several, one that is ``filled`` most.

    >>> _columns(["编号", "标题", "Content"], {}, "a.csv")
    {'text': 'Content', 'title': '标题'}
    """
    found: dict[str, str] = {}
    for held, known in NAMES.items():
        if held in named:
            if named[held] not in names:
                raise ReadError(f"{location} has no column {named[held]}; it has {', '.join(names)}")
            found[held] = named[held]
            continue
        spelled = {name.strip().lower().replace(" ", "_"): name for name in reversed(names)}
        fit = [spelled[name] for name in known.split() if name in spelled and spelled[name] not in named.values()]
        if fit:
            found[held] = max(fit, key=lambda name: (filled or {}).get(name, 0))
    return found


def _wordiest(rows: list[Row], location: str) -> str:
    """The column that holds most text."""
    lengths: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            lengths[name] = lengths.get(name, 0) + (len(value) if isinstance(value, str) else 0)
    longest = max(lengths, key=lambda name: lengths[name], default="")
    if lengths.get(longest, 0) < MIN_TEXT_CHARACTERS * len(rows):
        raise ReadError(f"{location} has no column with articles; name it, as in --column text=正文")
    return longest


def _page(row: Row, columns: Columns, location: str) -> Page | Exception:
    values = {held: _said(row.get(column), "\n" if held == "text" else "、") for held, column in columns.items()}
    text, title = values.get("text", ""), values.get("title")
    if not text:
        return ReadError(f"{location} has no text; fill the column {columns['text']}")
    try:
        page = read_page(text, location) if _MARKUP.search(text) else Page(text)
    except Exception as error:
        return error
    return replace(
        page,
        text=titled(title, page.text),
        title=title or page.title,
        published=date_in(values.get("date", "")) or page.published,
        publisher=values.get("source") or page.publisher,
        authors=tuple(name for name in _BETWEEN_NAMES.split(values.get("author", "")) if name) or page.authors,
        url=values.get("url") or page.url,
    )


def _said(value: Any, between: str) -> str:
    """A cell as text; of a list, each item."""
    if isinstance(value, list):
        return between.join(filter(None, (_said(item, between) for item in value)))
    return "" if value is None or isinstance(value, dict) else str(value).strip()
