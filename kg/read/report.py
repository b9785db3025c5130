"""What reading changed in a text, said so that people can check it: rules, counts, and what stays damaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.model import Article, OffsetMap, TextSpan
from kg.read import markdown
from kg.read.normalize import RULES, TO_SIMPLIFIED, normalize
from kg.read.repair import repair
from kg.read.trace import Trace

EXAMPLES_PER_RULE = 3
_SOUND_RULES = RULES | {markdown.RULE}  # what they change was never damaged

Noise = Literal["clean", "traditional", "damaged"]


class Change(NamedTuple):
    """One edit: ``before`` stood at ``source`` in the text as read; ``after`` took its place, by ``rule``."""

    source: TextSpan
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule changed the text, with its first few different changes."""

    rule: str
    count: int
    examples: tuple[tuple[str, str], ...]


class Damage(NamedTuple):
    """A range of the repaired text that stays damaged, and where it stands in the text as read."""

    span: TextSpan
    text: str
    source: TextSpan
    source_text: str


@dataclass(frozen=True, slots=True)
class RepairReport:
    """The repaired text with every change, in the order of the text as read."""

    source_text: str
    text: str
    changes: tuple[Change, ...]
    rules: tuple[RuleCount, ...]
    damage: tuple[Damage, ...]


def repair_report(article: Article | str) -> RepairReport:
    """Say what was repaired and normalised in an article, or do it to a text and say so.

    >>> report = repair_report("新增4 .5 万个学位")
    >>> report.text, [(rule.rule, rule.count) for rule in report.rules]
    ('新增4.5万个学位', [('split-number', 2)])
    """
    if isinstance(article, str):
        trace = Trace(article)
        repair(trace)
        normalize(trace)
        return _report(article, trace.text, trace.offsets, trace.damage)
    return _report(article.source_text, article.text, article.offsets, article.damage)


def noise_of(article: Article) -> Noise:
    """In what state an article's text came: damaged where it was repaired or cannot be, else in traditional script.

    >>> noise_of(Article("a", "a.txt", "福州", "福州"))
    'clean'
    """
    rules = {edit.rule for step in article.offsets for edit in step.edits}
    if article.damage or rules - _SOUND_RULES:
        return "damaged"
    return "traditional" if TO_SIMPLIFIED in rules else "clean"


def _report(source_text: str, text: str, offsets: Iterable[OffsetMap], damage: Iterable[TextSpan]) -> RepairReport:
    steps = tuple(offsets)
    changes: list[Change] = []
    before = source_text
    for number, step in enumerate(steps):
        for span, after, rule in step.edits:
            changes.append(Change(_to_source(steps[:number], span), span.of(before), after, rule))
        before, _ = OffsetMap.apply(before, step.edits)
    counts = Counter(change.rule for change in changes)
    stays = tuple(
        Damage(span, span.of(text), source, source.of(source_text))
        for span in damage
        for source in [_to_source(steps, span)]
    )
    rules = tuple(RuleCount(rule, count, _examples(changes, rule)) for rule, count in counts.most_common())
    return RepairReport(source_text, text, tuple(sorted(changes)), rules, stays)


def _to_source(steps: tuple[OffsetMap, ...], span: TextSpan) -> TextSpan:
    for step in reversed(steps):
        span = step.to_source(span)
    return span


def _examples(changes: list[Change], rule: str) -> tuple[tuple[str, str], ...]:
    different = dict.fromkeys((c.before, c.after) for c in changes if c.rule == rule)
    return tuple(different)[:EXAMPLES_PER_RULE]
