"""What the fact finders see of an article: its sentences, tagged words and the entities placed in them.

A :class:`Placed` is a stretch of text that stands for an entity: a name, or a reference such as 该区 that was
resolved to one. The finders (relations, observations, milestones) ask a :class:`View` who a clause is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kg.annotate.lexicon import read_lexicon
from kg.model import TextSpan

_CONCEPTS = frozenset({"Industry", "Technology", "Designation"})
_OF = re.compile("|[^，,；;。：:、（(是为有]{0,14}的[“‘《]?")  # A的B, AB, A引进的B
_NEVER = re.compile(r"$^")
_VERBS = frozenset({"v", "vd"})
_NOUNS = frozenset({"n", "nz", "nt", "r", "ORG", "PER", "LOC", "nr", "ns", "vn"})
_ADVERBIAL = frozenset({"t", "TIME", "d", "ad", "m", "q", "c", "w", "f", "u", "xc", "a"})
MAX_DESCRIPTION_CHARS = 12
CLAUSE_END = "，,；;。！？!?：:\n"
MAX_SENTENCES_BACK = 3
MAX_TITLE_CHARS = 30


class Placed(NamedTuple):
    """A stretch of text that stands for the entity ``key`` of class ``label_``."""

    span: TextSpan
    key: str
    label_: str
    is_name: bool = True  # False for a reference (该区, 公司)


def _is_title(said: str) -> bool:
    return 0 < len(said) <= MAX_TITLE_CHARS and not re.search("[，,；;：:与和]", said)


class Beside(NamedTuple):
    """What stands right before a name (在, 以, 由 …) or behind it (讯, 记者 …) that is no subject; words for both (双方); verbs that open a
    clause of its own (标志着, 推动)."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    parties: re.Pattern[str]
    openers: frozenset[str] = frozenset()
    agents: re.Pattern[str] = re.compile(r"$^")
    attributes: frozenset[str] = frozenset()

    @staticmethod
    def load(lexicon: Path) -> Beside:
        """The words of ``subjects.yaml``."""
        data = read_lexicon(lexicon, "subjects")
        before, behind, parties = ("|".join(data[key]) for key in ("before", "behind", "parties"))
        return Beside(
            re.compile(f"(?:{before})[“]?$"),
            re.compile(behind),
            re.compile(parties),
            frozenset(data["openers"]),
            re.compile(data["agents"]),
            frozenset(data["attributes"]),
        )


class Word(NamedTuple):
    """One word of the lexical model, with LAC's tag."""

    span: TextSpan
    text: str
    tag: str


