"""Two small servers on this machine: one stands for a reconciliation service, one for a SPARQL endpoint."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs

import pyoxigraph as ox

Served = tuple[int, Mapping[str, str], bytes]
Answering = Callable[[dict[str, Any]], Served]

MANIFEST = {
    "versions": ["0.1", "0.2"],
    "name": "小库",
    "identifierSpace": "http://example.org/thing/",
    "schemaSpace": "http://example.org/type/",
    "view": {"url": "http://example.org/page/{{id}}"},
}


def found(id_: str, score: float = 100, match: bool = True, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": more.pop("name", id_), "score": score, "match": match, "type": [], **more}


def as_json(said: Any, status: int = 200, **headers: str) -> Served:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(said, ensure_ascii=False).encode()


class Small(ThreadingHTTPServer):
    """Answers as ``answering`` says, one after the other, else as it should. ``asked`` are the forms it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answering: list[Served | float] = []  # a number is how many seconds it says nothing, and then answers
        self.asked: list[Any] = []
        self.headers: list[Any] = []
        self.described = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *_: object) -> None:
        """Who asked may have gone."""

    def describe(self) -> Served:
        raise NotImplementedError

    def answer(self, form: Mapping[str, str]) -> Served:
        raise NotImplementedError


class Reconciling(Small):
    """A reconciliation service; ``knows`` are its candidates by name."""

    def __init__(self) -> None:
        super().__init__()
        self.manifest: Any = dict(MANIFEST)
        self.knows: dict[str, list[dict[str, Any]]] = {}

    @property
    def queries(self) -> list[dict[str, Any]]:
        """All queries it was sent, of all batches."""
        return [query for batch in self.asked for query in batch.values()]

    def describe(self) -> Served:
        return as_json(self.manifest)

    def answer(self, form: Mapping[str, str]) -> Served:
        queries = json.loads(form["queries"])
        self.asked.append(queries)
        return as_json({key: {"result": self.knows.get(query["query"], [])} for key, query in queries.items()})


class Endpoint(Small):
    """A SPARQL endpoint over ``store``, which answers a plain request with a page for people."""

    def __init__(self) -> None:
        super().__init__()
        self.store = ox.Store()

    def knows(self, turtle: str) -> None:
        prefixes = "PREFIX : <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        prefixes += "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        self.store.load((prefixes + turtle).encode(), ox.RdfFormat.TURTLE)

    def describe(self) -> Served:
        return 200, {"Content-Type": "text/html"}, "<h1>查询</h1>".encode()

    def answer(self, form: Mapping[str, str]) -> Served:
        self.asked.append(form["query"])
        results = self.store.query(form["query"])
        content = results.serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]
        return 200, {"Content-Type": "application/sparql-results+json"}, content or b""


Server = TypeVar("Server", bound=Small)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The server, while it is asked on this machine."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        server.described += 1
        self._send(server.describe())

    def do_POST(self) -> None:
        server: Any = self.server
        server.headers.append(self.headers)
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        is_probe = form.get("query") == "ASK {}"
        turn = server.answering.pop(0) if server.answering and not is_probe else None
        if isinstance(turn, tuple):
            self._send(turn)
            return
        if turn:
            time.sleep(turn)
        self._send(server.answer(form))

    def _send(self, served: Served) -> None:
        status, headers, content = served
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
