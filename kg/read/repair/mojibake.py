"""Rule 4: one encoding read as another: UTF-8 as GBK or Latin-1, GBK or Big5 as Latin-1, Big5 as GBK.

Each line is written back to the bytes it came from and read again; the result stands only when it is far
likelier Chinese than what was read. Once one line has shown how a document was misread, others follow easier.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from kg.model import Edit, OffsetMap, TextSpan
from kg.read.lines import pieces_of
from kg.read.repair.likelihood import bits, common_characters

RULE = "wrong-encoding"

MIN_GAIN_BITS = 60.0  # what the first line of a kind must save; measured: see benchmarks/read.py
MIN_GAIN_BITS_AGAIN = 15.0  # what further lines must save, misread in the same way
MAX_BITS_PER_CHARACTER = 13.0  # of the result: what costs more is no Chinese
LOST_BITS = 30.0
MIN_RARE_SHARE = 0.15  # of a line's characters outside ASCII; misread lines have far more


class _Misreading(NamedTuple):
    name: str
    to_bytes: Callable[[str], bytes | None]  # of one character, as it was shown
    encoding: str  # what the bytes are
    times: int = 1


def _gbk(character: str) -> bytes | None:
    """Byte 80 is none of GBK's: it shows as the euro sign, or as U+FFFD."""
    if character in "\ufffd€":
        return b"\x80"
    data = character.encode("gb18030", "ignore")
    return data if len(data) in (1, 2) else None


def _latin(character: str) -> bytes | None:
    if character == "\ufffd":
        return b"\xff"
    if ord(character) < 0x100:
        return character.encode("latin-1")
    return character.encode("cp1252", "ignore") or None


_MISREADINGS = (
    _Misreading("utf-8-as-gbk", _gbk, "utf-8"),
    _Misreading("utf-8-as-latin-1", _latin, "utf-8"),
    _Misreading("doubled-utf-8", _latin, "utf-8", times=2),
    _Misreading("gbk-as-latin-1", _latin, "gb18030"),
    _Misreading("big5-as-latin-1", _latin, "big5hkscs"),
    _Misreading("big5-as-gbk", _gbk, "big5hkscs"),
)


@cache
def _rare() -> re.Pattern[str]:
    common = re.escape("".join(sorted(common_characters())))
    return re.compile(f"[^{common}\\x00-\\x7f\u3000-\u303f\uff00-\uffef\u2010-\u203b·\u00a0]")


def redecode(text: str) -> list[Edit]:
    """The edits that read misread lines of ``text`` again; each spans the fewest characters it can."""
    lines = list(_suspicious_lines(text))
    known: set[str] = set()
    for _, line in lines:
        if best := _best(line, MIN_GAIN_BITS, None):
            known.add(best[0])
    if not known:
        return []
    edits: list[Edit] = []
    for start, line in lines:
        if best := _best(line, MIN_GAIN_BITS_AGAIN, known):
            edits += (
                Edit(TextSpan(span.start + start, span.end + start), out, f"{RULE}: {best[0]}")
                for span, out in best[1]
                if span.of(line) != out
            )
    return edits


def _suspicious_lines(text: str) -> Iterator[tuple[int, str]]:
    for start, line in pieces_of(text):
        if not line.isascii():
            outside = sum(c > "\x7f" for c in line)
            if len(_rare().findall(line)) >= MIN_RARE_SHARE * outside:
                yield start, line


Reading = list[tuple[TextSpan, str]]


def _best(line: str, min_gain: float, known: set[str] | None) -> tuple[str, Reading] | None:
    shown = _cost(line)
    found: list[tuple[float, str, Reading]] = []
    for misreading in _MISREADINGS:
        name = misreading.name
        if known is not None and name not in known:
            continue
        reading = _read_again(line, misreading)
        if reading is None:
            continue
        result = "".join(out for _, out in reading)
        cost = _cost(result)
        visible = sum(c > "\x7f" for c in result)
        if visible and shown - cost >= min_gain and _cost_outside_ascii(result) <= MAX_BITS_PER_CHARACTER * visible:
            found.append((cost, name, reading))
    return min(found)[1:] if found else None


def _cost(text: str) -> float:
    return bits(text) + LOST_BITS * text.count("\ufffd")


def _cost_outside_ascii(text: str) -> float:
    return _cost("".join(c for c in text if c > "\x7f"))


def _read_again(line: str, misreading: _Misreading) -> Reading | None:
    """The line read as it should have been; a doubled misreading is undone twice."""
    reading = _read_once(line, misreading.to_bytes, misreading.encoding)
    if misreading.times == 1 or reading is None:
        return reading
    once, offsets = OffsetMap.apply(line, tuple(Edit(span, out, RULE) for span, out in reading))
    again = _read_once(once, misreading.to_bytes, misreading.encoding)
    return again and [(offsets.to_source(span), out) for span, out in again]


def _read_once(line: str, to_bytes: Callable[[str], bytes | None], encoding: str) -> Reading | None:
    """The line's bytes in ``encoding``, in groups that begin and end between characters on both sides."""
    data = bytearray()
    starts: dict[int, int] = {}  # where in the bytes a character of the line begins
    for index, character in enumerate(line):
        starts[len(data)] = index
        encoded = to_bytes(character)
        if encoded is None:
            return None
        data += encoded
    starts[len(data)] = len(line)
    reading: Reading = []
    begin, out = 0, ""
    for end, character in _characters(bytes(data), encoding):
        out += character
        if end in starts:
            reading.append((TextSpan(begin, starts[end]), out))
            begin, out = starts[end], ""
    return reading


def _characters(data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Each character of ``data`` and the place behind its bytes; bytes that are none come as U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)()
    begun = False  # whether the decoder holds the first bytes of a character
    for position, byte in enumerate(data):
        try:
            out = decoder.decode(bytes((byte,)))
            begun = not out
        except UnicodeDecodeError:
            decoder.reset()
            out = "\ufffd"
            if begun:  # what was begun is lost; this byte may begin another
                yield position, out
                try:
                    out = decoder.decode(bytes((byte,)))
                except UnicodeDecodeError:
                    decoder.reset()
            begun = not out
        if out:
            yield position + 1, out
    if begun:
        yield len(data), "\ufffd"
