"""Equal stores give equal bytes, and what is exported can be read again."""

from __future__ import annotations

import csv
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph

from kg.errors import KgError
from kg.publish.export import FORMATS, export
from kg.publish.writing import RDF_FORMATS

TRIG = """
@prefix zkg: <https://w3id.org/zonekg/ontology#> . @prefix zid: <https://w3id.org/zonekg/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix place: <https://w3id.org/zonekg/id/place/> . @prefix unit: <http://qudt.org/vocab/unit/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
GRAPHS
"""
SAID = """
<https://w3id.org/zonekg/id/article/1> a zkg:Article ; dcterms:title "园区落成"@zh-Hans .
place:数字园 a zkg:IndustrialPark ; skos:prefLabel "数字园"@zh-Hans ; zkg:locatedIn place:福州 .
place:福州 a zkg:AdministrativeArea ; skos:prefLabel "福州"@zh-Hans .
<urn:o> a zkg:Observation ; zkg:observedEntity place:数字园 ; zkg:indicator "面积" ; zkg:comparator ">" ;
  zkg:value "3.55"^^xsd:decimal ; zkg:unit unit:KiloM2 ; zkg:year "2021"^^xsd:gYear ; zkg:status "target" .
<urn:s1> a rdf:Statement ; rdf:subject place:数字园 ; rdf:predicate zkg:locatedIn ; rdf:object place:福州 ;
  zkg:sentence "数字园位于福州,\\n\\u000B很大。" ; zkg:confidence 0.9 ;
  oa:hasSource <https://w3id.org/zonekg/id/article/1> ; oa:hasSelector <urn:p> .
<urn:s2> a rdf:Statement ; rdf:subject <urn:o> ; rdf:predicate zkg:observedEntity ; rdf:object place:数字园 ;
  zkg:sentence "面积超3.55平方公里。" ; zkg:confidence 0.9 ;
  oa:hasSource <https://w3id.org/zonekg/id/article/1> ; oa:hasSelector <urn:p> .
<urn:p> a oa:TextPositionSelector ; oa:start 3 ; oa:end 12 .
"""


def build() -> ox.Store:
    store = ox.Store()
    graphs = f"{SAID}\n<https://w3id.org/zonekg/id/article/1> {{ {SAID} }}"
    store.load(TRIG.replace("GRAPHS", graphs), ox.RdfFormat.TRIG)
    return store


@pytest.fixture
def store() -> ox.Store:
    return build()


def written(store: ox.Store, format: str, plain: bool = False) -> bytes:
    output = BytesIO()
    export(store, format, output, plain)
    return output.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_stores_built_apart_and_backwards_give_the_same_bytes(store: ox.Store, format: str) -> None:
    backwards = ox.Store()
    for quad in sorted(store, key=str, reverse=True):
        backwards.add(quad)
    assert written(store, format) == written(backwards, format) != b""


@pytest.mark.parametrize("format", ["turtle", "trig", "rdfxml", "jsonld", "graphml", "gexf", "csv"])
def test_another_process_gives_the_same_bytes(store: ox.Store, format: str, tmp_path: Path) -> None:
    (tmp_path / "data.nq").write_bytes(written(store, "nquads"))
    code = (
        "import sys, pyoxigraph as ox; from kg.publish.export import export; s = ox.Store();"
        f"s.load(path={str(tmp_path / 'data.nq')!r}); export(s, {format!r}, sys.stdout.buffer)"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert other == written(store, format)


@pytest.mark.parametrize("format", ["trig", "nquads", "jsonld"])
def test_formats_with_graphs_hold_the_whole_store(store: ox.Store, format: str) -> None:
    again = ox.Store()
    again.load(written(store, format), RDF_FORMATS[format])
    assert set(again) == set(store)


@pytest.mark.parametrize("format", ["turtle", "ntriples"])
def test_formats_without_graphs_hold_each_statement_once(store: ox.Store, format: str) -> None:
    again = ox.Store()
    again.load(written(store, format), RDF_FORMATS[format])
    assert set(again) == set(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


@pytest.mark.parametrize(("format", "name"), [("turtle", "turtle"), ("rdfxml", "xml"), ("ntriples", "nt")])
def test_rdflib_reads_what_is_written(store: ox.Store, format: str, name: str) -> None:
    graph = Graph().parse(data=written(store, format), format=name)
    assert len(graph) == len(list(store.quads_for_pattern(None, None, None, ox.DefaultGraph())))


def test_rdflib_reads_the_graphs_of_trig(store: ox.Store) -> None:
    dataset = Dataset()
    dataset.parse(data=written(store, "trig"), format="trig")
    assert len(list(dataset.quads())) == len(store)


def test_turtle_reads_well(store: ox.Store) -> None:
    turtle = written(store, "turtle").decode()
    assert "place:数字园 a zkg:IndustrialPark ;" in turtle
    assert turtle.splitlines()[0] == "@prefix article: <https://w3id.org/zonekg/id/article/> ."


@pytest.mark.parametrize("format", ["turtle", "trig", "graphml", "csv"])
def test_plain_leaves_evidence_out_and_nothing_else(store: ox.Store, format: str) -> None:
    plain = written(store, format, plain=True).decode()
    assert "数字园位于福州" not in plain
    assert "数字园" in plain
    assert "面积超" not in plain
    assert "面积" in plain


def test_csv_says_each_statement_in_words(store: ox.Store) -> None:
    rows = list(csv.DictReader(StringIO(written(store, "csv").decode(), newline="")))
    said = [(row["subject"], row["property"], row["object"], row["status"]) for row in rows]
    assert said == [
        ("数字园", "locatedIn", "福州", "actual"),
        ("数字园", "面积", ">3.55 KiloM2 (2021)", "target"),
    ]
    assert rows[0]["sentence"] == "数字园位于福州,\n\x0b很大。"
    assert (rows[0]["article"], rows[0]["start"], rows[0]["end"]) == ("园区落成", "3", "12")


def test_networkx_reads_the_network(store: ox.Store, tmp_path: Path) -> None:
    export(store, "graphml", tmp_path / "new" / "g.graphml")
    network = nx.read_graphml(tmp_path / "new" / "g.graphml")
    assert {data["label"] for _, data in network.nodes(data=True)} == {"数字园", "福州"}
    export(store, "gexf", tmp_path / "g.gexf")
    assert len(nx.read_gexf(tmp_path / "g.gexf").edges) == 1


def test_an_unknown_format_is_refused_with_a_choice(store: ox.Store) -> None:
    with pytest.raises(KgError, match="no format pdf; choose one of turtle"):
        written(store, "pdf")


def test_a_file_that_cannot_be_written_is_said_to_be_so(store: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KgError, match="cannot be written"):
        export(store, "turtle", tmp_path / "file" / "x.ttl")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
