"""What is known of single characters: how they are read, and which the two scripts write apart."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from functools import cache, lru_cache
from importlib.resources import files

import opencc

MIN_TRADITIONAL_SHARE = 0.03  # of the Chinese characters; simplified text quotes a name or two

_TONES = {"\u0300", "\u0301", "\u0304", "\u030c"}
_LETTER_VARIANTS = str.maketrans("ɑɡv", "agü")  # fonts made for schoolbooks, keyboards without ü


def data_file(name: str) -> str:
    """The text of a table that ships beside the repair rules."""
    return (files("kg.read.repair") / "data" / name).read_text("utf-8")


@lru_cache(maxsize=4096)
def plain(syllable: str) -> str:
    """A syllable without its tone mark; ``ê`` and ``ü`` stay.

    >>> plain("lǜ"), plain("ng")
    ('lü', 'ng')
    """
    letters = unicodedata.normalize("NFD", syllable.lower().translate(_LETTER_VARIANTS))
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))


@lru_cache(maxsize=4096)
def has_tone(syllable: str) -> bool:
    """Whether a syllable carries a tone mark."""
    return any(c in _TONES for c in unicodedata.normalize("NFD", syllable))


@cache
def plain_readings() -> dict[str, frozenset[str]]:
    """Character → the syllables it can be read as, without tones."""
    readings: dict[str, set[str]] = defaultdict(set)
    for line in data_file("readings.txt").splitlines():
        syllable, characters = line.split("\t")
        for character in characters:
            readings[character].add(plain(syllable))
    return {character: frozenset(syllables) for character, syllables in readings.items()}


@cache
def syllables() -> frozenset[str]:
    """Every syllable of the language, without tones."""
    return frozenset(s for readings in plain_readings().values() for s in readings)


def is_read(character: str, syllable: str) -> bool:
    """Whether ``character`` can be read ``syllable``, whatever the tone.

    >>> is_read("隊", "duì"), is_read("隊", "shù")
    (True, False)
    """
    return plain(syllable) in plain_readings().get(character, frozenset())


@cache
def simplified() -> dict[str, str]:
    """Traditional character → simplified, for those written differently."""
    characters = [*plain_readings()]
    after = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {a: b for a, b in zip(characters, after, strict=True) if a != b}


@cache
def differing() -> frozenset[str]:
    """Every character that one script writes and the other does not."""
    return frozenset(simplified()) | frozenset(simplified().values())


def is_han(character: str) -> bool:
    """Whether ``character`` is a CJK ideograph (of any block)."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


@cache
def _only_simplified() -> frozenset[str]:
    """Characters of simplified script that traditional script does not use, as Big5 shows."""
    return frozenset(c for c in simplified().values() if not c.encode("big5", "ignore"))


def is_traditional(text: str) -> bool:
    """Whether a document is written in traditional characters, quotations aside.

    >>> is_traditional("福興經濟開發區"), is_traditional("云南省馀庆县昇腾产业园")
    (True, False)
    """
    counts = Counter(text)
    table = simplified()
    han = sum(n for c, n in counts.items() if is_han(c))
    traditional = sum(n for c, n in counts.items() if c in table)
    only_simplified = sum(n for c, n in counts.items() if c in _only_simplified())
    return traditional > MIN_TRADITIONAL_SHARE * max(han, 1) and traditional > only_simplified
