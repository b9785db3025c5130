"""Rule 2: the mirror's replacement hit the second byte of one character and the first of the next.

The annotator searched GBK bytes without knowing where characters begin. In 年營 (``C4 EA A0 49``) it found
``EA A0``, 隊, and wrote ``(duì)`` behind it: ``C4 EA A0 ( … ) 49``. Decoding then swallowed ``A0 (``,
which is no character, and showed ``年?duì)I``. The lost byte follows from the pinyin and the byte before it;
from there the bytes are read again, until an ASCII byte brings the display back into step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.model import Edit, TextSpan
from kg.read.repair.answers import LEADS_TO_NUMBER, NUMBER_BONUS_BITS
from kg.read.repair.characters import is_han
from kg.read.repair.gbk import decoded, gbk
from kg.read.repair.likelihood import bits
from kg.read.repair.pinyin import BRACKETED, MARK, is_hit

RULE = "misaligned-replacement"
SWALLOWED_RULE = "swallowed-byte"

LOST = frozenset("?\ufffd")
_NUMBER = frozenset("0123456789.")
MAX_BITS_PER_CHARACTER = 15.0  # a reading that costs more is no Chinese: the hit ended a run read one byte off
MIN_MARGIN_BITS = 6.0  # how much likelier the best reading must be than the next


@dataclass(slots=True)
class Repair:
    """What one hit comes to: the edits, and ranges of the *source* whose restored text is not certain."""

    edits: list[Edit] = field(default_factory=list)
    uncertain: list[TextSpan] = field(default_factory=list)
    end: int = 0


def repair_hits(text: str) -> Iterator[Repair]:
    """Every hit in ``text``, repaired as far as the bytes allow; ranges do not overlap."""
    position = 0
    while match := MARK.search(text, position):
        repair = _repair_hit(text, match)
        yield repair
        position = max(repair.end, match.end())


def _repair_hit(text: str, match: re.Match[str]) -> Repair:
    failed = Repair(end=match.end())
    before = text[match.start() - 1] if match.start() else ""
    before_bytes = gbk(before)
    if len(before_bytes) != 2:
        return failed
    leads = [byte for byte in range(0x81, 0xFF) if is_hit(decoded(before_bytes[1], byte), match[1])]
    readings = [r for lead in leads if (r := _read_on(text, match.end(), lead)) and _is_likely(r.restored, before)]
    if not readings:
        return failed
    readings.sort(key=lambda r: bits(r.restored, before))
    if len(readings) > 1:
        margin = bits(readings[1].restored, before) - bits(readings[0].restored, before)
        if margin < MIN_MARGIN_BITS:
            return Repair(uncertain=[TextSpan(match.start(), readings[0].end)], end=readings[0].end)
    best = readings[0]
    removed = Edit(TextSpan(*match.span()), "", RULE)
    return Repair([removed, *best.edits], best.uncertain, best.end)


def _is_likely(restored: str, before: str) -> bool:
    return bits(restored, before) <= MAX_BITS_PER_CHARACTER * len(restored)


@dataclass(slots=True)
class _Reading:
    restored: str = ""
    edits: list[Edit] = field(default_factory=list)
    uncertain: list[TextSpan] = field(default_factory=list)
    end: int = 0


def _read_on(text: str, position: int, pending: int) -> _Reading | None:
    """Pair ``pending`` with the next byte, and so on, until the bytes are back in step."""
    reading = _Reading()

    def emit(span: TextSpan, replacement: str, rule: str = RULE) -> None:
        reading.restored += replacement
        reading.edits.append(Edit(span, replacement, rule))
        reading.end = span.end

    while position < len(text):
        character = text[position]
        here = TextSpan(position, position + 1)
        if mark := MARK.match(text, position):
            # The run reached a character that was hit in step: its second byte went with the bracket.
            fits = [c for b in range(0x40, 0xFF) if is_hit(c := decoded(pending, b), mark[1])]
            if not fits:
                return None
            emit(TextSpan(*mark.span()), _likeliest(fits, reading.restored[-1:]))
            if len(fits) > 1:
                reading.uncertain.append(TextSpan(*mark.span()))
            return reading
        if character in LOST:
            if text[position + 1 : position + 2] not in _NUMBER:
                return None  # what is hidden may be longer; see shifted.py
            # A first byte of the shifted display and the byte it swallowed are both gone.
            fits = [c for b in range(0x81, 0xFF) if is_han(c := decoded(pending, b) or "?")]
            emit(here, _likeliest(fits, reading.restored[-1:], number_follows=True) + character, SWALLOWED_RULE)
            reading.uncertain.append(here)
            return reading
        if (bracket := BRACKETED.match(text, position)) and reading.restored:
            emit(TextSpan(*bracket.span()), "")  # a hit on the shifted display, in step with it
            position = bracket.end()
            continue
        data = gbk(character)
        if len(data) == 1 and data[0] < 0x40:
            data = bytes((0xA3, data[0] + 0x80))  # sites make ， and ： half-width before they are mirrored
        if not data or not (restored := decoded(pending, data[0])):
            return None
        emit(here, restored)
        if len(data) == 1:
            return reading
        pending = data[1]
        position += 1
    return None


def _likeliest(characters: list[str], before: str, number_follows: bool = False) -> str:
    def cost(character: str) -> float:
        bonus = NUMBER_BONUS_BITS if number_follows and character in LEADS_TO_NUMBER else 0.0
        return bits(character, before) - bonus

    return min(characters, key=cost, default="")
