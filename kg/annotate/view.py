"""What the fact finders see of an article: its sentences, tagged words and the entities placed in them.

A :class:`Placed` is a stretch of text that stands for an entity: a name, or a reference such as 该区 that was
resolved to one. The finders (relations, observations, milestones) ask a :class:`View` who a clause is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kg.model import TextSpan

CLAUSE_END = "，,；;。！？!?：:\n"


class Placed(NamedTuple):
    """A stretch of text that stands for the entity ``key`` of class ``label_``."""

    span: TextSpan
    key: str
    label_: str
    is_name: bool = True  # False for a reference (该区, 公司)


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
    not_subjects: re.Pattern[str] = field(default=re.compile(r"$^"))
    """What a clause says right before a name that is not its subject (在, 以, 由, 依托 …)."""

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

    def subjects(self, position: int, allows: Callable[[str], bool]) -> tuple[Placed, ...]:
        """Who the clause at ``position`` is about: a name or a coordinated list, or nobody.

        The clause's own subject wins, looked for to the left of ``position``; else that of the clauses before it
        in the sentence, nearest first; else that of the sentences before it in the same paragraph. A clause whose
        subject is something that is no entity (企业纷纷…) stops the search: a fact is not handed to someone else.
        ``allows`` says which classes may be the subject.
        """
        raise NotImplementedError
