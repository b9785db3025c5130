"""Every line of extraction data shows what it finds and what it must not find.

Run here: the examples of how names are found and joined, and of relations. Those of ``indicators``, ``milestones``,
``times``, ``titles``, ``units``, ``comparators`` and ``identity`` are run beside the tests of what reads them.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.annotate.areas import is_smaller
from kg.annotate.identity import entities_of, references, with_introduced
from kg.annotate.lexicon import read_lexicon
from kg.annotate.named import named_relations
from kg.annotate.relations import find_relations
from kg.annotate.view import Beside
from kg.model import Entity, Mention, Relation
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
LEXICON = ONTOLOGY.lexicon
FILES = sorted(path.stem for path in LEXICON.glob("*.yaml"))


def said(relations: Iterator[Relation] | list[Relation]) -> set[tuple[str, str, str]]:
    return {(r.subject, r.property, r.object) for r in relations}


def labelled(mentions: list[Mention]) -> set[tuple[str, str]]:
    return {(mention.label_, mention.text) for mention in mentions}


def lists_of_rows(data: Any) -> Iterator[list[dict[str, Any]]]:
    """The lists in a file whose members are rows of keys and values."""
    if isinstance(data, list) and data and all(isinstance(item, dict) for item in data):
        yield data
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from lists_of_rows(item)


def keys_of(data: Any) -> set[str]:
    """Every key in a file, however deep."""
    if isinstance(data, dict):
        return {str(key) for key in data}.union(*(keys_of(value) for value in data.values()))
    return set().union(*(keys_of(item) for item in data)) if isinstance(data, list) else set()


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_an_example(file: str) -> None:
    assert any(key.endswith(("example", "examples")) for key in keys_of(read_lexicon(LEXICON, file)))


@pytest.mark.parametrize("file", FILES)
def test_a_row_has_an_example_and_a_counter_example(file: str) -> None:
    for rows in lists_of_rows(read_lexicon(LEXICON, file)):
        bare = [row for row in rows if not {"example", "counter"} <= set(row)]
        assert bare == []


@pytest.mark.parametrize("file", FILES)
def test_an_example_is_of_something_in_its_file(file: str) -> None:
    data = read_lexicon(LEXICON, file)
    if isinstance(data, dict):
        named = {key.rsplit("_", 1)[0] for key in data if key.endswith(("_example", "_counter"))}
        assert named | set(data.get("examples", ())) <= set(data)


def test_every_limit_of_names_has_an_example() -> None:
    data = read_lexicon(LEXICON, "boundaries")
    assert set(data) - set(data["examples"]) == {"example", "counter", "examples"}


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_plain_yaml_that_every_parser_reads_alike(file: str) -> None:
    text = (LEXICON / f"{file}.yaml").read_text("utf-8")
    assert yaml.load(text, Loader=yaml.SafeLoader) == read_lexicon(LEXICON, file)


# Names


@pytest.mark.parametrize("label", read_lexicon(LEXICON, "heads"))
def test_a_class_finds_its_example_and_not_its_counter_example(names_in: Any, label: str) -> None:
    row = read_lexicon(LEXICON, "heads")[label]
    text, name = row["example"]
    assert (label, name) in labelled(names_in(text))
    assert label not in {m.label_ for m in names_in(row["counter"])}


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("boundaries", "IndustrialPark"),
        ("designations", "Designation"),
        ("documents", "Strategy"),
        ("layouts", "SpatialLayout"),
        ("organisations", "Company"),
        ("places", "Place"),
        ("products", "Product"),
        ("regions", "Zone"),
    ],
)
def test_a_file_of_one_kind_finds_its_example_and_not_its_counter_example(names_in: Any, file: str, label: str) -> None:
    row = read_lexicon(LEXICON, file)
    text, name = row["example"]
    assert (label, name) in labelled(names_in(text))
    assert label not in {m.label_ for m in names_in(row["counter"])}


@pytest.mark.parametrize("row", read_lexicon(LEXICON, "lists")["rows"], ids=lambda row: row["tail"])
def test_a_list_finds_a_member_of_its_example_and_nothing_in_its_counter_example(
    names_in: Any, row: dict[str, Any]
) -> None:
    text, name = row["example"]
    assert (row["class"], name) in labelled(names_in(text))
    assert row["class"] not in {m.label_ for m in names_in(row["counter"])}


@pytest.mark.parametrize("label", ["Industry", "Technology"])
def test_terms_are_found_in_their_example_and_not_in_their_counter_example(names_in: Any, label: str) -> None:
    row = read_lexicon(LEXICON, "terms")[label]
    text, name = row["example"]
    assert (label, name) in labelled(names_in(text))
    assert label not in {m.label_ for m in names_in(row["counter"])}


# Keys: what an example shows is so because of its key


def examples(*files: str) -> list[Any]:
    return [
        pytest.param(file, key, example, id=f"{file}-{key}")
        for file in files
        for key, example in read_lexicon(LEXICON, file)["examples"].items()
    ]


WITH_EXAMPLES = [file for file in FILES if "examples" in read_lexicon(LEXICON, file)]
OF_NAMES = [file for file in WITH_EXAMPLES if file not in {"aliases", "identity", "subjects"}]


@pytest.mark.parametrize(("file", "key", "example"), examples(*OF_NAMES))
def test_the_names_of_an_example_are_found_because_of_its_key(
    names_in: Any, without: Any, file: str, key: str, example: list[str]
) -> None:
    text, *names = example
    found = names_in(text)
    assert [mention.text for mention in found] == names
    assert labelled(names_in(text, without(file, key))) != labelled(found)


@pytest.mark.parametrize(("file", "key", "example"), examples("aliases"))
def test_the_names_of_an_example_are_one_thing_s_because_of_its_key(
    names_in: Any, without: Any, file: str, key: str, example: list[str]
) -> None:
    def are_one(ontology: Ontology) -> bool:
        mentions = with_introduced(ontology.lexicon, text, names_in(text, ontology))
        found = entities_of(ontology, mentions, lambda span: span)
        return any({name, *others} <= {entity.name, *entity.aliases} for entity in found)

    text, name, *others = example
    assert are_one(ONTOLOGY)
    assert not are_one(without(file, key))


@pytest.mark.parametrize(("file", "key", "example"), examples("subjects"))
def test_who_acts_in_an_example_does_so_because_of_its_key(
    view: Any, without: Any, file: str, key: str, example: list[str]
) -> None:
    def acting(lexicon: Path) -> list[str]:
        seen = replace(shown, beside=Beside.load(lexicon))
        return [placed.key for placed in seen.subjects(len(before.text), lambda _: True)]

    marked, *names = example
    before, shown = view(marked.split("|")[0]), view(marked.replace("|", ""))
    assert acting(LEXICON) == names
    assert acting(without(file, key).lexicon) != names


# Relations


@pytest.mark.parametrize(
    ("name", "row"),
    [
        pytest.param(name, row, id=f"{name}-{i}")
        for name, rows in read_lexicon(LEXICON, "relations").items()
        if name not in {"plan", "negation"}
        for i, row in enumerate(rows)
    ],
)
def test_a_phrasing_finds_its_example_and_not_its_counter_example(view: Any, name: str, row: dict[str, Any]) -> None:
    marked, subject, object_ = row["example"]
    assert (subject, name, object_) in said(find_relations(view(marked), ONTOLOGY))
    assert name not in {r.property for r in find_relations(view(row["counter"]), ONTOLOGY)}


@pytest.mark.parametrize(
    "row",
    [*read_lexicon(LEXICON, "names"), *read_lexicon(LEXICON, "areas")["beside"]],
    ids=lambda row: f"{row['property']}-{row['example'][1]}",
)
def test_what_names_say_is_read_in_the_example_and_not_in_the_counter_example(view: Any, row: dict[str, Any]) -> None:
    marked, subject, object_ = row["example"]
    assert (subject, row["property"], object_) in said(named_relations(view(marked), ONTOLOGY))
    assert row["property"] not in {r.property for r in named_relations(view(row["counter"]), ONTOLOGY)}


def test_an_area_may_lie_in_one_that_its_name_makes_it_smaller_than() -> None:
    data = read_lexicon(LEXICON, "areas")
    assert is_smaller(LEXICON, *data["example"])
    assert not is_smaller(LEXICON, *data["counter"])


def test_both_parties_are_those_that_signed(view: Any) -> None:
    data = read_lexicon(LEXICON, "subjects")
    marked, *relation = data["parties_example"]
    assert tuple(relation) in said(find_relations(view(marked), ONTOLOGY))
    assert relation[1] not in {r.property for r in find_relations(view(data["parties_counter"]), ONTOLOGY)}


@pytest.mark.parametrize("row", read_lexicon(LEXICON, "references"), ids=lambda row: row["say"][0])
def test_a_reference_means_the_thing_of_its_example_and_nothing_in_its_counter_example(
    view: Any, row: dict[str, Any]
) -> None:
    def meant(marked: str) -> list[tuple[str, str]]:
        seen = view(marked)
        mentions: dict[tuple[str, str], list[Mention]] = {}
        for placed in seen.placed:
            mention = Mention(placed.span, placed.key, placed.label_, "head")
            mentions.setdefault((placed.key, placed.label_), []).append(mention)
        entities = [Entity(key, label, key, mentions=tuple(found)) for (key, label), found in mentions.items()]
        found = references(ONTOLOGY, seen.text, entities, seen.sentences)
        return [(span.of(seen.text), entity.name) for span, entity in found]

    marked, name = row["example"]
    [(word, thing)] = meant(marked)
    assert (word in row["say"], thing) == (True, name)
    assert meant(row["counter"]) == []
