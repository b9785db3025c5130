"""The shapes let a right graph pass and find each thing that may go wrong; two engines agree on it.

pyshacl is the oracle, shacl-rust the engine that is shipped.
"""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import shacl_rust

from kg.ontology import Ontology
from kg.vocab import PREFIXES, ZKG

ONTOLOGY = Ontology.load()
SHAPES = ONTOLOGY.shapes.read_text(encoding="utf-8")
SHAPES_GRAPH = rdflib.Graph().parse(data=SHAPES)
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
SUBCLASSES = "".join(
    f"<{class_.iri}> rdfs:subClassOf <{ONTOLOGY.classes[parent].iri}> .\n"
    for class_ in ONTOLOGY.classes.values()
    for parent in class_.parents
)
HASH = "0123456789abcdef" * 4


def evidence(name: str, subject: str, predicate: str, object_: str) -> str:
    return f"""
<s/{name}> a rdf:Statement ; rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {object_} ;
    zkg:sentence "园区位于晋安区。" ; zkg:extractedBy "rule" ; zkg:confidence 0.9 ;
    oa:hasSource <article/1> ; oa:hasSelector <position/1> , <quote/1> .
"""


VALID = f"""
<article/1> a zkg:Article ; dcterms:title "园区开园"@zh-Hans ; dcterms:issued "2022-07-25"^^xsd:date ;
    dcterms:source "news/1.txt" ; schema:sha256 "{HASH}" ; prov:wasGeneratedBy <run/1> ;
    zkg:publishedBy <paper> .
<park> a zkg:IndustrialPark ; skos:prefLabel "数字内容产业园"@zh-Hans ; skos:altLabel "數字產業園"@zh-hant ;
    zkg:locatedIn <district> ; zkg:partOf <district> .
<district> a zkg:AdministrativeArea ; skos:prefLabel "晋安区"@zh-hans .
<paper> a zkg:MediaOutlet ; skos:prefLabel "榕城晚报"@zh-Hans .
<output> a zkg:Observation ; zkg:observedEntity <park> ; zkg:indicator "工业产值" ; zkg:value 48000000000.0 ;
    zkg:valueMax 50000000000.0 ; zkg:unit cur:CNY ; zkg:year "2021"^^xsd:gYear ; zkg:comparator "=" ;
    zkg:status "actual" .
<opening> a zkg:Milestone ; zkg:milestoneOf <park> ; zkg:milestoneType "opened" ;
    zkg:date "2022-06"^^xsd:gYearMonth ; zkg:status "actual" .
<position/1> a oa:TextPositionSelector ; oa:start 12 ; oa:end "34"^^xsd:nonNegativeInteger .
<quote/1> a oa:TextQuoteSelector ; oa:exact "园区位于晋安区" ; oa:prefix "" ; oa:suffix "。" .
<link/1> a owl:Axiom ; owl:annotatedSource <park> ; owl:annotatedProperty skos:exactMatch ;
    owl:annotatedTarget <elsewhere/1> ; zkg:matchScore 98.5 ; dcterms:created "2024-03-05"^^xsd:date ;
    prov:wasGeneratedBy <run/2> .
""" + "".join(
    evidence(*statement)
    for statement in (
        ("park", "<park>", "rdf:type", "zkg:IndustrialPark"),
        ("alias", "<park>", "skos:altLabel", '"數字產業園"@zh-hant'),
        ("district", "<district>", "rdf:type", "zkg:AdministrativeArea"),
        ("paper", "<paper>", "rdf:type", "zkg:MediaOutlet"),
        ("located", "<park>", "zkg:locatedIn", "<district>"),
        ("output", "<output>", "zkg:observedEntity", "<park>"),
        ("opening", "<opening>", "zkg:milestoneOf", "<park>"),
    )
)

Finding = tuple[str, str]  # focus node, constraint component, both without their namespace


def local(term: str) -> str:
    return term.strip("<>").removeprefix("https://example.org/").rsplit("#", 1)[-1]


def found_by_shacl_rust(data: str) -> set[Finding]:
    report = shacl_rust.validate(as_ntriples(data), SHAPES, data_format="nt", experimental_index=True)
    return {(local(r["focusNode"]), local(r["sourceConstraintComponent"])) for r in report["results"]}


