"""Article → what it says: lexer, names, identity, references, then the fact finders, over one spaCy pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import tee
from pathlib import Path

import spacy
from spacy.tokens import Doc

from kg.annotate.affiliations import find_affiliations
from kg.annotate.areas import areas_inside
from kg.annotate.entities import find_mentions, without_overlaps
from kg.annotate.identity import entities_of, references, with_introduced
from kg.annotate.layouts import find_layout_relations
from kg.annotate.lexer import make_docs
from kg.annotate.marks import chinese_marks
from kg.annotate.milestones import find_milestones
from kg.annotate.names import HeadLexicon
from kg.annotate.observations import find_observations
from kg.annotate.relations import find_relations, governs
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import Beside, Placed, View, Word
from kg.model import Article, Entity, Evidence, Extraction, Mention, Relation, TextSpan
from kg.ontology import Ontology

INNER = frozenset({"quoted", "nested"})  # mentions inside longer names


def annotate(articles: Iterable[Article], ontology: Ontology | None = None) -> Iterator[Extraction]:
    """What each article says, in the order given. Text is tagged in batches across articles."""
    ontology = ontology or Ontology.load()
    nlp = spacy.blank("zh")
    ahead, along = tee(articles)
    for article, doc in zip(along, make_docs(nlp, (article.text for article in ahead)), strict=True):
        yield extract(article, doc, ontology)


def extract(article: Article, doc: Doc, ontology: Ontology) -> Extraction:
    """What one article says. ``doc`` is its tagged text."""
    words = tuple(Word(TextSpan(t.idx, t.idx + len(t)), t.text, t.tag_) for t in doc)
    text = chinese_marks(article.text)
    sentences = tuple(_inside(article, sentence_spans(text)))
    folder = ontology.lexicon

    def sentence_of(span: TextSpan) -> TextSpan:
        return next((s for s in sentences if s.start <= span.start < s.end), span)

    mentions = [
        replace(mention, text=mention.span.of(article.text))
        for mention in with_introduced(folder, text, find_mentions(folder, text, words, sentences))
        if any(s.contains(mention.span) for s in sentences)
        and not any(mention.span.overlaps(d) for d in article.damage)
    ]
    mentions = without_overlaps([*mentions, *_byline(article, folder)])
    entities = entities_of(ontology, [*mentions, *areas_inside(folder, mentions)], sentence_of)
    names = [Placed(m.span, e.key, e.label_) for e in entities for m in e.mentions if m.rule not in INNER]
    referred = [
        Placed(span, entity.key, entity.label_, is_name=False)
        for span, entity in references(ontology, text, entities, sentences)
    ]
    view = View(
        text,
        sentences,
        words,
        tuple(sorted([*names, *referred])),
        article.published,
        Beside.load(folder),
    )
    where = {entity.key: sentence_of(entity.mentions[0].span) for entity in entities}
    components, layout_relations = find_layout_relations(entities, where)
    relations = _each_once(
        [
            *find_affiliations(view, ontology),
            *find_relations(view, ontology),
            *layout_relations,
            *_governed(view, ontology, entities),
        ]
    )
    return Extraction(
        article,
        (*entities, *components),
        tuple(relation for relation in relations if _is_sound(article, relation.evidence.span)),
        tuple(find_observations(view, folder, ontology, article.damage)),
        tuple(find_milestones(view, folder, ontology, article.damage)),
    )


def _governed(view: View, ontology: Ontology, entities: Iterable[Entity]) -> Iterator[Relation]:
    """威海市政府 governs the 威海市 in its name."""
    for area in entities:
        for inner in area.mentions:
            if inner.rule != "nested":
                continue
            body = next((p for p in view.placed if p.span.contains(inner.span)), None)
            if body and governs(ontology, body.span.of(view.text), inner.text):
                sentence = view.sentence_at(body.span.start) or body.span
                yield Relation(body.key, "governs", area.key, Evidence(body.span, sentence, "name:governs", 0.9))
            outer = next((p for p in view.placed if body and p.span.end == body.span.start), None)
            if body and outer and outer.label_ == area.label_ and outer.key != area.key:
                span = outer.span.cover(body.span)
                sentence = view.sentence_at(body.span.start) or body.span
                yield Relation(area.key, "partOf", outer.key, Evidence(span, sentence, "name:partOf", 0.8))


def _byline(article: Article, folder: Path) -> Iterator[Mention]:
    """Who wrote the article and where it came out, as the reader found them."""
    for span in article.author_spans:
        yield Mention(span, span.of(article.text), "Person", "person:byline")
    if article.publisher_span:
        name = article.publisher_span.of(article.text)
        yield Mention(article.publisher_span, name, _class_of_publisher(folder, name), "head:byline")


def _class_of_publisher(folder: Path, name: str) -> str:
    """What publishes is a medium, unless its name says an office or a company does."""
    heads = HeadLexicon.load(folder)
    match = next((m for m in heads.pattern.finditer(name) if m.end() == len(name)), None)
    return heads.heads[match[0]].label_ if match else "MediaOutlet"


def _each_once(relations: Iterable[Relation]) -> list[Relation]:
    """The relations without repetition; the first evidence stands."""
    return list({(r.subject, r.property, r.object): r for r in reversed(list(relations))}.values())[::-1]


def _inside(article: Article, sentences: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """The sentences of the article's body; all of them where the reader marked no body."""
    for sentence in sentences:
        if not article.body or any(part.overlaps(sentence) for part in article.body):
            yield sentence


def _is_sound(article: Article, span: TextSpan) -> bool:
    return not any(span.overlaps(damaged) for damaged in article.damage)
