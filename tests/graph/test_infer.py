"""What follows by the ontology, run in a store: each rule by the smallest graph that shows it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import GraphError
from kg.graph import inference_rules
from kg.ontology import Ontology
from kg.store import LocalStore
from kg.vocab import INFERRED_GRAPH, ZKG

RULES = inference_rules(Ontology.load())
ARTICLE = "https://example.org/article/1"


def quads(said: str) -> list[ox.Quad]:
    """Statements such as ``a partOf b``, one for each comma."""
    found = []
    for statement in said.split(","):
        subject, name, object_ = statement.split()
        found.append(
            ox.Quad(ox.NamedNode(f"urn:{subject}"), ox.NamedNode(f"{ZKG}{name}"), ox.NamedNode(f"urn:{object_}"))
        )
    return found


def words(found: object) -> set[str]:
    return {
        " ".join(str(term.value).removeprefix(str(ZKG)).removeprefix("urn:") for term in quad.triple) for quad in found
    }


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store")


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ("a leadingIndustry i", {"a developsIndustry i"}),
        ("a leadingIndustry i, a developsIndustry i", set()),
        ("a cooperatesWith b", {"b cooperatesWith a"}),
        ("a partOf b, b partOf c, c partOf d", {"a partOf c", "a partOf d", "b partOf d"}),
        ("a partOf b, b partOf a", set()),
        ("x locatedIn a, a partOf b, b partOf c", {"x locatedIn b", "x locatedIn c", "a partOf c"}),
        ("x partOf a, a locatedIn b", set()),  # a branch need not be where its head office is
        ("x settledIn a, a partOf b", set()),
    ],
)
def test_follows(store: LocalStore, said: str, follows: set[str]) -> None:
    store.replace(ARTICLE, quads(said))
    store.derive(INFERRED_GRAPH, *RULES)
    assert words(store.quads(INFERRED_GRAPH)) == follows
    assert words(store.oxigraph.quads_for_pattern(None, None, None, ox.DefaultGraph())) == words(quads(said)) | follows


def test_what_no_longer_follows_goes(store: LocalStore) -> None:
    store.replace(ARTICLE, quads("a partOf b, b partOf c"))
    store.derive(INFERRED_GRAPH, *RULES)
    store.replace(ARTICLE, quads("a partOf b"))
    store.derive(INFERRED_GRAPH, *RULES)
    assert words(store.oxigraph.quads_for_pattern(None, None, None, ox.DefaultGraph())) == {"a partOf b"}
    assert store.graph_names() == [ARTICLE]


def test_what_an_article_says_meanwhile_is_no_longer_inferred_and_stays(store: LocalStore) -> None:
    store.replace(ARTICLE, quads("a cooperatesWith b"))
    store.derive(INFERRED_GRAPH, *RULES)
    store.replace("https://example.org/article/2", quads("b cooperatesWith a"))
    store.derive(INFERRED_GRAPH, *RULES)
    assert INFERRED_GRAPH not in store.graph_names()
    store.remove(ARTICLE)
    store.derive(INFERRED_GRAPH, *RULES)
    assert words(store.quads(INFERRED_GRAPH)) == {"a cooperatesWith b"}
    assert len(store) == 4


def test_inverses_and_chains_of_another_ontology_are_read(tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"  # not beside the store, whose files come and go while the folder is hashed
    ontology.mkdir()
    (ontology / "o.ttl").write_text(
        f"@prefix : <{ZKG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> . <https://example.org/o> a owl:Ontology ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        ":Place a owl:Class . :holds a owl:ObjectProperty ; owl:inverseOf :within ; rdfs:subPropertyOf :touches ."
        ":within a owl:ObjectProperty . :touches a owl:ObjectProperty ; rdfs:subPropertyOf <http://schema.org/x> .".replace(
            "<https://example.org/o> a", f"<{str(ZKG)[:-1]}> a"
        ),
        encoding="utf-8",
    )
    store = LocalStore(tmp_path / "store")
    store.replace(ARTICLE, quads("a within b"))
    store.derive(INFERRED_GRAPH, *inference_rules(Ontology.load(ontology)))
    assert words(store.quads(INFERRED_GRAPH)) == {"b holds a", "b touches a"}


def test_a_store_opened_to_read_is_left_alone(tmp_path: Path) -> None:
    with LocalStore(tmp_path / "store") as written:
        written.replace(ARTICLE, quads("a leadingIndustry i"))
    with LocalStore(tmp_path / "store", read_only=True) as store, pytest.raises(GraphError, match="opened to read"):
        store.derive(INFERRED_GRAPH, *RULES)
