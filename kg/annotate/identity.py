"""Mentions → the entities of one article: one thing, one entity, in whatever form it is named.

A shorter name joins a longer one only on evidence: introduced in brackets (以下简称“…”), an area without its
suffix (晋安 for 晋安区), a clipped head (经开区), or a company's brand at the start of its full name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from kg.annotate.entities import without_overlaps
from kg.annotate.gazetteer import gazetteer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.names import HeadLexicon, is_head
from kg.model import Entity, Evidence, Mention, TextSpan
from kg.ontology import Ontology

MIN_TAIL_CHARS = 6
MIN_EVENT_CHARS = 4
MIN_BRAND_CHARS = 3
_Key = tuple[str, str]  # the family of a class, and a plain name
_AREAS = frozenset({"AdministrativeArea", "DevelopmentZone"})
_STANDS_IN_AREAS = frozenset({"Organization", "Place", "Project", "Event"})
_STEMMED = frozenset({"Industry", "Technology"})
_PUNCTUATION = re.compile(r"[\s“”‘’\"'《》〈〉「」『』（）()·\-—]")


def plain(name: str) -> str:
    """``name`` without punctuation and spaces, for comparing."""
    return _PUNCTUATION.sub("", name)


def with_introduced(folder: Path, text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, and every occurrence of the short names that the text introduces for them."""
    data: dict[str, Any] = read_lexicon(folder, "aliases")
    words = "|".join(map(re.escape, data["introduced_by"]))
    bracket = re.compile(rf"[（(](?:{words})(?:为|：|:)?[“‘\"「]?([^”’\"」）)，]{{2,16}})[”’\"」]?[）)]")
    by_end = {mention.span.end: mention for mention in mentions}
    by_start = {mention.span.start: mention for mention in mentions}
    added: list[Mention] = []
    for match in bracket.finditer(text):
        owner = by_end.get(match.start())
        if owner and not is_head(folder, match[1]):  # （以下简称“公司”） names nothing
            added += [
                Mention(TextSpan(*found.span()), match[1], owner.label_, f"alias:{owner.text}")
                for found in re.finditer(re.escape(match[1]), text)
                if not owner.span.overlaps(TextSpan(*found.span()))
                and not any(
                    m.span.contains(TextSpan(*found.span())) and m.span != TextSpan(*found.span()) for m in mentions
                )
            ]
    for said in re.finditer("|".join(map(re.escape, data["other_names"])), text):
        one, other = by_end.get(said.start()), by_start.get(said.end())
        if one and other and one.label_ == other.label_ and one.text != other.text:
            added.append(replace(one, rule=f"alias:{other.text}"))
    for owner in mentions:
        if owner.label_ == "Company" and (brand := _brand(owner.text)) and len(brand) >= 3:
            added += [
                Mention(TextSpan(*found.span()), brand, "Company", f"alias:{owner.text}")
                for found in re.finditer(re.escape(brand), text)
                if not any(m.span.contains(TextSpan(*found.span())) for m in mentions if len(m.text) > len(brand))
            ]
    return without_overlaps([*mentions, *added])


def _brand(name: str) -> str:
    """What is left of a company's full name without its area and its legal form."""
    core = re.sub(r"[（(][^）)]*[）)]", "", name)
    core = re.sub(r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司)$", "", core)
    if core == name:
        return ""
    for length in (4, 3, 2):
        if core[:length] in gazetteer() and len(core) - length >= 3:
            return core[length:]
    return core


def entities_of(
    ontology: Ontology, mentions: Sequence[Mention], sentence_of: Callable[[TextSpan], TextSpan]
) -> tuple[Entity, ...]:
    """One entity for each thing the mentions name, in the order of first mention."""
    folder = ontology.lexicon
    data: dict[str, Any] = read_lexicon(folder, "aliases")
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        groups.setdefault((_family(ontology, mention.label_), plain(mention.text)), []).append(mention)
    introduced = {
        (_family(ontology, m.label_), plain(m.text)): (_family(ontology, m.label_), plain(m.rule[6:]))
        for m in mentions
        if m.rule.startswith("alias:")
    }
    shorter = frozenset(data["named_without_area"])
    peeled = {name: _peeled(folder, name[1]) for name, found in groups.items() if found[0].label_ in shorter}
    owner = _owners(data, groups, introduced, peeled)
    merged: dict[tuple[str, str], list[Mention]] = {}
    for name, found in groups.items():
        merged.setdefault(owner.get(name, name), []).extend(found)
    quoted = frozenset(label for label, row in read_lexicon(folder, "heads").items() if row.get("quoted"))
    whole = _with_areas(ontology, mentions)
    for found in merged.values():
        found += [whole[m.span.start] for m in found if m.span.start in whole and m.rule != "quoted"]
        found += [inner for m in found if m.label_ in shorter and (inner := _without_area(folder, m))]
    generic = tuple(read_lexicon(folder, "terms")["generic_modifiers"])
    made = [_entity(found, sentence_of, quoted, data["stem_tails"], generic) for found in merged.values()]
    return tuple(sorted(made, key=lambda entity: entity.mentions[0].span))


