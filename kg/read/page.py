"""What a format's reader takes out of a file: the text of one article, and what the file says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]?\s?(\d{1,2})\s?[-/.月]?\s?(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: ``text`` is title, information line and main text, one paragraph a line."""

    text: str
    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    markdown: bool = False


class Found(NamedTuple):
    """A place where an article should be: its page, or why there is none."""

    location: str
    page: Page | Exception


def titled(title: str | None, text: str) -> str:
    r"""``text`` with its title above it, where it does not open with that.

    >>> titled("三创中心封顶", "晋安区的项目。"), titled("三创中心封顶", "三创中心封顶\n晋安区的项目。")
    ('三创中心封顶\n晋安区的项目。', '三创中心封顶\n晋安区的项目。')
    """
    title = " ".join((title or "").split())
    lines = text.lstrip().split("\n", 3)[:3]
    return text if not title or title in (line.strip() for line in lines) else f"{title}\n{text}"


def date_in(text: str) -> date | None:
    """The first date in ``text``.

    >>> date_in("发布于2023年7月21日 08:30"), date_in("20230721"), date_in("本周五")
    (datetime.date(2023, 7, 21), datetime.date(2023, 7, 21), None)
    """
    return first_date(_DATE, text)


def first_date(pattern: re.Pattern[str], text: str) -> date | None:
    """The first match of ``pattern`` that is a date: its groups are year, month and day."""
    for match in pattern.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None
