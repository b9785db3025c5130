"""A small store in the graph model's shape, about an invented new area, for everything that shows a graph."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest

from kg.vocab import DATA, PREFIXES

_GROUPS = {
    "place": ["AdministrativeArea", "Zone", "DevelopmentZone", "IndustrialPark", "Corridor", "Facility"],
    "organization": ["Company", "GovernmentBody", "University", "ResearchInstitute", "MediaOutlet"],
    "person": ["Person"],
    "project": ["Project"],
    "event": ["Event"],
    "industry": ["Industry"],
    "strategy": ["Strategy", "SpatialLayout"],
}
_XSD_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_TARGET = ("将", "力争", "拟", "计划")


class StoreWriter:
    """Writes articles sentence by sentence: each call says one thing and quotes the sentence for it."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.iris: dict[str, str] = {}
        self._article = ""
        self._labels: dict[str, str] = {}
        self._length = 0

    def article(self, id: str, title: str, issued: str, location: str = "articles/a.txt") -> None:
        self._article = f"{DATA}article/{id}"
        self._length = 0
        self._say(
            f"<{self._article}> a zkg:Article ; dcterms:title {_text(title)}@zh-Hans ;"
            f' dcterms:source "{location}" ; dcterms:issued "{issued}"^^xsd:date .'
        )

    def thing(self, class_: str, name: str, sentence: str, *aliases: str) -> str:
        group = next(group for group, classes in _GROUPS.items() if class_ in classes)
        iri = self.iris[name] = DATA + f"{group}/" + (name if name.isalnum() else _hash(name))
        self._say(f"<{iri}> a zkg:{class_} ; skos:prefLabel {_text(name)}@zh-Hans .")
        self._evidence(f"<{iri}>", "rdf:type", f"zkg:{class_}", sentence, name)
        for alias in aliases:
            self._say(f"<{iri}> skos:altLabel {_text(alias)}@zh-Hans .")
        return iri

    def relation(
        self, subject: str, property_: str, object_: str, sentence: str, exact: str = "", **said: str | float
    ) -> None:
        s, o = f"<{self.iris[subject]}>", f"<{self.iris[object_]}>"
        self._say(f"{s} zkg:{property_} {o} .")
        self._evidence(s, f"zkg:{property_}", o, sentence, exact or sentence, **said)

    def observation(
        self, thing: str, indicator: str, value: str, unit: str, sentence: str, exact: str, year: str = "",
        status: str = "actual", comparator: str = "=",
    ) -> None:  # fmt: skip
        node = f"<{DATA}observation/{_hash(thing, indicator, value, year)}>"
        year_said = f'; zkg:year "{year}"^^xsd:gYear' if year else ""
        self._say(
            f"{node} a zkg:Observation ; zkg:observedEntity <{self.iris[thing]}> ;"
            f" zkg:indicator {_text(indicator)} ; zkg:value {value} ; zkg:unit {unit} ;"
            f' zkg:comparator "{comparator}" ; zkg:status "{status}" {year_said} .'
        )
        self._evidence(node, "zkg:observedEntity", f"<{self.iris[thing]}>", sentence, exact)

    def milestone(self, thing: str, type_: str, date: str, sentence: str, exact: str, status: str = "actual") -> None:
        node = f"<{DATA}milestone/{_hash(thing, type_, date)}>"
        self._say(
            f'{node} a zkg:Milestone ; zkg:milestoneOf <{self.iris[thing]}> ; zkg:milestoneType "{type_}" ;'
            f' zkg:date "{date}"^^xsd:{_XSD_DATES[len(date)]} ; zkg:status "{status}" .'
        )
        self._evidence(node, "zkg:milestoneOf", f"<{self.iris[thing]}>", sentence, exact)

    def background(self, subject: str, property_: str, object_: str) -> None:
        """A statement no article says."""
        self._insert("", f"<{self.iris[subject]}> zkg:{property_} <{self.iris[object_]}> .")

    def inferred(self, graph: str, subject: str, property_: str, object_: str) -> None:
        """A statement that only follows by the ontology: in the default graph and in ``graph``."""
        triple = f"<{self.iris[subject]}> zkg:{property_} <{self.iris[object_]}> ."
        self._insert("", triple)
        self._insert(graph, triple)

    def _evidence(
        self, subject: str, predicate: str, object_: str, sentence: str, exact: str,
        confidence: float = 0.9, status: str = "", title: str = "", rule: str = "test",
    ) -> None:  # fmt: skip
        start = self._length = self._length + 3
        end = self._length = start + len(exact)
        key = _hash(self._article, subject, predicate, object_, str(start))
        position, quote = f"<{DATA}span/{key}>", f"<{DATA}quote/{key}>"
        self._say(
            f"<{DATA}statement/{key}> a rdf:Statement ; rdf:subject {subject} ; rdf:predicate {predicate} ;"
            f" rdf:object {object_} ; zkg:sentence {_text(sentence)} ; zkg:extractedBy {_text(rule)} ;"
            f" zkg:confidence {confidence:.2f} ;"
            f" oa:hasSource <{self._article}> ; oa:hasSelector {position}, {quote} ."
            f" {position} a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ."
            f" {quote} a oa:TextQuoteSelector ; oa:exact {_text(exact)} ."
        )
        if status:
            self._say(f'<{DATA}statement/{key}> zkg:status "{status}" .')
        if title:
            self._say(f"<{DATA}statement/{key}> zkg:title {_text(title)} .")

    def _say(self, turtle: str) -> None:
        self._insert("", turtle)
        self._insert(self._article, turtle)

    def _insert(self, graph: str, turtle: str) -> None:
        prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
        said = f"GRAPH <{graph}> {{ {turtle} }}" if graph else turtle
        self.store.update(f"{prologue} INSERT DATA {{ {said} }}")


