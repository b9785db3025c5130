"""Damage done to the project's own text byte for byte comes back, or is marked."""

import os

from measure import Outcome, outcome
from simulate import mirrored, shifted, strewn, traditional
from texts import documents, sound

from kg.read.repair import repair
from kg.read.trace import Trace

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
CHARACTERS = 200_000 if LONG else 20_000  # benchmarks/read.py tells more


def test_a_mirrors_work_is_undone() -> None:
    total = Outcome()
    for document in documents(CHARACTERS, seed=1):
        total += outcome(mirrored(document))
    assert total.restored >= 0.999 * total.characters
    assert total.wrong_unmarked == 0


def test_strewn_pinyin_is_taken_out() -> None:
    total = Outcome()
    for seed, document in enumerate(documents(CHARACTERS, seed=3)):
        total += outcome(strewn(document, seed, share=0.05))
        total += outcome(strewn(document, seed, share=0.2, script=traditional))
    assert total.restored >= 0.999 * total.characters
    assert total.wrong_unmarked == 0


def test_of_text_read_one_byte_off_hardly_anything_stays_wrong_without_a_mark() -> None:
    total = Outcome()
    for seed, document in enumerate(documents(CHARACTERS, seed=2)):
        total += outcome(shifted(document, seed, every=1_500))
        total += outcome(shifted(document, seed, every=1_500, script=traditional))
    assert total.restored >= 0.998 * total.characters
    assert total.wrong_unmarked <= 0.00003 * total.characters


def test_a_million_sound_characters_stay_as_they_are() -> None:
    total = 0
    for kind, text in sound(250_000):
        trace = Trace(text)
        repair(trace)
        assert (trace.offsets, trace.damage) == ([], []), (kind, trace.offsets, trace.damage)
        total += len(text)
    assert total >= 1_000_000
