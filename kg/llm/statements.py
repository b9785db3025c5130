"""The answers about one article → its Extraction: what stands in the text and fits the ontology, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.annotate.identity import plain
from kg.annotate.indicators import read_indicators
from kg.annotate.times import Time
from kg.llm.alignment import Alignment
from kg.llm.answer import Answer, text_of
from kg.llm.figures import Figures
from kg.llm.naming import Naming
from kg.llm.task import Task
from kg.llm.windows import Window
from kg.model import Article, Entity, Evidence, Extraction, Mention, Milestone, Observation, Relation, Status, TextSpan

BYLINE_RULE = "metadata"
CONFIDENCE = {2: 0.8, 1: 0.7, 0: 0.5}
"""Of a statement, by how many of its two ends its sentence names; not measured yet."""
MIN_QUOTE_CHARS, MAX_QUOTE_CHARS = 4, 300
MAX_INDICATOR_CHARS = 30


class Quote(NamedTuple):
    """What an item quotes, where it stands, and the window it was read in."""

    span: TextSpan
    sentence: TextSpan
    window: Window


class Statements:
    """Reads the answers about one article. ``dropped`` counts what was not kept, by the reason."""

    def __init__(self, article: Article, task: Task) -> None:
        self.dropped: Counter[str] = Counter()
        self._article, self._task, self._ontology = article, task, task.ontology
        self._alignment = Alignment(article)
        self._figures = Figures(article, task.ontology)
        self._indicators = read_indicators(task.ontology.lexicon)
        self._naming = Naming(self._alignment, task.ontology, task.classes, self.dropped)

    def extraction(self, answers: Sequence[tuple[Window, Answer]], notes: Iterable[str] = ()) -> Extraction:
        """What the answers say of the article."""
        called = [self._naming.read(answer["entities"], window.pieces) for window, answer in answers]
        everywhere = {label: thing for names in reversed(called) for label, thing in names.items()}
        self._entities: dict[int, Entity] = {}
        read = sorted({piece for window, _ in answers for piece in window.pieces})
        for thing, entity in self._naming.entities(read):
            self._entities[id(thing)] = entity
        relations: dict[object, Relation] = {}
        observations: dict[object, Observation] = {}
        milestones: dict[object, Milestone] = {}
        for (window, answer), names in zip(answers, called, strict=True):
            self._called = everywhere | names
            for relation in self._relations(answer["relations"], window):
                relations.setdefault(self._identity(relation), relation)
            for observation in self._observations(answer["observations"], window):
                same = (
                    observation.entity,
                    observation.indicator,
                    observation.value,
                    observation.unit,
                    observation.year,
                )
                observations.setdefault(same, observation)
            for milestone in self._milestones(answer["milestones"], window):
                milestones.setdefault((milestone.entity, milestone.type, milestone.date), milestone)
        counted = (f"dropped {count} {reason}" for reason, count in sorted(self.dropped.items()) if count)
        return Extraction(
            self._article,
            (*self._entities.values(), *self._byline()),
            tuple(relations.values()),
            tuple(observations.values()),
            tuple(milestones.values()),
            (*notes, *counted),
        )

    def _relations(self, items: Iterable[Mapping[str, Any]], window: Window) -> Iterator[Relation]:
        for item in items:
            ends = self._ends(item, "subject", "object")
            if not ends or (quote := self._quote(item, window, *ends)) is None:
                continue
            subject, object_ = ends
            property_ = text_of(item, "property")
            if (
                property_ not in self._task.properties
                or subject.key == object_.key
                or not self._ontology.allows(property_, subject.label_, object_.label_)
            ):
                self.dropped["relations outside domain and range"] += 1
                continue
            title = text_of(item, "title") if self._ontology.is_a(subject.label_, "Person") else ""
            said = title if self._alignment.all(title, [quote.sentence]) else None
            evidence = self._evidence(quote, property_, said, subject, object_)
            yield Relation(subject.key, property_, object_.key, evidence, _status(item))

    def _observations(self, items: Iterable[Mapping[str, Any]], window: Window) -> Iterator[Observation]:
        for item in items:
            ends = self._ends(item, "entity", *(["with_respect_to"] if text_of(item, "with_respect_to") else []))
            if not ends or (quote := self._quote(item, window, *ends)) is None:
                continue
            owner, whole = ends[0], ends[1] if len(ends) > 1 else None
            said = self._alignment.all(text_of(item, "value"), [quote.span])
            figure = self._figures.value(said[0]) if said else None
            if figure is None:
                self.dropped["values that the quotation does not say"] += 1
                continue
            indicator = self._indicators.clean(text_of(item, "indicator"))
            if not 0 < len(indicator) <= MAX_INDICATOR_CHARS or not indicator.isprintable():
                self.dropped["values of no indicator"] += 1
                continue
            time = self._time(item, quote)
            yield Observation(
                owner.key,
                indicator,
                figure.value,
                figure.unit,
                self._evidence(quote, "observation", None, owner, indicator),
                figure.value_max,
                time.year if time else None,
                figure.comparator,
                _status(item, time),
                whole.key if whole else None,
            )

    def _milestones(self, items: Iterable[Mapping[str, Any]], window: Window) -> Iterator[Milestone]:
        for item in items:
            ends, type_ = self._ends(item, "entity"), text_of(item, "type")
            if not ends or (quote := self._quote(item, window, *ends)) is None:
                continue
            thing = ends[0]
            classes = self._task.milestones.get(type_, frozenset())
            if not any(self._ontology.is_a(thing.label_, class_) for class_ in classes):
                self.dropped["milestones that such a thing cannot have"] += 1
                continue
            time = self._time(item, quote)
            date = None if time is None else time.date or (time.year if time.kind == "period" else None)
            evidence = self._evidence(quote, type_, None, thing, date or "")
            yield Milestone(thing.key, type_, evidence, date, _status(item, time))

    def _ends(self, item: Mapping[str, Any], *fields: str) -> list[Entity]:
        """The entities that fields name; none where one was dropped: it takes along what is said of it."""
        things = [self._called.get(plain(text_of(item, each))) for each in fields]
        found = [entity for thing in things if (entity := self._entities.get(id(thing)))]
        if len(found) == len(fields):
            return found
        self.dropped["statements of things that are no entity"] += 1
        return []

    def _quote(self, item: Mapping[str, Any], window: Window, *ends: Entity) -> Quote | None:
        """Where the text says it: of several places the one whose sentence names most of ``ends``."""
        said = text_of(item, "quote")
        fits = MIN_QUOTE_CHARS <= len(said) <= MAX_QUOTE_CHARS
        places = [
            Quote(s, self._alignment.sentence(s), window) for s in self._alignment.all(said, window.pieces) if fits
        ]
        if not places:
            self.dropped["statements whose quotation does not stand in the text"] += 1
            return None
        return max(places, key=lambda place: self._named(place.sentence, *ends))

    def _named(self, sentence: TextSpan, *ends: Entity | str) -> int:
        """How many of ``ends``, entities and words, a sentence names."""
        said = sentence.of(self._article.text)
        names = ([end.name, *end.aliases] if isinstance(end, Entity) else [end] for end in ends)
        return sum(any(name and name in said for name in each) for each in names)

    def _evidence(self, quote: Quote, rule: str, title: str | None, *ends: Entity | str) -> Evidence:
        return Evidence(
            quote.span, quote.sentence, f"llm:{rule}", CONFIDENCE[self._named(quote.sentence, *ends)], title
        )

    def _time(self, item: Mapping[str, Any], quote: Quote) -> Time | None:
        """When, by the words of the item: in the quotation, in its sentence, or last before it."""
        said = text_of(item, "time")
        if not said:
            return None
        places = (
            self._alignment.all(said, [quote.span])
            or self._alignment.all(said, [quote.sentence])
            or [s for s in reversed(self._alignment.all(said, quote.window.pieces)) if s.end <= quote.span.start]
        )
        if not places:
            self.dropped["times that do not stand in the text"] += 1
        return self._figures.time(places)

    def _identity(self, relation: Relation) -> object:
        """What makes two relations one: a symmetric one holds either way."""
        ends = relation.subject, relation.object
        symmetric = self._ontology.properties[relation.property].symmetric
        return relation.property, frozenset(ends) if symmetric else ends

    def _byline(self) -> Iterator[Entity]:
        """Who published and who wrote the article, as the reader found them; no model is asked."""
        article = self._article
        known = {name for entity in self._entities.values() for name in (entity.name, *entity.aliases)}
        spans = [(span, "Person") for span in article.author_spans]
        spans += [(article.publisher_span, "MediaOutlet")] if article.publisher_span else []
        for span, class_ in spans:
            name = span.of(article.text)
            if name.strip() and name not in known and class_ in self._task.classes:
                known.add(name)
                why = Evidence(span, span, BYLINE_RULE, 1.0)
                mention = Mention(span, name, class_, BYLINE_RULE)
                yield Entity(f"{class_}:{name}", class_, name, (), (mention,), evidence=why)


def _status(item: Mapping[str, Any], time: Time | None = None) -> Status:
    planned = text_of(item, "status") == "target" or (time is not None and time.is_plan)
    return "target" if planned else "actual"
