"""Questions in, a score for each answer out: the model of facts in torch.

A BiLSTM reads the states of the lexical model with what is known of each character. Of each pair of places the model
sees both ends, what lies between and around them (means and maxima), and what it attends to from there (Vaswani et al.
2017, https://arxiv.org/abs/1706.03762, with a bias for the distance to each end). Of several places where two things
stand together the surest counts (Riedel et al. 2010, https://doi.org/10.1007/978-3-642-15939-8_10).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 # its usual name

from kg.annotate.lac import STATE_WIDTH
from kg.annotate.learned.questions import MAX_BETWEEN_CHARS, ROW, ROW_VALUES, Asked, Questions, Vocabulary
from kg.learn.descent import descend
from kg.learn.fact_examples import FactExample

INPUT_WIDTH, LSTM_WIDTH, PART_WIDTH, HIDDEN_WIDTH = 224, 160, 112, 192
HEADS, HEAD_WIDTH, REACH, BEFORE, AFTER, NEAR = 4, 32, 32, 12, 14, 24
FEATURE_WIDTH, CLASS_WIDTH, CUE_WIDTH, TAG_WIDTH = 12, 24, 24, 40
AROUND_CHARS, CUES_AROUND_CHARS = 8, 12
DROPOUT = 0.35
LEARNING_RATE, WEIGHT_DECAY, WARM_UP_STEPS = 2e-3, 0.02, 150
HIDDEN_RULES = 0.15  # the share of articles where the rules' answers are hidden, so that the model can do without
NEAR_NEGATIVES, FAR_NEGATIVES = 0.8, 0.3  # the share of pairs without a relation that are learned from
RARE = -3.0  # where the scores begin: most answers are no


class Inputs(NamedTuple):
    """Of each character what ``Questions`` say, as tensors."""

    states: Tensor
    tags: Tensor
    named: Tensor
    marked: Tensor
    cues: Tensor


class FactModel(nn.Module):
    """See the module; ``widths`` are classes, tags, kinds, properties, types."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        properties, types = len(vocabulary.properties), len(vocabulary.types)
        cues, attended = vocabulary.cue_count, HEADS * HEAD_WIDTH
        self.tags, self.named, self.marked = (
            nn.Embedding(n, w) for n, w in ((len(vocabulary.tags), TAG_WIDTH), (3, 8), (3, 8))
        )
        self.cues = nn.Linear(cues, CUE_WIDTH)
        self.input = nn.Linear(STATE_WIDTH + TAG_WIDTH + 16 + CUE_WIDTH, INPUT_WIDTH)
        self.lstm = nn.LSTM(INPUT_WIDTH, LSTM_WIDTH, bidirectional=True, batch_first=True)
        self.parts = nn.Linear(2 * LSTM_WIDTH, 4 * PART_WIDTH + 2 * attended)
        self.query = nn.Linear(2 * PART_WIDTH + 2 * CLASS_WIDTH, attended)
        self.to_first, self.to_second = (nn.Embedding(2 * REACH + 2, HEADS) for _ in range(2))
        self.features = nn.ModuleList(nn.Embedding(values, FEATURE_WIDTH) for values in ROW_VALUES)
        self.classes = nn.Embedding(len(vocabulary.classes), CLASS_WIDTH)
        self.kinds = nn.Embedding(len(vocabulary.kinds), CLASS_WIDTH)
        self.no_time = nn.Parameter(torch.zeros(PART_WIDTH))
        seen = attended + 7 * PART_WIDTH + len(ROW_VALUES) * FEATURE_WIDTH + 3 * cues + 2 * CLASS_WIDTH
        self.relation = _Answer(seen, 2 * properties, properties)
        self.owner = _Answer(seen, 1, 1)
        self.happening = _Answer(seen + 2, types, types)
        self.dropout = nn.Dropout(DROPOUT)

    def encode(self, inputs: Inputs) -> Tensor:
        """``[characters, parts]``: all that the answers need of each character."""
        known = [self.cues(inputs.cues), self.tags(inputs.tags), self.named(inputs.named), self.marked(inputs.marked)]
        seen = torch.cat([self.dropout(inputs.states), *known], dim=-1)
        hidden, _ = self.lstm(self.dropout(F.gelu(self.input(seen)))[None])
        parts: Tensor = self.parts(self.dropout(hidden[0]))
        return parts

    def related(
        self, parts: Tensor, cues: Tensor, rows: Tensor, classes: Tensor, said: Tensor, known: float = 1
    ) -> Tensor:
        """``[rows, properties]``: scores. ``said`` is that of each row's question."""
        ends = self.classes(classes).flatten(1)
        return self.relation(torch.cat([self._seen(parts, cues, rows, ends), ends], -1), said, known)  # type: ignore[no-any-return]

    def owns(
        self, parts: Tensor, cues: Tensor, rows: Tensor, classes: Tensor, said: Tensor, known: float = 1
    ) -> Tensor:
        """``[rows, 1]``: scores; that nobody owns a figure has the score 0."""
        owner = self.classes(classes[:, 1])
        seen = self._seen(parts, cues, rows, torch.cat([owner, owner], -1))
        return self.owner(torch.cat([seen, owner, self.kinds(classes[:, 0])], -1), said, known)  # type: ignore[no-any-return]

    def happened(
        self, parts: Tensor, cues: Tensor, rows: Tensor, classes: Tensor, said: Tensor, plans: Tensor, known: float = 1
    ) -> Tensor:
        """``[rows, types]``: scores."""
        ends = self.classes(classes).flatten(1)
        seen = self._seen(parts, cues, rows, ends, undated=rows[:, ROW.index("second_is_name")] == 1)
        return self.happening(torch.cat([seen, ends, plans], -1), said, known)  # type: ignore[no-any-return]

    def _seen(self, parts: Tensor, cues: Tensor, rows: Tensor, ends: Tensor, undated: Tensor | None = None) -> Tensor:
        widths = [PART_WIDTH] * 4 + [HEADS * HEAD_WIDTH] * 2
        as_first, as_second, as_between, as_around, keys, values = torch.split(parts, widths, dim=-1)
        s1, e1, s2, e2, start, end = rows[:, :6].unbind(1)
        length = parts.shape[0]
        first, second = _mean(as_first, s1, e1), _mean(as_second, s2, e2)
        if undated is not None:
            second = torch.where(undated[:, None], self.no_time[None], second)
        begin, close = torch.minimum(s1, s2), torch.maximum(e1, e2)
        between = _mean(as_between, start, end)
        highest = _highest(as_between, start, end)
        behind = _mean(as_around, close, (close + AROUND_CHARS).clamp(max=length))
        before = _mean(as_around, (begin - AROUND_CHARS).clamp(min=0), begin)
        features = [table(rows[:, 6 + i]) for i, table in enumerate(self.features)]
        said = [
            _any(cues, start, end),
            _any(cues, close, (close + CUES_AROUND_CHARS).clamp(max=length)),
            _any(cues, (begin - CUES_AROUND_CHARS).clamp(min=0), begin),
        ]
        attended = self._attended(keys, values, rows, torch.cat([first, second, ends], -1))
        return torch.cat(
            [attended, first, second, first * second, between, highest, behind, before, *features, *said], -1
        )

    def _attended(self, keys: Tensor, values: Tensor, rows: Tensor, asked: Tensor) -> Tensor:
        """What stands near both ends, weighed by the query."""
        length = keys.shape[0]
        s1, e1, s2, e2 = rows[:, :4].unbind(1)
        is_first = s1 <= s2
        left_start, left_end = torch.where(is_first, s1, s2)[:, None], torch.where(is_first, e1, e2)[:, None]
        right_start, right_end = torch.where(is_first, s2, s1)[:, None], torch.where(is_first, e2, e1)[:, None]
        after_left, before_right = left_end + torch.arange(0, NEAR), right_start + torch.arange(-NEAR, 0)
        where = torch.cat(
            [left_start + torch.arange(-BEFORE, 0), after_left, before_right, right_end + torch.arange(0, AFTER)], 1
        )
        inside = (where >= 0) & (where < length)
        between_left = torch.cat(
            [
                torch.ones_like(left_start).expand(-1, BEFORE) > 0,
                after_left < right_start.clamp(min=1),
                before_right >= left_end + NEAR,
                torch.ones_like(left_start).expand(-1, AFTER) > 0,
            ],
            1,
        )
        where = where.clamp(0, length - 1)
        query = self.query(asked).view(-1, HEADS, HEAD_WIDTH)
        key = keys.view(length, HEADS, HEAD_WIDTH)[where]
        value = values.view(length, HEADS, HEAD_WIDTH)[where]
        score = torch.einsum("phd,plhd->plh", query, key) / HEAD_WIDTH**0.5
        score = score + self.to_first((where - s1[:, None]).clamp(-REACH, REACH + 1) + REACH)
        score = score + self.to_second((where - s2[:, None]).clamp(-REACH, REACH + 1) + REACH)
        score = score.masked_fill(~(inside & between_left)[..., None], -1e4)
        return torch.einsum("plh,plhd->phd", score.softmax(1), value).flatten(1)


