"""The drawn page in a real browser: what a reader clicks, types and sees."""

import shutil

import networkx as nx
import pytest

from kg.publish.draw import draw
from kg.publish.network import to_networkx

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    pytest.skip("chromium is not installed; run .ci/install-browser", allow_module_level=True)

WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 420, "height": 800}
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
HOSTILE = "<img src=https://example.org/x onerror=alert(1)></script><script>alert(2)</script>"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*QUIET.split(), "--disable-component-update", "--disable-sync"],
        )
        yield browser
        browser.close()


class Reader:
    """Opens drawn networks, and notes what the page asks for and complains of."""

    def __init__(self, browser, folder):
        self._browser = browser
        self._folder = folder
        self.requests, self.complaints, self._pages = [], [], []

    def open(self, network, size=WIDE, **how):
        path = draw(network, self._folder / "network.html", **how)
        page = self._browser.new_page(viewport=size)
        self._pages.append(page)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        self.address = path.as_uri()
        return page

    def close(self):
        for page in self._pages:
            page.close()


@pytest.fixture
def reader(browser, tmp_path):
    reader = Reader(browser, tmp_path)
    yield reader
    reader.close()
    assert reader.complaints == []
    assert set(reader.requests) <= {reader.address}


def click_node(page, label):
    x, y = page.evaluate(
        """label => {
          const { network } = canvas;
          const id = graph.nodes.find((node) => node.label === label).id;
          const at = network.canvasToDOM(network.getPosition(id));
          return [at.x, at.y];
        }""",
        label,
    )
    page.mouse.click(x, y)


def chosen(page, kind, how):
    """The ``nodes`` or ``edges`` of the page where ``how`` holds of vis-network's ``options``."""
    return page.evaluate(
        f"() => graph.{kind}.filter((one) => {{ const {{ options }} = canvas.network.body.{kind}[one.id];"
        f" return {how}; }}).map((one) => one.{'label' if kind == 'nodes' else 'property'})"
    )


def drawn(page):
    return set(chosen(page, "nodes", "!options.hidden"))


def drawn_edges(page):
    return set(chosen(page, "edges", "!options.hidden"))


def test_clicking_a_thing_shows_its_name_class_aliases_and_figures(reader, sample):
    page = reader.open(to_networkx(sample.store))
    click_node(page, "云溪新区")
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "云溪新区"
    assert panel.locator(".kind").inner_text().strip().startswith("功能区")
    assert panel.locator(".aliases em").all_inner_texts() == ["云溪", "雲溪新區"]
    row = panel.locator("tbody tr:not(.reasons)", has_text="2025").first
    assert row.locator("th, td").all_inner_texts() == ["工业产值", "超1000亿元", "2025", "计划"]


def test_a_fact_shows_the_sentence_with_the_quoted_words_marked_and_the_article(reader, sample):
    page = reader.open(to_networkx(sample.store))
    click_node(page, "云溪新区")
    fact = page.locator('.fact[data-property="hasCore"]')
    assert fact.locator(".sentence").inner_text().endswith("两大主导产业。")
    assert fact.locator("mark").inner_text() == "新区以星河光电区域总部项目为核心"
    assert "云溪新区三年蝶变" in fact.locator("footer").inner_text()


def test_a_figure_shows_its_sentence_when_asked(reader, sample):
    page = reader.open(to_networkx(sample.store))
    click_node(page, "云溪新区")
    page.get_by_role("button", name="入驻企业").click()
    assert page.locator("tr.reasons:visible mark").inner_text() == "入驻企业超1200家"


def test_the_other_thing_of_a_fact_leads_on(reader, sample):
    page = reader.open(to_networkx(sample.store))
    click_node(page, "云溪新区")
    page.locator('.fact[data-property="hasCore"] .thing').click()
    assert page.locator("#panel h2").inner_text() == "星河光电区域总部项目"
    assert page.locator(".milestones time").all_inner_texts() == ["2022年7月8日", "2023年6月"]


def test_clicking_a_relation_shows_every_sentence_that_says_it(reader, sample):
    page = reader.open(to_networkx(sample.store))
    x, y = page.evaluate(
        """() => {
          const edge = graph.edges.find((edge) => edge.evidence.length === 2);
          const at = canvas.network.canvasToDOM(canvas.network.body.edges[edge.id].edgeType.getPoint(0.5));
          return [at.x, at.y];
        }"""
    )
    page.mouse.click(x, y)
    assert page.locator("#panel h2").inner_text() == "位于"
    assert page.locator("#panel mark").all_inner_texts() == ["云溪新区位于海州市东部", "云溪新区位于海州市"]


def test_searching_an_alias_selects_and_brings_the_thing_into_sight(reader, sample):
    page = reader.open(to_networkx(sample.store))
    page.keyboard.press("/")
    page.keyboard.type("数字产业园")
    assert page.get_by_role("option").first.inner_text().startswith("云溪数字产业园")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "云溪数字产业园"
    assert page.evaluate("canvas.network.getSelectedNodes()") == [sample.iris["云溪数字产业园"]]
    page.wait_for_function(
        """id => { const at = canvas.network.canvasToDOM(canvas.network.getPosition(id));
                   return at.x > 0 && at.x < 1000 && at.y > 60 && at.y < 820; }""",
        arg=sample.iris["云溪数字产业园"],
    )


