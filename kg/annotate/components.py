"""The finders as spaCy components: each says what it requires of a Doc and what it assigns to it.

A Doc carries its article as ``doc._.article``. What is found hangs on extension attributes of the Doc, in the
project's own types: ``kg_entities``, ``kg_view`` (what the fact finders see), ``kg_relations``,
``kg_observations``, ``kg_milestones``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate.affiliations import find_affiliations
from kg.annotate.areas import areas_inside
from kg.annotate.entities import without_overlaps
from kg.annotate.identity import entities_of, references, with_introduced
from kg.annotate.layouts import find_layout_relations
from kg.annotate.learned.tagger import Tagger
from kg.annotate.mentions import bare_view, is_sound, rule_mentions
from kg.annotate.milestones import find_milestones
from kg.annotate.named import governs
from kg.annotate.observations import find_observations
from kg.annotate.relations import find_relations
from kg.annotate.view import Placed, View
from kg.model import Article, Entity, Evidence, Relation, TextSpan
from kg.ontology import Ontology

INNER = frozenset({"quoted", "nested"})  # mentions inside longer names
EXTENSIONS = ("article", "kg_entities", "kg_view", "kg_relations", "kg_observations", "kg_milestones")

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
        view, article, entities = doc._.kg_view, doc._.article, doc._.kg_entities
        where = {entity.key: _sentence_of(view, entity.mentions[0].span) for entity in entities}
        parts, of_layouts = find_layout_relations(entities, where)
        found = [
            *find_affiliations(view, loaded),
            *find_relations(view, loaded),
            *of_layouts,
            *_governed(view, loaded, entities),
            *_applies(view, entities),
        ]
        doc._.kg_entities = (*entities, *parts)
        doc._.kg_relations = tuple(r for r in _each_once(found) if is_sound(article, r.evidence.span))
        return doc

    return find


@Language.factory(
    "kg_observations",
    requires=["doc._.kg_view"],
    assigns=["doc._.kg_observations"],
    default_config={"ontology": None},
)
def make_observations(nlp: Language, name: str, ontology: str | None) -> Component:  # noqa: ARG001
    """Figures, each with its owner, unit, year and status."""
    loaded = _ontology(ontology)

    def find(doc: Doc) -> Doc:
        doc._.kg_observations = tuple(find_observations(doc._.kg_view, loaded.lexicon, loaded, doc._.article.damage))
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


def _entities(doc: Doc, ontology: Ontology, tagger: Tagger | None) -> tuple[tuple[Entity, ...], View]:
    """The entities of one article, and what the fact finders see of it."""
    article: Article = doc._.article
    seen = bare_view(article, doc, ontology)
    mentions = rule_mentions(article, seen, ontology)
    if tagger is not None:
        revised = tagger.revise(seen, mentions, article.damage)
        mentions = without_overlaps(with_introduced(ontology.lexicon, seen.text, revised))
    inner = areas_inside(ontology.lexicon, mentions)
    entities = entities_of(ontology, [*mentions, *inner], lambda span: _sentence_of(seen, span))
    names = [Placed(m.span, e.key, e.label_) for e in entities for m in e.mentions if m.rule not in INNER]
    referred = [
        Placed(span, entity.key, entity.label_, is_name=False)
        for span, entity in references(ontology, seen.text, entities, seen.sentences)
    ]
    return entities, replace(seen, placed=tuple(sorted([*names, *referred])))


def _sentence_of(view: View, span: TextSpan) -> TextSpan:
    return view.sentence_at(span.start) or span


def _governed(view: View, ontology: Ontology, entities: Iterable[Entity]) -> Iterator[Relation]:
    """威海市政府 governs the 威海市 in its name."""
    for area in entities:
        for inner in area.mentions:
            if inner.rule != "nested":
                continue
            body = next((p for p in view.placed if p.span.contains(inner.span)), None)
            if body and governs(ontology, body.span.of(view.text), inner.text):
                sentence = _sentence_of(view, body.span)
                yield Relation(body.key, "governs", area.key, Evidence(body.span, sentence, "name:governs", 0.9))
            outer = next((p for p in view.placed if body and p.span.end == body.span.start), None)
            if body and outer and outer.label_ == area.label_ and outer.key != area.key:
                span = outer.span.cover(body.span)
                sentence = _sentence_of(view, body.span)
                yield Relation(area.key, "partOf", outer.key, Evidence(span, sentence, "name:partOf", 0.8))


def _applies(view: View, entities: Iterable[Entity]) -> Iterator[Relation]:
    """《威海市规划》 applies to 威海市, wherever the article names it."""
    areas = [e for e in entities if e.label_ == "AdministrativeArea" and len(e.name) > 2]
    for plan in entities:
        fits = [area for area in areas if plan.label_ == "Strategy" and area.name in plan.name]
        if fits and plan.name.startswith("《"):
            area = max(fits, key=lambda fit: len(fit.name))
            span = plan.mentions[0].span
            evidence = Evidence(span, _sentence_of(view, span), "name:appliesTo", 0.9)
            yield Relation(plan.key, "appliesTo", area.key, evidence)


def _each_once(relations: Iterable[Relation]) -> list[Relation]:
    """The relations without repetition; the first evidence stands."""
    return list({(r.subject, r.property, r.object): r for r in reversed(list(relations))}.values())[::-1]