def _owners(
    data: dict[str, Any],
    groups: Iterable[_Key],
    introduced: Mapping[_Key, _Key],
    peeled: Mapping[_Key, _Peeled],
) -> dict[_Key, _Key]:
    """Each shorter name → the one longer name of its family that it is a form of."""
    names = sorted(groups, key=lambda item: -len(item[1]))
    known = frozenset(names)
    holding: dict[_Key, list[int]] = {}  # (family, two characters) → the names that hold them
    for at, (family, text) in enumerate(names):
        for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
            holding.setdefault((family, pair), []).append(at)
    owner: dict[_Key, _Key] = {}
    for short in names:
        explicit = introduced.get(short)
        if explicit in known and explicit is not None and explicit != short:
            owner[short] = explicit
            continue
        alike = {at for key in _keys(data, short[1], peeled.get(short)) for at in holding.get((short[0], key), ())}
        longer = [
            full
            for full in (names[at] for at in sorted(alike))
            if len(full[1]) > len(short[1])
            and (_clips(data, full, short) or _is_peeled(peeled.get(full), peeled.get(short)))
        ]
        if len({owner.get(full, full) for full in longer}) == 1:
            owner[short] = owner.get(longer[0], longer[0])
    return owner


def _keys(data: dict[str, Any], name: str, peeled: _Peeled | None) -> set[str]:
    """Pairs of characters one of which every longer form of ``name`` holds: where it, its brand and its core begin."""
    parts = _parts(data, name)
    return {name[:2], *([parts.brand[:2]] if parts else ()), *([peeled.core[:2]] if peeled else ())}


def _with_areas(ontology: Ontology, mentions: Sequence[Mention]) -> dict[int, Mention]:
    """Where a name starts → the name with the areas right before it: 宁波市|北仑区人大常委会."""
    whole: dict[int, Mention] = {}
    before: Mention | None = None
    for mention in sorted((m for m in mentions if m.rule != "nested"), key=lambda mention: mention.span):
        if before and before.span.end == mention.span.start and before.label_ in _AREAS:
            if _family(ontology, mention.label_) in _STANDS_IN_AREAS and mention.label_ != "AdministrativeArea":
                span, text = before.span.cover(mention.span), before.text + mention.text
                whole[mention.span.start] = Mention(span, text, mention.label_, "quoted")
            elif mention.label_ == "AdministrativeArea":
                mention = Mention(before.span.cover(mention.span), before.text + mention.text, mention.label_, "area")
        before = mention
    return whole


class _Peeled(NamedTuple):
    areas: frozenset[str]
    core: str


def _peeled(folder: Path, name: str) -> _Peeled:
    """A name without the areas it opens with, its head clipped: 江西|南昌|小蓝经开区.

    An area stays, without its suffix, where what follows says nothing of its own (马鞍山|经开区).
    """
    known, heads = gazetteer(), HeadLexicon.load(folder)
    clips: dict[str, list[str]] = read_lexicon(folder, "aliases")["clipped_heads"]
    head = max((m[0] for m in heads.pattern.finditer(name) if m.end() == len(name)), key=len, default="")
    stem, tail = name[: len(name) - len(head)], next(iter(clips.get(head, ())), "") or head
    areas: set[str] = set()
    while size := next((n for n in (7, 6, 5, 4, 3, 2) if known.is_area(stem[:n])), 0):
        area, rest = stem[:size].rstrip("省市县区") or stem[:size], stem[size:]
        if len(heads.generic_words.sub("", rest)) < 2:
            stem = area + rest
            break
        areas.add(area)
        stem = rest
    return _Peeled(frozenset(areas), stem + tail)


