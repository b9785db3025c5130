"""Each shipped query finds what a small hand-made graph says, read from the default graph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.ontology import Ontology
from kg.vocab import INFERRED_GRAPH, PREFIXES

QUERIES = Ontology.load().queries
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
SAID = """
<park> a zkg:IndustrialPark , zkg:Zone ; skos:prefLabel "光电产业园"@zh-Hans ; zkg:locatedIn <district> ;
    zkg:leadingIndustry <optics> ; zkg:developsIndustry <optics> .
<district> a zkg:AdministrativeArea ; skos:prefLabel "晋安区"@zh-Hans ; zkg:locatedIn <city> ;
    zkg:adoptsLayout <layout> ; zkg:developsIndustry <optics> .
<city> a zkg:AdministrativeArea ; skos:prefLabel "福州市"@zh-Hans .
<area> a zkg:Zone ; skos:prefLabel "东部片区"@zh-Hans .
<optics> a zkg:Industry ; skos:prefLabel "光电"@zh-Hans .
<layout> a zkg:SpatialLayout ; skos:prefLabel "一区多点"@zh-Hans ; zkg:hasComponent <one> , <many> .
<one> a zkg:LayoutComponent ; skos:prefLabel "一区"@zh-Hans ; zkg:denotes <park> .
<many> a zkg:LayoutComponent ; skos:prefLabel "多点"@zh-Hans .
<company> a zkg:Company ; skos:prefLabel "榕光公司"@zh-Hans ; zkg:settledIn <park> ; zkg:investsIn <project> .
<project> a zkg:Project ; skos:prefLabel "光电项目"@zh-Hans ;
    zkg:undertakenBy <builder> ; zkg:locatedIn <park> .
<builder> a zkg:Company ; skos:prefLabel "榕建集团"@zh-Hans .
<output> a zkg:Observation ; zkg:observedEntity <park> ; zkg:indicator "工业产值" ; zkg:value 48000000000.0 ;
    zkg:unit cur:CNY ; zkg:year "2021"^^xsd:gYear ; zkg:comparator ">" ; zkg:status "actual" .
<staff> a zkg:Observation ; zkg:observedEntity <park> ; zkg:indicator "企业" ;
    zkg:value 30.0 ; zkg:valueMax 50.0 ;
    zkg:unit "家" ; zkg:comparator "=" ; zkg:status "target" .
<opening> a zkg:Milestone ; zkg:milestoneOf <park> ; zkg:milestoneType "opened" ; zkg:status "actual" ;
    zkg:date "2022-06"^^xsd:gYearMonth .
<founding> a zkg:Milestone ; zkg:milestoneOf <park> ; zkg:milestoneType "founded" ; zkg:status "actual" ;
    zkg:date "2019"^^xsd:gYear .
<listing> a zkg:Milestone ; zkg:milestoneOf <company> ; zkg:milestoneType "listed" ; zkg:status "target" .
<s1> a rdf:Statement ; rdf:subject <output> ; rdf:predicate zkg:observedEntity ; rdf:object <park> ;
    zkg:sentence "去年产值突破480亿元。" .
<s2> a rdf:Statement ; rdf:subject <company> ; rdf:predicate zkg:settledIn ; rdf:object <park> ;
    zkg:sentence "榕光公司将落户园区。" ; zkg:status "target" .
<s3> a rdf:Statement ; rdf:subject <opening> ; rdf:predicate zkg:milestoneOf ; rdf:object <park> ;
    zkg:sentence "园区6月开园。" .
