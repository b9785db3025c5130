"""The corpus itself: every gold file says what the ontology allows about what its article names."""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg.evaluate import Gold, comparable, read_gold
from kg.ontology import Ontology
from kg.read import read_article

CORPUS = Path(__file__).parents[1] / "data" / "gold"
FILES = sorted(CORPUS.rglob("*.json"))
MILESTONE_TYPES = {"founded", "signed", "started", "toppedOut", "completed", "opened", "inProduction"}
MILESTONE_TYPES |= {"listed", "approved", "held", "acquired", "awarded", "published"}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

pytestmark = pytest.mark.skipif(not FILES, reason="there is no gold in data/gold")
each_gold_file = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


@cache
def gold_of(path: Path) -> Gold:
    return read_gold(path)


@cache
def text_of(path: Path) -> str:
    """The article's repaired text, what it was read from and the file (a page's byline), as names are compared."""
    file = gold_of(path).article
    article = read_article(file)
    return "\n".join(map(comparable, (article.text, article.source_text, file.read_text("utf-8"))))


def class_of(gold: Gold) -> dict[str, str]:
    return {entity["name"]: entity["class"] for entity in gold.entities}


def faults(path: Path, found: Iterator[str] | list[str]) -> str:
    """What is wrong with the file, one line an item; empty when nothing is."""
    return "\n".join(f"{path.name}: {fault}" for fault in found)


@each_gold_file
def test_gold_has_the_form(path: Path) -> None:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert data["id"] == path.stem
    assert data["article_date"] is None or date.fromisoformat(data["article_date"])
    assert data.keys() == {"id", "article_date", "entities", "relations", "observations", "milestones"}


@each_gold_file
def test_classes_are_those_of_the_ontology(path: Path) -> None:
    classes = Ontology.load().classes
    wrong = [f"{e['name']} is a {e['class']}" for e in gold_of(path).entities if e["class"] not in classes]
    assert not faults(path, wrong)


@each_gold_file
def test_no_two_entities_share_a_name_and_a_class(path: Path) -> None:
    seen: set[tuple[str, str]] = set()
    twice = []
    for entity in gold_of(path).entities:
        for name in {entity["name"], *entity["aliases"]}:
            key = comparable(name), entity["class"]
            twice += [f"{name} ({entity['class']}) names two entities"] if key in seen else []
            seen.add(key)
    assert not faults(path, twice)


@each_gold_file
def test_names_occur_in_the_article(path: Path) -> None:
    text = text_of(path)
    names = (name for e in gold_of(path).entities for name in (e["name"], *e["aliases"]))
    assert not faults(path, [f"{name} is not in the text" for name in names if not is_said(comparable(name), text)])


def is_said(name: str, text: str) -> bool:
    """Whether a text has a name, or lists its beginning with others that share its end (东、西两区)."""
    return name in text or any(
        re.search(re.escape(name[:cut]) + r"\w{1,40}" + re.escape(name[cut:]), text) for cut in range(1, len(name))
    )


@each_gold_file
def test_what_facts_are_about_is_an_entity(path: Path) -> None:
    gold = gold_of(path)
    known = class_of(gold)
    ends = [(f"relation {' '.join(r)}", name) for r in gold.relations for name in (r[0], r[2])]
    ends += [(f"observation {o['indicator']}", o["entity"]) for o in gold.observations]
    ends += [(f"observation {o['indicator']}", o["withRespectTo"]) for o in gold.observations if o.get("withRespectTo")]
    ends += [(f"milestone {m['type']}", m["entity"]) for m in gold.milestones]
    assert not faults(path, [f"{item}: {name} is no entity" for item, name in ends if name not in known])


@each_gold_file
def test_relations_obey_domain_and_range(path: Path) -> None:
    gold, ontology = gold_of(path), Ontology.load()
    known = class_of(gold)
    wrong = [
        f"{s} ({known[s]}) {property_} {o} ({known[o]}) is not allowed"
        for s, property_, o in gold.relations
        if s in known and o in known and not ontology.allows(property_, known[s], known[o])
    ]
    assert not faults(path, wrong)


@each_gold_file
def test_no_relation_is_said_twice(path: Path) -> None:
    seen = [tuple(relation) for relation in gold_of(path).relations]
    assert not faults(path, [" ".join(relation) for relation in sorted({r for r in seen if seen.count(r) > 1})])


@each_gold_file
def test_observations_have_a_value_a_unit_and_known_marks(path: Path) -> None:
    wrong = [
        f"{o['entity']} {o['indicator']}: {fault}"
        for o in gold_of(path).observations
        for fault, is_so in (
            (f"the value {o['value']!r} is no number", isinstance(o["value"], str | bool)),
            (f"the unit {o['unit']!r} is not in its base form", not o["unit"] or o["unit"][0] in "万亿"),
            (f"the year {o['year']!r} is none", o["year"] and not re.fullmatch(r"\d{4}", o["year"])),
            (
                f"the comparator {o['comparator']!r} is none",
                o["comparator"] not in ("=", ">", ">=", "<", "<=", "~"),
            ),
            (f"the status {o['status']!r} is none", o["status"] not in ("actual", "target")),
        )
        if is_so
    ]
    assert not faults(path, wrong)


@each_gold_file
def test_milestones_have_a_known_type_and_a_date(path: Path) -> None:
    wrong = [
        f"{m['entity']} {m['type']} {m['date']} {m['status']}"
        for m in gold_of(path).milestones
        if m["type"] not in MILESTONE_TYPES
        or (m["date"] is not None and not DATE.fullmatch(m["date"]))
        or m["status"] not in ("actual", "target")
    ]
    assert not faults(path, wrong)
