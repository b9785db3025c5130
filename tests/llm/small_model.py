"""A small server on this machine that stands for a language model, and an article about places made up for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kg.model import Article, TextSpan

TEXT = (
    "云溪经济开发区（以下简称“云溪经开区”）位于云溪市。去年，云溪经开区完成工业产值480亿元，入驻企业超过1200家。\n"
    "鹭岛电子有限公司2023年9月落户云溪经开区，其智能终端项目预计2025年底投产。该区固定资产投资下降3.2%。"
)

GOOD: dict[str, Any] = {
    "entities": [
        {"name": "云溪经济开发区", "class": "DevelopmentZone", "aliases": ["云溪经开区"]},
        {"name": "云溪市", "class": "AdministrativeArea", "aliases": []},
        {"name": "鹭岛电子有限公司", "class": "Company", "aliases": []},
        {"name": "智能终端项目", "class": "Project", "aliases": []},
    ],
    "relations": [
        {"subject": "云溪经济开发区", "property": "locatedIn", "object": "云溪市", "status": "actual", "title": None,
         "quote": "云溪经济开发区（以下简称“云溪经开区”）位于云溪市"},
        {"subject": "鹭岛电子有限公司", "property": "settledIn", "object": "云溪经济开发区", "status": "actual",
         "title": None, "quote": "鹭岛电子有限公司2023年9月落户云溪经开区"},
    ],
    "observations": [
        {"entity": "云溪经济开发区", "indicator": "工业产值", "value": "480亿元", "time": "去年", "status": "actual",
         "with_respect_to": None, "quote": "云溪经开区完成工业产值480亿元"},
        {"entity": "云溪经济开发区", "indicator": "企业", "value": "1200家", "time": "去年", "status": "actual",
         "with_respect_to": None, "quote": "入驻企业超过1200家"},
    ],
    "milestones": [
        {"entity": "智能终端项目", "type": "inProduction", "time": "2025年底", "status": "target",
         "quote": "其智能终端项目预计2025年底投产"},
    ],
}  # fmt: skip

Served = tuple[int, Mapping[str, str], bytes]
Answering = Callable[[dict[str, Any]], Served]


def completion(content: str | Mapping[str, Any], usage: bool = True) -> Served:
    """What a server sends that answers well: a chat completion with ``content``."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    body: dict[str, Any] = {"choices": [{"message": {"role": "assistant", "content": text}}]}
    if usage:
        body["usage"] = {"prompt_tokens": 1000, "completion_tokens": 200}
    return 200, {}, json.dumps(body).encode()


def answer(**parts: list[Any]) -> dict[str, Any]:
    """An answer that says nothing but ``parts``."""
    return {"entities": [], "relations": [], "observations": [], "milestones": [], **parts}


class Model(ThreadingHTTPServer):
    """Answers as ``answering`` says, one after the other; the last goes on. ``asked`` are the bodies it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answering: list[Answering | Served] = [completion(GOOD)]
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.drip = 0.0  # seconds between two bytes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def next(self, body: dict[str, Any]) -> Served:
        self.asked.append(body)
        served = self.answering.pop(0) if len(self.answering) > 1 else self.answering[0]
        return served if isinstance(served, tuple) else served(body)

    def handle_error(self, *_: object) -> None:
        """Who asked may have gone."""


@contextmanager
def serving() -> Iterator[Model]:
    """A model that is asked on this machine."""
    server = Model()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        model: Any = self.server
        model.keys.append(self.headers.get("Authorization"))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            status, headers, content = 404, {}, b"{}"
        else:
            status, headers, content = model.next(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for byte in content if model.drip else ():
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(model.drip)
        if not model.drip:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def article(text: str = TEXT, damage: tuple[TextSpan, ...] = (), body: tuple[TextSpan, ...] = ()) -> Article:
    return Article("a", "a.txt", text, text, damage=damage, body=body, published=date(2024, 3, 5))
