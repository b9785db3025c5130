"""IRIs are readable, valid by RFC 3987, and never shared by two names."""

from __future__ import annotations

import unicodedata

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.graph.iri import entity_iri, escape, group_of, unescape
from kg.ontology import Ontology


@given(st.text(min_size=1).filter(lambda name: name.strip() != ""))
@example("葛\U000e0100城区")  # 葛 in a variant of its form
@example("晋\ufffd区")
def test_every_name_gives_a_valid_iri(name: str) -> None:
    iri = entity_iri("place", name)
    assert ox.NamedNode(iri).value == iri
    assert iri.count("/") == "https://w3id.org/zonekg/id/place/".count("/")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_name_comes_back_from_its_segment(name: str) -> None:
    assert unescape(escape(name)) == unicodedata.normalize("NFC", name)


def test_a_name_of_spaces_has_no_iri() -> None:
    with pytest.raises(ValueError, match="has no name"):
        entity_iri("place", " ")


def test_the_area_tells_apart_things_of_one_name() -> None:
    assert entity_iri("place", "中山公园", area="厦门市") != entity_iri("place", "中山公园", area="福州市")


@pytest.mark.parametrize(
    ("class_", "group"), [("Hospital", "organization"), ("SpatialLayout", "strategy"), ("Corridor", "place")]
)
def test_a_class_is_named_in_the_folder_of_its_branch(class_: str, group: str) -> None:
    assert group_of(class_, Ontology.load()) == group
