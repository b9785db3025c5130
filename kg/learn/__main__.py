"""``python -m kg.learn``: train the tagger on articles with gold, choose its limits on others, and write it.

The command that made the shipped weights is ``make learn``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import Progress

from kg.annotate.learned.tagger import tags_of
from kg.learn.examples import read_examples
from kg.learn.limits import best_limits
from kg.learn.tagger import Together, probabilities, save, train
from kg.ontology import Ontology

WEIGHTS = Path(__file__).resolve().parents[1] / "annotate" / "learned" / "weights"
NOT_NAMED = frozenset({"Article", "Milestone", "Observation"})


def main(
    training: Annotated[list[Path], typer.Argument(help="Gold to learn from.")],
    tune: Annotated[list[Path], typer.Option(help="Gold to choose the limits on.")],
    out: Annotated[Path, typer.Option(help="The model.")] = WEIGHTS / "tagger.onnx",
    epochs: int = 8,
    copies: int = 1,
    seeds: int = 3,
    threads: int = 1,
) -> None:
    """Train the tagger."""
    torch.set_num_threads(threads)
    ontology = Ontology.load()
    tags = tags_of(sorted(set(ontology.classes) - NOT_NAMED))
    learned_from = list(read_examples(training, tags, ontology, copies))
    held_out = list(read_examples(tune, tags, ontology))
    typer.echo(
        f"{len(learned_from)} articles and copies of them to learn from, {len(held_out)} to choose the limits on"
    )
    with Progress() as progress:
        task = progress.add_task("training", total=epochs * seeds)
        models = [train(learned_from, len(tags), epochs, seed, lambda: progress.advance(task)) for seed in range(seeds)]
    model = Together(models).eval()
    limits = best_limits(held_out, [probabilities(model, example) for example in held_out], tags)
    typer.echo(f"limits {limits}")
    out.parent.mkdir(parents=True, exist_ok=True)
    save(model, tags, limits, out)
    typer.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
