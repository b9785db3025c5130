"""What an article says, and how sure it must be → the part of it that is as sure.

Confidence is that of facts: relations, observations and milestones. A thing stays, with its class and its names,
whatever is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.graph import terms as t

_CONFIDENCE = t.zkg("confidence")
_NAMING = (t.TYPE, t.ALT_LABEL)
_NODE_LINKS = (t.zkg("observedEntity"), t.zkg("milestoneOf"))


def require_confidence(value: float) -> None:
    """Refuse what is no confidence.

    Raises:
        KgError: ``value`` is not in [0, 1].
    """
    if not 0 <= value <= 1:
        raise KgError(f"{value} is no confidence; give a number from 0 to 1")


def sure(quads: Iterable[ox.Quad], minimum: float) -> list[ox.Quad]:
    """One article's quads, in their order, without the evidence below ``minimum`` and the facts that then have none.

    An observation or a milestone goes as a whole. What has no evidence at all stays.
    """
    said = list(quads)
    reasons = {quad.subject for quad in said if quad.predicate == t.TYPE and quad.object == t.STATEMENT}
    about: dict[t.Term, dict[t.Term, Any]] = {node: {} for node in reasons}
    for quad in said:
        if quad.subject in reasons:
            about[quad.subject][quad.predicate] = quad.object
    fact_of = {node: (parts[t.SUBJECT], parts[t.PREDICATE], parts[t.OBJECT]) for node, parts in about.items()}
    gone = {
        node
        for node, (_, predicate, _) in fact_of.items()
        if predicate not in _NAMING and float(about[node][_CONFIDENCE].value) < minimum
    }
    unsaid = {fact_of[node] for node in gone} - {fact_of[node] for node in reasons - gone}
    gone |= {subject for subject, predicate, _ in unsaid if predicate in _NODE_LINKS}
    gone |= unused_selectors(said, gone)
    return [q for q in said if q.subject not in gone and (q.subject, q.predicate, q.object) not in unsaid]


def unused_selectors(said: Sequence[ox.Quad], gone: set[t.Term]) -> set[t.Term]:
    """The selectors that nothing points to when ``gone`` is gone."""
    pointing = [quad for quad in said if quad.predicate == t.HAS_SELECTOR]
    return {quad.object for quad in pointing} - {quad.object for quad in pointing if quad.subject not in gone}
