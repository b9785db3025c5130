"""Views by hand, names of a text, and a lexicon that lacks something."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.annotate.areas import areas_inside
from kg.annotate.entities import find_mentions
from kg.annotate.lexer import Lexer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import Beside, Placed, View, Word
from kg.model import Mention, TextSpan
from kg.ontology import Ontology

ViewOf = Callable[..., View]
NamesIn = Callable[..., list[Mention]]
Without = Callable[[str, str], Ontology]

ONTOLOGY = Ontology.load()
NOTHING = "\uffff"  # in no text
_NAME = re.compile(r"\[([^\[\]:]+):(\w+)\]")


def _words(text: str) -> Iterator[Word]:
    position = 0
    for word in Lexer().words(text):
        yield Word(TextSpan(position, position + len(word.text)), word.text, word.tag)
        position += len(word.text)


def _view(marked: str, published: date | None = date(2022, 7, 25)) -> View:
    placed: list[Placed] = []
    text, position = "", 0
    for match in _NAME.finditer(marked):
        text += marked[position : match.start()]
        placed.append(Placed(TextSpan(len(text), len(text) + len(match[1])), match[1], match[2]))
        text += match[1]
        position = match.end()
    text += marked[position:]
    return View(
        text,
        tuple(sentence_spans(text)),
        tuple(_words(text)),
        tuple(placed),
        published,
        Beside.load(ONTOLOGY.lexicon),
    )


@pytest.fixture(scope="session")
def view() -> ViewOf:
    """``view("[福兴经济开发区:DevelopmentZone]去年工业产值达480亿元。")``: each bracket is a name and its class."""
    return _view


@pytest.fixture(scope="session")
def names_in() -> NamesIn:
    """``names_in(text)``: the names in a text, those inside other names, too, in order."""

    def find(text: str, ontology: Ontology = ONTOLOGY) -> list[Mention]:
        found = find_mentions(ontology.lexicon, text, tuple(_words(text)), sentence_spans(text))
        return sorted([*found, *areas_inside(ontology.lexicon, found)], key=lambda mention: mention.span)

    return find


@pytest.fixture(scope="session")
def without(tmp_path_factory: pytest.TempPathFactory) -> Without:
    """``without("boundaries", "never")``: the ontology, but this key of this file of its lexicon fits no text."""

    def remove(file: str, key: str) -> Ontology:
        ontology = replace(ONTOLOGY, folder=tmp_path_factory.mktemp(file))
        ontology.lexicon.mkdir()
        for path in ONTOLOGY.lexicon.glob("*.yaml"):
            (ontology.lexicon / path.name).symlink_to(path)
        data = read_lexicon(ONTOLOGY.lexicon, file)
        changed: Path = ontology.lexicon / f"{file}.yaml"
        changed.unlink()
        changed.write_text(yaml.dump({**data, key: _emptied(data[key])}, allow_unicode=True), "utf-8")
        return ontology

    return remove


def _emptied(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {key: _emptied(value) for key, value in entry.items()}
    return [NOTHING] if isinstance(entry, list) else NOTHING