class _Answer(nn.Module):
    """What is seen of a place, and what the rules say, into scores."""

    def __init__(self, seen: int, said: int, answers: int) -> None:
        super().__init__()
        self.hidden, self.of_rules = nn.Linear(seen, HIDDEN_WIDTH), nn.Linear(said, HIDDEN_WIDTH, bias=False)
        self.without_rules = nn.Parameter(torch.zeros(HIDDEN_WIDTH))
        self.dropout = nn.Dropout(DROPOUT)
        self.scores, self.trust = nn.Linear(HIDDEN_WIDTH, answers), nn.Linear(said, answers, bias=False)
        nn.init.constant_(self.scores.bias, RARE)

    def forward(self, seen: Tensor, said: Tensor, known: float) -> Tensor:
        said = said * known
        hidden = self.hidden(seen) + self.of_rules(said) + (1 - known) * self.without_rules
        scores: Tensor = self.scores(self.dropout(F.gelu(hidden))) + self.trust(said)
        return scores


def _sums(values: Tensor) -> Tensor:
    return torch.cat([torch.zeros(1, values.shape[1]), values.cumsum(0)])


def _mean(values: Tensor, start: Tensor, end: Tensor) -> Tensor:
    sums = _sums(values)
    return (sums[end] - sums[start]) / (end - start).clamp(min=1)[:, None]


