"""The words of an answer → where they stand in the article, character by character; nowhere in damaged text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from kg.llm.windows import body_sentences
from kg.model import Article, TextSpan

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEAR = 20  # characters on each side in which a number is looked for


class Alignment:
    """One article, to find words in."""

    def __init__(self, article: Article) -> None:
        self.text = article.text
        self._damage = article.damage
        self._sentences = body_sentences(article)
        self._starts = [sentence.start for sentence in self._sentences]

    def all(self, said: str, within: Iterable[TextSpan]) -> list[TextSpan]:
        """Every place in the pieces ``within`` where the text says just this, in order; a number is never cut.

        >>> Alignment(Article("a", "a.txt", "", "产值480亿元")).all("80亿元", [TextSpan(0, 7)])
        []
        """
        found: list[TextSpan] = []
        for piece in within:
            start = self.text.find(said, *piece) if said else -1
            while start >= 0:
                span = TextSpan(start, start + len(said))
                if not self._cuts_a_number(span) and not self._is_damaged(span):
                    found.append(span)
                start = self.text.find(said, start + 1, piece.end)
        return found

    def sentence(self, span: TextSpan) -> TextSpan:
        """The sentence that ``span`` stands in; from the first to the last where it stands in several."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = max(first, bisect_right(self._starts, span.end - 1) - 1)
        if not self._sentences or not self._sentences[first].overlaps(span):
            return span
        return self._sentences[first].cover(self._sentences[last])

    def _cuts_a_number(self, span: TextSpan) -> bool:
        return any(
            number.start() < at < number.end()
            for at in span
            for number in _NUMBER.finditer(self.text, max(0, at - _NEAR), at + _NEAR)
        )

    def _is_damaged(self, span: TextSpan) -> bool:
        return any(span.overlaps(lost) for lost in self._damage)
