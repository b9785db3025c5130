"""How sure the model of facts must be: the limits that serve best on articles it has not learned from.

Each article is annotated as it will be at work, by rules and the tagger; then the facts are revised under each
setting, and judged as ``kg evaluate`` judges. The three kinds do not touch each other, so each has its own grid.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from spacy.tokens import Doc
from torch import Tensor

from kg.annotate.components import Asking, questions_of, revise
from kg.annotate.learned.facts import MAX_ROWS, Answers, FactLimits, answers_of
from kg.annotate.learned.questions import Vocabulary
from kg.annotate.learned.states import states_of
from kg.annotate.pipeline import FACTS, build_pipeline, docs_of
from kg.evaluate.gold import Gold
from kg.evaluate.items import Figures
from kg.evaluate.judge import Judge
from kg.learn.fact_examples import read_gold_article
from kg.learn.fact_model import FactModel, inputs_of, tensors
from kg.model import Extraction
from kg.ontology import Ontology

NOTHING = FactLimits(2.0, 2.0, 2.0, 0.0, 2.0, 2.0)
"""Limits that leave all as the rules have it."""
ADD = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 2.0)
KEEP = (0.0, 0.05, 0.1, 0.2)
GRIDS: dict[str, list[dict[str, float]]] = {
    "relations": [{"add_relation": add} for add in ADD],
    "observations": [
        {"add_owner": add, "change_owner": change, "keep_owner": keep}
        for add, change, keep in itertools.product(ADD, (0.6, 0.8, 2.0), KEEP)
    ],
    "milestones": [
        {"add_happening": add, "change_date": change} for add, change in itertools.product(ADD, (0.5, 0.7, 0.9, 2.0))
    ],
}
PRECISION_GIVEN = 0.025
"""How much precision may be given for recall, against the rules alone: a wrong fact costs more than a missing one."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """One article as the rules read it, its questions, and its gold."""

    gold: Gold
    doc: Doc
    asked: Asking | None


def read_held_out(golds: Sequence[Gold], vocabulary: Vocabulary, ontology: Ontology) -> Iterator[HeldOut]:
    """The articles of the gold, annotated but for the model of facts."""
    nlp = build_pipeline(ontology, without=(FACTS,))
    articles = [read_gold_article(gold) for gold in golds]
    for gold, doc in zip(golds, nlp.pipe(docs_of(nlp, articles)), strict=True):
        yield HeldOut(gold, doc, questions_of(doc, vocabulary, ontology))


def answers_by(models: Sequence[FactModel], held: HeldOut) -> Answers | None:
    """What several models answer together: the mean of their scores."""
    if held.asked is None:
        return None
    questions = held.asked.questions
    inputs = inputs_of(states_of(held.doc._.kg_view.text), questions)
    plans = torch.from_numpy(questions.plans)
    scores: list[tuple[NDArray[np.float32], ...]] = []
    with torch.no_grad():
        for model in models:
            parts = model.encode(inputs)
            related, owns, happened = (
                tensors(asked) for asked in (questions.relations, questions.owners, questions.happenings)
            )
            scores.append(
                (
                    _in_turn(model.related, parts, inputs.cues, *related),
                    _in_turn(model.owns, parts, inputs.cues, *owns),
                    _in_turn(model.happened, parts, inputs.cues, *happened, plans),
                )
            )
    return answers_of(questions, *(np.mean(kind, axis=0) for kind in zip(*scores, strict=True)))


def _in_turn(
    asks: Callable[..., Tensor], parts: Tensor, cues: Tensor, rows: Tensor, question: Tensor, classes: Tensor, said: Tensor,
    *more: Tensor,
) -> NDArray[np.float32]:  # fmt: skip
    """The scores of all rows, so many at a time that memory stays small."""
    turns = [slice(start, start + MAX_ROWS) for start in range(0, len(rows), MAX_ROWS)]
    found = [asks(parts, cues, rows[t], classes[t], said[question[t]], *(m[t] for m in more)).numpy() for t in turns]
    return np.concatenate(found) if found else np.zeros((0, 1), dtype=np.float32)


def best_fact_limits(
    held_out: Sequence[HeldOut],
    answers: Sequence[Answers | None],
    vocabulary: Vocabulary,
    ontology: Ontology,
    on_found: Callable[[str], None] = lambda _: None,
) -> FactLimits:
    """The limits of ``GRIDS`` of the best F1 of each kind, of those that give no more than ``PRECISION_GIVEN``."""
    best = NOTHING
    for kind, grid in GRIDS.items():

        def score(setting: dict[str, float], kind: str = kind) -> Figures:
            return counted(held_out, answers, replace(NOTHING, **setting), vocabulary, ontology, kind)

        rules = score({})
        floor = (rules.precision or 0) - PRECISION_GIVEN
        scored = [(score(setting), setting) for setting in grid]
        fine = (one for one in scored if (one[0].precision or 0) >= floor)
        figures, setting = max(fine, key=lambda one: one[0].f1 or 0, default=(rules, {}))
        on_found(f"{kind}: {figures.right} right of {figures.predicted}, {figures.gold} in the gold, {setting}")
        best = replace(best, **setting)
    best = replace(best, trust=trust_in(held_out, answers, best, vocabulary, ontology))
    on_found(f"trust {best.trust}")
    return best


def trust_in(
    held_out: Sequence[HeldOut],
    answers: Sequence[Answers | None],
    limits: FactLimits,
    vocabulary: Vocabulary,
    ontology: Ontology,
) -> float:
    """How many of the facts that these limits add or change are right, of each that is as likely as certain."""
    kept = replace(NOTHING, keep_owner=limits.keep_owner)
    gained = sum(
        counted(held_out, answers, limits, vocabulary, ontology, kind).right
        - counted(held_out, answers, kept, vocabulary, ontology, kind).right
        for kind in GRIDS
    )
    found = [
        revised(held, answer, limits, vocabulary, ontology) for held, answer in zip(held_out, answers, strict=True)
    ]
    evidence = [
        *(fact.evidence for extraction in found for fact in extraction.relations),
        *(fact.evidence for extraction in found for fact in extraction.observations),
        *(fact.evidence for extraction in found for fact in extraction.milestones),
    ]
    expected = sum(why.confidence / limits.trust for why in evidence if why.rule.startswith("learned:"))
    return round(min(1.0, gained / expected), 2) if expected and gained > 0 else 1.0


def counted(
    held_out: Sequence[HeldOut],
    answers: Sequence[Answers | None],
    limits: FactLimits,
    vocabulary: Vocabulary,
    ontology: Ontology,
    kind: str,
) -> Figures:
    """How many facts of a kind are right, claimed, and wanted."""
    right = claimed = wanted = 0
    for held, answer in zip(held_out, answers, strict=True):
        extraction = revised(held, answer, limits, vocabulary, ontology)
        judge = Judge(held.gold, extraction, ontology.symmetric)
        judge.all()
        wanted += sum(item.kind == kind for item in judge.gold_items)
        predicted = [item for item in judge.predicted_items if item.kind == kind]
        claimed += len(predicted)
        right += sum(item.right for item in predicted)
    return Figures(right, claimed, wanted)


def revised(
    held: HeldOut, answer: Answers | None, limits: FactLimits, vocabulary: Vocabulary, ontology: Ontology
) -> Extraction:
    """The extraction under these limits; the Doc is left as it was."""
    doc = held.doc
    before = (doc._.kg_relations, doc._.kg_observations, doc._.kg_milestones)
    if held.asked is not None and answer is not None:
        revise(doc, held.asked, vocabulary, answer, limits, ontology)
    found = Extraction(doc._.article, doc._.kg_entities, doc._.kg_relations, doc._.kg_observations, doc._.kg_milestones)
    doc._.kg_relations, doc._.kg_observations, doc._.kg_milestones = before
    return found
