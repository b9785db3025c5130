"""Every line of extraction data shows what it finds and what it must not find."""

import re

import pytest
import spacy

from kg.annotate.entities import find_mentions
from kg.annotate.lexer import Lexer
from kg.annotate.lexicon import read_lexicon
from kg.annotate.relations import find_relations
from kg.annotate.sentences import sentence_spans
from kg.annotate.view import Beside, Placed, View, Word
from kg.model import Mention, TextSpan
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
LEXICON = ONTOLOGY.lexicon
LEXER = Lexer()


def words_of(text: str) -> tuple[Word, ...]:
    words, position = [], 0
    for word in LEXER.words(text):
        words.append(Word(TextSpan(position, position + len(word.text)), word.text, word.tag))
        position += len(word.text)
    return tuple(words)


def view_of(marked: str) -> View:
    """A View of ``[澜东工业园:IndustrialPark]位于…``: each bracket is a name and its class."""
    text, placed = "", []
    for plain, name, label in re.findall(r"([^\[\]]*)(?:\[([^:\]]+):(\w+)\])?", marked):
        text += plain
        if name:
            placed.append(Placed(TextSpan(len(text), len(text) + len(name)), name, label))
            text += name
    return View(
        text,
        tuple(sentence_spans(text)),
        words_of(text),
        tuple(placed),
        beside=Beside.load(LEXICON),
    )


def names_in(text: str) -> list[Mention]:
    return find_mentions(LEXICON, text, words_of(text), sentence_spans(text))


RELATIONS = [
    pytest.param(name, row, id=f"{name}-{i}")
    for name, rows in read_lexicon(LEXICON, "relations").items()
    if name not in {"plan", "negation"}
    for i, row in enumerate(rows)
]


@pytest.mark.parametrize(("name", "row"), RELATIONS)
def test_a_phrasing_finds_its_example_and_not_its_counter_example(name, row):
    marked, subject, object_ = row["example"]
    found = find_relations(view_of(marked), ONTOLOGY)
    assert (subject, name, object_) in {(r.subject, r.property, r.object) for r in found}
    assert name not in {r.property for r in find_relations(view_of(row["counter"]), ONTOLOGY)}


@pytest.mark.parametrize("label", read_lexicon(LEXICON, "heads"))
def test_a_class_finds_its_example_and_not_its_counter_example(label):
    row = read_lexicon(LEXICON, "heads")[label]
    text, name = row["example"]
    assert (label, name) in {(m.label_, m.text) for m in names_in(text)}
    assert label not in {m.label_ for m in names_in(row["counter"])}


@pytest.mark.parametrize(("file", "label"), [("designations", "Designation"), ("documents", "Strategy")])
def test_honours_and_policies_are_found_where_they_stand(file, label):
    row = read_lexicon(LEXICON, file)
    text, name = row["example"]
    assert (label, name) in {(m.label_, m.text) for m in names_in(text)}
    assert label not in {m.label_ for m in names_in(row["counter"])}


def test_idioms_in_quotes_are_no_layouts():
    row = read_lexicon(LEXICON, "layouts")
    text, name = row["example"]
    assert ("SpatialLayout", name) in {(m.label_, m.text) for m in names_in(text)}
    found = names_in(row["counter"])
    assert "SpatialLayout" not in {m.label_ for m in found}


def test_the_lexer_is_a_component_spacy_knows():
    nlp = spacy.blank("zh")
    nlp.add_pipe("kg_lexer")
    assert nlp.analyze_pipes()["problems"] == {"kg_lexer": []}


@pytest.mark.parametrize("row", read_lexicon(LEXICON, "lists")["rows"], ids=lambda row: row["tail"])
def test_a_list_finds_a_member_of_its_example_and_nothing_in_its_counter_example(row):
    text, name = row["example"]
    assert (row["class"], name) in {(m.label_, m.text) for m in names_in(text)}
    assert row["class"] not in {m.label_ for m in names_in(row["counter"])}


@pytest.mark.parametrize("label", ["Industry", "Technology"])
def test_terms_are_found_in_their_example_and_not_in_their_counter_example(label):
    row = read_lexicon(LEXICON, "terms")[label]
    text, name = row["example"]
    assert (label, name) in {(m.label_, m.text) for m in names_in(text)}
    assert label not in {m.label_ for m in names_in(row["counter"])}
