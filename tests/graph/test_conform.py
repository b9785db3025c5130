"""What enters the store conforms; what does not is taken out whole, with one reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import shacl_rust
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import OntologyError
from kg.graph import Validator, describe, split_conforming
from kg.model import Entity, Evidence, Extraction, Mention, Relation, Run, TextSpan
from kg.ontology import Ontology
from kg.vocab import PREFIXES


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(Ontology.load())


def ask(quads: Iterable[ox.Quad], pattern: str) -> bool:
    store = ox.Store()
    store.extend(quads)
    return bool(store.query(f"ASK {{ GRAPH ?article {{ {pattern} }} }}", prefixes=PREFIXES))


def relate(extraction: Extraction, subject: str, property_: str, object_: str) -> Extraction:
    relation = Relation(subject, property_, object_, replace(extraction.relations[0].evidence, rule="wrong"))
    return replace(extraction, relations=(*extraction.relations, relation))


def with_entity(extraction: Extraction, iris: dict[str, str], key: str, class_: str) -> Extraction:
    span = TextSpan(0, 4)
    iris[key] = f"https://w3id.org/zonekg/id/x/{key}"
    mention = Mention(span, key, class_, "lexicon")
    return replace(extraction, entities=(*extraction.entities, Entity(key, class_, f"某{key}", mentions=(mention,))))


def test_an_article_described_from_sound_annotations_conforms(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    quads = describe(extraction, iris, run)
    assert validator.validate(quads) == []
    assert split_conforming(quads, validator) == (quads, [])


def test_a_relation_outside_its_range_goes_with_its_evidence_and_nothing_else(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    extraction = with_entity(extraction, iris, "company", "Company")
    good = describe(extraction, iris, run)
    kept, rejected = split_conforming(
        describe(relate(extraction, "city", "locatedIn", "company"), iris, run), validator
    )
    assert kept == good
    [(taken, reason)] = rejected
    assert ask(taken, "?s zkg:locatedIn ?o . ?e rdf:predicate zkg:locatedIn ; zkg:extractedBy 'wrong'")
    assert "The object of locatedIn is a Place" in reason
    assert "company" in reason


def test_one_wrong_partof_does_not_take_the_right_one_along(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    extraction = with_entity(extraction, iris, "company", "Company")
    right = relate(extraction, "centre", "partOf", "city")
    kept, rejected = split_conforming(describe(relate(right, "centre", "partOf", "company"), iris, run), validator)
    assert kept == describe(right, iris, run)
    assert len(rejected) == 1


def test_a_thing_that_violates_takes_its_statements_along(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    unnamed = replace(extraction.entities[0], name="晋安\n中心", aliases=())
    kept, rejected = split_conforming(
        describe(replace(extraction, entities=(unnamed, extraction.entities[1])), iris, run), validator
    )
    assert len(rejected) == 1
    assert "line break" in rejected[0][1]
    assert not ask(kept, "?s zkg:locatedIn|zkg:observedEntity|zkg:milestoneOf|rdf:subject <" + iris["centre"] + ">")
    assert not ask(kept, "?node a zkg:Observation")
    assert ask(kept, "?city a zkg:AdministrativeArea")
    assert validator.validate(kept) == []


def test_an_observation_that_violates_goes_whole(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    damaged = replace(extraction.observations[0], indicator="产\n值")
    kept, rejected = split_conforming(describe(replace(extraction, observations=(damaged,)), iris, run), validator)
    assert kept == describe(replace(extraction, observations=()), iris, run)
    assert len(rejected) == 1


def test_a_thing_related_to_itself_is_taken_out(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    kept, rejected = split_conforming(describe(relate(extraction, "city", "partOf", "city"), iris, run), validator)
    assert kept == describe(extraction, iris, run)
    assert len(rejected) == 1


def test_bad_evidence_leaves_a_statement_that_has_other_evidence(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    sure = extraction.relations[0]
    unsure = Evidence(sure.evidence.span, sure.evidence.sentence, "wrong", confidence=7.0)
    twice = replace(extraction, relations=(sure, replace(sure, evidence=unsure)))
    kept, _ = split_conforming(describe(twice, iris, run), validator)
    assert kept == describe(extraction, iris, run)
    once = replace(extraction, relations=(replace(sure, evidence=unsure),))
    kept, _ = split_conforming(describe(once, iris, run), validator)
    assert kept == describe(replace(extraction, relations=()), iris, run)


def test_an_article_that_violates_is_taken_out_whole(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    quads = [quad for quad in describe(extraction, iris, run) if not quad.predicate.value.endswith("sha256")]
    kept, rejected = split_conforming(quads, validator)
    assert kept == []
    assert [taken for taken, _ in rejected] == [quads]


def test_a_violation_says_what_and_where(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    [violation] = validator.validate(describe(relate(extraction, "city", "reliesOn", "city"), iris, run))[:1]
    assert violation.severity == "http://www.w3.org/ns/shacl#Violation"
    assert violation.message


def test_whatever_is_lost_the_rest_conforms_and_nothing_else_is_lost(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    quads = describe(relate(extraction, "city", "partOf", "centre"), iris, run)

    @given(st.sets(st.sampled_from(quads), max_size=4))
    @settings(max_examples=60, deadline=None)
    def law(lost: set[ox.Quad]) -> None:
        damaged = [quad for quad in quads if quad not in lost]
        kept, rejected = split_conforming(damaged, validator)
        assert validator.validate(kept) == []
        assert sorted(map(str, kept + [quad for taken, _ in rejected for quad in taken])) == sorted(map(str, damaged))

    law()


def test_leaving_out_shapes_without_a_target_finds_no_less(
    extraction: Extraction, iris: dict[str, str], run: Run, validator: Validator
) -> None:
    quads = describe(extraction, iris, run)
    all_shapes = validator.ontology.shapes.read_text(encoding="utf-8")
    hierarchy = "".join(path.read_text(encoding="utf-8") for path in validator.ontology.sources)

    @given(st.sets(st.sampled_from(quads), max_size=4))
    @settings(max_examples=15, deadline=None)
    def law(lost: set[ox.Quad]) -> None:
        damaged = [quad for quad in quads if quad not in lost]
        data = hierarchy + "\n".join(f"{quad.triple} ." for quad in damaged)
        assert len(validator.validate(damaged)) == len(shacl_rust.validate(data, all_shapes)["results"])

    law()


def test_an_ontology_without_shapes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text("<https://e.org/> a <http://www.w3.org/2002/07/owl#Ontology> .")
    with pytest.raises(OntologyError, match="no shapes"):
        Validator(Ontology.load(tmp_path))