"""


def answers(name: str, follows: str = "") -> list[dict[str, str]]:
    """The rows of a query; what ``follows`` stands in the default graph and in that of what is inferred."""
    store = ox.Store()
    for said, graph in ((SAID, None), (follows, None), (follows, ox.NamedNode(INFERRED_GRAPH))):
        store.load(
            HEADER + said, ox.RdfFormat.TURTLE, base_iri="https://example.org/", to_graph=graph or ox.DefaultGraph()
        )
    solutions = store.query(QUERIES[name])
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{n: _text(row[n]) for n in names if row[n] is not None} for row in solutions]


def _text(term: object) -> str:
    assert isinstance(term, ox.Literal | ox.NamedNode)
    return term.value


def test_the_eight_queries_are_shipped() -> None:
    assert set(QUERIES) == {
        "company-locations",
        "indicators",
        "layouts",
        "leading-industries",
        "most-connected",
        "projects-and-investors",
        "timeline",
        "zones-by-area",
    }


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_opens_with_its_title_and_description(name: str) -> None:
    title, description, *_ = QUERIES[name].splitlines()
    assert title.startswith("# ")
    assert description.startswith("# ")


def test_zones_by_area() -> None:
    assert answers("zones-by-area") == [
        {"area": "晋安区", "zone": "光电产业园", "kind": "产业园区"},
        {"area": "福州市", "zone": "光电产业园", "kind": "产业园区"},
        {"zone": "东部片区", "kind": "功能区"},
    ]


def test_leading_industries_are_counted_by_place() -> None:
    (row,) = answers("leading-industries")
    assert set(row.pop("names").split("、")) == {"光电产业园", "晋安区"}
    assert row == {"industry": "光电", "things": "2", "leads": "1"}


def test_layouts_go_down_to_the_place_a_part_denotes() -> None:
    common = {"layout": "一区多点", "adoptedBy": "晋安区"}
    assert answers("layouts") == [
        {**common, "component": "一区", "place": "光电产业园"},
        {**common, "component": "多点"},
    ]


def test_indicators_carry_unit_bound_and_sentence() -> None:
    assert answers("indicators") == [
        {
            "entity": "光电产业园",
            "indicator": "企业",
            "comparator": "=",
            "value": "30",
            "valueMax": "50",
            "unit": "家",
            "status": "目标",
        },
        {
            "entity": "光电产业园",
            "indicator": "工业产值",
            "comparator": ">",
            "value": "48000000000",
            "unit": "元",
            "year": "2021",
            "status": "事实",
            "sentence": "去年产值突破480亿元。",
        },
    ]


def test_the_timeline_runs_forward_and_ends_with_the_undated() -> None:
    rows = answers("timeline")
    assert [row["milestone"] for row in rows] == ["成立", "开园开业", "上市"]
    assert rows[1] == {
        "date": "2022-06",
        "entity": "光电产业园",
        "milestone": "开园开业",
        "status": "事实",
        "sentence": "园区6月开园。",
    }


def test_projects_and_investors() -> None:
    common = {"project": "光电项目", "place": "光电产业园"}
    rows = answers("projects-and-investors")
    assert len(rows) == 2
    assert {**common, "role": "投资", "party": "榕光公司"} in rows
    assert {**common, "role": "实施", "party": "榕建集团"} in rows


def test_company_locations_tell_plans_from_facts() -> None:
    assert answers("company-locations") == [
        {
            "company": "榕光公司",
            "relation": "落户",
            "place": "光电产业园",
            "status": "计划",
            "sentence": "榕光公司将落户园区。",
        }
    ]


def test_the_most_connected_thing_comes_first() -> None:
    assert answers("most-connected")[0] == {"name": "光电产业园", "links": "6", "neighbours": "5"}


@pytest.mark.parametrize("name", ["most-connected", "projects-and-investors", "layouts", "timeline", "indicators"])
def test_what_only_follows_adds_no_row_and_no_link(name: str) -> None:
    follows = "<park> zkg:locatedIn <city> . <project> zkg:locatedIn <district> , <city> ."
    assert answers(name, follows) == answers(name)


def test_a_zone_is_found_by_all_it_lies_in_once_each() -> None:
    assert answers("zones-by-area", "<park> zkg:locatedIn <city> .") == answers("zones-by-area")
