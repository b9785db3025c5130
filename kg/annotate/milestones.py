"""A view in, milestones out: what happened, or is planned, to one thing at one time.

A word of ``milestones.yaml`` says what happened. The thing is the clause's subject or the name behind the word,
the date the nearest time before it in the sentence, or right behind it (成立于2013年4月).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.lexicon import read_lexicon
from kg.annotate.quantities import find_quantities
from kg.annotate.times import Time, find_reviews, find_times
from kg.annotate.topics import Topics, within
from kg.annotate.view import Placed, View
from kg.model import Evidence, Milestone, TextSpan
from kg.ontology import Ontology

CONFIDENCE_DATED, CONFIDENCE_UNDATED = 0.85, 0.65
_NEGATED = re.compile(r"(?:未|没有|不|无法|尚待|正待|待|申请|拟申请|推动|鼓励|支持)(?:能|再|予)?$|(?:个月|天|日)内$")
_PLAN = re.compile(r"将|计划|预计|拟|力争|争取|有望|可望|确保|即将|预期|定于|到时|届时|加快")
_WISHED = re.compile("推动|促进|促成|加快|推进|确保|力争|争取|支持|助力|鼓励|督促|有望|可望|计划|希望|如果|若|为了")
_THIS_DAY = re.compile("^会议(?=[为向还上])|主会场|本次|此次|现场|仪式上|活动上|[大论]?会上|会议上")
_NOW = re.compile("本次|此次|现场|当天|当日|新")
_WILL = re.compile("将|拟|即将|定于")
_NOUNS = ("n", "nz", "ns", "nt", "s", "LOC", "ORG")
_ADVERBIAL = ("d", "ad", "TIME", "t", "w", "a")
_BY = re.compile("[经由获被]")
_OBLIQUE = re.compile("[在于由经获向与被对从以给为]")
_AT_MEETING = re.compile("[^，。]{0,12}(?:会|仪式|活动|现场|论坛|大赛|典礼)上[，,]")
_PARTS = re.compile(
    "战略|框架|合作|投资协议|协议|主体|一期|首期|土建|站房|部分|项目|工程|全线|主线|结构|建设|首批|新(?![馆院区校园厂址])|各|全|期|现场|自|股票"
)
_CLOSES = re.compile("[，,；;。：:！!？?、（()）]")
_BACKGROUND = re.compile("[^，,。；;：]{0,30}(?:之?后|以来|之际)[，,]")
_SINCE = re.compile("以来|[^，,。；;]{0,20}(?:获悉|了解到|得知)")
_BRACKETED = re.compile("[”》]?[（(][^（()）]*[)）]")
_WHO_HAS_IT = re.compile("[^，,。；;的]{1,16}的[是为有]")
_TOOK = re.compile("[^，,。；;]{0,2}(?:只用|仅用|用时|历时|只花|仅花|用了)")
_SHARE = re.compile("[”》]?(?:的?(?:[0-9.]+[%％]|全部|剩余)的?(?:股权|股份))?")
_HEADED = re.compile("的[“《]?")
_CLAUSES = re.compile("[，,；;：:]")
_DESCRIBES = re.compile("(?:并[^，,。；;]{0,16})?(?:以来[，,]|(?:于[^，,。；;的]{1,14})?的(?:还有|有|包括)?)")
_GIVES = re.compile("[为给向][“《]?(?=＿|.{1,6}$)")
_HOLDS = re.compile("(?:所?持有?|拥有|旗下|下属|所属)的?")
_DONE_TO = re.compile("对(?P<to>[^，,。；;]{2,40}?)(?:的|完成|进行|实施|完成了)?$")
_LATER_STAGE = re.compile("(?:^|[，,；;的])(?:项目|园区|工程)?第?[二三四五]期")
_COUNTED = "(?:[0-9〇一二两三四五六七八九十百]+余?多?[个家项座条所大宗批][^，,。；;、：:]{0,12}?)"
_COUNTED_BEFORE = re.compile(f"{_COUNTED}(?:集中|正式|成功|现场|同时|分别|顺利|率先|同步|集体)*$")
_COUNTED_BEHIND = re.compile(f"(?:了|的)?(?:{_COUNTED}|(?:项目|企业|单位|园区|集群)(?=分别|包括|有))")
_CUE = re.compile("包括|涵盖|涉及|分别[是为有]?[：:]?|[为是如有][：:]|(?<=[，,])如|(?<=[个家])[为是][：:]?")
_AMONG = re.compile("(?:其中|包括)[，,：:]?")
_CLOSES_LIST = re.compile("[，,；;。！]")
_MEMBER = re.compile("、|以及|[和及与]")
_ENDS_MEMBER = re.compile("[”》]?(?:[（(][^（）()]*[)）])?(?:等.*|[0-9一二两三四五六七八九十]+[个家项].*)?")
_AND_SO_ON = re.compile(
    f"等?{_COUNTED}?(?:项目|企业|单位)?(?:也|分别|已|先后|相继|正式|成功|顺利|集中|均已|同步|现场|同时|宣布)*"
)
_MADE = ("Product", "Technology")  # what is honoured far off is who made it
_MAKES = re.compile("[^，,；;。了是]{1,14}的[“《]?")
_MODIFIES = re.compile("[^，,；;、由在]{1,8}的[“《]?")
_OF_WHO_ACTS = ("awarded", "listed")  # not of what the clause before says was built
_ALREADY = re.compile("(?:已|已经|现已)(?:正式|全部|全面|顺利)?$")
_ONE_BY_ONE = re.compile("先后|陆续|相继|累计")
_NEVER = ("MediaOutlet", "GovernmentBody")  # they tell and approve
_TO = re.compile("[至到—~～-]{1,2}")
_CEREMONY = re.compile("仪式|典礼|活动")
_AND = ("、", "和", "及", "与", "以及", "”、“", "》、《", "》和《")
_LISTED = re.compile("[”》]?(?:[（(][^（()）]*[)）])?(?:[、和及与]|以及)(?:[^，,。；;、]{1,14}的)?[“《]?")
_LISTED_OR_IN = re.compile(f"(?:{_LISTED.pattern})?")
MAX_DAY_CHARS = 200  # how far back the day of an event may have been said …
MAX_THIS_DAY_CHARS = 800  # … and that of what is said to be done at it
MAX_TIMES = 5  # how many times back
MAX_BUILT_CLAUSES = 3  # how far back what was built may have been said
MAX_CLAUSES = 2  # that may end between a time and a word
MAX_NAMED_CHARS = 40  # from a word to the name it gives
MAX_GAP_CHARS = 20  # of what describes a name between a word and it
_ENDS = re.compile(r"(?:于|在|为|时(?!间)|日期|仪式|典礼|[，,；;。！!、）)”\s]|$)")


@dataclass(frozen=True, slots=True)
class _Trigger:
    type: str
    classes: tuple[str, ...]
    thing: str
    undated: str
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    after: re.Pattern[str]
    names: tuple[str, ...]
    passive: bool
    given: bool
    ends: bool


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
            row.get("undated", "never"),
            re.compile(barred),
            re.compile(f"(?:{'|'.join(map(re.escape, row.get('not_after', ()))) or '(?!)'})$"),
            re.compile(f"(?:{'|'.join(map(re.escape, row.get('after', ('',))))})$"),
            tuple(row.get("names", ())),
            bool(row.get("passive")),
            bool(row.get("given")),
            bool(row.get("ends")),
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


def _is_coarser(time: Time, day: Time) -> bool:
    """Whether a time only repeats the year of a day said before it."""
    if time.is_plan or day.is_plan or len(day.date or "") < len("2022-07-08") or time.year != day.year:
        return False
    return time.kind == "period" or len(time.date or "") == len("2022")


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where a match at ``start`` ends; ``start`` where there is none."""
    match = pattern.match(text, start)
    return start if match is None else match.end()


