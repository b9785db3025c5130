"""Text in, times out: dates and periods, absolute or resolved against the article's date.

Values are cut short where the text is (``2022``, ``2022-07``, ``2022-07-08``: xsd:gYear, xsd:gYearMonth,
xsd:date). What the words mean stands in ``times.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kg.annotate.lexicon import read_lexicon
from kg.model import TextSpan
from kg.ontology import Ontology

Kind = Literal["date", "period", "now", "vague"]
_LOST = "[\ufffd?\ue000-\uf8ff]{0,2}"  # what a broken character leaves between 2022 and 年
_YEAR_DIGITS = "〇一二三四五六七八九"
_DASH = "[-—–~～至到]"
_OPENING_YEAR = re.compile(r"(?:^|[。；;！\n])[ \u3000]*(?:（.{1,2}）)?((?:19|20)\d\d)年", re.MULTILINE)
_DATELINE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])日(?:电|讯|消息)")
_HEADING_YEAR = re.compile(
    r"^[ \u3000#*]*(?:[一二三四五六七八九十]{1,3}、)?((?:19|20)\d\d)年?[：:]?[ \u3000]*$", re.MULTILINE
)
_NAMED_YEAR = re.compile(
    r"[^。！\n]{0,60}?(?<!\d)(20[12]\d)(?=[^\d年月日.，。、—～~/-]{2,30}?(?:会|论坛|大赛|节)(?:上|在|举|召|开|，))"
)
MAX_DAYS_SENT = 3  # from when an article is sent to when it comes out
LAST_MONTH_OF_REVIEWS, FIRST_MONTH_OF_REVIEWS = 4, 12
NEAR_DAYS = 45
"""A month without a year is of the article's year, unless that is further ahead than this and nothing is planned."""


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of text that says when. ``date`` is ``YYYY[-MM[-DD]]`` or None where it cannot be known.

    ``kind``: a ``date``; a ``period`` within a year (一季度, 1—9月: only ``year`` is known); ``now`` (目前);
    ``vague`` (日前, “十四五”期间). ``is_plan``: the time lies after the article's date, or is a deadline.
    """

    span: TextSpan
    year: str | None
    date: str | None
    kind: Kind
    is_plan: bool = False


def find_times(text: str, published: date | None, lexicon: Path | None = None) -> list[Time]:
    """The times of ``text``, in order. Without ``published``, relative times have no date.

    >>> [(t.date, t.is_plan) for t in find_times("去年9月开工，预计2025年底投产。", date(2024, 1, 18))]
    [('2023-09', False), ('2025', True)]
    >>> [t.year for t in find_times("目前有员工460人，一季度产值8亿元", date(2024, 4, 26))]
    ['2024', '2024']
    """
    words = _words(lexicon or Ontology.load().lexicon)
    reader = _Reader(words, text, _dateline(text, published) or published)
    return [time for match in words.expression.finditer(text) if (time := reader.read(match)) is not None]


def _dateline(text: str, published: date | None) -> date | None:
    """The day an article was sent, where it says so (…8月22日电) and came out right after: its 今天 is that day."""
    match = _DATELINE.search(text)
    if published is None or match is None:
        return None
    for year in (published.year, published.year - 1):
        sent = _date(year, int(match[1]), int(match[2]))
        if sent and 0 <= (published - sent).days <= MAX_DAYS_SENT:
            return sent
    return None


def find_reviews(text: str, published: date | None, lexicon: Path | None = None) -> list[tuple[TextSpan, str]]:
    """The stretches of a text that tell what was done in one year, and that year: what has no date there is of it.

    >>> text = "政府工作报告\\n过去一年，建成投用学校3所。\\n今年，我们要再建2所。"
    >>> [(span.of(text), year) for span, year in find_reviews(text, date(2022, 1, 20))]
    [('过去一年，建成投用学校3所。\\n', '2021')]
    """
    words = _words(lexicon or Ontology.load().lexicon)
    found: list[tuple[TextSpan, str]] = []
    for match in words.reviews.finditer(text):
        year = match["of"] or match["titled"] or _year_past(published)
        if year is None or (found and found[-1][0].end > match.start() and found[-1][1] == year):
            continue
        if found and found[-1][0].end > match.start():
            found[-1] = (TextSpan(found[-1][0].start, match.start()), found[-1][1])
        over = words.review_ends.search(text, match.end())
        if match["of"]:
            stop = text.find("\n", match.end())
            end = min(over.start() if over else len(text), stop if stop >= 0 else len(text))
        else:
            end = over.start() if over else len(text)
        found.append((TextSpan(match.start(), end), year))
    return found


def _year_past(published: date | None) -> str | None:
    """The year that 过去一年 means at the turn of a year."""
    if published is None or LAST_MONTH_OF_REVIEWS < published.month < FIRST_MONTH_OF_REVIEWS:
        return None
    return str(published.year - (published.month <= LAST_MONTH_OF_REVIEWS))


class _Words:
    """The lexicon, compiled into one expression."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.years = {word: row["year"] for row in data["years"] for word in row["say"]}
        self.months = {word: row["month"] for row in data["months"] for word in row["say"]}
        self.days = {word: row["day"] for row in data["days"] for word in row["say"]}
        self.context = {word: row for row in data["context"] for word in row["say"]}
        self.whole_year_until_month = int(data["whole_year_until_month"])
        self.reviews = re.compile(
            rf"(?P<past>{_any(data['reviews']['past'])})"
            rf"|^[^\n，。；]{{0,20}}?(?P<titled>(?:19|20)\d\d)年[^\n，。；]{{0,16}}(?:{_any(data['reviews']['titles'])})[^\n，。；]{{0,8}}$"
            rf"|(?:^[ \u3000]*|{_any(data['reviews']['tell'])})(?P<of>(?:19|20)\d\d)年，?(?={_any(data['reviews']['of_all'])})",
            re.MULTILINE,
        )
        self.review_ends = re.compile(
            _any(data["reviews"]["ends"]) + r"|^[^\n，。；]{0,8}(?:19|20)\d\d年[^\n，。；]{0,12}$", re.MULTILINE
        )
        self.plans = _any(data["plans"])
        self.deadline = tuple(data["deadline_before"])
        phrases = [row for row in data["vague"] if "match" in row]
        vague = "|".join([*(row["match"] for row in phrases if not row.get("plan")), _said(data["vague"])])
        plans = "|".join(row["match"] for row in phrases if row.get("plan"))
        same_year, same_month, same_day = (
            _said(row for row in data["context"] if row["take"] == part) for part in ("year", "month", "day")
        )
        year = (
            rf"(?P<year>(?<!\d)(?:19|20)\d\d)[ ]?(?:年度?|{_LOST}(?=\d{{1,2}}[ ]?月)(?<!\d))[ ]?{_LOST}"
            rf"|(?P<spelled>[一二][九〇零][{_YEAR_DIGITS}零]{{2}})年"
            rf"|(?P<relative>{_said(data['years'])})|(?P<sameyear>{same_year})"
        )
        months = rf"(?:1[0-2]|0?[1-9]){_DASH}(?P<last>1[0-2]|0?[1-9])月份?|(?P<month>1[0-2]|0?[1-9])[ ]?(?:月份?|(?=[底初末]))"
        day = r"(?P<day>3[01]|[12]\d|0?[1-9])[ ]?[日号](?!线)"
        self.expression = re.compile(
            r"(?P<iso>(?<![\d.\-])(?:19|20)\d\d([-/.])(?:1[0-2]|0?[1-9])\2(?:3[01]|[12]\d|0?[1-9])(?![\d]))"
            rf"|(?P<vague>{vague})|(?P<plan>{plans})|(?P<now>{_said(data['now'])})"
            rf"|(?P<relday>{_said(data['days'])})|(?P<sameday>{same_day})"
            rf"|(?:{year})(?:的)?(?:(?:{months})(?:{day})?)?(?P<part>{_any(data['parts'])})?"
            rf"|(?:(?P<relmonth>{_said(data['months'])})|(?P<samemonth>{same_month}))"
            r"(?P<relmonthday>3[01]|[12]\d|0?[1-9])?(?:(?<=\d)[日号])?"
            r"|(?<![\d.])(?P<month2>1[0-2]|0?[1-9])[ ]?月"
            r"(?:份|(?P<day2>3[01]|[12]\d|0?[1-9])[ ]?[日号])?(?P<tail>底|初|末|上旬|中旬|下旬)?"
            rf"|(?<![\d.])(?:1[0-2]|0?[1-9]){_DASH}(?P<last2>1[0-2]|0?[1-9])月份?"
            r"|(?<![\d.月第])(?P<day3>3[01]|[12]\d|0?[1-9])[日](?![\d均产])"
            rf"|(?P<alone>{_any(data['alone'])})"
        )


