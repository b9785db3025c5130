"""What sites did to text is undone where it is certain, and marked where it is not."""

from pathlib import Path

import pytest

from kg.read.article import article_of
from kg.read.page import Page
from kg.read.repair import repair
from kg.read.trace import Trace

MIRROR = "晉安區(qū)產(chǎn)業(yè)園區(qū)建設(shè)創(chuàng)新區(qū)，"


def repaired(text: str) -> tuple[str, list[str]]:
    trace = Trace(text)
    repair(trace)
    return trace.text, [span.of(trace.text) for span in trace.damage]


def test_a_mirrors_pinyin_goes() -> None:
    assert repaired(MIRROR) == ("晉安區產業園區建設創新區，", [])


@pytest.mark.parametrize(
    "kept", ["(中國)", "(WTO)", "(a)", "(東二環)", "(kg)", "（公民）", "(2025)", "亓(qí)", "(Hz)", "(sin)"]
)
def test_real_brackets_stay_in_a_mirrors_page(kept: str) -> None:
    assert repaired(MIRROR + kept)[0].endswith(kept)


@pytest.mark.parametrize(
    ("page", "clean"),
    [
        ("5月27日，湖(hu)北交投集團投資建設。", "5月27日，湖北交投集團投資建設。"),
        ("东(dong)北(bei)(bei)部乡镇经高(gao)速出行。", "东北部乡镇经高速出行。"),
        ("晉安產(chǎn)業園的建設(shè)。", "晉安產業園的建設。"),
    ],
)
def test_a_short_page_with_few_annotations_is_mended(page: str, clean: str) -> None:
    assert repaired(page) == (clean, [])


@pytest.mark.parametrize(
    "lesson",
    [
        "课文：湖(hu)北在中国中部。",
        "我们去六(lu)安，不去陆安。",
        "他(ta)是(shi)我(wo)们(men)的(de)老(lao)师(shi)。",
        "祖国(guó)首都，中国(guó)人民。",
        "學(xué)習、國(guó)、業(yè)，是三個生字。",
        "每亩(mu)地，3里(li)路，100元(yuan)人民币。",
        "床(chuáng)前(qián)明(míng)月(yuè)光(guāng)，疑(yí)是(shì)地(dì)上(shàng)霜(shuāng)。",
        "亓(qí)、仉(zhǎng)、逄(páng)、郄(qiè)、禚(zhuó)、妫(guī)、亓官(qí guān)等姓氏。",
        "生字：龜(guī)、鑿(záo)、釁(xìn)、纛(dào)、饕(tāo)、龍(lóng)、囑(zhǔ)、籲(yù)。",
        "加入世貿組織(WTO)以來，甲(a)乙(b)重5公斤(kg)，位于福州(中國)。",
    ],
)
def test_pinyin_that_a_text_means_to_show_stays(lesson: str) -> None:
    assert repaired(lesson) == (lesson, [])


def test_a_hit_across_a_character_and_a_letter_goes() -> None:
    assert repaired(f"{MIRROR}高精度R(lái)V減速器") == ("晉安區產業園區建設創新區，高精度RV減速器", [])


@pytest.mark.parametrize("mark", ["?duì)", "\ufffd(duì)", "\ufffdduì)", "?(duì)"])
def test_a_hit_across_two_characters_is_computed_back(mark: str) -> None:
    assert repaired(f"{MIRROR}力爭(zhēng)2025年{mark}I業(yè)收入") == (
        "晉安區產業園區建設創新區，力爭2025年營業收入",
        [],
    )


def test_a_swallowed_digit_spoils_its_number() -> None:
    article = article_of(Page(MIRROR + "床位從13.5 張?jiān)鲋?7.9 張。"), "a.txt")
    assert article.text.endswith("床位从13.5张增至?7.9张。")
    (damage,) = article.damage
    assert "?7.9" in damage.of(article.text)
    assert "13.5" not in damage.of(article.text)


def test_a_run_read_one_byte_off_is_read_again() -> None:
    text, damage = repaired("，笨萍疾炕鹁嬷行母敝魅卫钣衅浇榻B，")
    assert text == "，\ufffd科技部火炬中心副主任李有平介紹，"
    assert damage == ["，\ufffd"]


def test_what_other_lines_say_speaks_for_a_name_before_a_run() -> None:
    text, damage = repaired("恒岳智装起步。\n恒岳智装的故事很长。\n如今，恒岳智坝涤醒蟹⑷嗽?86人。")
    assert text.endswith("\n如今，恒岳智装拥有研发人在?86人。")
    assert damage == ["恒岳智装", "人在?"]


def test_a_year_gets_its_first_digit_back_and_a_mark() -> None:
    text, damage = repaired("昌澄铜材厂成立。\n创办的渤瓮?某Х⒄苟?矗?016年上市。")
    assert text.endswith("2016年上市。")
    assert any(part.endswith("2") for part in damage)


