"""An extractor that reads what stands in very small articles, one statement a line, without any model.

``云溪园:IndustrialPark`` names a thing, ``云溪园 locatedIn 福州市`` is a relation, ``云溪园 产值 2023 5`` a figure.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox

from kg.graph import runs_graph
from kg.model import Article, Entity, Evidence, Extraction, Mention, Observation, Relation, TextSpan
from kg.ontology import Ontology
from kg.store import GraphFolder, LocalStore

CLASSES = {
    "园": "IndustrialPark", "区": "AdministrativeArea", "市": "AdministrativeArea", "省": "AdministrativeArea",
    "司": "Company", "会": "Event",
}  # fmt: skip


class Stub:
    """Reads lines; ``setting`` is its whole configuration."""

    software: Mapping[str, str] = {}

    def __init__(self, setting: str = "") -> None:
        self.configuration = {"extractor": "stub", "setting": setting}
        self.setting = setting
        self.read: list[str] = []  # the names of what it was asked to read

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction]:  # noqa: ARG002
        for article in articles:
            self.read.append(article.location.rsplit("/", 1)[-1])
            yield _extraction(article)


def _extraction(article: Article) -> Extraction:
    entities: dict[str, Entity] = {}
    relations: list[Relation] = []
    observations: list[Observation] = []

    def why(start: int, end: int, line: TextSpan) -> Evidence:
        return Evidence(TextSpan(start, end), line, "stub", 0.9)

    def named(match: re.Match[str], group: str, line: TextSpan, class_: str | None = None) -> str:
        name, class_ = match[group], class_ or CLASSES.get(match[group][-1], "Organization")
        span = TextSpan(*match.span(group))
        entities.setdefault(
            name,
            Entity(name, class_, name, mentions=(Mention(span, name, class_, "stub"),), evidence=why(*span, line)),
        )
        return name

    for match in re.finditer(r"(?m)^(?P<s>\w+) (?P<p>[A-Za-z]+) (?P<o>\w+)$", article.text):
        line = TextSpan(*match.span())
        relations.append(Relation(named(match, "s", line), match["p"], named(match, "o", line), why(*line, line)))
    for match in re.finditer(r"(?m)^(?P<s>\w+) (?P<i>[^\W\d]+) (?P<y>\d{4}) (?P<v>\d+)$", article.text):
        if not match["i"].isascii():
            line = TextSpan(*match.span())
            entity = named(match, "s", line)
            figure = Observation(entity, match["i"], Decimal(match["v"]), "元", why(*line, line), year=match["y"])
            observations.append(figure)
    for match in re.finditer(r"(?m)^(?P<s>\w+)(?::(?P<c>\w+))?$", article.text):
        named(match, "s", TextSpan(*match.span()), match["c"])
    return Extraction(article, tuple(entities.values()), tuple(relations), tuple(observations))


def as_text(store: LocalStore) -> list[str]:
    """The named graphs of a store as sorted N-Quads, without the runs and which of them made what."""
    quads = [quad for quad in store.quads() if quad.graph_name != ox.DefaultGraph()]
    default = list(store.oxigraph.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert {quad.triple for quad in default} == {quad.triple for quad in quads}
    assert len(default) == len({quad.triple for quad in default})
    said = (quad for quad in quads if quad.graph_name.value != runs_graph() and "/id/run/" not in str(quad.object))
    return sorted(map(str, said))


def folder_as_text(out: Path) -> list[str]:
    """All a graph folder holds: its graphs, and of its articles the texts, what each says alone, and the quarantine."""
    with GraphFolder(out).open(read_only=True) as store:
        graphs = as_text(store)
    files = sorted(path for folder in ("sources", "quarantine") for path in (out / folder).rglob("*.*"))
    with GraphFolder(out).open_said(read_only=True) as said:
        assert not list(said.pending())
        alone = [
            f"{article}: {line}"
            for article in said.articles()
            for line in gzip.decompress(said.content(article)).decode().splitlines()
            if "/id/run/" not in line
        ]
    return [*graphs, *alone, *(f"{path.name}: {path.read_text('utf-8')}" for path in files)]
