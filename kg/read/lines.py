"""Lines of a text with where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.model import TextSpan


class Line(NamedTuple):
    """One line without the spaces at its edges; ``span`` is its range of the whole text."""

    number: int
    span: TextSpan
    text: str

    def sub(self, start: int, end: int) -> TextSpan:
        """The range of the whole text of ``self.text[start:end]``."""
        return TextSpan(self.span.start + start, self.span.start + end)


def pieces_of(text: str, longest: int | None = None) -> Iterator[tuple[int, str]]:
    r"""Each line with where it starts and its ``\n``, cut where it is longer than ``longest``.

    Not ``str.splitlines``: that breaks at characters which damaged text holds by accident.

    >>> list(pieces_of("一区\n一圈"))
    [(0, '一区\n'), (3, '一圈')]
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if longest is not None:
            end = min(end, start + longest)
        yield start, text[start:end]
        start = end


def lines_of(text: str) -> Iterator[Line]:
    r"""Every line of ``text``, empty ones too; lines end with ``\n``.

    >>> [line.span.of(" 一区 \n一圈") for line in lines_of(" 一区 \n一圈")]
    ['一区', '一圈']
    """
    start = 0
    for number, whole in enumerate(text.split("\n")):
        stripped = whole.strip()
        left = start + len(whole) - len(whole.lstrip()) if stripped else start
        yield Line(number, TextSpan(left, left + len(stripped)), stripped)
        start += len(whole) + 1
