"""A position in, who is spoken of there out: the clause's subject, or the topic it goes on with.

Chinese names a thing once and lists facts of it clause after clause. A clause has a subject of its own, or takes
that of the clause before it in the sentence, or that of the sentences before it in the paragraph. A clause that ends
with something built (将建设固态电池项目) hands that on. Words such as 项目 and 园区 stand for a thing of their classes
(``subjects.yaml``), named before or the one the article is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

from kg.annotate.indicators import NOUN_TAGS, STAGE, Token, read_indicators, tokens_in
from kg.annotate.lexicon import read_lexicon
from kg.annotate.quantities import Quantity
from kg.annotate.times import Time
from kg.annotate.view import CLAUSE_END, Placed, View
from kg.model import TextSpan
from kg.ontology import Ontology

Allows = Callable[[str], bool]

_OF = re.compile("的?|——|[^，,；;。、了是由从与和至]{1,14}的")  # A的B, AB, A引进的B
_BRACKETED = re.compile("^[（(][^（()）]*[)）]")
_LISTED_MORE = re.compile("(?:[、和与及]|以及|》、《|》和《)(?:[^，,。；;、]{1,16}的)?[“《]?")
_LISTED = ("、", "和", "及", "与", "以及", "》、《", "》和《")
_THIS = re.compile("(?:该|这)[个座条家项款份一所片段]?")
_CLAUSE_END = re.compile(f"[{CLAUSE_END}]")
_BRACKETS = re.compile(r"[（(][^（()）\n]{0,60}[)）]")
_ENDS_SENTENCE = re.compile(r"[”》]?[。！]\s*")
_WHOLE = "全部|整个|首期|[一二三四]期"
_BOUNDARY = re.compile("(?:[东西南北]{1,2}|向[东西南北])(?:起|至|临|接|邻|到|靠|依|连|抵|联|融|望|通|拥)")
_SAYS = re.compile("(?:[》”）)])?(?:[^，,；;。]{0,4})(?:显示|提出|明确|指出|强调|要求|规定|透露|称|认为|表示|公布)")
_IS = re.compile("(?:即|为|是|系|指)$")
_TELLS = re.compile("获悉|了解到|得知")
_KINDS_OF_AREA = "省市县区镇乡村州"
_THIS_IS = re.compile("这(?:里|也|就|便)?是")
_PAIRED = re.compile("前者|后者")
MAX_NOUN_CHARS = 6  # of the noun in 这座跨海大桥
MIN_CLIPPED_CHARS = 3  # of the end of a name that stands for it
MIN_MAIN, MAIN_OVER_OTHERS = 3, 1.5  # how often an article names what it is about, and how much more than others
MIN_ONLY = 2  # … and how often, and twice as often as others, what it opens with
MAX_RECALL_CHARS = 3000  # how far back 该大桥 and 物流港 may have been named
MAX_RECALL_SENTENCES = 12  # of a paragraph, through which a topic is carried
MAX_CLAUSE_CHARS = 300  # of a clause, its last are read
MAX_PAIR_CHARS = 300  # how far before 前者 and 后者 the two are looked for
_MARKS = tuple("，、；。,;）)")
_ENDS_MODIFIER = ("的", "——", "—", "--")
_VERBS = frozenset({"v", "vd"})
_TIMES = frozenset({"TIME", "t"})
_OPENERS = _TIMES | {"d", "ad", "c"}
_NOMINAL = frozenset({"n", "nz", "nt", "ns", "nw", "ENT", "ORG", "LOC", "PER"})

_Spanned = TypeVar("_Spanned", Quantity, Time)


def within(found: list[_Spanned], span: TextSpan) -> list[_Spanned]:
    """Those that lie in ``span``, of a list in order."""
    first = bisect_left(found, span.start, key=lambda item: item.span.start)
    last = bisect_left(found, span.end, key=lambda item: item.span.start)
    return [item for item in found[first:last] if item.span.end <= span.end]


MAIN = ("AdministrativeArea", "Zone", "Project", "Facility", "Event", "Institution", "Company", "Road")
"""What an article may be about."""


class _Stand(NamedTuple):
    """A word that stands for a thing of these classes named before: 项目, 园区."""

    pattern: re.Pattern[str]
    classes: tuple[str, ...]
    is_subject: bool  # it means the subject spoken of before the thing named last


@cache
def _stands(lexicon: Path) -> tuple[_Stand, ...]:
    rows = read_lexicon(lexicon, "subjects")["stand_ins"]
    return tuple(
        _Stand(
            re.compile(f"(?:{_WHOLE})?(?:{'|'.join(sorted(map(re.escape, row['say']), key=len, reverse=True))})"),
            tuple(row["classes"]),
            bool(row.get("subject")),
        )
        for row in rows
    )


class Topics:
    """The topics of one view. ``figures`` are the spans of its quantities."""

    def __init__(self, view: View, lexicon: Path, ontology: Ontology, figures: Iterable[TextSpan]) -> None:
        self.view, self.ontology = view, ontology
        self.figures = sorted(figures)
        inside = [TextSpan(*match.span()) for match in _BRACKETS.finditer(view.text)]
        self._ends = [
            match.start()
            for match in _CLAUSE_END.finditer(view.text)
            if not (at := bisect_right(inside, TextSpan(match.start(), len(view.text))))
            or inside[at - 1].end <= match.start()
        ]
        self._starts = [sentence.start for sentence in view.sentences]
        self.stands = _stands(lexicon)
        self._surfaces: dict[str, Placed] | None = None
        self._counts: Counter[str] | None = None
        self._first: dict[str, Placed] = {}
        self._ranked: dict[tuple[str, ...], list[tuple[int, Placed]]] = {}
        strangers = read_lexicon(lexicon, "subjects")["strangers"]
        self.strangers = re.compile("|".join(map(re.escape, strangers)))
        words = read_indicators(lexicon)
        self.built, self.new_thing, self.things = words.built, words.new_thing, words.things

    def clause_at(self, position: int) -> TextSpan:
        """:meth:`View.clause_at`, looked up; what stands in brackets (简称：…) ends no clause."""
        index = bisect_left(self._ends, position)
        end = self._ends[index] if index < len(self._ends) else len(self.view.text)
        return TextSpan(self._ends[index - 1] + 1 if index else 0, end)

    def sentence_at(self, position: int) -> TextSpan | None:
        """:meth:`View.sentence_at`, looked up."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and position < self.view.sentences[index].end:
            return self.view.sentences[index]
        return None

    def subjects(
        self,
        position: int,
        allows: Allows,
        *,
        built: bool = True,
        last: tuple[int, Placed] | None = None,
        said_to: int | None = None,
        main: bool = False,
    ) -> tuple[Placed, ...]:
        """Who the clause at ``position`` is about; of A的B it is B.

        ``built``: something the clause before says is built is the new topic. ``last``: where the figure before
        ends, and whose it is; a clause without a subject of its own goes on with it. ``said_to``: how far the clause
        is read for a stand-in, where that has become part of an indicator ([项目占地]25亩). ``main``: where the
        paragraph has named nothing so far, it is what the article is about.
        """
        sentence = self.sentence_at(position)
        if sentence is None:
            return ()
        clause = self._clipped(self.clause_at(position), sentence)
        end = position
        clause = TextSpan(max(clause.start, end - MAX_CLAUSE_CHARS), clause.end)
        stand: _Stand | None = None
        may_be = allows
        is_broken = False
        while True:
            if self._describes_stranger(clause, end) or self._is_source(clause):
                return ()
            found = self._subject_of(clause, end, allows)
            if found and is_broken:
                first = self._clipped(self.clause_at(sentence.start), sentence)
                found = self._subject_of(first, min(first.end, end), allows) or found
            if found:
                return self._last_of(found, end, allows)
            if last is not None and clause.start < last[0] <= end:
                return (last[1],)
            said_to = max(end, said_to or end)
            if (said := self.stands_in(clause, said_to)) is not None:
                stand, allows = said, self._narrowed(allows, said)
            elif (meant := self._refers(clause, said_to, allows)) is not None:
                return (meant,)
            elif self._opens_with_stranger(clause, end) or self.strangers.match(self.view.text, *self._opening(clause)):
                return ()
            before = self._clause_before(clause, sentence)
            if before is None:
                break
            if built and stand is None and not (last is not None and before.start < last[0] <= before.end):
                if (thing := self._built(before)) is not None and allows(thing.label_):
                    return (thing,)
                if self._builds_a_stranger(before):
                    return ()
            is_broken = is_broken or self._has_own_subject(before)
            clause, end, said_to = before, before.end, None
        if (carried := self._carried(sentence, allows)) and not self._acts(sentence, position):
            return carried
        if stand is not None:
            return self._in_sentence(sentence, position, may_be) or self._main(stand.classes, sentence.start, allows)
        return self._about(sentence, position, allows) if main else ()

    def subject(
        self,
        position: int,
        allows: Allows,
        *,
        built: bool = True,
        last: tuple[int, Placed] | None = None,
        said_to: int | None = None,
    ) -> Placed | None:
        """The same, where it is one thing."""
        found = self.subjects(position, allows, built=built, last=last, said_to=said_to)
        return found[-1] if len({placed.key for placed in found}) == 1 else None

    def built_before(self, position: int, reach: int = 1) -> Placed | None:
        """What one of the ``reach`` clauses before the one at ``position`` ends with as something built."""
        sentence = self.sentence_at(position)
        clause: TextSpan | None = self.clause_at(position)
        while sentence and clause and reach and (clause := self._clause_before(clause, sentence)):
            reach -= 1
            if (built := self._built(clause)) is not None:
                return built
        return None

    def honoured(self, event: Placed) -> Placed | None:
        """The thing that the name of a ceremony begins with: [甲基地]开工仪式."""
        said = event.span.of(self.view.text)
        if not said.endswith(("仪式", "典礼")):
            return None
        if self._surfaces is None:
            self._surfaces = {p.span.of(self.view.text): p for p in reversed(self.view.placed) if p.is_name}
        for length in range(len(said) - 2, 3, -1):
            if (placed := self._surfaces.get(said[:length])) is not None and placed.key != event.key:
                return placed
        return None

    def _clipped(self, clause: TextSpan, sentence: TextSpan) -> TextSpan:
        start = max(clause.start, sentence.start)
        return TextSpan(start, min(clause.end, sentence.end))

    def _clause_before(self, clause: TextSpan, sentence: TextSpan) -> TextSpan | None:
        if clause.start <= sentence.start:
            return None
        before = self.clause_at(clause.start - 1)
        end = clause.start - 1
        return TextSpan(max(before.start, sentence.start, end - MAX_CLAUSE_CHARS), end)

    def _subject_of(
        self, clause: TextSpan, end: int, allows: Allows, *, named_only: bool = False
    ) -> tuple[Placed, ...]:
        """The first name in a subject's place, with those it is listed with."""
        placed = [p for p in self.view.placed_in(TextSpan(clause.start, end)) if p.span.end <= end]
        for i, item in enumerate(placed):
            if not item.is_name and named_only:
                continue
            if not allows(item.label_) or not self._is_subject(item, clause) or self._is_counted(item.span.end):
                continue
            if self._names_more(item, end):
                return ()
            listed = [item]
            for other in placed[i + 1 :]:
                if not _LISTED_MORE.fullmatch(self.view.text, listed[-1].span.end, other.span.start):
                    break
                listed.append(other)
            found = tuple(other for other in listed if allows(other.label_))
            if not item.is_name and len(found) == 1 and not named_only:
                return self.meant(item, allows)
            return found
        return ()

    def meant(self, item: Placed, allows: Allows) -> tuple[Placed, ...]:
        """What 公司 means: the subject spoken of, where that is of its classes, before the one named last."""
        said = item.span.of(self.view.text)
        stand = next((stand for stand in self.stands if stand.is_subject and stand.pattern.fullmatch(said)), None)
        sentence = self.sentence_at(item.span.start)
        if stand is None or sentence is None:
            return (item,)
        narrowed = self._narrowed(allows, stand)
        main = self._outstanding(narrowed) or self._opening_one(stand, narrowed)
        if len(main) == 1 and main[0].span.start < item.span.start:
            return main
        for before in (sentence, *self._sentences_before(sentence)):
            for clause in self._clauses(before):
                end = min(clause.end, item.span.start, clause.start + MAX_CLAUSE_CHARS)
                if clause.start < end and (found := self._subject_of(clause, end, narrowed, named_only=True)):
                    return found if len(found) == 1 else (item,)
        return (item,)

    def _is_subject(self, item: Placed, clause: TextSpan) -> bool:
        """Whether no verb or preposition before a name makes it an object; what ends with 的 describes it."""
        text = self.view.text
        if _TELLS.match(text, item.span.end) and "从" in text[clause.start : item.span.start]:
            return False  # 记者从昨日闭幕的[博览会]获悉
        if self._says(item, clause):
            return False  # 《规划》提出，到2025年…: what it says is of others
        if _IS.search(text[clause.start : item.span.start]) and item.span.end == clause.end:
            return True  # “一核”即[甲开发区]，面积58平方公里
        if self.view.beside.before.search(text[max(clause.start, item.span.start - 4) : item.span.start]):
            return False
        if text[item.span.end : item.span.end + 1] in ("）", ")"):
            return False
        if text[item.span.start - 1 : item.span.start] in ("、", "和", "及", "与") and item.span.start > clause.start:
            return False  # 下辖甲镇、乙镇: what is listed behind another is nobody's subject
        if _BOUNDARY.search(text, clause.start, item.span.start):
            return False
        tokens = [t for t in tokens_in(self.view, TextSpan(clause.start, item.span.start)) if t.text.strip()]
        tokens = without_times(tokens)
        if [token.tag for token in tokens[:1]] == ["CONCEPT"] and tokens[-1].text == "是":
            return True  # 生物医药产业是[兰州高新区]重点发展的产业
        described = max((i for i, token in enumerate(tokens) if token.text in _ENDS_MODIFIER), default=-1)
        if any(token.tag in _VERBS or token.tag == "p" for token in tokens[described + 1 :]):
            return False
        if described >= 0 and tokens[described].text != "的":
            return True
        return not (item.span.end == clause.end and _has_predicate(tokens[: max(described, 0)]))

    def _is_counted(self, position: int) -> bool:
        """Whether a number at ``position`` counts what is before: 国家级企业品牌[2个]，…; not 甲园区[128家]企业."""
        index = bisect_left(self.figures, TextSpan(position, 0))
        if index == len(self.figures) or self.figures[index].start != position:
            return False
        return self.view.text[self.figures[index].end : self.figures[index].end + 1] in _MARKS

    def _names_more(self, item: Placed, end: int) -> bool:
        """Whether nouns right behind a name make it part of another's, that is no entity here: 甲县[乙产业园].

        A stage of something (公司[二期项目]) is no company.
        """
        stop = item.span.end
        may_be_staged = self.ontology.is_a(item.label_, "Organization")
        for token in tokens_in(self.view, TextSpan(stop, end)):
            is_stage = may_be_staged and STAGE.match(token.text) is not None
            if not is_stage and token.tag not in NOUN_TAGS | {"LOC", "ORG", "PER", "CONCEPT"}:
                break
            stop = token.span.end
        return item.span.end < stop <= end and self.things.search(self.view.text, item.span.end, stop) is not None

    def stands_in(self, clause: TextSpan, end: int) -> _Stand | None:
        """The stand-in a clause opens with: 项目建成后, 园区内."""
        start, _ = self._opening(clause)
        if self.view.placed_in(TextSpan(start, start + 1)):
            return None
        for stand in self.stands:
            if match := stand.pattern.match(self.view.text, start, end):
                return None if self._is_counted(match.end()) else stand
        return None

    def _has_own_subject(self, clause: TextSpan) -> bool:
        """Whether a plain noun acts in a clause (人才发展指数跃居第二): the topic after it is the sentence's first."""
        tokens = without_times([t for t in tokens_in(self.view, self._opening(clause)) if t.tag != "w"])
        nouns = 0
        while nouns < len(tokens) and tokens[nouns].tag in NOUN_TAGS:
            nouns += 1
        if not nouns or nouns == len(tokens) or self.stands_in(clause, clause.end) or self._has_figure(clause):
            return False
        return tokens[nouns].tag in ("v", "d", "ad", "vd")

    def _opens_with_stranger(self, clause: TextSpan, end: int) -> bool:
        """Whether a clause opens with the name of a thing that is no entity here: 西部光显产业园共有…."""
        return self._opens_with_thing(TextSpan(self._opening(clause).start, end))

    def _describes_stranger(self, clause: TextSpan, end: int) -> bool:
        """Whether a name only describes the thing spoken of, that is no entity here: 某园区投资建设的[水厂]已投用."""
        placed = next((p for p in self.view.placed_in(TextSpan(clause.start, end)) if p.span.end <= end), None)
        if placed is None or not self._is_subject(placed, clause):
            return False
        for match in re.finditer("的", self.view.text[placed.span.end : end]):
            modifier = TextSpan(placed.span.end, placed.span.end + match.start())
            if any(word.tag == "p" for word in self.view.words_in(modifier)):
                return False  # 甲县把全县唯一的园区定位为…
            if self._opens_with_thing(TextSpan(modifier.end + 1, end), MIN_CLIPPED_CHARS):
                return True
        return False

    def _is_source(self, clause: TextSpan) -> bool:
        """Whether a clause tells only which document or meeting says what follows: 通报显示."""
        named = self.view.placed_in(clause)[:1]
        return bool(named) and self._says(named[0], clause)

    def _says(self, item: Placed, clause: TextSpan) -> bool:
        is_source = item.label_ in ("Strategy", "Event")
        return is_source and _SAYS.fullmatch(self.view.text, item.span.end, clause.end) is not None

    def _opens_with_thing(self, span: TextSpan, least: int = 0) -> bool:
        """Whether nouns that end as names of things do open ``span``: ``least`` characters of them, and more behind."""
        tokens = without_times([t for t in tokens_in(self.view, span) if t.tag not in ("w", "d", "c")])
        stop = span.start
        for token in tokens:
            if token.tag not in NOUN_TAGS | {"LOC", "ORG", "CONCEPT"}:
                break
            stop = token.span.end
        if stop == span.start or not span.start + least <= stop < span.end:
            return False
        return self.things.search(self.view.text, span.start, stop) is not None

    def _refers(self, clause: TextSpan, end: int, allows: Allows) -> Placed | None:
        """What 该地图, 这座大桥, 后者 and 前者 at the start of a clause mean."""
        start, _ = self._opening(clause)
        if match := _PAIRED.match(self.view.text, start, end):
            return self._of_pair(start, match[0] == "后者", allows)
        if _THIS_IS.match(self.view.text, start, end):
            named = self.view.placed_in(TextSpan(max(0, start - MAX_PAIR_CHARS), start))
            if not named or not _ENDS_SENTENCE.fullmatch(self.view.text, named[-1].span.end, start):
                return None
            return named[-1] if allows(named[-1].label_) else None
        match = _THIS.match(self.view.text, start, end)
        if match is None:
            return self._clipped_name(start, end, allows)
        if self.view.placed_in(TextSpan(start, match.end() + 1)):
            return None
        before = [p for p in self._named_lately(start) if allows(p.label_)]
        said = self.view.text[match.end() : end]
        nouns = [said[:length] for length in range(min(MAX_NOUN_CHARS, len(said)), 1, -1)]
        nouns += [said[:1]] if said[:1] in tuple(_KINDS_OF_AREA) else []
        if "的" in said:  # 这座连接甲、乙的大桥全长
            run = said[said.rindex("的") + 1 :]
            nouns += [run[start:end] for end in range(len(run), 1, -1) for start in range(end - 1)]
        ahead = [p for p in self.view.placed_in(TextSpan(start, start + MAX_RECALL_CHARS)) if allows(p.label_)]
        for noun in nouns:
            for placed in (*reversed(before), *ahead):
                if _plain(placed.span.of(self.view.text)).endswith(noun):
                    return placed
        return None

    def _named_lately(self, position: int) -> tuple[Placed, ...]:
        return self.view.placed_in(TextSpan(max(0, position - MAX_RECALL_CHARS), position))

    def _clipped_name(self, start: int, end: int, allows: Allows) -> Placed | None:
        """What a clause means that opens with the end of a name said before: 物流港 for 锦岭铁路物流港."""
        if self.view.placed_in(TextSpan(start, start + 1)):
            return None
        for length in range(MAX_NOUN_CHARS, MIN_CLIPPED_CHARS - 1, -1):
            noun = self.view.text[start : min(end, start + length)]
            for placed in reversed(self._named_lately(start) if len(noun) == length else ()):
                name = _plain(placed.span.of(self.view.text))
                if allows(placed.label_) and name.removesuffix("项目").endswith(noun):
                    return placed
        return None

    def _of_pair(self, position: int, is_latter: bool, allows: Allows) -> Placed | None:
        """The latter or the former of the two things named last: right before, or side by side."""
        before = [p for p in self.view.placed_in(TextSpan(max(0, position - MAX_PAIR_CHARS), position)) if p.is_name]
        if is_latter and before and before[-1].span.end == position - 1:
            return before[-1] if allows(before[-1].label_) else None
        for first, second in reversed(list(pairwise(before))):
            between = self.view.text[first.span.end : second.span.start].strip("“”")
            if first.label_ == second.label_ and between in _LISTED and allows(first.label_):
                return second if is_latter else first
        return None

    def _opening(self, clause: TextSpan) -> TextSpan:
        """The clause from its first word on, times and what leads to them left out: 去年[该县…]."""
        start = clause.start
        words = [word for word in self.view.words_in(clause) if word.span.end <= clause.end]
        for i, word in enumerate(words):
            leads = word.tag in ("p", "v") and i + 1 < len(words) and words[i + 1].tag in _TIMES
            if not (leads or word.tag in _OPENERS) or any(
                p.span.overlaps(word.span) for p in self.view.placed_in(word.span)
            ):
                break
            start = word.span.end
        while start < clause.end and self.view.text[start] in " \u3000“":
            start += 1
        return TextSpan(start, clause.end)

    def _narrowed(self, allows: Allows, stand: _Stand) -> Allows:
        return lambda label: allows(label) and any(self.ontology.is_a(label, class_) for class_ in stand.classes)

    def _has_figure(self, clause: TextSpan) -> bool:
        """Whether a clause says a figure: 员工超过3200人."""
        index = bisect_left(self.figures, TextSpan(clause.start, 0))
        return index < len(self.figures) and self.figures[index].start < clause.end

    def _carried(self, sentence: TextSpan, allows: Allows) -> tuple[Placed, ...]:
        """The subject of the sentences before, in the same paragraph, the nearest first."""
        stand: _Stand | None = None
        for before in self._sentences_before(sentence):
            for clause in self._clauses(before):
                clause = TextSpan(clause.start, min(clause.end, clause.start + MAX_CLAUSE_CHARS))
                if found := self._subject_of(clause, clause.end, allows):
                    return self._last_of(found, clause.end, allows)
                if (said := self.stands_in(clause, clause.end)) is not None:
                    stand, allows = said, self._narrowed(allows, said)
                    break
                if (meant := self._refers(clause, clause.end, allows)) is not None:
                    return (meant,)
        return self._main(stand.classes, sentence.start, allows) if stand else ()

    def _clauses(self, sentence: TextSpan) -> Iterator[TextSpan]:
        clause = self._clipped(self.clause_at(sentence.start), sentence)
        yield clause
        while clause.end + 1 < sentence.end:
            clause = self._clipped(self.clause_at(clause.end + 1), sentence)
            yield clause

    def _in_sentence(self, sentence: TextSpan, position: int, allows: Allows) -> tuple[Placed, ...]:
        """Whose 项目 it is where none is named: the subject the sentence has."""
        for clause in self._clauses(sentence):
            if clause.start >= position or clause.end - clause.start > MAX_CLAUSE_CHARS:
                break
            if found := self._subject_of(clause, min(clause.end, position), allows):
                return self._last_of(found, min(clause.end, position), allows)
        return ()

    def _acts(self, sentence: TextSpan, position: int) -> bool:
        """Whether the sentence is about a company: what is said of its doings is not what was spoken of before."""
        found = self._in_sentence(sentence, position, lambda _: True)
        return any(self.ontology.is_a(placed.label_, "Company") for placed in found)

    def _about(self, sentence: TextSpan, position: int, allows: Allows) -> tuple[Placed, ...]:
        """What the article is clearly about, where the paragraph has named nothing that may be meant."""
        start = min((before.start for before in self._sentences_before(sentence)), default=sentence.start)
        if any(allows(placed.label_) for placed in self.view.placed_in(TextSpan(start, position))):
            return ()
        return tuple(placed for placed in self._outstanding(allows) if placed.span.start < position)

    def _sentences_before(self, sentence: TextSpan) -> Iterator[TextSpan]:
        sentences = self.view.sentences
        here = bisect_left(sentences, sentence)
        for index in reversed(range(max(0, here - MAX_RECALL_SENTENCES), here)):
            if "\n" in self.view.text[sentences[index].end : sentences[index + 1].start]:
                return
            yield sentences[index]

    def _main(self, classes: tuple[str, ...], position: int, allows: Allows) -> tuple[Placed, ...]:
        """The thing of ``classes`` that the text names most, of those it has named before."""
        if classes not in self._ranked:
            fits = [p for p in self.view.placed if any(self.ontology.is_a(p.label_, c) for c in classes)]
            firsts = {placed.key: placed for placed in reversed(fits)}
            ranks = Counter(placed.key for placed in fits).most_common()
            self._ranked[classes] = [
                (self.view.text.find(firsts[key].span.of(self.view.text)), firsts[key]) for key, _ in ranks
            ]
        ranked = [(said, placed) for said, placed in self._ranked[classes] if allows(placed.label_)]
        return tuple(placed for said, placed in ranked if said < position)[:1]

    def _opening_one(self, stand: _Stand, allows: Allows) -> tuple[Placed, ...]:
        """The thing of its classes that the text names first, where it names none more often."""
        main = self._main(stand.classes, len(self.view.text), allows)
        first = next((placed for placed in self.view.placed if allows(placed.label_)), None)
        return main if main and first is not None and first.key == main[0].key else ()

    def _outstanding(self, allows: Allows) -> tuple[Placed, ...]:
        """What the article is about, where it names one thing clearly more often than any other."""
        if self._counts is None:
            self._counts = Counter(
                p.key for p in self.view.placed if any(self.ontology.is_a(p.label_, c) for c in MAIN)
            )
            self._first = {placed.key: placed for placed in reversed(self.view.placed)}
        ranks = [(key, n) for key, n in self._counts.most_common() if allows(self._first[key].label_)]
        second = ranks[1][1] if len(ranks) > 1 else 0
        if not ranks:
            return ()
        opens = bool(self.view.sentences) and self._first[ranks[0][0]].span.start < self.view.sentences[0].end
        least = max(MIN_MAIN, MAIN_OVER_OTHERS * second)
        if opens or not second:
            least = min(least, max(MIN_ONLY, 2 * second))
        if ranks[0][1] < least:
            return ()
        return (self._first[ranks[0][0]],)

    def _builds_a_stranger(self, clause: TextSpan) -> bool:
        """Whether a clause ends with something built that is no entity here."""
        match = self.new_thing.search(self.view.text[clause.start : clause.end])
        if match is None:
            return False
        start = clause.start + match.start("thing")
        return not any(p.span.end == clause.end for p in self.view.placed_in(TextSpan(start, clause.end)))

    def _built(self, clause: TextSpan) -> Placed | None:
        for placed in self.view.placed_in(clause):
            behind = _BRACKETED.sub("", self.view.text[placed.span.end : clause.end])
            if behind in ("", "建设", "项目建设") and self.built.search(
                self.view.text[max(0, placed.span.start - 12) : placed.span.start]
            ):
                return placed
        return None

    def _last_of(self, found: tuple[Placed, ...], position: int, allows: Allows) -> tuple[Placed, ...]:
        """Of A的B, where the list is one thing, B."""
        subject = found[-1]
        clause = self.clause_at(subject.span.start)
        end = min(clause.end, position)
        for other in self.view.placed_in(TextSpan(subject.span.end, end)):
            if allows(other.label_) and _OF.fullmatch(self.view.text[subject.span.end : other.span.start]):
                subject = other
        return (subject,) if len(found) == 1 or subject is not found[-1] else found


def _plain(name: str) -> str:
    """A name without its marks and what stands in brackets at its end."""
    return re.sub("[（(][^（()）]*[)）]", "", name).rstrip("》”")


def without_times(tokens: list[Token]) -> list[Token]:
    """Without times and what leads to one: 到[2025年], 截至[去年底]."""
    return [
        token
        for i, token in enumerate(tokens)
        if token.tag not in _TIMES
        and not (token.tag in ("p", "v") and i + 1 < len(tokens) and tokens[i + 1].tag in _TIMES)
    ]


def _has_predicate(tokens: list[Token]) -> bool:
    """Whether a noun that no preposition leads stands before a verb: 项目位于…的."""
    for i, token in enumerate(tokens):
        if token.tag == "p":
            return False
        if token.tag in _NOMINAL and any(later.tag in _VERBS for later in tokens[i + 1 :]):
            return True
        if token.tag in _VERBS:
            return False
    return False