def test_rare_but_sound_names_stay() -> None:
    text = "芈玥、嬴稷、亓官韡、喆琲、翀翯出席。萍乡、涿鹿、鄄城、郯城、莒县、瑷珲、鄱阳。"
    assert repaired(text) == (text, [])


@pytest.mark.parametrize(("written", "read"), [("utf-8", "latin-1"), ("gbk", "latin-1"), ("big5", "latin-1")])
def test_one_encoding_read_as_another_is_undone(written: str, read: str) -> None:
    clean = "福州市晉安工業園位于城東，面積三平方公里，位于海岸沿線，交通便捷。"
    assert repaired(clean.encode(written).decode(read, "replace"))[0] == clean


def test_utf8_read_as_gbk_is_undone_and_the_guessed_bytes_are_marked() -> None:
    clean = "福州市晉安工業園位于城東，面積三平方公里，位于海岸沿線，交通便捷。"
    trace = Trace(clean.encode().decode("gbk", "replace"))
    repair(trace)
    certain = [i for i in range(len(trace.text)) if not any(s <= i < e for s, e in trace.damage)]
    assert len(certain) > 20
    assert all(trace.text[i] == clean[i] for i in certain)


def test_doubled_utf8_is_undone() -> None:
    clean = "福州经济开发区位于东部沿海，规划面积3平方公里。"
    assert repaired(clean.encode().decode("latin-1").encode().decode("latin-1"))[0] == clean


def test_what_is_gone_is_marked_and_left() -> None:
    text = "福州锟斤拷锟斤拷开发区占地\ufffd00亩"
    trace = Trace(text)
    repair(trace)
    assert trace.text == text
    assert all(any(s <= i < e for s, e in trace.damage) for i, c in enumerate(text) if c in "锟斤拷\ufffd")


def test_a_question_mark_where_nothing_is_asked_is_damage() -> None:
    text = "园区总面积3平方公里,位于城东建成?将引进企业,为何选择这里?因为交通便捷,有何优势?地价低。"
    assert repaired(text) == (text, ["东建成?"])


def test_french_and_japanese_stay() -> None:
    text = "Café Müller à Genève, où l'été naît. 東京都のデータセンターはすべて「カ」を使う。"
    assert repaired(text) == (text, [])


SHARED = Path(__file__).resolve().parents[2] / "../shared/articles/jinan-one-zone-one-circle.txt"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
def test_a_real_mirrored_page_comes_back_whole() -> None:
    from kg.read import read_article

    article = read_article(SHARED)
    assert article.title == "晋安 “一区一圈多点”布局 优化生态蓄积动能 打造科创走廊桥头堡"
    assert (str(article.published), article.publisher, article.authors) == (
        "2022-07-25",
        "福州晚报",
        ("何佳媛",),
    )
    assert "力争2025年营业收入超百亿元" in article.text
    assert "新增4.5万个学位" in article.text
    assert "贯通K12全学段" in article.text
    assert "福州市人才公寓(东二环)" in article.text
    assert "续写着" in article.text
    assert [span.of(article.text)[-4:] for span in article.damage] == ["?7.9"]
    body = "\n".join(span.of(article.text) for span in article.body)
    assert body.startswith("福兴经济开发区全景。")
    assert body.endswith("作出新的更大贡献。")
    assert "优化生态蓄积动能 打造科创走廊桥头堡" not in body
    start = article.text.index("营业收入")
    source = article.to_source(type(article.body[0])(start, start + 4))
    assert source.of(article.source_text) == "I業(yè)收入"


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("誤報率奠?%，比上年下降。", "奠?"),  # 低於2%: the run ends where a figure lost its first digit
        ("優質白酒⒕G色建材三個跨省產業集羣。", "⒕G"),  # 、綠
        ("記者臧银Q）從山東省政府新聞辦獲悉。", "银Q"),  # 一鳴
        ("同比增長，達612.4|元。", "|"),  # 億
        ("项目以数据赋能,系统提??3.5%，比上年快。", "??"),  # 升到3
    ],
)
def test_a_short_run_in_a_text_without_other_damage_is_distrusted(page: str, wrong: str) -> None:
    text, damage = repaired(page)
    start = text.find(wrong)
    assert start < 0 or any(wrong in part for part in damage)
    assert damage


def test_letters_that_mean_themselves_are_no_damage() -> None:
    text = "維生素C、A股、T型臺，以及5G網絡、K12教育、3D打印。"
    assert repaired(text) == (text, [])


def test_what_stands_between_damage_is_distrusted() -> None:
    text, damage = repaired("\ufffd园区\ufffd建成")
    assert (text, damage) == ("\ufffd园区\ufffd建成", ["\ufffd园区\ufffd"])


def test_a_question_before_the_number_of_the_next_is_no_damage() -> None:
    text = "1.何为开发区?2.何为高新区?3.两者有何不同?"
    assert repaired(text) == (text, [])
