"""Facts are read by the extractor that is named, and by rules on this machine where none is."""

from __future__ import annotations

import json
import socket
import sys
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kg
import kg.builder
import kg.extractors
from kg.cli import app
from kg.errors import ExtractorError
from kg.extractors import Rules, find_extractor
from kg.llm import LlmExtractor
from kg.model import Article, Entity, Evidence, Extraction, Mention, TextSpan, Unextracted
from kg.ontology import Ontology

sys.path.insert(0, str(Path(__file__).parent / "llm"))

from small_model import GOOD, TEXT, Model, completion, serving

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


class ConnectedError(BaseException):
    """A connection was about to be made."""


class Finding:
    """An extractor that finds 云溪市, and has no answer where the text names it not."""

    software: Mapping[str, str] = {"finding": "7"}
    configuration: Mapping[str, str] = {"extractor": "finding"}

    def __init__(self, stops_at: str = "？") -> None:
        self.stops_at = stops_at

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction | Unextracted]:  # noqa: ARG002
        for article in articles:
            if self.stops_at in article.text:
                raise ExtractorError("it is gone")
            at = article.text.find("云溪市")
            if at < 0:
                yield Unextracted(article, f"{article.location} names no city")
                continue
            span = TextSpan(at, at + 3)
            mention = Mention(span, "云溪市", "AdministrativeArea", "finding")
            why = Evidence(span, span, "finding", 1.0)
            yield Extraction(article, (Entity("c", "AdministrativeArea", "云溪市", (), (mention,), evidence=why),))


