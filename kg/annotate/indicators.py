"""How a noun phrase beside a number becomes the name of an indicator, by ``indicators.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kg.annotate.gazetteer import gazetteer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.quantities import Quantity
from kg.annotate.view import View
from kg.model import TextSpan

MAX_INDICATOR_CHARS = 18
NOUN_TAGS = frozenset({"n", "nz", "nw", "vn", "an", "a", "b", "j", "s", "nr", "ns", "nt", "xc"})
CONCEPTS = ("Industry", "Technology", "Designation")
"""Classes whose names stand inside an indicator: 光电产业总产值."""


_PAIR = re.compile(r"(?P<first>\w{2})(?:和|、|与)(?P<second>\w{2})(?P<rest>(?:常住)?居民[^，,、和]{2,12})$")
_LISTED = re.compile("、|和|及|与|以及")
_BOUND = re.compile(r"(?:[0-9.十百千]*[万亿]元(?:及)?|规模|限额)以上$")  # 亿元以上[产业项目]
_SUFFIXES = ("率", "量", "额", "数", "值")  # that make a noun of the verb before: 拥有量, 可办率
STAGE = re.compile("第|首期|首批|[一二三四五六]期")


class Token(NamedTuple):
    """A word, a time or the name of a thing, as one piece. ``tag`` is LAC's, or ENT or TIME."""

    span: TextSpan
    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measured indicator is a measure of: see the head of ``indicators.yaml``."""

    heads: tuple[str, ...]
    kinds: frozenset[str]
    classes: tuple[str, ...]
    units: frozenset[str] = frozenset()
    fixed: bool = False
    whole: bool = False
    just_named: bool = False
    share: bool = False
    built: bool = False


class Indicators:
    """The lexicon, compiled."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.measures = [_measure(row) for row in data["measures"]]
        growth = data["growth"]
        self.rise = _ending(growth["rise"], "(?:[了达为约]|超过)?")
        self.fall = _ending(growth["fall"], "[了达为]?")
        grows = _any([*growth["rise"], *growth["fall"]])
        self.compared = re.compile(f"(?:比|较)[^，,；;。]{{1,8}}?(?:{grows})了?$")
        self.growth_between = re.compile(f"(?:{_any(growth['between'])})+$")
        self.growth_ending: str = growth["ending"]
        self.pairs: dict[str, list[str]] = data["pairs"]
        self.produced = re.compile(rf"(?:{_any(data['produced'])})[^，,\d]{{1,24}}$")
        self.producing = _ending(data["produced"], once=True)
        self.of_origin = frozenset(data["of_origin"])
        self.defaults: dict[str, str] = data["defaults"]
        self.produces = tuple(data["produced"])
        self.members = re.compile(f"(?:{_any(data['member_of'])})(?:全国|全省|全市|国家|省|市|首批)*$")
        self.change_to = re.compile(rf"^[^，,；;。]{{0,4}}?(?:{_any(data['change_to'])})了?(?:[^，,；;。]{{0,10}}的)?")
        self.of_events = re.compile(_any(data["of_events"]))
        self.holds = re.compile(_any(data["holds"]))
        self.holding = re.compile(f"的?(?:{_any(data['holding'])})")
        self.ability = re.compile(_any(data["ability"]))
        self.in_all = re.compile(_any(data["in_all"]))
        moves = _any([*growth["rise"], *growth["fall"], *data["points"]])
        self.points = re.compile(
            f"(?:同比|(?:比|较)[^，,；;。]{{1,14}}?)?(?P<verb>(?:{moves})(?!速|幅|长率)[^，,；;。]{{0,14}}?)了?$"
        )
        self.takes = re.compile(f"(?:{_any(data['takes'])})$")
        self.reach = {
            kind: re.compile(f"(?P<said>{said})(?:{_any(data['links'])})*$") for kind, said in data["reach"].items()
        }
        self.reached = tuple(data["reached"])
        self.links = _ending([*data["links"]])
        self.light_verbs = frozenset(data["light_verbs"])
        self.kept_verbs = frozenset(data["kept_verbs"])
        self.light_ending = _ending([*data["light_verbs"], *data["links"]], once=True)
        self.kept_ending = _ending(data["kept_verbs"], once=True)
        self.dropped = re.compile(f"(?:{_any(data['dropped_prefixes'])})+")
        self.not_indicators = frozenset(data["not_indicators"])
        self.counted_classes = tuple(data["counted"]["classes"])
        self.built = re.compile(rf"(?:{_any(data['built'])})(?:了|一座|一个|全资|控股|子公司|公司)*[“]?$")
        self.builds = re.compile(
            rf"(?:用于|用来|计划|将|拟|投资|共同|合作)*(?:{_any(data['built'])})(?:了|一座|一个)?[“]?"
        )
        ends = _any(data["built_things"])
        self.new_thing = re.compile(
            rf"(?:{_any(data['built'])})了?(?P<thing>(?!的)[^，,；;。]{{2,24}}(?:{ends}))[”》]?$"
        )
        self.things = re.compile(f"(?:{_any([*data['built_things'], *data['named_things']])})$")
        self.no_things = re.compile(f"(?:{ends})+$")
        self.once_built = re.compile(f"(?:全部|全面)?(?:{_any(data['once_built'])})")
        self.lasting_plans = re.compile(_any(data["lasting_plans"]))
        self.plans = re.compile(rf"(?:{_any(data['plans'])})(?!了)")  # 规划建设了: done
        self.actual = re.compile(_any(data["actual"]))

    def measure(self, text: str, quantity: Quantity) -> tuple[Measure, str] | None:
        """The measure whose head ends ``text``, and the head; the longest head wins."""
        best: tuple[Measure, str] | None = None
        for measure in self.measures:
            if quantity.kind not in measure.kinds or (measure.units and quantity.unit not in measure.units):
                continue
            for head in measure.heads:
                if text.endswith(head) and (best is None or len(head) > len(best[1])):
                    best = measure, head
        return best

    def head_of(self, text: str) -> str:
        """The longest head of any measure that ends ``text``; empty where none does."""
        heads = (head for measure in self.measures for head in measure.heads if text.endswith(head))
        return max(heads, key=len, default="")

    def paired(self, text: str) -> tuple[str, str] | None:
        """The two names in 城乡居民收入 or 城镇和农村居民收入."""
        for word, (first, second) in self.pairs.items():
            if (start := text.find(word)) >= 0 and len(text) - start <= MAX_INDICATOR_CHARS:
                rest = text[start + len(word) :].strip()
                return first + rest, second + rest
        if match := _PAIR.search(text):
            return match["first"] + match["rest"], match["second"] + match["rest"]
        return None

    def without_verb(self, name: str) -> str:
        """What is counted, without what is done with it: 新增[规上企业]."""
        verb = max((verb for verb in self.kept_verbs if name.startswith(verb)), key=len, default="")
        return name[len(verb) :] if len(name) - len(verb) >= 2 else name

    def listed(self, text: str) -> tuple[str, ...]:
        """The names of a list of indicators: 地区生产总值、工业增加值和进出口总额."""
        if (pair := self.paired(text)) is not None:
            return pair
        names = tuple(self.clean(name.strip()) for name in _LISTED.split(text))
        fit = all(2 <= len(name) <= MAX_INDICATOR_CHARS and name not in self.not_indicators for name in names)
        return names if fit and len(names) > 1 else ()

    def clean(self, name: str) -> str:
        """``name`` without spaces and without the words that say nothing in front."""
        name = re.sub(r"\s", "", name)
        name = self.once_built.sub("", name).strip('“”"') or name
        match = self.dropped.match(name)
        return name[match.end() :] if match and len(name) - match.end() >= 2 else name

    def left_phrase(self, view: View, tokens: list[Token], head: str = "") -> TextSpan | None:
        """The noun phrase that ends where ``tokens`` end. ``head``: its ending, a noun whatever its tags."""
        if not tokens:
            return None
        end = tokens[-1].span.end
        start = end - len(head)
        if not head:
            if not self._is_named_by(tokens[-1]):
                return None
            start = tokens[-1].span.start
        for index in reversed(range(len(tokens))):
            token = tokens[index]
            if token.span.start >= start and not head:
                continue
            if token.span.start >= end - len(head) and head:
                start = min(start, token.span.start)
                continue
            if token.span.end > start:  # the head begins inside this word
                start = token.span.start
                continue
            if token.text in self.kept_verbs and token.text not in self.light_verbs:
                start = self._verbs_from(tokens, index)
                break
            if not self._is_inside(tokens, index):
                break
            start = token.span.start
        for cut in ("以上", "上", ""):  # the lexical model may cut within 以上
            said = view.text[tokens[0].span.start : start] + (cut if view.text.startswith(cut, start) else "")
            if bound := _BOUND.search(said):
                start -= len(bound[0]) - (len(said) - (start - tokens[0].span.start))
                break
        phrase = TextSpan(start, end)
        return phrase if 0 < end - start <= MAX_INDICATOR_CHARS and view.text[start:end].strip() else None

    def _is_named_by(self, last: Token) -> bool:
        """Whether an indicator may end so: with a noun, or with what is done (带动[就业]400人)."""
        if last.text in _SUFFIXES:
            return True
        if last.tag in NOUN_TAGS or last.tag in ("ORG", "CONCEPT") or last.text.startswith("以上"):
            return last.text not in self.light_verbs
        return last.text in self.kept_verbs or (
            last.tag == "v" and len(last.text) > 1 and last.text not in self.light_verbs
        )

    def _verbs_from(self, tokens: list[Token], index: int) -> int:
        """Where the verbs that end at ``index`` begin: 公开发行, 新增授权."""
        while index:
            before = tokens[index - 1].text
            if before not in self.kept_verbs and before + tokens[index].text not in self.kept_verbs:
                break
            index -= 1
        return tokens[index].span.start

    def _is_inside(self, tokens: list[Token], index: int) -> bool:
        token = tokens[index]
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.tag == "v" and after is not None and after.text in _SUFFIXES:
            return True  # [拥有]量
        if token.text in self.light_verbs and (token.tag == "v" or index + 1 == len(tokens)):
            return False
        if token.tag in ("LOC", "ns"):
            return not is_proper(token.text, token.tag)
        if token.tag in NOUN_TAGS or token.tag == "CONCEPT":
            return True
        if token.text in ("、", "和", "及", "与") and 0 < index < len(tokens) - 1:
            before, after = tokens[index - 1], tokens[index + 1]
            return (
                before.tag in (*NOUN_TAGS, "v")
                and after.tag in (*NOUN_TAGS, "v")
                and len(before.text) == len(after.text)
            )
        if token.tag == "m":
            return STAGE.match(token.text) is not None
        if token.text.startswith("以上"):  # 规模[以上工业企业], as the lexical model cuts it
            return index > 0
        return token.tag in ("f", "v") and len(token.text) == 1 and index + 1 < len(tokens)

    def right_phrase(self, view: View, start: int, end: int) -> TextSpan | None:
        """The counted noun that begins at ``start``: 306家[国家高新技术企业]."""
        if view.text.startswith("人的", start - 1):  # 3.5万人的就业岗位
            start += 1
        stop = start
        tokens = tokens_in(view, TextSpan(start, end))
        for index, token in enumerate(tokens):
            if token.span.start != stop:
                break
            joins = token.text in ("和", "及", "与") and stop > start and index + 1 < len(tokens)
            if joins and tokens[index + 1].tag in ("n", "nz") and len(tokens[index + 1].text) > 1:
                stop = token.span.end
                continue
            is_link = token.text in ("以上", "左右")
            if token.tag not in NOUN_TAGS and token.tag not in ("CONCEPT", "LOC", "ORG") and not is_link:
                break
            if token.text in ("同台", "共同", "同时", "等") or is_link:
                break
            stop = token.span.end
        if stop == start or stop - start > MAX_INDICATOR_CHARS or view.text[stop : stop + 1] == "之":
            return None
        if view.text[stop : stop + 1] == "的" and view.text[start:stop] not in self.of_origin:
            return None
        return TextSpan(start, stop)


