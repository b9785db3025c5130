"""Clean texts to damage: the project's own articles, put together again to make new ones."""

from __future__ import annotations

import importlib.util
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pypinyin.pinyin_dict import pinyin_dict
from simulate import in_gbk, traditional

from kg.read.repair.characters import data_file, is_han, plain

ARTICLES = Path(__file__).resolve().parents[2] / "data" / "articles"

SENTENCES = (
    "福兴经济开发区总面积3.55平方公里，去年工业产值达480亿元。",
    "这里以华为福建区域总部项目为核心，引入小米生态产业链，辐射带动民营工业集中区。",
    "晋安区梳理了现有的306家国家高新技术企业，明确将光电软件信息作为主导产业。",
    "全区规划建设“一核两翼三带”，到2025年营业收入力争突破100亿元。",
    "园区管委会副主任介绍，二期厂房已经封顶，预计明年5月投产。",
    "科技部火炬中心与市政府签署合作协议，共建人工智能实验室。",
)


@cache
def paragraphs() -> tuple[str, ...]:
    """Every paragraph in simplified script of the articles that rules may be fitted to."""
    found = []
    for path in sorted(ARTICLES.glob("t*.txt")):
        text = path.read_text("utf-8")
        if "(chǎn)" not in text and "這" not in text and "國" not in text:
            found += [line.strip() for line in text.splitlines() if "。" in line]
    return tuple(found) or SENTENCES


def documents(characters: int, seed: int, paragraphs_each: int = 12) -> list[str]:
    """Documents of about 1,500 characters, until ``characters`` are reached, of shuffled sentences."""
    source = random.Random(seed)
    sentences = [s + "。" for p in paragraphs() for s in p.split("。") if s] + list(SENTENCES)
    result: list[str] = []
    total = 0
    while total < characters:
        text = "\n".join("".join(source.choices(sentences, k=3)) for _ in range(paragraphs_each))
        result.append(text)
        total += len(text)
    return result


def dictionary(name: str, lines_each: int = 40) -> Iterator[str]:
    """The lines of a dictionary that jionlp ships, as documents; its words are rarer than those of news."""
    spec = importlib.util.find_spec("jionlp")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent / "dictionary"
    if (folder / name).exists():
        data = (folder / name).read_bytes()
    else:  # jionlp unpacks it when it is first imported
        with zipfile.ZipFile((folder / name).with_suffix(".zip")) as archive:
            data = archive.read(name)
    lines = data.decode("utf-8").split("\n")
    for start in range(0, len(lines), lines_each):
        yield "\n".join(lines[start : start + lines_each]).replace("\ufffd", "")


def addresses(characters: int) -> Iterator[str]:
    """Tables of places with brackets, figures, and English."""
    source = random.Random(7)
    total = 0
    for block in dictionary("china_location.txt"):
        words = [word for word in "".join(c if "\u3400" <= c <= "\u9fff" else " " for c in block).split() if word]
        rows = [
            f"{n}\t{word}（{source.choice(words)}）\t{source.randrange(1, 9999):,}家\tNo.{n} {source.choice(ENGLISH)}"
            for n, word in enumerate(words, 1)
        ]
        yield "名次\t地址(address)\t企业\t备注\n" + "\n".join(rows)
        total += sum(map(len, rows))
        if total > characters:
            return


ENGLISH = (
    "R&D Center",
    "Co., Ltd.",
    "High-tech Zone (HTZ)",
    "e-mail: info@example.org",
    "GDP",
    "A|B",
    "C++",
    "{x}",
    "~5%",
)


def lessons() -> Iterator[str]:
    """Pinyin that a text means to show: rare characters with their readings, words annotated whole, readers."""
    readings = [line.split("\t") for line in data_file("readings.txt").splitlines()]
    for start in range(0, len(readings), 30):
        some = readings[start : start + 30]
        yield "生字表：" + "、".join(f"{characters[-1]}({syllable})" for syllable, characters in some) + "。"
        yield "多音字：" + "；".join(f"{characters[0]}（{syllable}）字" for syllable, characters in some) + "。"
    source = random.Random(8)
    for number, text in enumerate(documents(60_000, seed=9)):
        script = (str, traditional)[number % 2]
        shown = (str, plain)[number // 2 % 2]  # with tones, and without
        yield poem(in_gbk(script(text))[:300], shown)
        yield reader(in_gbk(script(text)), source)


def reading(character: str) -> str:
    return pinyin_dict[ord(character)].split(",")[0]


def poem(text: str, shown: Callable[[str], str]) -> str:
    """``text`` with the reading of every character."""
    return "".join(f"{c}({shown(reading(c))})" if is_han(c) else c for c in text)


def reader(text: str, source: random.Random) -> str:
    """``text`` with readings, some behind the first place of a character, some behind words that have several."""
    known = set(text) - set(source.sample(sorted(filter(is_han, set(text))), source.choice((1, 2, 4, 8, 20))))
    out = ""
    for character in text:
        out += character
        if character not in known:
            known.add(character)
            out += f"({reading(character)})"
    return out


GLOSSES = (
    "六(lu)安", "番(pan)禺", "尉(yu)犁", "铅(yan)山", "郴(chen)州", "耒(lei)阳", "大(dai)夫", "单(shan)县",
    "3里(li)路", "两亩(mu)地", "100元(yuan)人民币", "20米(m)长", "5吨(t)重", "3公斤(kg)装", "千瓦时(kwh)", "半斤(jin)重",
    "小米(mi)，", "百度(du)一下", "阿里(ali)云", "海尔(haier)集团", "拼多多(pdd)", "可可(coco)", "微信(wechat)号",
    "(a)项", "甲(a)乙(b)丙(c)", "金额(e)大", "阿(a)姨", "第一(i)", "正弦(sin)函数", "世贸组织(wto)", "附件(an)", "网(web)页",
)  # fmt: skip


def glossed(characters: int) -> Iterator[str]:
    """News with one gloss or several in brackets: other readings of names, units, products, numbers of a list."""
    source = random.Random(10)
    for number, text in enumerate(documents(characters, seed=10)):
        lines = text.split("\n")
        for gloss in source.sample(GLOSSES, source.choice((1, 1, 3, 10))):
            lines.insert(source.randrange(len(lines)), f"其中，{gloss}已经写明。")
        yield (str, lambda t: in_gbk(traditional(t)))[number % 2]("\n".join(lines))


def sound(characters: int) -> Iterator[tuple[str, str]]:
    """Undamaged documents of every kind, each with what kind it is; of news ``characters`` in each script."""
    news = documents(characters, seed=2)
    yield from (("news", text) for text in news)
    yield "news, traditional", in_gbk(traditional("\n\n".join(news[: len(news) // 2])))
    for name in ("chinese_idiom.txt", "xiehouyu.txt"):
        yield from ((name, text) for text in dictionary(name))
    yield from (("addresses", text) for text in addresses(characters))
    yield from (("lessons", text) for text in lessons())
    yield from (("glosses", text) for text in glossed(characters // 4))
