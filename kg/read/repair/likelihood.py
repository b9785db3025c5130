"""How likely a stretch of text is Chinese, in bits: fewer bits a character, likelier text."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.read.repair.characters import data_file, is_han, simplified

BASIC_PLANE = 0x10000  # code points below stand in tables
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
def followers(first: str) -> dict[str, float]:
    """What stands behind a character inside words, in either script → what it costs there, in bits."""
    costs = _followers().get(simplified().get(first, first), {})
    return {spelled: cost + PAIR_BITS for character, cost in costs.items() for spelled in _spellings(character)}


@cache
def anywhere_bits(character: str) -> float:
    """The cost of a Chinese character behind anything."""
    single, _ = _tables()
    return single.get(simplified().get(character, character), UNSEEN_BITS) + SINGLE_BITS


@cache
def _followers() -> dict[str, dict[str, float]]:
    _, pairs = _tables()
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for pair, cost in pairs.items():
        found[pair[0]][pair[1]] = cost
    return found


@cache
def _spellings(character: str) -> tuple[str, ...]:
    """A simplified character, and the traditional ones that become it."""
    return (character, *_traditional().get(character, ()))


@cache
def _traditional() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for traditional, simple in simplified().items():
        found[simple].append(traditional)
    return found


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


def costs(firsts: NDArray[np.int64], characters: NDArray[np.int64]) -> NDArray[np.float64]:
    """``follower_bits`` of many characters at once, by code points of the basic plane."""
    anywhere, fold, keys, values = _arrays()
    pairs = fold[firsts] * BASIC_PLANE + fold[characters]
    at = np.minimum(np.searchsorted(keys, pairs), len(keys) - 1)
    inside_words = np.where(keys[at] == pairs, values[at], np.inf)
    found: NDArray[np.float64] = np.minimum(anywhere[characters], inside_words)
    return found


@cache
def _arrays() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """By code point, the cost anywhere and the simplified form; pairs in order, and the cost of each."""
    fold = np.arange(BASIC_PLANE)
    for traditional, simple in simplified().items():
        if ord(traditional) < BASIC_PLANE > ord(simple):
            fold[ord(traditional)] = ord(simple)
    anywhere = np.array([follower_bits("", chr(code)) for code in range(BASIC_PLANE)])[fold]
    _, pairs = _tables()
    ordered = sorted((ord(pair[0]) * BASIC_PLANE + ord(pair[1]), cost + PAIR_BITS) for pair, cost in pairs.items())
    return anywhere, fold, np.array([key for key, _ in ordered]), np.array([cost for _, cost in ordered])


def bound(first: str, second: str) -> float:
    """How much likelier ``second`` is behind ``first`` than anywhere, in bits; traditional counts as simplified.

    >>> bound("湖", "北") > 2 > bound("國", "人")
    True
    """
    single, pairs = _tables()
    first, second = (simplified().get(c, c) for c in (first, second))
    return single.get(second, UNSEEN_BITS) - pairs.get(first + second, UNSEEN_BITS)
