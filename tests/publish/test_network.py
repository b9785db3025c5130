import io

import networkx as nx
import pyoxigraph as ox
import pytest

from kg.errors import UnknownNameError
from kg.ontology import Ontology
from kg.publish.facts import facts_of
from kg.publish.network import flatten, to_networkx
from kg.vocab import BACKGROUND_GRAPH, INFERRED_GRAPH, ZKG


def evidence_of(network, subject, property_, object_):
    return network.edges[subject, object_, property_]["evidence"]


def test_a_node_is_a_thing_by_its_iri_with_name_class_and_aliases(sample):
    zone = to_networkx(sample.store).nodes[sample.iris["云溪新区"]]
    assert (zone["label"], zone["class_"], zone["class_label"]) == ("云溪新区", "Zone", "功能区")
    assert zone["aliases"] == ["云溪", "雲溪新區"]
    assert zone["evidence"][0]["article"] == "云溪新区三年蝶变：从滩涂到产业高地"


def test_articles_observations_and_milestones_are_no_nodes(sample):
    network = to_networkx(sample.store)
    assert set(network) == set(sample.iris.values())


def test_an_edge_carries_every_sentence_that_says_it_in_the_order_of_the_articles(sample):
    zone, city = sample.iris["云溪新区"], sample.iris["海州市"]
    edge = to_networkx(sample.store).edges[zone, city, "locatedIn"]
    assert (edge["label"], edge["status"], edge["confidence"]) == ("位于", "actual", 0.9)
    assert [said["issued"] for said in edge["evidence"]] == ["2022-07-25", "2022-09-03"]
    first = edge["evidence"][0]
    assert first["exact"] == "云溪新区位于海州市东部"
    assert first["end"] - first["start"] == len(first["exact"])
    assert first["exact"] in first["sentence"]


def test_a_planned_relation_is_a_target_until_some_article_says_it_as_a_fact(writer):
    writer.article("a", "一", "2022-01-01")
    writer.thing("Zone", "云溪新区", "")
    writer.thing("Corridor", "光电走廊", "")
    writer.relation("云溪新区", "builds", "光电走廊", "云溪新区将建设光电走廊。", status="target")
    ends = writer.iris["云溪新区"], writer.iris["光电走廊"], "builds"
    assert to_networkx(writer.store).edges[ends]["status"] == "target"
    writer.article("b", "二", "2023-01-01")
    writer.relation("云溪新区", "builds", "光电走廊", "云溪新区建成光电走廊。")
    assert to_networkx(writer.store).edges[ends]["status"] == "actual"


def test_a_planned_relation_is_a_fact_where_the_background_says_so(writer):
    writer.article("a", "一", "2022-01-01")
    writer.thing("Zone", "云溪新区", "")
    writer.thing("AdministrativeArea", "海州市", "")
    writer.relation("云溪新区", "partOf", "海州市", "云溪新区将划归海州市。", status="target")
    ends = [ox.NamedNode(writer.iris[name]) for name in ("云溪新区", "海州市")]
    known = ox.Quad(ends[0], ox.NamedNode(f"{ZKG}partOf"), ends[1], ox.NamedNode(BACKGROUND_GRAPH))
    writer.store.add(known)
    edge = to_networkx(writer.store).edges[ends[0].value, ends[1].value, "partOf"]
    assert edge["status"] == "actual"
    [fact] = facts_of(writer.store, ends[0].value, Ontology.load())
    assert fact.status == "actual"


def test_observations_are_numbers_with_unit_year_and_the_sentence(sample):
    zone = to_networkx(sample.store).nodes[sample.iris["云溪新区"]]
    output = next(o for o in zone["observations"] if o["year"] == "2021" and o["indicator"] == "工业产值")
    assert (output["value"], output["unit"], output["comparator"]) == (48_000_000_000, "CNY", "=")
    assert output["status"] == "actual"
    assert output["exact"] in output["sentence"]
    assert [o["value"] for o in zone["observations"] if o["status"] == "target"] == [100_000_000_000]


def test_milestones_keep_how_exact_their_date_is(sample):
    project = to_networkx(sample.store).nodes[sample.iris["星河光电区域总部项目"]]
    assert {m["type"]: (m["date"], m["status"]) for m in project["milestones"]} == {
        "toppedOut": ("2022-07-08", "actual"),
        "inProduction": ("2023-06", "target"),
    }


def test_background_is_an_edge_without_evidence(sample):
    county, city = sample.iris["滨江县"], sample.iris["海州市"]
    assert evidence_of(to_networkx(sample.store), county, "partOf", city) == []


def test_what_only_follows_by_the_ontology_is_no_edge(sample):
    sample.inferred(INFERRED_GRAPH, "云溪数字产业园", "locatedIn", "海州市")
    network = to_networkx(sample.store)
    assert not network.has_edge(sample.iris["云溪数字产业园"], sample.iris["海州市"])


def test_focus_keeps_what_is_so_many_relations_away_either_way(sample):
    focus = sample.iris["合成生物研究院"]
    labels = {hops: names(to_networkx(sample.store, focus=focus, hops=hops)) for hops in (0, 1, 2)}
    assert labels == {
        0: {"合成生物研究院"},
        1: {"合成生物研究院", "海州大学"},
        2: {"合成生物研究院", "海州大学", "青禾生物"},
    }


def test_a_class_stands_for_its_subclasses_too(sample):
    assert names(to_networkx(sample.store, class_="Zone")) == {"云溪新区", "云溪数字产业园", "光电走廊"}


def test_properties_keep_only_these_relations(sample):
    network = to_networkx(sample.store, properties=["settledIn"])
    assert {key for _, _, key in network.edges(keys=True)} == {"settledIn"}


@pytest.mark.parametrize(
    "asked", [{"class_": "Zones"}, {"properties": ["locatedin"]}, {"focus": "https://example.org/nobody"}]
)
def test_an_unknown_name_is_refused_with_the_nearest(sample, asked):
    with pytest.raises(UnknownNameError, match="the nearest are"):
        to_networkx(sample.store, **asked)


def test_the_most_specific_class_is_the_class(writer):
    writer.article("a", "一", "2022-01-01")
    writer.thing("IndustrialPark", "云溪产业园", "")
    writer.thing("Zone", "云溪产业园", "")
    assert to_networkx(writer.store).nodes[writer.iris["云溪产业园"]]["class_"] == "IndustrialPark"


def test_an_empty_store_is_an_empty_network(writer):
    assert len(to_networkx(writer.store)) == 0


def test_as_many_queries_for_many_things_as_for_few(sample):
    asked = []

    class Counting:
        def query(self, query):
            asked.append(query)
            return sample.store.query(query)

    to_networkx(Counting())
    assert len(asked) == 8


def test_flatten_makes_what_graphml_and_gexf_can_hold(sample):
    network = to_networkx(sample.store)
    for write, read in ((nx.write_graphml, nx.read_graphml), (nx.write_gexf, nx.read_gexf)):
        file = io.BytesIO()
        write(flatten(network), file)
        file.seek(0)
        again = read(file)
        assert again.nodes[sample.iris["云溪新区"]]["aliases"] == '["云溪", "雲溪新區"]'
        assert again.number_of_edges() == network.number_of_edges()


def names(network):
    return {label for _, label in network.nodes(data="label")}
