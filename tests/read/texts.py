"""Clean texts to damage: the project's own articles, put together again to make new ones."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

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
    """Every paragraph of the project's articles in simplified script."""
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
