"""Measure reading and repair: ``python benchmarks/read.py [FOLDER]``; a few minutes on one core.

Prints characters restored and wrong without a mark on simulated damage, edits to sound text for several
thresholds of rule 3, and characters a second. Damage is done to the project's own text and to the articles in
``FOLDER``, which nobody fitted a rule to. Sound text is the project's own and, where jionlp is installed,
its dictionaries, which hold rarer characters than news; each edit to them is shown, for some of their lines
came to jionlp read one byte off. What reading costs beside annotating is measured by ``read_cost.py``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "read"))

from measure import Outcome, outcome  # noqa: E402
from simulate import Damaged, mirrored, shifted, strewn, traditional  # noqa: E402
from texts import dictionary, documents, sound  # noqa: E402

from kg.read.article import article_of  # noqa: E402
from kg.read.page import Page  # noqa: E402
from kg.read.repair import repair  # noqa: E402
from kg.read.repair.characters import is_traditional  # noqa: E402
from kg.read.repair.pinyin import is_mirror  # noqa: E402
from kg.read.repair.shifted import Switch, realign  # noqa: E402
from kg.read.trace import Trace  # noqa: E402

DAMAGED_CHARACTERS = 200_000
SOUND_CHARACTERS = 500_000
DENSITIES = (400, 3_000, 10_000)
ROUNDS = 3  # of damage to the same text: which bytes are hit is chance, and they are few
SHARES = (0.02, 0.1)
SHORT = 60  # characters of a page too short for counting
DICTIONARIES = ("chinese_idiom.txt", "xiehouyu.txt", "chinese_word_dictionary.txt")
THRESHOLDS_BITS = (8.0, 14.0, 20.0, 26.0, 32.0)


def main() -> None:
    own = documents(DAMAGED_CHARACTERS, seed=1)
    samples = {"own": own}
    if len(sys.argv) > 1:
        samples["given"] = repeated(given(Path(sys.argv[1])))
    for name, texts in samples.items():
        restoring(f"{name}, mirror", (mirrored(d) for d in texts))
        numbered = list(enumerate(texts))
        for share in SHARES:
            restoring(f"{name}, pinyin strewn on {share:.0%}", (strewn(d, i, share) for i, d in numbered))
        short = [(i, d[:SHORT]) for i, d in numbered]
        restoring(f"{name}, mirror, pages of {SHORT} characters", (mirrored(d) for _, d in short))
        restoring(f"{name}, pinyin strewn on 5%, the same", (strewn(d, i, 0.05) for i, d in short))
        for every in DENSITIES:
            for script, kind in ((str, ""), (traditional, ", traditional")):
                rounds = (shifted(d, 1_000 * r + i, every, script) for r in range(ROUNDS) for i, d in numbered)
                restoring(f"{name}, one in {every} lost a byte{kind}", rounds)
    editing("sound text of every kind", [text for _, text in sound(SOUND_CHARACTERS)])
    news = documents(SOUND_CHARACTERS, seed=2)
    rare = [text for name in DICTIONARIES for text in dictionary(name)]
    editing("dictionaries", rare)
    thresholds(own[:40], news[:200] + rare[:400])
    speed("sound", news[:100])
    speed("mirrored", [mirrored(d).text for d in news[:100]])


def given(folder: Path) -> list[str]:
    """The articles in a folder that are undamaged and simplified, as documents of the same length."""
    texts = (path.read_text("utf-8") for path in sorted(folder.rglob("*.txt")))
    kept = [text for text in texts if not (is_mirror(text) or is_traditional(text) or "\ufffd" in text)]
    text = "\n".join(line for text in kept for line in text.splitlines() if line.strip())
    return [text[start : start + 1_500] for start in range(0, len(text), 1_500)]


def repeated(texts: list[str]) -> list[str]:
    """The texts over and over, to be damaged differently each time."""
    return texts * (1 + DAMAGED_CHARACTERS // max(1, sum(map(len, texts))))


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


def thresholds(damaged: list[str], undamaged: list[str]) -> None:
    """What rule 3's first threshold finds, and what it would wrongly edit in sound text."""
    cases = [shifted(d, i, 1_500, script) for i, d in enumerate(damaged) for script in (str, traditional)]
    for bits in THRESHOLDS_BITS:
        switch = Switch(anywhere=bits, beside_loss=bits - 12)
        found = sum(len(list(realign(case.text, False, switch))) for case in cases)
        wrong = sum(len(list(realign(text, False, switch))) for text in undamaged)
        print(f"rule 3 at {bits} bits: {found} runs found in {len(cases)} documents, {wrong} in sound text")


def speed(name: str, texts: list[str]) -> None:
    begin = time.perf_counter()
    for text in texts:
        article_of(Page(text), "a.txt")
    seconds = time.perf_counter() - begin
    print(f"{name}: {sum(map(len, texts)) / seconds:,.0f} characters/s")


if __name__ == "__main__":
    main()
