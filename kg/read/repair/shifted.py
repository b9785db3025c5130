"""Rule 3: a run of text read one byte off, ``笨萍疾炕鹁嬷行`` for 科技部火炬中心.

A byte was lost, so every second byte was taken for a first one, until an ASCII byte ended the run: it was
swallowed as a second byte (``榻B`` is 介紹, whose last byte is ``B``), or hidden in a ``?``. Two readings of
a line compete, in step and one byte off; the cheapest way through, in bits, switches between them only where
that pays for itself. What a switch must pay is measured by ``benchmarks/read.py``: at 18 bits, or 12 beside a
loss, the only edits to 1.8 million characters of dictionary text are 13, all to lines that are damaged there;
at 10 bits, or -2 beside a loss, wrong ones appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.model import Edit, TextSpan
from kg.read.lines import pieces_of
from kg.read.repair.characters import is_han, simplified
from kg.read.repair.gbk import decoded, gbk
from kg.read.repair.likelihood import bits, common_characters, follower_bits
from kg.read.repair.pinyin import BRACKETED, MARK, is_annotation, is_hit

RULE = "shifted-bytes"


@dataclass(frozen=True, slots=True)
class Switch:
    """What a run must save, in bits, before it is read one byte off."""

    anywhere: float
    beside_loss: float  # where a ``?`` beside the run shows that bytes were lost


SOUND = Switch(anywhere=18.0, beside_loss=12.0)  # for a text that has shown no damage yet
DAMAGED = Switch(anywhere=8.0, beside_loss=2.0)  # for one that has
DOUBTFUL = Switch(anywhere=-4.0, beside_loss=-8.0)  # enough to distrust what a damaged text shows

LOST_BITS = 12.0  # a character that is gone
GUESS_MARGIN_BITS = 3.0  # how much likelier a guess must be than the next, to be shown instead of U+FFFD
MAX_LINE_CHARACTERS = 20_000  # longer lines are worked on in pieces

_LOST = frozenset("?\ufffd")
_WIDE_LEAD = 0xA3  # of the full-width ASCII forms
_WIDENED = frozenset(",:;!()")  # punctuation that sites make half-width


@dataclass(frozen=True, slots=True)
class _Token:
    """One character with its GBK bytes, or one hit with its pinyin; ``kind`` says which."""

    kind: str  # "pair", "ascii", "lost", "hit", "skip", "other"
    span: TextSpan
    text: str
    data: bytes = b""


@dataclass(slots=True)
class _State:
    """The cheapest way to a token in one reading: cost, last real character, and the way there."""

    cost: float
    last: str
    came: _State | None
    token: int
    shifted: bool = False
    pending: int | None = None  # off: the byte that waits for its second; None when it is lost
    out: str = ""  # what the token is, read off
    sure: bool = True


@cache
def _suspicious() -> re.Pattern[str]:
    """Two rare characters close together, or a rare one before an ASCII sign that may be a second byte."""
    common = re.escape("".join(sorted(common_characters())))
    rare = f"[^{common}\n\\x00-\\x7f\u00c0-\u01dc\u0251\u0261\u3000-\u303f\uff00-\uffef\u2010-\u203b·«»°±×÷]"
    return re.compile(rf"{rare}[^\n]{{0,5}}{rare}|{rare}[@-~]|[\u3400-\u9fff][|{{}}^`~\\@](?![a-zA-Z])")


def realign(text: str, mirror: bool, switch: Switch = SOUND) -> Iterator[tuple[list[Edit], list[TextSpan]]]:
    """For every run that was read one byte off: its edits, and the ranges of ``text`` that stay uncertain.

    ``mirror`` says that the pinyin of a mirror site still stands in the text. A sound text's lines are looked
    at only where rare characters stand close together.
    """
    for start, piece in pieces_of(text, MAX_LINE_CHARACTERS):
        if switch is not SOUND or _suspicious().search(piece):
            yield from _realign_line(piece, start, mirror, switch)


def _realign_line(line: str, offset: int, mirror: bool, switch: Switch) -> Iterator[tuple[list[Edit], list[TextSpan]]]:
    tokens = list(_tokens(line, mirror))
    for run, lost_behind in _runs(_cheapest(tokens, switch)):
        edits: list[Edit] = []
        uncertain: list[TextSpan] = []
        for position, state in enumerate(run):
            token = tokens[state.token]
            span = TextSpan(token.span.start + offset, token.span.end + offset)
            replacement, sure = state.out, state.sure
            if position == 0 and token.kind not in ("lost", "hit"):
                first = token.data[0] if token.kind == "pair" else _WIDE_LEAD
                before = state.came.last if state.came else ""
                replacement = _guess(first, before, run[1].out if len(run) > 1 else "")
                uncertain.append(TextSpan(max(offset, span.start - 1), span.start))  # may be what lost a byte
            if lost_behind and position == len(run) - 1:
                replacement, sure = replacement + "\ufffd", False
            if not sure:
                uncertain.append(span)
            edits.append(Edit(span, replacement, RULE))
        yield edits, uncertain


def _tokens(line: str, mirror: bool) -> Iterator[_Token]:
    position = 0
    while position < len(line):
        if mirror and line[position] in "?？\ufffd" and (hit := MARK.match(line, position)):
            yield _Token("hit", TextSpan(*hit.span()), hit[1])
            position = hit.end()
            continue
        bracket = BRACKETED.match(line, position) if mirror and line[position] in "(（" else None
        if bracket and position and is_annotation(line[position - 1], bracket[1]):
            yield _Token("skip", TextSpan(*bracket.span()), bracket[1])
            position = bracket.end()
            continue
        character = line[position]
        data = gbk(character)
        kind = "lost" if character in _LOST else {1: "ascii", 2: "pair"}.get(len(data), "other")
        yield _Token(kind, TextSpan(position, position + 1), character, data)
        position += 1


def _cheapest(tokens: list[_Token], switch: Switch) -> _State:
    """The cheapest way through the tokens, by dynamic programming over the two readings."""
    in_step = _State(0.0, "", None, -1)
    off: _State | None = None
    beside_loss = False
    for index, token in enumerate(tokens):
        ways = [_State(in_step.cost + _shown(in_step.last, token), token.text[-1:], in_step, index)]
        ways_off = []
        if token.kind == "hit" and index and (byte := _hit_byte(tokens[index - 1], token)):
            ways_off.append(_State(in_step.cost, in_step.last, in_step, index, True, byte))
        elif token.kind in ("pair", "lost") or token.text in _WIDENED:
            cost = in_step.cost + LOST_BITS
            cost += switch.beside_loss if beside_loss or token.kind == "lost" else switch.anywhere
            ways_off.append(_State(cost, "", in_step, index, True, _last_byte(token), "\ufffd", False))
        if off is not None:
            ways += _back_in_step(off, token, index)
            ways_off += _further(off, token, index)
        beside_loss = token.kind in ("lost", "hit")
        in_step = min(ways, key=lambda way: way.cost)
        off = min(ways_off, key=lambda way: way.cost, default=None)
    if off is not None and off.cost + LOST_BITS + switch.beside_loss < in_step.cost:
        return off
    return in_step


def _shown(previous: str, token: _Token) -> float:
    if token.kind == "skip":
        return 0.0
    if token.kind in ("lost", "hit"):
        return LOST_BITS if token.kind == "lost" else 2 * LOST_BITS
    return bits(token.text, previous)


def _last_byte(token: _Token) -> int | None:
    if token.kind == "lost":
        return None
    return token.data[1] if token.kind == "pair" else token.data[0] + 0x80


def _hit_byte(before: _Token, hit: _Token) -> int | None:
    """The second byte of the character that a hit across two characters found, where only one fits."""
    if before.kind != "pair":
        return None
    fits = [b for b in range(0x81, 0xFF) if is_hit(decoded(before.data[1], b), hit.text)]
    return fits[0] if len(fits) == 1 else None


def _further(state: _State, token: _Token, index: int) -> Iterator[_State]:
    """Read on, one byte off."""
    if token.kind == "skip":  # a hit on what the shifted text shows
        yield _State(state.cost, state.last, state, index, True, state.pending, "")
    elif token.kind == "lost":  # the end of one character and the beginning of another
        guess = _likeliest(_seconds(state.pending), state.last)
        yield _State(state.cost + 2 * LOST_BITS, "", state, index, True, None, guess, False)
    elif token.kind == "pair" or token.text in _WIDENED:
        first = token.data[0] if token.kind == "pair" else _WIDE_LEAD
        if state.pending is None:
            yield _State(state.cost + LOST_BITS, "", state, index, True, _last_byte(token), "\ufffd", False)
        elif character := decoded(state.pending, first):
            cost = state.cost + bits(character, state.last)
            yield _State(cost, character, state, index, True, _last_byte(token), character)


def _back_in_step(state: _State, token: _Token, index: int) -> Iterator[_State]:
    """Come back into step at this token."""
    if token.kind == "ascii":
        if state.pending is None and "@" <= token.text <= "~":
            yield _State(state.cost + LOST_BITS, "", state, index, out="\ufffd", sure=False)
        elif state.pending is not None and (character := decoded(state.pending, token.data[0])):
            yield _State(state.cost + bits(character, state.last), character, state, index, out=character)
    elif token.kind == "lost":  # a first byte, and the ASCII character that was taken for its second
        guess = _likeliest(_seconds(state.pending), state.last) + ("?" if token.text == "?" else "")
        yield _State(state.cost + LOST_BITS, "", state, index, out=guess, sure=False)
    elif token.kind == "hit":
        fits = [c for c in _seconds(state.pending) if is_hit(c, token.text)]
        if fits:
            best = _likeliest(fits, state.last)
            yield _State(state.cost + bits(best, state.last), best, state, index, out=best, sure=len(fits) == 1)
    if token.kind != "skip":
        cost = state.cost + SOUND.anywhere + LOST_BITS + _shown("", token)
        yield _State(cost, token.text[-1:], state, index)


def _seconds(first: int | None) -> list[str]:
    """Every character with this first byte."""
    if first is None:
        return []
    return [c for second in range(0x40, 0xFF) if is_han(c := decoded(first, second) or " ")]


def _likeliest(characters: list[str], before: str) -> str:
    return min(characters, key=lambda c: bits(c, before), default="\ufffd")


def _runs(end: _State) -> Iterator[tuple[list[_State], bool]]:
    """The shifted runs on the way to ``end``, in order; whether a character is lost behind each."""
    way: list[_State] = []
    state: _State | None = end
    while state is not None and state.token >= 0:
        way.append(state)
        state = state.came
    run: list[_State] = []
    for state in reversed(way):
        if state.shifted:
            run.append(state)
        elif run:
            yield ([*run, state], False) if state.out else (run, True)
            run = []
    if run:
        yield run, True


def _guess(byte: int, before: str, following: str) -> str:
    """The likeliest character one of whose bytes is ``byte``, or U+FFFD when several are likely."""
    second = (decoded(lead, byte) for lead in range(0x81, 0xFF))
    first = (decoded(byte, trail) for trail in range(0x40, 0xFF))
    fold = simplified()

    def cost(character: str) -> float:
        plain = fold.get(character, character)
        return bits(character, before) + follower_bits(plain, fold.get(following[:1], following[:1]))

    fits = sorted({c for c in (*second, *first) if c}, key=lambda c: (cost(c), c))
    if not fits or (len(fits) > 1 and cost(fits[1]) - cost(fits[0]) < GUESS_MARGIN_BITS):
        return "\ufffd"
    return fits[0]
