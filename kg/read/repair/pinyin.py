"""Rule 1: pinyin that a mirror site put in brackets after characters, ``產(chǎn)業(yè)園區(qū)``.

Brackets alone prove nothing: ``(a)`` is real, and a lesson shows pinyin on purpose. So the whole document
decides. A mirror annotates the everyday characters that traditional and simplified script write differently,
and annotates them every time; a lesson annotates what is hard to read, once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kg.model import Edit, TextSpan
from kg.read.repair.characters import differing, has_tone, is_read, plain, simplified, syllables
from kg.read.repair.likelihood import follower_bits

RULE = "pinyin-in-brackets"

LETTERS = "a-zɑɡüêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿếềễẹ\u0300\u0301\u0304\u030c"
BRACKETED = re.compile(rf"[(（]([{LETTERS}]{{1,8}})[)）]")
MARK = re.compile(rf"[?？\ufffd][(（]?([{LETTERS}]{{1,8}})[)）]")  # a hit that broke a character

MIN_HITS = 6  # fewer are no evidence of a mirror
MIN_DIFFERING_SHARE = 0.9  # of the annotated characters: a mirror annotates only those it converts
MIN_ANNOTATED_SHARE = 0.7  # of all places where an annotated character stands
MAX_MEDIAN_BITS = 14.0  # an everyday character's cost; what lessons annotate is rarer


def is_mirror(text: str) -> bool:
    """Whether the brackets of this document are a mirror site's doing.

    >>> is_mirror("產(chǎn)業(yè)園區(qū)" * 9), is_mirror("亓(qí)先生加入世貿組織(WTO)")
    (True, False)
    """
    annotated = Counter(
        text[m.start() - 1]
        for m in BRACKETED.finditer(text)
        if m.start() and has_tone(m[1]) and is_read(text[m.start() - 1], m[1])
    )
    hits = annotated.total()
    if hits < MIN_HITS:
        return False
    converted = Counter({c: n for c, n in annotated.items() if c in differing()})
    if converted.total() < MIN_DIFFERING_SHARE * hits:
        return False
    places = sum(text.count(character) for character in converted)
    if converted.total() < MIN_ANNOTATED_SHARE * places:
        return False
    costs = sorted(follower_bits("", simplified().get(c, c)) for c in converted.elements())
    return costs[len(costs) // 2] <= MAX_MEDIAN_BITS


def remove_pinyin(text: str) -> Iterator[Edit]:
    """The edits that take a mirror's pinyin out of ``text``; judge the document first."""
    for match in BRACKETED.finditer(text):
        if match.start() and is_annotation(text[match.start() - 1], match[1]):
            yield Edit(TextSpan(*match.span()), "", RULE)


def is_hit(character: str, syllable: str) -> bool:
    """Whether a mirror would annotate ``character``, none or one, with ``syllable``."""
    return character in simplified() and is_read(character, syllable)


def is_annotation(character: str, syllable: str) -> bool:
    """Whether, in a mirror's document, ``(syllable)`` after ``character`` is the mirror's."""
    if character not in differing():
        return False
    return is_read(character, syllable) or (has_tone(syllable) and plain(syllable) in syllables())
