"""Each format gives its articles, with what it says of them; what is wrong with one stops no other."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest
from fixtures import csv_file, docx, jsonl, mhtml, parquet, pdf, warc, zipped

from kg.errors import ReadError
from kg.model import Article
from kg.read import Unread, read_article, read_articles
from kg.read.formats import archives, tables
from kg.read.limits import MAX_BYTES

TITLE = "三创中心封顶"
BODY = "晋安区三创中心主体结构封顶，总投资12亿元。项目将于明年投用，建筑面积9万平方米，已有12家企业签约入驻。"
OTHER = "溪云科技园位于福州市鼓楼区，去年产值达480亿元，同比增长12%，园区内有规模以上企业一百二十家。"
ROWS = [
    {"id": 1, "title": TITLE, "content": BODY, "pub_date": "2023-07-21", "url": "https://a.example/1", "author": "何佳媛、李白"},
    {"id": 2, "title": "科技园", "content": OTHER, "pub_date": "2023/7/22 08:30", "url": "https://a.example/2", "author": ""},
]  # fmt: skip
HTML = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{BODY}</p><p>{OTHER}</p></body></html>"


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, **columns: str) -> tuple[list[Article], list[str]]:
    """The articles, and why others are none."""
    found = list(read_articles(path, columns))
    reasons = [str(each.error) for each in found if isinstance(each, Unread)]
    assert all("\n" not in reason and reason.startswith(str(path)) for reason in reasons)
    assert all(isinstance(each.error, ReadError) for each in found if isinstance(each, Unread))
    return [each for each in found if isinstance(each, Article)], reasons


def body(article: Article) -> str:
    return "\n".join(span.of(article.text) for span in article.body)


# --- documents


def test_a_word_document_gives_its_paragraphs_and_tables(tmp_path: Path) -> None:
    path = put(
        tmp_path, "a.docx", docx([TITLE, "来源：福州晚报 2022-07-25", BODY], [["园区", "面积"], ["溪云", "9亩"]])
    )
    article = read_article(path)
    assert (article.title, str(article.published), article.publisher) == (TITLE, "2022-07-25", "福州晚报")
    assert BODY in body(article)
    assert article.text.endswith("园区 | 面积\n溪云 | 9亩")


def test_a_pdf_gives_its_text_layer_in_sentences(tmp_path: Path) -> None:
    text = BODY + OTHER + BODY
    lines = [text[i : i + 20] for i in range(0, len(text), 20)]
    path = put(tmp_path, "a.pdf", pdf("\n".join([TITLE, *lines[:4], "- 1 -"]), "\n".join([*lines[4:], "第2页 共2页"])))
    article = read_article(path)
    assert article.title == TITLE
    assert body(article).replace("\n", "") == text
    assert "\n" not in body(article).replace("。\n", "")
    start = article.text.index("鼓楼区")
    assert (
        article.to_source(type(article.body[0])(start, start + 3)).of(article.source_text).replace("\n", "") == "鼓楼区"
    )


def test_a_pdf_loses_running_titles(tmp_path: Path) -> None:
    pages = [f"溪云日报 要闻\n{BODY}\n第{number}期项目开工" for number in "一二三四"]
    assert read_article(put(tmp_path, "a.pdf", pdf(*pages))).text.count("溪云日报") == 1


def test_a_saved_page_gives_its_article_and_address(tmp_path: Path) -> None:
    article = read_article(put(tmp_path, "a.mhtml", mhtml(HTML, "https://www.example.com/1.html")))
    assert (article.title, article.url) == (TITLE, "https://www.example.com/1.html")
    assert OTHER in article.text


# --- tables

TABLES = {
    "a.jsonl": jsonl(ROWS),
    "a.csv": csv_file(ROWS),
    "bom.csv": csv_file(ROWS, "utf-8-sig"),
    "gbk.csv": csv_file(ROWS, "gb18030"),
    "wide.csv": csv_file(ROWS, "utf-16"),
    "a.tsv": csv_file(ROWS, delimiter="\t"),
    "semicolons.csv": csv_file(ROWS, delimiter=";"),
    "a.parquet": parquet(ROWS),
}


@pytest.mark.parametrize("name", TABLES)
def test_each_row_of_a_table_is_an_article(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name, TABLES[name])
    articles, reasons = read(path)
    assert reasons == []
    assert [(a.title, body(a)) for a in articles] == [(TITLE, BODY), ("科技园", OTHER)]
    assert [str(a.published) for a in articles] == ["2023-07-21", "2023-07-22"]
    assert [a.url for a in articles] == ["https://a.example/1", "https://a.example/2"]
    assert [a.authors for a in articles] == [("何佳媛", "李白"), ()]
    assert articles[0].location.startswith(f"{path}#")
    assert len({a.location for a in articles}) == 2


def test_columns_in_chinese_are_found(tmp_path: Path) -> None:
    row = {
        "标题": TITLE,
        "正文": BODY,
        "发布时间": "2023年7月21日",
        "来源": "福州晚报",
        "作者": "何佳媛",
        "链接": "https://a.example/1",
    }
    (article,), _ = read(put(tmp_path, "a.csv", csv_file([row])))
    assert (article.title, article.published) == (TITLE, datetime.date(2023, 7, 21))
    assert (article.publisher, article.authors, article.url) == ("福州晚报", ("何佳媛",), "https://a.example/1")


def test_named_columns_come_first(tmp_path: Path) -> None:
    rows = [{"content": "摘要", "raw": BODY, "date": "1999-01-01", "day": datetime.date(2023, 7, 21)}]
    path = put(tmp_path, "a.parquet", parquet(rows))
    (article,), _ = read(path, text="raw", date="day")
    assert (article.text, str(article.published)) == (BODY, "2023-07-21")


def test_a_named_column_that_is_missing_is_a_reason(tmp_path: Path) -> None:
    articles, (reason,) = read(put(tmp_path, "a.csv", csv_file(ROWS)), text="正文")
    assert (articles, "has no column 正文; it has id, title, content" in reason) == ([], True)


def test_the_wordiest_column_is_the_text_where_no_name_tells(tmp_path: Path) -> None:
    (article,), _ = read(put(tmp_path, "a.jsonl", jsonl([{"k": "晋安", "v": BODY}])))
    assert article.text == BODY


def test_a_table_without_articles_is_a_reason(tmp_path: Path) -> None:
    _, (reason,) = read(put(tmp_path, "a.csv", csv_file([{"市": "福州", "人口": 1}])))
    assert "no column with articles; name it" in reason
    _, (reason,) = read(put(tmp_path, "b.csv", b"title,text\n"))
    assert "holds no rows" in reason


def test_a_cell_with_markup_is_read_as_a_page(tmp_path: Path) -> None:
    (article,), _ = read(put(tmp_path, "a.jsonl", jsonl([{"title": TITLE, "text": f"<p>{BODY}</p><p>{OTHER}</p>"}])))
    assert article.text == f"{TITLE}\n{BODY}\n{OTHER}"


def test_a_bad_row_is_named_and_stops_no_other(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", jsonl([ROWS[0]]) + b'{"text": \n[1]\n{"text": ""}\n' + jsonl([ROWS[1]]))
    articles, reasons = read(path)
    assert [a.location for a in articles] == [f"{path}#1", f"{path}#5"]
    assert [reason.partition(" ")[0] for reason in reasons] == [f"{path}#2", f"{path}#3", f"{path}#4"]


def test_a_line_too_long_for_an_article_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CHARACTERS", 1_000)
    path = put(tmp_path, "a.jsonl", jsonl([ROWS[0], {"text": BODY * 100}, ROWS[1]]))
    articles, (reason,) = read(path)
    assert [a.location for a in articles] == [f"{path}#1", f"{path}#3"]
    assert "longer than 1,000 characters" in reason
    _, (reason,) = read(put(tmp_path, "a.csv", csv_file([{"text": "一" * 5_000}])))
    assert "longer than 1,000 characters" in reason


def test_an_open_quotation_mark_ends_a_csv_with_a_reason(tmp_path: Path) -> None:
    rest = "\n".join([BODY] * 4_000)
    path = put(tmp_path, "a.csv", csv_file(ROWS) + f'3,"{rest}'.encode())
    articles, (reason,) = read(path)
    assert (len(articles), "is no CSV" in reason) == (2, True)


def test_parquet_without_its_extra_is_one_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.parquet", parquet(ROWS))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert read(path) == ([], [f"{path} needs pyarrow; pip install 'zonekg[formats]'"])


# --- archives


def test_a_zip_gives_what_its_files_give(tmp_path: Path) -> None:
    files = {
        "b/a.txt": f"{TITLE}\n{BODY}".encode("gb18030"),
        "b/rows.csv": csv_file(ROWS),
        "c.docx": docx([OTHER]),
        "d.png": b"\x89PNG",
        "__MACOSX/a.txt": b"x",
        ".hidden.txt": b"x",
        "empty.txt": b"",
        "inner.zip": zipped({"a.txt": b"x"}),
        "unread.bin": b"x",
    }
    path = put(tmp_path, "a.zip", zipped(files))
    articles, reasons = read(path)
    assert [a.location for a in articles] == [
        f"{path}/b/a.txt", f"{path}/b/rows.csv#1", f"{path}/b/rows.csv#2", f"{path}/c.docx",
    ]  # fmt: skip
    assert [reason.removeprefix(f"{path}/").split(";")[0] for reason in reasons] == [
        "empty.txt is empty", "inner.zip is an archive in an archive",
        f"{path} is read but for d.png, unread.bin, of no format read here",
    ]  # fmt: skip


def test_a_zip_bomb_is_refused_unpacked(tmp_path: Path) -> None:
    articles, (reason,) = read(put(tmp_path, "a.zip", zipped({f"{i}.txt": b"a" * 2**22 for i in range(9)})))
    assert (articles, "times its size" in reason) == ([], True)
    bomb = zipped({"word/document.xml": b"a" * 2**24, "[Content_Types].xml": b""})
    articles, (reason,) = read(put(tmp_path, "a.docx", bomb))
    assert (articles, "times its size" in reason) == ([], True)


def test_a_file_in_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = zipped({"a.txt": b"a" * 2**21})
    lying = content.replace((2**21).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    articles, (reason,) = read(put(tmp_path, "a.zip", lying))
    assert (articles, "cannot be unpacked" in reason) == ([], True)


def test_a_file_too_large_in_a_zip_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000)
    articles, (reason,) = read(put(tmp_path, "a.zip", zipped({"a.txt": b"a" * 2_000, "b.txt": BODY.encode()})))
    assert (len(articles), "a.txt is over the limit" in reason) == (1, True)


def test_a_name_packed_on_chinese_windows_is_read(tmp_path: Path) -> None:
    content = zipped({"xxxx.txt": BODY.encode()}).replace(b"xxxx", "福州".encode("gbk"))
    ((article,), _) = read(put(tmp_path, "a.zip", content))
    assert article.location.endswith("/福州.txt")


@pytest.mark.parametrize("gzip", [False, True])
def test_a_crawl_gives_its_pages(tmp_path: Path, gzip: bool) -> None:
    crawl = {
        "https://a.example/1.html": ("text/html; charset=gb2312", HTML.encode("gb18030")),
        "https://a.example/a.css": ("text/css", b"body {}"),
        "https://a.example/2.pdf": ("application/pdf", pdf(OTHER)),
        "https://a.example/empty": ("text/html", b"<html></html>"),
        "https://a.example/broken.pdf": ("application/pdf", b"%PDF-1.7 "),
    }
    path = put(tmp_path, "a.warc.gz" if gzip else "a.warc", warc(crawl, gzip))
    articles, reasons = read(path)
    assert [a.location for a in articles] == [f"{path}#https://a.example/1.html", f"{path}#https://a.example/2.pdf"]
    assert articles[0].url == "https://a.example/1.html"
    assert [a.id.rpartition("-")[0] for a in articles] == ["1", "2"]
    assert [reason.removeprefix(f"{path}#https://a.example/").split(" ")[0] for reason in reasons] == [
        "empty",
        "broken.pdf",
        f"{path}",
    ]
    assert "but for 1 of its 5 answers" in reasons[-1]


def test_what_a_crawl_holds_beside_pages_is_counted_in_one_line(tmp_path: Path) -> None:
    others = {f"https://a.example/{n}.png": ("image/png", b"\x89PNG") for n in range(3)}
    path = put(tmp_path, "a.warc", warc({**others, "https://a.example/1.html": ("text/html", HTML.encode())}))
    (article,), (reason,) = read(path)
    assert reason == f"{path} is read but for 3 of its 4 answers, which are neither pages nor documents"
    assert read_article(path) == article


def test_pages_that_a_site_did_not_give_are_no_articles(tmp_path: Path) -> None:
    path = put(tmp_path, "a.warc", warc({"https://a.example/": ("text/html", HTML.encode())}, status="404 Not Found"))
    articles, (reason,) = read(path)
    assert (articles, "holds no pages" in reason) == ([], True)


# --- damage

WHOLE = {
    "a.docx": docx([BODY]),
    "a.pdf": pdf(BODY),
    "a.zip": zipped({"a.txt": BODY.encode()}),
    "a.warc.gz": warc({"https://a.example/1.html": ("text/html", HTML.encode())}, gzip=True),
    "a.parquet": parquet(ROWS),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("how", ["cut", "noise", "other", "empty"])
def test_a_damaged_file_is_one_reason(tmp_path: Path, name: str, how: str) -> None:
    whole = WHOLE[name]
    content = {
        "cut": whole[: len(whole) // 2],
        "noise": whole[:10] + bytes(range(256)) * 20,
        "other": BODY.encode(),
        "empty": b"",
    }[how]
    articles, reasons = read(put(tmp_path, name, content))
    if name == "a.pdf" and how == "cut":  # what is left may still be shown
        assert len(articles) + len(reasons) == 1
    else:
        assert (len(articles), len(reasons)) == (0, 1)


def test_a_pdf_of_images_says_so(tmp_path: Path) -> None:
    _, (reason,) = read(put(tmp_path, "a.pdf", pdf("")))
    assert "has no text layer" in reason


def test_a_table_of_two_gigabytes_in_one_line_is_refused(tmp_path: Path) -> None:
    for name in ("huge.jsonl", "huge.csv"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(2 * 1024**3)
        _, (reason,) = read(path)
        assert "binary" in reason
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    _, (reason,) = read(path)
    assert "longer than 1,000,000 characters" in reason


def test_one_article_is_asked_of_a_file_with_several(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="holds several articles"):
        read_article(put(tmp_path, "a.csv", csv_file(ROWS)))
