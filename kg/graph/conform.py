"""Quads → those that conform, and those taken out, each with the one reason it was taken out for.

What is taken out takes along what cannot stand without it: a statement its evidence, a thing all that is said
of it, an n-ary node its whole self. The rest is validated again until nothing in it violates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.graph import terms as t
from kg.graph.validate import Finding, Validator, is_violation
from kg.ontology import Ontology
from kg.vocab import ZKG

Rejected = list[tuple[list[ox.Quad], str]]

_ABOUT = (t.SUBJECT, t.PREDICATE, t.OBJECT)
_NODE_CLASSES = {t.zkg("Observation"), t.zkg("Milestone")}
_NODE_LINKS = {t.zkg("observedEntity"), t.zkg("milestoneOf"), t.zkg("withRespectTo")}
_ROUNDS = 20  # each round takes out at least one quad; shapes that never end in agreement empty the graph


def split_conforming(quads: Iterable[ox.Quad], validator: Validator) -> tuple[list[ox.Quad], Rejected]:
    """The quads nothing is wrong with, and the others with their reasons; both keep the order of ``quads``.

    ``sh:Warning`` and ``sh:Info`` take nothing out.
    """
    remaining = list(quads)
    rejected: Rejected = []
    for _ in range(_ROUNDS):
        findings = [finding for finding in validator.find(remaining) if is_violation(finding)]
        if not findings:
            return remaining, rejected
        before = len(remaining)
        for finding in findings:
            taken = _Removal(remaining, validator.ontology).by(finding)
            if taken:
                rejected.append(([quad for quad in remaining if quad in taken], reason(finding)))
                remaining = [quad for quad in remaining if quad not in taken]
        if len(remaining) == before:
            break
    # What is wrong cannot be told from the rest: nothing goes in.
    if remaining:
        rejected.append((remaining, reason(findings[0])))
    return [], rejected


def reason(finding: Finding) -> str:
    """One sentence: what was found, at which thing, with which value."""
    violation = finding.violation
    where = violation.focus_node + (f" {violation.path}" if violation.path else "")
    value = f" ({violation.value})" if violation.value and violation.value != violation.focus_node else ""
    return f"{violation.message}: {where}{value}"


class _Removal:
    """What goes when one thing goes, in one set of quads."""

    def __init__(self, quads: Sequence[ox.Quad], ontology: Ontology) -> None:
        self._ontology = ontology
        self._quads = quads
        self._by_subject: dict[str, list[ox.Quad]] = {}
        self._by_object: dict[str, list[ox.Quad]] = {}
        for quad in quads:
            self._by_subject.setdefault(str(quad.subject), []).append(quad)
            self._by_object.setdefault(str(quad.object), []).append(quad)
        self._taken: set[ox.Quad] = set()

    def by(self, finding: Finding) -> set[ox.Quad]:
        """The quads to take out for one finding; none where it was settled by taking out something else."""
        statements = self._found(finding)
        if statements is None:
            if self._is_article(finding.focus):
                return set(self._quads)
            self._take_node(finding.focus)
        else:
            for quad in statements:
                self._take(quad)
        self._take_unused_selectors()
        return self._taken

    def _found(self, finding: Finding) -> list[ox.Quad] | None:
        """The very statements at fault; ``None`` where it is the focus node as a whole."""
        if self._is_about_evidence_or_node(finding.focus):
            return None
        said = self._by_subject.get(finding.focus, [])
        if finding.path is not None:
            if finding.value is None:
                return None
            at_fault = [q for q in said if str(q.predicate) == finding.path and str(q.object) == finding.value]
            return [quad for quad in at_fault if _is_between_things(quad)] or None
        if finding.shape is None:
            return None
        subjects, objects = finding.shape.targets_of("subjects"), finding.shape.targets_of("objects")
        if not subjects and not objects:
            return None
        suspects = [quad for quad in said if quad.predicate.value in subjects] + [
            quad for quad in self._by_object.get(finding.focus, []) if quad.predicate.value in objects
        ]
        # A shape on all of a thing's statements of one property names none: the ontology tells them apart.
        return [quad for quad in suspects if not self._is_allowed(quad)] or suspects

    def _is_allowed(self, quad: ox.Quad) -> bool:
        property_ = quad.predicate.value.removeprefix(str(ZKG))
        return any(
            self._ontology.allows(property_, subject, object_)
            for subject in self._classes(str(quad.subject))
            for object_ in self._classes(str(quad.object))
        )

    def _classes(self, node: str) -> Iterator[str]:
        for quad in self._by_subject.get(node, []):
            if quad.predicate == t.TYPE and isinstance(quad.object, ox.NamedNode):
                yield quad.object.value.removeprefix(str(ZKG))

    def _take(self, quad: ox.Quad) -> None:
        if quad in self._taken:
            return
        self._taken.add(quad)
        for statement in self._evidence_of(quad):
            self._take_subject(statement)
        if quad.predicate in _NODE_LINKS or quad.predicate == t.TYPE:
            self._take_node(str(quad.subject))

    def _take_node(self, node: str) -> None:
        """Take out all a node says and all that is said of it; if it is evidence, what stands on it alone."""
        said = [quad for quad in self._by_subject.get(node, []) if quad not in self._taken]
        is_evidence = any(quad.predicate == t.TYPE and quad.object == t.STATEMENT for quad in said)
        self._take_subject(node)
        if is_evidence:
            for quad in self._about(said):
                if not any(self._stands(statement) for statement in self._evidence_of(quad)):
                    self._take(quad)
            return
        for quad in said:
            for statement in self._evidence_of(quad):
                self._take_subject(statement)
        for quad in self._by_object.get(node, []):
            if quad in self._taken:
                continue
            if quad.predicate in _ABOUT or quad.predicate == t.HAS_SELECTOR:
                self._take_node(str(quad.subject))
            else:
                self._take(quad)

    def _take_subject(self, node: str) -> None:
        self._taken.update(self._by_subject.get(node, []))

    def _about(self, statement: Sequence[ox.Quad]) -> list[ox.Quad]:
        """The quads a reified statement is evidence for."""
        parts = {quad.predicate: str(quad.object) for quad in statement}
        return [
            quad
            for quad in self._by_subject.get(parts.get(t.SUBJECT, ""), [])
            if str(quad.predicate) == parts.get(t.PREDICATE) and str(quad.object) == parts.get(t.OBJECT)
        ]

    def _evidence_of(self, quad: ox.Quad) -> list[str]:
        about = ((t.PREDICATE, quad.predicate), (t.OBJECT, quad.object))
        return [
            str(reified.subject)
            for reified in self._by_object.get(str(quad.subject), [])
            if reified.predicate == t.SUBJECT
            and all(
                any(q.predicate == predicate and q.object == term for q in self._by_subject[str(reified.subject)])
                for predicate, term in about
            )
        ]

    def _stands(self, node: str) -> bool:
        return any(quad not in self._taken for quad in self._by_subject.get(node, []))

    def _is_article(self, node: str) -> bool:
        return any(
            quad.predicate == t.TYPE and quad.object == t.zkg("Article") for quad in self._by_subject.get(node, [])
        )

    def _is_about_evidence_or_node(self, node: str) -> bool:
        whole = _NODE_CLASSES | {t.STATEMENT, t.POSITION_SELECTOR, t.QUOTE_SELECTOR}
        return any(quad.predicate == t.TYPE and quad.object in whole for quad in self._by_subject.get(node, []))

    def _take_unused_selectors(self) -> None:
        pointed_at = [quad for quad in self._quads if quad.predicate == t.HAS_SELECTOR]
        used = {str(quad.object) for quad in pointed_at if quad not in self._taken}
        for quad in pointed_at:
            if str(quad.object) not in used:
                self._take_subject(str(quad.object))


def _is_between_things(quad: ox.Quad) -> bool:
    """Whether a thing can do without this statement: its other statements may stand."""
    return quad.predicate == t.ALT_LABEL or (
        isinstance(quad.object, ox.NamedNode) and str(quad.predicate.value).startswith(str(ZKG))
    )
