"""Placed people and bodies in, who holds which office where out.

In 岚泉市委书记韩立群 the person is affiliatedWith 岚泉市委, by the title 书记. A chain of offices stands
before the name (某某区委副书记、区长王某), behind it (王某，某某公司董事长), or behind a verb
(出任某某公司董事长). An office without a body takes the one before it in its chain.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from kg.annotate.titles import Titles, read_titles
from kg.annotate.view import Placed, View
from kg.model import Evidence, Relation, TextSpan
from kg.ontology import Ontology

PROPERTY = "affiliatedWith"
MIXED = "affiliation/mixed list"  # 某某市县领导: given to those of whom no office of their own is said
INNER_TAGS = frozenset({"n", "nz", "vn", "a", "f", "nt", "xc"})
MAX_INNER_CHARS = 8
MAX_TITLE_CHARS = 16
JOINT = re.compile(r"(?:[、，,]|兼|和|及|暨)\Z")
LIST = re.compile(r"[、和与]")
STYLE = re.compile("(?:同志|先生|女士|博士|教授)?(?:同时|还|也|现)?")
BEHIND = re.compile(r"[，,（(]")
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
    with_own = {subject for (subject, _), relation in found.items() if relation.evidence.rule != MIXED}
    return [r for r in found.values() if r.evidence.rule != MIXED or r.subject not in with_own]


class _Finder:
    def __init__(self, view: View, ontology: Ontology, titles: Titles) -> None:
        self.view, self.text, self.ontology, self.titles = view, view.text, ontology, titles
        self.ends = [placed.span.end for placed in view.placed]
        self.starts = [placed.span.start for placed in view.placed]
        self.word_ends = [word.span.end for word in view.words]
        self.areas = [placed for placed in view.placed if placed.label_ == "AdministrativeArea"]

    def of(self, person: Placed) -> Iterator[Relation]:
        """The offices said before ``person``, behind it, or before the list it stands in."""
        sentence = self.view.sentence_at(person.span.start)
        if sentence is None or not person.is_name:
            return
        outlets = list(self._reports_for(person, sentence))
        for outlet in outlets:
            evidence = Evidence(outlet.span.cover(person.span), sentence, "affiliation/reporter", 0.8, "记者")
            yield Relation(person.key, PROPERTY, outlet.key, evidence)
        if outlets:
            return
        if offices := self._chain(self._before_copula(person.span.start), sentence.start):
            yield from self._relations(person, offices, "affiliation/before", sentence)
        elif offices := self._listed(person, sentence.start):
            yield from self._relations(person, offices, "affiliation/list", sentence)
        if offices := self._behind(person, sentence):
            yield from self._relations(person, offices, "affiliation/behind", sentence)

    def _relations(self, person: Placed, offices: list[_Office], rule: str, sentence: TextSpan) -> Iterator[Relation]:
        """``offices`` from left to right, each with its body, its neighbour's, or the one it implies."""
        body = None if offices[0].body else self._body_of_colleague(offices[0].start, sentence.start)
        for office in offices:
            body = office.body or body
            if office.title in self.titles.occupation:
                continue
            holder, confidence = self._holder(office, body, person.span.start, sentence.start)
            if holder and self.ontology.allows(PROPERTY, "Person", holder.label_):
                span = TextSpan(office.start, office.start + 1).cover(person.span)
                if sentence.contains(holder.span):
                    span = span.cover(holder.span)
                if office.title in self.titles.mixed_leaders:
                    rule, confidence = MIXED, 0.6
                evidence = Evidence(span, sentence, rule, confidence, office.said)
                yield Relation(person.key, PROPERTY, holder.key, evidence)

    def _holder(self, office: _Office, body: Placed | None, before: int, floor: int) -> tuple[Placed | None, float]:
        if office.title in self.titles.area or office.title in self.titles.leaders:
            letter = _letter(office.title)
            if office.body and office.body.label_ == "AdministrativeArea":
                return office.body, 0.95
            if body and (area := self._area_of(body)):
                return area, 0.9
            return self._only_area(letter, before), 0.7
        if office.body or body:
            if body and not body.is_name:
                return body, 0.7  # 公司董事长: which company is a guess of its own
            return body, 0.95 if office.body else 0.9
        if office.title in self.titles.companies and (company := self._company_before(office.start, floor)):
            return company, 0.7
        return self._of_its_kind(office.title, before), 0.6

    def _chain(self, end: int, floor: int) -> list[_Office]:
        """The offices that end at ``end``, from left to right."""
        offices: list[_Office] = []
        end = self._before_honours(end)
        while office := self._office(end, floor):
            offices.append(office)
            joint = JOINT.search(self.text, max(floor, office.start - 1), office.start)
            if not joint:
                break
            end = self._before_honours(joint.start())
        return offices[::-1]

    def _body_of_colleague(self, start: int, floor: int) -> Placed | None:
        """The body of the person named right before an office without one: 岚泉市委书记韩立群、|副书记程素."""
        joint = JOINT.search(self.text, max(floor, start - 1), start)
        index = bisect_left(self.ends, joint.start()) if joint else len(self.ends)
        if index == len(self.ends) or joint is None or self.ends[index] != joint.start():
            return None
        before = self.view.placed[index]
        chain = self._chain(before.span.start, floor) if before.label_ == "Person" else []
        return next((office.body for office in reversed(chain) if office.body), None)

    def _before_honours(self, end: int) -> int:
        """Where the offices end before the honours that end at ``end``: 研究员、|国医大师张三."""
        while True:
            index = bisect_left(self.ends, end)
            if index == len(self.ends) or self.ends[index] != end or self.view.placed[index].label_ != "Designation":
                return end
            end = self.starts[index]
            end -= self.text[end - 1 : end] == "、"

    def _office(self, end: int, floor: int) -> _Office | None:
        """The office whose title ends at ``end``: the longest title that cuts no body short."""
        while end > floor and self.text[end - 1] in " \u3000":
            end -= 1
        first = max(floor, end - MAX_TITLE_CHARS)
        starts = [start for start in range(first, end) if self.text[start:end] in self.titles.all]
        for start in starts:
            title = self.text[start:end]
            with_degrees = self._with_degrees(start, first)
            for at in (with_degrees, start):
                if body := self._body_that_ends_at(at, floor):
                    return _Office(title, self.text[at:end], body.span.start, body)
            overlapping = title in self.titles.area or title in self.titles.leaders
            if overlapping and (body := self._body_that_ends_at(start + 1, floor)):  # 南投县长
                return _Office(title, title, body.span.start, body)
        if not starts:
            return None
        said_from = self._with_degrees(starts[0], first)
        edge = self._before_modifiers(said_from, floor)
        body = self._body_that_ends_at(edge, floor)
        said = self.text[edge:end].removeprefix("的")
        return _Office(self.text[starts[0] : end], said, body.span.start if body else edge, body)

    def _with_degrees(self, start: int, floor: int) -> int:
        degrees = self.titles.degrees_end.search(self.text, floor, start)
        return degrees.start() if degrees else start

    def _before_modifiers(self, end: int, floor: int) -> int:
        """Where the nouns before a title start, at a body or joint: 某某集团|监事会主席; else ``end``."""
        start = end
        while start > max(floor, end - MAX_INNER_CHARS):
            if JOINT.search(self.text, start - 1, start) or self._body_that_ends_at(start, floor):
                return start
            index = bisect_left(self.word_ends, start)
            word = self.view.words[index] if index < len(self.word_ends) else None
            if not word or (word.tag not in INNER_TAGS and word.text not in {"的", "与"}):
                return end
            start = word.span.start
        return start if self._body_that_ends_at(start, floor) else end

    def _body_that_ends_at(self, end: int, floor: int) -> Placed | None:
        index = bisect_left(self.ends, end)
        if index == len(self.ends) or self.ends[index] != end:
            return None
        placed = self.view.placed[index]
        fits = placed.label_ == "AdministrativeArea" or self.ontology.is_a(placed.label_, "Organization")
        return placed if fits and placed.span.start >= floor else None

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
        styled = STYLE.match(self.text, person.span.end)
        link = (styled and self.titles.joins.match(self.text, styled.end())) or BEHIND.match(self.text, person.span.end)
        if not link:
            return []
        for stop in STOP.finditer(self.text, link.end(), sentence.end + 1):
            offices = self._chain(stop.start(), link.end())
            whole = offices and offices[0].start == link.end()
            joined = link.re is self.titles.joins
            return offices if whole and (joined or offices[0].body) else []
        return []

    def _reports_for(self, person: Placed, sentence: TextSpan) -> Iterator[Placed]:
        """湖北日报讯（记者王兵 and （湖北日报 王兵）: the outlets named last before who reports for them."""
        index = bisect_left(self.starts, person.span.start)
        said = ""  # between the outlet and the person, without the people listed there
        end = person.span.start
        while index and (before := self.view.placed[index - 1]).span.start >= sentence.start:
            said = self.text[before.span.end : end] + said
            opens = before.span.start in {sentence.start, sentence.start + 1}  # 京华财讯9月2日电, 江洲在线讯
            if before.label_ == "MediaOutlet" or (before.label_ == "Company" and opens):
                break
            if before.label_ not in {"Person", "AdministrativeArea"}:
                return
            index, end = index - 1, before.span.start
        else:
            return
        role = said.strip(" \u3000、:：")
        bracketed = self.text[before.span.start - 1] in "（(" and (not role or role in self.titles.occupation)
        if not bracketed and not self.titles.reports.fullmatch(said):
            return
        yield before
        for other in reversed(self.view.placed[: index - 1]):
            if other.label_ != "MediaOutlet" or self.text[other.span.end : before.span.start] not in {"·", "-", "、"}:
                return
            yield other
            before = other

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

    def _before_copula(self, end: int) -> int:
        """Where the office ends that a person behind 为 holds: 现任董事长为|张三; else ``end``."""
        return (
            end - 1 if self.text[end - 1 : end] in {"为", "是"} and self.text[end - 2 : end - 1] not in "作认" else end
        )

    def _company_before(self, position: int, floor: int) -> Placed | None:
        """The last company named in the clauses of a sentence before that of ``position``."""
        index = bisect_left(self.starts, self.view.clause_at(position).start)
        while index and (before := self.view.placed[index - 1]).span.start >= floor:
            if self.ontology.is_a(before.label_, "Company"):
                return before
            index -= 1
        return None

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
