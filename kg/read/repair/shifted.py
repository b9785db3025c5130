"""Rule 3: a run of text read one byte off, ``笨萍疾炕鹁嬷行`` for 科技部火炬中心.

A byte was lost, so every second byte was taken for a first one, until an ASCII byte ended the run: it was
swallowed as a second byte (``榻B`` is 介紹, whose last byte is ``B``), or hidden in a ``?``. Two readings of
a line compete, in step and one byte off; the cheapest way through, in bits, switches between them only where
that pays for itself. A ``?`` inside a run hides the last byte of one character and the first of the next: the
bytes beside it, and that the two decoded to nothing, leave few answers; the likeliest is shown, and marked. What a
switch must pay is measured by ``benchmarks/read.py``: at 18 bits, or 12 beside a
loss, the only edits to 1.8 million characters of dictionary text are 14, all to lines that are damaged there;
at 10 bits, or -2 beside a loss, wrong ones appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.model import Edit, TextSpan
from kg.read.lines import pieces_of
from kg.read.repair.answers import Answers
from kg.read.repair.characters import is_han
from kg.read.repair.gbk import decoded, gbk
from kg.read.repair.likelihood import bits, common_characters
from kg.read.repair.pinyin import BRACKETED, MARK, is_annotation, is_hit

RULE = "shifted-bytes"


@dataclass(frozen=True, slots=True)
class Switch:
    """What a run must save, in bits, before it is read one byte off."""

    anywhere: float
    beside_loss: float  # where a ``?`` beside the run shows that bytes were lost
    trusting: bool = True  # whether what other lines say speaks for a text as it is shown


SOUND = Switch(anywhere=18.0, beside_loss=12.0)  # for a text that has shown no damage yet
DAMAGED = Switch(anywhere=8.0, beside_loss=2.0)  # for one that has
DOUBTFUL = Switch(anywhere=-4.0, beside_loss=-8.0, trusting=False)  # enough to distrust what a damaged text shows

LOST_BITS = 12.0  # a character that is gone
HIDDEN_BITS = 3.0  # a ``?`` inside a run: one pair in seven decodes to nothing
BEAM_BITS = 14.0  # readings this much dearer than the best are dropped
START_BITS = 16.0  # … or this much than one that begins now
BEAM = 24  # readings kept
BEAM_AT_LOSS = 12  # … of which so many are followed through a ``?``
MIN_HOPELESS, MAX_LOST_SHARE = 20, 0.25  # a line that lost more than this is left as it is
MAX_LINE_CHARACTERS = 20_000  # longer lines are worked on in pieces

_LOST = frozenset("?\ufffd")
_ENDS = frozenset("。”！？")  # what stands before the end of a paragraph
_OPENS = frozenset("“《（【")  # … and before the next
_YEAR = re.compile(r"(?:(0\d\d)|9\d\d)年")  # without its first digit
_NUMBER = frozenset("0123456789.%")
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
    hidden: int | None = None  # off: the byte before the one lost in a ``?``, where that is known
    out: str = ""  # what the token is, read off
    sure: bool = True


@cache
def _suspicious() -> re.Pattern[str]:
    """Two rare characters close together, a rare one before an ASCII sign that may be a second byte, or a loss."""
    common = re.escape("".join(sorted(common_characters())))
    rare = f"[^{common}\n\\x00-\\x7f\u00c0-\u01dc\u0251\u0261\u3000-\u303f\uff00-\uffef\u2010-\u203b·«»°±×÷]"
    sign = r"[\u3400-\u9fff][|{}^`~\\@](?![a-zA-Z])"
    loss = "[\u3400-\u9fff][?\ufffd]+(?=[\u3400-\u9fff“（《0-9.])"
    return re.compile(rf"{rare}[^\n]{{0,5}}{rare}|{rare}[@-~]|{sign}|{loss}")


def realign(text: str, mirror: bool, switch: Switch = SOUND) -> Iterator[tuple[list[Edit], list[TextSpan]]]:
    """For every run that was read one byte off: its edits, and the ranges of ``text`` that stay uncertain.

    ``mirror`` says that the pinyin of a mirror site still stands in the text. A sound text's lines are looked
    at only where rare characters stand close together.
    """
    comma = "," if text.count(",") > text.count("，") else "?"
    answers: Answers | None = None
    for start, piece in pieces_of(text, MAX_LINE_CHARACTERS):
        if sum(map(piece.count, _LOST)) > MIN_HOPELESS + MAX_LOST_SHARE * len(piece):
            continue
        if switch is not SOUND or _suspicious().search(piece):
            answers = answers or Answers(text)
            yield from _realign_line(piece, start, mirror, switch, comma, answers)


def _realign_line(
    line: str, offset: int, mirror: bool, switch: Switch, comma: str, answers: Answers
) -> Iterator[tuple[list[Edit], list[TextSpan]]]:
    tokens = list(_tokens(line, mirror))
    for run, lost_behind in _runs(_cheapest(tokens, switch, answers)):
        edits: list[Edit] = []
        uncertain: list[TextSpan] = []
        for position, state in enumerate(run):
            token = tokens[state.token]
            span = TextSpan(token.span.start + offset, token.span.end + offset)
            replacement, sure = state.out, state.sure
            if position == 0 and token.kind not in ("lost", "hit"):
                first = token.data[0] if token.kind == "pair" else _WIDE_LEAD
                before = state.came.last if state.came else ""
                replacement = answers.guess(first, before, run[1].out if len(run) > 1 else "")
                uncertain.append(TextSpan(max(offset, span.start - 1), span.start))  # may be what lost a byte
            if token.kind == "lost" and not state.shifted and state.came:
                rest = line[token.span.end :]
                number = rest[:1] in _NUMBER
                replacement = answers.likeliest(answers.seconds(state.came.pending), state.came.last, number)
                if token.text == "?":
                    replacement += _swallowed(replacement, rest, comma)
            if lost_behind and position == len(run) - 1:
                replacement, sure = replacement + "\ufffd", False
            if not sure:
                uncertain.append(span)
            edits.append(Edit(span, replacement, RULE))
        yield edits, uncertain


def _swallowed(before: str, rest: str, comma: str) -> str:
    """What an ASCII character that a ``?`` swallowed was, by what stands around it."""
    if year := _YEAR.match(rest):
        return "2" if year[1] else "1"
    if rest[:1] in _OPENS or is_han(rest[:1] or " "):
        return "\n" if before in _ENDS else comma
    return "?"


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


def _cheapest(tokens: list[_Token], switch: Switch, answers: Answers) -> _State:
    """The cheapest way through the tokens, by dynamic programming over the two readings."""
    in_step = _State(0.0, "", None, -1)
    off: list[_State] = []
    beside_loss = False
    for index, token in enumerate(tokens):
        ways = [
            _State(
                in_step.cost + _shown(in_step.last, token, answers if switch.trusting else None),
                token.text[-1:],
                in_step,
                index,
            )
        ]
        ways_off: list[_State] = []
        start = None
        if token.kind == "hit" and index and (byte := _hit_byte(tokens[index - 1], token)):
            ways_off.append(_State(in_step.cost, in_step.last, in_step, index, True, byte))
        elif token.kind in ("pair", "lost") or token.text in _WIDENED:
            cost = in_step.cost + LOST_BITS
            cost += switch.beside_loss if beside_loss or token.kind == "lost" else switch.anywhere
            start = _State(cost, "", in_step, index, True, _last_byte(token), out="\ufffd", sure=False)
            ways_off.append(start)
        if token.kind == "lost":
            off = off[:BEAM_AT_LOSS]
        for state in off:
            ways += _back_in_step(state, token, index, answers)
            ways_off += _further(state, token, index, answers)
        beside_loss = token.kind in ("lost", "hit")
        in_step = min(ways, key=lambda way: way.cost)
        off = _best(ways_off, start.cost if start else None)
    best_off = min(off, key=lambda way: way.cost, default=None)
    if best_off is not None and best_off.cost + LOST_BITS + switch.beside_loss < in_step.cost:
        return best_off
    return in_step


def _best(ways: list[_State], start: float | None) -> list[_State]:
    """The cheapest ways, of those that end alike only the best, and none much dearer than a fresh start."""
    if len(ways) < 2:
        return ways
    ways.sort(key=lambda way: way.cost)
    limit = ways[0].cost + BEAM_BITS
    if start is not None:
        limit = min(limit, start + START_BITS)
    kept: dict[tuple[str, int | None, int | None], _State] = {}
    for way in ways:
        if way.cost > limit or len(kept) == BEAM:
            break
        kept.setdefault((way.last, way.pending, way.hidden), way)
    return list(kept.values())


def _shown(previous: str, token: _Token, answers: Answers | None = None) -> float:
    if token.kind == "skip":
        return 0.0
    if token.kind in ("lost", "hit"):
        return LOST_BITS if token.kind == "lost" else 2 * LOST_BITS
    return answers.known(token.text, previous, besides=1) if answers else bits(token.text, previous)


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


def _further(state: _State, token: _Token, index: int, answers: Answers) -> Iterator[_State]:
    """Read on, one byte off."""
    if token.kind == "skip":  # a hit on what the shifted text shows
        yield _State(state.cost, state.last, state, index, True, state.pending, state.hidden)
    elif token.kind == "lost":  # the end of one character and the beginning of another
        if state.pending is None and state.hidden is None:
            yield _State(state.cost + 2 * LOST_BITS, "", state, index, True, out="\ufffd", sure=False)
        for price, character, second in answers.ends(state.pending, state.hidden, state.last):
            cost = state.cost + HIDDEN_BITS + price
            yield _State(cost, character, state, index, True, None, second, character, False)
    elif token.kind == "pair" or token.text in _WIDENED:
        first = token.data[0] if token.kind == "pair" else _WIDE_LEAD
        last = _last_byte(token)
        if state.hidden is not None:
            for price, character in answers.beginnings(state.hidden, first, state.last):
                yield _State(state.cost + price, character, state, index, True, last, None, character, False)
        elif state.pending is None:
            yield _State(state.cost + LOST_BITS, "", state, index, True, last, None, "\ufffd", False)
        elif character := decoded(state.pending, first):
            cost = state.cost + answers.known(character, state.last)
            yield _State(cost, character, state, index, True, last, None, character)


def _back_in_step(state: _State, token: _Token, index: int, answers: Answers) -> Iterator[_State]:
    """Come back into step at this token."""
    if token.kind == "ascii":
        if state.hidden is not None:
            for price, character in answers.beginnings(state.hidden, token.data[0], state.last):
                yield _State(state.cost + price, character, state, index, out=character, sure=False)
        elif state.pending is None and "@" <= token.text <= "~":
            yield _State(state.cost + LOST_BITS, "", state, index, out="\ufffd", sure=False)
        elif state.pending is not None and (character := decoded(state.pending, token.data[0])):
            cost = state.cost + answers.known(character, state.last)
            yield _State(cost, character, state, index, out=character)
    elif token.kind == "lost":  # a first byte, and the ASCII character that was taken for its second
        guess = answers.likeliest(answers.seconds(state.pending), state.last)
        yield _State(state.cost + LOST_BITS, "", state, index, out=guess, sure=False)
    elif token.kind == "hit":
        fits = [c for c in answers.seconds(state.pending) if is_hit(c, token.text)]
        if fits:
            best = answers.likeliest(fits, state.last)
            yield _State(state.cost + bits(best, state.last), best, state, index, out=best, sure=len(fits) == 1)
    if token.kind != "skip":
        cost = state.cost + SOUND.anywhere + LOST_BITS + _shown("", token)
        yield _State(cost, token.text[-1:], state, index)


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
