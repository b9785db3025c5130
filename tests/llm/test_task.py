"""What a model is asked comes from the ontology."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.llm.task import Task
from kg.ontology import Ontology

SHIPPED = Ontology.load()


def field(task: Task, kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = task.schema["properties"][kind]["items"]["properties"][name]
    return found


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema of an object inside ``schema``."""
    if schema.get("type") == "object":
        yield schema
        for inner in schema["properties"].values():
            yield from objects(inner)
    if schema.get("type") == "array":
        yield from objects(schema["items"])


def test_every_class_a_name_may_have_is_offered_with_label_and_definition() -> None:
    classes = field(Task(SHIPPED), "entities", "class")
    assert set(classes["enum"]) == set(SHIPPED.classes) - {"Article", "Observation", "Milestone"}
    for name in classes["enum"]:
        assert f"{name}：{SHIPPED.classes[name].labels['zh-Hans']}。" in classes["description"]
        assert SHIPPED.classes[name].definitions["zh-Hans"] in classes["description"]


def test_every_property_between_things_is_offered_with_domain_and_range() -> None:
    properties = field(Task(SHIPPED), "relations", "property")
    assert set(properties["enum"]) == set(SHIPPED.properties) - {"publishedBy", "authoredBy"}
    assert "signedAt（Project → Event）：" in properties["description"]
    assert "hasDesignation（任何类别 → Designation）：" in properties["description"]
    assert "Organization → Organization；Place → Place；" in properties["description"]  # partOf, by its pairs


def test_every_type_of_milestone_is_offered_with_words_that_say_it() -> None:
    types = field(Task(SHIPPED), "milestones", "type")
    assert {"founded", "opened", "inProduction", "published"} <= set(types["enum"])
    assert "toppedOut：封顶、" in types["description"]


def test_every_object_is_closed_and_every_field_required() -> None:
    for schema in objects(Task(SHIPPED).schema):
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


def test_another_ontology_asks_for_its_own_classes(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED.folder, tmp_path / "ontology"))
    with (folder / "zonekg.ttl").open("a", encoding="utf-8") as file:
        file.write(
            'zkg:Harbour a owl:Class ; rdfs:subClassOf zkg:Facility ; rdfs:label "港口"@zh-Hans ;\n'
            '  skos:definition "停靠船舶的地方。"@zh-Hans .\n'
        )
    assert "Harbour：港口。停靠船舶的地方。" in field(Task(Ontology.load(folder)), "entities", "class")["description"]
