"""A view in, what the rules say of how its things are related out: phrasings, titles, layouts and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.annotate.affiliations import find_affiliations
from kg.annotate.layouts import find_layout_relations
from kg.annotate.mentions import is_sound
from kg.annotate.named import governs
from kg.annotate.relations import find_relations
from kg.annotate.view import View
from kg.model import Article, Entity, Evidence, Relation, TextSpan
from kg.ontology import Ontology


def relations_of(
    article: Article, view: View, ontology: Ontology, entities: Sequence[Entity]
) -> tuple[tuple[Relation, ...], tuple[Entity, ...]]:
    """The relations, each once, none from a damaged span; and the parts of layouts that the text does not name apart."""
    where = {entity.key: sentence_of(view, entity.mentions[0].span) for entity in entities}
    parts, of_layouts = find_layout_relations(entities, where)
    found = [
        *find_affiliations(view, ontology),
        *find_relations(view, ontology),
        *of_layouts,
        *_governed(view, ontology, entities),
        *_applies(view, entities),
    ]
    return tuple(r for r in _each_once(found) if is_sound(article, r.evidence.span)), tuple(parts)


def sentence_of(view: View, span: TextSpan) -> TextSpan:
    """The sentence a span begins in; outside the body, the span itself."""
    return view.sentence_at(span.start) or span


def _governed(view: View, ontology: Ontology, entities: Iterable[Entity]) -> Iterator[Relation]:
    """威海市政府 governs the 威海市 in its name."""
    for area in entities:
        for inner in area.mentions:
            if inner.rule != "nested":
                continue
            body = next((p for p in view.placed if p.span.contains(inner.span)), None)
            if body and governs(ontology, body.span.of(view.text), inner.text):
                sentence = sentence_of(view, body.span)
                yield Relation(body.key, "governs", area.key, Evidence(body.span, sentence, "name:governs", 0.9))
            outer = next((p for p in view.placed if body and p.span.end == body.span.start), None)
            if body and outer and outer.label_ == area.label_ and outer.key != area.key:
                span = outer.span.cover(body.span)
                sentence = sentence_of(view, body.span)
                yield Relation(area.key, "partOf", outer.key, Evidence(span, sentence, "name:partOf", 0.8))


def _applies(view: View, entities: Iterable[Entity]) -> Iterator[Relation]:
    """《威海市规划》 applies to 威海市, wherever the article names it."""
    areas = [e for e in entities if e.label_ == "AdministrativeArea" and len(e.name) > 2]
    for plan in entities:
        fits = [area for area in areas if plan.label_ == "Strategy" and area.name in plan.name]
        if fits and plan.name.startswith("《"):
            area = max(fits, key=lambda fit: len(fit.name))
            span = plan.mentions[0].span
            evidence = Evidence(span, sentence_of(view, span), "name:appliesTo", 0.9)
            yield Relation(plan.key, "appliesTo", area.key, evidence)


def _each_once(relations: Iterable[Relation]) -> list[Relation]:
    """The relations without repetition; the first evidence stands."""
    return list({(r.subject, r.property, r.object): r for r in reversed(list(relations))}.values())[::-1]
