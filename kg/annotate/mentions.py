"""An article and its words in, the names that the rules find in its body out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from spacy.tokens import Doc

from kg.annotate.entities import find_mentions, without_overlaps
from kg.annotate.identity import with_introduced
from kg.annotate.marks import chinese_marks
from kg.annotate.names import HeadLexicon
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import Beside, View, Word
from kg.model import Article, Mention, TextSpan
from kg.ontology import Ontology


def bare_view(article: Article, doc: Doc, ontology: Ontology) -> View:
    """The article's words and the sentences of its body, before anything is placed in them."""
    text = chinese_marks(article.text)
    words = tuple(Word(TextSpan(t.idx, t.idx + len(t)), t.text, t.tag_) for t in doc)
    sentences = tuple(_body_sentences(article, sentence_spans(text)))
    return View(text, sentences, words, (), article.published, Beside.load(ontology.lexicon))


def rule_mentions(article: Article, view: View, ontology: Ontology) -> list[Mention]:
    """The names in the body, in order and free of overlaps; none in damaged text."""
    folder = ontology.lexicon
    mentions = [
        replace(mention, text=mention.span.of(article.text))
        for mention in with_introduced(folder, view.text, find_mentions(folder, view.text, view.words, view.sentences))
        if any(s.contains(mention.span) for s in view.sentences) and is_sound(article, mention.span)
    ]
    return without_overlaps([*mentions, *_byline(article, folder)])


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


def _body_sentences(article: Article, sentences: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """The sentences of the article's body; all of them where the reader marked no body."""
    for sentence in sentences:
        if not article.body or any(part.overlaps(sentence) for part in article.body):
            yield sentence


def is_sound(article: Article, span: TextSpan) -> bool:
    """Whether no damage of the article reaches into ``span``."""
    return not any(span.overlaps(damaged) for damaged in article.damage)
