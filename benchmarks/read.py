"""Measure reading and repair: ``python benchmarks/read.py``; a few minutes on one core.

Prints characters restored and wrong without a mark on simulated damage, edits to sound text for several
thresholds of rule 3, and characters a second. Sound text is the project's own and, where jionlp is installed,
its dictionaries, which hold rarer characters than news; each edit to them is shown, for some of their lines
came to jionlp read one byte off.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "read"))

from measure import Outcome, outcome  # noqa: E402
from simulate import Damaged, in_gbk, mirrored, shifted, traditional  # noqa: E402
from texts import documents  # noqa: E402

from kg.read.article import article_of  # noqa: E402
from kg.read.page import Page  # noqa: E402
from kg.read.repair import repair  # noqa: E402
from kg.read.repair.shifted import Switch, realign  # noqa: E402
from kg.read.trace import Trace  # noqa: E402

DAMAGED_CHARACTERS = 200_000
SOUND_CHARACTERS = 500_000
DICTIONARIES = ("chinese_idiom.txt", "xiehouyu.txt", "chinese_word_dictionary.txt")
THRESHOLDS_BITS = (8.0, 14.0, 20.0, 26.0, 32.0)


def main() -> None:
    own = documents(DAMAGED_CHARACTERS, seed=1)
    restoring("mirror", (mirrored(d) for d in own))
    for every in (400, 3_000):
        numbered = list(enumerate(own))
        restoring(f"one byte in {every} lost", (shifted(d, i, every) for i, d in numbered))
        restoring(f"one byte in {every} lost, traditional", (shifted(d, i, every, traditional) for i, d in numbered))
    sound = documents(SOUND_CHARACTERS, seed=2)
    editing("own text", sound)
    editing("own text, traditional", [in_gbk(traditional(d)) for d in sound])
    dictionary = list(dictionary_texts())
    editing("dictionaries", dictionary)
    thresholds(own[:40], sound[:200] + dictionary[:400])
    speed("sound", sound[:100])
    speed("mirrored", [mirrored(d).text for d in sound[:100]])


def restoring(name: str, damaged: Iterator[Damaged]) -> None:
    total = Outcome()
    for document in damaged:
        total += outcome(document)
    print(
        f"{name}: {total.characters:,} characters, restored {total.restored / total.characters:.5%}, "
        f"marked {total.marked / total.characters:.4%}, wrong without a mark {total.wrong_unmarked}"
    )


def editing(name: str, texts: list[str]) -> None:
    edited = []
    marked = 0
    for text in texts:
        trace = Trace(text)
        repair(trace)
        marked += len(trace.damage)
        if trace.offsets:
            edits = trace.offsets[0].edits
            around = text[edits[0].source.start - 4 : edits[-1].source.end + 4]
            edited.append((around[:40], "".join(e.replacement for e in edits)[:40]))
    print(f"{name}: {sum(map(len, texts)):,} sound characters, {len(edited)} edited, {marked} marked")
    for before, after in edited:
        print(f"    {before!r} → {after!r}")


def dictionary_texts() -> Iterator[str]:
    spec = importlib.util.find_spec("jionlp")
    if spec is None or spec.origin is None:
        return
    for name in DICTIONARIES:
        lines = (Path(spec.origin).parent / "dictionary" / name).read_text("utf-8").split("\n")
        for start in range(0, len(lines), 40):
            yield "\n".join(lines[start : start + 40]).replace("\ufffd", "")


def thresholds(damaged: list[str], sound: list[str]) -> None:
    """What rule 3's first threshold finds, and what it would wrongly edit in sound text."""
    cases = [shifted(d, i, 1_500, script) for i, d in enumerate(damaged) for script in (str, traditional)]
    for bits in THRESHOLDS_BITS:
        switch = Switch(anywhere=bits, beside_loss=bits - 12)
        found = sum(len(list(realign(case.text, False, switch))) for case in cases)
        wrong = sum(len(list(realign(text, False, switch))) for text in sound)
        print(f"rule 3 at {bits} bits: {found} runs found in {len(cases)} documents, {wrong} in sound text")


def speed(name: str, texts: list[str]) -> None:
    begin = time.perf_counter()
    for text in texts:
        article_of(Page(text), "a.txt")
    seconds = time.perf_counter() - begin
    print(f"{name}: {sum(map(len, texts)) / seconds:,.0f} characters/s")


if __name__ == "__main__":
    main()
