"""Do to clean text what mirror sites and broken transfers do to it, byte for byte. For tests only.

Each function takes simplified text and gives the damaged text with the truth it came from, in one script.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import opencc
from pypinyin.pinyin_dict import pinyin_dict

from kg.read.repair.characters import is_han, plain

TABLE_SIZE = 400  # a mirror annotates the everyday characters that the scripts write differently


class Damaged(NamedTuple):
    """A damaged text and what it was."""

    text: str
    truth: str


def traditional(text: str) -> str:
    return converter("s2t").convert(text)


@cache
def converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def in_gbk(text: str) -> str:
    """``text`` without the characters GBK does not have."""
    return text.encode("gbk", "ignore").decode("gbk")


@cache
def annotated_characters(common: str) -> dict[bytes, bytes]:
    """GBK bytes of a traditional character → its pinyin in brackets, in GBK."""
    to_simplified = converter("t2s").convert
    counted: dict[str, int] = {}
    for character in common:
        counted[character] = counted.get(character, 0) + 1
    differing = [c for c in counted if to_simplified(c) != c and len(c.encode("gbk", "ignore")) == 2]
    table = {}
    for character in sorted(differing, key=lambda c: (-counted[c], c))[:TABLE_SIZE]:
        pinyin = pinyin_dict[ord(character)].split(",")[0].encode("gbk", "ignore")
        table[character.encode("gbk")] = b"(" + pinyin + b")"
    return table


def shown(data: bytes) -> str:
    """Decode GBK as those sites do: a first byte without its second goes, with what follows, into a ``?``."""
    out, position = "", 0
    while position < len(data):
        if data[position] < 0x80:
            out += chr(data[position])
            position += 1
            continue
        pair = data[position : position + 2]
        try:
            out += pair.decode("gbk")
        except UnicodeDecodeError:
            out += "?"
        position += 2
    return out


def mirrored(text: str) -> Damaged:
    """Traditional text with pinyin behind characters, found in the bytes wherever they match."""
    truth = in_gbk(traditional(text))
    table = annotated_characters(truth)
    data, out, position = truth.encode("gbk"), bytearray(), 0
    while position < len(data):
        pair = data[position : position + 2]
        if pair in table:
            out += pair + table[pair]
            position += 2
        else:
            out.append(data[position])
            position += 1
    return Damaged(shown(bytes(out)), truth)


def strewn(text: str, seed: int, share: float, script: Callable[[str], str] = str) -> Damaged:
    """Text with pinyin without tones behind a share of its characters, now and then twice."""
    truth = in_gbk(script(text))
    source = random.Random(seed)
    out = ""
    for character in truth:
        out += character
        if is_han(character) and ord(character) in pinyin_dict and source.random() < share:
            out += f"({plain(pinyin_dict[ord(character)].split(',')[0])})" * source.choice((1, 1, 1, 2))
    return Damaged(out, truth)


def shifted(text: str, seed: int, every: int = 400, script: Callable[[str], str] = str) -> Damaged:
    """Text that lost one byte in about ``every`` characters."""
    truth = in_gbk(script(text))
    source = random.Random(seed)
    data = bytearray()
    for character in truth:
        encoded = character.encode("gbk")
        if len(encoded) == 2 and source.random() < 1 / every:
            lost = source.randrange(2)
            encoded = encoded[:lost] + encoded[lost + 1 :]
        data += encoded
    return Damaged(shown(bytes(data)), truth)
