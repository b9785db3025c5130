"""An article's graph as the article alone makes it → the same with one IRI and one name for each thing.

What an article calls a thing stays there as another name, with its evidence. Pieces of evidence keep their IRIs;
observations and milestones are named anew, since two articles that say the same of one thing make one node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from kg.graph import node_iri, unused_selectors
from kg.graph import terms as t
from kg.graph.iri import hashed_iri

Quads = Sequence[Any]
"""Quads whose terms are what they must be at their place, which pyoxigraph's types do not tell."""

_NODES: dict[Any, Any] = {t.zkg("Observation"): t.zkg("observedEntity"), t.zkg("Milestone"): t.zkg("milestoneOf")}


def rewrite(quads: Quads, iris: Mapping[str, str], names: Mapping[str, str], base: str) -> Iterator[ox.Quad]:
    """The quads with the things' IRIs (``iris``, by those they have) and names (by the new IRIs)."""
    renamed: dict[Any, Any] = {ox.NamedNode(old): ox.NamedNode(new) for old, new in iris.items() if old != new}
    renamed |= _nodes(quads, renamed, base)
    renaming = {
        quad.subject: name
        for quad in quads
        if quad.predicate == t.PREF_LABEL
        and (name := names.get(renamed.get(quad.subject, quad.subject).value, quad.object.value)) != quad.object.value
    }
    wanted = {iris[old]: names[iris[old]] for old in iris}
    dropped = _dropped(quads, renamed, wanted)
    for quad in quads:
        subject, object_ = renamed.get(quad.subject, quad.subject), renamed.get(quad.object, quad.object)
        if quad.subject in dropped or _is_own_name(subject, quad.predicate, quad.object, wanted):
            continue
        if quad.predicate == t.PREF_LABEL and quad.subject in renaming:
            object_ = ox.Literal(renaming[quad.subject], language="zh-Hans")
            yield ox.Quad(subject, t.ALT_LABEL, quad.object, quad.graph_name)
        yield ox.Quad(subject, quad.predicate, object_, quad.graph_name)
    yield from _evidence(quads, renamed, renaming, base)


def _nodes(quads: Quads, renamed: Mapping[Any, Any], base: str) -> dict[Any, Any]:
    """Observations and milestones of things that are called otherwise now, and their IRIs."""
    classes = {quad.subject: quad.object for quad in quads if quad.predicate == t.TYPE and quad.object in _NODES}
    about: dict[Any, list[tuple[Any, Any]]] = {node: [] for node in classes}
    touched: set[Any] = set()
    for quad in quads:
        if quad.subject in classes and quad.predicate != t.TYPE:
            about[quad.subject].append((quad.predicate, renamed.get(quad.object, quad.object)))
            if quad.object in renamed:
                touched.add(quad.subject)
    found: dict[Any, Any] = {}
    for node in touched:
        link = _NODES[classes[node]]
        of = next(value for property_, value in about[node] if property_ == link)
        rest = [(property_, value) for property_, value in about[node] if property_ != link]
        found[node] = node_iri(classes[node].value.rpartition("#")[2], of, rest, base)
    return found


def _is_own_name(subject: Any, predicate: Any, object_: Any, wanted: Mapping[str, str]) -> bool:
    """Whether this says that a thing is also called what it is called."""
    return (
        predicate == t.ALT_LABEL
        and isinstance(subject, ox.NamedNode)
        and isinstance(object_, ox.Literal)
        and object_.value == wanted.get(subject.value)
    )


def _dropped(quads: Quads, renamed: Mapping[Any, Any], wanted: Mapping[str, str]) -> set[Any]:
    """Evidence that a thing is also called what it is called, with what only this needs."""
    parts: dict[Any, dict[Any, Any]] = {}
    for quad in quads:
        if quad.predicate in (t.SUBJECT, t.PREDICATE, t.OBJECT):
            parts.setdefault(quad.subject, {})[quad.predicate] = quad.object
    gone = {
        node
        for node, of in parts.items()
        if len(of) == 3
        and _is_own_name(renamed.get(of[t.SUBJECT], of[t.SUBJECT]), of[t.PREDICATE], of[t.OBJECT], wanted)
    }
    return gone | unused_selectors(quads, gone) if gone else gone


def _evidence(
    quads: Quads,
    renamed: Mapping[Any, Any],
    renaming: Mapping[Any, str],
    base: str,
) -> Iterator[ox.Quad]:
    """That the article calls a thing what was its name there: where it names it."""
    labels = {q.subject: q.object for q in quads if q.predicate == t.PREF_LABEL and q.subject in renaming}
    typing = {q.subject for q in quads if q.predicate == t.PREDICATE and q.object == t.TYPE}
    of = {q.subject: q.object for q in quads if q.predicate == t.SUBJECT and q.subject in typing and q.object in labels}
    first: dict[Any, Any] = {}
    for node, thing in sorted(of.items(), key=str):
        first.setdefault(thing, node)
    copies = {node: thing for thing, node in first.items()}
    for quad in quads:
        if quad.subject in copies:
            thing = copies[quad.subject]
            node = ox.NamedNode(hashed_iri("statement", (str(quad.subject), str(labels[thing])), base))
            said = {t.SUBJECT: renamed.get(thing, thing), t.PREDICATE: t.ALT_LABEL, t.OBJECT: labels[thing]}
            yield ox.Quad(node, quad.predicate, said.get(quad.predicate, quad.object), quad.graph_name)
