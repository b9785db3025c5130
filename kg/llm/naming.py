"""The entities of all answers about one article → one for each thing, with every place that names it.

Two answers speak of one thing where they call it by one name and neither of its classes contradicts the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.annotate.identity import plain
from kg.annotate.lexicon import read_lexicon
from kg.llm.alignment import Alignment
from kg.llm.answer import text_of
from kg.model import Entity, Evidence, Mention, TextSpan
from kg.ontology import Ontology

ENTITY_RULE, NESTED_RULE, ALIAS_RULE = "llm:entity", "llm:nested", "llm:alias"
CONFIDENCE = 0.8
"""Of a name that stands in the text; not measured yet."""
MAX_NAME_CHARS = 60
MIN_NAME_CHARS = 2


@dataclass(slots=True)
class Thing:
    """What the answers say of one thing: its classes and how it is called, each as often as it was said."""

    classes: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    aliases: Counter[str] = field(default_factory=Counter)

    @property
    def label_(self) -> str:
        """The class said most often; of those the one said first."""
        return self.classes.most_common(1)[0][0]

    @property
    def name(self) -> str:
        """The fullest name."""
        return max(self.names, key=lambda name: (len(name), name))

    @property
    def key(self) -> str:
        """What other statements of the article call it."""
        return f"{self.label_}:{self.name}"

    @property
    def labels(self) -> tuple[str, ...]:
        """Every name of it, the fullest first."""
        return tuple(dict.fromkeys((self.name, *self.names, *self.aliases)))


class Naming:
    """The things of one article, as answer after answer names them."""

    def __init__(self, alignment: Alignment, ontology: Ontology, classes: Iterable[str], dropped: Counter[str]) -> None:
        self._alignment, self._ontology, self._dropped = alignment, ontology, dropped
        self._classes = frozenset(classes)
        self._generic = {word for row in read_lexicon(ontology.lexicon, "references") for word in row["say"]}
        self.things: list[Thing] = []

    def read(self, items: Iterable[Mapping[str, Any]], pieces: Sequence[TextSpan]) -> dict[str, Thing]:
        """The things one answer names, by every name it gives them, of which each must stand in ``pieces``."""
        called: dict[str, Thing] = {}
        own = {plain(text_of(item, "name")) for item in items}
        for item in items:
            name, class_ = text_of(item, "name"), text_of(item, "class")
            if class_ not in self._classes:
                self._dropped["names of no class of the ontology"] += 1
            elif not self._is_name(name):
                self._dropped["names that name nothing in particular"] += 1
            elif not self._alignment.all(name, pieces):
                self._dropped["names that do not stand in the text"] += 1
            else:
                aliases = self._aliases(item, name, own, pieces)
                thing = self._thing(name, class_, aliases)
                thing.classes[class_] += 1
                thing.names[name] += 1
                thing.aliases.update(aliases)
                called.update({plain(label): thing for label in aliases} | {plain(name): thing})
        return called

    def entities(self, pieces: Sequence[TextSpan]) -> list[tuple[Thing, Entity]]:
        """Each thing with its entity, in the order of first mention; ``pieces`` are what was read of the article."""
        said = {
            (span, thing_at)
            for thing_at, thing in enumerate(self.things)
            for label in thing.labels
            for span in self._alignment.all(label, pieces)
        }
        outer: list[TextSpan] = []
        mentions: dict[int, list[Mention]] = {}
        for span, thing_at in sorted(said, key=lambda pair: (pair[0].start - pair[0].end, pair)):
            # the longest first: 福州 in 福州产业园 is a name within a name
            nested = any(other.contains(span) and other != span for other in outer)
            outer += [] if nested else [span]
            rule = NESTED_RULE if nested else ENTITY_RULE
            label = self.things[thing_at].label_
            mentions.setdefault(thing_at, []).append(Mention(span, span.of(self._alignment.text), label, rule))
        found = [(self.things[at], self._entity(self.things[at], all_)) for at, all_ in mentions.items()]
        return sorted(found, key=lambda pair: pair[1].mentions[0].span)

    def _is_name(self, name: str) -> bool:
        return MIN_NAME_CHARS <= len(name) <= MAX_NAME_CHARS and name.isprintable() and name not in self._generic

    def _aliases(
        self, item: Mapping[str, Any], name: str, own: set[str], pieces: Sequence[TextSpan]
    ) -> tuple[str, ...]:
        """The other names that stand in the text, and that the answer gives to nothing else."""
        given = item.get("aliases")
        said = [each.strip() for each in given if isinstance(each, str)] if isinstance(given, list) else []
        kept = [each for each in said if plain(each) != plain(name)]
        good = [a for a in kept if self._is_name(a) and plain(a) not in own and self._alignment.all(a, pieces)]
        self._dropped["other names that do not stand in the text or are another's"] += len(kept) - len(good)
        return tuple(dict.fromkeys(good))

    def _thing(self, name: str, class_: str, aliases: Iterable[str]) -> Thing:
        """The thing that is called so already, or a new one."""
        for thing in self.things:
            known = {plain(label) for label in thing.labels}
            same = plain(name) in known or plain(thing.name) in {plain(alias) for alias in aliases}
            if same and self._agree(class_, thing.label_):
                return thing
        self.things.append(Thing())
        return self.things[-1]

    def _agree(self, one: str, other: str) -> bool:
        return self._ontology.is_a(one, other) or self._ontology.is_a(other, one)

    def _entity(self, thing: Thing, mentions: Iterable[Mention]) -> Entity:
        ordered = sorted(mentions, key=lambda mention: mention.span)
        outer = [mention for mention in ordered if mention.rule == ENTITY_RULE] or ordered
        first = {label: next((m for m in outer if m.text == label), None) for label in thing.labels}
        return Entity(
            thing.key,
            thing.label_,
            thing.name,
            tuple(label for label in thing.labels[1:] if first[label]),
            tuple(outer),
            alias_evidence={
                label: self._evidence(m, ALIAS_RULE) for label, m in first.items() if m and label != thing.name
            },
            evidence=self._evidence(first[thing.name] or outer[0], ENTITY_RULE),
        )

    def _evidence(self, mention: Mention, rule: str) -> Evidence:
        return Evidence(mention.span, self._alignment.sentence(mention.span), rule, CONFIDENCE)
