"""What holds for any text: reading never fails, and every range maps back to what was read."""

from hypothesis import given
from hypothesis import strategies as st
from simulate import in_gbk, mirrored, traditional
from texts import documents

from kg.model import Article, TextSpan
from kg.read.article import article_of
from kg.read.page import Page
from kg.read.repair import repair
from kg.read.report import repair_report
from kg.read.trace import Trace

FRAGMENTS = [
    *documents(6_000, seed=5)[0].split("\n"),
    "產(chǎn)業(yè)",
    "年?duì)I",
    "(zhēng)",
    "锟斤拷",
    "\ufffd",
    "榻B",
]
BYTES = st.binary(max_size=60).map(lambda data: data.decode("gbk", "replace"))
ANY_TEXT = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(FRAGMENTS), BYTES), max_size=12).map("".join)


def article(text: str) -> Article | None:
    return article_of(Page(text), "a.txt") if text.strip() and repair_report(text).text.strip() else None


@given(ANY_TEXT)
def test_reading_never_fails_and_spans_lie_inside(text: str) -> None:
    read = article(text)
    if read is None:
        return
    length = len(read.text)
    assert all(0 <= start < end <= length for start, end in (*read.body, *read.damage))
    assert list(read.body) == sorted(read.body)


@given(ANY_TEXT, st.data())
def test_every_range_maps_back_into_the_source(text: str, data: st.DataObject) -> None:
    read = article(text)
    if read is None:
        return
    start = data.draw(st.integers(0, len(read.text)))
    end = data.draw(st.integers(start, len(read.text)))
    source = read.to_source(TextSpan(start, end))
    assert 0 <= source.start <= source.end <= len(text)


@given(ANY_TEXT)
def test_what_no_edit_touched_is_quoted_as_it_stands(text: str) -> None:
    read = article(text)
    if read is None:
        return
    touched = {i for change in repair_report(read).changes for i in range(*change.source)}
    for index, character in enumerate(read.text):
        source = read.to_source(TextSpan(index, index + 1))
        if not touched.intersection(range(*source)):
            assert source.of(text) == character


@given(ANY_TEXT)
def test_a_character_leaves_only_by_a_named_edit(text: str) -> None:
    report = repair_report(text)
    kept = len(text) - sum(len(c.before) for c in report.changes) + sum(len(c.after) for c in report.changes)
    assert kept == len(report.text)
    assert all(change.rule for change in report.changes)


@given(st.lists(st.sampled_from(FRAGMENTS[:12]), min_size=1, max_size=20))
def test_sound_text_stays_as_it_is(sentences: list[str]) -> None:
    for text in ("\n".join(sentences), in_gbk(traditional("\n".join(sentences)))):
        trace = Trace(text)
        repair(trace)
        assert (trace.text, trace.offsets, trace.damage) == (text, [], [])


@given(st.integers(0, 10_000))
def test_a_mirrored_document_comes_back(seed: int) -> None:
    damaged = mirrored(documents(1, seed)[0])
    trace = Trace(damaged.text)
    repair(trace)
    if not trace.damage:
        assert trace.text == damaged.truth
