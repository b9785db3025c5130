"""GBK, one character at a time: first bytes 81 to FE, second bytes 40 to FE without 7F."""

from __future__ import annotations

from functools import cache


def gbk(character: str) -> bytes:
    """The GBK bytes of a character, empty when it has none."""
    return character.encode("gbk", "ignore")


@cache
def decoded(first: int, second: int) -> str:
    """The character of two GBK bytes, empty when they are none.

    >>> decoded(0xC4, 0xEA), decoded(0xC4, 0x28)
    ('年', '')
    """
    return bytes((first, second)).decode("gbk", "ignore") if first >= 0x81 and second >= 0x40 else ""
