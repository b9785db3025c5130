"""Rule 1: pinyin that a site put in brackets after characters, ``產(chǎn)業(yè)園區(qū)``.

Brackets alone prove nothing: ``(a)`` is real, and a lesson shows pinyin on purpose. So the whole document
decides. A mirror annotates the everyday characters that traditional and simplified script write differently,
and annotates them every time; another kind of site strews pinyin without tones over its text, ``湖(hu)北``. A
lesson annotates what is hard to read, once, and annotates words whole; where it shows everyday characters, it
speaks of reading. Where annotations are few, each of these must hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from kg.model import Edit, TextSpan
from kg.read.repair.characters import (
    differing,
    has_tone,
    is_han,
    is_read,
    is_traditional,
    plain,
    plain_readings,
    simplified,
    syllables,
)
from kg.read.repair.gbk import decoded, gbk
from kg.read.repair.likelihood import bound, follower_bits

RULE = "pinyin-in-brackets"

LETTERS = "a-zɑɡüêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿếềễẹ\u0300\u0301\u0304\u030c"
BRACKETED = re.compile(rf"[(（]([{LETTERS}]{{1,8}})[)）]")
MARK = re.compile(rf"[?？\ufffd][(（]?([{LETTERS}]{{1,8}})[)）]")  # a hit that broke a character

MIN_HITS = 6  # fewer are no evidence of a mirror by themselves
MIN_FEW_HITS = 2  # … but are in traditional text, where nothing speaks against
MIN_FEW_SHARE = 0.1  # of the characters a mirror converts: real mirrors annotate a seventh to a half of these
MIN_DIFFERING_SHARE = 0.9  # of the annotated characters: a mirror annotates only those it converts
MIN_ANNOTATED_SHARE = 0.7  # of all places where an annotated character stands
MAX_EVERYDAY_BITS = 14.0  # an everyday character's cost; most of what lessons annotate is rarer
MIN_NEEDLESS_SHARE = 0.05  # of strewn pinyin that nobody would show
MAX_STREWN_SHARE = 0.5  # of a text's Chinese characters; a lesson may show how each is read
MIN_BOUND_BITS = 2.0  # how much likelier a character is behind its word's first than anywhere

_STREWN = re.compile(r"(?:[(（][a-zü]{1,8}[)）])+")
_SYLLABLE = re.compile("[a-zü]+")
_COUNTED = frozenset("0123456789〇零一二三四五六七八九十百千万萬亿億半几幾每")  # before a unit, ``10里(li)``
_OF_READING = re.compile(  # what speaks of how characters are read
    "拼音|[读讀注发發]音|[读讀念]作|多音字|[生识識]字|[课課]文|[声聲][调調]|字典|[词詞]典|[Pp]inyin"
)


def is_mirror(text: str) -> bool:
    """Whether the brackets of this document are a mirror site's doing.

    >>> is_mirror("產(chǎn)業(yè)園區(qū)" * 9), is_mirror("亓(qí)先生加入世貿組織(WTO)")
    (True, False)
    >>> is_mirror("產(chǎn)業園建設(shè)"), is_mirror("生字：產(chǎn)業園建設(shè)")
    (True, False)
    """
    hits = [m for m in BRACKETED.finditer(text) if m.start() and has_tone(m[1]) and is_read(text[m.start() - 1], m[1])]
    annotated = Counter(text[m.start() - 1] for m in hits)
    converted = Counter({c: n for c, n in annotated.items() if c in differing()})
    if len(hits) < MIN_FEW_HITS or converted.total() < MIN_DIFFERING_SHARE * len(hits):
        return False
    places = sum(text.count(character) for character in converted)
    if converted.total() < MIN_ANNOTATED_SHARE * places:
        return False
    if not _are_everyday(converted.elements()):
        return False
    if len(hits) >= MIN_HITS:
        return True
    return (
        len(hits) == places
        and is_traditional(text)
        and len(hits) >= MIN_FEW_SHARE * sum(c in simplified() for c in text)
        and not _OF_READING.search(text)
        and any(_halves_a_word(text, m) or _ends_a_word(text, m) for m in hits)
    )


def is_strewn(text: str) -> bool:
    """Whether pinyin without tones was strewn over this document.

    >>> is_strewn("5月27日，湖(hu)北交投集團"), is_strewn("甲(a)乙(b)重5公斤(kg)，六安(lu)、亩(mu)")
    (True, False)
    """
    hits = [m for m in _STREWN.finditer(text) if m.start() and _annotates(text[m.start() - 1], m)]
    if not hits or _OF_READING.search(text) or any(has_tone(m[1]) for m in BRACKETED.finditer(text)):
        return False
    characters = [text[m.start() - 1] for m in hits]
    needless = sum(_is_needless(text, m) for m in hits)
    return (
        _are_everyday(characters)
        and needless > 0
        and needless >= MIN_NEEDLESS_SHARE * len(hits)
        and len(hits) <= MAX_STREWN_SHARE * sum(map(is_han, text))
    )


def remove_strewn(text: str) -> Iterator[Edit]:
    """The edits that take strewn pinyin out of ``text``; judge the document first."""
    for match in _STREWN.finditer(text):
        if match.start() and _annotates(text[match.start() - 1], match):
            yield Edit(TextSpan(*match.span()), "", RULE)


def remove_pinyin(text: str) -> Iterator[Edit]:
    """The edits that take a mirror's pinyin out of ``text``; judge the document first."""
    for match in BRACKETED.finditer(text):
        if match.start() and (is_annotation(text[match.start() - 1], match[1]) or _straddles(text, match)):
            yield Edit(TextSpan(*match.span()), "", RULE)