@dataclass(frozen=True)
class View:
    """One article, ready for fact finding. All spans are offsets into ``text``.

    ``placed`` is sorted and free of overlaps. ``sentences`` are the sentences of the article's body.
    """

    text: str
    sentences: tuple[TextSpan, ...]
    words: tuple[Word, ...]
    placed: tuple[Placed, ...]
    published: date | None = None
    beside: Beside = field(default_factory=lambda: Beside(_NEVER, _NEVER, _NEVER))

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.span.start for word in self.words]

    @cached_property
    def _placed_starts(self) -> list[int]:
        return [placed.span.start for placed in self.placed]

    def words_in(self, span: TextSpan) -> tuple[Word, ...]:
        """The words that start inside ``span``."""
        starts = self._word_starts
        return self.words[bisect_left(starts, span.start) : bisect_left(starts, span.end)]

    def word_at(self, position: int) -> Word | None:
        """The word that holds ``position``."""
        index = bisect_right(self._word_starts, position) - 1
        return self.words[index] if index >= 0 and position < self.words[index].span.end else None

    def has_verb(self, span: TextSpan) -> bool:
        """Whether a verb of two characters or more that belongs to no name starts inside ``span``."""
        return any(
            word.tag in _VERBS
            and len(word.text) > 1
            and not any(p.span.contains(word.span) for p in self.placed_in(span))
            for word in self.words_in(span)
        )

    def placed_in(self, span: TextSpan) -> tuple[Placed, ...]:
        """The placed entities that start inside ``span``, in order."""
        starts = self._placed_starts
        return self.placed[bisect_left(starts, span.start) : bisect_left(starts, span.end)]

    def sentence_at(self, position: int) -> TextSpan | None:
        """The sentence that contains ``position``."""
        index = bisect_right([s.start for s in self.sentences], position) - 1
        if index >= 0 and position < self.sentences[index].end:
            return self.sentences[index]
        return None

    def clause_at(self, position: int) -> TextSpan:
        """The clause that contains ``position``: from one comma, semicolon, colon or stop to the next."""
        start = end = position
        while start > 0 and self.text[start - 1] not in CLAUSE_END:
            start -= 1
        while end < len(self.text) and self.text[end] not in CLAUSE_END:
            end += 1
        return TextSpan(start, end)

    def sentence_before(self, sentence: TextSpan) -> TextSpan | None:
        """The sentence before ``sentence`` in the same paragraph."""
        index = bisect_left(self.sentences, sentence)
        if index == 0 or "\n" in self.text[self.sentences[index - 1].end : sentence.start]:
            return None
        return self.sentences[index - 1]

    def subjects(self, position: int, allows: Callable[[str], bool], *, carried: bool = True) -> tuple[Placed, ...]:
        """Who the clause at ``position`` is about: a name or a coordinated list, or nobody.

        The clause's own subject wins, looked for to the left of ``position``; else that of the clauses before it
        in the sentence, nearest first; else, where it may be ``carried``, that of the sentences before it in the
        same paragraph. A clause whose subject is something that is no entity (企业纷纷…) stops the search: a fact
        is not handed to someone else. ``allows`` says which classes may be the subject.
        """
        sentence = self.sentence_at(position)
        if sentence is None:
            return ()
        clause = self.clause_at(position)
        end = position
        while True:
            found = self._subject_of(TextSpan(max(clause.start, sentence.start), end), allows)
            if found and end < position and self._is_agent(found[-1], end):
                found = ()  # 大会由甲主办，乙承办，…: what follows is about 大会
            elif found or self._names_another(clause, end, acts=end == position):
                return found
            if clause.start <= sentence.start:
                break
            if self.text[clause.start - 1] in ";；":
                return self.first_subject(sentence, clause.start - 1, allows)
            end = clause.start - 1
            clause = self.clause_at(max(sentence.start, end - 1))
            end = clause.end
        return self._carried(sentence, allows) if carried else ()

    def main(self, before: int, allows: Callable[[str], bool]) -> Placed | None:
        """What is named most often before a position, where ``allows`` lets it: what the article is about."""
        named = [item for item in self.placed_in(TextSpan(0, before)) if allows(item.label_)]
        counts = Counter(item.key for item in named)
        main = max(counts, key=counts.__getitem__, default=None)  # of those named equally often, the first
        return next((item for item in reversed(named) if item.key == main), None)

    def opens_clause(self, item: Placed) -> bool:
        """Whether nothing but times and adverbs stands before a name in its clause."""
        clause = self.clause_at(item.span.start)
        return all(
            w.tag in _ADVERBIAL for w in self.words_in(TextSpan(clause.start, item.span.start)) if w.text.strip()
        )

    def _is_agent(self, item: Placed, end: int) -> bool:
        """Whether a clause only says who does what is said of the topic: 乙承办."""
        return self.beside.agents.fullmatch(self.text, item.span.end, end) is not None

    def first_subject(self, sentence: TextSpan, end: int, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """Who a sentence begins with: what follows a semicolon without a subject is about it."""
        position = sentence.start
        while position < end:
            clause = self.clause_at(position)
            if found := self._subject_of(TextSpan(position, min(clause.end, end)), allows):
                return found
            position = clause.end + 1
        return ()

    def _carried(self, sentence: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The subject of the nearest sentence before in the same paragraph that has one."""
        before = self.sentence_before(sentence)
        for _ in range(MAX_SENTENCES_BACK):
            if before is None:
                return ()
            clause = self.clause_at(before.start)
            found = self._subject_of(TextSpan(before.start, clause.end), allows)
            if found or self._names_another(clause, clause.end):
                return tuple(item for item in found if item.label_ != "Person")  # people come and go
            before = self.sentence_before(before)
        return ()

    def _subject_of(self, clause: TextSpan, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """The first name of the clause in a subject's place, with those it is listed with."""
        placed = [item for item in self.placed_in(clause) if item.span.end <= clause.end]
        passed = 0
        for i, item in enumerate(placed):
            if i < passed:
                continue  # listed with one that is no subject
            passed = self._list_end(placed, i)
            before = self.text[max(clause.start, item.span.start - 4) : item.span.start]
            if self.beside.before.search(before) or self.beside.behind.match(self.text, item.span.end):
                continue  # 在A…, and 新华社北京5月2日电, are about neither
            if self._behind_preposition(clause.start, item.span.start):
                continue  # 由国有企业A
            if self._is_object(TextSpan(clause.start, item.span.start), item):
                continue  # 引入小米 and 跃居全市第二 are not about 小米 and 全市
            head = self._head(placed, i)
            if head > i and not allows(placed[head].label_):
                return ()
            if not allows(placed[head].label_):
                continue
            return tuple(other for other in self._listed(placed, head) if allows(other.label_))
        return ()

    def _behind_preposition(self, start: int, end: int) -> bool:
        """Whether a preposition stands before ``end``, and what describes the name, and nothing else, between them."""
        for word in reversed(self.words_in(TextSpan(max(start, end - MAX_DESCRIPTION_CHARS), end))):
            if word.tag == "p":
                return word.span.end < end and not self.placed_in(TextSpan(word.span.start, end))
            if word.text == "的" or (word.tag in _VERBS and len(word.text) > 2):
                return False
        return False

    def _is_object(self, before: TextSpan, item: Placed) -> bool:
        """Whether a verb stands ``before`` a name and nothing that makes it an attribute (引进的A)."""
        words = [w for w in self.words_in(before) if not any(p.span.contains(w.span) for p in self.placed_in(before))]
        verbs = [i for i, word in enumerate(words) if word.tag in _VERBS]
        if not verbs or words[verbs[-1]].text in self.beside.openers:
            return False
        if not item.is_name or verbs[-1] == len(words) - 1:
            return True
        return len(words[verbs[-1]].text) > 1 and all(word.text != "的" for word in words[verbs[-1] :])

    def _head(self, placed: list[Placed], i: int) -> int:
        """Where the head of a phrase stands that opens with ``placed[i]``: A的B, A引进的B, A副市长B are B."""
        while i + 1 < len(placed):
            item, following = placed[i], placed[i + 1]
            between = TextSpan(item.span.end, following.span.start)
            said = between.of(self.text)
            office = self._office_holder(placed, i)
            if office > i:
                return office
            of = _OF.fullmatch(said) is not None and item.label_ not in _CONCEPTS
            if following.label_ in _CONCEPTS or not of:
                break
            i += 1
        return i

    def _office_holder(self, placed: list[Placed], i: int) -> int:
        """Where the person stands whose offices ``placed[i]`` opens: 甲公司董事长、乙协会会长张三; else ``i``."""
        for j in range(i + 1, min(i + 4, len(placed))):
            if placed[j].label_ != "Person" or placed[i].label_ == "Person":
                continue
            between = TextSpan(placed[i].span.end, placed[j].span.start)
            return j if _is_title(between.of(self.text)) and not self.has_verb(between) else i
        return i

    def _list_end(self, placed: list[Placed], i: int) -> int:
        """The index behind the names that are listed with ``placed[i]`` or run on from it."""
        listed = self._listed(placed, i)
        run = i
        while run + 1 < len(placed) and placed[run].span.end == placed[run + 1].span.start:
            run += 1
        if not any(placed[j] is listed[0] for j in range(i, run + 1)):
            return run + 1  # 由甲、乙组建的丙: 丙 may act
        return next(j + 1 for j in range(i, len(placed)) if placed[j] is listed[-1])

    def _listed(self, placed: list[Placed], i: int) -> list[Placed]:
        """The names coordinated with ``placed[i]``, itself first."""
        listed = [placed[i]]
        end = placed[i].span.end
        position = i + 1
        while position < len(placed):
            other = placed[position]
            between = self.text[end : other.span.start]
            if between == "" and other.label_ not in _CONCEPTS:
                listed[-1] = other  # 湖南省潇岚市: who acts is the last
            elif between in {"、", "和", "与", "及", "以及"}:
                head = self._head(placed, position)
                if head > position and placed[head].label_ != "Person":
                    return self._listed(placed, head)  # 甲、乙组建的丙 is 丙
                position = head
                other = placed[position]
                listed.append(other)
            else:
                break
            end = other.span.end
            position += 1
        return listed

    def _names_another(self, clause: TextSpan, end: int, *, acts: bool = False) -> bool:
        """Whether the clause opens with a plain noun (企业纷纷…, 签约项目涉及…), so that nobody else acts.

        Times and adverbs before the noun do not count. ``acts``: a verb at ``end`` has it for its subject;
        without, one must stand in the clause.
        """
        placed = self.placed_in(clause)
        words = [word for word in self.words_in(TextSpan(clause.start, end)) if word.text.strip()]
        opening = next((i for i, word in enumerate(words) if word.tag not in _ADVERBIAL), None)
        if opening is None or words[opening].tag not in _NOUNS or words[opening].text in self.beside.attributes:
            return False
        if any(item.span.start <= words[opening].span.start < item.span.end for item in placed):
            return False
        if not acts and any(word.tag == "m" for word in words):
            return False  # 员工超过3200人 is said of who was named before
        return acts or any(word.tag in {"v", "d", "ad", "vd"} for word in words[opening + 1 :])
