"""A figure in, whose it is out: what the clause says it is of, or the topic the text goes on with."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from kg.annotate.figures import OPEN, Found, Said
from kg.annotate.indicators import CONCEPTS, NOUN_TAGS, Indicators, Measure, is_proper
from kg.annotate.quantities import Quantity
from kg.annotate.topics import Topics
from kg.annotate.view import Placed, View
from kg.model import TextSpan
from kg.ontology import Ontology

NEVER_OWNERS = ("MediaOutlet", "GovernmentBody", "Person", *CONCEPTS)
MAX_BUILT_CLAUSES = 3  # how far back something built can be the topic of what several subjects built
MAX_NAME_CHARS = 40
_AND_OTHERS = re.compile("[”》]?等(?:[0-9一二两三四五六七八九十百]+余?多?)[个家项座条所]")
_BUILT = re.compile("^(?:[^，,；;。]{0,16}?)(?:建设|打造|兴建|新建|建起|启动|实施|建成|改造|扩建|建)[了的]?$")


class Owners:
    """The owners of the figures of one view."""

    def __init__(self, view: View, words: Indicators, ontology: Ontology, topics: Topics) -> None:
        self.view, self.words, self.ontology, self.topics = view, words, ontology, topics

    def of(self, sentence: Said, found: Found) -> Placed | None:
        """Whose ``found`` is; None where the text does not tell."""
        allows = self.allows(found)
        quantity = found.quantity
        if found.owner is not None:
            return found.owner
        if self.is_of_several(quantity):
            return None
        if (described := self._described(quantity, allows, found.measure)) is not None:
            return described
        is_open = found.measure is not None or quantity.kind in OPEN
        describes = self.view.text[quantity.phrase.end : quantity.phrase.end + 1] == "的"
        if is_open and describes and self.words.ability.match(self.view.text, quantity.phrase.end + 1) is None:
            return None  # it describes something else: 年销售收入过亿元的企业
        if sentence.last_owner is not None and found.phrase.end <= sentence.last_end:
            return sentence.last_owner  # the growth of the figure before
        start = min(found.phrase.start, quantity.phrase.start)
        joins = found.rule == "counted" and (self.view.text[:start].endswith("等") or self._is_listed(start))
        if joins:
            start = max(
                sentence.span.start, self.topics.clause_at(start).start
            )  # 甲、乙等21家企业: those are the counted
        last = sentence.last_owner
        before = None if last is None or sentence.last_end > start else (sentence.last_end, last)
        if (stranger := self._stranger_before(start)) is not None:
            goes_on = quantity.kind == "count" and last is not None and self._is_next(sentence, stranger.start)
            return last if goes_on and last and not self.ontology.is_a(last.label_, "AdministrativeArea") else None
        clause = self.topics.clause_at(start)
        named = [p for p in self.view.placed_in(TextSpan(clause.start, start)) if p.label_ not in CONCEPTS]
        is_maker = found.measure is not None and found.measure.built and self._is_built(quantity)
        is_share = found.measure is not None and found.measure.share
        if named and is_share and self.view.text[named[-1].span.end : start] in ("", "（", "("):
            return self.topics.meant(named[-1], allows)[-1] if not named[-1].is_name else named[-1]
        if is_share and self._is_stranger_s(named, clause, start):
            return None
        if named and (self._is_agent(named[-1], clause) or (is_maker and not allows(named[-1].label_))):
            named = []
        if named and re.fullmatch("[)）]?的?", self.view.text[named[-1].span.end : start]):
            if quantity.kind == "count" and last is not None and self._is_next(sentence, named[-1].span.start):
                is_area = self.ontology.is_a(named[-1].label_, "AdministrativeArea")
                if is_area and not self.ontology.is_a(last.label_, "AdministrativeArea"):
                    return last  # 企业10家，四川省著名品牌8个
            if not named[-1].is_name:
                return self.topics.meant(named[-1], allows)[-1]
            return named[-1] if allows(named[-1].label_) else None
        just_named = joins or (found.measure is not None and found.measure.just_named)
        just_named = just_named or self.words.once_built.search(self.view.text, clause.start, start) is not None
        if (
            just_named
            and quantity.kind in ("money", "area")
            and (ahead := self._built_ahead(quantity, sentence, allows))
        ):
            return ahead
        built = self.topics.built_before(start) if just_named and not named else None
        if built is not None and allows(built.label_):
            return built
        if just_named:
            built = self.topics.subject(
                start,
                lambda label: allows(label) and not self.ontology.is_a(label, "Organization"),
                last=before,
                said_to=found.phrase.end,
            )
            if built is not None and built.span.start >= sentence.span.start:
                return built
        subjects: tuple[Placed, ...] = ()
        for may_own in (allows, self.allows(replace(found, measure=None))):
            subjects = subjects or self.topics.subjects(
                start, may_own, built=just_named, last=before, said_to=found.phrase.end, main=True
            )
        if len({placed.key for placed in subjects}) > 1:  # 甲公司与乙大学共建了丙实验室，已申请专利38件
            built = self.topics.built_before(start, reach=MAX_BUILT_CLAUSES)
            return built if built is not None and allows(built.label_) else None
        subject = subjects[-1] if subjects else None
        if quantity.kind in ("count", "money") and (event := self._at_event(sentence, found, subject)) is not None:
            return event
        return subject

    def is_of_several(self, quantity: Quantity) -> bool:
        """总投资12亿元的[甲项目]等5个项目: whether a number describes a thing and others, together."""
        clause = self.topics.clause_at(quantity.span.end - 1)
        return any(
            _AND_OTHERS.match(self.view.text, placed.span.end) is not None
            and self._describes(quantity.phrase.end, self.view.text[quantity.phrase.end : placed.span.start])
            for placed in self.view.placed_in(TextSpan(quantity.phrase.end, max(clause.end, quantity.phrase.end)))
        )

    def _is_stranger_s(self, named: list[Placed], clause: TextSpan, start: int) -> bool:
        """Whether nouns that name nothing here hold the shares: 小米旗下[顺为资本]持股9.6%."""
        held = TextSpan(named[-1].span.end if named else clause.start, start)
        return any(
            word.tag in NOUN_TAGS | {"ORG", "PER"} for word in self.view.words_in(held) if word.span.start >= held.start
        )

    def _at_event(self, sentence: Said, found: Found, subject: Placed | None) -> Placed | None:
        """Whose the 23 projects are that are started where 甲区举行集中开工仪式: the event's, said right before.

        What the clause itself says the figure is of, goes before.
        """
        start = min(found.phrase.start, found.quantity.phrase.start)
        clause = self.topics.clause_at(start)
        if subject is not None and (subject.span.start >= clause.start or subject.label_ == "Event"):
            return None
        if self.words.of_events.search(self.view.text, clause.start, clause.end) is None:
            return None
        if self.topics.stands_in(clause, clause.end) is not None:
            return None
        before = self.view.sentences[: bisect_left(self.view.sentences, sentence.span)][-1:]
        if before and "\n" in self.view.text[before[0].end : sentence.span.start]:
            before = ()
        for said in (sentence.span, *before):
            events = [p for p in self.view.placed_in(TextSpan(said.start, min(said.end, start))) if p.label_ == "Event"]
            if events:
                return events[-1] if len({event.key for event in events}) == 1 else None
        return None

    def _is_agent(self, placed: Placed, clause: TextSpan) -> bool:
        """由甲公司投资18亿元建设: what 甲公司 does something with is the topic."""
        before = self.view.text[max(clause.start, placed.span.start - 4) : placed.span.start]
        return self.view.beside.before.search(before) is not None

    def _is_listed(self, position: int) -> bool:
        """Whether a list of names ends right before a number that counts them: 甲公司、乙公司两家企业."""
        named = self.view.placed_in(TextSpan(max(0, position - 2 * MAX_NAME_CHARS), position))
        if len(named) < 2 or named[-1].span.end != position or named[-1].label_ != named[-2].label_:
            return False
        return self.view.text[named[-2].span.end : named[-1].span.start] in ("、", "和", "及", "与")

    def _built_ahead(self, quantity: Quantity, sentence: Said, allows: Callable[[str], bool]) -> Placed | None:
        """投资1亿元，征地20亩，建设[产业园]: what is built stands behind, figures at most between."""
        clause = self.topics.clause_at(quantity.phrase.end)
        while clause.end < sentence.span.end:
            clause = self.topics.clause_at(clause.end + 1)
            opening = TextSpan(clause.start, min(clause.end, sentence.span.end))
            for placed in self.view.placed_in(opening)[:1]:
                between = self.view.text[opening.start : placed.span.start]
                if allows(placed.label_) and self.words.builds.fullmatch(between):
                    return placed
            if not any(opening.start <= figure.start < opening.end for figure in self.topics.figures):
                return None
        return None

    def _is_built(self, quantity: Quantity) -> bool:
        """Whether what is invested builds something: 投资5亿元建设的."""
        return _BUILT.match(self.view.text[quantity.phrase.end : quantity.phrase.end + 2]) is not None

    def _is_next(self, sentence: Said, start: int) -> bool:
        """Whether nothing but a mark stands between the figure before and ``start``."""
        return not self.view.text[sentence.last_end : start].strip("，,、；; 和及与")

    def _stranger_before(self, start: int) -> TextSpan | None:
        """A place or body that is no entity here and stands right before the indicator."""
        before = self.view.words_in(TextSpan(max(0, start - 12), start))
        if not before or before[-1].span.end != start or not is_proper(before[-1].text, before[-1].tag):
            return None
        span = before[-1].span
        near = self.view.placed_in(TextSpan(max(0, span.start - MAX_NAME_CHARS), span.end))
        return None if any(placed.span.overlaps(span) for placed in near) else span

    def allows(self, found: Found) -> Callable[[str], bool]:
        """Whether a thing of a class may have ``found``."""
        classes = found.measure.classes if found.measure else self.words.counted_classes
        return lambda label: (
            not any(self.ontology.is_a(label, never) for never in NEVER_OWNERS)
            and any(self.ontology.is_a(label, class_) for class_ in classes)
        )

    def _described(self, quantity: Quantity, allows: Callable[[str], bool], measure: Measure | None) -> Placed | None:
        """占地40亩的[智算中心]; 投资5亿元建设[产业园]: the thing stands after the number."""
        if measure is None:
            behind = self.view.placed_in(TextSpan(quantity.phrase.end + 1, quantity.phrase.end + 2))
            describes = quantity.kind in OPEN and self.view.text.startswith("的", quantity.phrase.end)
            return next((placed for placed in behind if describes and allows(placed.label_)), None)
        clause = self.topics.clause_at(quantity.span.end - 1)
        for placed in self.view.placed_in(TextSpan(quantity.phrase.end, max(clause.end, quantity.phrase.end))):
            between = self.view.text[quantity.phrase.end : placed.span.start]
            if placed.label_ == "Event" and "duration" not in measure.kinds:
                placed = self.topics.honoured(placed) or placed
            if not allows(placed.label_):
                continue
            if self._describes(quantity.phrase.end, between) or (measure.built and _BUILT.match(between)):
                return placed
        return None

    def _describes(self, start: int, between: str) -> bool:
        """Whether 的, and before it other figures at most, stand between a number and a name: 占地4亩、投资3亿元的."""
        between = re.sub("的(?:原|该|这座|这个)$", "的", between)
        if not between.endswith("的"):
            return False
        figures = [f for f in self.topics.figures if start <= f.start < start + len(between)]
        for part in between[:-1].split("、")[1:]:
            start = self.view.text.index(part, start)
            if not any(start <= f.start and f.end <= start + len(part) for f in figures):
                return False
        return not between[:-1].split("、")[0]
