"""How likely a stretch of text is Chinese, in bits: fewer bits a character, likelier text."""

from __future__ import annotations

from functools import cache

from kg.read.repair.characters import data_file, is_han, simplified

UNSEEN_BITS = 24.0  # a Chinese character no word of the counted vocabulary holds
PUNCTUATION_BITS = 6.0
SYMBOL_BITS = 16.0  # Greek, kana, box drawing: rare inside news
ASCII_BITS = 9.0
SIGN_BITS = 14.0  # ASCII signs that news hardly uses, and second bytes often are
COMMON_BITS = 18.0  # characters that cost no more are everyday ones
PAIR_BITS = 0.5  # what it costs to say "the pair is inside a word"
SINGLE_BITS = 1.0  # … or that it is not

_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》【】…—·　\n,:;()%")
_SIGNS = frozenset("|{}^`~\\@[]_#$")


@cache
def _tables() -> tuple[dict[str, float], dict[str, float]]:
    first, *rest = data_file("likelihood.txt").splitlines()
    pairs = {line[0] + second: bits for line in rest for second, bits in _by_bits(line[1:]).items()}
    return _by_bits(first), pairs


def _by_bits(groups: str) -> dict[str, float]:
    table: dict[str, float] = {}
    bits = 0.0
    for character in groups:
        if "a" <= character <= "z":
            bits = float(ord(character) - ord("a"))
        else:
            table[character] = bits
    return table


def bits(text: str, before: str = "") -> float:
    """The cost of ``text`` in bits, following the character ``before``; traditional counts as simplified.

    >>> bits("科技部火炬中心") < bits("笨萍疾炕鹁嬷行")
    True
    """
    fold = simplified()
    total = 0.0
    previous = fold.get(before, before)
    for character in text:
        character = fold.get(character, character)
        total += follower_bits(previous, character)
        previous = character
    return total


@cache
def common_characters() -> frozenset[str]:
    """The everyday characters, in both scripts."""
    single, _ = _tables()
    common = {character for character, cost in single.items() if cost <= COMMON_BITS}
    return frozenset(common | {a for a, b in simplified().items() if b in common})


def follower_bits(previous: str, character: str) -> float:
    """The cost of one simplified character after another."""
    single, pairs = _tables()
    if not is_han(character):
        if character in _PUNCTUATION:
            return PUNCTUATION_BITS
        if character in _SIGNS:
            return SIGN_BITS
        return ASCII_BITS if character < "\x80" else SYMBOL_BITS
    return min(
        single.get(character, UNSEEN_BITS) + SINGLE_BITS,
        pairs.get(previous + character, 99.0) + PAIR_BITS,
    )


def bound(first: str, second: str) -> float:
    """How much likelier ``second`` is behind ``first`` than anywhere, in bits; traditional counts as simplified.

    >>> bound("湖", "北") > 2 > bound("國", "人")
    True
    """
    single, pairs = _tables()
    first, second = (simplified().get(c, c) for c in (first, second))
    return single.get(second, UNSEEN_BITS) - pairs.get(first + second, UNSEEN_BITS)