def is_proper(text: str, tag: str) -> bool:
    """Whether a word the lexical model takes for a place or body names one: 高速公路 does not."""
    if tag in ("ORG", "nt"):
        return True
    return tag in ("LOC", "ns") and (text in gazetteer() or text.endswith(("省", "市", "县", "区", "镇", "乡")))


@cache
def read_indicators(lexicon: Path) -> Indicators:
    """The indicators of a lexicon folder."""
    return Indicators(read_lexicon(lexicon, "indicators"))


def tokens_in(view: View, span: TextSpan, times: Iterable[TextSpan] = ()) -> list[Token]:
    """What stands in ``span``: names and times in one piece, words between; cut at the edges of ``span``."""
    pieces = [
        Token(TextSpan(max(t.start, span.start), t.end), "", "TIME")
        for t in times
        if t.overlaps(span) and t.end <= span.end
    ]
    for placed in view.placed_in(span):
        if placed.span.end <= span.end and (placed.is_name or not _is_modified(view, placed.span.start, span.start)):
            pieces.append(Token(placed.span, "", "CONCEPT" if placed.label_ in CONCEPTS else "ENT"))
    for word in _words(view, span):
        if not any(word.span.overlaps(piece.span) for piece in pieces if piece.tag != "w"):
            pieces.append(word)
            continue
        for rest in _rest(word.span, [piece.span for piece in pieces]):
            pieces.append(Token(rest, rest.of(view.text), "n" if word.tag in ("LOC", "ORG", "PER") else word.tag))
    pieces.sort()
    return [Token(piece.span, piece.span.of(view.text), piece.tag) for piece in pieces]


