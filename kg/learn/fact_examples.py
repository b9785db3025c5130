"""Articles with gold in, what the model of facts learns from them out.

The names are those of the gold, so that what is learned is what is said of them. What the rules find of an article is
part of the questions, but hidden where rules were written with the article in view (``seen_by_rules``): there they are
better than they will ever be again.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.annotate.identity import references
from kg.annotate.learned.questions import Questions, Vocabulary, ask
from kg.annotate.learned.states import states_of
from kg.annotate.lexer import make_docs
from kg.annotate.marks import chinese_marks
from kg.annotate.mentions import bare_view
from kg.annotate.milestones import find_milestones
from kg.annotate.observations import find_observations
from kg.annotate.quantities import find_quantities
from kg.annotate.related import relations_of
from kg.annotate.times import find_times
from kg.annotate.view import Placed, View
from kg.evaluate.gold import Gold
from kg.learn.examples import SWAPPED_SHARE, gold_mentions
from kg.learn.swap import names_by_class, swapped
from kg.model import Article, Entity, Mention
from kg.ontology import Ontology
from kg.read import read_article


@dataclass(frozen=True, slots=True, eq=False)
class FactExample:
    """One article: its states, its questions, and the answers of the gold.

    ``related`` is ``[pairs, properties]``, ``owns`` ``[owned]``, ``happened`` ``[happened, types]``, all 0 or 1.
    """

    id: str
    states: NDArray[np.float16]
    questions: Questions
    related: NDArray[np.float32]
    owns: NDArray[np.float32]
    happened: NDArray[np.float32]
    seen_by_rules: bool


def read_fact_examples(
    golds: Sequence[Gold], vocabulary: Vocabulary, ontology: Ontology, seen_by_rules: re.Pattern[str]
) -> Iterator[FactExample]:
    """The articles of the gold, in order, as the model sees them and as it should answer."""
    articles, _, named = _named(golds)
    yield from _examples(golds, articles, named, named, vocabulary, ontology, seen_by_rules)


def read_swapped(
    golds: Sequence[Gold], vocabulary: Vocabulary, ontology: Ontology, seen_by_rules: re.Pattern[str], seed: int = 0
) -> Iterator[FactExample]:
    """Copies of the articles in which most names are swapped for those of others."""
    articles, texts, named = _named(golds)
    names = names_by_class([entity for gold in golds for entity in gold.entities])
    rng = random.Random(seed)
    made = [swapped(text, mentions, names, rng, SWAPPED_SHARE) for text, mentions in zip(texts, named, strict=True)]
    copies = [
        Article(a.id, a.location, text, text, published=a.published)
        for a, (text, _) in zip(articles, made, strict=True)
    ]
    moved = [mentions for _, mentions in made]
    yield from _examples(golds, copies, named, moved, vocabulary, ontology, seen_by_rules)


def _named(golds: Sequence[Gold]) -> tuple[list[Article], list[str], list[list[Mention]]]:
    """The articles, their texts as the annotator sees them, and where the gold's entities are named in each."""
    articles = [read_gold_article(gold) for gold in golds]
    texts = [chinese_marks(article.text) for article in articles]
    named = [gold_mentions(text, gold.entities) for text, gold in zip(texts, golds, strict=True)]
    return articles, texts, named


def read_gold_article(gold: Gold) -> Article:
    """The article of a gold, of the date the gold says where it says none itself."""
    article = read_article(gold.article)
    return replace(article, published=article.published or gold.article_date)


def _examples(
    golds: Sequence[Gold],
    articles: Sequence[Article],
    named: Sequence[Sequence[Mention]],
    placed: Sequence[Sequence[Mention]],
    vocabulary: Vocabulary,
    ontology: Ontology,
    seen_by_rules: re.Pattern[str],
) -> Iterator[FactExample]:
    docs = make_docs(spacy.blank("zh"), (article.text for article in articles))
    for gold, article, doc, names, mentions in zip(golds, articles, docs, named, placed, strict=True):
        entities, view = _seen(gold, article, doc, names, mentions, ontology)
        seen = seen_by_rules.match(gold.article.stem) is not None
        yield _example(gold, article, entities, view, vocabulary, ontology, seen)


