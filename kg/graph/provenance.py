"""A run of the builder → one ``prov:Activity`` (https://www.w3.org/TR/prov-o/), said once for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.graph import terms as t
from kg.graph.iri import escape
from kg.model import Run
from kg.vocab import DATA


def run_iri(run: Run, base: str = DATA) -> str:
    """The IRI of a run."""
    return f"{base}run/{escape(run.id)}"


def runs_graph(base: str = DATA) -> str:
    """The name of the graph that describes every run."""
    return f"{base}graph/runs"


def describe_run(run: Run, base: str = DATA) -> list[ox.Quad]:
    """When the run started, the software it was done with, the ontology and configuration it used.

    >>> run = Run("1", "2026-11-24T08:00:00Z", {"zonekg": "0.1.0"}, "ab", "cd")
    >>> len(describe_run(run))
    12
    """
    return t.order(t.in_graph(ox.NamedNode(runs_graph(base)), _statements(run, base)))


def describe_removal(run: Run, articles: Iterable[str], base: str = DATA) -> list[ox.Quad]:
    """That the run, when it started, took out articles (by IRI)."""
    graph, activity = ox.NamedNode(runs_graph(base)), ox.NamedNode(run_iri(run, base))
    said: list[t.Statement] = [
        (activity, t.TYPE, t.ACTIVITY),
        (activity, t.STARTED_AT_TIME, t.date_time(run.started)),
        *((activity, t.INVALIDATED, ox.NamedNode(article)) for article in articles),
    ]
    return t.order(t.in_graph(graph, said))


def describe_end(run: Run, ended: str, base: str = DATA) -> list[ox.Quad]:
    """When the run ended, as an ``xsd:dateTime``."""
    graph, activity = ox.NamedNode(runs_graph(base)), ox.NamedNode(run_iri(run, base))
    return [ox.Quad(activity, t.ENDED_AT_TIME, t.date_time(ended), graph)]


def _statements(run: Run, base: str) -> Iterator[t.Statement]:
    activity = ox.NamedNode(run_iri(run, base))
    yield activity, t.TYPE, t.ACTIVITY
    yield activity, t.STARTED_AT_TIME, t.date_time(run.started)
    for name, version in run.software.items():
        agent = ox.NamedNode(f"{base}software/{escape(name)}/{escape(version)}")
        yield activity, t.WAS_ASSOCIATED_WITH, agent
        yield agent, t.TYPE, t.SOFTWARE_AGENT
        yield agent, t.LABEL, t.text(name)
        yield agent, t.SOFTWARE_VERSION, t.text(version)
    for kind, digest in (("ontology", run.ontology_hash), ("configuration", run.configuration_hash)):
        used = ox.NamedNode(f"{base}{kind}/{escape(digest)}")
        yield activity, t.USED, used
        yield used, t.TYPE, t.ENTITY
        yield used, t.SHA256, t.text(digest)
