"""Who does what to whom in a clause: the places of a verb's subject and object, whatever the verb.

Chinese puts a verb's arguments in a few places, called frames here. The lexicon says which verbs mean a property
and which frames they take; where the arguments stand is grammar, and is said once, in this file:

- ``active``       赣越铜业收购鼎岳铜箔: the clause's subject, the verb, a list of objects behind its modifiers
- ``near``         位于石桥镇: as active, the object bare behind the verb
- ``attributive``  (由)远航集团投资建设的澜芯项目: who acts stands before the verb, what is acted on behind 的
- ``agent``        澜芯项目由远航集团投资建设: what is acted on is the subject, who acts stands behind 由
- ``mutual``       赣越铜业与东澜大学签署协议: two parties on either side of 与
- ``place``        签约仪式在上海举行: what happens is the subject, where stands behind 在
- ``open``         as active, also where a noun follows the object: 签署澜芯项目|合作协议
- ``implied``      签约仪式在上海举行，市长程素致辞: what is acted on was named before; with ``ends``, the verb has no object
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.annotate.view import Placed, View
from kg.model import TextSpan

Allows = Callable[[str], bool]

FIRST = 0xE000
NAME = "[\ue000-\uf8ff]"
ITEM = rf"[“《]?{NAME}+[”》]?(?:（[^（）]{{0,30}}）)?"
LIST = rf"{ITEM}(?:(?:、|和|与|及|以及|，以及|暨){ITEM})*"
CLAUSE_STOP = re.compile("[，,；;。！？!?：:\n]")
MAX_MODIFIER_CHARS = 26
MAX_ITEM_CHARS = 12
MAX_ADVERB_CHARS = 16

_PART = r"(?:[东南西北中]+部|[东南西北]翼|腹地|境内|核心区|主?城区|市区|郊区|县城|中心|一带)"
_OF = re.compile("[”’]?(?:的|所在|旗下|下属|下辖|所属)")
_JOIN = re.compile(f"[”’]?{_PART}?(?:等)?(?:、|和|与|及|以及|，以及|，和|暨)[“‘]?")
_BLOCKING = frozenset({"v", "vd", "p", "c", "r", "d"})
_ASPECT = re.compile("[了着过]?[于在到至为]?")
_NOUN_TAGS = frozenset({"n", "nz", "ORG", "PER", "nr", "nw"})
_OPEN_CLASSES = frozenset({"Industry", "Technology", "AdministrativeArea"})  # what follows these is theirs
_PLACES = frozenset({"AdministrativeArea", "Zone", "DevelopmentZone", "IndustrialPark", "Place"})
_OPEN_MODIFIER = re.compile(rf"等?[^，。；、{FIRST:c}-\uf8ff]{{0,8}}的(?!目标|产业|领域)")
_MODIFIED_TAGS = frozenset({"n", "nz", "a", "an"})
_NOT_MODIFIED = ("一行", "等", "上下", "方面", "双方", "三方", "各界", "两地", "正式", "全面", "积极", "主动", "重点")
_NOT_HEADS = ("等", "项目", "工程", "企业", "一期", "二期", "三期", "新")
_OTHERS = frozenset({"n", "nz", "p", "r", "ORG", "PER", "LOC", "nt"})
_VERB_JOIN = re.compile("[、和并及]?")
_MONEY = "(?:约|近|超|逾|超过)?[0-9.]+[余多]?[十百千万亿]*[余多]?(?:元|美元|欧元|港元|英镑|日元)(?:人民币)?"
_AMOUNT = re.compile(rf"{_MONEY}(?:，?在{NAME}+)?|在{NAME}+")
_AMOUNT_OF = re.compile(f"{_MONEY}的")


class Encoded:
    """A sentence in which each placed entity is one character, so that no verb is found inside a name."""

    def __init__(self, view: View, sentence: TextSpan, placed: Sequence[Placed]) -> None:
        self.view, self.sentence, self.placed = view, sentence, placed
        self.parties: tuple[Placed, ...] = ()  # who 双方 are: those of the last agreement
        pieces: list[str] = []
        self.offsets: list[int] = []  # encoded index → offset in the text
        position = sentence.start
        for i, item in enumerate(placed):
            pieces += view.text[position : item.span.start]
            self.offsets += range(position, item.span.start)
            pieces.append(chr(FIRST + i))
            self.offsets.append(item.span.start)
            position = item.span.end
        pieces += view.text[position : sentence.end]
        self.offsets += range(position, sentence.end + 1)
        self.text = "".join(pieces)

    def listed(self, characters: str) -> list[Placed]:
        """The entities among ``characters`` of the encoded text, in order; of those that run together, the last."""
        return [self.placed[ord(m[0]) - FIRST] for m in re.finditer(rf"{NAME}(?!{NAME})", characters)]

    def clause_end(self, index: int) -> int:
        """Where the clause that holds ``index`` ends."""
        stop = CLAUSE_STOP.search(self.text, index)
        return stop.start() if stop else len(self.text)

    def clause_start(self, index: int) -> int:
        """Where the clause that holds ``index`` starts."""
        return max((m.end() for m in CLAUSE_STOP.finditer(self.text, 0, index)), default=0)

    def tags(self, start: int, end: int) -> list[tuple[str, str]]:
        """Words and tags that start between two encoded indices, those of names left out."""
        span = TextSpan(self.offsets[start], self.offsets[end])
        names = self.view.placed_in(span)
        return [
            (word.text, word.tag)
            for word in self.view.words_in(span)
            if not any(name.span.start <= word.span.start < name.span.end for name in names)
        ]


class Arguments(NamedTuple):
    """What a frame found: who acts, on what, and the encoded range that says so."""

    subjects: tuple[Placed, ...]
    objects: tuple[Placed, ...]
    start: int
    end: int


def is_name(character: str) -> bool:
    """Whether a character of an encoded sentence stands for an entity."""
    return "\ue000" <= character <= "\uf8ff"


def arguments(
    encoded: Encoded,
    verb: re.Match[str],
    frames: Sequence[str],
    subject: Allows,
    object_: Allows,
    then: re.Pattern[str] | None = None,
) -> Iterator[Arguments]:
    """What each of ``frames`` finds around one occurrence of a verb.

    ``subject`` and ``object_`` say which classes may act and be acted on; ``then`` are verbs that may follow.
    """
    if not _is_word(encoded, verb.start(), verb.end()):
        return
    start, end = verb.start(), _behind_verbs(encoded, verb.end(), verb.re, then)
    if "mutual" in frames:
        yield from _mutual(encoded, start, end, subject, object_)
    agents, marker = _agents(encoded, start, subject)
    if encoded.text[end : end + 1] == "的":
        actors = agents if "agent" in frames else ()
        if "attributive" in frames and not agents:
            actors = _actors_before(encoded, start, subject) or _own(encoded, start, subject)
        if actors:
            objects, last = object_list(encoded, end + 1, object_)
            inside = all(encoded.sentence.contains(actor.span) for actor in actors)
            if not objects and inside:  # 产业园是甲和乙设立的园区
                begin = encoded.offsets.index(min(actor.span.start for actor in actors))
                objects = subjects_at(encoded, begin - 1, object_) if encoded.text[begin - 1] == "是" else ()
                last = end
            if objects:
                yield Arguments(actors, objects, start, last)
        return
    if agents:
        again = encoded.text[end : end + 1] == "、"  # 由甲建设、乙运营: the second agent is no object
        objects, last = ((), end) if again else object_list(encoded, end, object_)
        acted_on = objects or _patients(encoded, marker, object_)
        if acted_on and "agent" in frames:
            yield Arguments(agents, acted_on, marker, last)
        if encoded.text[marker] == "由":
            return
    if "place" in frames and _ends_here(encoded, end) and (where := _where(encoded, start, object_)):
        happens = subjects_at(encoded, where[1], subject)
        if happens:
            yield Arguments(happens, where[0], where[1], end)
    if (
        "implied" in frames
        and ("ends" not in frames or _ends_here(encoded, end))
        and (before := _named_before(encoded, start, object_))
    ):
        actors = encoded.view.subjects(encoded.offsets[start], subject, carried=False)
        if actors:
            yield Arguments(actors, (before,), start, end)
    if not {"active", "near", "open"}.isdisjoint(frames):
        objects, last = object_list(encoded, end, object_, bare="near" in frames, heads="open" not in frames)
        if objects and _AMOUNT_OF.match(encoded.text, end):
            actors = (
                _actors_before(encoded, start, subject) if is_name(encoded.text[start - 1]) else ()
            )  # 甲投资2亿元的丙
        else:
            actors = subjects_at(encoded, start, subject, behind="behind" in frames) if objects else ()
        if actors:
            actors = (*actors, *_partners(encoded, start, subject, actors))
            yield Arguments(actors, objects, start, last)


def object_list(
    encoded: Encoded, index: int, allows: Allows, *, bare: bool = False, heads: bool = True
) -> tuple[tuple[Placed, ...], int]:
    """The objects of a verb that ends at ``index``: a name behind its modifiers, and the names listed with it.

    A name that only modifies (小米生态产业链, 鼎岳的技术团队) is no object. ``bare``: nothing of the kind may stand
    before the first. Returns them and where they end.
    """
    limit = encoded.clause_end(index)
    position = index
    while position < limit:
        if is_name(encoded.text[position]):
            if not _gap_is_modifier(encoded, index, position):
                return (), index
            if not _modifies(encoded, position):
                break
            if bare and not is_name(encoded.text[position + 1]):
                return (), index
        elif position - index > MAX_MODIFIER_CHARS:
            return (), index
        position += 1
    else:
        return (), index
    first = encoded.placed[ord(encoded.text[position]) - FIRST]
    if not allows(first.label_):
        return (), index
    found = [first]
    before = encoded.listed(encoded.text[position - 1]) if position > index else []
    if first.label_ == "Road" and before and allows(before[0].label_):
        found = [*before, first]  # 位于秦南新区|文昌路
    last = position + 1
    while join := _JOIN.match(encoded.text, last):
        following = join.end()
        while following < limit and following - join.end() <= MAX_ITEM_CHARS and not is_name(encoded.text[following]):
            following += 1
        if following >= min(len(encoded.text), limit + 4) or not is_name(encoded.text[following]):
            break
        if following > join.end() and not _gap_is_modifier(encoded, join.end(), following):
            break
        while following + 1 < limit and is_name(encoded.text[following + 1]):
            following += 1
        item = encoded.placed[ord(encoded.text[following]) - FIRST]
        if not allows(item.label_) or _OF.match(encoded.text, following + 1):
            break
        found.append(item)
        last = following + 1
    return ((), index) if heads and _heads_on(encoded, last, found[-1]) else (tuple(found), last)


def _heads_on(encoded: Encoded, index: int, last: Placed) -> bool:
    """Whether a noun right behind a list takes it as its modifier: 小米|生态产业链."""
    if encoded.text[index : index + 1] in {"—", "-", "·", "－"}:
        return True
    if last.label_ in _OPEN_CLASSES:
        match = _OPEN_MODIFIER.match(encoded.text, index)
        return match is not None and not any(tag == "v" for _, tag in encoded.tags(index, match.end()))
    if last.label_ in _PLACES and re.match(rf"{_PART}(?![{FIRST:c}-\uf8ff\u4e00-\u9fff])", encoded.text[index:]):
        return False
    words = encoded.tags(index, min(index + 1, len(encoded.text)))
    return bool(words) and words[0][1] in _NOUN_TAGS and not words[0][0].startswith(_NOT_HEADS)


def subjects_at(encoded: Encoded, index: int, allows: Allows, *, behind: bool = False) -> tuple[Placed, ...]:
    """Who the clause at ``index`` is about: a list, people with their titles, or the parties that 双方 stands for.

    ``behind``: where nobody stands before, the subject of the next clause (依托甲，乙发展).
    """
    view = encoded.view
    position = encoded.offsets[index]
    if encoded.parties and view.beside.parties.search(encoded.text[:index]):
        return tuple(party for party in encoded.parties if allows(party.label_))
    found = view.subjects(position, allows, carried=not behind)
    if behind and not found:
        following = encoded.text[encoded.clause_end(index) + 1 :]
        match = re.match(LIST, following)
        found = tuple(n for n in encoded.listed(match[0]) if allows(n.label_)) if match else ()
        found = found or view.subjects(position, allows)
    if not found or found[-1].label_ != "Person":
        return () if found and _modifies_a_noun(view, found[-1], position) else found
    return tuple(sorted({*found, *_people(view, found[-1], position)}))


def _modifies_a_noun(view: View, subject: Placed, end: int) -> bool:
    """Whether a noun right behind a name of the clause takes its place as subject: 上海|知名企业 签署…."""
    if subject.span.start < view.clause_at(end).start:
        return False  # what a whole sentence is about goes on
    word = view.word_at(subject.span.end)
    if word is None or word.span.start < subject.span.end or subject.span.end >= end:
        return False
    return word.tag in _MODIFIED_TAGS and not word.text.startswith(_NOT_MODIFIED)


def _people(view: View, one: Placed, end: int) -> Iterator[Placed]:
    """The people listed with ``one`` before ``end``: 市委书记甲，副书记、市长乙，局长丙."""
    sentence = view.sentence_at(one.span.start)
    if sentence is None:
        return
    people = [p for p in view.placed_in(sentence) if p.label_ == "Person" and p.span.end <= end]
    for step in (people[people.index(one) :], people[people.index(one) :: -1]) if one in people else ():
        for person, following in pairwise(step):
            first, second = sorted((person, following))
            between = TextSpan(first.span.end, second.span.start)
            if not re.match("[、，,]", between.of(view.text)) or view.has_verb(between):
                break
            yield following


def _is_word(encoded: Encoded, start: int, end: int) -> bool:
    """Whether a word starts at ``start``, or a verb reaches into the range: the 投资 of 总投资 is no verb."""
    view, offset = encoded.view, encoded.offsets[start]
    first, last = view.word_at(offset), view.word_at(encoded.offsets[end - 1])
    return first is None or first.span.start == offset or any(w and w.tag.startswith("v") for w in (first, last))


def _behind_verbs(encoded: Encoded, index: int, verbs: re.Pattern[str], then: re.Pattern[str] | None) -> int:
    """Where a run of verbs that say the same property ends: 投资18亿元|建设|了, 研发|、|生产, 投资2亿元在石桥镇|新建.

    ``then``: more verbs, which may only follow.
    """
    while True:
        index = _ASPECT.match(encoded.text, index).end()  # type: ignore[union-attr]
        amount = _AMOUNT.match(encoded.text, index)
        joined = _VERB_JOIN.match(encoded.text, amount.end() if amount else index)
        position = joined.end() if joined else index
        following = verbs.match(encoded.text, position) or (then.match(encoded.text, position) if then else None)
        if following is None:
            return index
        index = following.end()


def _gap_is_modifier(encoded: Encoded, start: int, end: int) -> bool:
    """Whether what stands between a verb and a name can belong to the name."""
    gap = re.sub(rf"{NAME}+$", "", encoded.text[start:end])  # names that run on are the name's own
    tail = max(gap.rfind("的"), gap.rfind("”"), gap.rfind("、")) + 1
    if any(is_name(c) for c in gap[tail:]) and not _area_before(encoded, gap[tail:]):
        return False
    return not any(tag in _BLOCKING for _, tag in encoded.tags(start + tail, end))


def _area_before(encoded: Encoded, gap: str) -> bool:
    """Whether the names in a gap only say where: 建设福州滨海新区…."""
    return all(name.label_ == "AdministrativeArea" for name in encoded.listed(gap))


def _modifies(encoded: Encoded, index: int) -> bool:
    """Whether the name at ``index`` belongs to what stands behind it."""
    following = encoded.text[index + 1 : index + 2]
    return bool(following) and (is_name(following) or bool(_OF.match(encoded.text, index + 1)))


def _agents(encoded: Encoded, verb: int, allows: Allows) -> tuple[tuple[Placed, ...], int]:
    """Who stands behind 由 or 被 in the clause before a verb, and where that word stands."""
    clause = encoded.clause_start(verb)
    matches = list(_BY.finditer(encoded.text, clause, verb))
    if not matches:
        return (), clause
    second = re.search(rf"、({LIST})(?:负责|共同|联合)?$", encoded.text[matches[-1].end() : verb])
    if not second:
        second = re.search(
            rf"(?:{_OF.pattern}|的)[^，。{FIRST:c}-\uf8ff]{{0,4}}({LIST})$", encoded.text[matches[-1].end() : verb]
        )
    names = encoded.listed(second[1] if second else matches[-1]["who"])  # 由甲建设、乙运营; 由甲旗下的乙建设
    return tuple(name for name in names if allows(name.label_)), matches[-1].start("by")


def _patients(encoded: Encoded, marker: int, allows: Allows) -> tuple[Placed, ...]:
    """What 由 or 被 at ``marker`` is said of: the names right before it, else who the clause is about."""
    before = re.search(rf"{LIST}(?=[^，。]{{0,4}}$)", encoded.text[encoded.clause_start(marker) : marker])
    listed = tuple(n for n in encoded.listed(before[0]) if allows(n.label_)) if before else ()
    if listed:
        return listed
    words = encoded.tags(encoded.clause_start(marker), marker)
    own = words and words[-1][1] in _NOUN_TAGS and not is_name(encoded.text[marker - 1])
    return () if own else subjects_at(encoded, marker, allows)  # 园区智慧平台由甲承建: what is no entity


def _actors_before(encoded: Encoded, verb: int, allows: Allows) -> tuple[Placed, ...]:
    """The names right before a verb in an attribute: 远航集团(今年)建设的…."""
    clause = encoded.clause_start(verb)
    matches = list(re.finditer(LIST, encoded.text[clause:verb]))
    if not matches:
        return ()
    match = matches[-1]
    end = clause + match.end()
    if verb - end > MAX_ADVERB_CHARS or any(tag in {"v", "p"} for _, tag in encoded.tags(end, verb)):
        return ()
    if encoded.view.beside.before.search(encoded.text[clause : clause + match.start()]):
        return ()
    return tuple(name for name in encoded.listed(match[0]) if allows(name.label_))


def _own(encoded: Encoded, verb: int, allows: Allows) -> tuple[Placed, ...]:
    """Whose clause a verb in an attribute opens that names nobody: 甲建厂十年，(其)自主研发的乙…."""
    said = encoded.text[encoded.clause_start(verb) : verb]
    own = re.fullmatch(
        "(?:目前|如今|现在|近年来|今年|去年)?(?:其|由其|公司|企业)?(?:自主|独立|主导|牵头|正在|已|率先|首先)*", said
    )
    return encoded.view.subjects(encoded.offsets[verb], allows) if own else ()


_BY = re.compile(rf"(?P<by>由|被)(?P<who>[^，。由{FIRST:c}-\uf8ff]{{0,6}}?{LIST})(?!的)")
_TOGETHER = re.compile("共同|联合|合资|合作|携手|会同")
_WITH = re.compile(rf"(?:与|和|同|跟|携手|联合|牵手|联手|会同)(?P<other>[“]?{LIST})")


def _partners(encoded: Encoded, verb: int, allows: Allows, actors: tuple[Placed, ...]) -> tuple[Placed, ...]:
    """Who acts together with ``actors``: 甲携手乙共建…, 甲与乙联合打造…."""
    clause = encoded.clause_start(verb)
    match = _WITH.search(encoded.text, clause, verb)
    if match is None or not (
        encoded.text[verb] == "共" or _TOGETHER.search(encoded.text, clause, verb + 2) or encoded.text[verb] == "签"
    ):
        return ()
    known = {actor.key for actor in actors}
    return tuple(n for n in encoded.listed(match["other"]) if allows(n.label_) and n.key not in known)


def _mutual(encoded: Encoded, verb: int, end: int, subject: Allows, object_: Allows) -> Iterator[Arguments]:
    """甲与乙签署协议: each of one side with each of the other; 甲、乙、丙共同签署协议: each with each."""
    clause = encoded.clause_start(verb)
    found = _WITH.search(encoded.text, clause, end)
    if found is not None:
        if _OF.match(encoded.text, found.end()) or _heads_on(encoded, found.end(), encoded.listed(found["other"])[-1]):
            return  # 与长沙的甲、娄底的乙签约, 与上海高校合作
        others = tuple(name for name in encoded.listed(found["other"]) if object_(name.label_))
        listed = re.search(rf"{LIST}$", encoded.text[clause : found.start()])
        parties = (
            tuple(name for name in encoded.listed(listed[0]) if subject(name.label_))
            if listed
            else subjects_at(encoded, found.start(), subject)
        )
        begin = encoded.offsets[clause]
        if not listed and any(tag in _OTHERS for _, tag in encoded.tags(clause, found.start())):
            parties = tuple(
                party for party in parties if party.span.start >= begin
            )  # 由公司与甲签约: not who was before
        if len(parties) > 1 and len(others) > 1 and "分别" in encoded.text[found.start() - 4 : end]:
            return  # 甲、乙分别与丙、丁签约: who with whom is not said
        start = found.start()
    else:
        together = re.search(rf"(?P<all>{LIST})[^，]{{0,8}}?(?:共同|三方|双方|联合)", encoded.text[clause:verb])
        others = parties = tuple(n for n in encoded.listed(together["all"]) if subject(n.label_)) if together else ()
        start = clause + together.start() if together else clause
    if parties and others:
        encoded.parties = tuple({party.key: party for party in (*parties, *others)}.values())
        all_sign = encoded.text[verb] == "签" and len(parties) == 2 and len(others) == 1  # 甲、乙与丙: each with each
        for i, party in enumerate(parties):
            rest = (*parties[i + 1 :], *others) if all_sign else others
            rest = parties[i + 1 :] if others is parties else rest
            yield Arguments((party,), tuple(o for o in rest if o.key != party.key), start, end)


def _named_before(encoded: Encoded, verb: int, allows: Allows) -> Placed | None:
    """The last thing that may be meant, named in a clause or a sentence before the verb's clause."""
    view, clause = encoded.view, encoded.offsets[encoded.clause_start(verb)]
    floor = view.sentence_before(encoded.sentence) or encoded.sentence
    named = [p for p in view.placed_in(TextSpan(encoded.sentence.start, clause)) if allows(p.label_)]
    if not named:
        near = any(allows(p.label_) for p in view.placed_in(TextSpan(floor.start, clause)))
        main = view.main(clause, allows) if near else None
        named = [main] if main else []
    if not named:
        named = [p for p in view.placed if allows(p.label_)]
        named = named if len({p.key for p in named}) == 1 else []
    return named[-1] if named else None


def _ends_here(encoded: Encoded, index: int) -> bool:
    """Whether a verb that ends at ``index`` has no object: a name or a noun of its own."""
    words = encoded.tags(index, min(index + 1, len(encoded.text)))
    return not (is_name(encoded.text[index : index + 1] or "。") or (words and words[0][1] in {"n", "nz", "m"}))


def _where(encoded: Encoded, verb: int, allows: Allows) -> tuple[tuple[Placed, ...], int] | None:
    """The places behind 在 before a verb, and where 在 stands."""
    clause = encoded.clause_start(verb)
    matches = list(re.finditer(rf"(?:在|于)({NAME}+(?:[、和与]{NAME}+)*)", encoded.text[clause:verb]))
    if not matches:
        return None
    places = tuple(encoded.listed(matches[-1][1]))
    behind = encoded.text[clause + matches[-1].end() : verb]
    if not all(allows(place.label_) for place in places) or len(behind) > MAX_ADVERB_CHARS or "的" in behind:
        return None
    return places, clause + matches[-1].start()
