"""The finders as spaCy components: each says what it requires of a Doc and what it assigns to it.

A Doc carries its article as ``doc._.article``. What is found hangs on extension attributes of the Doc, in the
project's own types: ``kg_entities``, ``kg_view`` (what the fact finders see), ``kg_relations``,
``kg_observations``, ``kg_milestones``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate.areas import areas_inside
from kg.annotate.entities import without_overlaps
from kg.annotate.identity import entities_of, references, with_introduced
from kg.annotate.indicators import read_indicators
from kg.annotate.learned.facts import Answers, FactLimits, FactModel
from kg.annotate.learned.questions import Questions, Vocabulary, ask
from kg.annotate.learned.revision import Reviser
from kg.annotate.learned.states import states_of
from kg.annotate.learned.tagger import Tagger
from kg.annotate.mentions import bare_view, rule_mentions
from kg.annotate.milestones import find_milestones
from kg.annotate.observations import find_figures
from kg.annotate.quantities import Quantity, find_quantities
from kg.annotate.related import relations_of, sentence_of
from kg.annotate.times import find_times
from kg.annotate.view import Placed, View
from kg.model import Article, Entity
from kg.ontology import Ontology

INNER = frozenset({"quoted", "nested"})  # mentions inside longer names
EXTENSIONS = ("article", "kg_entities", "kg_view", "kg_relations", "kg_observations", "kg_unowned", "kg_milestones")

Component = Callable[[Doc], Doc]


def register_extensions() -> None:
    """Declare the Doc attributes; a second call changes nothing."""
    for name in EXTENSIONS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


def _ontology(folder: str | None) -> Ontology:
    register_extensions()
    return Ontology.load(Path(folder) if folder else None)


@Language.factory(
    "kg_entities",
    requires=["token.tag"],
    assigns=["doc._.kg_entities", "doc._.kg_view"],
    default_config={"ontology": None, "learned": True},
)
def make_entities(nlp: Language, name: str, ontology: str | None, learned: bool) -> Component:  # noqa: ARG001
    """Names, identity in the article, and references. ``ontology`` is a folder; None is the shipped one.

    ``learned`` is whether the names that rules find are revised by what is learned.
    """
    loaded = _ontology(ontology)
    tagger = Tagger.shipped() if learned else None

    def find(doc: Doc) -> Doc:
        doc._.kg_entities, doc._.kg_view = _entities(doc, loaded, tagger)
        return doc

    return find


@Language.factory(
    "kg_relations",
    requires=["doc._.kg_entities", "doc._.kg_view"],
    assigns=["doc._.kg_relations", "doc._.kg_entities"],
    default_config={"ontology": None},
)
def make_relations(nlp: Language, name: str, ontology: str | None) -> Component:  # noqa: ARG001
    """Relations; a layout's parts that the text does not name apart become entities with them."""
    loaded = _ontology(ontology)

    def find(doc: Doc) -> Doc:
        found, parts = relations_of(doc._.article, doc._.kg_view, loaded, doc._.kg_entities)
        doc._.kg_entities = (*doc._.kg_entities, *parts)
        doc._.kg_relations = found
        return doc

    return find


@Language.factory(
    "kg_observations",
    requires=["doc._.kg_view"],
    assigns=["doc._.kg_observations", "doc._.kg_unowned"],
    default_config={"ontology": None},
)
def make_observations(nlp: Language, name: str, ontology: str | None) -> Component:  # noqa: ARG001
    """Figures, each with its owner, unit, year and status; apart from them those whose owner the rules do not know."""
    loaded = _ontology(ontology)

    def find(doc: Doc) -> Doc:
        figures = find_figures(doc._.kg_view, loaded.lexicon, loaded, doc._.article.damage)
        doc._.kg_observations, doc._.kg_unowned = tuple(figures.owned), tuple(figures.unowned)
        return doc

    return find