def _straddles(text: str, brackets: re.Match[str]) -> bool:
    """Whether a letter and the half of a character before it were taken for a character: 精度R(lái)V, of 萊."""
    letter = text[brackets.start() - 1]
    before = gbk(text[brackets.start() - 2]) if brackets.start() > 1 and letter.isascii() else b""
    return bool(before) and is_annotation(decoded(before[-1], ord(letter)), brackets[1])


def _annotates(character: str, brackets: re.Match[str]) -> bool:
    """Whether all of some brackets in a row, for sites strew twice, are a reading of the character before."""
    return all(is_read(character, syllable) for syllable in _SYLLABLE.findall(brackets[0]))


def _is_needless(text: str, brackets: re.Match[str]) -> bool:
    """Whether nobody would show this reading: of an everyday character read in one way, in the middle of a word."""
    character = text[brackets.start() - 1]
    return (
        len(brackets[0]) > len("(a)")
        and _cost(character) <= MAX_EVERYDAY_BITS
        and len(plain_readings()[character]) == 1
        and text[brackets.start() - 2 : brackets.start() - 1] not in _COUNTED
        and _halves_a_word(text, brackets)
    )


def _halves_a_word(text: str, brackets: re.Match[str]) -> bool:
    """Whether some brackets stand between two characters of a word, of which the second has none."""
    following = text[brackets.end() : brackets.end() + 1]
    return (
        is_han(following or " ")
        and not BRACKETED.match(text, brackets.end() + 1)
        and bound(text[brackets.start() - 1], following) >= MIN_BOUND_BITS
    )


def _ends_a_word(text: str, brackets: re.Match[str]) -> bool:
    """Whether some brackets stand behind a word whose first character has none."""
    word = text[max(0, brackets.start() - 2) : brackets.start()]
    return len(word) > 1 and is_han(word[0]) and bound(*word) >= MIN_BOUND_BITS


def _are_everyday(characters: Iterable[str]) -> bool:
    """Whether most of some characters are everyday ones."""
    costs = sorted(map(_cost, characters))
    return costs[len(costs) // 2] <= MAX_EVERYDAY_BITS


def _cost(character: str) -> float:
    return follower_bits("", simplified().get(character, character))


def is_hit(character: str, syllable: str) -> bool:
    """Whether a mirror would annotate ``character``, none or one, with ``syllable``."""
    return character in simplified() and is_read(character, syllable)


def is_annotation(character: str, syllable: str) -> bool:
    """Whether, in a mirror's document, ``(syllable)`` after ``character`` is the mirror's."""
    if character not in differing():
        return False
    return is_read(character, syllable) or (has_tone(syllable) and plain(syllable) in syllables())
