"""One article's gold and its extraction → every item of both, judged right or not.

Names are compared in simplified Chinese without punctuation and spaces. An item of the gold answers to
at most one prediction and the other way round; of the ways to pair them the one with most right is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from unicodedata import normalize

from kg.evaluate.gold import Gold
from kg.evaluate.items import DETAILS, Item
from kg.model import Evidence, Extraction


class Judge:
    """One article: its gold beside what was extracted."""

    def __init__(self, gold: Gold, extraction: Extraction, symmetric: frozenset[str]) -> None:
        self.gold, self.extraction, self.symmetric = gold, extraction, symmetric
        self.gold_items: list[Item] = []
        self.predicted_items: list[Item] = []
        self.details: dict[str, Mapping[str, bool]] = {}
        self.names = {e.key: e.name for e in extraction.entities}
        self.gold_labels = [_labels(e["name"], e.get("aliases", ())) for e in gold.entities]
        self.gold_of: dict[str, int] = {}  # Entity.key → index of the gold entity it is

    def all(self) -> None:
        """Judge every kind; entities first, the others ask which is which."""
        self._entities()
        self._relations()
        self._observations()
        self._milestones()

    def _entities(self) -> None:
        gold, predicted = self.gold.entities, self.extraction.entities
        labels = [_labels(e.name, e.aliases) for e in predicted]
        weights = {
            (g, p): 10_000 * (gold[g]["class"] == entity.label_)
            + 100
            + (comparable(gold[g]["name"]) == comparable(entity.name))
            for g in range(len(gold))
            for p, entity in enumerate(predicted)
            if labels[p] & self.gold_labels[g]
        }
        pairs = _pairs(weights)
        pred_of = {p: g for g, p in pairs.items()}
        for p, entity in enumerate(predicted):
            same = [g for g, names in enumerate(self.gold_labels) if labels[p] & names]
            is_gold = pred_of.get(p, same[0] if same else None)
            if is_gold is not None:
                self.gold_of[entity.key] = is_gold
            first = entity.mentions[0] if entity.mentions else None
            why = "" if p in pred_of else "a second entity for one thing" if same else "not in the gold"
            text = f"{entity.name} ({entity.label_})"
            if p in pred_of and (wanted := gold[pred_of[p]]["class"]) != entity.label_:
                why = f"is a {wanted}"
            rule = f" [{first.rule}]" if first and why else ""
            self._claim("entities", text, entity.label_, not why, why + rule)
            self._claim("entities by name", text, entity.label_, p in pred_of, why + rule)
        for g, item in enumerate(gold):
            found = predicted[pairs[g]].label_ if g in pairs else None
            why = "" if found == item["class"] else f"found as {found}" if found else "not found"
            text = f"{item['name']} ({item['class']})"
            self._want("entities", text, item["class"], not why, why)
            self._want("entities by name", text, item["class"], found is not None, why)

    def _relations(self) -> None:
        gold: dict[tuple[object, str, object], str] = {}
        for s, property_, o in self.gold.relations:
            triple = self._triple(self._gold_entity(s), property_, self._gold_entity(o))
            gold.setdefault(triple, f"{s} —{property_}→ {o}")
        claimed: set[tuple[object, str, object]] = set()
        answered: set[tuple[object, str, object]] = set()
        for r in self.extraction.relations:
            keys = self._triple(r.subject, r.property, r.object)
            if keys in claimed:
                continue  # one statement, said twice
            claimed.add(keys)
            triple = self._triple(self._of(r.subject), r.property, self._of(r.object))
            right = triple in gold and triple not in answered
            answered |= {triple} & gold.keys()
            lacking = [self._name(k) for k in (r.subject, r.object) if k not in self.gold_of]
            why = f"no gold entity: {'、'.join(lacking)}" if lacking else "not in the gold"
            text = f"{self._name(r.subject)} —{r.property}→ {self._name(r.object)}"
            self._claim("relations", text, r.property, right, "" if right else why, r.evidence)
        found = set(self.gold_of.values())
        for triple, text in gold.items():
            lacking = [t for t, g in zip(text.split(f" —{triple[1]}→ "), (triple[0], triple[2]), strict=True)
                       if g not in found]  # fmt: skip
            why = f"not found: {'、'.join(lacking)}" if lacking else "both ends are found"
            right = triple in answered
            self._want("relations", text, triple[1], right, "" if right else why)

    def _observations(self) -> None:
        gold, predicted = self.gold.observations, self.extraction.observations
        agrees: dict[tuple[int, int], dict[str, bool]] = {}
        for g, want in enumerate(gold):
            for p, have in enumerate(predicted):
                same = self._gold_entity(want["entity"]) == self._of(have.entity)
                if same and _decimal(want["value"]) == have.value:
                    agrees[g, p] = {
                        detail: comparable(str(want.get(detail) or "")) == comparable(getattr(have, detail) or "")
                        if detail != "comparator"
                        else want.get(detail, "=") == have.comparator
                        for detail in DETAILS
                    }
        pairs = _pairs({key: 100 + 5 * d["indicator"] + sum(d.values()) for key, d in agrees.items()})
        values = {(self._of(o.entity), o.value) for o in predicted}
        for g, want in enumerate(gold):
            text = " ".join(
                str(want.get(k) or "") for k in ("entity", "indicator", "comparator", "value", "unit", "year")
            )
            known = any(value == _decimal(want["value"]) for _, value in values)
            why = "" if g in pairs else "the value is given to another" if known else "not found"
            self._want("observations", text, "", g in pairs, why)
            if g in pairs:
                self.details[f"{self.gold.id}|{g}|{text}"] = agrees[g, pairs[g]]
        for p, o in enumerate(predicted):
            right = p in pairs.values()
            text = f"{self._name(o.entity)} {o.indicator} {o.comparator} {o.value:f} {o.unit} {o.year or ''}"
            known = any(_decimal(want["value"]) == o.value for want in gold)
            why = "" if right else "the value is another's" if known else "not in the gold"
            self._claim("observations", text, "", right, why, o.evidence)

    def _milestones(self) -> None:
        gold, predicted = self.gold.milestones, self.extraction.milestones
        for kind in ("milestones", "milestones without date"):
            weights = {
                (g, p): 100 + 10 * (want["date"] == have.date) + (want.get("status") == have.status)
                for g, want in enumerate(gold)
                for p, have in enumerate(predicted)
                if (self._gold_entity(want["entity"]), want["type"]) == (self._of(have.entity), have.type)
                and (kind != "milestones" or want["date"] == have.date)
            }
            pairs = _pairs(weights)
            for g, want in enumerate(gold):
                text = f"{want['entity']} {want['type']} {want['date'] or '(no date)'}"
                self._want(kind, text, want["type"], g in pairs, "" if g in pairs else "not found")
            for p, m in enumerate(predicted):
                right = p in pairs.values()
                text = f"{self._name(m.entity)} {m.type} {m.date or '(no date)'}"
                self._claim(kind, text, m.type, right, "" if right else "not in the gold", m.evidence)

    def _gold_entity(self, name: str) -> int | str:
        """The index of the gold entity of this name; the name itself where the gold has none."""
        wanted = comparable(name)
        for g, entity in enumerate(self.gold.entities):
            if comparable(entity["name"]) == wanted:
                return g
        return next((g for g, names in enumerate(self.gold_labels) if wanted in names), f"? {name}")

    def _of(self, key: str) -> int | str:
        return self.gold_of.get(key, key)

    def _name(self, key: str) -> str:
        return self.names.get(key, key)

    def _triple(self, s: int | str, property_: str, o: int | str) -> tuple[object, str, object]:
        if property_ in self.symmetric and str(o) < str(s):
            s, o = o, s
        return s, property_, o

    def _want(self, kind: str, text: str, label: str, right: bool, why: str) -> None:
        self.gold_items.append(Item(self.gold.id, kind, text, label, right, why))

    def _claim(self, kind: str, text: str, label: str, right: bool, why: str, evidence: Evidence | None = None) -> None:
        sentence = evidence.sentence.of(self.extraction.article.text) if evidence else ""
        why = f"{why} [{evidence.rule}]" if why and evidence else why
        confidence = evidence.confidence if evidence else None
        self.predicted_items.append(Item(self.gold.id, kind, text, label, right, why, sentence, confidence))


def comparable(name: str) -> str:
    """What is compared of a name: letters and digits, simplified, of standard width.

    >>> comparable("“３８２０” 戰略工程") == comparable("3820战略工程")
    True
    """
    simplified = normalize("NFKC", _t2s().convert(name))
    return "".join(c for c in simplified if c.isalnum()) or simplified


@cache
def _t2s() -> Any:
    from opencc import OpenCC  # loading its tables takes a moment

    return OpenCC("t2s")


def _labels(name: str, aliases: Iterable[str]) -> frozenset[str]:
    return frozenset(map(comparable, (name, *aliases)))


def _pairs(weights: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """gold index → predicted index, one to one, of the greatest total weight."""
    import networkx as nx

    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    for (g, p), weight in weights.items():
        graph.add_edge(("gold", g), ("predicted", p), weight=weight)
    matched = (sorted(edge) for edge in nx.max_weight_matching(graph))
    return {g: p for (_, g), (_, p) in matched}


def _decimal(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
