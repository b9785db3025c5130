"""Rule 3: a run of text read one byte off, ``笨萍疾炕鹁嬷行`` for 科技部火炬中心.

A byte was lost, so every second byte was taken for a first one, until an ASCII byte ended the run: it was
swallowed as a second byte (``榻B`` is 介紹, whose last byte is ``B``), or hidden in a ``?``. Two readings of
a line compete, in step and one byte off; the cheapest way through, in bits, switches between them only where
that pays for itself. A ``?`` inside a run hides the last byte of one character and the first of the next: the
bytes beside it, and that the two decoded to nothing, leave few answers; the likeliest is shown, and marked. What
looks read off, but not enough to be read again, is marked with the characters that lead to it. What a
switch must pay is measured by ``benchmarks/read.py``: at 18 bits, or 12 beside a
loss, the only edits to 1.8 million characters of dictionary text are 14, all to lines that are damaged there;
at 10 bits, or -2 beside a loss, wrong ones appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import inf

from kg.model import Edit, TextSpan
from kg.read.lines import pieces_of
from kg.read.repair.answers import Answers
from kg.read.repair.characters import is_han
from kg.read.repair.gbk import decoded, gbk
from kg.read.repair.likelihood import bits, common_characters
from kg.read.repair.pinyin import BRACKETED, MARK, is_annotation, is_hit
from kg.read.repair.windows import windows

RULE = "shifted-bytes"


@dataclass(frozen=True, slots=True)
class Switch:
    """What a run must save, in bits, before it is read one byte off."""

    anywhere: float
    beside_loss: float  # where a ``?`` beside the run shows that bytes were lost
    letter: float  # … before an ASCII character that stands alone is read as the second byte of one
    trusting: bool = True  # whether what other lines say speaks for a text as it is shown


SOUND = Switch(anywhere=18.0, beside_loss=12.0, letter=inf)  # for a text that has shown no damage yet
DAMAGED = Switch(anywhere=8.0, beside_loss=2.0, letter=7.0)  # for one that has
SUSPECT = Switch(anywhere=16.0, beside_loss=10.0, letter=5.0)  # enough to distrust what has shown no damage
DOUBTFUL = Switch(
    anywhere=3.0, beside_loss=-2.0, letter=2.0, trusting=False
)  # enough to distrust what a damaged text shows

LOST_BITS = 12.0  # a character that is gone
HIDDEN_BITS = 3.0  # a ``?`` inside a run: one pair in seven decodes to nothing
BACK_BITS = 8.0  # what coming back into step costs at least, where no ASCII byte explains it
BEAM_BITS = 14.0  # readings this much dearer than the best are dropped
START_AT_BITS = 13.0  # a character that costs less is not the first of a run whose lost one is guessed
START_BITS = 16.0  # … or this much than one that begins now
BEAM = 24  # readings kept
BEAM_AT_LOSS = 12  # … of which so many are followed through a ``?``
MIN_HOPELESS, MAX_LOST_SHARE = 20, 0.25  # a line that lost more than this is left as it is
MAX_LINE_CHARACTERS = 20_000  # longer lines are worked on in pieces

_ALONE = -1  # in place of the byte that waits, behind a character that is an ASCII byte and what was lost before it

_LOST = frozenset("?\ufffd")
_ENDS = frozenset("。”！？")  # what stands before the end of a paragraph
_OPENS = frozenset("“《（【")  # … and before the next
_BEHIND_LETTERS = frozenset(
    "股型级級座区區馆館轮輪线線类類班楼樓口组組级證证照字"
)  # A股, T型: letters that mean themselves
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
    worth = [] if mirror else list(windows(text, LOST_BITS + switch.anywhere))
    at = 0
    for start, piece in pieces_of(text, MAX_LINE_CHARACTERS):
        end = start + len(piece)
        within = [TextSpan(0, len(piece))] if mirror else []
        while at < len(worth) and worth[at].start < end:
            if worth[at].end > start:
                within.append(TextSpan(max(0, worth[at].start - start), min(end, worth[at].end) - start))
            if worth[at].end > end:
                break
            at += 1
        if not within or sum(map(piece.count, _LOST)) > MIN_HOPELESS + MAX_LOST_SHARE * len(piece):
            continue
        if switch is SOUND and not _suspicious().search(piece):
            continue
        answers = answers or Answers(text)
        for window in within:
            yield from _realign_window(piece, window, start, mirror, switch, comma, answers)


def _realign_window(
    line: str, window: TextSpan, offset: int, mirror: bool, switch: Switch, comma: str, answers: Answers
) -> Iterator[tuple[list[Edit], list[TextSpan]]]:
    tokens = list(_tokens(line, window, mirror))
    before = line[window.start - 1 : window.start]
    for run, lost_behind in _runs(_cheapest(tokens, before, switch, answers, window.end == len(line))):
        edits: list[Edit] = []
        uncertain: list[TextSpan] = []
        for position, state in enumerate(run):
            token = tokens[state.token]
            span = TextSpan(token.span.start + offset, token.span.end + offset)
            replacement, sure = state.out, state.sure
            if position == 0 and token.kind != "hit" and state.pending != _ALONE:  # what lost a byte may stand before
                uncertain.append(TextSpan(max(offset, span.start - (2 if token.kind == "lost" else 1)), span.start))
            if position == 0 and token.kind not in ("lost", "hit") and state.pending != _ALONE:
                first = token.data[0] if token.kind == "pair" else _WIDE_LEAD
                before = state.came.last if state.came else ""
                replacement = answers.guess(first, before, run[1].out if len(run) > 1 else "")
            if token.kind == "lost" and not state.shifted and state.came:
                rest = line[token.span.end :]
                number = rest[:1] in _NUMBER
                replacement = answers.likeliest(answers.seconds(state.came.pending), state.came.last, number)
                if token.text == "?":
                    replacement += _swallowed(replacement, rest, comma)
            if lost_behind and position == len(run) - 1:
                replacement += answers.last(state.pending, state.last, line[token.span.end : token.span.end + 1] or " ")
                sure = False
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


def _tokens(line: str, window: TextSpan, mirror: bool) -> Iterator[_Token]:
    position = window.start
    while position < window.end:
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


def _cheapest(tokens: list[_Token], before: str, switch: Switch, answers: Answers, ends: bool) -> _State:
    """The cheapest way through the tokens behind a character, by dynamic programming over the two readings.

    ``ends`` says that a line ends with them, so that a run may have no end.
    """
    in_step = _State(0.0, before, None, -1)
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
            cost = in_step.cost
            cost += switch.beside_loss if beside_loss or token.kind == "lost" else switch.anywhere
            last = _last_byte(token)
            start = _State(cost + LOST_BITS, "", in_step, index, True, last, out="\ufffd", sure=False)
            ways_off.append(start)
            if token.kind == "pair" and ways[0].cost - in_step.cost > START_AT_BITS:
                for price, character in answers.halves(token.data[0], in_step.last):
                    if price > LOST_BITS:
                        break
                    ways_off.append(
                        _State(cost + price, character, in_step, index, True, last, out="\ufffd", sure=False)
                    )
        if token.kind == "lost":
            off = off[:BEAM_AT_LOSS]
        if off:
            ways += _back_anywhere(off[0], token, index, switch, answers)
        limit = start.cost + START_BITS if start else inf
        for state in off:
            ways += _back_in_step(state, token, index, answers)
            for way in _further(state, token, index, answers):
                if way.cost > limit:
                    break
                limit = min(limit, way.cost + BEAM_BITS)
                ways_off.append(way)
        if index and _stands_alone(tokens, index, switch):
            ways_off += (
                _State(
                    in_step.cost + switch.letter + price,
                    character,
                    in_step,
                    index,
                    True,
                    _ALONE,
                    out=character,
                    sure=False,
                )
                for price, character in answers.letters(token.data[0], in_step.last)
            )
        beside_loss = token.kind in ("lost", "hit")
        in_step = min(ways, key=lambda way: way.cost)
        off = _best(ways_off, start.cost if start else None)
    best_off = min(off, key=lambda way: way.cost, default=None)
    if ends and best_off is not None and best_off.cost + LOST_BITS + switch.beside_loss < in_step.cost:
        return best_off
    return in_step


def _stands_alone(tokens: list[_Token], index: int, switch: Switch) -> bool:
    """Whether an ASCII character that may be a second byte stands between others than its like."""
    token = tokens[index]
    if token.kind != "ascii" or not "@" <= token.text <= "~" or switch.letter == inf:
        return False
    before = tokens[index - 1]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if before.kind != "pair" or (after and after.text.isascii() and after.text.isalpha()):
        return False
    return not (token.text.isupper() and after and after.text in _BEHIND_LETTERS)


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
    if state.pending == _ALONE:
        return
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
    """Come back into step at this token, for a reason."""
    if state.pending == _ALONE:
        if token.kind != "ascii":
            yield _State(state.cost + _shown(state.last, token, answers), token.text[-1:], state, index)
        else:
            yield _State(state.cost + _shown("", token), token.text[-1:], state, index)
        return
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


def _back_anywhere(state: _State, token: _Token, index: int, switch: Switch, answers: Answers) -> Iterator[_State]:
    """Come back into step at this token, for one more byte was lost before it."""
    if token.kind != "skip" and state.pending != _ALONE:
        lost = answers.likeliest(answers.seconds(state.pending), state.last)
        price = LOST_BITS if lost == "\ufffd" else min(LOST_BITS, answers.price(lost, state.last))
        cost = state.cost + max(switch.anywhere, BACK_BITS) + price + _shown(lost, token)
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
            yield ([*run, state], False) if state.out else (run, run[-1].pending != _ALONE)
            run = []
    if run:
        yield run, run[-1].pending != _ALONE
