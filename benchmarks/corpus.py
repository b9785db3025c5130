"""Make a corpus of any size: ``python benchmarks/corpus.py 100000 corpus.jsonl [--seed 1]``, or into a folder.

News of invented zones, companies and people in invented cities, in sentences of this file's own: 150 to 250 characters
each. The same numbers give the same corpus, and a longer one begins with the shorter. As in news, few things are named
often and most seldom: the things named grow with the corpus, more slowly than it does (as its power ``GROWTH``).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

GROWTH = 0.7
"""Of words in text: Heaps 1978, Information Retrieval, ch. 7."""
COMMON = 20
"""About so many of a kind are named equally often."""

FIRST = "云澜岚泉溪晴栖梧荻苇汀浦霁霞曦岫岑崧峤嵘湄沅洛汐澍淇"
SECOND = "川浦溪宁陵泽屏安原阳平岭洲津门渡湾桥坪冈塘埠源墟"
BRAND = "澜晶芯曜砺瀚翊拓铄锐弘骐竣煜昊铂钧霖祺奕岳恺蔚垚"
TRADES = [
    "微电子",
    "光电",
    "新能源",
    "生物医药",
    "精密机械",
    "新材料",
    "智能装备",
    "软件",
    "物流",
    "食品",
    "环保",
    "航空科技",
    "储能",
    "半导体",
    "数据",
]
INDUSTRIES = [
    "新能源汽车",
    "生物医药",
    "集成电路",
    "高端装备制造",
    "新材料",
    "数字经济",
    "现代物流",
    "人工智能",
    "节能环保",
    "海洋经济",
]
SURNAMES = "顾宋韩郑雷叶穆邵高卢傅丁薛孟白秦江史"
GIVEN = "知秋雨桐立群家和鸣远庭芳青川惟一文博思齐子昂晓岚景行若水明哲"
ZONES = ("经济技术开发区", "高新技术产业开发区", "科技园", "产业园", "综合保税区", "物流园")
PROVINCES = ("江苏省", "浙江省", "福建省", "山东省", "湖南省", "四川省", "陕西省", "安徽省")

Sentence = tuple[str, ...]
TITLES = (
    "{zone}一季度实现“开门红”", "{company}项目落户{zone}", "{city}推进{industry}发展", "{zone}招商引资再结硕果",
    "{person}到{zone}调研", "{zone}集中签约{count}个项目",
)  # fmt: skip
SENTENCES = (
    "{zone}位于{province}{city}{district}，规划面积{number}平方公里。",
    "{year}年，{zone}实现工业总产值{money}亿元，同比增长{percent}%。",
    "{company}在{zone}投资{money}亿元建设{trade}项目，预计{next}年投产。",
    "{zone}以{industry}和{industry2}为主导产业，现有规模以上企业{count}家。",
    "{company}与{company2}签署战略合作协议，双方将共建{trade}联合实验室。",
    "{city}市委书记{person}到{zone}调研，考察了{company}。",
    "{company}是{company2}的全资子公司，主要生产{trade}产品。",
    "截至{year}年底，{zone}累计引进项目{count}个，总投资{money}亿元。",
    "{year}年{month}月，{zone}获批省级开发区。",
    "{company}落户{zone}，{person2}任董事长。",
    "{city}人民政府印发《{city}{industry}发展规划》，提出到{next}年产业规模突破{money}亿元。",
    "{zone}管委会主任{person}介绍，园区将围绕{industry}延链补链强链。",
    "{company}去年营业收入达到{money}亿元，研发投入占比{percent}%。",
    "{district}与{zone}联合举办招商推介会，{count}家企业参加。",
    "{zone}下辖{district2}街道，常住人口约{count}万人。",
    "{city}大学与{company}共建{trade}研究院，首期面积{number}万平方米。",
)


@dataclass(frozen=True, slots=True)
class Made:
    """One article, with what a table says besides."""

    title: str
    text: str
    date: str
    source: str


def articles(count: int, seed: int = 1, start: int = 0) -> Iterator[Made]:
    """The articles of a corpus from ``start`` on."""
    for number in range(start, count):
        yield article(number, seed)


def article(number: int, seed: int = 1) -> Made:
    """The article of this number, whichever others are made."""
    source = random.Random(f"{seed}:{number}")
    city, home = _city(_drawn(source, number, 0.35), seed)
    zone = _zone(source, city, number, seed)
    rank, partner = _drawn(source, number), _drawn(source, number)
    known = {
        "zone": zone,
        "city": city,
        "province": home,
        "district": _place(_drawn(source, number, 0.45), f"{seed}:district") + source.choice("县区"),
        "district2": _place(_drawn(source, number, 0.6), f"{seed}:street"),
        "company": _company(rank, seed),
        "company2": _company(partner + (partner == rank), seed),
        "person": _person(_drawn(source, number), seed),
        "person2": _person(_drawn(source, number), seed),
    }
    date_ = date(2015, 1, 1) + timedelta(days=source.randrange(4000))
    size, lines = source.randrange(150, 230), [_line(source, date_, known, city)]
    for template in source.sample(SENTENCES, len(SENTENCES)):
        if sum(map(len, lines)) >= size - 25:
            break
        lines.append(_filled(template, source, known, date_))
    body = "".join(lines)
    return Made(_filled(source.choice(TITLES), source, known, date_), body, date_.isoformat(), f"{city[:-1]}日报")


def _line(source: random.Random, day: date, known: dict[str, str], city: str) -> str:
    where = source.choice((f"{known['zone']}管委会", city, f"{city}{known['district']}"))
    return f"记者{day.month}月{day.day}日从{where}获悉，"


def _filled(template: str, source: random.Random, known: dict[str, str], day: date) -> str:
    one, other = source.sample(INDUSTRIES, 2)
    return template.format(
        **known,
        industry=one,
        industry2=other,
        trade=source.choice(TRADES),
        number=round(source.uniform(1, 90), 1),
        money=round(source.lognormvariate(3, 1.2), 1),
        percent=round(source.uniform(1, 30), 1),
        count=source.randrange(3, 400),
        year=day.year - 1,
        next=day.year + source.randrange(1, 4),
        month=source.randrange(1, 13),
    )


def _drawn(source: random.Random, number: int, growth: float = GROWTH) -> int:
    """Which of its kind a thing is: of those there are by then, the first are drawn most often (Zipf and Mandelbrot)."""
    return int(COMMON * ((1 + 3 * number**growth / COMMON) ** source.random() - 1))


def _city(rank: int, seed: int) -> tuple[str, str]:
    return f"{_place(rank, f'{seed}:city')}市", _pick(PROVINCES, f"{seed}:province:{rank}")


def _place(rank: int, kind: str) -> str:
    source = random.Random(f"{kind}:{rank}")
    return source.choice(FIRST) + source.choice(SECOND)


def _zone(source: random.Random, city: str, number: int, seed: int) -> str:
    suffix = source.choice(ZONES)
    own = source.random() < 0.4
    return f"{city if source.random() < 0.5 else city[:-1]}{_brand(_drawn(source, number), f'{seed}:zone') if own else ''}{suffix}"


def _company(rank: int, seed: int) -> str:
    trade = _pick(TRADES, f"{seed}:trade:{rank}")
    return (
        f"{_brand(rank, f'{seed}:company')}{trade}{_pick(('有限公司', '股份有限公司', '集团'), f'{seed}:form:{rank}')}"
    )


def _brand(rank: int, kind: str) -> str:
    source = random.Random(f"{kind}:{rank}")
    return source.choice(BRAND) + source.choice(FIRST + BRAND) + (source.choice(SECOND) if rank > 300 else "")


def _person(rank: int, seed: int) -> str:
    source = random.Random(f"{seed}:person:{rank}")
    return source.choice(SURNAMES) + "".join(source.sample(GIVEN, 2))


def _pick(of: Sequence[str], key: str) -> str:
    return random.Random(key).choice(of)


def write(made: Iterator[Made], out: Path) -> None:
    """Write articles as JSON lines, or, where ``out`` is no ``.jsonl``, as text files into a folder."""
    if out.suffix == ".jsonl":
        with out.open("w", encoding="utf-8") as file:
            for each in made:
                row = {"title": each.title, "text": each.text, "date": each.date, "source": each.source}
                print(json.dumps(row, ensure_ascii=False), file=file)
        return
    for number, each in enumerate(made):
        path = out / f"{number // 1000:05}" / f"{number:08}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{each.title}\n\n{each.date}　来源：{each.source}\n\n{each.text}\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(articles(options.articles, options.seed), options.out)


if __name__ == "__main__":
    main()
