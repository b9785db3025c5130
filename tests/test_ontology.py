"""The shipped ontology says what the graph model fixes, in two languages, and does not contradict itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import owlrl  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDFS, SKOS

from kg.errors import OntologyError
from kg.ontology import Ontology
from kg.vocab import ZKG

ONTOLOGY = Ontology.load()
GRAPH = rdflib.Graph().parse(ONTOLOGY.folder / "zonekg.ttl")
HEADER = rdflib.URIRef("https://w3id.org/zonekg/ontology")

CLASSES = """
Place: AdministrativeArea Zone Facility Road
Zone: DevelopmentZone IndustrialPark InnovationCircle Corridor Belt
Organization: Company GovernmentBody MediaOutlet Institution
Institution: ResearchInstitute University School Hospital
Strategy: SpatialLayout
: Place Organization Person Project Product Event Industry Technology Strategy LayoutComponent Designation
: Milestone Observation Article
"""
PROPERTIES = """
locatedIn | Place Organization Project Event | Place
partOf | Place Organization Event Project Product | Place Organization Event Project Product
hasComponent | SpatialLayout | LayoutComponent
denotes | LayoutComponent | Place
adoptsLayout | Place Organization | SpatialLayout
settledIn | Organization Project | Place
hasCore | Place | Project Organization Place
drives | Place Organization Project | Place Industry
reliesOn | Place Organization Project | Organization Event Product Place
leadingIndustry | Place Organization | Industry
developsIndustry | Place Organization Project | Industry
operatesIn | Company | Industry
builds | AdministrativeArea Zone Facility Organization Project | Place Institution Project Product
signs | AdministrativeArea Zone Organization | Project
signedAt | Project | Event
undertakenBy | Project Zone Facility Institution | Organization
investsIn | Organization | Organization Project Place
acquires | Organization | Organization
subsidiaryOf | Organization | Organization
initiatedBy | Zone Organization Project Event | Person Organization AdministrativeArea
organizes | AdministrativeArea Zone Organization | Event
participatesIn | Organization Person AdministrativeArea Zone Project | Event Project
cooperatesWith | Organization AdministrativeArea Zone | Organization AdministrativeArea Zone
provides | Organization Facility Project | Product
uses | AdministrativeArea Organization Place Project | Product Technology
servedBy | Place | Facility Institution Road
hasDesignation | | Designation
affiliatedWith | Person | Organization AdministrativeArea
visits | Person Organization | Place Organization Project
pursues | AdministrativeArea Zone Organization | Strategy
developsTechnology | Place Organization Project Product | Technology
focusesOn | Event Product Project | Industry Technology
governs | GovernmentBody | AdministrativeArea Zone
approvedBy | Zone Project Organization Strategy | GovernmentBody
mergesWith | Organization | Organization
adjacentTo | Place | Place
issuedBy | Strategy | Organization AdministrativeArea
appliesTo | Strategy | Place Industry
memberOf | Organization | Organization
predecessorOf | Organization Zone Event | Organization Zone Event
publishedBy | Article | MediaOutlet Organization
authoredBy | Article | Person
"""
NODE_PROPERTIES = """
observedEntity indicator value valueMax unit year comparator status withRespectTo milestoneOf
milestoneType date
sentence extractedBy confidence title areaCode matchScore
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def terms() -> list[rdflib.URIRef]:
    return sorted(s for s in set(GRAPH.subjects()) if isinstance(s, rdflib.URIRef) and s.startswith(ZKG))


# --- what it says


@pytest.mark.parametrize("line", CLASSES.strip().splitlines())
def test_the_classes_of_the_graph_model_stand_where_it_puts_them(line: str) -> None:
    parent, children = line.split(":")
    for name in children.split():
        assert ONTOLOGY.classes[name].parents == ((parent,) if parent else ())


def test_there_are_no_other_classes() -> None:
    assert set(ONTOLOGY.classes) == set(CLASSES.replace(":", " ").split())


@pytest.mark.parametrize(("name", "domain", "range_"), rows(PROPERTIES))
def test_a_property_has_the_domain_and_range_of_the_graph_model(name: str, domain: str, range_: str) -> None:
    assert ONTOLOGY.properties[name].domain == set(domain.split())
    assert ONTOLOGY.properties[name].range == set(range_.split())


def test_only_relations_between_things_are_properties_to_extract() -> None:
    assert set(ONTOLOGY.properties) == {name for name, *_ in rows(PROPERTIES)}