def _is_peeled(full: _Peeled | None, short: _Peeled | None) -> bool:
    """Whether ``short`` is ``full`` said with fewer of its areas."""
    return full is not None and short is not None and full.core == short.core and full.areas >= short.areas


def _without_area(folder: Path, mention: Mention) -> Mention | None:
    """A name that stands without the areas it opens with: 新津区|天府智能制造产业园. None where too little is left."""
    known = gazetteer()
    count = len(_peeled(folder, mention.text).areas)
    rest = mention.text
    for _ in range(count):
        rest = rest[next(n for n in (7, 6, 5, 4, 3, 2) if known.is_area(rest[:n])) :]
    if not count or len(rest) < MIN_TAIL_CHARS or any(map(mention.text.startswith, known.countries)):
        return None
    return Mention(TextSpan(mention.span.end - len(rest), mention.span.end), rest, mention.label_, "quoted")


def _family(ontology: Ontology, label: str) -> str:
    for family in ("Organization", "Place"):
        if ontology.is_a(label, family):
            return family
    return label


def _clips(data: dict[str, Any], full: tuple[str, str], short: tuple[str, str]) -> bool:
    """Whether ``short`` is an unambiguous clipped form of ``full``."""
    (family, long_name), (_, name) = full, short
    if len(name) < 2 or len(name) >= len(long_name):
        return False
    if any(long_name == name + suffix for suffix in data["area_suffixes"]):
        return True
    if long_name.endswith(name) and (len(name) >= MIN_TAIL_CHARS or long_name[: -len(name)] in gazetteer()):
        return family != "Person"  # 晋安区|民营工业集中区, said shorter
    if long_name.endswith(name) and len(name) > 3 and name.endswith(tuple(data["parts"])):
        return True  # 人民医院|江北院区
    if family == "Organization" and (_same_brand(data, long_name, name) or _is_brand(data, long_name, name)):
        return True
    if family == "Strategy" and len(name) >= MIN_EVENT_CHARS and long_name.endswith(name):
        return True
    if family == "Event" and len(name) >= MIN_EVENT_CHARS and long_name.endswith(name):
        return True
    if family in _STEMMED and any(long_name == name + tail for tail in data["concept_tails"]):
        return True
    return any(_clips_head(data, family, long_name, name, head, clips) for head, clips in data["clipped_heads"].items())


def _clips_head(data: dict[str, Any], family: str, long_name: str, name: str, head: str, clips: Sequence[str]) -> bool:
    """云澜经济技术开发区 → 云澜经开区: the head shrinks, the rest may lose its area's suffix."""
    if not long_name.endswith(head):
        return False
    stem = long_name[: -len(head)]
    for clip in clips:
        if name == stem + clip and len(name) > 1:
            return True
        if not clip and stem.startswith(name) and family == "Organization" and len(name) >= 3:
            rest = stem[len(name) :]
            whole = name.endswith(tuple(data["company_fillers"]))  # 中一科技 is not 中一科技陕西有限公司
            return not rest or not whole or any(rest.endswith(f) and len(rest) <= 6 for f in data["company_fillers"])
        if clip and any(name == stem.replace(suffix, "") + clip for suffix in data["area_suffixes"]):
            return True
    return False


def _is_brand(data: dict[str, Any], full: str, name: str) -> bool:
    """Whether a company's full name begins with the brand ``name`` (麦克赛尔|数字映像中国有限公司).

    What follows may not be an area: 中一科技|陕西有限公司 is another company.
    """
    if not full.endswith(tuple(data["legal_forms"])) or name.endswith(tuple(data["legal_forms"])):
        return False
    known = gazetteer()
    areas = (full[:n] for n in (6, 5, 4, 3, 2) if full[:n] in known)
    rest = next((full[len(prefix) + len(name) :] for prefix in ("", *areas) if full.startswith(prefix + name)), None)
    return rest is not None and len(name) >= MIN_BRAND_CHARS and not any(rest[:n] in known for n in (2, 3, 4))


def _same_brand(data: dict[str, Any], one: str, other: str) -> bool:
    """Whether two company names share brand and differ only in area, trade and legal form (联东集团)."""
    first, second = _parts(data, one), _parts(data, other)
    if first is None or second is None or first.brand != second.brand:
        return False
    areas = {first.area, second.area} - {""}
    return len(areas) < 2 and (first.fillers >= second.fillers or second.fillers >= first.fillers)


class _Parts(NamedTuple):
    area: str
    brand: str
    fillers: frozenset[str]