@Language.factory(
    "kg_milestones",
    requires=["doc._.kg_view"],
    assigns=["doc._.kg_milestones"],
    default_config={"ontology": None},
)
def make_milestones(nlp: Language, name: str, ontology: str | None) -> Component:  # noqa: ARG001
    """What happened, or is planned, to one thing at one time."""
    loaded = _ontology(ontology)

    def find(doc: Doc) -> Doc:
        doc._.kg_milestones = tuple(find_milestones(doc._.kg_view, loaded.lexicon, loaded, doc._.article.damage))
        return doc

    return find


@Language.factory(
    "kg_facts",
    requires=[
        "doc._.kg_view",
        "doc._.kg_relations",
        "doc._.kg_observations",
        "doc._.kg_unowned",
        "doc._.kg_milestones",
    ],
    assigns=["doc._.kg_relations", "doc._.kg_observations", "doc._.kg_milestones"],
    default_config={"ontology": None},
)
def make_facts(nlp: Language, name: str, ontology: str | None) -> Component:  # noqa: ARG001
    """What the rules found, revised by what is learned: facts added, and taken away where they are unlikely."""
    loaded, model = _ontology(ontology), FactModel.shipped()
    vocabulary = model.vocabulary(loaded)

    def find(doc: Doc) -> Doc:
        asked = questions_of(doc, vocabulary, loaded)
        if asked is not None:
            answers = model.answer(states_of(doc._.kg_view.text), asked.questions)
            revise(doc, asked, vocabulary, answers, model.limits, loaded)
        return doc

    return find


class Asking(NamedTuple):
    """The questions of one Doc, and the quantities they are of."""

    questions: Questions
    quantities: list[Quantity]


def questions_of(doc: Doc, vocabulary: Vocabulary, ontology: Ontology) -> Asking | None:
    """What a Doc's facts leave open; None where it names nothing."""
    view: View = doc._.kg_view
    if not view.placed:
        return None
    quantities = find_quantities(view.text, ontology.lexicon)
    times = find_times(view.text, view.published, ontology.lexicon)
    found = (doc._.kg_relations, doc._.kg_observations, doc._.kg_milestones)
    return Asking(ask(vocabulary, view, quantities, times, *found), quantities)


def revise(
    doc: Doc, asked: Asking, vocabulary: Vocabulary, answers: Answers, limits: FactLimits, ontology: Ontology
) -> None:
    """Put in place of a Doc's facts those that stand."""
    plans = read_indicators(ontology.lexicon).plans
    reviser = Reviser(*(doc._.kg_view, vocabulary, plans, asked.questions, answers, limits), doc._.article.damage)
    doc._.kg_relations = tuple(reviser.relations(doc._.kg_relations))
    doc._.kg_observations = tuple(reviser.observations(asked.quantities, doc._.kg_observations, doc._.kg_unowned))
    doc._.kg_milestones = tuple(reviser.milestones(doc._.kg_milestones))


def _entities(doc: Doc, ontology: Ontology, tagger: Tagger | None) -> tuple[tuple[Entity, ...], View]:
    """The entities of one article, and what the fact finders see of it."""
    article: Article = doc._.article
    seen = bare_view(article, doc, ontology)
    mentions = rule_mentions(article, seen, ontology)
    if tagger is not None:
        revised = tagger.revise(seen, mentions, article.damage)
        mentions = without_overlaps(with_introduced(ontology.lexicon, seen.text, revised))
    inner = areas_inside(ontology.lexicon, mentions)
    entities = entities_of(ontology, [*mentions, *inner], lambda span: sentence_of(seen, span))
    names = [Placed(m.span, e.key, e.label_) for e in entities for m in e.mentions if m.rule not in INNER]
    referred = [
        Placed(span, entity.key, entity.label_, is_name=False)
        for span, entity in references(ontology, seen.text, entities, seen.sentences)
    ]
    return entities, replace(seen, placed=tuple(sorted([*names, *referred])))