@pytest.mark.parametrize("name", NODE_PROPERTIES.split())
def test_the_properties_of_nodes_and_evidence_are_declared(name: str) -> None:
    assert GRAPH.value(ZKG[name], RDFS.domain) is not None
    assert GRAPH.value(ZKG[name], ZKG.nodeProperty) is not None


def test_the_properties_that_run_both_ways_or_on_and_on() -> None:
    by_name = ONTOLOGY.properties.items()
    assert {name for name, p in by_name if p.transitive} == {"locatedIn", "partOf"}
    assert {name for name, p in by_name if p.symmetric} == {"cooperatesWith", "mergesWith", "adjacentTo"}
    assert {name for name, p in by_name if p.same_kind} == {"partOf", "predecessorOf"}


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.rsplit("#", 1)[-1])
def test_every_term_is_labelled_and_defined_with_an_example_in_two_languages(term: rdflib.URIRef) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        literals = [node for node in GRAPH.objects(term, predicate) if isinstance(node, rdflib.Literal)]
        assert sorted(literal.language or "" for literal in literals) == ["en", "zh-Hans"]
    definitions = {str(node) for node in GRAPH.objects(term, SKOS.definition)}
    assert any("例:" in text for text in definitions)
    assert any("Example: " in text for text in definitions)


@pytest.mark.parametrize("term", [t for t in terms() if t != ZKG.nodeProperty], ids=lambda t: t.rsplit("#", 1)[-1])
def test_every_term_is_tied_to_another_vocabulary(term: rdflib.URIRef) -> None:
    upwards = RDFS.subClassOf if term.rsplit("#", 1)[-1] in ONTOLOGY.classes else RDFS.subPropertyOf
    own = set(GRAPH.transitive_objects(term, upwards))
    mapped = own | {node for above in own for node in GRAPH.objects(above, SKOS.closeMatch)}
    assert any(isinstance(node, rdflib.URIRef) and not node.startswith(ZKG) for node in mapped)


def test_the_header_says_version_license_and_creator() -> None:
    said = dict(GRAPH.predicate_objects(HEADER))
    assert {OWL.versionInfo, rdflib.DCTERMS.license, rdflib.DCTERMS.creator} <= set(said)


@pytest.mark.parametrize("name", ["zonekg.ttl", "shapes.ttl"])
def test_two_parsers_read_the_same_number_of_triples(name: str) -> None:
    path = ONTOLOGY.folder / name
    assert len(list(ox.parse(path=str(path)))) == len(rdflib.Graph().parse(path))


# --- what follows from it


def errors(facts: str) -> list[str]:
    """What an OWL 2 RL reasoner finds contradictory in the ontology and ``facts``."""
    graph = rdflib.Graph()
    graph += GRAPH
    graph.parse(data=f"@prefix zkg: <{ZKG}> . @prefix : <https://example.org/> . {facts}")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    is_error = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    return [str(message) for message in graph.objects(None, is_error)]


RIGHT = """
:park a zkg:IndustrialPark ; zkg:locatedIn :district ; zkg:undertakenBy :committee .
:park zkg:leadingIndustry :optics .
:district a zkg:AdministrativeArea , zkg:Zone ; zkg:organizes :summit ; zkg:cooperatesWith :university .
:committee a zkg:GovernmentBody ; zkg:governs :park . :university a zkg:University . :summit a zkg:Event .
:optics a zkg:Industry , zkg:Technology . :hq a zkg:Project , zkg:Facility , zkg:Organization .
:output a zkg:Observation ; zkg:observedEntity :park ; zkg:value 48.0 ; zkg:indicator "产值" .
"""


def test_right_facts_are_consistent() -> None:
    assert errors(RIGHT) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ":x a zkg:Person , zkg:Company .",
        ":x a zkg:IndustrialPark , zkg:Event .",
        ":x a zkg:Company , zkg:GovernmentBody .",
        ":park a zkg:Zone ; zkg:partOf :summit . :summit a zkg:Event .",
        ":x zkg:affiliatedWith :bureau . :x a zkg:School .",
        ":a zkg:subsidiaryOf :b . :b zkg:subsidiaryOf :a .",
        ":a zkg:mergesWith :a .",
    ],
)
def test_a_contradiction_is_found(wrong: str) -> None:
    assert errors(wrong)


# --- what it answers


@pytest.mark.parametrize(
    ("property_", "subject", "object_"),
    [
        ("partOf", "IndustrialPark", "AdministrativeArea"),
        ("partOf", "Hospital", "University"),
        ("predecessorOf", "Zone", "DevelopmentZone"),
        ("cooperatesWith", "AdministrativeArea", "Company"),
        ("hasDesignation", "Person", "Designation"),
        ("builds", "Facility", "Hospital"),
        ("publishedBy", "Article", "GovernmentBody"),
    ],
)
def test_allows(property_: str, subject: str, object_: str) -> None:
    assert ONTOLOGY.allows(property_, subject, object_)


