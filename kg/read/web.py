"""An address in, what stands there out: within limits of time and size, and only what robots may fetch.

Robots are asked as RFC 9309 says: a site without rules allows everything, one that cannot be asked allows nothing.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from kg.errors import ReadError
from kg.http import NAME, agent
from kg.read.formats.archives import BY_MEDIA_TYPE, suffix_of, too_large
from kg.read.limits import MAX_BYTES

MAX_REDIRECTS = 5
MAX_SECONDS = 60.0  # for one address, redirects and all
MAX_WAIT_SECONDS = 15.0  # for the next bytes
MAX_DELAY_SECONDS = 10.0  # that a site's rules may ask between two pages
MAX_RULES_BYTES = 512 * 1024  # RFC 9309 asks for 500 KiB

_last_fetched: dict[str, float] = {}


class Fetched(NamedTuple):
    """What stands at ``address``, where the redirects led; ``suffix`` says its format, empty where unknown."""

    address: str
    suffix: str
    content: bytes


def fetch(address: str) -> Fetched:
    """Fetch one address.

    Raises:
        ReadError: when it cannot be had, is too large or too slow, or robots may not fetch it.
    """
    deadline = time.monotonic() + MAX_SECONDS
    at = address
    try:
        with _client() as client:
            for _ in range(MAX_REDIRECTS + 1):
                _ask(at, address)
                with client.stream("GET", at) as response:
                    if response.has_redirect_location:
                        at = _redirected(at, response.headers["location"], address)
                        continue
                    if response.is_error:
                        said = f"{response.status_code} {response.reason_phrase}".strip()
                        raise ReadError(f"{address} answered {said}; check the address")
                    content = _content(response, address, deadline)
                    return Fetched(at, _suffix(at, response.headers.get("content-type", "")), content)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise ReadError(f"{address} cannot be fetched ({said}); check the address") from error
    raise ReadError(f"{address} redirects more than {MAX_REDIRECTS} times; give the address it leads to")


def _client() -> httpx.Client:
    return httpx.Client(headers={"User-Agent": agent(), "Accept-Language": "zh,en;q=0.5"}, timeout=MAX_WAIT_SECONDS)


def _content(response: httpx.Response, address: str, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes(64 * 1024):
        content += chunk
        if len(content) > MAX_BYTES:
            raise too_large(address)
        if time.monotonic() > deadline:
            raise ReadError(f"{address} took more than {MAX_SECONDS:.0f} s; try again later")
    return bytes(content)


def _redirected(at: str, to: str, address: str) -> str:
    target = urljoin(at, to)
    if urlsplit(target).scheme not in ("http", "https"):
        raise ReadError(f"{address} leads away from the web, to {target}; give the address of a page")
    return target


def _suffix(address: str, content_type: str) -> str:
    """The format, as the server says it, or, where it does not know, as the address ends."""
    media_type = content_type.partition(";")[0].strip().lower()
    suffix = suffix_of(urlsplit(address).path)
    if media_type in ("", "application/octet-stream", "binary/octet-stream", "application/gzip"):
        return suffix or ".html"
    known = BY_MEDIA_TYPE.get(media_type, "")
    return suffix if known == ".txt" and suffix in (".md", ".csv", ".tsv", ".jsonl") else known


def _ask(at: str, address: str) -> None:
    """Ask the site's rules whether, and when, ``at`` may be fetched."""
    parts = urlsplit(at)
    origin = f"{parts.scheme}://{parts.netloc}"
    rules = _rules(origin)
    if not rules.can_fetch(NAME, at):
        raise ReadError(f"{address} is not for robots, by the rules of {origin}; save the page and give the file")
    delay = min(float(rules.crawl_delay(NAME) or 0), MAX_DELAY_SECONDS)
    time.sleep(max(0.0, _last_fetched.get(origin, 0.0) + delay - time.monotonic()) if delay else 0.0)
    _last_fetched[origin] = time.monotonic()


@lru_cache(maxsize=256)
def _rules(origin: str) -> RobotFileParser:
    """A site's rules for robots.

    Raises:
        httpx.HTTPError: the site cannot be reached; then it is asked again next time.
    """
    rules = RobotFileParser()
    with _client() as client, client.stream("GET", f"{origin}/robots.txt", follow_redirects=True) as response:
        if response.is_server_error:
            rules.parse(["User-agent: *", "Disallow: /"])
        elif response.is_error:
            rules.parse([])
        else:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_RULES_BYTES:
                    break
            rules.parse(content.decode("utf-8", "replace").lstrip("\ufeff").splitlines())
    return rules