class _Finder:
    def __init__(self, view: View, lexicon: Path, ontology: Ontology) -> None:
        self.view, self.ontology = view, ontology
        self.pattern, self.known = _triggers(lexicon)
        self.times = find_times(view.text, view.published, lexicon)
        self.reviews = find_reviews(view.text, view.published, lexicon)
        self.topics = Topics(
            view, lexicon, ontology, [quantity.span for quantity in find_quantities(view.text, lexicon)]
        )

    def of_sentence(self, sentence: TextSpan) -> Iterator[Milestone]:
        names = self.view.placed_in(sentence)
        times = [
            time
            for time in within(self.times, sentence)
            if time.kind != "now"
            and not any(name.is_name and name.span.contains(time.span) for name in names)
            and self._is_of_happenings(time)
        ]
        for match in self.pattern.finditer(self.view.text, *sentence):
            word = TextSpan(match.start(), match.end())
            inside = next((placed for placed in names if placed.span.overlaps(word)), None)
            if inside is not None and not self._is_ceremony(inside, word):
                continue
            if _NEGATED.search(self._around_names(max(sentence.start, word.start - 4), word.start)):
                continue
            if self._is_titled(sentence, word) or self._is_span(sentence, word):
                continue
            for trigger in self.known[match[0]]:
                if self.view.text[word.start - 1 : word.start] == "的" and not (
                    trigger.passive and self._done_to(sentence, word)
                ):
                    continue
                said = self.view.text[max(sentence.start, word.start - 4) : word.start]
                is_counted = _COUNTED_BEHIND.match(self.view.text, word.end) is not None
                if (
                    is_counted or not trigger.not_before.match(self.view.text, word.end)
                ) and not trigger.not_after.search(said):
                    if not trigger.after.search(said) or not self._gives_a_name(sentence, word, trigger):
                        continue
                    yield from self._milestones(sentence, word, trigger, times)

    def _gives_a_name(self, sentence: TextSpan, word: TextSpan, trigger: _Trigger) -> bool:
        """Whether the name behind a word is of the classes that make it tell: 获[省长质量奖:Designation]."""
        if not trigger.names:
            return True
        behind = self.view.placed_in(TextSpan(word.end, min(sentence.end, word.end + MAX_NAMED_CHARS)))
        if not behind or _CLOSES.search(self.view.text, word.end, behind[0].span.start):
            return False
        return next((p for p in behind if p.label_ in trigger.names), None) is not None and (
            behind[0].label_ in (*trigger.names, "GovernmentBody", "AdministrativeArea")
        )

    def _is_far(self, time: Time, word: TextSpan) -> bool:
        """Whether so many clauses lie between that a time is no longer that of the word."""
        between = _CLAUSES.findall(self.view.text, min(time.span.end, word.start), word.start)
        return len(between) > MAX_CLAUSES

    def _is_of_happenings(self, time: Time) -> bool:
        """Whether what follows may have happened then: not 截至去年底, 2019年以来, 2022年度名单, 26日从市商务局获悉."""
        text = self.view.text
        return not (
            text.endswith(("截至", "截止", "截止到"), 0, time.span.start)
            or _SINCE.match(text, time.span.end)
            or (time.span.of(text).endswith("年度") and text[time.span.end : time.span.end + 1] not in ("，", ","))
        )

    def _is_span(self, sentence: TextSpan, word: TextSpan) -> bool:
        """Whether a word only says from when, or until when: 从[签约]到投产; that 从签约到[投产]只用了58天 tells 投产."""
        start = max(sentence.start, self.topics.clause_at(word.start).start)
        said = self.view.text[start : word.start]
        if "从" not in said:
            return False
        if said.endswith(("到", "至")):
            return _TOOK.match(self.view.text, word.end) is None
        return self.view.text.startswith(("到", "至"), word.end)

    def _is_titled(self, sentence: TextSpan, word: TextSpan) -> bool:
        """Whether a word stands in a title: 《关于收购甲公司的公告》."""
        opened = self.view.text.rfind("《", sentence.start, word.start)
        return opened >= 0 and self.view.text.find("》", opened, word.start) < 0

    def _milestones(
        self, sentence: TextSpan, word: TextSpan, trigger: _Trigger, times: list[Time]
    ) -> Iterator[Milestone]:
        listed = self._counted(sentence, word, trigger)
        things = listed or self._things(sentence, word, trigger)
        if not things:
            return
        clause = self.topics.clause_at(word.start)
        clause = TextSpan(max(clause.start, sentence.start), clause.end)
        took = _TOOK.match(self.view.text, word.end) is not None
        time = None if took else self._time(sentence, word, times, things)
        planned = self._is_planned(sentence, clause, word)
        date = None if time is None else (time.date or (time.year if time.kind == "period" else None))
        if planned and time is not None and date is not None and self._is_past(date):
            if time.span.start < clause.start:
                time = date = None  # the time is another clause's: 3月6日公告，拟收购…
            else:
                planned = False
        planned = planned or (time is not None and time.is_plan)
        if date is None and time is None and not planned:
            if trigger.type == "held":
                date = self._day_before(word, MAX_DAY_CHARS)
            elif (listed and trigger.type != "awarded") or _THIS_DAY.search(
                self._around_names(sentence.start, word.start)
            ):
                date = self._day_before(word, MAX_THIS_DAY_CHARS)
            date = date or next((year for span, year in self.reviews if span.contains(word)), None)
        if (
            time is not None
            and time.span.end <= clause.start
            and _ONE_BY_ONE.search(self.view.text, clause.start, word.start)
        ):
            time = date = None  # 2010年，…，先后出台…: each has a day of its own
        if date is None and not self._is_told_undated(sentence, clause, word, trigger, planned, time):
            return
        if date is not None and time is not None and sentence.contains(time.span) and self._is_far(time, word):
            return
        if date is None and time is None and not listed and not took and things[0].span.end <= clause.start:
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
        """开工仪式, in the name of an event, is the start of what the name says before it."""
        behind = self.view.text[word.end : name.span.end]
        return name.label_ == "Event" and behind in ("仪式", "典礼", "活动")

    def _counted(self, sentence: TextSpan, word: TextSpan, trigger: _Trigger) -> tuple[Placed, ...]:
        """The members of what happens to several: 8个项目签约，包括[甲]、[乙]; 新上榜的6家企业为[甲]、[乙]."""
        text = self.view.text
        clause = self.topics.clause_at(word.start)
        start = max(clause.start, sentence.start)
        before = _COUNTED_BEFORE.search(text, start, word.start)
        behind = _COUNTED_BEHIND.match(text, word.end, sentence.end)
        if trigger.thing in ("object", "adjacent") or (before is None and behind is None):
            return ()
        if before is not None and self.view.placed_in(TextSpan(before.start(), word.start)):
            return ()
        allows, found = self._allows(trigger), list[Placed]()
        for region in self._told_of(sentence, word):
            cues = list(_CUE.finditer(text, *region))
            for cue in cues:
                found += self._members(TextSpan(cue.end(), region.end), allows)
            if not cues and region.start != word.end:
                found += self._firsts(region, allows)
        return tuple(found)

    def _told_of(self, sentence: TextSpan, word: TextSpan) -> Iterator[TextSpan]:
        """The rest of a sentence, and the one behind it where it opens with 其中."""
        yield TextSpan(word.end, sentence.end)
        behind = self.topics.sentence_at(sentence.end) or self.topics.sentence_at(sentence.end + 1)
        if behind and (among := _AMONG.match(self.view.text, *behind)):
            yield TextSpan(among.end(), behind.end)

    def _members(self, region: TextSpan, allows: Callable[[str], bool]) -> Iterator[Placed]:
        """The names of a list, of each member the last: 甲集团的[乙项目]、[丙基地]等."""
        text = self.view.text
        closes = _CLOSES_LIST.search(text, *region)
        end = closes.start() if closes else region.end
        start = region.start
        while start < end:
            mark = _MEMBER.search(text, start, end)
            stop = mark.start() if mark else end
            names = [p for p in self.view.placed_in(TextSpan(start, stop)) if p.span.end <= stop and p.is_name]
            while mark and any(
                p.span.contains(TextSpan(*mark.span())) for p in self.view.placed_in(TextSpan(start, end))
            ):
                mark = _MEMBER.search(text, mark.end(), end)
                stop = mark.start() if mark else end
                names = [p for p in self.view.placed_in(TextSpan(start, stop)) if p.span.end <= stop and p.is_name]
            if names and allows(names[-1].label_) and _ENDS_MEMBER.fullmatch(text, names[-1].span.end, stop):
                yield names[-1]
            start = mark.end() if mark else end

    def _firsts(self, region: TextSpan, allows: Callable[[str], bool]) -> Iterator[Placed]:
        """What each part of a sentence begins with: 其中，[甲项目]总投资…；[乙项目]总投资…."""
        start = region.start
        while start < region.end:
            stop = self.view.text.find("；", start, region.end)
            stop = region.end if stop < 0 else stop
            clause = self.topics.clause_at(start)
            for placed in self.view.placed_in(TextSpan(start, min(stop, clause.end))):
                if allows(placed.label_) and placed.is_name and not self._is_led(TextSpan(start, placed.span.start)):
                    yield placed
                    break
            start = stop + 1

    def _honoured(self, name: Placed, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The thing a ceremony's name holds: [甲智慧园]开工仪式."""
        held = self.view.text[name.span.start : word.start]
        inside = [
            placed
            for placed in self.view.placed
            if placed.is_name
            and allows(placed.label_)
            and (
                held.endswith(placed.span.of(self.view.text))
                or held.strip("“”").endswith(placed.span.of(self.view.text))
            )
        ]
        return tuple(sorted(inside, key=lambda placed: placed.span.start - placed.span.end)[:1])

    def _is_planned(self, sentence: TextSpan, clause: TextSpan, word: TextSpan) -> bool:
        start = clause.start
        if self.view.text.startswith(("并", "同时"), start) and clause.start > sentence.start:
            start = self.topics.clause_at(clause.start - 1).start
        return _PLAN.search(self._around_names(start, word.start)) is not None

    def _around_names(self, start: int, end: int) -> str:
        """What is said around the names: the 拟 of 数字虚拟产业园 plans nothing."""
        said = list(self.view.text[start:end])
        for placed in self.view.placed_in(TextSpan(start, end)):
            said[placed.span.start - start : placed.span.end - start] = "＿" * (placed.span.end - placed.span.start)
        return "".join(said)[: end - start]

    def _day_before(self, word: TextSpan, reach: int) -> str | None:
        """The day said last, not far before: of what one attends it is the day."""
        before = bisect_left(self.times, word.start, key=lambda time: time.span.start)
        for time in reversed(self.times[max(0, before - MAX_TIMES) : before]):
            if word.start - time.span.end < reach and len(time.date or "") == len("2022-07-08"):
                return time.date
        return None

    def _is_past(self, date: str) -> bool:
        return self.view.published is not None and date < self.view.published.isoformat()[: len(date)]

    def _is_told_undated(
        self,
        sentence: TextSpan,
        clause: TextSpan,
        word: TextSpan,
        trigger: _Trigger,
        planned: bool,
        time: Time | None,
    ) -> bool:
        """Whether an undated clause tells something that took place or will: not a headline, not a wish."""
        text = self.view.text
        if trigger.undated == "never" or text[sentence.end - 1 : sentence.end] not in "。；！”）…":
            return False
        if trigger.type == "awarded" and _ONE_BY_ONE.search(self._around_names(clause.start, word.start)):
            return False
        if trigger.undated == "vague" and time is None and not self._is_told(clause, word):
            return False
        if _BACKGROUND.match(text, word.end):
            return False
        if (
            trigger.type != "published"
            and text[word.end : word.end + 1] == "的"
            and not _NOW.search(text, clause.start, word.start)
        ):
            return False  # 甲创办的乙: what it is, not what happened
        said = self._around_names(clause.start, word.start)
        return not _WISHED.search(said) and (not planned or _WILL.search(said) is not None)

    def _is_told(self, clause: TextSpan, word: TextSpan) -> bool:
        """Whether a clause says that it has happened: 目前, 已."""
        said = self._around_names(clause.start, word.start)
        took = _TOOK.match(self.view.text, word.end) is not None
        return took or self._is_now(clause, word) or "拟" in said or _ALREADY.search(said) is not None

    def _things(self, sentence: TextSpan, word: TextSpan, trigger: _Trigger) -> tuple[Placed, ...]:
        allows = self._allows(trigger)
        text = self.view.text
        around = next((placed for placed in self.view.placed_in(sentence) if placed.span.contains(word)), None)
        if around is not None and around.span.start < word.start:
            return self._honoured(around, word, allows)
        if trigger.thing == "adjacent":
            return tuple(p for p in self.view.placed_in(sentence) if p.span.end == word.start and allows(p.label_))
        if described := _DESCRIBES.match(text, word.end):
            behind = self._behind(sentence, TextSpan(word.start, described.end()), allows)
            clause = self.topics.clause_at(word.start)
            goes_on = trigger.thing != "object" and (
                described[0].startswith("以来") or "是" in self._around_names(clause.start, word.start)
            )
            return behind or (self.topics.subjects(word.start, allows) if goes_on else ())
        if trigger.names and (told := _WHO_HAS_IT.match(text, word.end)):
            return self._behind(sentence, TextSpan(word.start, told.end()), allows)
        if trigger.ends and self._describes_next(word):
            return ()
        if trigger.given and (receivers := self._given(sentence, word, allows)) is not None:
            return receivers
        if trigger.thing in ("object", "both"):
            behind = self._behind(sentence, word, allows)
            if behind or trigger.thing == "object":
                return behind or self._passive(sentence, word, trigger, allows)
            if not _ENDS.match(text, word.end):
                return ()
        return self._subjects(word, allows, built=trigger.type not in _OF_WHO_ACTS)

    def _describes_next(self, word: TextSpan) -> bool:
        """Whether a noun or a number right behind makes a word say which: 投产[企业], 投产[19家]."""
        behind = self.view.words_in(TextSpan(word.end, word.end + 1))
        if not behind or _CEREMONY.match(self.view.text, word.end) or behind[0].text == "时":
            return False
        return behind[0].tag in ("n", "m", "nz") and not self.view.placed_in(behind[0].span)

    def _given(self, sentence: TextSpan, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...] | None:
        """为甲、乙授予…, 为甲揭牌: the things between 为 and the word; None without 为."""
        clause = self.topics.clause_at(word.start)
        start = max(clause.start, sentence.start)
        match = _GIVES.search(self._around_names(start, word.start))
        if match is None:
            return None
        listed: list[Placed] = []
        for placed in self.view.placed_in(TextSpan(start + match.end(), word.start)):
            before = self.view.text[(listed[-1].span.end if listed else start + match.end()) : placed.span.start]
            if not allows(placed.label_) or (listed and before not in _AND):
                break
            listed.append(placed)
        return tuple(listed)

    def _allows(self, trigger: _Trigger) -> Callable[[str], bool]:
        return lambda label: (
            (label not in _NEVER or (trigger.type == "founded" and label == "GovernmentBody"))
            and any(self.ontology.is_a(label, class_) for class_ in trigger.classes)
        )

    def _behind(self, sentence: TextSpan, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The name behind the word, and those listed with it; nouns may describe it, no verb may lead to it."""
        found: list[Placed] = []
        for placed in self.view.placed_in(TextSpan(word.end, sentence.end)):
            gap = TextSpan(found[-1].span.end if found else word.end, placed.span.start)
            if found and not _LISTED.fullmatch(gap.of(self.view.text)):
                break
            if not found and not self._leads_to(gap):
                break
            if _HEADED.match(self.view.text, placed.span.end) and self.view.placed_in(
                TextSpan(placed.span.end, placed.span.end + 2)
            ):
                continue  # 甲公司的[乙项目]
            if not found and _HOLDS.match(self.view.text, placed.span.end):
                word = TextSpan(word.start, _end_of(_HOLDS, self.view.text, placed.span.end))
                continue  # 收购甲公司持有的[乙公司]
            if (
                allows(placed.label_)
                and placed.is_name
                and not self._goes_on(placed, TextSpan(sentence.end, sentence.end))
            ):
                found.append(placed)
            elif found:
                break
        return tuple(found)

    def _leads_to(self, gap: TextSpan) -> bool:
        """Whether what stands between a word and a name only describes the name: 成立了[全资子公司]…."""
        text = gap.of(self.view.text)
        if text.startswith(("和", "与", "及", "、")):
            return False
        if len(text) > MAX_GAP_CHARS or _CLOSES.search(text):
            return False
        described = text.rfind("的") + 1
        words = self.view.words_in(TextSpan(gap.start + described, gap.end))
        return not any(word.tag in ("v", "p") for word in words if word.text not in ("了", "过"))

    def _done_to(self, sentence: TextSpan, word: TextSpan) -> tuple[Placed, ...]:
        """完成对X的收购."""
        start = max(sentence.start, self.topics.clause_at(word.start).start)
        match = _DONE_TO.search(self.view.text[start : word.start])
        if match is None:
            return ()
        to = TextSpan(start + match.start("to"), start + match.end("to"))
        held = [p for p in self.view.placed_in(to) if _SHARE.fullmatch(self.view.text, p.span.end, to.end)]
        return tuple(held[-1:])

    def _passive(
        self, sentence: TextSpan, word: TextSpan, trigger: _Trigger, allows: Callable[[str], bool]
    ) -> tuple[Placed, ...]:
        """X被Y收购."""
        clause = self.topics.clause_at(word.start)
        said = self.view.text[clause.start : word.start]
        if trigger.passive and (thing := self._done_to(sentence, word)):
            return thing if allows(thing[0].label_) else ()
        if not trigger.passive or "被" not in said:
            return ()
        before = self.view.placed_in(TextSpan(max(clause.start, sentence.start), clause.start + said.index("被")))
        return before[-1:] if before and allows(before[-1].label_) else ()

    def _subjects(self, word: TextSpan, allows: Callable[[str], bool], *, built: bool) -> tuple[Placed, ...]:
        """The name right before the word where it is no place or agent (在…, 经…); else the clause's subject."""
        clause = self.topics.clause_at(word.start)
        if self._is_later_stage(clause, word):
            return ()
        if named := self._right_before(clause, word, allows) or self._named_before(clause, word, allows):
            return named
        found = self.topics.subjects(word.start, allows, built=built)
        if found and not built and found[0].span.end <= clause.start and found[0].label_ in _MADE:
            found = self.topics.subjects(word.start, lambda label: allows(label) and label not in _MADE, built=False)
        found = self._made_by(found)
        sentence = self.topics.sentence_at(word.start)
        if built and sentence and (not found or found[0].span.end <= sentence.start):
            if (thing := self.topics.built_before(word.start, MAX_BUILT_CLAUSES)) and allows(thing.label_):
                return (thing,)
        if not found or found[0].span.start >= clause.start:
            return () if len(found) == 1 and self._goes_on(found[0], word) else found
        said = TextSpan(clause.start, word.start)
        return () if self._has_own_subject(said) or self._opens_with_own(said) else found

    def _made_by(self, found: tuple[Placed, ...]) -> tuple[Placed, ...]:
        """Of 甲与乙共建的丙 it is 丙."""
        if len(found) < 2:
            return found
        clause = self.topics.clause_at(found[0].span.start)
        behind = self.view.placed_in(TextSpan(found[-1].span.end, clause.end))
        gap = TextSpan(found[-1].span.end, behind[0].span.start) if behind else None
        if gap and _MAKES.fullmatch(self.view.text, *gap) and self.view.has_verb(gap):
            return behind[:1]
        return found

    def _right_before(self, clause: TextSpan, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The name right before a word, times and adverbs left out, and those listed with it: 由甲建设的[乙]已开工."""
        names = self.view.placed_in(TextSpan(clause.start, word.start))
        if (
            not names
            or not allows(names[-1].label_)
            or not self._is_adverbial(TextSpan(names[-1].span.end, word.start))
        ):
            return ()
        first, listed = len(names) - 1, [names[-1]]
        while first and _LISTED_OR_IN.fullmatch(self.view.text, names[first - 1].span.end, names[first].span.start):
            if names[first - 1].span.end < names[first].span.start:
                listed.insert(0, names[first - 1])  # and not the 甲县 of 甲县乙园
            first -= 1
        if self._is_led(TextSpan(clause.start, names[first].span.start)):
            return ()
        return tuple(placed for placed in listed if allows(placed.label_))

    def _is_adverbial(self, gap: TextSpan) -> bool:
        """Whether only marks, adverbs and times stand in it: 已于7月8日正式."""
        words = self.view.words_in(TextSpan(_end_of(_BRACKETED, self.view.text, gap.start), gap.end))
        return all(
            word.tag in _ADVERBIAL
            or _PARTS.fullmatch(word.text)
            or (word.tag == "p" and i + 1 < len(words) and words[i + 1].tag in ("TIME", "t"))
            for i, word in enumerate(words)
        )

    def _is_led(self, before: TextSpan) -> bool:
        """Whether a preposition leads to a name, and not only to what describes it: 在[甲园]; not 由甲建设的[乙园]."""
        said = self._around_names(before.start, before.end)
        leads = list(_OBLIQUE.finditer(said))
        if not leads:
            return False
        described = said.rstrip("“").endswith("的")
        return not described or not self.view.has_verb(TextSpan(before.start + leads[0].end(), before.end))

    def _is_later_stage(self, clause: TextSpan, word: TextSpan) -> bool:
        """Whether a later stage, that has no name of its own, is spoken of: [二期工程]计划于10月开工."""
        sentence = self.topics.sentence_at(word.start) or clause
        start = max(clause.start, sentence.start)
        while _LATER_STAGE.search(self._around_names(start, word.start)) is None:
            if start <= sentence.start or self.view.text[start - 1] in "；;":
                return False
            before = self.topics.clause_at(start - 1)
            if before.start >= start:
                return False
            start = max(before.start, sentence.start)
        return True

    def _named_before(self, clause: TextSpan, word: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The list right before a word, whatever leads to it: 已有甲、乙等正式签约."""
        names = self.view.placed_in(TextSpan(clause.start, word.start))
        if len(names) < 2 or not _AND_SO_ON.fullmatch(self.view.text, names[-1].span.end, word.start):
            return ()
        first = len(names) - 1
        while first and self.view.text[names[first - 1].span.end : names[first].span.start] in _AND:
            first -= 1
        listed = names[first:]
        if len(listed) < 2 or _OBLIQUE.search(self._around_names(clause.start, listed[0].span.start)):
            return ()
        return tuple(placed for placed in listed if allows(placed.label_))

    def _has_own_subject(self, said: TextSpan) -> bool:
        """Whether a noun that is no part of the topic does it: 福利中心建成投用."""
        words = [
            word
            for word in self.view.words_in(said)
            if word.tag not in ("d", "ad", "w", "TIME", "t") and not _PLAN.fullmatch(word.text)
        ]
        last = words[-1] if words else None
        opening = self._around_names(said.start, said.end).lstrip()
        if self.topics.stands_in(said, said.end) is not None or opening.startswith(("该", "这")):
            return False  # 该铁路2019年9月开工
        if last and _OBLIQUE.search(self._around_names(said.start, last.span.start)):
            return False  # 经省计委批准成立
        return (
            last is not None
            and last.tag in _NOUNS
            and not _PARTS.match(last.text)
            and not self.view.placed_in(last.span)
        )

    def _opens_with_own(self, said: TextSpan) -> bool:
        """Whether a clause opens with a noun that is no entity, and does it: [某某铁路]上月获国务院批复."""
        if self.topics.stands_in(said, said.end) is not None:
            return False
        start = said.start + self._around_names(said.start, said.end).rfind("的") + 1
        for word in self.view.words_in(TextSpan(start, said.end)):
            if _BY.search(self.view.text, said.start, word.span.end):
                return False  # 经省发改委核准
            if word.tag in _NOUNS and len(word.text) > 1 and not _PARTS.match(word.text):
                return not any(
                    placed.span.overlaps(word.span) for placed in self.view.placed_in(TextSpan(said.start, said.end))
                )
            if word.tag not in _ADVERBIAL and word.tag not in ("m", "q") and not _PARTS.match(word.text):
                return False
        return False

    def _goes_on(self, name: Placed, word: TextSpan) -> bool:
        """Whether nouns behind a name make it part of another: 人民医院[江北院区]开诊."""
        if self.view.text[name.span.end : name.span.end + 1] == "驻":
            return True
        behind = self.view.words_in(TextSpan(name.span.end, word.start))
        if not behind or behind[0].span.start != name.span.end or behind[0].tag not in _NOUNS:
            return False
        return not _PARTS.match(behind[0].text)

    def _is_spent(self, time: Time, clause: TextSpan, word: TextSpan, thing: Placed) -> bool:
        """Whether a time is that of what its own clause says happened to another: 8月[投产]，甲公司上市; 2022年[建的]乙."""
        text = self.view.text
        if time.span.end <= clause.start:
            own = self.topics.clause_at(time.span.start)
            told = any(len(match[0]) > 1 for match in self.pattern.finditer(text, time.span.end, own.end))
            return told and own.end < clause.start <= thing.span.start < word.start
        return time.span.end < thing.span.start < word.start and bool(
            _MODIFIES.fullmatch(text, time.span.end, thing.span.start)
        )

    def _is_now(self, clause: TextSpan, word: TextSpan) -> bool:
        return any(time.kind == "now" for time in within(self.times, TextSpan(clause.start, word.start)))

    def _time(self, sentence: TextSpan, word: TextSpan, times: list[Time], things: tuple[Placed, ...]) -> Time | None:
        """The time right behind the word, else the nearest before it in the sentence; 会上: that of the meeting."""
        text = self.view.text
        for time in times:
            if 0 <= time.span.start - word.end <= 4 and re.match("(?:日期)?[于为]", text[word.end : word.end + 3]):
                return time
        before = [time for time in times if time.span.end <= word.start]
        while len(before) > 1 and _TO.fullmatch(text, before[-2].span.end, before[-1].span.start):
            before.pop()  # 9月21日至23日: it begins with the first
        if len(before) > 1 and _is_coarser(before[-1], before[-2]):
            before.pop()  # 5月11日，甲县2023年二季度集中签约仪式举行
        clause = self.topics.clause_at(word.start)
        if things[0].span.start > word.end and text[word.end : word.end + 1] == "的":
            before = [time for time in before if time.span.start >= clause.start]  # 2003年设立的[澜东工业园]
        if before and before[-1].span.start < clause.start and self._is_now(clause, word):
            return None  # 2022年3月启动建设，[目前]主体结构封顶
        if before and self._is_spent(before[-1], clause, word, things[0]):
            return None
        if before:
            return None if re.search("[；;]", text[before[-1].span.end : word.start]) else before[-1]
        if _AT_MEETING.match(text[sentence.start : word.start]):
            dates = [t for t in self.times if t.span.end <= sentence.start and len(t.date or "") == len("2022-07-08")]
            return dates[-1] if dates else None
        return None
