"""A page's article text, by trafilatura, with the line that tells date and source put back in its place."""

from __future__ import annotations

import re
from datetime import date

import lxml.html
import trafilatura

from kg.errors import ReadError
from kg.read.page import Page

MAX_INFO_CHARACTERS = 160
_INFO = re.compile(
    r"(来源|來源|作者|记者|記者|稿源|编辑|責編|责编|撰文|通讯员|發布|发布)(\([a-zǎàáā-ǜ]+\))?\s*[:：/|]"
    r"|[\u4e00-\u9fff]{2,10}(?:报|報|网|網|电视台|客户端|在线|融媒体中心|融媒|新闻|新聞)(?=\s|$)"
)
_SITE_SUFFIX = re.compile(r"\s*[-_|–—]+\s*[^-_|–—]{2,20}$")


def read_page(markup: str, name: str = "the page") -> Page:
    """Take the article out of HTML.

    Raises:
        ReadError: when the markup holds no article text.
    """
    found = trafilatura.bare_extraction(markup, with_metadata=True, include_comments=False, deduplicate=False)
    values = found.as_dict() if found is not None and not isinstance(found, dict) else found or {}
    text = (values.get("text") or "").strip() or _all_text(markup)
    if not text:
        raise ReadError(f"{name} holds no article text; give the page of one article")
    title = _without_site(values.get("title"), text)
    lines = text.split("\n")
    at = lines.index(title) + 1 if title and title in lines[:3] else 0
    above = [title] if title and not at else lines[:at]
    info = _information_line(markup)
    if info and info not in text:
        above.append(info)
    return Page(
        "\n".join([*above, *lines[at:]]),
        title,
        _date(values.get("date")),
        values.get("sitename"),
        tuple(a.strip() for a in (values.get("author") or "").split(";") if a.strip()),
        values.get("url"),
    )


def _without_site(title: str | None, text: str) -> str | None:
    """A title without ``_Site`` at its end, when the text has it so."""
    shorter = _SITE_SUFFIX.sub("", title or "")
    return shorter if shorter and shorter in text.split("\n")[:5] else title


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _tree(markup: str) -> lxml.html.HtmlElement | None:
    try:
        return lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    except (lxml.etree.LxmlError, ValueError):
        return None


def _information_line(markup: str) -> str | None:
    """The shortest element's text that names a source or an author beside a date."""
    tree = _tree(markup)
    if tree is None:
        return None
    found: list[str] = []
    for element in tree.iter("div", "p", "span", "td", "section", "header", "ul", "h5", "h6"):
        text = _one_line(element.text_content())
        if text and len(text) <= MAX_INFO_CHARACTERS and _INFO.search(text) and re.search(r"\d{4}\D\d{1,2}\D\d", text):
            found.append(text)
    return min(found, key=len, default=None)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _all_text(markup: str) -> str:
    tree = _tree(markup)
    if tree is None:
        return ""
    for element in tree.xpath("//script|//style|//noscript|//template"):
        element.drop_tree()
    lines = (_one_line(line) for line in tree.text_content().splitlines())
    return "\n".join(line for line in lines if line)
