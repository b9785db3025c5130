"""Placed people and bodies in, who holds which office where out: 岚泉市委书记韩立群 is affiliatedWith 岚泉市委.

A chain of offices stands before the name (某某区委副书记、区长王某), behind it (王某，某某公司董事长), or behind
出任 and the like. An office without a body takes the one before it in its chain.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kg.annotate.titles import Titles, read_titles
from kg.annotate.view import Placed, View
from kg.model import Evidence, Relation, TextSpan
from kg.ontology import Ontology

PROPERTY = "affiliatedWith"
INNER_TAGS = frozenset({"n", "nz", "vn", "a", "f", "nt", "v", "xc"})
INNER_NOT = re.compile(r"[\s，。；：！？“”（）、]|和|与|及|由|的|在|对|是|有|以|将|已")
MAX_INNER_CHARS = 8
MAX_TITLE_CHARS = 16
JOINT = re.compile(r"(?:[、，,]|兼|和|及|暨)\Z")
REPORTS = re.compile(r"讯?[（(]?(?:本报|见习|实习|特约)?记者[\s:：]*\Z")
LIST = re.compile(r"[、和与]")
BEHIND = re.compile(r"[，,]|[（(]|[是系]")
STOP = re.compile(r"[，。；！？,;）)\n]|$")


class _Office(NamedTuple):
    title: str  # as it counts: 市长
    said: str  # as written: 常务副市长
    start: int  # where the office, with its body, starts
    body: Placed | None


def find_affiliations(view: View, ontology: Ontology) -> list[Relation]:
    """Each person's offices, once a person and body; the body must be one the ontology allows."""
    finder = _Finder(view, ontology, read_titles(ontology.lexicon))
    found: dict[tuple[str, str], Relation] = {}
    for person in view.placed:
        if person.label_ == "Person":
            for relation in finder.of(person):
                found.setdefault((relation.subject, relation.object), relation)
    return list(found.values())


