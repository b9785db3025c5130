"""A byte that is left of a character in; the characters it may be of out, the likeliest in this document first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import log2

from kg.read.repair.characters import is_han, is_traditional
from kg.read.repair.gbk import decoded
from kg.read.repair.likelihood import anywhere_bits, bits, followers

SIGN_BITS = {  # as often as news has them
    "，": 4.0, "。": 5.0, "、": 5.5, "“": 7.0, "”": 7.0, "（": 8.0, "）": 8.0, "：": 8.0, "《": 9.0, "》": 9.0, "；": 9.0,
    "？": 11.0, "！": 11.0, "—": 10.0, "·": 11.0, "‘": 12.0, "’": 12.0,
}  # fmt: skip
DASH_BITS = 1.0  # the second half of one
UNLIKELY_BITS = 8.0  # two signs in a row, besides quotation marks and brackets
SEEN_BITS = 3.0  # what it costs to say "the document has this pair elsewhere", before how often it has
USED_BITS = 2.0  # … and "it has this character"
GUESS_MARGIN_BITS = 0.25  # how much likelier a guess must be than the next, to be shown instead of U+FFFD
NUMBER_BONUS_BITS = 6.0  # for a character that leads to a number, before a number
LEADS_TO_NUMBER = frozenset("至到达達为為约約超近过過逾共仅僅有占第于於在年月")
TRIED = 30  # answers given for one byte
TRIED_HALVES = 4  # … where one byte is left of a character
TRIED_UNKNOWN = 60  # … where both bytes are gone

_pair_bits = lru_cache(maxsize=1 << 17)(bits)  # of one character behind another
_SIGNS = frozenset(SIGN_BITS)
_CLOSING = frozenset("”’）》")
_OPENING = frozenset("“‘（《")
_GONE = "锟斤拷"  # U+FFFD twice in UTF-8, read as GBK: shifted by a byte it is itself again
_HAN_RUN = re.compile("[\u3400-\u9fff]{2,}")


class Answers:
    """The answers for one document: its script, and what it says elsewhere, decide between characters.

    >>> Answers("昌澄铜材厂").likeliest("澈澄", "昌")
    '澄'
    """

    def __init__(self, text: str) -> None:
        self._script = "gbk" if is_traditional(text) else "gb2312"
        self._pairs: Counter[str] = Counter()  # by lines, for one run may hold one mistake twice
        self._firsts: Counter[str] = Counter()
        self._characters = Counter(filter(is_han, text))
        for line in text.replace(_GONE, " ").split("\n"):
            runs = _HAN_RUN.findall(line)
            self._pairs.update({run[at : at + 2] for run in runs for at in range(len(run) - 1)})
            self._firsts.update({character for run in runs for character in run[:-1]})
        self._total = self._characters.total()
        self._behind: dict[str, list[str]] = defaultdict(list)
        for pair in self._pairs:
            self._behind[pair[0]].append(pair[1])
        self._anywhere: dict[tuple[str, int | None, int | None], list[tuple[float, str]]] = {}
        self._found_near: dict[str, frozenset[str]] = {}
        self._found_ends: dict[tuple[int | None, int | None, str], list[tuple[float, str, int]]] = {}
        self._found_halves: dict[tuple[int, str], list[tuple[float, str]]] = {}
        self._found_beginnings: dict[tuple[int, int, str], list[tuple[float, str]]] = {}

    def price(self, character: str, before: str) -> float:
        """The cost of a character, in bits, behind another."""
        if character == before == "—":
            return DASH_BITS
        if character in SIGN_BITS:
            apart = before not in SIGN_BITS or before in _CLOSING or character in _OPENING
            return SIGN_BITS[character] + (0.0 if apart else UNLIKELY_BITS)
        cost = self.known(character, before)
        used = self._characters.get(character)
        return min(cost, USED_BITS + log2(self._total / used)) if used else cost

    def known(self, character: str, before: str, besides: int = 0) -> float:
        """The cost of a character that is certain: as in a text in step, or less where the document has it so.

        ``besides`` lines of the document are not counted, so that a text as it is shown is no witness of itself.
        """
        cost = _pair_bits(character, before)
        seen = self._pairs.get(before + character, 0) - besides
        return min(cost, SEEN_BITS + log2((self._firsts[before] - besides) / seen)) if seen > 0 else cost

    def ends(self, first: int | None, hidden: int | None, before: str) -> list[tuple[float, str, int]]:
        """What a ``?`` may hide the second byte of: cost, character and that byte, the likeliest first.

        Its first byte is ``first``, or hidden as well, behind the byte ``hidden``.
        """
        if (known := self._found_ends.get((first, hidden, before))) is not None:
            return known
        fits = _ending(first, hidden, self._script)
        tried = TRIED if hidden is None else TRIED_UNKNOWN
        found = [(cost, c, fits[c]) for cost, c in self._best(("end", first, hidden), fits, before, tried)]
        self._found_ends[first, hidden, before] = found
        return found

    def beginnings(self, hidden: int, second: int, before: str) -> list[tuple[float, str]]:
        """What ends with the byte ``second`` and begins in a ``?`` behind the byte ``hidden``: cost and character."""
        if (known := self._found_beginnings.get((hidden, second, before))) is not None:
            return known
        fits = _beginning(hidden, second, self._script)
        found = self._best(("beginning", hidden, second), fits, before, TRIED)
        self._found_beginnings[hidden, second, before] = found
        return found

    def halves(self, byte: int, before: str) -> list[tuple[float, str]]:
        """What ``byte`` may be left of, first or second byte: cost and character, the likeliest first."""
        if (known := self._found_halves.get((byte, before))) is not None:
            return known
        found = self._best(("half", byte, None), _halves(byte, self._script), before, TRIED_HALVES)
        self._found_halves[byte, before] = found
        return found

    def letters(self, byte: int, before: str) -> list[tuple[float, str]]:
        """What an ASCII character may be the second byte of, where the first is lost: cost and character."""
        return self._best(("letter", byte, None), _of_letter(byte, self._script), before, TRIED_HALVES)

    def _best(
        self, key: tuple[str, int | None, int | None], fits: Mapping[str, int], before: str, number: int
    ) -> list[tuple[float, str]]:
        """The cheapest of some characters behind another; ``key`` names them."""
        if (anywhere := self._anywhere.get(key)) is None:
            some = (self._characters.keys() & fits.keys()).union(_by_price(*key, self._script)[:number])
            anywhere = sorted((self._price_anywhere(c), c) for c in some)[:number]
            self._anywhere[key] = anywhere
        near = self._near(before)
        nearer = (near | _SIGNS) & fits.keys()
        found = [(self.price(c, before), c) for c in nearer]
        found += [priced for priced in anywhere if priced[1] not in nearer]
        found.sort()
        return found[:number]

    def _price_anywhere(self, character: str) -> float:
        if character in SIGN_BITS:
            return SIGN_BITS[character]
        used = self._characters.get(character)
        cost = anywhere_bits(character)
        return min(cost, USED_BITS + log2(self._total / used)) if used else cost

    def _near(self, before: str) -> frozenset[str]:
        """What is likelier behind a character than anywhere: in words, or in this document."""
        if (known := self._found_near.get(before)) is None:
            known = frozenset(followers(before)).union(self._behind.get(before, ()))
            self._found_near[before] = known
        return known

    def seconds(self, first: int | None) -> tuple[str, ...]:
        """Every character with this first byte."""
        return () if first is None else _beginning_with(first, self._script)

    def likeliest(self, characters: Iterable[str], before: str, number_follows: bool = False) -> str:
        """The likeliest of some characters behind another, U+FFFD of none."""

        def cost(character: str) -> float:
            bonus = NUMBER_BONUS_BITS if number_follows and character in LEADS_TO_NUMBER else 0.0
            return self.price(character, before) - bonus

        return min(characters, key=cost, default="\ufffd")

    def last(self, byte: int | None, before: str, following: str) -> str:
        """The likeliest character with the first byte ``byte`` between two, U+FFFD of none."""

        def cost(character: str) -> float:
            return self.price(character, before) + (self.price(following, character) if is_han(following) else 0.0)

        return min(self.seconds(byte), key=cost, default="\ufffd")

    def guess(self, byte: int, before: str, following: str) -> str:
        """The likeliest character one of whose bytes is ``byte``, or U+FFFD when several are as likely."""

        def cost(character: str) -> float:
            return self.price(character, before) + (self.price(following, character) if following else 0.0)

        priced = sorted((cost(c), c) for c in _halves(byte, self._script))
        if not priced or (len(priced) > 1 and priced[1][0] - priced[0][0] < GUESS_MARGIN_BITS):
            return "\ufffd"
        return priced[0][1]


@cache
def _beginning_with(first: int, script: str) -> tuple[str, ...]:
    return tuple(c for second in range(0x40, 0xFF) if _is_written(c := decoded(first, second), script))


@cache
def _hiding(first: int, script: str) -> tuple[tuple[str, int], ...]:
    """The characters with this first byte whose second makes no character with some byte behind it."""
    fits = ((decoded(first, second), second) for second in range(0x81, 0xFF) if _undecoded(second))
    return tuple((c, second) for c, second in fits if _is_written(c, script))


@lru_cache(maxsize=4096)
def _by_price(kind: str, first: int | None, second: int | None, script: str) -> list[str]:
    """What a key of ``Answers._best`` names, the likeliest first."""
    if kind == "half":
        fits = _halves(first or 0, script)
    elif kind == "letter":
        fits = _of_letter(first or 0, script)
    else:
        fits = _ending(first, second, script) if kind == "end" else _beginning(first or 0, second or 0, script)
    return sorted(fits, key=lambda c: (SIGN_BITS[c] if c in SIGN_BITS else anywhere_bits(c), c))


@cache
def _of_letter(byte: int, script: str) -> dict[str, int]:
    fits = (decoded(first, byte) for first in range(0x81, 0xFF))
    return {c: byte for c in fits if _is_written(c, script)}


@cache
def _halves(byte: int, script: str) -> dict[str, int]:
    """The characters that have this byte, with it."""
    second = (decoded(lead, byte) for lead in range(0x81, 0xFF))
    first = (decoded(byte, trail) for trail in range(0x40, 0xFF))
    return {c: byte for c in (*second, *first) if _is_written(c, script)}


@lru_cache(maxsize=4096)
def _ending(first: int | None, hidden: int | None, script: str) -> dict[str, int]:
    """The characters whose second byte a ``?`` may hide, with it."""
    firsts = _undecoded(hidden) if hidden is not None else () if first is None else (first,)
    return {c: second for byte in firsts for c, second in _hiding(byte, script)}


@lru_cache(maxsize=4096)
def _beginning(hidden: int, second: int, script: str) -> dict[str, int]:
    """The characters with this second byte whose first a ``?`` may hide, with it."""
    fits = ((decoded(first, second), first) for first in _undecoded(hidden))
    return {c: first for c, first in fits if _is_written(c, script)}


@cache
def _undecoded(byte: int) -> tuple[int, ...]:
    """The first bytes that make no character behind ``byte``, so that the two show as ``?``."""
    return tuple(first for first in range(0x81, 0xFF) if not decoded(byte, first))


@lru_cache(maxsize=50_000)
def _is_written(character: str, script: str) -> bool:
    """Whether a text whose characters are those of ``script`` writes this one: simplified text those of GB 2312."""
    if not character:
        return False
    return character in SIGN_BITS or (is_han(character) and bool(character.encode(script, "ignore")))