def make_finding(options: Mapping[str, str]) -> Finding:
    return Finding(**options)


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry points as an installation of this very source has them, and one that is broken."""
    shipped = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["entry-points"][kg.extractors.GROUP]
    points = [EntryPoint(name, value, kg.extractors.GROUP) for name, value in shipped.items()]
    points.append(EntryPoint("broken", "no_such_module:make", kg.extractors.GROUP))
    monkeypatch.setattr(kg.extractors, "entry_points", lambda group: [p for p in points if p.group == group])


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Model]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user-cache"))
    monkeypatch.setenv("ZONEKG_LLM_MODEL", "small")
    monkeypatch.delenv("ZONEKG_LLM_API_KEY", raising=False)
    with serving() as server:
        monkeypatch.setenv("ZONEKG_LLM_URL", server.url)
        yield server


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(f"云溪经开区来了新企业\n\n2024年3月5日\n\n{TEXT}\n", encoding="utf-8")
    return folder


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


# --- the door


def test_what_is_shipped_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(find_extractor("rules"), Rules)
    assert isinstance(find_extractor("llm", {"url": "http://localhost/v1", "model": "m"}), LlmExtractor)
    monkeypatch.delenv("ZONEKG_LLM_URL", raising=False)
    with pytest.raises(ExtractorError, match="there is no extractor lmm; those installed are broken, llm, rules"):
        find_extractor("lmm")
    with pytest.raises(ExtractorError, match="the extractor broken cannot be loaded"):
        find_extractor("broken")
    with pytest.raises(ExtractorError, match="the extractor rules has no option model; leave it out"):
        find_extractor("rules", {"model": "m"})


def test_rules_by_name_are_rules_by_default(articles: Path, tmp_path: Path) -> None:
    for out, extractor in (("default", None), ("named", "rules")):
        kg.build(articles, tmp_path / out, extractor=extractor).close()
    assert said(tmp_path / "default") == said(tmp_path / "named") != set()


def said(out: Path) -> set[str]:
    """What the articles of a graph say, without the runs that read them."""
    with kg.open(out) as graph:
        return {
            str(quad.object)
            for name in graph.store.graph_names()
            if "/article/" in name
            for quad in graph.store.quads(name)
            if "wasGeneratedBy" not in quad.predicate.value
        }


def test_an_extractor_of_one_s_own_builds_a_graph_and_is_named_in_it(articles: Path) -> None:
    (articles / "b.txt").write_text("此文不说何处。", encoding="utf-8")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        graph = kg.build(articles, extractor=Finding())
    with graph:
        assert [str(each.message) for each in warned] == [f"{articles / 'b.txt'} names no city"]
        assert {entity.name for entity in graph.entities()} >= {"云溪市"}
        assert graph.query('ASK { ?run prov:wasAssociatedWith ?s . ?s rdfs:label "finding" }')


def test_an_extractor_that_stops_leaves_whole_what_was_read(articles: Path, tmp_path: Path) -> None:
    (articles / "b.txt").write_text("？", encoding="utf-8")
    with pytest.raises(ExtractorError, match="it is gone"):
        kg.builder.build([articles], tmp_path / "graph", extractor=Finding())
    with kg.open(tmp_path / "graph") as graph:
        assert graph.summary().articles == 1
        assert graph.validate() == []


# --- no connection unless asked for


def test_the_default_build_makes_no_connection(
    model: Model, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise ConnectedError

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    for arguments in ((), ("--extractor", "rules")):
        code, out, err = run("build", articles, "--out", tmp_path / "graph", "--rebuild", *arguments)
        assert (code, err) == (0, "")
        assert "1 article read" in out
    assert model.asked == []
    with pytest.raises(ConnectedError):
        run("build", articles, "--out", tmp_path / "graph", "--extractor", "llm")


# --- a language model


@pytest.mark.usefixtures("model")
def test_a_model_builds_a_graph_that_conforms_and_quotes_its_source(articles: Path, tmp_path: Path) -> None:
    code, out, err = run("build", articles, "--out", tmp_path / "graph", "--extractor", "llm")
    assert code == 0, err
    assert "1 article read" in out
    assert "0 findings in quarantine" in out
    assert "small at 127.0.0.1:" in err
    assert "1 requests made, 0 answers from the cache; 1000 tokens read and 200 written" in err
    assert run("validate", tmp_path / "graph")[0] == 0
    code, out, _ = run("show", tmp_path / "graph", "鹭岛电子有限公司")
    assert "settledIn 云溪经济开发区" in out
    assert "鹭岛电子有限公司2023年9月落户云溪经开区" in out
    (source,) = (tmp_path / "graph" / "sources").rglob("*.txt")
    with kg.open(tmp_path / "graph") as graph:
        rows = graph.query(
            "SELECT ?start ?end ?exact ?rule { ?s oa:hasSelector ?p, ?q ; zkg:extractedBy ?rule . "
            "?p oa:start ?start ; oa:end ?end . ?q oa:exact ?exact }"
        )
        text = source.read_text(encoding="utf-8")
        assert len(rows) > 8
        assert all(text[int(str(r["start"])) : int(str(r["end"]))] == r["exact"] for r in rows)
        assert {str(row["rule"]).partition(":")[0] for row in rows} == {"llm"}
    assert list((tmp_path / "user-cache" / "zonekg" / "llm").rglob("*.json"))


def test_options_are_given_by_name(model: Model, articles: Path, tmp_path: Path) -> None:
    options = ("--option", "model=other", "--option", f"cache={tmp_path / 'kept'}", "--option", "price_in=1")
    code, _, err = run("build", articles, "--out", tmp_path / "graph", "--extractor", "llm", *options)
    assert (code, model.asked[0]["model"]) == (0, "other"), err
    assert (tmp_path / "kept").is_dir()
    code, _, err = run("build", articles, "--out", tmp_path / "graph", "--option", "model=other")
    assert (code, err) == (1, "the extractor rules has no option model; leave it out\n")


def test_a_model_that_answers_badly_states_nothing(model: Model, articles: Path, tmp_path: Path) -> None:
    bad = {
        "entities": [{"name": "溪云大学", "class": "University", "aliases": []}, GOOD["entities"][1], GOOD["entities"][2]],
        "relations": [GOOD["relations"][0] | {"subject": "云溪市", "object": "鹭岛电子有限公司"},
                      GOOD["relations"][1] | {"object": "云溪市", "quote": "鹭岛电子有限公司落户云溪市"}],
    }  # fmt: skip
    model.answering = [completion(bad)]
    code, _, err = run("build", articles, "--out", tmp_path / "graph", "--extractor", "llm")
    assert code == 0
    assert (
        "dropped: 1 names that do not stand in the text, 1 relations outside domain and range, "
        "1 statements whose quotation does not stand in the text\n"
    ) in err
    _, out, _ = run("show", tmp_path / "graph", "鹭岛电子有限公司")
    assert len(out.splitlines()) == 1


def test_without_an_answer_an_article_keeps_the_graph_it_had(model: Model, articles: Path, tmp_path: Path) -> None:
    assert run("build", articles, "--out", tmp_path / "graph", "--extractor", "llm")[0] == 0
    before = said(tmp_path / "graph")
    model.answering = [completion("?")]
    other = ("--option", "window_chars=2000")
    code, out, err = run("build", articles, "--out", tmp_path / "graph", "--extractor", "llm", *other)
    assert (code, said(tmp_path / "graph")) == (0, before)  # the same window was asked before
    (tmp_path / "user-cache").rename(tmp_path / "gone")
    code, out, err = run("build", articles, "--out", tmp_path / "graph", "--rebuild", "--extractor", "llm", *other)
    assert (code, said(tmp_path / "graph")) == (1, before)
    assert "0 articles read" in out
    assert f"skipped: {articles / 'a.txt'} has no answer from the model (window 1 of 1 " in err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, "the extractor llm has no address to ask; give the option url, or set ZONEKG_LLM_URL\n"),
        ("http://127.0.0.1:9/v1", "no language model is there at http://127.0.0.1:9/v1/chat/completions ("),
    ],
)
def test_no_model_is_one_sentence(
    model: Model, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str | None, said: str
) -> None:
    if url:
        monkeypatch.setenv("ZONEKG_LLM_URL", url)
    else:
        monkeypatch.delenv("ZONEKG_LLM_URL")
    for command in (["build", articles, "--out", tmp_path / "graph"], ["evaluate", _gold(articles)]):
        code, out, err = run(*command, "--extractor", "llm")
        assert (code, out) == (1, "")
        assert err.splitlines(keepends=True)[-1].startswith(said)
        assert len(err.splitlines()) == (2 if url else 1)  # the estimate comes first
    assert (tmp_path / "graph").exists() == bool(url)
    assert model.asked == []


def test_a_model_is_measured_against_gold(model: Model, articles: Path) -> None:
    code, out, err = run("evaluate", _gold(articles), "--json", "--extractor", "llm")
    assert code == 0, err
    figures = json.loads(out)["figures"]["all"]
    assert (figures["entities"]["f1"], figures["relations"]["recall"]) == (1.0, 1.0)
    assert "1000 tokens read" in err
    assert len(model.asked) == 1


def test_an_article_without_an_answer_counts_as_one_where_nothing_is_found(model: Model, articles: Path) -> None:
    model.answering = [completion("?")]
    code, out, err = run("evaluate", _gold(articles), "--json", "--extractor", "llm")
    assert code == 0
    assert json.loads(out)["figures"]["all"]["entities"]["recall"] == 0.0
    assert f"skipped: {articles / 'a.txt'} has no answer from the model" in err


def _gold(articles: Path) -> Path:
    gold = articles / "a.json"
    entities = [{"name": e["name"], "aliases": e["aliases"], "class": e["class"]} for e in GOOD["entities"]]
    relations = [[r["subject"], r["property"], r["object"]] for r in GOOD["relations"]]
    gold.write_text(json.dumps({"id": "a", "article_date": "2024-03-05", "entities": entities, "relations": relations}))
    return gold
