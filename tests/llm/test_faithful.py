"""An answer that says what the rules say comes back whole, over articles as they are read: repaired, with menus around."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_model import answer

from kg.builder import extract
from kg.llm.statements import Statements
from kg.llm.task import Task
from kg.llm.windows import Window, body_sentences
from kg.model import Evidence, Extraction
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
ARTICLES = Path(__file__).parents[2] / "data" / "articles"


def as_answer(extraction: Extraction) -> dict[str, Any]:
    names = {entity.key: entity.name for entity in extraction.entities}

    def quote(evidence: Evidence) -> str:
        return evidence.sentence.of(extraction.article.text)

    return answer(
        entities=[{"name": e.name, "class": e.label_, "aliases": list(e.aliases)} for e in extraction.entities],
        relations=[
            {"subject": names[r.subject], "property": r.property, "object": names[r.object], "status": r.status,
             "title": r.evidence.title, "quote": quote(r.evidence)}
            for r in extraction.relations
        ],
    )  # fmt: skip


def told(extraction: Extraction) -> tuple[set[tuple[str, str]], set[tuple[str, str, str]]]:
    """What the body says: the byline is not the model's."""
    names = {entity.key: entity.name for entity in extraction.entities}
    return (
        {(entity.name, entity.label_) for entity in extraction.entities},
        {(names[r.subject], r.property, names[r.object]) for r in extraction.relations},
    )


@pytest.mark.parametrize("name", ["t02-xiaolan-layout.html", "t04-jinling-inspection.txt", "t10-changcheng-acquisition.txt"])  # fmt: skip
def test_a_faithful_answer_is_kept_whole(name: str) -> None:
    (by_rules,) = extract({ARTICLES / name: None}, ONTOLOGY).values()
    window = Window(tuple(body_sentences(by_rules.article)))
    extraction = Statements(by_rules.article, Task(ONTOLOGY)).extraction([(window, as_answer(by_rules))])
    assert told(extraction) == told(by_rules)
    for mention in (mention for entity in extraction.entities for mention in entity.mentions):
        assert mention.span.of(by_rules.article.text) == mention.text
