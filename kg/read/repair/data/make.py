"""Make ``readings.txt`` and ``likelihood.txt`` again: ``python -m kg.read.repair.data.make``.

``readings.txt``
    One line a syllable: the syllable with its tone mark, a tab, every GBK character that can be read so.
    From the single-character readings of pypinyin (MIT licence, needed only here and in tests).

``likelihood.txt``
    How Chinese follows Chinese. First line: characters by bits, then one line a first character with its
    followers by bits, ``-log2 P(follower | first)``. Counted from the word frequencies that jionlp ships
    (Apache-2.0, ``word_distribution.json``): characters over all words, pairs inside words. A pair may be likelier, or
    across two words, in the articles of ``data/training``, as far as several articles have it; then it costs less.
    Bits are whole numbers, a letter (``a`` is 0, ``b`` is 1 …) before the characters they hold for.
"""

from __future__ import annotations

import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log2
from pathlib import Path

HERE = Path(__file__).parent
TRAINING = HERE.parents[3] / "data" / "training"
MIN_ARTICLES = 2  # that hold a pair: what one alone holds is its names
DISCOUNT = 0.75  # of a pair's count: what was seen by chance
PAIRS = 62_000  # keeps the file under 350 KB; the pairs left out are rarer than 1 in 4 million


def gbk_characters() -> list[str]:
    """Every Chinese character of two GBK bytes."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
    characters = (pair.decode("gbk", "ignore") for pair in pairs)
    return [c for c in characters if len(c) == 1 and is_han(c)]


def is_han(character: str) -> bool:
    """Whether ``character`` is a CJK ideograph of the basic block."""
    return "\u4e00" <= character <= "\u9fff"


def readings() -> str:
    """The lines of ``readings.txt``."""
    from pypinyin.pinyin_dict import pinyin_dict

    by_syllable: dict[str, list[str]] = defaultdict(list)
    for character in gbk_characters():
        for syllable in pinyin_dict.get(ord(character), "").split(","):
            if syllable:
                by_syllable[syllable].append(character)
    return "".join(f"{syllable}\t{''.join(by_syllable[syllable])}\n" for syllable in sorted(by_syllable))


def jionlp_words() -> dict[str, int]:
    """Words with their counts, as jionlp ships them (unpacked by its first import)."""
    spec = importlib.util.find_spec("jionlp")
    if spec is None or spec.origin is None:
        raise SystemExit("jionlp is not installed; pip install jionlp")
    path = Path(spec.origin).parent / "dictionary" / "word_distribution.json"
    return dict(json.loads(line) for line in path.read_text("utf-8").splitlines() if line.startswith('["'))


def articles() -> list[str]:
    """The texts written to learn from; none of those that anything is measured on."""
    return [path.read_text("utf-8") for path in sorted(TRAINING.glob("*.txt"))]


def likelihood(words: Mapping[str, int], texts: Iterable[str]) -> str:
    """The lines of ``likelihood.txt``."""
    single: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for word, count in words.items():
        single.update({c: n * count for c, n in Counter(filter(is_han, word)).items()})
        pairs.update({a + b: count for a, b in followers_of(word) if is_han(a) and is_han(b)})
    total = single.total()
    lines = [by_bits({c: -log2(n / total) for c, n in single.items()})]
    followers: dict[str, dict[str, float]] = defaultdict(dict)
    for pair, count in pairs.most_common(PAIRS):
        followers[pair[0]][pair[1]] = -log2(count / single[pair[0]])
    for pair, bits in pairs_of(texts).items():
        if all(character in single for character in pair):
            known = followers[pair[0]]
            known[pair[1]] = min(bits, known.get(pair[1], bits))
    lines += (first + by_bits(followers[first]) for first in sorted(followers))
    return "".join(line + "\n" for line in lines)


def pairs_of(texts: Iterable[str]) -> dict[str, float]:
    """What costs less than anywhere behind a character in several of ``texts``, in bits."""
    firsts: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for text in texts:
        here = [a + b for a, b in followers_of(text) if is_han(a) and is_han(b)]
        firsts.update(pair[0] for pair in here)
        pairs.update(here)
        holding.update(set(here))
    kept = (pair for pair, articles in holding.items() if articles >= MIN_ARTICLES)
    return {pair: -log2((pairs[pair] - DISCOUNT) / firsts[pair[0]]) for pair in kept}


def followers_of(word: str) -> list[tuple[str, str]]:
    """Each character of a word with its follower."""
    return [(word[i], word[i + 1]) for i in range(len(word) - 1)]


def by_bits(bits: Mapping[str, float]) -> str:
    """Characters grouped by whole bits, likeliest first, each group led by the letter of its bits."""
    groups: dict[int, list[str]] = defaultdict(list)
    for character, value in bits.items():
        groups[min(round(value), 25)].append(character)
    return "".join(chr(ord("a") + value) + "".join(sorted(groups[value])) for value in sorted(groups))


if __name__ == "__main__":
    for name, lines in (("readings.txt", readings()), ("likelihood.txt", likelihood(jionlp_words(), articles()))):
        (HERE / name).write_text(lines, "utf-8", newline="\n")
        print(f"{name}: {(HERE / name).stat().st_size:,} bytes")