def found_by_pyshacl(data: str) -> set[Finding]:
    graph = rdflib.Graph().parse(data=as_ntriples(data), format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES_GRAPH)
    sh = rdflib.SH
    return {
        (local(str(report.value(r, sh.focusNode))), local(str(report.value(r, sh.sourceConstraintComponent))))
        for r in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    }


def as_ntriples(data: str) -> str:
    """What the shipped store hands on: language tags in lower case, IRIs absolute."""
    quads = ox.parse(HEADER + SUBCLASSES + data, ox.RdfFormat.TURTLE, base_iri="https://example.org/")
    return "".join(f"{quad.triple} .\n" for quad in quads)


@pytest.mark.parametrize("find", [found_by_shacl_rust, found_by_pyshacl])
def test_a_right_graph_conforms(find: Callable[[str], set[Finding]]) -> None:
    assert find(VALID) == set()


# what is wrong: (text of the valid graph, what stands there instead, the node that fails, its constraint)
WRONG: dict[str, tuple[str, str, str, str]] = {
    "a thing without a name": ('; skos:prefLabel "晋安区"@zh-hans', "", "district", "MinCount"),
    "two preferred names": ('"晋安区"@zh-hans', '"晋安区"@zh-hans , "晋安"@zh-hans', "district", "MaxCount"),
    "a name in no language": ('"晋安区"@zh-hans', '"晋安区"', "district", "LanguageIn"),
    "a preferred name in another language": ('"晋安区"@zh-hans', '"Jinan"@en', "district", "LanguageIn"),
    "a preferred name in traditional": ('"榕城晚报"@zh-Hans', '"榕城晚報"@zh-Hant', "paper", "LanguageIn"),
    "an empty name": ('"晋安区"@zh-hans', '""@zh-hans', "district", "MinLength"),
    "pinyin in a name": ('"晋安区"@zh-hans', '"晋(jìn)安区"@zh-hans', "district", "Not"),
    "toneless pinyin in full-width brackets": (
        '"晋安区"@zh-hans',
        '"晋安区（de）"@zh-hans',
        "district",
        "Not",
    ),
    "a line break in a name": ('"晋安区"@zh-hans', '"晋安\\n区"@zh-hans', "district", "Not"),
    "a line break at the end of a name": ('"晋安区"@zh-hans', '"晋安区\\n"@zh-hans', "district", "Not"),
    "white space around a name": ('"晋安区"@zh-hans', '"\u3000晋安区"@zh-hans', "district", "Not"),
    "a lost character in a name": ('"晋安区"@zh-hans', '"晋\ufffd区"@zh-hans', "district", "Not"),
    "pinyin in an alias": ('"數字產業園"@zh-hant ;\n', '"產(chǎn)業園"@zh-hant ;\n', "park", "Not"),
    "an alias in no language": ('"數字產業園"@zh-hant ;\n', '"數字產業園" ;\n', "park", "LanguageIn"),
    "a thing without evidence": ("rdf:subject <district>", "rdf:subject <park>", "district", "MinCount"),
    "an article without a source": ('dcterms:source "news/1.txt" ;', "", "article/1", "MinCount"),
    "an issue date that is a string": ('"2022-07-25"^^xsd:date', '"2022-07-25"', "article/1", "Datatype"),
    "a digest that is none": (HASH, "abc", "article/1", "Pattern"),
    "an article of no run": ("prov:wasGeneratedBy <run/1> ;", "", "article/1", "MinCount"),
    "a publisher that is a place": ("zkg:publishedBy <paper>", "zkg:publishedBy <park>", "article/1", "Or"),
    "a company located in a company": (
        "zkg:locatedIn <district> ;",
        "zkg:locatedIn <paper> ;",
        "park",
        "Class",
    ),
    "an untyped object": ("zkg:locatedIn <district> ;", "zkg:locatedIn <nowhere> ;", "park", "Class"),
    "a place that is part of an organisation": ("zkg:partOf <district>", "zkg:partOf <paper>", "park", "Or"),
    "a place that publishes": ("zkg:partOf <district>", "zkg:publishedBy <paper>", "park", "Class"),
    "a designation that is a place": (
        "zkg:partOf <district>",
        "zkg:hasDesignation <district>",
        "park",
        "Class",
    ),
    "an observation of nothing": ("zkg:observedEntity <park> ;", "", "output", "MinCount"),
    "an observation of two things": (
        "<park> ; zkg:indicator",
        "<park> , <paper> ; zkg:indicator",
        "output",
        "MaxCount",
    ),
    "an observation of an article": ("<park> ; zkg:indicator", "<article/1> ; zkg:indicator", "output", "Or"),
    "no indicator": ('zkg:indicator "工业产值" ;', "", "output", "MinCount"),
    "an empty indicator": ('"工业产值"', '""', "output", "MinLength"),
    "no value": ("zkg:value 48000000000.0 ;", "", "output", "MinCount"),
    "a value that is a string": ("48000000000.0", '"480亿"', "output", "Datatype"),
    "a value that is a double": ("48000000000.0", "4.8e10", "output", "Datatype"),
    "two values": ("48000000000.0", "48000000000.0 , 1.0", "output", "MaxCount"),
    "a range upside down": ("50000000000.0", "1.0", "output", "LessThanOrEquals"),
    "a unit that is none of QUDT": ("cur:CNY", "<http://example.org/CNY>", "output", "Or"),
    "an empty unit": ("cur:CNY", '""', "output", "Or"),
    "a year that is a string": ('"2021"^^xsd:gYear', '"2021"', "output", "Datatype"),
    "a year that is ill-formed": ('"2021"^^xsd:gYear', '"2021年"^^xsd:gYear', "output", "Pattern"),
    "an unknown comparator": ('zkg:comparator "="', 'zkg:comparator "≈"', "output", "In"),
    "an observation of unknown status": (
        'zkg:status "actual" .\n<opening>',
        'zkg:status "x" .\n<opening>',
        "output",
        "In",
    ),
    "a misspelt property": ("zkg:valueMax", "zkg:maxValue", "output", "Closed"),
    "an observation without evidence": ("rdf:subject <output>", "rdf:subject <park>", "output", "MinCount"),
    "a milestone of nothing": ("zkg:milestoneOf <park> ;", "", "opening", "MinCount"),
    "an unknown milestone": ('"opened"', '"exploded"', "opening", "In"),
    "a milestone of two dates": (
        '"2022-06"^^xsd:gYearMonth',
        '"2022"^^xsd:gYear , "2023"^^xsd:gYear',
        "opening",
        "MaxCount",
    ),
    "a date that is a string": ('"2022-06"^^xsd:gYearMonth', '"2022-06"', "opening", "Or"),
    "a month of one digit": ('"2022-06"^^xsd:gYearMonth', '"2022-6"^^xsd:gYearMonth', "opening", "Pattern"),
    "a month that does not exist": ('"2022-06"^^xsd:gYearMonth', '"2022-13-01"^^xsd:date', "opening", "Or"),
    "a milestone without evidence": ("rdf:subject <opening>", "rdf:subject <park>", "opening", "MinCount"),
    "a statement without a predicate": ("rdf:predicate zkg:locatedIn ;", "", "s/located", "MinCount"),
    "a statement of two objects": (
        "rdf:object <district>",
        "rdf:object <district> , <paper>",
        "s/located",
        "MaxCount",
    ),
    "a thing located in itself": ("rdf:object <district>", "rdf:object <park>", "s/located", "Disjoint"),
    "no sentence": ('zkg:sentence "园区位于晋安区。" ;', "", "s/park", "MinCount"),
    "an empty rule": ('zkg:extractedBy "rule"', 'zkg:extractedBy ""', "s/park", "MinLength"),
    "a confidence above one": ("zkg:confidence 0.9", "zkg:confidence 1.1", "s/park", "MaxInclusive"),
    "a confidence below zero": ("zkg:confidence 0.9", "zkg:confidence -0.1", "s/park", "MinInclusive"),
    "no confidence": ("zkg:confidence 0.9 ;", "", "s/park", "MinCount"),
    "no article": ("oa:hasSource <article/1> ;", "", "s/park", "MinCount"),
    "a source that is no article": ("oa:hasSource <article/1>", "oa:hasSource <park>", "s/park", "Class"),
    "no position": ("<position/1> , <quote/1>", "<quote/1>", "s/park", "QualifiedMinCount"),
    "no quotation": ("<position/1> , <quote/1>", "<position/1>", "s/park", "QualifiedMinCount"),
    "a position that ends before it starts": ("oa:start 12", "oa:start 40", "position/1", "LessThan"),
    "a position that is empty": ("oa:start 12", "oa:start 34", "position/1", "LessThan"),
    "a position below zero": ("oa:start 12", "oa:start -1", "position/1", "MinInclusive"),
    "a link of nothing": ("owl:annotatedSource <park> ;", "", "link/1", "MinCount"),
    "a link to itself": ("owl:annotatedTarget <elsewhere/1>", "owl:annotatedTarget <park>", "link/1", "Disjoint"),
    "a link that says less": ("skos:exactMatch", "skos:closeMatch", "link/1", "In"),
    "a link to a name": ("owl:annotatedTarget <elsewhere/1>", 'owl:annotatedTarget "园"', "link/1", "NodeKind"),
    "a link without a score": ("zkg:matchScore 98.5 ;", "", "link/1", "MinCount"),
    "a link of two days": (
        '"2024-03-05"^^xsd:date',
        '"2024-03-05"^^xsd:date , "2024-03-06"^^xsd:date',
        "link/1",
        "MaxCount",
    ),
    "a link of no run": ("prov:wasGeneratedBy <run/2>", "rdfs:comment 0", "link/1", "MinCount"),
    "an empty quotation": ('oa:exact "园区位于晋安区"', 'oa:exact ""', "quote/1", "MinLength"),
}