@pytest.mark.parametrize(
    ("property_", "subject", "object_"),
    [
        ("partOf", "IndustrialPark", "Company"),
        ("partOf", "Event", "Project"),
        ("predecessorOf", "Zone", "Company"),
        ("predecessorOf", "Facility", "Facility"),
        ("cooperatesWith", "Facility", "Company"),
        ("hasDesignation", "Person", "Event"),
        ("operatesIn", "Organization", "Industry"),
        ("observedEntity", "Observation", "Zone"),
        ("noSuchProperty", "Place", "Place"),
        ("locatedIn", "NoSuchClass", "Place"),
    ],
)
def test_refuses(property_: str, subject: str, object_: str) -> None:
    assert not ONTOLOGY.allows(property_, subject, object_)


def test_a_symmetric_property_allows_both_directions_alike() -> None:
    for name in (name for name, p in ONTOLOGY.properties.items() if p.symmetric):
        for one in ONTOLOGY.classes:
            for other in ONTOLOGY.classes:
                assert ONTOLOGY.allows(name, one, other) == ONTOLOGY.allows(name, other, one)


def test_is_a_climbs_the_hierarchy_and_knows_no_strangers() -> None:
    assert ONTOLOGY.is_a("Hospital", "Organization")
    assert ONTOLOGY.is_a("Place", "Place")
    assert not ONTOLOGY.is_a("Organization", "Hospital")
    assert not ONTOLOGY.is_a("NoSuchClass", "NoSuchClass")


def test_the_json_ld_context_knows_every_term() -> None:
    terms_ = [*ONTOLOGY.classes, *ONTOLOGY.properties, *NODE_PROPERTIES.split()]
    context = json.loads(ONTOLOGY.context.read_text(encoding="utf-8"))["@context"]
    document = {"@context": context, "@graph": [{"id": f"zid:{name}", name: "x"} for name in terms_]}
    said = set(rdflib.Graph().parse(data=json.dumps(document), format="json-ld").predicates())
    assert said == {ZKG[name] for name in terms_}


# --- another folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder that a test may spoil."""
    return Path(shutil.copytree(ONTOLOGY.folder, tmp_path / "ontology"))


def spoil(folder: Path, turtle: str) -> Path:
    (folder / "more.ttl").write_text(
        f"@prefix : <{ZKG}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . {turtle}", encoding="utf-8"
    )
    return folder


def test_a_folder_adds_a_class_without_any_code(folder: Path) -> None:
    ontology = Ontology.load(spoil(folder, ":Port a owl:Class ; rdfs:subClassOf :Facility ."))
    assert ontology.allows("servedBy", "Zone", "Port")


def test_the_hash_changes_with_any_file(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    assert Ontology.load(folder).hash == ONTOLOGY.hash
    (other / "queries" / "new.rq").write_text("ASK {}", encoding="utf-8")
    assert Ontology.load(other).hash != ONTOLOGY.hash
    assert Ontology.load(other).queries["new"] == "ASK {}"


def test_a_folder_is_read_once() -> None:
    assert Ontology.load() is Ontology.load(ONTOLOGY.folder)


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (":A a owl:Class ; rdfs:subClassOf :Nowhere .", "Nowhere"),
        (":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ; rdfs:subClassOf :A .", "A → B → A"),
        (":p a owl:ObjectProperty ; rdfs:domain :Nowhere .", "Nowhere"),
        (":p a owl:ObjectProperty ; rdfs:range [ owl:unionOf ( :Place :Nowhere ) ] .", "Nowhere"),
        (":p a owl:ObjectProperty ; rdfs:domain :Place , :Person .", "owl:unionOf"),
        (
            ":p a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:domain :Place ; rdfs:range :Road .",
            "symmetric",
        ),
        ("<https://example.org/o> a owl:Ontology .", "owl:Ontology"),
        (":A a owl:Class", "not Turtle"),
    ],
)
def test_a_contradiction_in_the_folder_is_refused(folder: Path, turtle: str, message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        Ontology.load(spoil(folder, turtle))


def test_a_missing_or_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no ontology folder"):
        Ontology.load(tmp_path / "nowhere")
    with pytest.raises(OntologyError, match="holds no ontology"):
        Ontology.load(tmp_path)