def _text(value: str) -> str:
    return str(ox.Literal(value))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@pytest.fixture
def writer() -> StoreWriter:
    return StoreWriter()


@pytest.fixture
def sample(writer: StoreWriter) -> StoreWriter:
    """Seventeen things around 云溪新区, from two articles."""
    write_sample(writer)
    return writer


def write_sample(w: StoreWriter) -> None:
    w.article("y1", "云溪新区三年蝶变：从滩涂到产业高地", "2022-07-25", "https://example.org/news/y1.html")
    s1 = "云溪新区位于海州市东部，规划面积3.55平方公里，是海州市倾力打造的产业新城。"
    w.thing("Zone", "云溪新区", s1, "云溪", "雲溪新區")
    w.thing("AdministrativeArea", "海州市", s1, "海州")
    w.relation("云溪新区", "locatedIn", "海州市", s1, "云溪新区位于海州市东部")
    w.relation("海州市", "builds", "云溪新区", s1, "海州市倾力打造的产业新城")
    w.observation("云溪新区", "规划面积", "3.55", "unit:KiloM2", s1, "规划面积3.55平方公里")
    s2 = "2021年，云溪新区工业产值达480亿元，入驻企业超1200家，力争到2025年工业产值突破1000亿元。"
    w.observation("云溪新区", "工业产值", "48000000000", "cur:CNY", s2, "工业产值达480亿元", "2021")
    w.observation("云溪新区", "入驻企业", "1200", '"家"', s2, "入驻企业超1200家", "2021", comparator=">")
    w.observation(
        "云溪新区",
        "工业产值",
        "100000000000",
        "cur:CNY",
        s2,
        "到2025年工业产值突破1000亿元",
        "2025",
        "target",
        ">",
    )
    s3 = "新区以星河光电区域总部项目为核心，重点发展光电、生物医药两大主导产业。"
    w.thing("Project", "星河光电区域总部项目", s3, "星河总部")
    w.thing("Industry", "光电", s3, "光电产业")
    w.thing("Industry", "生物医药", s3)
    w.relation("云溪新区", "hasCore", "星河光电区域总部项目", s3, "新区以星河光电区域总部项目为核心")
    w.relation("云溪新区", "leadingIndustry", "光电", s3, "重点发展光电、生物医药两大主导产业")
    w.relation("云溪新区", "leadingIndustry", "生物医药", s3, "重点发展光电、生物医药两大主导产业")
    s4 = "该项目由星河光电股份有限公司投资建设，总投资约35亿元，已于2022年7月8日封顶，预计2023年6月投产。"
    w.thing("Company", "星河光电股份有限公司", s4, "星河光电")
    w.relation("星河光电区域总部项目", "undertakenBy", "星河光电股份有限公司", s4, "由星河光电股份有限公司投资建设")
    w.observation("星河光电区域总部项目", "总投资", "3500000000", "cur:CNY", s4, "总投资约35亿元", comparator="~")
    w.milestone("星河光电区域总部项目", "toppedOut", "2022-07-08", s4, "已于2022年7月8日封顶")
    w.milestone("星河光电区域总部项目", "inProduction", "2023-06", s4, "预计2023年6月投产", "target")
    s5 = "位于新区核心区的云溪数字产业园2022年6月22日开园，首批引入蓝鲸软件、青禾生物等12家企业。"
    w.thing("IndustrialPark", "云溪数字产业园", s5, "数字产业园")
    w.thing("Company", "蓝鲸软件", s5)
    w.thing("Company", "青禾生物", s5)
    w.relation("云溪数字产业园", "locatedIn", "云溪新区", s5, "位于新区核心区的云溪数字产业园")
    w.relation("蓝鲸软件", "settledIn", "云溪数字产业园", s5, "首批引入蓝鲸软件、青禾生物等12家企业")
    w.relation("青禾生物", "settledIn", "云溪数字产业园", s5, "首批引入蓝鲸软件、青禾生物等12家企业")
    w.milestone("云溪数字产业园", "opened", "2022-06-22", s5, "云溪数字产业园2022年6月22日开园")
    s6 = "青禾生物主营生物医药研发，与海州大学携手共建合成生物研究院。"
    w.thing("University", "海州大学", s6)
    w.thing("ResearchInstitute", "合成生物研究院", s6)
    w.relation("青禾生物", "operatesIn", "生物医药", s6, "青禾生物主营生物医药研发")
    w.relation("青禾生物", "cooperatesWith", "海州大学", s6, "青禾生物主营生物医药研发，与海州大学携手")
    w.relation("海州大学", "builds", "合成生物研究院", s6, "与海州大学携手共建合成生物研究院")

    w.article("y2", "海州发布“一核两带”空间布局", "2022-09-03")
    s7 = "市政府印发规划，提出构建“一核两带”空间布局，云溪新区将建设光电走廊，辐射带动滨江县发展。"
    w.thing("GovernmentBody", "海州市人民政府", s7, "市政府", "海州市政府")
    w.thing("SpatialLayout", "“一核两带”", s7)
    w.thing("Corridor", "光电走廊", s7)
    w.thing("AdministrativeArea", "滨江县", s7)
    w.relation("海州市人民政府", "governs", "海州市", s7, "市政府")
    w.relation("“一核两带”", "issuedBy", "海州市人民政府", s7, "市政府印发规划")
    w.relation("海州市", "adoptsLayout", "“一核两带”", s7, "构建“一核两带”空间布局")
    w.relation("云溪新区", "builds", "光电走廊", s7, "云溪新区将建设光电走廊", status="target")
    w.relation("云溪新区", "drives", "滨江县", s7, "辐射带动滨江县发展", status="target")
    s8 = "云溪新区管委会主任林知远在第三届海州光电峰会上介绍，云溪新区位于海州市，区位优势明显。"
    w.thing("Person", "林知远", s8)
    w.thing("Event", "第三届海州光电峰会", s8, "光电峰会")
    w.relation("林知远", "affiliatedWith", "云溪新区", s8, "云溪新区管委会主任林知远", title="管委会主任")
    w.relation("林知远", "participatesIn", "第三届海州光电峰会", s8, "林知远在第三届海州光电峰会上介绍")
    w.relation("云溪新区", "locatedIn", "海州市", s8, "云溪新区位于海州市", confidence=0.7)
    w.relation("第三届海州光电峰会", "focusesOn", "光电", s8, "第三届海州光电峰会")
    w.milestone("第三届海州光电峰会", "held", "2022-09", s8, "第三届海州光电峰会")
    w.background("滨江县", "partOf", "海州市")
