"""The text decides how it is decoded, not what a page declares."""

import codecs

import pytest

from kg.read.encoding import decode

SIMPLIFIED = "福州市晋安区打造科创走廊桥头堡，去年工业产值达480亿元。\r\n园区管委会介绍情况。"
TRADITIONAL = "福州市晉安區打造科創走廊橋頭堡，去年工業產值達480億元。\r\n園區管委會介紹情況。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
def test_each_encoding_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_gb2312_and_big5_are_told_apart() -> None:
    assert decode(SIMPLIFIED.encode("gb2312")) == SIMPLIFIED
    assert decode(TRADITIONAL.encode("big5")) == TRADITIONAL


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_decides_and_goes(mark: bytes, encoding: str) -> None:
    assert decode(mark + SIMPLIFIED.encode(encoding)) == SIMPLIFIED


def test_a_few_broken_bytes_become_replacement_characters() -> None:
    data = SIMPLIFIED.encode()
    assert decode(data[:30] + b"\xff" + data[30:]) == SIMPLIFIED[:10] + "\ufffd" + SIMPLIFIED[10:]


def test_plain_english_is_text() -> None:
    assert decode(b"Fuzhou opened a park.") == "Fuzhou opened a park."
