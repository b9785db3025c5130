"""Articles with gold in, what the tagger learns from them out.

Where a name or another form of it stands in the text, the gold's entity is taken to be meant; of overlapping ones the
longest. What the rules find of an article is part of what the model sees, so the rules must not have been written
for the articles that it learns from.
"""

from __future__ import annotations

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
from kg.model import Mention, TextSpan
from kg.ontology import Ontology
from kg.read import read_article

_QUOTES = "“”‘’"


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One article: ``states`` is ``[length, STATE_WIDTH]``, ``given`` and ``wanted`` are tags, ``body`` is a mask."""

    id: str
    text: str
    sentences: tuple[TextSpan, ...]
    states: NDArray[np.float32]
    given: NDArray[np.int64]
    wanted: NDArray[np.int64]
    body: NDArray[np.bool_]
    found: tuple[Mention, ...]
    gold: tuple[Mention, ...]


def read_examples(paths: Iterable[Path], tags: Sequence[str], ontology: Ontology) -> Iterator[Example]:
    """The articles of the gold at ``paths``, as the tagger sees them and as it should tag them."""
    nlp = spacy.blank("zh")
    golds = list(find_gold(paths))
    articles = [read_article(gold.article) for gold in golds]
    for gold, article, doc in zip(golds, articles, make_docs(nlp, (a.text for a in articles)), strict=True):
        view = bare_view(article, doc, ontology)
        found = rule_mentions(article, view, ontology)
        wanted = gold_mentions(view.text, gold.entities)
        body = np.zeros(len(view.text), dtype=np.bool_)
        for sentence in view.sentences:
            body[slice(*sentence)] = True
        yield Example(
            gold.id,
            view.text,
            view.sentences,
            states_of(view.text),
            tag_ids(len(view.text), found, tags),
            tag_ids(len(view.text), wanted, tags),
            body,
            tuple(found),
            tuple(wanted),
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