def _seen(
    gold: Gold, article: Article, doc: Doc, names: Sequence[Mention], mentions: Sequence[Mention], ontology: Ontology
) -> tuple[list[Entity], View]:
    """The entities of the gold, and the article with them placed in it; ``names`` are those ``mentions`` stand for."""
    bare = bare_view(article, doc, ontology)
    said: dict[str, list[Mention]] = defaultdict(list)
    for name, mention in zip(names, mentions, strict=True):
        if any(sentence.contains(mention.span) for sentence in bare.sentences):
            said[_owner_of(gold, name)].append(mention)
    entities = [
        Entity(e["name"], e["class"], said[e["name"]][0].text, (), tuple(said[e["name"]]))
        for e in gold.entities
        if said.get(e["name"])
    ]
    placed = [Placed(m.span, e.key, e.label_) for e in entities for m in e.mentions]
    referred = [
        Placed(span, entity.key, entity.label_, is_name=False)
        for span, entity in references(ontology, bare.text, entities, bare.sentences)
    ]
    return entities, replace(bare, placed=tuple(sorted([*placed, *referred])))


def _owner_of(gold: Gold, mention: Mention) -> str:
    """The name of the gold's entity that a mention stands for."""
    for entity in gold.entities:
        forms = {chinese_marks(name) for name in (entity["name"], *entity.get("aliases", ()))}
        if entity["class"] == mention.label_ and (
            mention.text in forms or mention.text in {f.strip("“”‘’") for f in forms}
        ):
            return str(entity["name"])
    raise AssertionError(f"{gold.article}: nothing in the gold has the name {mention.text}")


def _example(
    gold: Gold,
    article: Article,
    entities: Sequence[Entity],
    view: View,
    vocabulary: Vocabulary,
    ontology: Ontology,
    seen_by_rules: bool,
) -> FactExample:
    """An article in which the gold's own entities are placed: their keys are their names."""
    relations, _ = relations_of(article, view, ontology, entities)
    quantities = find_quantities(view.text, ontology.lexicon)
    questions = ask(
        vocabulary,
        view,
        quantities,
        find_times(view.text, view.published, ontology.lexicon),
        relations,
        find_observations(view, ontology.lexicon, ontology, article.damage),
        find_milestones(view, ontology.lexicon, ontology, article.damage),
    )
    named = {name: e["name"] for e in reversed(gold.entities) for name in (*e.get("aliases", ()), e["name"])}
    named |= {e["name"]: e["name"] for e in gold.entities}

    number = {key: i for i, key in enumerate(questions.things)}
    of = {name: number[key] for name, key in named.items() if key in number}
    related = np.zeros((len(questions.pairs), len(vocabulary.properties)), dtype=np.float32)
    pairs: dict[tuple[int | None, int | None], int] = {pair: i for i, pair in enumerate(questions.pairs)}
    for subject, property_, object_ in gold.relations:
        if property_ not in vocabulary.properties:
            continue
        ways = [(subject, object_), *([(object_, subject)] if ontology.properties[property_].symmetric else [])]
        for pair in {(of.get(one), of.get(other)) for one, other in ways} & pairs.keys():
            related[pairs[pair], vocabulary.properties.index(property_)] = 1
    values = {(of.get(o["entity"]), abs(Decimal(str(o["value"])))) for o in gold.observations if o["value"] is not None}
    owns = np.array([(thing, quantities[q].value) in values for q, thing in questions.owned], dtype=np.float32)
    happened = np.zeros((len(questions.happened), len(vocabulary.types)), dtype=np.float32)
    asked = {question: i for i, question in enumerate(questions.happened)}
    for milestone in gold.milestones:
        question = (of.get(milestone["entity"]), milestone["date"])
        if question in asked:
            happened[asked[question], vocabulary.types.index(milestone["type"])] = 1
    states = states_of(view.text).astype(np.float16)
    return FactExample(gold.article.stem, states, questions, related, owns, happened, seen_by_rules)
