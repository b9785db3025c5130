"""Where a text may have been read one byte off: only there is it worth reading again, character by character.

What each character costs as it is shown, and what it costs read one byte off, is looked up for the whole text at
once. A stretch is worth a look where the second is so much less than the first that a run may pay for its switch;
what a ``?`` hides is not known here, so it counts for a run as much as it ever can.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.model import TextSpan
from kg.read.repair.gbk import decoded, gbk
from kg.read.repair.likelihood import BASIC_PLANE, costs

SLACK_BITS = 6.0  # for what the document says elsewhere, which makes characters cheaper
LOSS_BITS = 18.0  # what a ``?`` may speak for a run, at most
ALONE_BITS = 18.0  # … and an ASCII character that may be a second byte
LOST_COST = 6.0  # off: what costs less than any character that is not known
HOPELESS_BITS = 60.0  # below its best, a run is over
MARGIN = 6  # characters before and behind

Bits = NDArray[np.float64]
Codes = NDArray[np.int64]


class _Bytes(NamedTuple):
    """By code point: the GBK bytes, 0 for none; by two bytes: the code point they are, 0 for none."""

    first: Codes
    second: Codes
    decoded: Codes


@cache
def _bytes() -> _Bytes:
    first, second = np.zeros(BASIC_PLANE, np.int64), np.zeros(BASIC_PLANE, np.int64)
    pairs = np.zeros(0x10000, np.int64)
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            if character := decoded(lead, trail):
                pairs[lead << 8 | trail] = ord(character)
                if gbk(character) == bytes((lead, trail)):
                    first[ord(character)], second[ord(character)] = lead, trail
    for widened in ",:;!()":  # punctuation that sites make half-width
        first[ord(widened)], second[ord(widened)] = 0xA3, ord(widened) + 0x80
    for letter in range(0x40, 0x7F):
        first[letter] = letter
    return _Bytes(first, second, pairs)


def windows(text: str, least: float) -> Iterator[TextSpan]:
    """The stretches of ``text`` where a run read one byte off may save ``least`` bits, in order, apart.

    >>> [span.of("园区建成。笨萍疾炕鹁嬷行母敝魅卫钣衅浇榻B，有企业进入园区。") for span in windows("园区建成。笨萍疾炕鹁嬷行母敝魅卫钣衅浇榻B，有企业进入园区。", 20.0)]
    ['园区建成。笨萍疾炕鹁嬷行母敝魅卫钣衅浇榻B，有企业进入']
    """
    if not text:
        return
    gains = _gains(text)
    begin = end = -1
    saved = best = 0.0
    found = False
    window: TextSpan | None = None
    for position, gain in enumerate((*gains, -HOPELESS_BITS)):
        if saved <= 0.0:
            begin, best, found = position, 0.0, False
        saved = max(0.0, saved + gain) if gain > -HOPELESS_BITS else 0.0
        if saved > best:
            best, end = saved, position + 1
            found = found or saved > least - SLACK_BITS
        if found and (saved == 0.0 or saved < best - HOPELESS_BITS):
            grown = TextSpan(max(0, begin - MARGIN), min(len(text), end + MARGIN))
            if window and grown.start <= window.end:
                grown = window.cover(grown)
            elif window:
                yield window
            window = grown
            saved = 0.0
    if window:
        yield window


@lru_cache(maxsize=4)
def _gains(text: str) -> list[float]:
    """By character: what reading it one byte off saves, and very much below zero where that ends a run."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    codes[codes >= BASIC_PLANE] = 0
    known = _bytes()
    before = np.concatenate(([0], codes[:-1]))
    off = known.decoded[known.second[before] << 8 | known.first[codes]]
    off_before = np.concatenate(([0], off[:-1]))
    gains = costs(before, codes) - np.where(off > 0, costs(off_before, off), LOST_COST)
    pair = known.second[codes] > 0
    lost = (codes == ord("?")) | (codes == 0xFFFD)
    after_pair = np.concatenate(([False], pair[:-1]))
    gains[~pair & ~lost & ~(after_pair & (off > 0))] = -2 * HOPELESS_BITS
    gains[pair & after_pair & (off == 0)] -= SLACK_BITS + LOST_COST
    gains[lost] = LOSS_BITS
    letter = (codes > 0x3F) & (codes < 0x7F)
    alone = letter & after_pair & ~np.concatenate((letter[1:], [False]))
    gains[alone] = np.maximum(gains[alone], ALONE_BITS)
    return list(gains.tolist())
