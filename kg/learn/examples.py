"""Articles with gold in, what the tagger learns from them out.

Where a name or another form of it stands in the text, the gold's entity is taken to be meant; of overlapping ones the
longest. What the rules find of an article is part of what the model sees, so the rules must not have been written
for the articles that it learns from.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray

from kg.annotate.entities import without_overlaps
from kg.annotate.learned.states import states_of
from kg.annotate.learned.tagger import tag_ids
from kg.annotate.lexer import make_docs
from kg.annotate.marks import chinese_marks
from kg.annotate.mentions import bare_view, rule_mentions
from kg.evaluate.gold import find_gold
from kg.learn.swap import names_by_class, swapped
from kg.model import Article, Mention, TextSpan
from kg.ontology import Ontology
from kg.read import read_article

SWAPPED_SHARE = 0.7  # of the names of a copy
_QUOTES = "“”‘’"


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One article: ``states`` is ``[length, STATE_WIDTH]``, ``given`` and ``wanted`` are tags, ``body`` is a mask."""

    text: str
    sentences: tuple[TextSpan, ...]
    states: NDArray[np.float32]
    given: NDArray[np.int64]
    wanted: NDArray[np.int64]
    body: NDArray[np.bool_]
    found: tuple[Mention, ...]
    gold: tuple[Mention, ...]


def read_examples(
    paths: Iterable[Path], tags: Sequence[str], ontology: Ontology, copies: int = 0, seed: int = 0
) -> Iterator[Example]:
    """The articles of the gold at ``paths``, as the tagger sees them and as it should tag them.

    After them come ``copies`` of each, in which most names are swapped for those of other articles.
    """
    golds = list(find_gold(paths))
    articles = [read_article(gold.article) for gold in golds]
    wanted = [
        gold_mentions(chinese_marks(article.text), gold.entities) for gold, article in zip(golds, articles, strict=True)
    ]
    yield from _examples(articles, wanted, tags, ontology)
    names = names_by_class([entity for gold in golds for entity in gold.entities])
    rng = random.Random(seed)
    for _ in range(copies):
        made = [
            (article, *swapped(chinese_marks(article.text), mentions, names, rng, SWAPPED_SHARE))
            for article, mentions in zip(articles, wanted, strict=True)
        ]
        copied = [Article(a.id, a.location, text, text, published=a.published) for a, text, _ in made]
        yield from _examples(copied, [mentions for *_, mentions in made], tags, ontology)


def _examples(
    articles: Sequence[Article], wanted: Iterable[Sequence[Mention]], tags: Sequence[str], ontology: Ontology
) -> Iterator[Example]:
    docs = make_docs(spacy.blank("zh"), (article.text for article in articles))
    for article, doc, gold in zip(articles, docs, wanted, strict=True):
        view = bare_view(article, doc, ontology)
        found = rule_mentions(article, view, ontology)
        body = np.zeros(len(view.text), dtype=np.bool_)
        for sentence in view.sentences:
            body[slice(*sentence)] = True
        yield Example(
            view.text,
            view.sentences,
            states_of(view.text),
            tag_ids(len(view.text), found, tags),
            tag_ids(len(view.text), gold, tags),
            body,
            tuple(found),
            tuple(gold),
        )


def gold_mentions(text: str, entities: Iterable[Mapping[str, Any]]) -> list[Mention]:
    """Where the gold's entities are named, in order and free of overlaps.

    >>> [m.text for m in gold_mentions("云澜市云澜高新区", [
    ...     {"name": "云澜市", "aliases": ["云澜"], "class": "AdministrativeArea"},
    ...     {"name": "云澜高新区", "class": "DevelopmentZone"}])]
    ['云澜市', '云澜高新区']
    """
    candidates: list[Mention] = []
    for entity in entities:
        names = {entity["name"], *entity.get("aliases", ())}
        forms = {chinese_marks(form) for name in names for form in (name, name.strip(_QUOTES)) if len(form) > 1}
        for form in sorted(forms):
            for match in re.finditer(re.escape(form), text):
                candidates.append(Mention(TextSpan(*match.span()), match[0], entity["class"], "learned"))
    return without_overlaps(candidates)
