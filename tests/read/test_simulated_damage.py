"""Damage done to the project's own text byte for byte comes back, or is marked."""

from measure import Outcome, outcome
from simulate import mirrored, shifted, traditional
from texts import documents

CHARACTERS = 20_000  # benchmarks/read.py measures 200,000


def test_a_mirrors_work_is_undone() -> None:
    total = Outcome()
    for document in documents(CHARACTERS, seed=1):
        total += outcome(mirrored(document))
    assert total.restored >= 0.999 * total.characters
    assert total.wrong_unmarked == 0


def test_of_text_read_one_byte_off_hardly_anything_stays_wrong_without_a_mark() -> None:
    total = Outcome()
    for seed, document in enumerate(documents(CHARACTERS, seed=2)):
        total += outcome(shifted(document, seed, every=1_500))
        total += outcome(shifted(document, seed, every=1_500, script=traditional))
    assert total.restored >= 0.995 * total.characters
    assert total.wrong_unmarked <= 0.0003 * total.characters
