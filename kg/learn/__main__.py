"""``python -m kg.learn tagger`` and ``python -m kg.learn facts``: train on articles with gold, choose limits, write.

The commands that made the shipped weights are ``make learn``. The tagger comes first: the limits of the model of
facts are chosen on articles as the tagger reads them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import Progress

from kg.annotate.learned.questions import NOT_NAMED, Vocabulary
from kg.annotate.learned.tagger import tags_of
from kg.evaluate.gold import find_gold
from kg.learn import fact_export, fact_model
from kg.learn.examples import read_examples
from kg.learn.fact_examples import read_fact_examples, read_swapped
from kg.learn.fact_limits import answers_by, best_fact_limits, read_held_out
from kg.learn.limits import best_limits
from kg.learn.tagger import Together, probabilities, save, train
from kg.ontology import Ontology

WEIGHTS = Path(__file__).resolve().parents[1] / "annotate" / "learned" / "weights"

Training = Annotated[list[Path], typer.Argument(help="Gold to learn from.")]
Tune = Annotated[list[Path], typer.Option(help="Gold to choose the limits on.")]

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def tagger(
    training: Training,
    tune: Tune,
    out: Annotated[Path, typer.Option(help="The model.")] = WEIGHTS / "tagger.onnx",
    epochs: int = 8,
    copies: int = 1,
    seeds: int = 3,
    threads: int = 1,
) -> None:
    """Train what revises names."""
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


@app.command()
def facts(
    training: Training,
    tune: Tune,
    seen_by_rules: Annotated[
        str, typer.Option(help="A pattern of the names of articles that rules were written for.")
    ] = "[a-h][0-9]",
    out: Annotated[Path, typer.Option(help="The folder of the model.")] = WEIGHTS / "facts",
    epochs: int = 10,
    seeds: int = 2,
    threads: int = 1,
) -> None:
    """Train what revises relations, owners of figures, and milestones."""
    torch.set_num_threads(threads)
    ontology = Ontology.load()
    vocabulary, seen = Vocabulary.of(ontology), re.compile(seen_by_rules)
    golds = list(find_gold(training))
    versions = [read(golds, vocabulary, ontology, seen) for read in (read_fact_examples, read_swapped)]
    examples = list(zip(*versions, strict=True))
    typer.echo(f"{len(examples)} articles, and a copy of each, to learn from")
    with Progress() as progress:
        task = progress.add_task("training", total=epochs * seeds)
        models = [
            fact_model.train(examples, vocabulary, epochs, seed, lambda: progress.advance(task))
            for seed in range(seeds)
        ]
    held_out = list(read_held_out(list(find_gold(tune)), vocabulary, ontology))
    answers = [answers_by(models, held) for held in held_out]
    limits = best_fact_limits(held_out, answers, vocabulary, ontology, typer.echo)
    fact_export.save(models, vocabulary, limits, out)
    typer.echo(f"{out}: {sum(part.stat().st_size for part in out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    app()