class _Finder:
    def __init__(self, view: View, ontology: Ontology, titles: Titles) -> None:
        self.view, self.text, self.ontology, self.titles = view, view.text, ontology, titles
        self.ends = [placed.span.end for placed in view.placed]
        self.starts = [placed.span.start for placed in view.placed]
        self.areas = [placed for placed in view.placed if placed.label_ == "AdministrativeArea"]

    def of(self, person: Placed) -> Iterator[Relation]:
        """The offices said before ``person``, behind it, or before the list it stands in."""
        sentence = self.view.sentence_at(person.span.start)
        if sentence is None or not person.is_name:
            return
        if offices := self._chain(person.span.start, sentence.start):
            yield from self._relations(person, offices, "affiliation/before", sentence)
        elif media := self._reports_for(person.span.start):
            evidence = Evidence(media.span.cover(person.span), sentence, "affiliation/reporter", 0.8, "记者")
            yield Relation(person.key, PROPERTY, media.key, evidence)
        elif offices := self._listed(person, sentence.start):
            yield from self._relations(person, offices, "affiliation/list", sentence)
        if offices := self._behind(person, sentence):
            yield from self._relations(person, offices, "affiliation/behind", sentence)

    def _relations(
        self, person: Placed, offices: list[_Office], rule: str, sentence: TextSpan
    ) -> Iterator[Relation]:
        """``offices`` from left to right, each with its body, its neighbour's, or the one it implies."""
        body: Placed | None = None
        for office in offices:
            body = office.body or body
            holder, confidence = self._holder(office, body, person.span.start)
            if holder and self.ontology.allows(PROPERTY, "Person", holder.label_):
                near = [holder.span] if sentence.contains(holder.span) else []
                span = TextSpan(office.start, office.start + 1).cover(person.span)
                for other in near:
                    span = span.cover(other)
                evidence = Evidence(span, sentence, rule, confidence, office.said)
                yield Relation(person.key, PROPERTY, holder.key, evidence)

    def _holder(self, office: _Office, body: Placed | None, before: int) -> tuple[Placed | None, float]:
        if office.title in self.titles.area or office.title in self.titles.leaders:
            letter = _letter(office.title)
            if office.body:
                return office.body, 0.95
            if body and (area := self._area_of(body)):
                return area, 0.9
            return self._only_area(letter, before), 0.7
        if office.body or body:
            return body, 0.95 if office.body else 0.9
        return self._of_its_kind(office.title, before), 0.6

    def _chain(self, end: int, floor: int) -> list[_Office]:
        """The offices that end at ``end``, from left to right."""
        offices: list[_Office] = []
        while office := self._office(end, floor):
            offices.append(office)
            joint = JOINT.search(self.text, max(floor, office.start - 1), office.start)
            if not joint:
                break
            end = joint.start()
        return offices[::-1]

    def _office(self, end: int, floor: int) -> _Office | None:
        while end > floor and self.text[end - 1] in " \u3000":
            end -= 1
        match = self.titles.title_end.search(self.text, max(floor, end - MAX_TITLE_CHARS), end)
        if not match:
            return None
        title = match[2]
        for body in self._bodies_before(match.start(2), floor):
            overlap = body.span.end == match.start(2) + 1 and title in self.titles.area  # 南投县长
            if body.span.end > match.start(2) and not overlap:
                continue
            inner = self.text[body.span.end : match.start(2)]
            if (
                overlap
                or body.span.end >= match.start()
                or self._may_stand_between(body.span.end, match.start())
            ):
                said = inner.removeprefix("的") + title
                return _Office(title, said, body.span.start, body)
            break
        return _Office(title, match[0], match.start(), None)

    def _bodies_before(self, end: int, floor: int) -> Iterator[Placed]:
        index = bisect_right(self.ends, end + 1) - 1
        while index >= 0 and self.view.placed[index].span.start >= floor:
            placed = self.view.placed[index]
            if placed.label_ == "Person":
                return
            if placed.label_ == "AdministrativeArea" or self.ontology.is_a(placed.label_, "Organization"):
                yield placed
                return
            index -= 1

    def _may_stand_between(self, start: int, end: int) -> bool:
        """Whether nothing but nouns parts a body from its title: 海尔集团 监事会 主席."""
        inner = self.text[start:end].removeprefix("的")
        if len(inner) > MAX_INNER_CHARS or INNER_NOT.search(inner):
            return False
        words = self.view.words_in(TextSpan(start, end))
        return all(word.tag in INNER_TAGS or word.text == "的" for word in words)

    def _listed(self, person: Placed, floor: int) -> list[_Office]:
        """The office before the first of a list of people, where it is said of them all."""
        first = person
        while True:
            index = bisect_left(self.starts, first.span.start) - 1
            before = self.view.placed[index] if index >= 0 else None
            if not before or before.label_ != "Person":
                break
            between = self.text[before.span.end : first.span.start]
            if before.span.start < floor or not LIST.fullmatch(between):
                break
            first = before
        offices = self._chain(first.span.start, floor) if first is not person else []
        shared = [o for o in offices if o.title in self.titles.leaders or o.said.startswith("副")]
        return shared if len(shared) == len(offices) else []

    def _behind(self, person: Placed, sentence: TextSpan) -> list[_Office]:
        """王某，某某公司董事长，… and 王某出任某某公司董事长."""
        link = self.titles.joins.match(self.text, person.span.end) or BEHIND.match(self.text, person.span.end)
        if not link:
            return []
        for stop in STOP.finditer(self.text, link.end(), sentence.end + 1):
            offices = self._chain(stop.start(), link.end())
            if offices and offices[0].start == link.end() and offices[0].body:
                return offices
            return []
        return []

    def _reports_for(self, end: int) -> Placed | None:
        """湖北日报讯（记者王兵: the outlet right before the word for a reporter."""
        match = REPORTS.search(self.text, max(0, end - MAX_TITLE_CHARS), end)
        if match:
            index = bisect_right(self.ends, match.start()) - 1
            if index >= 0 and self.ends[index] == match.start():
                placed = self.view.placed[index]
                return placed if placed.label_ == "MediaOutlet" else None
        return None

    def _area_of(self, body: Placed) -> Placed | None:
        """The area whose committee or government ``body`` is, by its name: 岚泉市委 → 岚泉市."""
        if body.label_ == "AdministrativeArea":
            return body
        if body.label_ != "GovernmentBody":
            return None
        name = body.span.of(self.text)
        fitting = [area for area in self.areas if name.startswith(area.span.of(self.text))]
        return max(fitting, key=lambda area: len(area.span.of(self.text)), default=None)

    def _only_area(self, letter: str, before: int) -> Placed | None:
        """The one area of this kind that the article names; None where there are several."""
        kind = [area for area in self.areas if area.span.of(self.text).endswith(letter)]
        earlier = [area for area in kind if area.span.start < before]
        return (earlier or kind)[-1] if len({area.key for area in kind}) == 1 else None

    def _of_its_kind(self, title: str, before: int) -> Placed | None:
        """院长 alone: the only institution named so far whose name ends in 院."""
        letter = title.removesuffix("长")
        if len(letter) != 1 or letter == title:
            return None
        kind = [
            placed
            for placed in self.view.placed
            if placed.span.start < before
            and self.ontology.is_a(placed.label_, "Organization")
            and placed.span.of(self.text).endswith(letter)
        ]
        return kind[-1] if len({placed.key for placed in kind}) == 1 else None


def _letter(title: str) -> str:
    """市长, 市领导, 市县领导 → 市."""
    return title[0]
