"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.sentences import sentence_spans

TEXTS = st.text(st.sampled_from('福州市开园 。！？!?…，：“”‘’"（）()《》\n\r\t　\u2028ab1/=')) | st.text()


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("园区开园。企业入驻！何时投产？", ["园区开园。", "企业入驻！", "何时投产？"]),
        ("园区今日开园……企业入驻", ["园区今日开园……", "企业入驻"]),
        ("真的吗？！当然。", ["真的吗？！", "当然。"]),
        ("标题\n　　正文第一句。\r\n\r\n尾句", ["标题", "正文第一句。", "尾句"]),
        ("市长说：“园区要快建。”记者获悉", ["市长说：“园区要快建。”", "记者获悉"]),
        ("市长说：“加油！”大家鼓掌。", ["市长说：“加油！”", "大家鼓掌。"]),
        ('市长说:"加油!"大家鼓掌。', ['市长说:"加油!"', "大家鼓掌。"]),
        ("园区开园。（记者 李明）", ["园区开园。", "（记者 李明）"]),
        ("园区开园（记者 李明。）企业入驻", ["园区开园（记者 李明。）", "企业入驻"]),
        ("以“你好！福州！”为主题的活动开幕。", ["以“你好！福州！”为主题的活动开幕。"]),
        ("《出发！》展览开幕", ["《出发！》展览开幕"]),
        ("他答“先签约。再开工”后离开。", ["他答“先签约。再开工”后离开。"]),
        ("他说“好！”\n随后离开", ["他说“好！”", "随后离开"]),
        ("“未合上的引号。下一句。", ["“未合上的引号。", "下一句。"]),
        ("“引号跨行。\n下一行”结束。", ["“引号跨行。", "下一行”结束。"]),
        ("占地3.55平方公里", ["占地3.55平方公里"]),
        ("见http://a.cn/?id=1报名", ["见http://a.cn/?id=1报名"]),
        ("  \n\t　", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_long_quote_is_split_like_any_text() -> None:
    first, second = "园区" * 20 + "。", "企业" * 20 + "。"
    assert sentences(f"他说：“{first}{second}”会后") == [f"他说：“{first}", f"{second}”", "会后"]


def test_a_short_quote_inside_a_long_one_stays_whole() -> None:
    filler = "园区" * 40
    assert sentences(f"他说：“{filler}以‘快！好！’为要求。第二句。”") == [
        f"他说：“{filler}以‘快！好！’为要求。",
        "第二句。”",
    ]


@given(TEXTS)
def test_spans_are_trimmed_ordered_and_leave_only_whitespace_out(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) == 1
        position = end
    assert not text[position:].strip()
