"""Gold of which names of several articles mean one thing → how well things are brought together: B³.

A gold file is YAML: ``articles`` (``id``, ``entities`` and ``relations`` as gold for extraction has them), or ``gold``,
a folder of such gold; and ``same``, the groups of ``[article, name]`` that are one thing each. Whatever is in no group is a
thing of its own. B³ (Bagga and Baldwin 1998, https://aclanthology.org/P98-1012/) asks of each name how many of those it
was joined with are right, and how many of those that are right it was joined with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from kg.areas import areas_of, in_full
from kg.engine import identify
from kg.errors import GoldError
from kg.graph import article_iri, describe_areas
from kg.graph import terms as t
from kg.identity import Decisions, Unit, resolve, units_of
from kg.model import Article, Entity, Extraction
from kg.ontology import Ontology
from kg.vocab import DATA

Name = tuple[str, str]
"""An article and what it calls a thing."""


@dataclass(frozen=True, slots=True)
class IdentityReport:
    """B³ over all ``names``, and over those that are, or were taken to be, one thing with another's (``shared``).

    ``joined`` are pairs that are two things and were made one, ``missed`` the other way round; of these ``offered``
    are left for a person to look at.
    """

    names: int
    precision: float
    recall: float
    shared: int
    shared_precision: float
    shared_recall: float
    joined: tuple[tuple[Name, Name], ...]
    missed: tuple[tuple[Name, Name], ...]
    offered: int
    ambiguous: int


def evaluate_identity(path: Path, ontology: Ontology) -> IdentityReport:
    """Bring together what a gold file names, and compare.

    Raises:
        GoldError: the file is not gold for identity.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        articles = data.get("articles") or [
            json.loads(file.read_text(encoding="utf-8")) for file in sorted((path.parent / data["gold"]).glob("*.json"))
        ]
        groups = [[(article, name) for article, name in group] for group in data["same"]]
        units: list[Unit] = []
        own: dict[Name, tuple[str, str]] = {}
        for article in articles:
            found, iris = _units(article, ontology)
            units += found
            own |= {(article["id"], name): (article_iri(article["id"]), iri) for name, iri in iris.items()}
        truth = {name: number for number, group in enumerate(groups) for name in group if own[name]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise GoldError(f"{path} is not gold for identity ({error!r}); write it as data/gold/identity shows") from error
    identity = resolve(units, ontology, Decisions(), DATA)
    taken = {name: identity.iris[article][iri] for name, (article, iri) in own.items()}
    offered = {pair[:2] for pair in identity.ambiguous}
    return _compare(taken, {name: truth.get(name, name) for name in taken}, offered, len(identity.ambiguous))


def _units(gold: Mapping[str, Any], ontology: Ontology) -> tuple[list[Unit], dict[str, str]]:
    """The things of an article's gold, and their IRIs by name."""
    entities = tuple(
        Entity(f"{each['class']}:{each['name']}", each["class"], each["name"], tuple(each.get("aliases", ())))
        for each in gold["entities"]
    )
    areas = areas_of(entities)
    extraction = Extraction(Article(gold["id"], "", "", gold["id"]), entities=entities)
    iris = {key: ox.NamedNode(iri) for key, iri in identify(in_full(extraction, areas), areas, ontology).items()}
    graph = ox.NamedNode(article_iri(gold["id"]))
    quads = describe_areas(areas.values())
    by_name: dict[str, ox.NamedNode] = {}
    for entity in in_full(extraction, areas).entities:
        node = by_name[entity.key.partition(":")[2]] = iris[entity.key]
        quads += [
            ox.Quad(node, t.TYPE, t.zkg(entity.label_), graph),
            ox.Quad(node, t.PREF_LABEL, t.label(entity.name), graph),
        ]
        quads += [ox.Quad(node, t.ALT_LABEL, t.label(alias), graph) for alias in entity.aliases]
    for subject, property_, object_ in (each[:3] for each in gold.get("relations", ())):
        if subject in by_name and object_ in by_name:
            quads.append(ox.Quad(by_name[subject], t.zkg(property_), by_name[object_], graph))
    return units_of(graph.value, quads, DATA), {name: node.value for name, node in by_name.items()}


def _compare(
    taken: Mapping[Name, str], truth: Mapping[Name, Any], offered: set[tuple[str, str]], ambiguous: int
) -> IdentityReport:
    right, found = _groups(truth), _groups(taken)
    scores = {}
    joined: set[tuple[Name, Name]] = set()
    missed: set[tuple[Name, Name]] = set()
    shared = []
    for name in taken:
        good, got = right[truth[name]], found[taken[name]]
        scores[name] = (len(good & got) / len(got), len(good & got) / len(good))
        joined |= {(name, other) for other in got - good if name < other}
        missed |= {(name, other) for other in good - got if name < other}
        if len(good | got) > 1:
            shared.append(name)
    return IdentityReport(
        len(taken),
        *_means(scores.values()),
        len(shared),
        *_means(scores[name] for name in shared),
        tuple(sorted(joined)),
        tuple(sorted(missed)),
        sum((min(taken[one], taken[other]), max(taken[one], taken[other])) in offered for one, other in missed),
        ambiguous,
    )


def _groups(of: Mapping[Name, Any]) -> dict[Any, set[Name]]:
    groups: dict[Any, set[Name]] = {}
    for name, group in of.items():
        groups.setdefault(group, set()).add(name)
    return groups


def _means(scores: Iterable[tuple[float, float]]) -> tuple[float, float]:
    pairs = list(scores)
    count = len(pairs) or 1
    return sum(precision for precision, _ in pairs) / count, sum(recall for _, recall in pairs) / count