def test_escape_goes_back_to_the_overview(reader, sample):
    page = reader.open(to_networkx(sample.store), title="云溪图谱")
    click_node(page, "海州市")
    page.keyboard.press("Escape")
    assert page.locator("#panel h2").inner_text() == "云溪图谱"


def test_the_legend_hides_and_shows_a_class(reader, sample):
    page = reader.open(to_networkx(sample.store))
    everything = drawn(page)
    company = page.locator('#legend [data-class="Company"]')
    assert company.inner_text().split() == ["企业", "3"]
    company.click()
    assert everything - drawn(page) == {"星河光电股份有限公司", "蓝鲸软件", "青禾生物"}
    assert company.get_attribute("aria-pressed") == "false"
    company.click()
    assert drawn(page) == everything


def test_a_relation_can_be_filtered_out(reader, sample):
    page = reader.open(to_networkx(sample.store))
    page.get_by_role("button", name="关系筛选").click()
    page.get_by_role("checkbox", name="落户").uncheck()
    assert "settledIn" not in drawn_edges(page)
    page.get_by_role("button", name="全不选").click()
    assert drawn_edges(page) == set()


def test_planned_relations_are_dashed(reader, sample):
    page = reader.open(to_networkx(sample.store))
    assert sorted(chosen(page, "edges", "options.dashes")) == ["builds", "drives"]


def test_hostile_names_and_sentences_are_text(reader, writer):
    writer.article("a", HOSTILE, "2022-01-01", "javascript:alert(3)")
    writer.thing("Zone", HOSTILE, HOSTILE, "别名" + HOSTILE)
    writer.thing("Company", "星河光电", HOSTILE)
    writer.relation("星河光电", "settledIn", HOSTILE, HOSTILE)
    page = reader.open(to_networkx(writer.store), title=HOSTILE)
    click_node(page, HOSTILE)
    assert page.locator("#panel h2").inner_text() == HOSTILE
    assert page.locator("#panel .sentence").first.inner_text() == HOSTILE
    assert page.locator("#panel footer").first.inner_text().startswith(f"《{HOSTILE}》")
    assert page.locator("#panel img, #panel script, #panel a").count() == 0
    assert page.title() == HOSTILE


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_wider_than_the_screen(reader, sample, size):
    page = reader.open(to_networkx(sample.store), size)
    for label in (None, "云溪新区"):
        if label:
            click_node(page, label)
        width = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        assert width <= size["width"]
        assert page.evaluate("panel.scrollWidth <= panel.clientWidth")


def test_on_a_phone_the_panel_is_a_sheet_that_leaves_the_thing_in_sight(reader, sample):
    page = reader.open(to_networkx(sample.store), NARROW)
    assert not page.locator("#panel").is_visible()
    click_node(page, "合成生物研究院")
    page.locator("#panel h2").wait_for(state="visible")
    page.wait_for_function(
        """id => canvas.network.canvasToDOM(canvas.network.getPosition(id)).y
                 < document.getElementById("panel").offsetTop""",
        arg=sample.iris["合成生物研究院"],
    )
    page.get_by_role("button", name="关闭").click()
    page.locator("#panel h2").wait_for(state="hidden")


def test_an_empty_network_says_so(reader):
    page = reader.open(nx.MultiDiGraph())
    assert page.get_by_text("图中还没有内容").is_visible()


def test_a_network_that_is_cut_says_so(reader, sample):
    page = reader.open(to_networkx(sample.store), max_nodes=5)
    assert page.locator("#note").inner_text() == "共 17 个事物，这里只画联系最多的 5 个"


def crowd(linked, alone):
    """Things in a row, each linked to the next, and others that nothing links."""
    network = nx.MultiDiGraph()
    for number in range(linked + alone):
        network.add_node(f"n{number}", label=f"园区{number}", class_="Zone", class_label="功能区")
    for number in range(linked - 1):
        network.add_edge(f"n{number}", f"n{number + 1}", "partOf", property="partOf", label="属于")
    return network


def test_many_things_without_a_relation_wait_until_they_are_asked_for(reader):
    page = reader.open(crowd(linked=3, alone=21))
    assert drawn(page) == {"园区0", "园区1", "园区2"}
    page.locator("#alone").click()
    assert len(drawn(page)) == 24
    page.locator("#alone").click()
    assert len(drawn(page)) == 3


def test_a_few_things_without_a_relation_are_there_from_the_start(reader):
    page = reader.open(crowd(linked=3, alone=20))
    assert len(drawn(page)) == 23
    assert page.locator("#alone").count() == 0


def test_things_none_of_which_has_a_relation_are_drawn(reader):
    assert len(drawn(reader.open(crowd(linked=0, alone=30)))) == 30


def test_a_thing_without_a_relation_is_found_by_its_name(reader):
    page = reader.open(crowd(linked=3, alone=21))
    page.fill("#query", "园区20")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "园区20"
    assert "园区20" in drawn(page)
    page.keyboard.press("Escape")
    assert drawn(page) == {"园区0", "园区1", "园区2"}
