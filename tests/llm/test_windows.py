"""Long articles are read in windows that overlap, of the article's own text only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.llm.windows import body_sentences, windows
from kg.model import Article, TextSpan

TEXTS = st.text(alphabet="甲园开投产，。！\n 1", max_size=200)


def of(text: str, body: tuple[TextSpan, ...] = ()) -> Article:
    return Article("a", "a.txt", text, text, body=body)


@given(TEXTS, st.integers(5, 60), st.integers(0, 4))
def test_every_sentence_is_read_whole_where_it_fits_and_no_window_is_too_long(
    text: str, size: int, overlap: int
) -> None:
    article = of(text)
    found = windows(article, size, overlap)
    for sentence in body_sentences(article):
        pieces = [piece for window in found for piece in window.pieces]
        if sentence.end - sentence.start <= size:
            assert any(piece.contains(sentence) for piece in pieces)
        assert all(any(at in range(*piece) for piece in pieces) for at in range(*sentence))
    for window in found:
        assert len("".join(window.text(article).split())) <= size


@given(TEXTS, st.integers(5, 60), st.integers(0, 4))
def test_each_window_says_something_new(text: str, size: int, overlap: int) -> None:
    ends = [window.span.end for window in windows(of(text), size, overlap)]
    assert ends == sorted(set(ends))


def test_what_is_not_the_article_is_not_read() -> None:
    text = "首页 新闻 关于我们\n甲园开园。\n相关阅读：乙园投产。\n丙园签约。"
    start, end = text.index("甲"), text.index("丙")
    body = (TextSpan(start, start + 5), TextSpan(end, len(text)))
    (window,) = windows(of(text, body), 100, 10)
    assert window.text(of(text)) == "甲园开园。\n丙园签约。"
    assert len(window.pieces) == 2


def test_an_article_without_text_has_no_window() -> None:
    assert windows(of(" \n"), 100, 10) == []