def _is_modified(view: View, position: int, start: int) -> bool:
    """Whether a noun stands right before: 获奖项目 is no reference to a project."""
    before = view.words_in(TextSpan(max(start, position - 6), position))
    return (
        bool(before) and before[-1].span.end == position and before[-1].tag in {"n", "vn", "v", "a", "b", "f", "m", "q"}
    )


def _words(view: View, span: TextSpan) -> Iterator[Token]:
    for word in view.words_in(TextSpan(max(0, span.start - 12), span.end)):
        start, end = max(word.span.start, span.start), min(word.span.end, span.end)
        if start < end:
            yield Token(TextSpan(start, end), view.text[start:end], word.tag)


def _rest(span: TextSpan, taken: list[TextSpan]) -> list[TextSpan]:
    """What of ``span`` lies outside ``taken``."""
    rest = [span]
    for other in taken:
        rest = [
            piece
            for part in rest
            for piece in (TextSpan(part.start, min(part.end, other.start)), TextSpan(max(part.start, other.end), part.end))
            if piece.start < piece.end
        ] if any(part.overlaps(other) for part in rest) else rest  # fmt: skip
    return list(dict.fromkeys(rest))


def _measure(row: dict[str, Any]) -> Measure:
    flags = {name: bool(row.get(name)) for name in ("fixed", "whole", "just_named", "share", "built")}
    return Measure(
        heads=tuple(row["heads"]),
        kinds=frozenset(row["kinds"]),
        classes=tuple(row["classes"]),
        units=frozenset(row.get("units", ())),
        **flags,
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _ending(words: Iterable[str], after: str = "", once: bool = False) -> re.Pattern[str]:
    return re.compile(f"(?:{_any(words)}){'' if once else '+'}{after}$")
