"""A number in, what it says out: its indicator, from the noun phrase beside it, or nothing where it is no figure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from kg.annotate.figures import OPEN, Found, Said
from kg.annotate.indicators import CONCEPTS, MAX_INDICATOR_CHARS, NOUN_TAGS, Indicators, tokens_in
from kg.annotate.quantities import Quantity
from kg.annotate.topics import Topics
from kg.annotate.view import Placed, View
from kg.model import TextSpan

Allows = Callable[[Found], Callable[[str], bool]]

PRODUCED = ("mass", "energy", "volume", "count", "power")
MAX_REACH_CHARS = 80  # how far before its number an indicator may begin
MIN_SPELLED_COUNT = 10  # 三大产业 and 两条干线 are prose, not figures …
MAX_NAME_CHARS = 40
SPELLED_UNITS = ("家", "所", "座", "户", "栋")  # … but of these units
_AND = ("和", "、", "与", "及", "以及")
_EACH = re.compile("分别[^，,；;。]{0,12}$")
_FROM = re.compile("[从由](?:[^，,；;。从由]{0,10}的)?$")  # 由[去年同期的]9.8亿元增至
_ONE_OF = re.compile("[^，,；;。、]{0,16}之一")


class Indicated:
    """The indicators of one view. ``allows`` tells which classes may have the figure found."""

    def __init__(self, view: View, words: Indicators, topics: Topics, allows: Allows) -> None:
        self.view, self.words, self.topics, self._allows = view, words, topics, allows

    def in_name(self, quantity: Quantity) -> Found | None:
        """年产[30万吨]高镍铁项目: what the name of a project says it makes."""
        if quantity.kind not in PRODUCED or quantity.spelled:
            return None
        for placed in self.view.placed_in(TextSpan(max(0, quantity.span.start - MAX_NAME_CHARS), quantity.span.end)):
            name = TextSpan(quantity.span.end, placed.span.end)
            if placed.label_ == "Project" and placed.is_name and placed.span.contains(quantity.span):
                verb = self.words.producing.search(self.view.text[placed.span.start : quantity.span.start])
                right = self.words.right_phrase(self.view, *name)
                said = self.words.no_things.sub("", right.of(self.view.text)) if right else ""
                indicator = f"{verb[0]}{said}" if verb else said
                return Found(quantity, indicator, quantity.phrase, "count", owner=placed) if indicator else None
        return None

    def is_no_figure(self, quantity: Quantity, times: list[TextSpan]) -> bool:
        """Inside a name, a title in 《》 or a time; or a small count in words."""
        nearby = TextSpan(max(0, quantity.span.start - 40), quantity.span.end)
        return bool(
            any(placed.span.overlaps(quantity.span) for placed in self.view.placed_in(nearby))
            or any(time.overlaps(quantity.span) for time in times)
            or (quantity.spelled and quantity.kind == "count" and self._is_prose(quantity))
            or self._bounds_a_noun(quantity)
            or _ONE_OF.match(self.view.text, quantity.phrase.end) is not None
            or (
                quantity.kind == "count"
                and self.words.members.search(self.view.text, nearby.start, quantity.phrase.start)
            )
        )

    def _is_prose(self, quantity: Quantity) -> bool:
        """Whether a small count in words is no figure: 三个方向; 两家企业 are counted."""
        return quantity.value < MIN_SPELLED_COUNT and quantity.unit not in SPELLED_UNITS

    def _bounds_a_noun(self, quantity: Quantity) -> bool:
        """Whether a number tells which things are meant: 税收500万元以上[企业], 投资超亿元[项目]."""
        if quantity.kind == "count" or quantity.comparator not in (">", ">=", "<", "<="):
            return False
        behind = self.view.words_in(TextSpan(quantity.phrase.end, quantity.phrase.end + 1))
        return bool(behind) and behind[0].tag in NOUN_TAGS and not behind[0].text.startswith(self.words.reached)

    def _grows(self, quantity: Quantity) -> bool:
        """Whether a number says by how many more: 较上年增长3家."""
        said = self.view.text[max(0, quantity.phrase.start - MAX_INDICATOR_CHARS) : quantity.phrase.start]
        return self.words.compared.search(said) is not None

    def changes_to_next(self, quantities: list[Quantity], index: int) -> bool:
        """从376公里增加到706公里: the first number is history."""
        if index + 1 >= len(quantities):
            return False
        between = self.view.text[quantities[index].phrase.end : quantities[index + 1].phrase.start]
        return self.words.change_to.fullmatch(between) is not None

    def before(self, sentence: Said, quantities: list[Quantity], index: int) -> TextSpan:
        """The part of the clause before a number: from the comma or the number before it."""
        quantity = quantities[index]
        end = quantity.phrase.start
        start = max(self.topics.clause_at(end - 1 if end else 0).start, sentence.span.start)
        start = min(end, max(start, end - MAX_REACH_CHARS))
        for earlier in reversed(quantities[:index]):
            if earlier.phrase.end <= start or earlier.phrase.end > end:
                continue
            if self.words.change_to.fullmatch(self.view.text[earlier.phrase.end : end]):
                end = earlier.phrase.start
                if source := _FROM.search(self.view.text[start:end]):
                    end = start + source.start()
                continue
            start = earlier.phrase.end
            break
        while start < end and self.view.text[start] in "、和及与 （(　":
            start += 1
        return TextSpan(start, end)

    def of(self, sentence: Said, quantity: Quantity, before: TextSpan, times: list[TextSpan]) -> list[Found]:
        """What ``quantity`` says, by the clause ``before`` it; several at 城乡居民收入, none where that is unclear."""
        text = before.of(self.view.text).rstrip()
        if sentence.awaited:
            next_ = sentence.awaited.pop(0)
            between = self.view.text[sentence.awaited_at : quantity.phrase.start].strip()
            sentence.awaited_at = quantity.phrase.end
            if quantity.kind == next_.quantity.kind and between in _AND:
                sign = -1 if next_.value is not None and next_.value < 0 else 1
                value = None if next_.rule != "growth" else sign * quantity.value
                return [replace(next_, quantity=quantity, value=value)]
            sentence.awaited = []
        if quantity.kind == "points" or (quantity.kind == "count" and self._grows(quantity)):
            return self._points(sentence, quantity, before, text, times)
        if quantity.kind == "share" and (held := self._held(quantity, before, text)) is not None:
            return [held]
        if quantity.kind in ("share", "ratio"):
            growth = self._growth(sentence, quantity, before, text, times)
            if growth is not None:
                return growth
            if quantity.kind == "ratio":
                return []  # 2倍 of something is no figure of its own
            if (share := self._share_of_whole(sentence, quantity, before, text, times)) is not None:
                return [share]
            if (share := self._share_of_last(quantity, before, text, times)) is not None:
                return [share]
        if (reach := self._reach(quantity, before, text)) is not None:
            return [reach]
        last_time = max((time.end for time in times if time.end <= before.end), default=before.start)
        if last_time > before.start:  # 2021年产值 is 产值 of 2021, not 年产值
            before = TextSpan(last_time, max(last_time, before.start + len(text)))
            text = before.of(self.view.text)
        stripped = self.words.links.sub("", text)
        named = self.words.measure(stripped, quantity) or self.words.measure(text, quantity)
        if named is not None:
            measure, head = named
            stripped = stripped if stripped.endswith(head) else text
            tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(stripped)), times)
            end = before.start + len(stripped)
            indicated = (
                TextSpan(end - len(head), end) if measure.whole else self.words.left_phrase(self.view, tokens, head)
            )
            if indicated is not None:
                name = self.words.clean(indicated.of(self.view.text))
                found = Found(quantity, name, indicated, "measure", measure)
                if _EACH.search(self.view.text[before.start : quantity.phrase.start]):
                    return self._of_each(sentence, found)
                return [found]
        if quantity.kind in PRODUCED and (match := self.words.produced.search(stripped)):
            made = TextSpan(before.start + match.start(), before.start + match.end())
            return [Found(quantity, re.sub(r"\s", "", match[0]), made, "count")]
        if quantity.kind in PRODUCED and (made_here := self._produced(sentence, quantity, before, text)) is not None:
            return [made_here]
        if (described := self._of_next(quantity)) is not None:
            return [described]
        if quantity.kind == "count" or quantity.kind == "area":
            counted = self._counted(quantity, before, stripped, times)
            if counted is not None:
                return [counted]
            if (goes_on := self._goes_on_counting(sentence, quantity, before, stripped)) is not None:
                return [goes_on]
        if (bracketed := self._in_brackets(quantity, before)) is not None:
            return [bracketed]
        if quantity.kind in OPEN:
            named_openly = self._named_before(quantity, before, stripped, times)
            return [named_openly] if named_openly else []
        return []

    def openly(self, quantity: Quantity, before: TextSpan, times: list[TextSpan]) -> Found | None:
        """What no rule is sure of: the noun behind what is counted, or behind 的, else the one before the number."""
        if quantity.kind in ("points", "ratio"):
            return None
        start = quantity.phrase.end
        is_described = self.view.text[start : start + 1] == "的"
        phrase = None
        if quantity.kind == "count" or is_described:
            clause = self.topics.clause_at(start - 1)
            phrase = self.words.right_phrase(self.view, start + is_described, max(clause.end, start + is_described))
        if phrase is None:
            said = self.words.links.sub("", before.of(self.view.text).rstrip())
            tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(said)), times)
            phrase = self.words.left_phrase(self.view, tokens)
        name = self.words.clean(phrase.of(self.view.text)) if phrase else ""
        if phrase is None or len(name) < 2 or name in self.words.not_indicators:
            return None
        return Found(quantity, name, phrase, "open")

    def _produced(self, sentence: Said, quantity: Quantity, before: TextSpan, text: str) -> Found | None:
        """年产[2万吨]石英砂、[4万只]坩埚: what is made stands behind."""
        clause = self.topics.clause_at(quantity.phrase.end - 1)
        right = self.words.right_phrase(self.view, quantity.phrase.end, max(clause.end, quantity.phrase.end))
        if right is None or self.words.things.search(right.of(self.view.text)):
            return None
        product = right.of(self.view.text)
        if match := self.words.producing.search(text):
            return Found(quantity, match[0] + product, TextSpan(before.start + match.start(), right.end), "count")
        last = sentence.last
        verb = next((verb for verb in self.words.produces if last and last.name.startswith(verb)), "")
        if last is None or not verb or self.view.text[last.phrase.end : quantity.phrase.start] not in _AND:
            return None
        return Found(quantity, verb + product, right, "count")

    def _of_next(self, quantity: Quantity) -> Found | None:
        """建成[1.8万平方米]的甲中心: what its unit says by default of the thing behind."""
        name = self.words.defaults.get(quantity.kind)
        start = quantity.phrase.end
        if name is None:
            return None
        for placed in self.view.placed_in(TextSpan(start, start + 2)):
            if self.view.text[start : placed.span.start] in ("", "的"):
                found = Found(quantity, name, quantity.phrase, "count")
                return replace(found, owner=placed) if self._allows(found)(placed.label_) else None
        return None

    def _goes_on_counting(self, sentence: Said, quantity: Quantity, before: TextSpan, stripped: str) -> Found | None:
        """新增规上企业23家，[累计达到]318家; 设车站9座，其中[新建]7座: the same is counted again."""
        last = sentence.last
        if last is None or last.rule not in ("count", "counted") or last.quantity.unit != quantity.unit:
            return None
        verb = self.words.clean(stripped) if stripped.strip() else ""
        counted = self.words.without_verb(last.name)
        if verb and verb not in self.words.kept_verbs:
            return None
        if not verb and self.words.in_all.match(before.of(self.view.text)) is None:
            return None
        return replace(last, quantity=quantity, name=verb + counted)

    def _in_brackets(self, quantity: Quantity, before: TextSpan) -> Found | None:
        """甲电站（70万千瓦）: what its unit says by default."""
        name = self.words.defaults.get(quantity.kind)
        named = self.view.placed_in(before)
        between = self.view.text[named[-1].span.end : quantity.phrase.start] if named else ""
        closes = self.view.text[quantity.phrase.end : quantity.phrase.end + 1]
        if name is None or between not in ("（", "(") or closes not in ("）", ")"):
            return None
        return Found(quantity, name, TextSpan(quantity.phrase.start - 1, quantity.phrase.end), "count")

    def _named_before(self, quantity: Quantity, before: TextSpan, stripped: str, times: list[TextSpan]) -> Found | None:
        """Whatever noun phrase stands right before: 研发中心达[3万平方米], 税收贡献[2亿元]."""
        tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(stripped)), times)
        phrase = self.words.left_phrase(self.view, tokens)
        name = self.words.clean(phrase.of(self.view.text)) if phrase else ""
        is_bare_verb = name in self.words.kept_verbs and quantity.kind != "money"
        if phrase is None or len(name) < 2 or name in self.words.not_indicators or is_bare_verb:
            return None
        if name.endswith(self.words.produces):
            return None  # 年产3万吨铜箔: nothing is said of what is made
        return Found(quantity, name, phrase, "count")

    def _growth(
        self, sentence: Said, quantity: Quantity, before: TextSpan, text: str, times: list[TextSpan]
    ) -> list[Found] | None:
        """同比增长7.1%. None where nothing grows; an empty list where it is unclear what does."""
        falls = self.words.fall.search(text)
        match = falls or self.words.rise.search(text)
        if match is None:
            return None
        head = text[: match.start()].rstrip()
        together = head.endswith("分别")
        value = -quantity.value if falls else quantity.value
        if together:
            return self._each(sentence, quantity, before, head[:-2].rstrip(), value)
        head = self.words.growth_between.sub("", head)
        if not head.strip("，,、 ") or not (
            phrase := self.words.left_phrase(
                self.view,
                tokens_in(self.view, TextSpan(before.start, before.start + len(head)), times),
                self.words.head_of(head),
            )
        ):
            last = sentence.last
            is_bare = not re.sub(r"[较比同年上去期 ]", "", head)
            if last is None or not is_bare:
                return []
            ending = "" if last.rule == "growth" else self.words.growth_ending
            return [_of_growth(last, quantity, last.name + ending, value)]
        name = self.words.clean(phrase.of(self.view.text))
        if len(name) < 2:
            return []
        if not name.endswith(("增速", "增长率", "增幅", "率", "比重", "占比")):
            name += self.words.growth_ending
        elif name.endswith(("率", "比重", "占比")) and not name.endswith("增长率"):
            return []
        return [Found(quantity, name, phrase, "growth", None, value)]

    def _points(
        self, sentence: Said, quantity: Quantity, before: TextSpan, text: str, times: list[TextSpan]
    ) -> list[Found]:
        """增速高于全省平均[3.7个百分点], 企业比上年增加[3家]: of the indicator there or of that before."""
        match = self.words.points.search(text)
        if match is None:
            return []
        head = TextSpan(before.start, before.start + len(text[: match.start()].rstrip()))
        ending = self.words.head_of(head.of(self.view.text))
        phrase = self.words.left_phrase(self.view, tokens_in(self.view, head, times), ending) if match.start() else None
        if phrase is not None:
            name = self.words.clean(phrase.of(self.view.text)) + match["verb"]
            return [Found(quantity, name, phrase, "growth", value=quantity.value)]
        last = sentence.last
        return [_of_growth(last, quantity, last.name + match["verb"], quantity.value)] if last is not None else []

    def _each(self, sentence: Said, quantity: Quantity, before: TextSpan, head: str, value: Decimal) -> list[Found]:
        """甲、乙、丙分别增长6%、7%和8%: the first figure here, the others when they come.

        Without names before 分别, the figures are of as many indicators said last.
        """
        count = self._in_row(quantity)
        head = self.words.growth_between.sub("", head)
        phrase = TextSpan(before.start, before.start + len(head))
        for placed in self.view.placed_in(phrase):
            if placed.label_ not in CONCEPTS and placed.span.end < phrase.end:
                phrase = TextSpan(placed.span.end, phrase.end)
        head = phrase.of(self.view.text)
        ending = self.words.growth_ending
        if names := self.words.listed(head):
            found = [Found(quantity, name + ending, phrase, "growth", None, value) for name in names]
        else:
            said = [one for one in sentence.said if one.rule != "growth" and one.quantity.kind != "share"][-count:]
            found = [_of_growth(one, quantity, one.name + ending, value) for one in said]
            if re.sub(r"[较比同年上去期届 ]", "", head):
                return []
        if len(found) != count:
            return []
        sentence.awaited, sentence.awaited_at = found[1:], quantity.phrase.end
        return found[:1]

    def _held(self, quantity: Quantity, before: TextSpan, text: str) -> Found | None:
        """甲公司持有乙公司60%股权: what is held of another."""
        if self.words.holding.match(self.view.text, quantity.phrase.end) is None:
            return None
        verb = self.words.holds.search(text)
        measure = next((measure for measure in self.words.measures if measure.share), None)
        if verb is None or measure is None:
            return None
        phrase = TextSpan(before.start + verb.start(), before.start + verb.end())
        return Found(quantity, measure.heads[0], phrase, "measure", measure)

    def _of_each(self, sentence: Said, found: Found) -> list[Found]:
        """甲公司、乙公司共同出资，持股比例分别为70%和30%: the first figure here, the others when they come.

        Where the sentence lists as many owners as figures, each has its own; else all are of one.
        """
        count = self._in_row(found.quantity)
        allows = self._allows(found)
        holders: list[Placed] = []
        for placed in self.view.placed_in(TextSpan(sentence.span.start, found.phrase.start)):
            between = self.view.text[holders[-1].span.end : placed.span.start] if holders else ""
            if not allows(placed.label_):
                continue
            holders = [*holders, placed] if between in _AND else [placed]
        if len(holders) != count:
            if count == 1 or len(holders) > 1 or (found.measure is not None and found.measure.share):
                return []
            holders = []
        each = [replace(found, owner=holder) for holder in holders] or [found] * count
        sentence.awaited, sentence.awaited_at = each[1:], found.quantity.phrase.end
        return each[:1]

    def _in_row(self, quantity: Quantity) -> int:
        """How many figures stand side by side from ``quantity`` on: 6%、7%和8%."""
        figures = self.topics.figures
        index = bisect_left(figures, quantity.span)
        count = 1
        while index + count < len(figures):
            between = self.view.text[figures[index + count - 1].end : figures[index + count].start]
            if between not in _AND:
                break
            count += 1
        return count

    def _share_of_whole(
        self, sentence: Said, quantity: Quantity, before: TextSpan, text: str, times: list[TextSpan]
    ) -> Found | None:
        """占全市五分之一, 占GDP的比重超过50%."""
        match = re.search(
            r"(?:均|约|分别|已)*占(?![有地比])(?P<whole>[^，,；;。占]{1,16}?)的?(?:比重|比例|总量)?(?:达到|达|为|超过|的)?$",
            text,
        )
        if match is None:
            return None
        head = text[: match.start()].rstrip()
        tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(head)), times)
        phrase = self.words.left_phrase(self.view, tokens) if head else None
        if phrase is not None:
            base = self.words.clean(phrase.of(self.view.text))
        elif not head and sentence.last is not None and sentence.last.rule != "growth":
            base, phrase = sentence.last.name, sentence.last.phrase
        else:
            return None
        whole = match["whole"].strip()
        known = {placed.span for placed in self.view.placed_in(before)}
        start = before.start + match.start("whole")
        is_thing = TextSpan(start, start + len(match["whole"])) in known
        name = f"{base}占比" if is_thing else f"{base}占{whole}比重"
        return Found(quantity, name, TextSpan(start, start + len(match["whole"])), "share")

    def _share_of_last(self, quantity: Quantity, before: TextSpan, text: str, times: list[TextSpan]) -> Found | None:
        """其中制造业占[71%]: of what was said before."""
        match = self.words.takes.search(text)
        if match is None:
            return None
        head = TextSpan(before.start, before.start + len(text[: match.start()].rstrip()))
        phrase = self.words.left_phrase(self.view, tokens_in(self.view, head, times))
        name = self.words.clean(phrase.of(self.view.text)) if phrase else ""
        return Found(quantity, f"{name}占比", phrase, "share") if phrase and len(name) > 1 else None

    def _reach(self, quantity: Quantity, before: TextSpan, text: str) -> Found | None:
        """距甲机场[18公里], 从签约到投产仅用[58天]: how far, how long."""
        match = self.words.reach[quantity.kind].search(text) if quantity.kind in self.words.reach else None
        if match is None:
            return None
        phrase = TextSpan(before.start + match.start(), before.start + match.end("said"))
        return Found(quantity, re.sub(r"\s", "", match["said"]), phrase, "count")

    def _counted(self, quantity: Quantity, before: TextSpan, stripped: str, times: list[TextSpan]) -> Found | None:
        """企业126家, or 126家企业 after a verb that says they are there."""
        clause = self.topics.clause_at(quantity.phrase.end - 1)
        right = self.words.right_phrase(self.view, quantity.phrase.end, max(clause.end, quantity.phrase.end))
        if right is not None:
            if (verb := self._counts(quantity, before, times)) is None:
                return None
            name = (verb or self._done_by(right.end)) + right.of(self.view.text)
            if name in self.words.not_indicators or len(name) < 2:
                return None
            return Found(quantity, self.words.clean(name), right, "counted")
        behind = self.view.text[quantity.phrase.end : quantity.phrase.end + 1]
        if quantity.kind == "area" or behind in ("的", "多") or behind.isdigit():
            return None
        tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(stripped)), times)
        if tokens and tokens[-1].tag == "ENT" and tokens[-1].span.end == quantity.phrase.start:
            return Found(quantity, tokens[-1].text, tokens[-1].span, "count")  # 人才公寓1800套
        phrase = self.words.left_phrase(self.view, tokens)
        if phrase is None:
            return None
        name = self.words.clean(phrase.of(self.view.text))
        if len(name) < 2 or name in self.words.not_indicators or name in self.words.kept_verbs:
            return None
        return Found(quantity, name, phrase, "count")

    def _counts(self, quantity: Quantity, before: TextSpan, times: list[TextSpan]) -> str | None:
        """What is done with what is counted (新增, 入驻), or nothing; None where the number counts nothing of its own."""
        tokens = [token for token in tokens_in(self.view, before, times) if token.text.strip()]
        while tokens and (
            tokens[-1].tag in ("d", "ad", "m", "TIME", "t", "f") or self.words.links.fullmatch(tokens[-1].text)
        ):
            tokens.pop()
        if quantity.kind != "count":
            kept = self.words.kept_ending.search(before.of(self.view.text).rstrip())
            light = self.words.light_ending.search(before.of(self.view.text))
            if kept is None and light is None:
                return None
        if not tokens or tokens[-1].text == "的":
            return ""
        last = tokens[-1]
        goes_on = last.tag == "c" and before.start > self.topics.clause_at(quantity.phrase.start).start
        if (last.tag in ("p", "r", "c") and not goes_on) or (last.text == "等" and self._is_given(before)):
            return None  # 在3家, 其他3家; 为甲、乙等3家企业颁奖
        is_kept = last.text in self.words.kept_verbs and last.text not in self.words.light_verbs
        return last.text if is_kept else ""

    def _done_by(self, position: int) -> str:
        """What those counted do, where that names them: 18家企业[签约]."""
        words = self.view.words_in(TextSpan(position, position + 4))
        done = next((word for word in words if word.tag not in ("d", "ad", "vd")), None)
        return done.text if done is not None and done.text in self.words.kept_verbs - self.words.light_verbs else ""

    def _is_given(self, before: TextSpan) -> bool:
        """Whether the list before 等 is an object of 为, 给 and the like: 为甲、乙等3家企业颁奖."""
        named = self.view.placed_in(before)
        said = self.view.text[before.start : named[0].span.start] if named else ""
        if any(placed.label_ in ("Person", "AdministrativeArea") for placed in named[:1]):
            said = before.of(self.view.text)
        return re.search("[为给向对与]", said) is not None


def _of_growth(found: Found, quantity: Quantity, name: str, value: Decimal) -> Found:
    """The growth of the indicator just said."""
    return replace(found, quantity=quantity, name=name, rule="growth", value=value)
