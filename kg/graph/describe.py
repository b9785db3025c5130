"""What one article says → quads in its named graph: things, relations, n-ary nodes, each with its evidence.

Statements are reified as RDF 1.1 does (https://www.w3.org/TR/rdf11-mt/#reification).
There are no blank nodes, and the same input gives the same quads in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.graph import terms as t
from kg.graph.evidence import EvidenceWriter
from kg.graph.iri import article_iri, entity_iri, hashed_iri
from kg.graph.provenance import run_iri
from kg.graph.units import unit_iri
from kg.model import (
    Article,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Milestone,
    Observation,
    Relation,
    Run,
    TextSpan,
)
from kg.vocab import DATA

METADATA_RULE = "metadata"
"""What a publisher's or author's line is extracted by, where no rule of the annotator named it."""

_YEAR = re.compile(r"\d{4}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def describe(extraction: Extraction, iris: Mapping[str, str], run: Run, base: str = DATA) -> list[ox.Quad]:
    """All quads of the article's graph, sorted, each once.

    ``iris`` gives the IRI of each ``Entity.key``. A thing without one, or whose evidence is not in the
    source, is left out, and with it what is said of it.
    """
    graph = ox.NamedNode(article_iri(extraction.article.id, base))
    return t.order(t.in_graph(graph, _Writer(extraction, iris, run, base).statements()))


@dataclass(frozen=True)
class _Writer:
    extraction: Extraction
    iris: Mapping[str, str]
    run: Run
    base: str

    def statements(self) -> Iterator[t.Statement]:
        article, evidence = self.extraction.article, EvidenceWriter(self.extraction.article, self.base)
        entities = [(entity, _first_evidence(entity)) for entity in self.extraction.entities]
        nodes = {
            entity.key: ox.NamedNode(self.iris[entity.key])
            for entity, first in entities
            if entity.key in self.iris and first is not None and evidence.source_span(first) is not None
        }
        names = _preferred_names(self.extraction, nodes)
        yield from self._article(article)
        yield from self._bylines(article, nodes, evidence)
        for entity, first in entities:
            if entity.key in nodes and first is not None:
                yield from _entity(entity, first, nodes[entity.key], names[nodes[entity.key]], evidence)
        for relation in self.extraction.relations:
            yield from _relation(relation, nodes, evidence)
        for observation in self.extraction.observations:
            yield from self._observation(observation, nodes, evidence)
        for milestone in self.extraction.milestones:
            yield from self._milestone(milestone, nodes, evidence)

    def _article(self, article: Article) -> Iterator[t.Statement]:
        node = ox.NamedNode(article_iri(article.id, self.base))
        yield node, t.TYPE, t.zkg("Article")
        if article.title:
            yield node, t.TITLE, t.label(article.title)
        if article.published:
            yield node, t.ISSUED, t.date(article.published.isoformat())
        yield node, t.SOURCE, place_of(article)
        yield (
            node,
            t.SHA256,
            t.text(article.sha256),
        )
        yield node, t.WAS_GENERATED_BY, ox.NamedNode(run_iri(self.run, self.base))

    def _bylines(
        self, article: Article, nodes: Mapping[str, ox.NamedNode], evidence: EvidenceWriter
    ) -> Iterator[t.Statement]:
        """Who published and who wrote the article: things the annotator found, or new ones."""
        lines: list[tuple[str, str | None, TextSpan | None, str, str]] = [
            ("publishedBy", article.publisher, article.publisher_span, "MediaOutlet", "organization"),
            *(
                ("authoredBy", author, span, "Person", "person")
                for author, span in zip(article.authors, article.author_spans, strict=False)
            ),
        ]
        for property_, name, span, class_, group in lines:
            if not name or not name.strip() or span is None:
                continue
            why = Evidence(span, span, METADATA_RULE, 1.0)
            node = self._named(name, nodes)
            if node is None:
                node = ox.NamedNode(entity_iri(group, name, self.base))
                if evidence.source_span(why) is not None:
                    yield node, t.PREF_LABEL, t.label(name)
                yield from evidence.statement((node, t.TYPE, t.zkg(class_)), why)
            said = (ox.NamedNode(article_iri(article.id, self.base)), t.zkg(property_), node)
            yield from evidence.statement(said, why)

    def _named(self, name: str, nodes: Mapping[str, ox.NamedNode]) -> ox.NamedNode | None:
        for entity in self.extraction.entities:
            if entity.key in nodes and name in (entity.name, *entity.aliases):
                return nodes[entity.key]
        return None

    def _observation(
        self, observation: Observation, nodes: Mapping[str, ox.NamedNode], evidence: EvidenceWriter
    ) -> Iterator[t.Statement]:
        whole = observation.with_respect_to
        if whole is not None and whole not in nodes:
            return  # a share of something unknown says nothing
        unit = unit_iri(observation.unit)
        about: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("indicator", t.text(observation.indicator)),
            ("value", t.decimal(observation.value)),
            ("comparator", t.text(observation.comparator)),
            ("status", t.text(observation.status)),
        ]
        if observation.unit.strip():
            about.append(("unit", ox.NamedNode(unit) if unit else t.text(observation.unit.strip())))
        if observation.value_max is not None:
            about.append(("valueMax", t.decimal(observation.value_max)))
        if observation.year is not None and _YEAR.fullmatch(observation.year):
            about.append(("year", t.date(observation.year)))
        if whole is not None:
            about.append(("withRespectTo", nodes[whole]))
        link = ("observedEntity", observation.entity)
        yield from self._node("Observation", link, about, observation.evidence, nodes, evidence)

    def _milestone(
        self, milestone: Milestone, nodes: Mapping[str, ox.NamedNode], evidence: EvidenceWriter
    ) -> Iterator[t.Statement]:
        about: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("milestoneType", t.text(milestone.type)),
            ("status", t.text(milestone.status)),
        ]
        if milestone.date is not None and _DATE.fullmatch(milestone.date):
            about.append(("date", t.date(milestone.date)))
        link = ("milestoneOf", milestone.entity)
        yield from self._node("Milestone", link, about, milestone.evidence, nodes, evidence)

    def _node(
        self,
        class_: str,
        link: tuple[str, str],
        about: list[tuple[str, ox.NamedNode | ox.Literal]],
        why: Evidence,
        nodes: Mapping[str, ox.NamedNode],
        evidence: EvidenceWriter,
    ) -> Iterator[t.Statement]:
        property_, key = link
        if key not in nodes or evidence.source_span(why) is None:
            return
        node = node_iri(class_, nodes[key], ((t.zkg(name), value) for name, value in about), self.base)
        yield node, t.TYPE, t.zkg(class_)
        for name, value in about:
            yield node, t.zkg(name), value
        yield from evidence.statement((node, t.zkg(property_), nodes[key]), why)


def node_iri(
    class_: str, of: ox.NamedNode, about: Iterable[tuple[ox.NamedNode, t.Term]], base: str = DATA
) -> ox.NamedNode:
    """The IRI of an observation or a milestone ``of`` a thing: two articles that say the same make one node."""
    return ox.NamedNode(
        hashed_iri(class_.lower(), (str(of), *sorted(f"{property_} {value}" for property_, value in about)), base)
    )


def _entity(
    entity: Entity, first: Evidence, node: ox.NamedNode, preferred: str, evidence: EvidenceWriter
) -> Iterator[t.Statement]:
    yield node, t.PREF_LABEL, ox.Literal(preferred, language="zh-Hans")
    yield from evidence.statement((node, t.TYPE, t.zkg(entity.label_)), first)
    for alias in dict.fromkeys((entity.name, *entity.aliases)):
        why = first if alias == entity.name else _alias_evidence(entity, alias, first)
        if alias.strip() and alias != preferred and why is not None:
            yield from evidence.statement((node, t.ALT_LABEL, t.label(alias)), why)


def _relation(relation: Relation, nodes: Mapping[str, ox.NamedNode], evidence: EvidenceWriter) -> Iterator[t.Statement]:
    if relation.subject in nodes and relation.object in nodes:
        said = (nodes[relation.subject], t.zkg(relation.property), nodes[relation.object])
        yield from evidence.statement(said, relation.evidence, relation.status)


def _first_evidence(entity: Entity) -> Evidence | None:
    """Why the article names this thing: what the annotator says, else its first mention."""
    first = min(entity.mentions, key=lambda mention: mention.span, default=None)
    return entity.evidence or (None if first is None else _of_mention(first, entity.evidence))


def _alias_evidence(entity: Entity, alias: str, first: Evidence) -> Evidence | None:
    if alias in entity.alias_evidence:
        return entity.alias_evidence[alias]
    named = (mention for mention in entity.mentions if mention.text == alias)
    mention = min(named, key=lambda mention: mention.span, default=None)
    return None if mention is None else _of_mention(mention, first)


def _of_mention(mention: Mention, like: Evidence | None) -> Evidence:
    sentence = like.sentence if like and like.sentence.contains(mention.span) else mention.span
    return Evidence(mention.span, TextSpan(*sentence), mention.rule, like.confidence if like else 1.0)


def _preferred_names(extraction: Extraction, nodes: Mapping[str, ox.NamedNode]) -> dict[ox.NamedNode, str]:
    """One name for each thing, the fullest, also where several keys turn out to be one thing."""
    names: dict[ox.NamedNode, str] = {}
    for entity in extraction.entities:
        if entity.key in nodes:
            node = nodes[entity.key]
            names[node] = max(names.get(node, entity.name), entity.name, key=lambda name: (len(name), name))
    return names


def place_of(article: Article) -> ox.NamedNode | ox.Literal:
    """The address as an IRI where it is one, else where the article was read from, as text."""
    if article.url:
        try:
            return ox.NamedNode(article.url)
        except ValueError:
            return t.text(article.url)
    return t.text(article.location)
