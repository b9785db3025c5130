"""Addresses are fetched within limits, and only where robots may; a server on this machine stands for the web."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from test_formats import BODY, HTML, OTHER, TITLE

from kg.errors import ReadError
from kg.model import Article
from kg.read import Unread, read_article, read_articles, web

RULES = "User-agent: *\nDisallow: /secret/\nUser-agent: ZoneKG\nDisallow: /not-for-us\nDisallow: /secret/\n"


class Site(BaseHTTPRequestHandler):
    """Pages by path; a status and headers stand before the content."""

    pages = {  # noqa: RUF012
        "/robots.txt": (200, {"Content-Type": "text/plain"}, RULES.encode()),
        "/1.html": (200, {"Content-Type": "text/html; charset=iso-8859-1"}, HTML.encode("gb18030")),
        "/a.txt": (200, {"Content-Type": "text/plain"}, BODY.encode()),
        "/rows.jsonl": (200, {"Content-Type": "text/plain"}, f'{{"text": "{BODY}"}}\n{{"text": "{OTHER}"}}'.encode()),
        "/download": (200, {"Content-Type": "application/octet-stream"}, HTML.encode()),
        "/moved": (302, {"Location": "/1.html"}, b""),
        "/circle": (302, {"Location": "/circle"}, b""),
        "/sneaky": (302, {"Location": "/secret/1.html"}, b""),
        "/away": (302, {"Location": "file:///etc/hostname"}, b""),
        "/secret/1.html": (200, {"Content-Type": "text/html"}, HTML.encode()),
        "/not-for-us": (200, {"Content-Type": "text/html"}, HTML.encode()),
        "/image": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
        "/broken": (500, {}, b""),
        "/large": (200, {"Content-Type": "text/html"}, b"a" * 100_000),
    }
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, headers, content = self.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path == "/slow":
            for _ in range(50):
                self.wfile.write(b"a")
                time.sleep(0.05)
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.asked.clear()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def reason(address: str) -> str:
    (found,) = read_articles(address)
    assert isinstance(found, Unread)
    assert isinstance(found.error, ReadError)
    assert str(found.error).startswith(address)
    return str(found.error).removeprefix(address)


@pytest.mark.parametrize("path", ["/1.html", "/moved", "/download"])
def test_a_page_is_read_from_its_address(site: str, path: str) -> None:
    article = read_article(site + path)
    assert (article.title, article.location) == (TITLE, site + path)
    assert article.url == site + {"/moved": "/1.html"}.get(path, path)
    assert OTHER in article.text


def test_a_table_is_read_from_its_address(site: str) -> None:
    assert [a.text for a in read_articles(f"{site}/rows.jsonl") if isinstance(a, Article)] == [BODY, OTHER]


@pytest.mark.parametrize("path", ["/secret/1.html", "/not-for-us", "/sneaky"])
def test_what_is_not_for_robots_is_not_asked_for(site: str, path: str) -> None:
    assert " is not for robots" in reason(site + path)
    assert not {"/secret/1.html", "/not-for-us"} & set(Site.asked)


def test_rules_are_asked_for_once(site: str) -> None:
    for _ in range(3):
        read_article(f"{site}/a.txt")
    assert Site.asked.count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (503, False)]
)  # RFC 9309: unavailable, unavailable, unreachable
def test_a_site_without_rules_allows_all_and_one_that_fails_nothing(
    site: str, monkeypatch: pytest.MonkeyPatch, status: int, allowed: bool
) -> None:
    monkeypatch.setitem(Site.pages, "/robots.txt", (status, {}, b""))
    (found,) = read_articles(f"{site}/a.txt")
    assert isinstance(found, Article) == allowed


def test_a_delay_that_rules_ask_for_is_kept(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = b"User-agent: *\nCrawl-delay: 1\n"
    monkeypatch.setitem(Site.pages, "/robots.txt", (200, {"Content-Type": "text/plain"}, rules))
    monkeypatch.setattr(web, "MAX_DELAY_SECONDS", 0.3)
    started = time.monotonic()
    for _ in range(2):
        read_article(f"{site}/a.txt")
    assert 0.3 <= time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/none", " answered 404 Not Found; "),
        ("/broken", " answered 500 "),
        ("/circle", " redirects more than 5 times; "),
        ("/away", " leads away from the web, "),
        ("/image", " is of no format that is read here; "),
    ],
)
def test_what_cannot_be_had_is_one_reason(site: str, path: str, said: str) -> None:
    assert reason(site + path).startswith(said)


def test_what_is_too_large_or_too_slow_is_one_reason(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", 50_000)
    monkeypatch.setattr(web, "MAX_SECONDS", 0.2)
    monkeypatch.setitem(Site.pages, "/slow", (200, {"Content-Type": "text/html"}, b""))
    assert " is over the limit" in reason(f"{site}/large")
    assert " took more than " in reason(f"{site}/slow")


def test_a_site_that_is_not_there_is_one_reason() -> None:
    assert " cannot be fetched (" in reason("http://127.0.0.1:9/1.html")
    assert " cannot be fetched (" in reason("http://[::1/1.html")
