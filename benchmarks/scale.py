"""Build a graph of N made articles and say what each costs: ``python benchmarks/scale.py N [--workers W] [--keep DIR]``.

Prints articles and statements a second, bytes for each statement, the most memory that all processes took together,
what an article costs at the start and at the end (by the clock, and of the processor, for others may use the machine),
what bringing things together and inference cost at the end, and how long the store takes to open. ``--stub`` leaves out
the annotation, which is the same for each article however many there are: what a text names stands in it then. Then what
remains is what may grow. ``--break-even`` builds few articles with and without workers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import kg
import kg.builder
from kg.engine import Local
from kg.extractors import Extractor, Rules
from kg.model import Article, Entity, Evidence, Extraction, Mention, Relation
from kg.ontology import Ontology
from kg.store import GraphFolder

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from corpus import articles, write  # noqa: E402

PART = 10
"""The start and the end are the first and last tenth."""
NAMES = (
    (r"[\w]{2,8}?(?:有限公司|集团)", "Company"),
    (r"\w\w市(?=市委|\w\w[县区]|获悉|人民|推进|大学)", "AdministrativeArea"),
    (r"(?<=[从到在，。])\w{2,8}?(?:开发区|产业园|科技园|保税区|物流园)", "IndustrialPark"),
)


class Named:
    """Reads nothing but names of made articles, and that each company they name lies in the park they name."""

    software: Mapping[str, str] = {}
    configuration: Mapping[str, str] = {"extractor": "named"}
    in_processes = True

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction]:  # noqa: ARG002
        for article in articles:
            yield _extraction(article)


def _extraction(article: Article) -> Extraction:
    import re

    from kg.model import TextSpan

    entities: dict[str, Entity] = {}
    relations: list[Relation] = []
    for line in re.finditer("[^。\n]+", article.text):
        sentence = TextSpan(*line.span())
        here: dict[str, list[str]] = {}
        for pattern, label in NAMES:
            for match in re.compile(pattern).finditer(article.text, *sentence):
                span = TextSpan(*match.span())
                why = Evidence(span, sentence, "named", 0.9)
                mention = Mention(span, match[0], label, "named")
                entities.setdefault(match[0], Entity(match[0], label, match[0], mentions=(mention,), evidence=why))
                here.setdefault(entities[match[0]].label_, []).append(match[0])
        why = Evidence(sentence, sentence, "named", 0.9)
        for park in here.get("IndustrialPark", [])[:1]:
            relations += [
                Relation(company, "settledIn", park, why) for company in dict.fromkeys(here.get("Company", []))
            ]
            relations += [Relation(park, "locatedIn", area, why) for area in here.get("AdministrativeArea", [])[:1]]
    return Extraction(article, tuple(entities.values()), tuple(relations))


class Memory:
    """The most that this process and those below it took at once, in bytes; what they share is counted once for each."""

    def __init__(self) -> None:
        self.most = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.5):
            self.most = max(self.most, sum(map(taken, below(os.getpid()))))


def below(process: int) -> list[int]:
    """A process and those that it and they began."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            of = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(of[1]), []).append(int(path.parent.name))
    found = [process]
    for each in found:
        found += parents.get(each, [])
    return found


def taken(process: int) -> int:
    """What a process takes for itself, and its share of what it has in common with others."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(count: int, workers: int, folder: Path, extractor: Extractor, files: bool) -> None:
    corpus = folder / ("corpus" if files else "corpus.jsonl")
    write(articles(count), corpus)
    out = folder / "graph"
    clock: list[float] = []
    processor: list[float] = []
    step = max(1, count // PART)

    def on_article(_: str, done: int, __: int) -> None:
        if done == 1 or not done % step:
            clock.append(time.monotonic())
            processor.append(time.process_time())

    ending: list[float] = []
    complete = kg.builder.complete

    def timed(*arguments: object) -> None:
        begun = time.monotonic(), time.process_time()
        complete(*arguments)  # type: ignore[arg-type]
        ending.extend((time.monotonic() - begun[0], time.process_time() - begun[1]))

    kg.builder.complete = timed
    with Memory() as memory:
        report = kg.builder.build([corpus], out, extractor=extractor, on_article=on_article, engine=Local(workers))
    kg.builder.complete = complete
    begun = time.monotonic()
    with kg.open(out) as graph:
        bool(graph.query("ASK { ?s ?p ?o }"))
        opened = time.monotonic() - begun
    with GraphFolder(out).open(read_only=True) as store:
        statements = len(store)
    kept = size(out)
    print(f"{report.read:,} articles, {len(report.skipped)} skipped, {workers} workers: {report.seconds:,.0f} s")
    print(f"{report.read / report.seconds:,.1f} articles/s, {statements / report.seconds:,.0f} quads/s")
    print(
        f"{statements:,} quads (each statement of an article stands in its graph and in the default graph), "
        f"{kept / statements:,.0f} bytes for each; {kept / report.read:,.0f} bytes for each article, "
        f"of which the store {size(out / 'store') / report.read:,.0f}, said.db {sum(p.stat().st_size for p in out.glob('said.db*')) / report.read:,.0f}"
    )
    print(f"{memory.most / 1e6:,.0f} MB of memory at most, in all processes")
    for name, times in (("by the clock", clock), ("of the one that writes, of the processor", processor)):
        if len(times) > 2:
            start, end = (times[2] - times[1]) / step, (times[-1] - times[-2]) / step
            print(
                f"an article costs {1e3 * start:.1f} ms at the start, {1e3 * end:.1f} ms at the end {name} ({end / start - 1:+.0%})"
            )
    print(
        f"what follows from all articles: {ending[0]:,.1f} s, {1e3 * ending[0] / report.read:.2f} ms for each; {ending[1]:,.1f} s of the processor"
    )
    print(f"the store opens in {opened:.2f} s")


def break_even(folder: Path) -> None:
    for count in (25, 50, 100, 200, 400):
        corpus = folder / f"{count}.jsonl"
        write(articles(count), corpus)
        for workers in (1, 2):
            begun = time.monotonic()
            kg.builder.build([corpus], folder / f"{count}-{workers}", engine=Local(workers, few=0))
            print(f"{count} articles, {workers} workers: {time.monotonic() - begun:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=1000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="a folder for the corpus and the graph, which stay")
    parser.add_argument("--files", action="store_true", help="one file for each article, not one for all")
    parser.add_argument("--stub", action="store_true", help="without annotation")
    parser.add_argument("--break-even", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if options.break_even:
            break_even(folder)
        else:
            extractor = Named() if options.stub else Rules()
            measure(options.articles, options.workers, folder, extractor, options.files)


if __name__ == "__main__":
    main()
