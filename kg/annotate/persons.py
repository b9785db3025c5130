"""Tagged words in, mentions of people out: a name is believed only where something says it is a person's.

The lexical model takes many a brand or place for a person (岚泉, 秦禾) and cuts names short (郑家 of 郑家和).
So a name must show itself once in the article: behind a title (副市长程素, 市领导唐敏、邱少川), before one,
before a word of speech (李文峰说), or in a byline. Then its other mentions count as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg.annotate.affiliations import find_affiliations
from kg.annotate.titles import Titles, read_titles
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

__all__ = ["find_affiliations", "find_people"]

PERSON_TAGS = frozenset({"PER", "nr"})
NOT_A_SURNAME = frozenset({"p", "c", "d", "u", "r", "w", "v", "m", "f", "s", "t", "TIME"})
NOT_A_GIVEN_NAME = frozenset({"LOC", "ORG", "TIME", "m"})
FOREIGN_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}(?:[·•・][\u4e00-\u9fff]{1,8})+")
END = re.compile(r"[^\w·•・]|$|[\dA-Za-z]")
LIST_MARK = re.compile(r"[、和与]|[ \u3000]+")
LISTED = re.compile(r"(?<=、)[\u4e00-\u9fff]{2,3}(?=、)")
PLACE_IN_PHOTO = re.compile(r"[（(][左右中前后][一二三四五六]?[）)]")
BYLINE = re.compile(r"[（(]([\u4e00-\u9fff\s、/:：]{2,28})[）)]")
BYLINE_BEFORE = re.compile(r"[讯电报。！”」]\s?$|^$")
BYLINE_END = re.compile(r"\s*(?:$|\n|。)")
BYLINE_PARTS = re.compile(r"[^\s、/:：]+")
MAX_FOREIGN_CHARS = 6


def find_people(text: str, words: Sequence[Word], sentences: Sequence[TextSpan], lexicon: Path) -> list[Mention]:
    """Every mention of a person inside ``sentences``, in order, none overlapping another.

    >>> text = "副市长程素会见客商。程素说，秦禾欢迎大家。"
    >>> tags = [("副市长", "n"), ("程素", "PER"), ("会见", "v"), ("客商", "n"), ("。", "w"), ("程素", "PER")]
    >>> starts = [0, 3, 5, 7, 9, 10]
    >>> words = [Word(TextSpan(s, s + len(w)), w, t) for s, (w, t) in zip(starts, tags)]
    >>> found = find_people(text, words, [TextSpan(0, len(text))], Path("ontology/lexicon"))
    >>> [(mention.text, mention.span.start) for mention in found]
    [('程素', 3), ('程素', 10)]
    """
    finder = _Finder(text, words, read_titles(lexicon))
    shown = dict(finder.shown())  # where a name shows itself → by what
    for span in finder.listed(shown):
        shown.setdefault(span, "person/list")
    names = {span.of(text) for span in shown}
    for span in finder.repeated(names):
        shown.setdefault(span, "person/repeated")
    found: list[Mention] = []
    for span in sorted(shown, key=lambda span: (span.start, -span.end)):
        inside = any(sentence.contains(span) for sentence in sentences)
        if inside and not (found and found[-1].span.overlaps(span)):
            found.append(Mention(span, span.of(text), "Person", shown[span]))
    return found


class _Finder:
    def __init__(self, text: str, words: Sequence[Word], titles: Titles) -> None:
        self.text, self.words, self.titles = text, words, titles
        self.starts = [word.span.start for word in words]
        self.edges = {*self.starts, len(text)}
        self.elsewhere = "\n".join(word.text for word in words if word.tag in ("LOC", "ORG"))

    def shown(self) -> Iterator[tuple[TextSpan, str]]:
        """Every place where a name shows itself to be a person's."""
        for match in self.titles.before_name.finditer(self.text):
            yield from self._behind_title(match.end(), parted=bool(match[2]))
        for word in self.words:
            if word.tag in PERSON_TAGS and (rule := self._unintroduced(word)):
                yield word.span, rule
        for match in FOREIGN_NAME.finditer(self.text):
            if self._word_at(match.start(), PERSON_TAGS) and self.titles.follows.match(self.text, match.end()):
                yield TextSpan(*match.span()), "person/foreign"
        for match in BYLINE.finditer(self.text):
            if not (
                BYLINE_BEFORE.search(self.text, max(0, match.start() - 2), match.start())
                or BYLINE_END.match(self.text, match.end())
            ):
                continue
            inside = [w for w in self._words_in(match.start(1), match.end(1)) if w.tag != "w"]
            if inside and all(w.tag in PERSON_TAGS and self.titles.is_name(w.text) for w in inside):
                yield from ((w.span, "person/byline") for w in inside)
                continue
            parts = [TextSpan(*part.span()) for part in BYLINE_PARTS.finditer(self.text, *match.span(1))]
            people = [part for part in parts if not self._is_byline_role(part)]
            if people and all(self._is_byline_name(part) for part in people):
                yield from ((part, "person/byline") for part in people)

    def _is_byline_role(self, part: TextSpan) -> bool:
        """Whether a part of a byline says what its people do: 记者, 文, 图, 区融媒体中心."""
        text = part.of(self.text)
        return (
            text in self.titles.byline_roles
            or text in self.titles.occupation
            or text.endswith(self.titles.byline_outlets)
        )

    def _is_byline_name(self, part: TextSpan) -> bool:
        text, word = part.of(self.text), self._word_at(part.start)
        tagged = word is not None and word.span.end == part.end and word.tag in PERSON_TAGS
        return 2 <= len(text) <= 4 and (self.titles.is_name(text) or (tagged and len(text) > 2))

    def listed(self, shown: Iterable[TextSpan]) -> Iterator[TextSpan]:
        """The people that the model sees listed behind one who showed himself: 刘慧晏、陈舜、杨杰."""
        for span in list(shown):
            end = span.end
            while self.text[end : end + 1] == "、" and (word := self._word_at(end + 1, PERSON_TAGS)):
                if not self.titles.is_name(word.text) or self._goes_on(word.span.end):
                    break
                yield word.span
                end = word.span.end

    def repeated(self, names: set[str]) -> Iterator[TextSpan]:
        """The other mentions of ``names``; a name of two characters must be a person's to the model too."""
        long = sorted((name for name in names if len(name) > 2), key=lambda name: (-len(name), name))
        if long:
            for match in re.finditer("|".join(map(re.escape, long)), self.text):
                if not self._goes_on(match.end()):
                    yield TextSpan(*match.span())
        for word in self.words:
            if word.tag in PERSON_TAGS and word.text in names and not self._goes_on(word.span.end):
                yield word.span

    def _behind_title(self, start: int, parted: bool) -> Iterator[tuple[TextSpan, str]]:
        """The name that starts at ``start`` and those listed behind it."""
        rule = "person/title"
        end = self._name_end(start, parted)
        while end:
            yield TextSpan(start, end), rule
            mark = LIST_MARK.match(self.text, end)
            if not mark or (mark[0].isspace() and not parted):
                return
            start, rule = mark.end(), "person/list"
            end = self._name_end(start, parted=True) or self._between_names(start)

    def _between_names(self, start: int) -> int | None:
        """Where a name of a rare surname ends, listed between two others: 罗茂文、能荣、陈洪思."""
        match = LISTED.match(self.text, start)
        return match.end() if match and self._name_end(match.end() + 1, parted=True) else None

    def _name_end(self, start: int, parted: bool) -> int | None:
        """Where the name at ``start`` ends; ``parted``: a mark or space says that one starts here."""
        if foreign := FOREIGN_NAME.match(self.text, start):
            return self._foreign_end(foreign)
        ends = [start + n for n in (4, 3, 2) if self._could_be(start, start + n, parted)]
        person = self._word_at(start, PERSON_TAGS)
        if person and len(person.text) > 1 and (not ends or ends[0] <= person.span.end):
            # The model knows foreign names and rare surnames that no list holds.
            ended = END.match(self.text, person.span.end) is not None
            formed = self.titles.is_name(person.text) or (
                (len(person.text) > 2 or ended)
                and len(person.text) <= MAX_FOREIGN_CHARS
                and person.text not in self.elsewhere
            )
            named = formed and not person.text.endswith(self.titles.not_names)
            if named and not self._goes_on(person.span.end):
                return person.span.end
        return ends[0] if ends else None

    def _foreign_end(self, name: re.Match[str]) -> int | None:
        """Where a name such as 约翰·史密斯 ends: with the model's word, or before what may follow a name."""
        word = self._word_at(name.start(), PERSON_TAGS)
        if word and FOREIGN_NAME.fullmatch(word.text):
            return word.span.end
        ends = [end for end in range(name.end(), name.start() + 2, -1) if end in self.edges]
        return next((end for end in ends if self._ends_or_is_followed(end)), None)

    def _ends_or_is_followed(self, end: int) -> bool:
        return bool(END.match(self.text, end) or self.titles.follows.match(self.text, end))

    def _could_be(self, start: int, end: int, parted: bool) -> bool:
        """Whether a name may reach from ``start`` to ``end``, by its form, what follows and its words."""
        name = self.text[start:end]
        if not self.titles.is_name(name) or end not in self.edges or self._goes_on(end):
            return False
        ended = END.match(self.text, end) is not None
        followed = self.titles.said if name.endswith("和") else self.titles.follows
        after = self._word_at(end)
        if not (ended or followed.match(self.text, end) or (name[-1] == "和" and after and after.tag == "v")):
            return False
        if len(name) > 2 and name[-1] in self.titles.not_last:
            return False
        inside = self._words_in(start, end)
        if parted and ended:
            return not any(word.tag in ("LOC", "ORG", "TIME") for word in inside)
        if not inside or inside[0].span.start != start:
            return False  # what looked like a title is a part of a word: 董事长|程
        surname, *given = inside
        if not given and self.titles.said.match(self.text, end):
            return surname.tag not in NOT_A_GIVEN_NAME  # 创始人洪波说: a common noun says nothing
        if surname.tag in PERSON_TAGS and len(surname.text) > 1:
            return all(len(word.text) == 1 for word in given)
        short = len(surname.text) == 1 or surname.text in self.titles.double_surnames
        return short and surname.tag not in NOT_A_SURNAME and not any(word.tag in NOT_A_GIVEN_NAME for word in given)

    def _unintroduced(self, word: Word) -> str:
        """Why the person's name ``word`` is believed without a title before it; empty if it is not."""
        if not self.titles.is_name(word.text) or word.text in self.elsewhere:
            return ""
        if self.titles.said.match(self.text, word.span.end):
            return "person/said"
        if self.titles.after_name.match(self.text, word.span.end) and len(word.text) > 2:
            return "person/title after"
        if PLACE_IN_PHOTO.match(self.text, word.span.end):
            return "person/photo"
        return "person/tagged" if self._stands_as_a_name(word) else ""

    def _stands_as_a_name(self, word: Word) -> bool:
        """Whether a full name that the model tagged ends where a name may, and begins no other name."""
        behind = END.match(self.text, word.span.end) or self.titles.follows.match(self.text, word.span.end)
        quoted = self.text[word.span.start - 1 : word.span.start] in ("“", "‘", "《", "·")
        return len(word.text) == 3 and behind is not None and not quoted and not self._goes_on(word.span.end)

    def _goes_on(self, end: int) -> bool:
        """Whether what stands at ``end`` makes the name a part of another: 中山路, 李宁公司."""
        return self.titles.not_before.match(self.text, end) is not None

    def _word_at(self, start: int, tags: frozenset[str] | None = None) -> Word | None:
        index = bisect_left(self.starts, start)
        if index < len(self.words) and self.starts[index] == start:
            word = self.words[index]
            return word if tags is None or word.tag in tags else None
        return None

    def _words_in(self, start: int, end: int) -> Sequence[Word]:
        return self.words[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
