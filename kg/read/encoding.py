"""Bytes in; the text they most likely are, out. Declared charsets are often wrong, so the text decides."""

from __future__ import annotations

import codecs

import charset_normalizer

from kg.errors import ReadError
from kg.read.repair.likelihood import bits

CANDIDATES = ("utf-8", "gb18030", "big5hkscs")  # what Chinese pages are written in
SAMPLE_CHARACTERS = 4_000  # scored per candidate
MAX_CONTROL_SHARE = 0.01  # of the bytes, besides tabs and line ends
MAX_LOST_SHARE = 0.2  # of the characters, after the best decoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\r\f\x1b")


def decode(data: bytes, name: str = "the data") -> str:
    r"""The text of ``data``, without its byte order mark; line ends stay as they are.

    Bytes no encoding explains become U+FFFD. ``name`` is used in messages only.

    >>> decode("福州市晋安区".encode("gb18030")), decode("福州市晉安區".encode("big5"))
    ('福州市晋安区', '福州市晉安區')

    Raises:
        ReadError: when the bytes are not text.
    """
    return data.decode(encoding_of(data, name), "replace").removeprefix("\ufeff")


def encoding_of(data: bytes, name: str = "the data") -> str:
    """The encoding that ``data`` most likely is in.

    Raises:
        ReadError: when the bytes are not text.
    """
    for mark, marked in _BOMS:
        if data.startswith(mark):
            return marked
    if encoding := _utf16_without_bom(data):
        return encoding
    if len(data.translate(None, _CONTROL)) < len(data) * (1 - MAX_CONTROL_SHARE) or b"\0" in data:
        raise ReadError(f"{name} is binary, not text; give a text, Markdown or HTML file")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = _likeliest(data)
    else:
        return "utf-8"
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") > len(text) * MAX_LOST_SHARE:
        raise ReadError(f"{name} is in no encoding known here; save it as UTF-8")
    return encoding


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 shows as zero bytes on one side: those of ASCII digits, spaces and line ends."""
    if len(data) < 4 or len(data) % 2:
        return None
    sample = data[:20_000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 2 or min(even, odd) * 20 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return encoding if _is_readable(text) else None


def _is_readable(text: str) -> bool:
    sample = text[:SAMPLE_CHARACTERS]
    return all(c.isprintable() or c in "\t\r\n\f\u3000\u00a0\u200b\u00ad" for c in sample)


def _likeliest(data: bytes) -> str:
    match = charset_normalizer.from_bytes(data[:20_000]).best()
    candidates = [*CANDIDATES, *([match.encoding] if match else [])]
    return min(candidates, key=lambda encoding: bits_per_byte_read(data.decode(encoding, "replace")))


def bits_per_byte_read(text: str) -> float:
    """Bits a character of the start of ``text``; characters lost in decoding cost most."""
    sample = text[:SAMPLE_CHARACTERS]
    return (bits(sample) + 40.0 * sample.count("\ufffd")) / max(1, len(sample))