def with_fault(fault: str) -> tuple[str, Finding]:
    right, wrong, focus, constraint = WRONG[fault]
    assert right in VALID, "the fault no longer fits the valid graph"
    return VALID.replace(right, wrong, 1), (focus, f"{constraint}ConstraintComponent")


@pytest.mark.parametrize("fault", WRONG)
def test_both_engines_find(fault: str) -> None:
    data, expected = with_fault(fault)
    rust, oracle = found_by_shacl_rust(data), found_by_pyshacl(data)
    assert expected in rust
    assert rust <= oracle  # pyshacl also reads the lexical form of xsd:gYear and xsd:gYearMonth
    assert {node for node, _ in rust} == {node for node, _ in oracle}


@pytest.mark.parametrize("name", ONTOLOGY.properties)
def test_a_property_links_what_the_ontology_allows(name: str) -> None:
    """The shapes repeat domains and ranges: they must say what ``Ontology.allows`` says of every pair."""
    pairs = {f"{s}-{o}": (s, o) for s in ONTOLOGY.classes for o in ONTOLOGY.classes}
    data = "".join(
        f"<{pair}> a zkg:{s} ; zkg:{name} <{pair}/o> . <{pair}/o> a zkg:{o} .\n" for pair, (s, o) in pairs.items()
    )
    shapes = rdflib.Graph()
    for node in SHAPES_GRAPH.subjects(rdflib.SH.targetSubjectsOf, ZKG[name]):
        shapes += SHAPES_GRAPH.cbd(node)
    report = shacl_rust.validate(
        as_ntriples(data), shapes.serialize(format="turtle"), data_format="nt", experimental_index=True
    )
    refused = {local(result["focusNode"]) for result in report["results"]}
    assert refused == {pair for pair, (s, o) in pairs.items() if not ONTOLOGY.allows(name, s, o)}


def test_the_shapes_say_what_is_wrong_in_two_languages() -> None:
    shapes = set(SHAPES_GRAPH.objects(None, rdflib.SH.property))
    languages = {
        shape: {m.language for m in SHAPES_GRAPH.objects(shape, rdflib.SH.message) if isinstance(m, rdflib.Literal)}
        for shape in shapes
    }
    in_pairs = {shape for shape in shapes if not languages[shape]}  # inside an sh:or that has the message
    assert all(said == {"zh-Hans", "en"} for shape, said in languages.items() if shape not in in_pairs)
    assert len(in_pairs) == sum(len(p.only) for p in ONTOLOGY.properties.values())
