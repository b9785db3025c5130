"""A view in, milestones out: what happened, or is planned, to one thing at one time.

A word of ``milestones.yaml`` says what happened. The thing is the clause's subject or the name behind the word,
the date the nearest time before it in the sentence, or right behind it (成立于2013年4月).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.quantities import find_quantities
from kg.annotate.times import Time, find_times
from kg.annotate.topics import Topics, within
from kg.annotate.view import Placed, View
from kg.model import Evidence, Milestone, TextSpan
from kg.ontology import Ontology

CONFIDENCE_DATED, CONFIDENCE_UNDATED = 0.85, 0.65
_NEGATED = re.compile(r"(?:未|没有|不|无法|尚待|正待|待|申请|拟申请|推动|鼓励|支持)(?:能|再|予)?$")
_PLAN = re.compile(r"将|计划|预计|拟|力争|争取|有望|可望|确保|即将|预期|定于|到时|届时|加快")
_DONE = re.compile(r"正式|顺利|成功|已|已经|日前|近日|完成|宣布|刚刚|同期|获|相继|先后|率先|揭牌")
_NOUNS = ("n", "nz", "ns", "nt", "s", "LOC", "ORG")
_OBLIQUE = re.compile("[在于由经获向与被对从以给为]")
_AT_MEETING = re.compile("[^，。]{0,12}(?:会|仪式|活动|现场|论坛|大赛|典礼)上[，,]")
_PARTS = re.compile("主体|一期|二期|三期|首期|项目|工程|全线|主线|结构|建设|首批|新|各|全|期|现场|自|股票")
_BEHIND = re.compile(
    r"(?:[了过]?(?:[首第一]?[个家座条]?|全资子?公司|控股子公司|子公司|下属公司|旗下)?|了?《?|的|以来[，,])[“《]?"
)
_ENDS = re.compile(r"(?:于|在|日期|仪式|典礼|[，,；;。！!、）)”\s]|$)")


@dataclass(frozen=True, slots=True)
class _Trigger:
    type: str
    classes: tuple[str, ...]
    thing: str
    undated: bool
    not_before: re.Pattern[str]
    passive: bool


@cache
def _triggers(lexicon: Path) -> tuple[re.Pattern[str], dict[str, list[_Trigger]]]:
    """One expression of all words, the longest first, and what each says."""
    known: dict[str, list[_Trigger]] = {}
    rows: list[dict[str, Any]] = read_lexicon(lexicon, "milestones")
    for row in rows:
        barred = "|".join(map(re.escape, row.get("not_before", ()))) or "(?!)"
        trigger = _Trigger(
            row["type"],
            tuple(row["classes"]),
            row["thing"],
            bool(row.get("undated")),
            re.compile(barred),
            bool(row.get("passive")),
        )
        for word in row["say"]:
            known.setdefault(word, []).append(trigger)
    words = sorted(known, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words))), known


def find_milestones(view: View, lexicon: Path, ontology: Ontology, damage: Iterable[TextSpan] = ()) -> list[Milestone]:
    """The milestones of an article, in order of the text; none from a damaged span.

    One that is said with a date and without is said with the date only.
    """
    finder = _Finder(view, lexicon, ontology)
    damaged = tuple(damage)
    found: dict[tuple[str, str, str | None], Milestone] = {}
    for sentence in view.sentences:
        for milestone in finder.of_sentence(sentence):
            if not any(milestone.evidence.span.overlaps(lost) for lost in damaged):
                found.setdefault((milestone.entity, milestone.type, milestone.date), milestone)
    dated = [(m.entity, m.type, m.date) for m in found.values() if m.date]
    return [
        milestone
        for milestone in found.values()
        if not any(_is_vaguer(milestone, entity, type_, date) for entity, type_, date in dated)
    ]


def _is_vaguer(milestone: Milestone, entity: str, type_: str, date: str) -> bool:
    """Whether another of the same thing and type has the same date and more of it."""
    same = (milestone.entity, milestone.type) == (entity, type_)
    return same and date != milestone.date and date.startswith(milestone.date or "")


class _Finder:
    def __init__(self, view: View, lexicon: Path, ontology: Ontology) -> None:
        self.view, self.ontology = view, ontology
        self.pattern, self.known = _triggers(lexicon)
        self.times = find_times(view.text, view.published, lexicon)
        self.topics = Topics(
            view, lexicon, ontology, [quantity.span for quantity in find_quantities(view.text, lexicon)]
        )

    def of_sentence(self, sentence: TextSpan) -> Iterator[Milestone]:
        names = self.view.placed_in(sentence)
        times = [time for time in within(self.times, sentence) if time.kind != "now"]
        for match in self.pattern.finditer(self.view.text, *sentence):
            word = TextSpan(match.start(), match.end())
            inside = next((placed for placed in names if placed.span.overlaps(word)), None)
            if inside is not None and not self._is_ceremony(inside, word):
                continue
            if _NEGATED.search(self.view.text[max(0, word.start - 4) : word.start]):
                continue
            for trigger in self.known[match[0]]:
                if not trigger.not_before.match(self.view.text, word.end):
                    yield from self._milestones(sentence, word, trigger, times)

    def _milestones(
        self, sentence: TextSpan, word: TextSpan, trigger: _Trigger, times: list[Time]
    ) -> Iterator[Milestone]:
        things = self._things(sentence, word, trigger)
        if not things:
            return
        clause = self.view.clause_at(word.start)
        clause = TextSpan(max(clause.start, sentence.start), clause.end)
        time = self._time(sentence, word, times, things)
        planned = self._is_planned(sentence, clause, word)
        date = None if time is None else (time.date or (time.year if time.kind == "period" else None))
        if planned and time is not None and date is not None and self._is_past(date):
            if time.span.start < clause.start:
                return  # the time is another clause's: 3月6日签约，并将合资成立…
            planned = False
        planned = planned or (time is not None and time.is_plan)
        if date is None and not self._is_told_undated(sentence, clause, word, trigger, things, time, planned):
            return
        for thing in things:
            spans = [
                word,
                *([time.span] if time and sentence.contains(time.span) else []),
                *([thing.span] if sentence.contains(thing.span) else []),
            ]
            span = TextSpan(min(s.start for s in spans), max(s.end for s in spans))
            confidence = CONFIDENCE_UNDATED if date is None else CONFIDENCE_DATED
            evidence = Evidence(span, sentence, f"milestone:{trigger.type}", confidence)
            yield Milestone(thing.key, trigger.type, evidence, date, "target" if planned else "actual")

    def _is_ceremony(self, name: Placed, word: TextSpan) -> bool:
        """开工仪式, named as an event, is the start of what is named right before it."""
        return word.start == name.span.start and name.span.of(self.view.text)[word.end - word.start :] in (
            "仪式",
            "典礼",
        )

    def _is_planned(self, sentence: TextSpan, clause: TextSpan, word: TextSpan) -> bool:
        said = self.view.text[clause.start : word.start]
        if said.startswith(("并", "同时")) and clause.start > sentence.start:
            before = self.view.clause_at(clause.start - 1)
            said = self.view.text[before.start : word.start]
        return _PLAN.search(said) is not None

    def _is_past(self, date: str) -> bool:
        return self.view.published is not None and date < self.view.published.isoformat()[: len(date)]

    def _is_told_undated(
        self,
        sentence: TextSpan,
        clause: TextSpan,
        word: TextSpan,
        trigger: _Trigger,
        things: tuple[Placed, ...],
        time: Time | None,
        planned: bool,
    ) -> bool:
        """Whether an undated clause tells something that took place: not a headline, not a wish."""
        text = self.view.text
        if not trigger.undated or text[sentence.end - 1 : sentence.end] not in "。；！”）":
            return False
        said = text[clause.start : word.start]
        if things[0].span.start >= word.end:
            if planned:
                return trigger.type == "started" and "将" in said
            if trigger.type == "founded" and not said.strip():
                return True
            return (
                text[word.end : word.end + 1] in ("了", "的"[: trigger.type == "published"])
                or _DONE.search(said) is not None
            )
        if planned or (time is not None and time.kind != "vague") or things[0].span.start < clause.start:
            return False
        return (
            time is not None
            or _DONE.search(text[things[-1].span.end : word.start]) is not None
            or not text[things[-1].span.end : word.start].strip()
        )

    def _things(self, sentence: TextSpan, word: TextSpan, trigger: _Trigger) -> tuple[Placed, ...]:
        allows = self._allows(trigger)
        text = self.view.text
        if trigger.thing in ("object", "both"):
            behind = self._behind(sentence, word, allows)
            if behind or trigger.thing == "object":
                return behind or self._passive(sentence, word, trigger, allows)
            if not _ENDS.match(text, word.end):
                return ()
        return self._subjects(word, allows)

    def _allows(self, trigger: _Trigger) -> Callable[[str], bool]:
        return lambda label: any(self.ontology.is_a(label, class_) for class_ in trigger.classes)

    def _behind(self, sentence: TextSpan, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The name right behind the word, and those listed with it."""
        found: list[Placed] = []
        for placed in self.view.placed_in(TextSpan(word.end, sentence.end)):
            if found and self.view.text[found[-1].span.end : placed.span.start] not in (
                "、",
                "和",
                "及",
                "与",
                "》、《",
                "》和《",
            ):
                break
            if not found and not _BEHIND.fullmatch(self.view.text, word.end, placed.span.start):
                if placed.span.start - word.end > 12 or "，" in self.view.text[word.end : placed.span.start]:
                    break
                continue
            if not allows(placed.label_) or not placed.is_name:
                continue
            found.append(placed)
        return tuple(found)

    def _passive(
        self, sentence: TextSpan, word: TextSpan, trigger: _Trigger, allows: Callable[[str], bool]
    ) -> tuple[Placed, ...]:
        """X被Y收购."""
        clause = self.view.clause_at(word.start)
        said = self.view.text[clause.start : word.start]
        if not trigger.passive or "被" not in said:
            return ()
        before = self.view.placed_in(TextSpan(max(clause.start, sentence.start), clause.start + said.index("被")))
        return before[-1:] if before and allows(before[-1].label_) else ()

    def _subjects(self, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The name right before the word where it is no place or agent (在…, 经…); else the clause's subject."""
        clause = self.view.clause_at(word.start)
        before = self.view.placed_in(TextSpan(clause.start, word.start))
        gap = self.view.text[before[-1].span.end : word.start] if before else ""
        if before and gap.strip('”）)》"') == "" and allows(before[-1].label_):
            if not _OBLIQUE.search(self.view.text[clause.start : before[-1].span.start]):
                return before[-1:] if not self._is_listed(before) else self.topics.subjects(word.start, allows)
        found = self.topics.subjects(word.start, allows)
        if len(found) == 1 and found[0].span.start >= clause.start and self._goes_on(found[0], word):
            return ()
        return found

    def _goes_on(self, name: Placed, word: TextSpan) -> bool:
        """Whether nouns behind a name make it part of another: 人民医院[江北院区]开诊."""
        if self.view.text[name.span.end : name.span.end + 1] == "驻":
            return True
        behind = self.view.words_in(TextSpan(name.span.end, word.start))
        if not behind or behind[0].span.start != name.span.end or behind[0].tag not in _NOUNS:
            return False
        return not _PARTS.match(behind[0].text)

    def _is_listed(self, names: tuple[Placed, ...]) -> bool:
        between = self.view.text[names[-2].span.end : names[-1].span.start] if len(names) > 1 else ""
        return between in ("、", "和", "及", "与")

    def _time(self, sentence: TextSpan, word: TextSpan, times: list[Time], things: tuple[Placed, ...]) -> Time | None:
        """The time right behind the word, else the nearest before it in the sentence; 会上: that of the meeting."""
        text = self.view.text
        for time in times:
            if 0 <= time.span.start - word.end <= 4 and re.match("(?:日期)?[于为]", text[word.end : word.end + 3]):
                return time
        before = [time for time in times if time.span.end <= word.start]
        clause = self.view.clause_at(word.start)
        if things[0].span.start > word.end and text[things[0].span.start - 1 : things[0].span.start] == "的":
            before = [time for time in before if time.span.start >= clause.start]  # 2003年设立的[澜东工业园]
        if before:
            return None if re.search("[；;]", text[before[-1].span.end : word.start]) else before[-1]
        if _AT_MEETING.match(text[sentence.start : word.start]):
            dates = [t for t in self.times if t.span.end <= sentence.start and len(t.date or "") == len("2022-07-08")]
            return dates[-1] if dates else None
        return None
