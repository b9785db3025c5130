"""Times, absolute and resolved against the article's date."""

import itertools
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.lexicon import read_lexicon
from kg.annotate.times import find_reviews, find_times
from kg.ontology import Ontology

PUBLISHED = date(2022, 7, 25)
DATA = read_lexicon(Ontology.load().lexicon, "times")
WORDS = [(group, row) for group in ("years", "months", "days", "context", "now", "vague") for row in DATA[group]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年7月8日", "2022-07-08"),
        ("2022年7月", "2022-07"),
        ("2022年", "2022"),
        ("2022-07-08 10:20", "2022-07-08"),
        ("二〇二二年", "2022"),
        ("7月8日", "2022-07-08"),
        ("7月21日起", "2022-07-21"),
        ("去年9月", "2021-09"),
        ("今年8月20日", "2022-08-20"),
        ("明年6月", "2023-06"),
        ("本月29日", "2022-07-29"),
        ("上月", "2022-06"),
        ("昨天上午9时", "2022-07-24"),
        ("到2025年底", "2025"),
        ("11月签约", "2021-11"),  # no plan: of the year before
        ("将于11月签约", "2022-11"),
        ("18日正式公布", "2022-07-18"),
    ],
)
def test_a_time_has_the_date_it_names(text: str, expected: str) -> None:
    assert [time.date for time in find_times(text, PUBLISHED)] == [expected]


@pytest.mark.parametrize(
    ("text", "year"), [("一季度", "2022"), ("1—9月", "2022"), ("今年上半年", "2022"), ("目前", "2022")]
)
def test_a_part_of_a_year_has_its_year(text: str, year: str) -> None:
    assert [time.year for time in find_times(text, PUBLISHED)] == [year]


@pytest.mark.parametrize("text", ["日前", "近日", "近年来", "“十四五”期间", "近三年来", "三年内"])
def test_a_vague_time_has_no_date(text: str) -> None:
    assert [(time.date, time.year) for time in find_times(text, PUBLISHED)] == [(None, None)]


def test_the_same_day_is_the_last_full_date_before_it() -> None:
    assert find_times("7月8日开园。当天签约。", PUBLISHED)[-1].date == "2022-07-08"


def test_the_same_year_is_that_of_the_date_before_it() -> None:
    assert find_times("2018年9月开通；同年10月24日通车", None)[-1].date == "2018-10-24"


def test_a_year_that_opens_is_not_the_one_a_word_ends_with() -> None:
    assert find_times("达产后年产值90亿元", PUBLISHED) == []


def test_the_whole_year_said_in_january_is_the_year_before() -> None:
    assert find_times("全年完成产值", date(2024, 1, 18))[0].year == "2023"


@pytest.mark.parametrize("text", ["2025年", "明年", "到2022年底", "年底前"])
def test_what_lies_ahead_is_a_plan(text: str) -> None:
    assert find_times(text, PUBLISHED)[0].is_plan


@pytest.mark.parametrize("text", ["去年", "7月8日", "截至6月底", "3月5日至7日"])
def test_what_is_past_is_no_plan(text: str) -> None:
    assert not any(time.is_plan for time in find_times(text, PUBLISHED))


@pytest.mark.parametrize("text", ["去年9月", "7月8日", "昨天", "上月"])
def test_without_the_article_s_date_a_relative_time_has_no_date(text: str) -> None:
    assert [time.date for time in find_times(text, None)] == [None]


@pytest.mark.parametrize("text", ["地铁2号线", "2月30日", "十五家企业", "第20220708号", "3.5平方公里"])
def test_numbers_that_are_no_time_are_left_alone(text: str) -> None:
    assert find_times(text, PUBLISHED) == []


@pytest.mark.parametrize(("group", "row"), WORDS, ids=lambda value: str(value)[:30])
def test_each_word_reads_its_example_and_not_its_counter_example(group: str, row: dict) -> None:
    def is_read(text: str) -> bool:
        pattern = row.get("match") or "|".join(row["say"])
        return any(re.match(pattern, time.span.of(text)) for time in find_times(text, PUBLISHED))

    assert is_read(f"2020年5月6日，{row['example']}" if group == "context" else row["example"])
    assert not is_read(row["counter"])


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_a_full_date_reads_back(day: date) -> None:
    [found] = find_times(f"{day.year}年{day.month}月{day.day}日", PUBLISHED)
    assert found.date == day.isoformat()
    assert found.is_plan == (day > PUBLISHED)


@given(st.text(alphabet="年月日底初上下半季度今去明0123456789一二三〇至—当天同目前近来“”十四五", max_size=30))
def test_any_text_gives_ordered_times_inside_it(text: str) -> None:
    found = find_times(text, PUBLISHED)
    assert all(0 <= time.span.start < time.span.end <= len(text) for time in found)
    assert all(left.span.end <= right.span.start for left, right in itertools.pairwise(found))
    assert all(time.date is None or time.year == time.date[:4] for time in found)


def test_a_month_is_of_the_year_above_it() -> None:
    told = find_times("2019年\n3月22日，批复设立。\n2020年\n5月，奠基。", date(2023, 3, 1))
    assert [time.date for time in told] == ["2019", "2019-03-22", "2020", "2020-05"]
    told = find_times("2022年，铁路接轨；6月，工作站挂牌。", date(2024, 3, 1))
    assert [time.date for time in told] == ["2022", "2022-06"]


def test_today_is_the_day_the_article_was_sent() -> None:
    told = find_times("本报8月22日电 今天上午，产业园开园。", date(2021, 8, 23))
    assert [time.date for time in told] == ["2021-08-22", "2021-08-22"]


def test_a_day_alone_is_of_the_last_day_s_month_not_of_a_month_said() -> None:
    told = find_times("10月14日，观摩开始。6月开业的中心向好。15日，会议召开。", date(2020, 10, 16))
    assert [time.date for time in told] == ["2020-10-14", "2020-06", "2020-10-15"]


def test_a_month_ahead_that_is_planned_is_of_the_article_s_year() -> None:
    [told] = find_times("10月份可试生产。", date(2022, 7, 21))
    assert (told.date, told.is_plan) == ("2022-10", True)


def test_a_review_of_a_year_ends_where_the_plans_begin() -> None:
    row = DATA["reviews"]
    text, year = row["example"]
    assert [said for _, said in find_reviews(text, date(2024, 1, 20))] == [year]
    assert find_reviews(row["counter"], date(2024, 1, 20)) == []


def test_without_the_article_s_date_the_year_in_an_event_s_name_is_that_of_its_day() -> None:
    assert [t.date for t in find_times("3月18日，2023晋安茶业论坛在福州召开。", None)] == ["2023-03-18"]
    assert [t.date for t in find_times("3月18日，茶业论坛在福州召开。", None)] == [None]
