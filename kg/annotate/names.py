"""Names by their heads: 福州数字内容产业园 is one IndustrialPark because 产业园 ends it.

In: the tagged words of a text and the lexicon's head nouns. Out: candidate mentions, which may overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.annotate.gazetteer import DISTRICT, gazetteer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.segments import area_pattern
from kg.annotate.view import Word
from kg.model import Mention, TextSpan

_NAMED_TAGS = frozenset({"LOC", "ORG", "nz", "nt", "ns"})
ENTITY_TAGS = frozenset({"LOC", "ORG", "PER"})
PROPER_TAGS = frozenset({"LOC", "ORG", "PER", "nz", "nr", "ns", "nt"})
_ORDINAL = re.compile(
    r"第?[一二三四五六七八九十百\d]+[届期次]|第[一二三四五六七八九十\d]+|首届|\d{4}(?:年度?|中国)?|[\dA-Za-z+\-]+"
)
_QUOTES = {"”": "“", "’": "‘", "』": "『", "」": "「", '"': '"', "》": "《"}
_BRACKETS = {"）": "（", ")": "("}
_AREA_ENDS = ("省", "市", "县", "区", "州", "旗", "镇", "乡")
_COUNTERS = ("个", "大", "家", "项", "批", "座", "条", "种", "类", "期", "亿", "万", "千", "百", "年", "次")
_LISTED = frozenset({"IndustrialPark", "DevelopmentZone", "Institution"})
_LIST_MARKS = frozenset("、和与及")
_JOINING = frozenset({"Project", "ResearchInstitute"})
_CONJUNCTIONS = frozenset("与和及")
_OPENING = re.compile(r"第[一二三四五六七八九十百\d]+届|首届|20\d\d")
_DASHES = frozenset("—－–")
_QUANTITY = re.compile(r"(?:年产|日产|年加工|年处理|年产量)?[\d.]+[余多]?[万亿千]?[\u4e00-\u9fffA-Za-z/]{1,4}$")
_DESCRIBED = frozenset({"IndustrialPark", "Facility", "ResearchInstitute", "Event"})
MIN_DESCRIPTION_CHARS = 6
MAX_NAME_CHARS = 42


@dataclass(frozen=True)
class _Head:
    label_: str
    needs_name: bool
    alone: bool
    specific: bool
    brand_only: bool
    quoted: bool
    quoted_only: bool


@dataclass(frozen=True)
class HeadLexicon:
    """The head nouns, the words a name never holds, and the modifiers that do not make one."""

    heads: Mapping[str, _Head]
    codes: tuple[tuple[str, re.Pattern[str]], ...]
    pattern: re.Pattern[str]
    area: re.Pattern[str]
    time_names: frozenset[str]
    event_verbs: frozenset[str]
    company_never: frozenset[str]
    leading: re.Pattern[str]
    carriers: frozenset[str]
    part: re.Pattern[str]
    strict: frozenset[str]
    company_intro: re.Pattern[str]
    titles: frozenset[str]
    bylines: tuple[str, ...]
    industries: re.Pattern[str]
    not_before: Mapping[str, tuple[str, ...]]
    inside_tags: frozenset[str]
    never: frozenset[str]
    start_never: frozenset[str]
    name_verbs: frozenset[str]
    generic: frozenset[str]
    generic_words: re.Pattern[str]

    @staticmethod
    @cache
    def load(folder: Path) -> HeadLexicon:
        """Read ``heads``, ``boundaries`` and ``terms`` of a lexicon folder."""
        data: dict[str, Any] = read_lexicon(folder, "heads")
        limits: dict[str, Any] = read_lexicon(folder, "boundaries")
        terms: dict[str, Any] = read_lexicon(folder, "terms")
        heads: dict[str, _Head] = {}
        for label, entry in data.items():
            for head in entry["heads"]:
                heads.setdefault(
                    head,
                    _Head(
                        label,
                        head in entry.get("needs_name", ()),
                        head in entry.get("alone", ()),
                        head in entry.get("specific", ()),
                        head in entry.get("brand_only", ()),
                        bool(entry.get("quoted", False)),
                        head in entry.get("quoted_only", ()),
                    ),
                )
        ordered = sorted(heads, key=len, reverse=True)
        return HeadLexicon(
            heads,
            tuple((label, re.compile(row["codes"])) for label, row in data.items() if "codes" in row),
            re.compile("|".join(map(re.escape, ordered))),
            area_pattern(folder),
            frozenset(limits["time_names"]),
            frozenset(limits["event_verbs"]),
            frozenset(limits["company_never"]),
            re.compile("|".join(limits["leading"])),
            frozenset(limits["carriers"]),
            re.compile(limits["part"]),
            frozenset(limits["strict"]),
            re.compile(limits["company_intro"]),
            frozenset(read_lexicon(folder, "titles")["body"]),
            tuple(read_lexicon(folder, "titles")["marks"]),
            re.compile("|".join(map(re.escape, sorted(_concepts(terms), key=len, reverse=True)))),
            {head: tuple(following) for head, following in limits["not_before"].items()},
            frozenset(limits["inside_tags"]),
            frozenset(limits["never"]),
            frozenset(limits["start_never"]),
            frozenset(_listed(terms["name_verbs"])),
            frozenset(_listed(terms["generic_modifiers"])),
            re.compile("|".join(map(re.escape, sorted(_listed(terms["generic_modifiers"]), key=len, reverse=True)))),
        )


def _concepts(terms: Mapping[str, Any]) -> set[str]:
    """Everything that the lexicon knows as an industry or a technology."""
    rows = (terms["Industry"], terms["Technology"])
    return {term for row in rows for kind in ("terms", "by_suffix", "needs_list") for term in row.get(kind, ())}


def class_by_head(folder: Path, name: str) -> str | None:
    """The class that the longest head noun at the end of ``name`` tells; None where none does."""
    lexicon = HeadLexicon.load(folder)
    match = next((m for m in lexicon.pattern.finditer(name) if m.end() == len(name)), None)
    return lexicon.heads[match[0]].label_ if match else None


def is_head(folder: Path, name: str) -> bool:
    """Whether ``name`` is a head noun and nothing else."""
    return name in HeadLexicon.load(folder).heads


def _listed(entry: Any) -> Sequence[str]:
    """A term list, written plainly or under ``terms`` beside its examples."""
    terms: Sequence[str] = entry["terms"] if isinstance(entry, dict) else entry
    return terms


class NameFinder:
    """Finds the names that end with a head noun in one text."""

    def __init__(self, lexicon: HeadLexicon, text: str, words: Sequence[Word]) -> None:
        self.lexicon = lexicon
        self.text = text
        self.words = words
        self._starts = [word.span.start for word in words]
        self._ends = {word.span.end for word in words}
        terms = [TextSpan(*match.span()) for match in lexicon.industries.finditer(text)]
        self._terms = frozenset(terms)
        self._inside_terms = {position for term in terms for position in range(term.start + 1, term.end)}

    def find(self) -> Iterator[Mention]:
        """Candidate mentions, in the order of their heads; they may overlap."""
        found: dict[int, int] = {}  # end → start of the longest head that ends there
        position = 0
        while match := self.lexicon.pattern.search(self.text, position):
            position = match.start() + 1
            found.setdefault(match.end(), match.start())
        weak: list[Mention] = []
        strong: list[Mention] = []
        for end in sorted(found):
            mention = self._name(found[end], end)
            if mention:
                (weak if mention.rule == "weak" else strong).append(mention)
        yield from strong
        yield from self._beside_names(weak, strong)
        for label, pattern in self.lexicon.codes:
            for match in pattern.finditer(self.text):
                if match.end() in self._ends or not self.text[match.end() :][:1].isalnum():
                    yield Mention(TextSpan(*match.span()), match[0], label, f"head:{label}")

    def _beside_names(self, weak: Sequence[Mention], strong: Sequence[Mention]) -> Iterator[Mention]:
        """What is listed beside a name of its class is a name: 民营工业集中区、金城科技区."""
        starts = {(mention.span.start, mention.label_) for mention in strong}
        ends = {(mention.span.end, mention.label_) for mention in strong}
        for mention in weak:
            start, end = mention.span
            after = self.text[end : end + 1] in _LIST_MARKS and (end + 1, mention.label_) in starts
            if after or (self.text[start - 1 : start] in _LIST_MARKS and (start - 1, mention.label_) in ends):
                yield Mention(mention.span, mention.text, mention.label_, f"head:{mention.label_}")

    def _word_index(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1

    def _name(self, head_start: int, end: int) -> Mention | None:
        head_text = self.text[head_start:end]
        head = self.lexicon.heads[head_text]
        if end not in self._ends and not (head.alone and self._before_title(end)):
            return None
        if self.text.startswith(self.lexicon.not_before.get(head_text, ("\0",)), end):
            return None
        index = self._word_index(head_start)
        word = self.words[index]
        if len(head_text) == 1 and (end - word.span.start < 3 or word.tag not in _NAMED_TAGS):
            if word.span.start < head_start:
                return None  # the 局 of 布局, the 港 of 沪港
        if head.label_ == "Company" and word.text in self.lexicon.company_never:
            return None
        if end in self._inside_terms:
            return None  # the 临港 of 临港经济
        if word.span.start < head_start and word.span.end == end and head.brand_only and word.tag != "ORG":
            return None
        start = self._trim(self._reach_left(index, head), head_start)
        if start is not None and head.label_ == "Event":
            start = self._joined(start, head)
        if start is not None and head.label_ in _JOINING:
            start = self._coordinated(start, head, head_start)
        if start is None or end - start > MAX_NAME_CHARS:
            return None
        if start < head_start:
            start = self._with_quantity(start, head)
        start = self._with_bracket(start, end, head)
        if leading := self.lexicon.leading.match(self.text, start, head_start):
            start = leading.end()
        if head.label_ == "Company" and (intro := self.lexicon.company_intro.match(self.text, start, head_start)):
            start = intro.end()
        if head.alone and not self._is_area(start, head_start):
            start = head_start
        modifier = self.text[start:head_start]
        if modifier[:1] in _BRACKETS.values():
            return None
        named = self._names_one(start, head_start, end, head, modifier)
        if not named and not (modifier and head.label_ in _LISTED):
            return None
        part = self.lexicon.part.match(self.text, end)
        if part and part.end() in self._ends:
            end = part.end()
        span = TextSpan(start, end)
        if span in self._terms:
            return None  # 集成电路 is no road
        if self._is_known_area(span.of(self.text), head_text, head.label_):
            return None
        label = self._carried_class(modifier) if head_text in self.lexicon.carriers else None
        return Mention(span, span.of(self.text), label or head.label_, f"head:{head.label_}" if named else "weak")

    def _is_known_area(self, name: str, head_text: str, label: str) -> bool:
        """香港 is no harbour, 上街区 no quarter; new districts are zones."""
        known = gazetteer()
        if len(head_text) == 1:
            return name in known
        return label == "Zone" and head_text != "新区" and any(len(area.path) <= DISTRICT for area in known.full(name))

    def _carried_class(self, modifier: str) -> str | None:
        """渭北理工大学|秦禾校区 is what its carrier is."""
        inner = [m[0] for m in self.lexicon.pattern.finditer(modifier)]
        return self.lexicon.heads[inner[-1]].label_ if inner else None

    def _is_area(self, start: int, end: int) -> bool:
        """Whether what stands before 市委 or 省政府 can be the area it governs."""
        modifier, word = self.text[start:end], self.words[self._word_index(start)]
        glued = word.tag == "ORG" and word.span.start == start and word.span.end > end
        return modifier in gazetteer() or word.tag == "LOC" or glued or modifier[-1:] in _AREA_ENDS

    def _with_bracket(self, start: int, end: int, head: _Head) -> int:
        """巨升(|浙江)科技有限公司: a word that holds only the closing bracket brings what stands before the opening."""
        name = self.text[start:end]
        if not re.match(r"[^（(]{1,8}[）)]", name) or self.text[start - 1 : start] not in {"(", "（"}:
            return start
        index = self._word_index(start - 1) - 1
        if index < 0 or not self._belongs(self.words[index], head, index):
            return start
        return self._reach_left(index, head)

    def _with_quantity(self, start: int, head: _Head) -> int:
        """年产5万吨|锂电负极材料项目 begins with its capacity."""
        if head.label_ != "Project":
            return start
        match = _QUANTITY.search(self.text, max(0, start - 14), start)
        index = self._word_index(start - 1)
        return match.start() if match and self.words[index].tag in {"m", "q"} else start

    def _joined(self, start: int, head: _Head) -> int:
        """第五届A暨B合作|与|C洽谈会: an event's name holds a conjunction where an ordinal or a year opens it."""
        position = start
        while (index := self._word_index(position - 1)) > 0 and self.words[index].text in _CONJUNCTIONS:
            before = self.words[index - 1]
            if before.span.end != self.words[index].span.start or not self._belongs(before, head, index - 1):
                return start
            position = self._reach_left(index, head)
            if _OPENING.match(self.text, position):
                inside = self.text[position : self.words[index].span.start]
                ended = any(m.end() == len(inside) for m in self.lexicon.pattern.finditer(inside))
                return start if ended else position
        return start

    def _coordinated(self, start: int, head: _Head, head_start: int) -> int:
        """淄博绿色化工|与|功能材料省实验室: a description goes on to the left of a conjunction, up to what it is named by."""
        index = self._word_index(start - 1)
        if index < 1 or self.words[index].text not in _CONJUNCTIONS or self.words[index].span.end != start:
            return start
        before, inner = self.words[index - 1], self.words[self._word_index(start) : self._word_index(head_start)]
        if before.span.end != self.words[index].span.start or not self._belongs(before, head, index - 1):
            return start
        left = self._trim(self._reach_left(index, head), self.words[index].span.start)
        end = self.words[index].span.start
        if left is None or left >= end or any(word.tag in {"ORG", "PER"} for word in inner):
            return start
        first = self.words[self._word_index(left)]
        named = first.tag in PROPER_TAGS or any(term.start >= left and term.end == end for term in self._terms)
        ended = any(m.end() == end for m in self.lexicon.pattern.finditer(self.text, left, end))
        return left if named and not ended and first.span.end < end else start

    def _before_title(self, end: int) -> bool:
        """Whether the rest of the word at ``end`` is a title: 润州区委|书记."""
        word = self.words[self._word_index(end)]
        return word.span.start < end and self.text[end : word.span.end] in self.lexicon.titles

    def _reach_left(self, index: int, head: _Head) -> int:
        """The start of the leftmost word that can belong to the name whose head is in word ``index``."""
        start = self.words[index].span.start
        i = index - 1
        floor = start - MAX_NAME_CHARS
        while i >= 0 and self.words[i].span.end == start and start > floor:
            word = self.words[i]
            if word.text in _QUOTES or word.text in _BRACKETS:
                opening = self._opening(i)
                if opening is None:
                    break
                inner = self.text[self.words[opening].span.end : word.span.start]
                is_bracket = word.text in _BRACKETS
                if len(inner) > (36 if word.text == "》" or head.label_ == "Strategy" else 14) or (
                    is_bracket
                    and (not self._is_bracket_part(opening) or len(inner) > 6 or inner.startswith(self.lexicon.bylines))
                ):
                    break
                if word.text == "》" and head.label_ not in {"Event", "Project"}:
                    break
                i, start = opening, self.words[opening].span.start
                if head.quoted:
                    break
            elif self._belongs(word, head, i):
                start = word.span.start
            else:
                break
            i -= 1
        return start

    def _opening(self, closing: int) -> int | None:
        mark = self.words[closing].text
        wanted = _QUOTES.get(mark) or _BRACKETS[mark]
        for i in range(closing - 1, max(-1, closing - 24), -1):
            if self.words[i].text == wanted:
                return i
            if self.words[i].text in "，。；！？：\n":
                return None
        return None

    def _is_bracket_part(self, opening: int) -> bool:
        """Whether what stands before an inner bracket is part of a name, as in 数字映像(中国)有限公司."""
        return opening > 0 and self.words[opening - 1].tag in self.lexicon.inside_tags | {"v", "m"}

    def _belongs(self, word: Word, head: _Head, index: int) -> bool:
        text, tag = word.text, word.tag
        lexicon = self.lexicon
        if text in lexicon.time_names:
            return True
        if head.label_ == "Event" and text in lexicon.event_verbs:
            return True
        if text == "沿":
            return head.label_ in {"Belt", "Corridor", "Zone"}
        if text in _DASHES or (head.label_ == "Road" and text == "至"):
            return index > 0 and self.words[index - 1].tag in PROPER_TAGS
        if head.label_ == "Company" and text in lexicon.company_never:
            return False
        if text == "项目" and head.label_ not in {"Project", "Event", "GovernmentBody"}:
            return False
        if (text in lexicon.never and (tag != "vn" or head.label_ in lexicon.strict)) or (
            tag == "TIME" and head.label_ not in {"Event", "Strategy"}
        ):
            return False
        if tag == "TIME":
            return bool(re.fullmatch(r"\d{4}年?度?", text))
        if text in lexicon.name_verbs or word.span.start + 1 in self._inside_terms:
            return True
        if _ORDINAL.fullmatch(text) or (head.label_ == "Event" and re.fullmatch(r"\d{4}[\u4e00-\u9fff]+", text)):
            return True
        if tag in lexicon.inside_tags:
            return True
        if text in {"·", "-", "&", "+"}:
            return True
        if text == "暨" and head.label_ == "Event":
            return True
        before = self.words[index - 1] if index > 0 else None
        if before and len(text) == len(before.text) == 1 and before.span.end == word.span.start and tag == "v":
            return head.label_ in {*_DESCRIBED, "Project"} and before.tag in {
                "n",
                "nz",
                "a",
                "vn",
            }  # 光|显产业园: a word that the model does not know
        if head.label_ == "Company" and tag == "m" and re.fullmatch("[\u4e00-\u9fff]{2,3}", text):
            return not text.endswith(_COUNTERS)  # 千乘镜像(北京)科技有限公司
        if head.label_ == "Project" and re.fullmatch("[一二三四五六七八九十双多半]\\w", text):
            return tag == "m" and not text.endswith(_COUNTERS)  # 六轴机器人智能工厂项目
        # 一中, 二附小: a numeral inside a name, but not a quantity
        return tag == "m" and before is not None and before.tag in PROPER_TAGS and len(text) == 1

    def _trim(self, start: int, head_start: int) -> int | None:
        """Drop leading words that no name begins with, and areas that the name proper stands in."""
        index = self._word_index(start)
        while index < len(self.words):
            word = self.words[index]
            if word.span.start >= head_start:
                return word.span.start
            text = word.text
            if word.span.end in self._inside_terms:
                break  # 大|数据产业孵化基地
            if text in self.lexicon.start_never or text in {"·", "-", "&", "+"} or text in _BRACKETS:
                index += 1
                continue
            if self._is_area_before_a_name(index, head_start):
                index += 1
                continue
            if text in self.lexicon.name_verbs and word.tag in {"v", "ad", "d"} and index + 1 < len(self.words):
                following = self.words[index + 1]
                if following.tag in PROPER_TAGS or following.text in _QUOTES.values():
                    index += 1
                    continue
            break
        return self.words[index].span.start if index < len(self.words) else None

    def _is_area_before_a_name(self, index: int, head_start: int) -> bool:
        """Whether word ``index`` is an area that the name itself or its own area lies in (吉安市|永丰县人民政府)."""
        word = self.words[index]
        following = self.words[index + 1] if index + 1 < len(self.words) else None
        if word.tag != "LOC" or following is None or following.span.start > head_start:
            return False
        if not re.search("[省市县州区镇乡]$", word.text) or word.text.endswith("地区"):
            return False
        if self.lexicon.area.match(self.text, following.span.start, head_start + 1):
            return True
        return following.tag in ENTITY_TAGS and len(following.text) > 1 and following.span.start < head_start

    def _names_one(self, start: int, head_start: int, end: int, head: _Head, modifier: str) -> bool:
        if not modifier:
            word = self.words[self._word_index(head_start)]
            whole = word.span == TextSpan(head_start, end)
            return head.alone and (whole or (word.span.start == head_start and self._before_title(end)))
        parts = self.words[self._word_index(start) : self._word_index(end - 1) + 1]
        proper = any(
            w.tag in PROPER_TAGS
            and w.text not in self.lexicon.generic
            and len(w.text) > 1
            and w.span.start < head_start
            and w.span not in self._terms
            and modifier not in self.lexicon.generic
            for w in parts
        ) or any(mark in modifier for mark in "“‘「《")
        if head.alone:
            return True
        if not proper and self._is_described(start, head.specific):
            return False
        if head.brand_only:
            # 华科光电 is a company only if the lexical model saw an organisation or a name in front of the trade
            first = parts[0]
            whole = first.span == TextSpan(start, end) and first.tag == "ORG"
            branded = first.tag in {"ORG", "PER", "nz"} and first.span.start == start and first.span.end <= head_start
            return whole or (branded and len(parts) == 2)
        if head.quoted_only and not any(mark in modifier for mark in "“‘「"):
            return False
        if head.label_ == "Road" and self.lexicon.area.fullmatch(modifier):
            return False  # 乌岩市|高速公路
        if head.needs_name:
            long = head.label_ in _DESCRIBED and self._content(parts, head_start) >= MIN_DESCRIPTION_CHARS
            return proper or long or bool(re.search(r"第[一二三四五六七八九十\d]+|[A-Za-z\d]", modifier))
        content = self._content(parts, head_start)
        if head.specific:
            return self._is_specific(head_start, parts, modifier)
        return proper or content >= 2 or modifier in _AREA_ENDS

    def _is_described(self, start: int, by_adjective: bool) -> bool:
        """Whether an adjective or a clause stands before a phrase without a name: 最大的|电动汽车生产基地."""
        if self.text[start - 1 : start] != "的":
            return False
        before = self.words[self._word_index(start - 2)]
        if by_adjective:  # 建设的|海上风电装备基地项目 is one
            return before.tag == "a"
        return before.tag in {"a", "ad", "v", "vn", "d"} or before.text in {"一体", "规模"}

    def _is_specific(self, head_start: int, parts: Sequence[Word], modifier: str) -> bool:
        """Whether a project's name says which one: more than an area and an industry."""
        if re.match(r"\d+[个项条家座批类]", modifier):
            return False  # 6条PPP道路项目
        if re.search("[“‘「]|[A-Za-z]{2}|\\d(?![\\d个项])", modifier):
            return True
        said = [w for w in parts if w.span.start < head_start and w.text not in self.lexicon.generic]
        left = "".join(w.text for w in said if w.tag not in {"LOC", "TIME"} and w.text not in self.lexicon.name_verbs)
        left = self.lexicon.industries.sub("", left)
        named = any(w.tag in {"ORG", "PER", "nz", "nr", "nt"} for w in said)
        placed = any(w.tag == "LOC" for w in said) and any(
            m.end() == len(modifier) for m in self.lexicon.pattern.finditer(modifier)
        )
        return named or placed or len(left) >= 4

    def _content(self, parts: Sequence[Word], head_start: int) -> int:
        """How many characters before the head say which one it is."""
        said = self.text[parts[0].span.start : head_start]
        return len(self.lexicon.generic_words.sub("", said))
