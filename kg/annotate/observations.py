"""A view in, observations out: which number says what of which thing.

A number is an observation where a noun phrase beside it names the indicator (工业产值达480亿元, 306家高新技术企业,
同比增长7.1%), and the clause says whose it is. Everything else that is counted is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from kg.annotate.indicators import (
    CONCEPTS,
    MAX_INDICATOR_CHARS,
    NOUN_TAGS,
    Indicators,
    Measure,
    is_proper,
    read_indicators,
    tokens_in,
)
from kg.annotate.quantities import Quantity, find_quantities
from kg.annotate.times import Time, find_times
from kg.annotate.topics import Topics, within, without_times
from kg.annotate.view import Placed, View
from kg.model import Evidence, Observation, Status, TextSpan
from kg.ontology import Ontology

NEVER_OWNERS = ("MediaOutlet", "GovernmentBody", "Person", *CONCEPTS)
CONFIDENCE = {"measure": 0.85, "growth": 0.85, "share": 0.75, "count": 0.8, "counted": 0.75}
OPEN = ("money", "area", "length", "mass", "energy", "volume", "power", "computing", "share")
PRODUCED = ("mass", "energy", "volume", "count", "power")
MAX_REACH_CHARS = 80  # how far before its number an indicator may begin
MAX_BUILT_CLAUSES = 3  # how far back something built can be the topic of what several subjects built
MAX_NAME_CHARS = 40
MIN_SPELLED_COUNT = 10  # 三大产业 and 两条干线 are prose, not figures …
SPELLED_UNITS = ("家", "所", "座", "户", "栋")  # … but of these units
_SHARES = re.compile(r"[\d.]+[%％](?:[、和与及][\d.]+[%％])*")
_FROM = re.compile("[从由](?:[^，,；;。从由]{0,10}的)?$")  # 由[去年同期的]9.8亿元增至
_ONE_OF = re.compile("[^，,；;。、]{0,16}之一")
_BUILT = re.compile("^(?:[^，,；;。]{0,16}?)(?:建设|打造|兴建|新建|建起|启动|实施)了?$")


@dataclass
class _Found:
    """An indicator of a sentence, before anyone owns it."""

    quantity: Quantity
    name: str
    phrase: TextSpan
    rule: str
    measure: Measure | None = None
    value: Decimal | None = None
    owner: Placed | None = None  # where the sentence says whose it is in a list of its own


@dataclass
class _Sentence:
    """What is carried from one number of a sentence to the next."""

    span: TextSpan
    last: _Found | None = None
    last_owner: Placed | None = None
    last_end: int = 0
    year: str | None = None
    year_at: int = -1
    awaited: list[_Found] = field(default_factory=list)  # what figures to come are of, said 分别
    awaited_at: int = 0  # where the next of them is looked for
    said: list[_Found] = field(default_factory=list)  # the figures of the sentence so far that are of an owner
    done: list[Observation] = field(default_factory=list)


def find_observations(
    view: View, lexicon: Path, ontology: Ontology, damage: Iterable[TextSpan] = ()
) -> list[Observation]:
    """The observations of an article, in order of the text; none from a damaged span."""
    times = find_times(view.text, view.published, lexicon)
    quantities = find_quantities(view.text, lexicon)
    topics = Topics(view, lexicon, ontology, [quantity.span for quantity in quantities])
    finder = _Finder(view, read_indicators(lexicon), ontology, topics)
    damaged = tuple(damage)
    found: dict[tuple[object, ...], list[Observation]] = {}
    for sentence in view.sentences:
        inside = [q for q in within(quantities, sentence) if not any(q.span.overlaps(lost) for lost in damaged)]
        here = within(times, sentence) if inside else []
        for observation in finder.of_sentence(sentence, inside, here):
            before = found.setdefault((observation.entity, observation.value, observation.unit), [])
            same = next((i for i, other in enumerate(before) if _is_same(other.indicator, observation.indicator)), None)
            if same is None:
                before.append(observation)
            elif before[same].year is None and observation.year:
                before[same] = observation
    return sorted((one for said in found.values() for one in said), key=lambda one: one.evidence.span)


def _is_same(indicator: str, other: str) -> bool:
    """Whether one indicator says the other, too: 占地 and 占地面积."""
    return indicator in other or other in indicator


class _Finder:
    def __init__(self, view: View, words: Indicators, ontology: Ontology, topics: Topics) -> None:
        self.view, self.words, self.ontology, self.topics = view, words, ontology, topics

    def of_sentence(self, span: TextSpan, quantities: list[Quantity], times: list[Time]) -> list[Observation]:
        sentence = _Sentence(span)
        spans = [time.span for time in times]
        for index, quantity in enumerate(quantities):
            if self._is_no_figure(quantity, spans) or self._changes_to_next(quantities, index):
                continue
            before = self._before(sentence, quantities, index)
            for found in self._indicators(sentence, quantity, before, spans):
                if found.rule != "share":
                    sentence.last = found
                if (owner := self._owner(sentence, found)) is not None:
                    sentence.last_owner = owner
                    sentence.said.append(found)
                    sentence.last_end = quantity.phrase.end
                    sentence.done.append(self._observation(sentence, found, owner, times))
        return sentence.done

    def _is_no_figure(self, quantity: Quantity, times: list[TextSpan]) -> bool:
        """Inside a name, a title in 《》 or a time; or a small count in words."""
        nearby = TextSpan(max(0, quantity.span.start - 40), quantity.span.end)
        return bool(
            any(placed.span.overlaps(quantity.span) for placed in self.view.placed_in(nearby))
            or any(time.overlaps(quantity.span) for time in times)
            or (quantity.spelled and quantity.kind == "count" and self._is_prose(quantity))
            or quantity.kind == "points"
            or self._bounds_a_noun(quantity)
            or _ONE_OF.match(self.view.text, quantity.phrase.end) is not None
            or (
                quantity.kind == "count"
                and self.words.members.search(self.view.text, nearby.start, quantity.phrase.start)
            )
            or (quantity.kind == "count" and self._grows(quantity))
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

    def _changes_to_next(self, quantities: list[Quantity], index: int) -> bool:
        """从376公里增加到706公里: the first number is history."""
        if index + 1 >= len(quantities):
            return False
        between = self.view.text[quantities[index].phrase.end : quantities[index + 1].phrase.start]
        return self.words.change_to.fullmatch(between) is not None

    def _before(self, sentence: _Sentence, quantities: list[Quantity], index: int) -> TextSpan:
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

    def _indicators(
        self, sentence: _Sentence, quantity: Quantity, before: TextSpan, times: list[TextSpan]
    ) -> list[_Found]:
        text = before.of(self.view.text).rstrip()
        if sentence.awaited:
            next_ = sentence.awaited.pop(0)
            between = self.view.text[sentence.awaited_at : quantity.phrase.start].strip()
            sentence.awaited_at = quantity.phrase.end
            if quantity.kind == "share" and between in ("和", "、", "与", "及"):
                sign = -1 if next_.value is not None and next_.value < 0 else 1
                return [replace(next_, quantity=quantity, value=sign * quantity.value)]
            sentence.awaited = []
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
                if measure.share and text.rstrip("为是").endswith("分别"):
                    return self._held_by_each(sentence, quantity, _Found(quantity, name, indicated, "measure", measure))
                return [_Found(quantity, name, indicated, "measure", measure)]
        if quantity.kind in PRODUCED and (match := self.words.produced.search(stripped)):
            made = TextSpan(before.start + match.start(), before.start + match.end())
            return [_Found(quantity, re.sub(r"\s", "", match[0]), made, "count")]
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

    def _goes_on_counting(
        self, sentence: _Sentence, quantity: Quantity, before: TextSpan, stripped: str
    ) -> _Found | None:
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

    def _in_brackets(self, quantity: Quantity, before: TextSpan) -> _Found | None:
        """甲电站（70万千瓦）: what its unit says by default."""
        name = self.words.defaults.get(quantity.kind)
        named = self.view.placed_in(before)
        between = self.view.text[named[-1].span.end : quantity.phrase.start] if named else ""
        closes = self.view.text[quantity.phrase.end : quantity.phrase.end + 1]
        if name is None or between not in ("（", "(") or closes not in ("）", ")"):
            return None
        return _Found(quantity, name, TextSpan(quantity.phrase.start - 1, quantity.phrase.end), "count")

    def _named_before(
        self, quantity: Quantity, before: TextSpan, stripped: str, times: list[TextSpan]
    ) -> _Found | None:
        """Whatever noun phrase stands right before: 研发中心达[3万平方米], 税收贡献[2亿元]."""
        tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(stripped)), times)
        phrase = self.words.left_phrase(self.view, tokens)
        name = self.words.clean(phrase.of(self.view.text)) if phrase else ""
        is_bare_verb = name in self.words.kept_verbs and quantity.kind != "money"
        if phrase is None or len(name) < 2 or name in self.words.not_indicators or is_bare_verb:
            return None
        if name.endswith(self.words.produces):
            return None  # 年产3万吨铜箔: nothing is said of what is made
        return _Found(quantity, name, phrase, "count")

    def _growth(
        self, sentence: _Sentence, quantity: Quantity, before: TextSpan, text: str, times: list[TextSpan]
    ) -> list[_Found] | None:
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
            return [replace_name(last, quantity, last.name + ending, value)]
        name = self.words.clean(phrase.of(self.view.text))
        if len(name) < 2:
            return []
        if not name.endswith(("增速", "增长率", "增幅", "率", "比重", "占比")):
            name += self.words.growth_ending
        elif name.endswith(("率", "比重", "占比")) and not name.endswith("增长率"):
            return []
        return [_Found(quantity, name, phrase, "growth", None, value)]

    def _each(
        self, sentence: _Sentence, quantity: Quantity, before: TextSpan, head: str, value: Decimal
    ) -> list[_Found]:
        """甲、乙、丙分别增长6%、7%和8%: the first figure here, the others when they come.

        Without names before 分别, the figures are of as many indicators said last.
        """
        count = self._shares_in_row(quantity)
        head = self.words.growth_between.sub("", head)
        phrase = TextSpan(before.start, before.start + len(head))
        for placed in self.view.placed_in(phrase):
            if placed.label_ not in CONCEPTS and placed.span.end < phrase.end:
                phrase = TextSpan(placed.span.end, phrase.end)
        head = phrase.of(self.view.text)
        ending = self.words.growth_ending
        if names := self.words.listed(head):
            found = [_Found(quantity, name + ending, phrase, "growth", None, value) for name in names]
        else:
            said = [one for one in sentence.said if one.rule != "growth" and one.quantity.kind != "share"][-count:]
            found = [replace_name(one, quantity, one.name + ending, value) for one in said]
            if re.sub(r"[较比同年上去期届 ]", "", head):
                return []
        if len(found) != count:
            return []
        sentence.awaited, sentence.awaited_at = found[1:], quantity.phrase.end
        return found[:1]

    def _held(self, quantity: Quantity, before: TextSpan, text: str) -> _Found | None:
        """甲公司持有乙公司60%股权: what is held of another."""
        if self.words.holding.match(self.view.text, quantity.phrase.end) is None:
            return None
        verb = self.words.holds.search(text)
        measure = next((measure for measure in self.words.measures if measure.share), None)
        if verb is None or measure is None:
            return None
        phrase = TextSpan(before.start + verb.start(), before.start + verb.end())
        return _Found(quantity, measure.heads[0], phrase, "measure", measure)

    def _held_by_each(self, sentence: _Sentence, quantity: Quantity, found: _Found) -> list[_Found]:
        """甲公司、乙公司共同出资，持股比例分别为70%和30%: the first figure here, the others when they come."""
        allows = self._allows(found)
        holders: list[Placed] = []
        for placed in self.view.placed_in(TextSpan(sentence.span.start, found.phrase.start)):
            between = self.view.text[holders[-1].span.end : placed.span.start] if holders else ""
            if not allows(placed.label_):
                continue
            holders = [*holders, placed] if between in ("、", "和", "与", "及") else [placed]
        if len(holders) != self._shares_in_row(quantity):
            return []
        each = [replace(found, owner=holder) for holder in holders]
        sentence.awaited, sentence.awaited_at = each[1:], quantity.phrase.end
        return each[:1]

    def _shares_in_row(self, quantity: Quantity) -> int:
        """How many shares stand side by side from ``quantity`` on: 6%、7%和8%."""
        match = _SHARES.match(self.view.text, quantity.span.start)
        return 1 if match is None else len(re.findall("[%％]", match[0]))

    def _share_of_whole(
        self, sentence: _Sentence, quantity: Quantity, before: TextSpan, text: str, times: list[TextSpan]
    ) -> _Found | None:
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
        return _Found(quantity, name, TextSpan(start, start + len(match["whole"])), "share")

    def _counted(self, quantity: Quantity, before: TextSpan, stripped: str, times: list[TextSpan]) -> _Found | None:
        """企业126家, or 126家企业 after a verb that says they are there."""
        clause = self.topics.clause_at(quantity.phrase.end - 1)
        right = self.words.right_phrase(self.view, quantity.phrase.end, max(clause.end, quantity.phrase.end))
        if right is not None:
            if (verb := self._counts(quantity, before, times)) is None:
                return None
            name = (verb or self._done_by(right.end)) + right.of(self.view.text)
            if name in self.words.not_indicators or len(name) < 2:
                return None
            return _Found(quantity, self.words.clean(name), right, "counted")
        behind = self.view.text[quantity.phrase.end : quantity.phrase.end + 1]
        if quantity.kind == "area" or behind in ("的", "多") or behind.isdigit():
            return None
        tokens = tokens_in(self.view, TextSpan(before.start, before.start + len(stripped)), times)
        if tokens and tokens[-1].tag == "ENT" and tokens[-1].span.end == quantity.phrase.start:
            return _Found(quantity, tokens[-1].text, tokens[-1].span, "count")  # 人才公寓1800套
        phrase = self.words.left_phrase(self.view, tokens)
        if phrase is None:
            return None
        name = self.words.clean(phrase.of(self.view.text))
        if len(name) < 2 or name in self.words.not_indicators or name in self.words.kept_verbs:
            return None
        return _Found(quantity, name, phrase, "count")

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

    def _owner(self, sentence: _Sentence, found: _Found) -> Placed | None:
        allows = self._allows(found)
        quantity = found.quantity
        if found.owner is not None:
            return found.owner
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
        if named and (self._is_agent(named[-1], clause) or (is_maker and not allows(named[-1].label_))):
            named = []
        if named and re.fullmatch("的?", self.view.text[named[-1].span.end : start]):
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
        for may_own in (allows, self._allows(replace(found, measure=None))):
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

    def _at_event(self, sentence: _Sentence, found: _Found, subject: Placed | None) -> Placed | None:
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

    def _is_given(self, before: TextSpan) -> bool:
        """Whether the list before 等 is an object of 为, 给 and the like: 为甲、乙等3家企业颁奖."""
        named = self.view.placed_in(before)
        said = self.view.text[before.start : named[0].span.start] if named else ""
        if any(placed.label_ in ("Person", "AdministrativeArea") for placed in named[:1]):
            said = before.of(self.view.text)
        return re.search("[为给向对与]", said) is not None

    def _built_ahead(self, quantity: Quantity, sentence: _Sentence, allows: Callable[[str], bool]) -> Placed | None:
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

    def _is_next(self, sentence: _Sentence, start: int) -> bool:
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

    def _allows(self, found: _Found) -> Callable[[str], bool]:
        classes = found.measure.classes if found.measure else self.words.counted_classes
        return lambda label: (
            not any(self.ontology.is_a(label, never) for never in NEVER_OWNERS)
            and any(self.ontology.is_a(label, class_) for class_ in classes)
        )

    def _described(self, quantity: Quantity, allows: Callable[[str], bool], measure: Measure | None) -> Placed | None:
        """占地40亩的[智算中心]; 投资5亿元建设[产业园]: the thing stands after the number."""
        if measure is None:
            return None
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

    def _observation(self, sentence: _Sentence, found: _Found, owner: Placed, times: list[Time]) -> Observation:
        quantity = found.quantity
        start = min(found.phrase.start, quantity.phrase.start)
        status = self._status(sentence, found, times)
        return Observation(
            entity=owner.key,
            indicator=found.name,
            value=quantity.value if found.value is None else found.value,
            unit=quantity.unit,
            evidence=Evidence(
                span=TextSpan(start, max(quantity.phrase.end, found.phrase.end)),
                sentence=sentence.span,
                rule=f"observation:{found.rule}",
                confidence=CONFIDENCE[found.rule],
            ),
            value_max=quantity.value_max,
            year=self._year(sentence, found, times),
            comparator=quantity.comparator,
            status=status,
        )

    def _year(self, sentence: _Sentence, found: _Found, times: list[Time]) -> str | None:
        """The time said in the clause; else that of the figure before it, or of a clause that says nothing else."""
        if found.measure is not None and found.measure.fixed:
            return None
        clause = self.topics.clause_at(found.quantity.phrase.start)
        times = [t for t in times if self.view.text[t.span.start - 1 : t.span.start] not in ("比", "较")]
        own = [t for t in times if clause.start <= t.span.start and t.span.end <= found.quantity.phrase.start]
        alone = [
            t
            for t in times
            if t.span.end < clause.start
            and len(t.date or "") < len("2022-01-01")  # a day is when something happened, not what is counted over
            and self._is_alone(t.span)
        ]
        said = own or alone
        if said and said[-1].span.start > sentence.year_at:
            sentence.year, sentence.year_at = said[-1].year, said[-1].span.start
        return sentence.year

    def _is_alone(self, time: TextSpan) -> bool:
        """Whether a clause says a time and nothing else: 2023年, 到2027年, “今年前三季度."""
        tokens = tokens_in(self.view, self.topics.clause_at(time.start), [time])
        return all(token.tag == "w" for token in without_times(tokens))

    def _status(self, sentence: _Sentence, found: _Found, times: list[Time]) -> Status:
        """A plan where the clause says so, or one before it that nothing has taken back since."""
        position = found.quantity.phrase.start
        clause = self.topics.clause_at(position)
        if self._cues(self.words.plans, clause.start, position) or any(
            time.is_plan for time in times if clause.start <= time.span.start < position
        ):
            return "target"
        if found.measure is not None and found.measure.fixed:
            return "actual"
        if self._cues(self.words.actual, clause.start, position):
            return "actual"
        plans = self._cues(self.words.lasting_plans, sentence.span.start, clause.start)
        plans += [time.span.start for time in times if time.is_plan and time.span.end <= clause.start]
        actual = self._cues(self.words.actual, sentence.span.start, clause.start)
        return "target" if max(plans, default=-1) > max(actual, default=-1) else "actual"

    def _cues(self, pattern: re.Pattern[str], start: int, end: int) -> list[int]:
        """Where the words stand, names and titles aside (“铜都再造”计划)."""
        names = self.view.placed_in(TextSpan(max(0, start - 40), end))
        return [
            match.start()
            for match in pattern.finditer(self.view.text, start, end)
            if not any(placed.span.start <= match.start() < placed.span.end for placed in names)
        ]


def replace_name(found: _Found, quantity: Quantity, name: str, value: Decimal) -> _Found:
    """The growth of the indicator just said."""
    return replace(found, quantity=quantity, name=name, rule="growth", value=value)
