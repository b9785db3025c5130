import json
import re

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.publish.draw import draw, to_html
from kg.publish.layout import positions
from kg.publish.network import to_networkx
from kg.publish.wording import amount


def data_of(html):
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', html, re.S)[1])


def things(count, links=()):
    network = nx.MultiDiGraph()
    for number in range(count):
        network.add_node(f"n{number}", label=f"企业{number}", class_="Company", class_label="企业")
    for subject, object_ in links:
        network.add_edge(f"n{subject}", f"n{object_}", "investsIn", property="investsIn", label="投资")
    return network


def test_the_page_is_one_file_that_loads_nothing(sample, tmp_path):
    html = draw(to_networkx(sample.store), tmp_path / "new" / "network.html").read_text(encoding="utf-8")
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "network.html"]
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=\s*["']?(?:https?:)?//""", html)
    assert "default-src 'none'" in html


def test_two_draws_are_the_same_bytes_however_the_network_was_put_together(sample):
    network = to_networkx(sample.store)
    shuffled = nx.MultiDiGraph()
    shuffled.add_nodes_from(reversed(list(network.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(network.edges(keys=True, data=True))))
    assert to_html(network) == to_html(shuffled)


@settings(max_examples=25, deadline=None)  # each example is a whole page
@given(st.text(min_size=1))
def test_a_name_comes_back_from_the_page_as_it_went_in(name):
    network = things(1)
    network.nodes["n0"]["label"] = name
    assert data_of(to_html(network))["nodes"][0]["label"] == name


def test_no_name_can_end_the_script_it_stands_in():
    network = things(1)
    network.nodes["n0"]["label"] = "</script><script>alert(1)</script><!--\u2028"
    html = to_html(network, title="</title><script>alert(2)</script>")
    assert html.count("<script") == to_html(things(1)).count("<script")
    assert "\u2028" not in html


def test_of_too_many_things_the_best_connected_are_drawn_and_the_page_knows_how_many_there_are():
    data = data_of(to_html(things(6, [(5, 4), (5, 3), (4, 3)]), max_nodes=3))
    assert [node["id"] for node in data["nodes"]] == ["n3", "n4", "n5"]
    assert data["total"] == 6


def test_figures_read_as_in_a_newspaper(sample):
    zone = next(n for n in data_of(to_html(to_networkx(sample.store)))["nodes"] if n["label"] == "云溪新区")
    said = {(o["indicator"], o["year"]): (o["text"], o["status"]) for o in zone["observations"]}
    assert said == {
        ("工业产值", "2021"): ("480亿元", "actual"),
        ("工业产值", "2025"): ("超1000亿元", "target"),
        ("入驻企业", "2021"): ("超1200家", "actual"),
        ("规划面积", ""): ("3.55平方公里", "actual"),
    }


def test_milestones_stand_in_time_order(sample):
    project = next(
        n for n in data_of(to_html(to_networkx(sample.store)))["nodes"] if n["label"] == "星河光电区域总部项目"
    )
    assert [m["text"] for m in project["milestones"]] == ["2022年7月8日", "2023年6月"]


def test_the_legend_counts_each_class(sample):
    network = to_networkx(sample.store)
    classes = data_of(to_html(network))["classes"]
    assert sum(known["count"] for known in classes) == len(network)
    assert {known["label"]: known["count"] for known in classes}["企业"] == 3


def test_subclasses_are_drawn_as_their_family(sample):
    nodes = {n["label"]: n for n in data_of(to_html(to_networkx(sample.store)))["nodes"]}
    assert nodes["云溪数字产业园"]["color"] == nodes["云溪新区"]["color"] != nodes["海州市"]["color"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((123_456_789, "CNY"), "12345.6789万元"),
        ((1_500_000_000_000, "USD"), "1.5万亿美元"),
        ((9999, "人"), "9999人"),
        ((0, "家"), "0家"),
        ((30, "家", ">="), "30家以上"),
        ((-5.2, "PERCENT"), "-5.2%"),
    ],
)
def test_amounts(said, expected):
    assert amount(*said) == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.data())
def test_no_two_things_stand_in_one_place(count, data):
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    network = things(count, data.draw(st.lists(pairs, max_size=60)))
    at = positions(network, dict.fromkeys(network, (40.0, 40.0)))
    assert len(set(at.values())) == count
