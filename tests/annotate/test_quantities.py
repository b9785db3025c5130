"""Numbers with a unit: what they come to, and what is no quantity."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.lexicon import read_lexicon
from kg.annotate.numerals import value_of, value_of_words
from kg.annotate.quantities import find_quantities
from kg.ontology import Ontology

UNITS = read_lexicon(Ontology.load().lexicon, "units")
COMPARATORS = read_lexicon(Ontology.load().lexicon, "comparators")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("总投资480亿元", 48_000_000_000, "元"),
        ("总投资1.2万元", 12_000, "元"),
        ("接待340多万人", 3_400_000, "人"),
        ("近百亿元", 10_000_000_000, "元"),
        ("上千名客商", 1000, "名"),
        ("两百名学生", 200, "名"),
        ("十三万人", 130_000, "人"),
        ("企业２０家", 20, "家"),
        ("占地1,200亩", 1200, "亩"),
        ("新增小微企业 2.6 万家", 26_000, "家"),
        ("投资5亿元人民币", 500_000_000, "元"),
        ("日处理2.5万吨/日", 25_000, "吨/日"),
        ("占全市五分之一", 20, "%"),
        ("约占四成", 40, "%"),
        ("百分之二十", 20, "%"),
    ],
)
def test_a_number_comes_in_the_base_form_of_its_unit(text: str, value: int, unit: str) -> None:
    [found] = find_quantities(text)
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("达480亿元", "="),
        ("突破480亿元", ">"),
        ("逾480亿元", ">"),
        ("480余亿元", ">"),
        ("近480亿元", "~"),
        ("480亿元左右", "~"),
        ("480亿元以上", ">="),
        ("不少于600名", ">="),
        ("最高500万元", "<="),
        ("500万元以内", "<="),
        ("不足3个月", "<"),
        ("签约3亿元", "="),  # 约 is part of 签约
        ("最近3个月", "="),
    ],
)
def test_the_words_beside_a_number_compare_it(text: str, comparator: str) -> None:
    [found] = find_quantities(text)
    assert found.comparator == comparator


def test_a_range_has_a_low_and_a_high_value() -> None:
    [found] = find_quantities("投资10—20亿元")
    assert (found.value, found.value_max) == (1_000_000_000, 2_000_000_000)


def test_a_range_may_say_its_unit_twice() -> None:
    [found] = find_quantities("每斤10元至15元")
    assert (found.value, found.value_max, found.unit) == (10, 15, "元")


@pytest.mark.parametrize(
    "text",
    [
        "第五届",
        "5G基站",
        "2022年7月8日",
        "K12教育",
        "“2+2”会谈",
        "7号线",
        "世界500强",
        "一家企业",
        "百家争鸣",
        "数百家",
        "三成立",
    ],
)
def test_dates_ordinals_names_and_figures_of_speech_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == []


def test_the_phrase_covers_the_comparing_words_and_the_span_does_not() -> None:
    text = "员工超过3200人"
    [found] = find_quantities(text)
    assert (found.span.of(text), found.phrase.of(text)) == ("3200人", "超过3200人")


@pytest.mark.parametrize("row", UNITS, ids=lambda row: row["unit"])
def test_each_unit_reads_its_example_and_not_its_counter_example(row: dict) -> None:
    text, value = row["example"]
    [found] = find_quantities(text)
    assert (found.unit, found.value) == (row["unit"], Decimal(str(value)))
    assert row["unit"] not in {found.unit for found in find_quantities(row["counter"])}


@pytest.mark.parametrize("row", COMPARATORS, ids=lambda row: row["comparator"])
def test_each_comparator_reads_its_example_and_not_its_counter_example(row: dict) -> None:
    assert [found.comparator for found in find_quantities(row["example"])] == [row["comparator"]]
    assert [found.comparator for found in find_quantities(row["counter"])] == ["="]


@given(st.integers(1, 9_999), st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8), ("千万", 10**7)]))
def test_a_scale_word_multiplies(number: int, scale: tuple[str, int]) -> None:
    assert value_of(str(number), scale[0]) == number * scale[1]


@given(st.integers(1, 10**9))
def test_a_number_in_words_is_the_number_in_figures(number: int) -> None:
    assert value_of_words(_in_words(number)) == number


def _in_words(number: int) -> str:
    if number >= 10**4:
        scale, word = (10**8, "亿") if number >= 10**8 else (10**4, "万")
        high, low = divmod(number, scale)
        gap = "零" if 0 < low < scale // 10 else ""
        return _in_words(high) + word + gap + (_in_words(low) if low else "")
    digits = "零一二三四五六七八九"
    words = "".join(
        digits[int(digit)] + ("" if digit == "0" else "千百十"[place])
        for digit, place in zip(f"{number:04d}"[:3], range(3), strict=True)
    )
    words = (words + (digits[number % 10] if number % 10 else "")).lstrip("零")
    while "零零" in words:
        words = words.replace("零零", "零")
    return words if number % 10 else words.rstrip("零")


@given(st.text(alphabet="约超近达第0123456789.,万亿千百十一二三余多家元%亩年—至人个 ", max_size=30))
def test_any_text_gives_ordered_quantities_inside_it_that_do_not_overlap(text: str) -> None:
    found = find_quantities(text)
    assert all(0 <= q.phrase.start <= q.span.start < q.span.end <= q.phrase.end <= len(text) for q in found)
    assert all(left.span.end <= right.span.start for left, right in itertools.pairwise(found))
    assert all(q.value_max is None or q.value < q.value_max for q in found)