def _parts(data: dict[str, Any], name: str) -> _Parts | None:
    """A company's name in parts: 北京|联东|投资|(集团)有限公司. None where no legal form or trade ends it."""
    fillers: set[str] = set()
    legal = False
    while True:
        tail = next((t for t in data["legal_forms"] if name.endswith(t) and len(name) - len(t) >= 2), None)
        filler = next((f for f in data["company_fillers"] if name.endswith(f) and len(name) - len(f) >= 2), None)
        if tail:
            name, legal = name[: -len(tail)], True
        elif filler:
            name = name[: -len(filler)]
            fillers.add(filler)
        else:
            break
    known = gazetteer()
    size = next((n for n in (6, 5, 4, 3, 2) if name[:n] in known and len(name) - n >= 2), 0)
    return _Parts(name[:size].rstrip("省市县区"), name[size:], frozenset(fillers)) if legal or fillers or size else None


def _entity(
    found: list[Mention],
    sentence_of: Callable[[TextSpan], TextSpan],
    quoted_labels: frozenset[str],
    concept_tails: Sequence[str],
    generic: tuple[str, ...],
) -> Entity:
    found = sorted(found, key=lambda mention: mention.span)
    name = max((m.text for m in found if m.rule != "quoted"), key=lambda text: (len(plain(text)), text))
    label = next(m.label_ for m in found if m.text == name)
    quoted = [
        Mention(TextSpan(m.span.start + 1, m.span.start + 1 + len(inner[1])), inner[1], m.label_, "quoted")
        for m in found
        if label in quoted_labels and (inner := re.match(r"[“‘「](.{2,10})[”’」]", m.text))
    ]
    stems = [
        Mention(TextSpan(m.span.start, m.span.end - len(tail)), m.text[: -len(tail)], label, "quoted")
        for m in found
        if label in _STEMMED
        for tail in concept_tails
        if m.text.endswith(tail) and len(m.text) - len(tail) >= 3 and not m.text[: -len(tail)].endswith(generic)
    ]
    found = sorted([*found, *quoted, *stems], key=lambda mention: mention.span)
    aliases = tuple(sorted({m.text for m in found} - {name}))
    first = found[0]
    return Entity(
        key=f"{label}:{name}",
        label_=label,
        name=name,
        aliases=aliases,
        mentions=tuple(found),
        evidence=_because(first, sentence_of),
        alias_evidence={alias: _because(next(m for m in found if m.text == alias), sentence_of) for alias in aliases},
    )


def _because(mention: Mention, sentence_of: Callable[[TextSpan], TextSpan]) -> Evidence:
    return Evidence(mention.span, sentence_of(mention.span), mention.rule.split(":")[0] + ":" + mention.label_, 0.8)


def references(
    ontology: Ontology, text: str, entities: Iterable[Entity], sentences: Sequence[TextSpan]
) -> list[tuple[TextSpan, Entity]]:
    """Where 该区, 全市, 公司 and the like stand, and what they stand for."""
    rows: list[dict[str, Any]] = read_lexicon(ontology.lexicon, "references")
    things = list(entities)
    taken = [mention.span for entity in things for mention in entity.mentions]
    resolved: list[tuple[TextSpan, Entity]] = []
    for row in rows:
        pattern = re.compile("|".join(map(re.escape, sorted(row["say"], key=len, reverse=True))))
        fits = [
            entity
            for entity in things
            if any(ontology.is_a(entity.label_, c) for c in row["classes"]) and entity.name.endswith(tuple(row["ends"]))
        ]
        if not fits:
            continue
        main = max(fits, key=lambda entity: (len(entity.mentions), -entity.mentions[0].span.start))
        for sentence in sentences:
            for match in pattern.finditer(text, *sentence):
                span = TextSpan(*match.span())
                before = text[span.start - 1 : span.start]
                opens = (
                    not before
                    or before in "，。；：、“\n\u3000 ,;:"
                    or row["scope"] == "main"
                    or match[0][0] in "该本全"
                )
                if not opens or any(span.overlaps(t) for t in taken):
                    continue
                target = main if row["scope"] == "main" else _nearest(fits, span)
                if target:
                    taken.append(span)
                    resolved.append((span, target))
    return resolved


def _nearest(fits: list[Entity], span: TextSpan) -> Entity | None:
    best = [(m.span.end, entity) for entity in fits for m in entity.mentions if m.span.end <= span.start]
    return max(best, key=lambda pair: pair[0])[1] if best else None
