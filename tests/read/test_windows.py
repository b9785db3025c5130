"""Only where a text may have been read one byte off is it read again, character by character."""

from simulate import shifted
from texts import documents

from kg.read.repair.windows import windows


def test_a_run_read_one_byte_off_is_worth_a_look() -> None:
    text = "园区建成投产。" * 9 + "笨萍疾炕鹁嬷行母敝魅卫钣衅浇榻B，" + "有企业进入园区。" * 9
    (window,) = windows(text, 30.0)
    assert "笨萍疾炕鹁嬷行母敝魅卫钣衅浇榻B" in window.of(text)
    assert window.end - window.start < 40


def test_most_of_a_badly_damaged_text_is_not_read_again() -> None:
    texts = [shifted(text, seed, 400).text for seed, text in enumerate(documents(20_000, seed=6))]
    looked_at = sum(end - start for text in texts for start, end in windows(text, 20.0))
    assert looked_at < 0.3 * sum(map(len, texts))


def test_nothing_is_worth_a_look_in_sound_news() -> None:
    assert not any(list(windows(text, 30.0)) for text in documents(20_000, seed=6))
