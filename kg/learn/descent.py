"""A model and what it learns from, in; the same model trained, out: the loop that all training here shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

MAX_GRADIENT_NORM = 1.0
Model = TypeVar("Model", bound=nn.Module)
Example = TypeVar("Example")


def descend(
    model: Model,
    examples: Sequence[Example],
    loss_of: Callable[[Example], Tensor],
    shuffle: Callable[[list[Example]], None],
    on_epoch: Callable[[], None],
    *,
    epochs: int,
    rate: float,
    decay: float,
    warm_up_steps: int,
) -> Model:
    """Train ``model`` by AdamW, one example a step, the learning ``rate`` rising for some steps, then falling to nothing."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    step, steps = 0, epochs * len(examples)
    order = list(examples)
    for _ in range(epochs):
        model.train()
        shuffle(order)
        for example in order:
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, step / warm_up_steps) * (1 - step / steps)
            step += 1
            loss = loss_of(example)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call] # torch says no types here
            nn.utils.clip_grad_norm_(model.parameters(), MAX_GRADIENT_NORM)
            optimizer.step()
        on_epoch()
    model.eval()
    return model
