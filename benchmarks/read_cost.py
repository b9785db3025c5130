"""What reading and repairing costs, as a share of annotating the same articles: python benchmarks/read_cost.py.

For each kind of file, all are read, the articles are annotated, and the share is of the times in that one run: of
the processor's, for others may use the machine, and by the clock. Wanted: less than a tenth.
Measured: 2 to 3 % of plain text, of HTML, with pinyin in brackets and where one character in 3,000 lost a byte; 31 %
where one in 400 did, for what its runs may be is then weighed character by character.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "read"))

from simulate import mirrored, shifted, strewn  # noqa: E402
from texts import documents  # noqa: E402

from kg.annotate import annotate  # noqa: E402
from kg.model import Article  # noqa: E402
from kg.ontology import Ontology  # noqa: E402
from kg.read import Unread, read_articles  # noqa: E402

PAGE = (
    "<html><head><title>{title}</title></head><body><div class='nav'><a href='/'>首页</a></div>"
    "<article><h1>{title}</h1>{body}</article><div class='footer'>版权所有</div></body></html>"
)
KINDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "plain text": (".txt", str),
    "HTML": (".html", lambda text: page(text)),
    "a mirror's pinyin": (".txt", lambda text: mirrored(text).text),
    "strewn pinyin": (".txt", lambda text: strewn(text, 1, 0.1).text),
    "one in 3,000 lost a byte": (".txt", lambda text: shifted(text, len(text), 3_000).text),
    "one in 400 lost a byte": (".txt", lambda text: shifted(text, len(text), 400).text),
}


def page(text: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return PAGE.format(title=text[:12], body=body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=30_000, help="characters of each kind")
    texts = documents(parser.parse_args().chars, seed=4)
    ontology = Ontology.load()
    with tempfile.TemporaryDirectory() as folder:
        kinds = {
            name: written(Path(folder), [made(text) for text in texts], f".{number}{suffix}")
            for number, (name, (suffix, made)) in enumerate(KINDS.items())
        }
        for paths in kinds.values():  # tables and models are loaded before the clock starts
            list(annotate(read(paths[:2]), ontology))
        for name, paths in kinds.items():
            measure(name, paths, ontology)


def measure(name: str, paths: list[Path], ontology: Ontology) -> None:
    start = times()
    articles = read(paths)
    middle = times()
    for _ in annotate(articles, ontology):
        pass
    end = times()
    clock, processor = ((b - a) / (c - b) for a, b, c in zip(start, middle, end, strict=True))
    print(
        f"{name:25} {sum(len(a.text) for a in articles):,} characters: read in {middle[1] - start[1]:.2f} s of the "
        f"processor, annotated in {end[1] - middle[1]:.2f} s: {processor:.1%} (by the clock {clock:.1%})",
        flush=True,
    )


def times() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def read(paths: list[Path]) -> list[Article]:
    return [found for path in paths for found in read_articles(path) if not isinstance(found, Unread)]


def written(folder: Path, texts: list[str], suffix: str) -> list[Path]:
    paths = [folder / f"{number}{suffix}" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return paths


if __name__ == "__main__":
    main()