def _any(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: -len(word)))


def _said(rows: Iterable[dict[str, Any]]) -> str:
    """The words of the rows, where no character beside them makes them part of another word."""
    guarded = []
    for row in rows:
        if "say" in row:
            after = f"(?<![{row['not_after']}])" if "not_after" in row else ""
            before = f"(?![{row['not_before']}])" if "not_before" in row else ""
            guarded.append(f"{after}(?:{_any(row['say'])}){before}")
    return "|".join(guarded)


@cache
def _words(lexicon: Path) -> _Words:
    return _Words(read_lexicon(lexicon, "times"))


class _Reader:
    """Reads one match after the other; remembers the last full date, for 当天 and 同年."""

    def __init__(self, words: _Words, text: str, published: date | None) -> None:
        self.words, self.text, self.published = words, text, published
        self.headings = [(match.start(), int(match[1])) for match in _HEADING_YEAR.finditer(text)]
        self.year: int | None = None  # of the last date said
        self.month: int | None = None
        self.last: str | None = None  # the last full date said

    def read(self, match: re.Match[str]) -> Time | None:
        if match["vague"] or match["plan"]:
            return self._time(match, None, None, "vague", plan=bool(match["plan"]))
        if match["now"]:
            return self._time(match, self.published.year if self.published else None, None, "now")
        if match["iso"]:
            return self._said(match, *map(int, re.split(r"[-/.]", match["iso"])))
        if match["relday"]:
            if self.published is None:
                return self._time(match, None, None, "vague")
            then = self.published + timedelta(days=self.words.days[match["relday"]])
            return self._said(match, then.year, then.month, then.day)
        if match["sameday"]:
            return self._time(match, self.last[:4] if self.last else None, self.last, "date" if self.last else "vague")
        if match["relmonth"] or match["samemonth"]:
            return self._relative_month(match)
        if match["month2"]:
            return self._without_year(match, int(match["month2"]), _int(match["day2"]))
        if match["day3"]:
            return self._day_alone(match, int(match["day3"]))
        if match["last2"] or match["alone"]:
            its_year = self.published.year if self.published else None
            if its_year and self.published and match["alone"] == "全年":
                its_year -= int(self.published.month < self.words.whole_year_until_month)
            is_end = bool(match["alone"]) and "底" in match["alone"]
            return self._time(
                match, its_year, str(its_year) if its_year and is_end else None, "date" if is_end else "period"
            )
        return self._with_year(match)

    def _with_year(self, match: re.Match[str]) -> Time | None:
        year: int | None
        if match["year"]:
            year = int(match["year"])
        elif match["spelled"]:
            year = int(
                "".join(str("〇一二三四五六七八九".index(char.replace("零", "〇"))) for char in match["spelled"])
            )
        elif match["relative"]:
            year = self.published.year + self.words.years[match["relative"]] if self.published else None
        else:
            plus = int(self.words.context[match["sameyear"]].get("plus", 0))
            year = None if self.year is None else self.year + plus
        if year is None:
            return self._time(match, None, None, "vague")
        if match["last"]:
            self.year = year
            return self._time(match, year, None, "period")
        return self._said(match, year, _int(match["month"]), _int(match["day"]), part=match["part"])

    def _relative_month(self, match: re.Match[str]) -> Time | None:
        if match["relmonth"] and self.published:
            months = self.published.year * 12 + self.published.month - 1 + self.words.months[match["relmonth"]]
            year, month = divmod(months, 12)
            return self._said(match, year, month + 1, _int(match["relmonthday"]))
        if match["samemonth"] and self.year and self.month:
            return self._said(match, self.year, self.month, _int(match["relmonthday"]))
        return self._time(match, None, None, "vague")

    def _without_year(self, match: re.Match[str], month: int, day: int | None) -> Time | None:
        """7月8日: of the article's year; of the year before if that lies far ahead and no plan is spoken of."""
        if heading := self._heading(match.start()):
            return self._said(match, heading, month, day)
        if self.year and self._goes_on(match.start()):
            return self._said(match, self.year, month, day)
        if self.published is None:
            named = _NAMED_YEAR.match(self.text, match.end()) if day else None
            return self._said(match, int(named[1]), month, day) if named else self._time(match, None, None, "vague")
        year = self.published.year
        then = _date(year, month, day or 1)
        if then and (then - self.published).days > NEAR_DAYS and not self._is_deadline(match.start()):
            ahead = self.text[max(0, match.start() - 12) : match.start()]
            if not re.search(self.words.plans, ahead + self.text[match.end() : match.end() + 8]):
                year -= 1
        return self._said(match, year, month, day)

    def _heading(self, start: int) -> int | None:
        """The year a line of its own says above: of what a chronicle tells below it."""
        above = [year for at, year in self.headings if at < start]
        return above[-1] if above else None

    def _goes_on(self, start: int) -> bool:
        """Whether a month belongs to the year that a sentence before it opens with: 2022年，…；6月，…."""
        begun = self.text.rfind("\n", 0, start) + 1
        openings = _OPENING_YEAR.findall(self.text, begun, start)
        is_opening = self.text[start - 1 : start] in ("；", ";", "，", ",", "。")
        return bool(openings) and int(openings[-1]) == self.year and is_opening

    def _day_alone(self, match: re.Match[str], day: int) -> Time | None:
        """18日: of the month last said, else the article's."""
        if self.published is None and self.month is None:
            return None
        if self.last and (self.published is None or self._is_near(self.last)):
            return self._said(match, int(self.last[:4]), int(self.last[5:7]), day)
        if self.published is None:
            return self._said(match, self.year, self.month, day) if self.year and self.month else None
        year, month = self.published.year, self.published.month
        if day > self.published.day + 15:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return self._said(match, year, month, day)

    def _is_near(self, day: str) -> bool:
        """Whether a day is no further from the article's than days said without a month are."""
        assert self.published is not None
        return abs((date.fromisoformat(day) - self.published).days) <= NEAR_DAYS

    def _said(
        self, match: re.Match[str], year: int, month: int | None, day: int | None, *, part: str | None = None
    ) -> Time | None:
        if month and day and _date(year, month, day) is None:
            return None
        self.year, self.month = year, month or self.month
        value = f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")
        if month and day:
            self.last = value
        is_period = part is not None and ("季度" in part or "半年" in part or part == "全年")
        return self._time(match, year, value, "period" if is_period else "date")

    def _time(
        self, match: re.Match[str], year: int | str | None, value: str | None, kind: Kind, plan: bool = False
    ) -> Time:
        if self.published and value:
            plan = plan or value > self.published.isoformat()[: len(value)]
        part = match["part"] or match["alone"] or ""
        late = value is None or self.published is None or value >= self.published.isoformat()[: len(value)]
        plan = plan or part.endswith("前") or (kind == "date" and late and self._is_deadline(match.start()))
        return Time(TextSpan(match.start(), match.end()), None if year is None else str(year), value, kind, plan)

    def _is_deadline(self, start: int) -> bool:
        ahead = self.text[max(0, start - 3) : start]
        return any(
            ahead.endswith(word) and ahead[: -len(word)][-1:] not in ("日", "月", "年", "截")
            for word in self.words.deadline
        )


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
