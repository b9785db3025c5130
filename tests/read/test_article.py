"""Title, date, source, authors and body, from the forms pages write them in."""

from datetime import date

import pytest

from kg.model import Article
from kg.read.article import article_id, article_of
from kg.read.html import read_page
from kg.read.page import Page

BODY = "　　晋安区三创中心主体结构封顶。这是该区今年的重点项目，总投资12亿元。"


def read(text: str) -> Article:
    return article_of(Page(text), "a.txt")


@pytest.mark.parametrize(
    ("line", "published", "publisher", "authors"),
    [
        ("2022-07-25 10:13:51   来源:福州晚报     作者:何佳媛", date(2022, 7, 25), "福州晚报", ("何佳媛",)),
        ("来源：岚泉晚报　2024年4月26日　A02版", date(2024, 4, 26), "岚泉晚报", ()),
        (
            "2023/07/21 08:30 来源：楚陵日报 记者 程启帆 通讯员 沈知秋",
            date(2023, 7, 21),
            "楚陵日报",
            ("程启帆", "沈知秋"),
        ),
        ("瓯临商报　2023-11-09　记者 池晚晴　文/摄", date(2023, 11, 9), "瓯临商报", ("池晚晴",)),
        ("2024-01-02 来源：云澜网 本报记者 欧阳修文、李白", date(2024, 1, 2), "云澜网", ("欧阳修文", "李白")),
    ],
)
def test_a_line_above_the_text_tells_source_date_and_authors(
    line: str, published: date, publisher: str, authors: tuple[str, ...]
) -> None:
    article = read(f"三创中心封顶\n{line}\n\n{BODY}")
    assert (article.title, article.published, article.publisher, article.authors) == (
        "三创中心封顶",
        published,
        publisher,
        authors,
    )
    assert article.publisher_span is not None
    assert article.publisher_span.of(article.text) == publisher
    assert tuple(span.of(article.text) for span in article.author_spans) == authors
    assert [span.of(article.text) for span in article.body] == [BODY.strip()]


@pytest.mark.parametrize(
    ("place", "authors"),
    [
        ("新华社北京9月14日电(记者张三、李四明)国务院印发通知。", ("张三", "李四明")),
        ("本报讯（记者 宋雨桐 通讯员 王小明）4月25日，推介会举行。", ("宋雨桐", "王小明")),
        ("记者从管委会获悉，园区已经开园。", ()),
        ("园区一角。（记者 王磊 摄）", ()),
    ],
)
def test_authors_stand_in_brackets_after_the_place_of_report(place: str, authors: tuple[str, ...]) -> None:
    assert read(f"三创中心封顶\n\n{place}\n{BODY}").authors == authors


def test_an_agency_names_itself_in_its_dateline() -> None:
    article = read("三创中心封顶\n\n新华社北京9月14日电(记者张三)三创中心封顶。")
    assert article.publisher == "新华社"


def test_a_title_may_have_several_lines() -> None:
    article = read(f"陶致远在调研时强调\n扭住项目建设不放松\n\n来源：青岷日报 2023年3月14日\n{BODY}")
    assert article.title == "陶致远在调研时强调 扭住项目建设不放松"


def test_a_menu_above_a_title_is_no_part_of_it() -> None:
    menu = "网站首页 >> 时政 >> 经济 >> 视频\n您所在的位置:晋安新闻网 >> 正文"
    assert read(f"{menu}\n\n三创中心封顶\n\n2022-07-25 来源:福州晚报\n{BODY}").title == "三创中心封顶"


@pytest.mark.parametrize(
    "line",
    [
        "您所在的位置:晋安新闻网 >> 要闻快递 >> 正文",
        "网站首页 >> 时政 >> 经济 >> 视频 >> 专题",
        "三创中心封顶",
        "责任编辑：苗青",
        "【责任编辑：苗青】",
        "字号：大 中 小",
        "扫一扫 分享到微信",
        "首页 | 要闻 | 县区 | 经济 | 数字报",
        "Copyright © 2010-2023 晋安新闻网 版权所有",
    ],
)
def test_lines_that_are_not_the_article_are_left_out(line: str) -> None:
    article = read(f"三创中心封顶\n2022-07-25 来源:福州晚报\n{BODY}\n{line}\n　　项目将于明年投用。")
    assert line not in "\n".join(span.of(article.text) for span in article.body)


@pytest.mark.parametrize("marker", ["相关新闻", "相关阅读", "【延伸阅读】", "上一篇：某某", "推荐阅读 更多"])
def test_teasers_behind_the_article_are_left_out(marker: str) -> None:
    article = read(f"三创中心封顶\n2022-07-25 来源:福州晚报\n{BODY}\n{marker}\n夏粮收购突破12万吨\n价格不错。")
    assert [span.of(article.text) for span in article.body] == [BODY.strip()]


PAGE = f"""<html><head><title>三创中心封顶_晋安新闻网</title><link rel="canonical" href="https://www.example.com/news/1.html">
</head><body><div class="nav"><a href="/">首页</a> | <a href="/b">要闻</a></div>
<div class="article"><h1>三创中心封顶</h1>
<div class="info">2022-07-25 10:13&nbsp;<span>来源：福州晚报</span> <span>作者：何佳媛</span></div>
<p>{BODY}</p><p>　　第二段写得长一些，好让正文像一篇正文；项目将于明年投用，建筑面积9万平方米。</p>
<p>　　第三段：园区管委会副主任介绍，已有12家企业签约入驻，预计年产值20亿元。</p></div>
<div class="related"><h3>相关新闻</h3><ul><li><a href="/x">夏粮收购突破12万吨</a></li></ul></div>
<div class="footer">版权所有 晋安新闻网</div></body></html>"""


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    article = article_of(read_page(PAGE), "1.html")
    assert article.title == "三创中心封顶"
    assert (article.published, article.publisher) == (date(2022, 7, 25), "福州晚报")
    assert (article.authors, article.url) == (("何佳媛",), "https://www.example.com/news/1.html")
    body = "\n".join(span.of(article.text) for span in article.body)
    assert "12家企业签约入驻" in body
    assert "夏粮" not in article.text
    assert "首页" not in body


def test_markdown_loses_its_signs() -> None:
    article = article_of(
        Page(f"# 三创中心封顶\n\n来源：福州晚报 2022-07-25\n\n**要点**：{BODY.strip()}", markdown=True), "a.md"
    )
    assert article.title == "三创中心封顶"
    assert [span.of(article.text)[:3] for span in article.body] == ["要点："]


def test_the_same_text_has_the_same_name_and_another_text_another() -> None:
    assert article_id("x/a b?.txt", "一") == article_id("y/a b?.txt", "一")
    assert article_id("a.txt", "一") != article_id("a.txt", "二")
    assert article_id("x/a b?.txt", "一").startswith("a-b-")