def _any(values: Tensor, start: Tensor, end: Tensor) -> Tensor:
    sums = _sums(values)
    return ((sums[end] - sums[start]) > 0).float()


def _highest(values: Tensor, start: Tensor, end: Tensor) -> Tensor:
    where = start[:, None] + torch.arange(MAX_BETWEEN_CHARS)
    inside = where < end[:, None]
    return torch.where(inside[..., None], values[where.clamp(max=values.shape[0] - 1)], torch.tensor(-2.0)).amax(1)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One article as tensors, with the answers wanted."""

    inputs: Inputs
    relations: tuple[Tensor, ...]
    owners: tuple[Tensor, ...]
    happenings: tuple[Tensor, ...]
    figures: Tensor  # of each owner asked about, which figure
    allowed: Tensor  # [pairs, properties]
    near: Tensor  # [pairs]: both stand in one sentence somewhere
    example: FactExample


def batch(example: FactExample) -> Batch:
    """An example as the model takes it."""
    questions = example.questions
    rows = questions.relations.rows
    near = torch.zeros(len(questions.pairs), dtype=torch.bool)
    near[questions.relations.question[rows[:, ROW.index("sentences")] == 0]] = True
    return Batch(
        inputs_of(example.states, questions),
        tensors(questions.relations),
        tensors(questions.owners),
        (*tensors(questions.happenings), torch.from_numpy(questions.plans)),
        torch.tensor([figure for figure, _ in questions.owned], dtype=torch.long),
        torch.from_numpy(questions.allowed),
        near,
        example,
    )


def inputs_of(states: Any, questions: Questions) -> Inputs:
    """The tensors of one article's characters."""
    return Inputs(
        torch.from_numpy(states.astype("float32")),
        *(torch.from_numpy(a) for a in (questions.tags, questions.named, questions.marked, questions.cues)),
    )


