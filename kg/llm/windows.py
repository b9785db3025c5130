"""An article → the windows a model reads it in: whole sentences, overlapping, of its body only.

A window is a list of pieces of ``Article.text``; what stands between two pieces is not the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.annotate.marks import chinese_marks
from kg.annotate.sentences import sentence_spans
from kg.model import Article, TextSpan


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked in one go. ``pieces`` are in order and do not overlap."""

    pieces: tuple[TextSpan, ...]

    def text(self, article: Article) -> str:
        """What the model is given to read."""
        return "\n".join(piece.of(article.text) for piece in self.pieces)

    @property
    def span(self) -> TextSpan:
        """From its first character to its last."""
        return TextSpan(self.pieces[0].start, self.pieces[-1].end)


def body_sentences(article: Article) -> list[TextSpan]:
    """The sentences of the article's body; all of them where the reader marked no body."""
    sentences = sentence_spans(chinese_marks(article.text))
    return [s for s in sentences if not article.body or any(part.overlaps(s) for part in article.body)]


def windows(article: Article, window_chars: int, overlap_chars: int) -> list[Window]:
    """The windows of an article: each at most ``window_chars`` long, beginning with the end of the one before.

    >>> article = Article("a", "a.txt", "", "甲园开园。乙园投产。丙园签约。")
    >>> [window.text(article) for window in windows(article, 10, 5)]
    ['甲园开园。乙园投产。', '乙园投产。丙园签约。']
    """
    found: list[list[TextSpan]] = []
    current: list[TextSpan] = []
    fresh = False  # whether the current window says anything the one before does not
    for sentence in _cut(body_sentences(article), window_chars, overlap_chars):
        if current and fresh and _length([*current, sentence]) > window_chars:
            found.append(current)
            current = _end(current, min(overlap_chars, window_chars - _length([sentence])))
        current, fresh = [*current, sentence], True
    if current:
        found.append(current)
    return [Window(tuple(_joined(article.text, sentences))) for sentences in found]


def _cut(sentences: Iterable[TextSpan], longest: int, overlap: int) -> Iterator[TextSpan]:
    """The sentences, one that fits no window in overlapping parts."""
    for start, end in sentences:
        while end - start > longest:
            yield TextSpan(start, start + longest)
            start += longest - overlap
        yield TextSpan(start, end)


def _length(sentences: Iterable[TextSpan]) -> int:
    return sum(end - start for start, end in sentences)


def _end(sentences: list[TextSpan], chars: int) -> list[TextSpan]:
    """The last sentences, as many as fit into ``chars``."""
    kept: list[TextSpan] = []
    for sentence in reversed(sentences):
        if _length([sentence, *kept]) > chars:
            break
        kept.insert(0, sentence)
    return kept


def _joined(text: str, sentences: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """The sentences, in one piece where nothing but white space stands between them."""
    current: TextSpan | None = None
    for sentence in sentences:
        if current is None:
            current = sentence
        elif not text[current.end : sentence.start].strip():
            current = current.cover(sentence)
        else:
            yield current
            current = sentence
    if current is not None:
        yield current
