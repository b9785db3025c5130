"""Views by hand: a text with its things in brackets."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from kg.annotate.lexer import Lexer
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import Beside, Placed, View, Word
from kg.model import TextSpan
from kg.ontology import Ontology

ViewOf = Callable[..., View]
_NAME = re.compile(r"\[([^\[\]:]+):(\w+)\]")


def _view(marked: str, published: date | None = date(2022, 7, 25)) -> View:
    placed: list[Placed] = []
    text, position = "", 0
    for match in _NAME.finditer(marked):
        text += marked[position : match.start()]
        placed.append(Placed(TextSpan(len(text), len(text) + len(match[1])), match[1], match[2]))
        text += match[1]
        position = match.end()
    text += marked[position:]
    words: list[Word] = []
    position = 0
    for word in Lexer().words(text):
        words.append(Word(TextSpan(position, position + len(word.text)), word.text, word.tag))
        position += len(word.text)
    return View(
        text,
        tuple(sentence_spans(text)),
        tuple(words),
        tuple(placed),
        published,
        Beside.load(Ontology.load().lexicon),
    )


@pytest.fixture(scope="session")
def view() -> ViewOf:
    """``view("[福兴经济开发区:DevelopmentZone]去年工业产值达480亿元。")``: each bracket is a name and its class."""
    return _view
