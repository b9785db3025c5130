"""Who published an article, when, and who wrote it, from the lines that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kg.model import TextSpan
from kg.read.lines import Line, lines_of
from kg.read.page import first_date

HEAD_LINES = 12  # a page says its date and source near the top
TITLE_LINES = 3  # a title with its lead-in and subtitle
MAX_TITLE_CHARACTERS = 80

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?日?")
_SOURCE = re.compile(
    r"(?:稿源|信息来源|文章来源|来源|转自|供稿单位|发布单位)\s?[:：]\s*([^\s:：|,，。;；()（）【】\[\]]{2,24})"
)
_OUTLET = re.compile(r"^[\u4e00-\u9fff·]{2,20}(?:报|网|新闻|在线|发布|中心|电视台|周刊|杂志|客户端)(?=\s)")
_OUTLET_BESIDE = re.compile(
    r"(?<=\s)[\u4e00-\u9fff·]{2,16}(?:日报|晚报|早报|时报|新闻网|新闻|在线|电视台|周刊|客户端|融媒体中心|融媒|网)(?=\s|$)"
)
_ROLE = r"(?:(?:首席|特约|见习|实习|全媒体|融媒|本报|本网)?(?:记者|通讯员)|实习生|作者|撰稿人?|撰文)"
_NAME = r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8})"
_NAMES = rf"{_NAME}(?:(?:[、,，]\s?|\s+和?\s?){_NAME}(?![\u4e00-\u9fff:：]))*"
_BYLINE = re.compile(rf"{_ROLE}\s*(?:[:：/]\s*|\s+)({_NAMES})(?![\u4e00-\u9fff])")
_BRACKETED = re.compile(rf"[(（][^()（）\n]{{0,16}}?{_ROLE}[^()（）\n]{{1,60}}[)）]")
_IN_BRACKETS = re.compile(rf"{_ROLE}\s*[:：/]?\s*({_NAMES})(?![\u4e00-\u9fff])")
_NO_NAME = re.compile(
    r"记者|通讯员|作者|编辑|报社|日报|晚报|新闻|网$|电视|本报|来源|摄影|字号|评论|打印|收藏|分享|实习"
    r"|部$|台$|社$|集团|公司|委员|政府"
)
_AGENCY = re.compile(r"^(新华社|中新社|人民网|央视网|中新网)[\u4e00-\u9fff、]{0,12}?(?:\d+月)?\d+日电")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the text says of itself; spans are ranges of the text."""

    title_span: TextSpan | None = None
    published: date | None = None
    publisher_span: TextSpan | None = None
    author_spans: tuple[TextSpan, ...] = ()
    lines: frozenset[int] = frozenset()  # numbers of the lines that are metadata only


def is_navigation(text: str) -> bool:
    """Whether a line is a breadcrumb or a menu: 首页 > 要闻 > 正文, 时政 | 经济 | 视频 | 专题."""
    return bool(
        re.match(r"^(您?(当前|所在|现在)的?(所在)?的?(位置|栏目)|当前位置|位置|首页)\s?[:：>»]", text)
        or re.search(r"(>+|»|＞)\s?正文\s*$", text)
        or (len(re.findall(r"[>»＞›]+", text)) >= 2 and len(text) < 120 and "。" not in text)
        or (text.count("|") >= 3 and len(text) < 120 and "。" not in text)
    )


def is_about_publication(text: str) -> bool:
    """Whether a line tells date, source and author and nothing else."""
    if len(text) > 160 or "。" in text:
        return False
    if _SOURCE.search(text) or re.match(rf"^{_ROLE}\s?[:：\s]", text):
        return True
    if (found := _DATE.search(text)) and len(text) <= 60 and not re.search(r"[，。；,;]", text):
        return found.start() == 0 or bool(_BYLINE.search(text, found.end()) or _OUTLET.match(text))
    return False


def metadata_of(text: str, title: str | None = None) -> Metadata:
    """Read the metadata lines of ``text``, which is repaired and simplified; ``title`` is a page's own."""
    lines = [line for line in lines_of(text) if line.text]
    head = lines[:HEAD_LINES]
    about = [line for line in head if is_about_publication(line.text)]
    title_span = _title(head, about[0] if about else None, title)
    tail = [line for line in lines[HEAD_LINES:] if len(line.text) < 60 and is_about_publication(line.text)]
    published = next((d for line in (*about, *tail) if (d := first_date(_DATE, line.text))), None)
    publisher_span = next((s for line in (*about, *tail) if (s := _publisher(line))), None)
    return Metadata(
        title_span,
        published,
        publisher_span or next((s for line in head if (s := _agency(line))), None),
        tuple(_authors(about, lines)),
        frozenset(line.number for line in (*about, *tail)),
    )


def _title(head: list[Line], about: Line | None, known: str | None) -> TextSpan | None:
    if known:
        wanted = _letters(known)
        for line in head:
            if wanted and _letters(line.text) == wanted:
                return line.span
    before = [line for line in head if about is None or line.number < about.number]
    before = [line for line in before if not is_navigation(line.text)]
    candidates = before[:TITLE_LINES] if about else before[:1]
    candidates = [
        c for c in candidates if len(c.text) <= MAX_TITLE_CHARACTERS and not c.text.endswith(("。", ".", "；"))
    ]
    if not candidates or candidates[0] is not before[0]:
        return None
    return candidates[0].span.cover(candidates[-1].span)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _publisher(line: Line) -> TextSpan | None:
    if match := _SOURCE.search(line.text):
        return line.sub(*match.span(1))
    match = _OUTLET.match(line.text) or _OUTLET_BESIDE.search(line.text)
    return line.sub(*match.span()) if match else None


def _agency(line: Line) -> TextSpan | None:
    match = _AGENCY.match(line.text)
    return line.sub(*match.span(1)) if match else None


def _authors(about: list[Line], lines: list[Line]) -> Iterator[TextSpan]:
    seen: set[str] = set()
    for span, name in (*_bylines(about), *_bracketed(lines)):
        if name not in seen and not _NO_NAME.search(name):
            seen.add(name)
            yield span


def _bylines(about: list[Line]) -> Iterator[tuple[TextSpan, str]]:
    for line in about:
        for match in _BYLINE.finditer(line.text):
            yield from _names(line, match)


def _bracketed(lines: list[Line]) -> Iterator[tuple[TextSpan, str]]:
    for line in lines:
        for bracket in _BRACKETED.finditer(line.text):
            if re.search(r"[摄图制][)）]$", bracket[0]):
                continue  # who took the picture did not write the text
            for match in _IN_BRACKETS.finditer(line.text, *bracket.span()):
                yield from _names(line, match)


def _names(line: Line, match: re.Match[str]) -> Iterator[tuple[TextSpan, str]]:
    for name in re.finditer(_NAME, match[1]):
        start = match.start(1) + name.start()
        yield line.sub(start, start + len(name[0])), name[0]