def tensors(asked: Asked) -> tuple[Tensor, ...]:
    """Rows, questions, classes, and what the rules say of each question."""
    return tuple(torch.from_numpy(a) for a in (asked.rows, asked.question, asked.classes, asked.said))


def surest(scores: Tensor, question: Tensor, count: int) -> Tensor:
    """``[count, …]``: of the rows of each question the highest score."""
    lowest = torch.full((count, scores.shape[1]), -1e4)
    return lowest.scatter_reduce(0, question[:, None].expand_as(scores), scores, "amax", include_self=True)


def loss_of(model: FactModel, batch: Batch, rng: random.Random) -> Tensor:
    """How far the answers are from the gold: cross-entropies, each kind by the number of its true answers."""
    example = batch.example
    parts = model.encode(batch.inputs)
    cues = batch.inputs.cues
    loss = torch.zeros(())

    def known() -> float:
        return 0.0 if example.seen_by_rules or rng.random() < HIDDEN_RULES else 1.0

    rows, question, classes, said = batch.relations
    if len(rows):
        wanted = torch.from_numpy(example.related)
        is_true = wanted.sum(1) > 0
        share = torch.where(batch.near, NEAR_NEGATIVES, FAR_NEGATIVES)
        chosen = is_true | (torch.rand(len(wanted)) < share)
        keep = chosen[question]
        scores = model.related(parts, cues, rows[keep], classes[keep], said[question[keep]], known())
        scores = surest(scores, question[keep], len(wanted))
        weight = torch.where(chosen, torch.where(is_true, 1.0, 1 / share), 0.0)
        each = F.binary_cross_entropy_with_logits(scores, wanted, reduction="none") * weight[:, None]
        loss = loss + each[batch.allowed].sum() / wanted.sum().clamp(min=10)
    rows, question, classes, said, plans = batch.happenings
    if len(rows):
        wanted = torch.from_numpy(example.happened)
        scores = surest(
            model.happened(parts, cues, rows, classes, said[question], plans, known()), question, len(wanted)
        )
        loss = loss + 0.5 * F.binary_cross_entropy_with_logits(scores, wanted, reduction="sum") / wanted.sum().clamp(
            min=5
        )
    rows, question, classes, said = batch.owners
    if len(rows):
        scores = model.owns(parts, cues, rows, classes, said, known())[:, 0]
        owner, nobody = owner_logs(scores, batch.figures)
        owns = torch.from_numpy(example.owns)
        count = len(nobody)
        asked = torch.zeros(count).index_add(0, batch.figures, torch.ones(len(scores))) > 0
        right = torch.zeros(count).index_add(0, batch.figures, owner.exp() * owns)
        owned = torch.zeros(count).index_add(0, batch.figures, owns) > 0
        loss = loss + 0.7 * torch.where(owned, -right.clamp(min=1e-6).log(), -nobody)[asked].mean()
    return loss


def owner_logs(scores: Tensor, figures: Tensor) -> tuple[Tensor, Tensor]:
    """The logarithms of how likely each owner is, and of how likely it is for each figure that nobody is."""
    count = int(figures.max()) + 1
    highest = surest(scores[:, None], figures, count)[:, 0].clamp(min=0)
    sums = torch.zeros(count).index_add(0, figures, (scores - highest[figures]).exp()) + (-highest).exp()
    return scores - highest[figures] - sums.log()[figures], -highest - sums.log()


def train(
    examples: Sequence[Sequence[FactExample]],
    vocabulary: Vocabulary,
    epochs: int,
    seed: int,
    on_epoch: Callable[[], None],
) -> FactModel:
    """A model trained on ``examples``, one article a step, in each epoch one of its versions, the learning rate falling to nothing."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = FactModel(vocabulary)
    return descend(
        model,
        [[batch(version) for version in versions] for versions in examples],
        lambda versions: loss_of(model, rng.choice(versions), rng),
        rng.shuffle,
        on_epoch,
        epochs=epochs,
        rate=LEARNING_RATE,
        decay=WEIGHT_DECAY,
        warm_up_steps=WARM_UP_STEPS,
    )
