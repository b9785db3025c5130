"""Markdown's signs taken out of a text, its words left; https://spec.commonmark.org/."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Edit, TextSpan

RULE = "markdown"

_SIGNS = re.compile(
    r"(?m)^[ ]{0,3}#{1,6}[ \t]+|[ \t]+#+[ \t]*$"  # headings
    r"|^[ ]{0,3}(?:>[ \t]?)+"  # quotations
    r"|^[ \t]*[-*+][ \t]+"  # bullets
    r"|^[ ]{0,3}(?:[-*_][ \t]*){3,}$"  # rules between sections
    r"|\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])"  # emphasis
    r"|!\[[^\]\n]*\]\([^)\n]*\)"  # images
    r"|\[(?=[^\]\n]+\]\([^)\n]*\))|(?<=.)\]\((?:https?:|[/.#]|mailto:)[^)\n]*\)"  # links
)


def unmark(text: str) -> Iterator[Edit]:
    """The edits that leave the words.

    >>> from kg.model import OffsetMap
    >>> text = "## **新店科创圈**[项目](https://a.cn)"
    >>> OffsetMap.apply(text, tuple(unmark(text)))[0]
    '新店科创圈项目'
    """
    return (Edit(TextSpan(*match.span()), "", RULE) for match in _SIGNS.finditer(text) if match[0])
