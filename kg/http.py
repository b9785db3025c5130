"""A question over HTTP → the answer: within limits of time and size, tried again where that may help, politely.

A server that is busy (429), fails (5xx) or takes too long is asked again, later each time, or when it says
(``Retry-After``, https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). What it refuses is not asked again.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar

import httpx

MAX_WAIT_SECONDS = 60.0  # between two tries, whatever the server asks for
MAX_CONNECT_SECONDS = 10.0
MAX_SAID_CHARS = 200  # of a server's own words, in a message
NAME = "ZoneKG"

_BUSY = (408, 409, 425, 429)

Answer = TypeVar("Answer")


class UnansweredError(Exception):
    """One question has no answer, for the reason said; the next may have one."""


class UnreachableError(Exception):
    """Nobody is there, or the address is none."""


class RefusedError(Exception):
    """The server answers with a status that asking again would not change; ``moved`` is the address it names instead."""

    def __init__(self, status: int, said: str, moved: str = "") -> None:
        super().__init__(said)
        self.status, self.moved = status, moved


class NotNowError(Exception):
    """The server may answer when it is asked again, after ``wait`` seconds where it says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Limits:
    """``timeout`` (s) is for one answer as a whole, ``backoff`` (s) the wait before the second of ``tries``, doubled
    each time; ``pause`` (s) lies at least between two questions."""  # fmt: skip

    timeout: float
    tries: int
    backoff: float
    max_bytes: int
    pause: float = 0.0


class Http:
    """A connection to one server, made when the first question is asked. ``secret`` is in no message."""

    def __init__(self, limits: Limits, headers: Mapping[str, str], secret: str = "") -> None:
        self._limits, self._secret = limits, secret
        timeout = httpx.Timeout(limits.timeout, connect=min(limits.timeout, MAX_CONNECT_SECONDS))
        self._client = httpx.Client(headers={"User-Agent": agent(), **headers}, timeout=timeout)
        self._asked = float("-inf")
        self.has_answered = False

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def ask(
        self, address: str, read: Callable[[bytes], Answer], content: bytes | None = None, kind: str = ""
    ) -> Answer:
        """What ``read`` makes of the answer; ``content`` of media type ``kind`` is posted, without it the address got.

        ``read`` raises ``NotNowError`` at what is no answer.

        Raises:
            UnansweredError: there is none, in as many tries as the limits allow, or it is too large.
            UnreachableError: nobody is there.
            RefusedError: the server does not take the question.
        """
        reason = ""
        for attempt in range(self._limits.tries):
            try:
                answer = read(self._once(address, content, kind))
            except NotNowError as error:
                reason = str(error)
                wait = self._limits.backoff * 2**attempt if error.wait is None else error.wait
                if attempt + 1 < self._limits.tries:
                    time.sleep(min(wait, MAX_WAIT_SECONDS))
            else:
                self.has_answered = True
                return answer
        raise UnansweredError(f"{reason}, in {self._limits.tries} tries")

    def _once(self, address: str, content: bytes | None, kind: str) -> bytes:
        try:
            status, headers, said = self._send(address, content, kind)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if self.has_answered:
                raise NotNowError("no connection") from error
            raise UnreachableError(_words(error)) from error
        except httpx.TimeoutException as error:
            raise NotNowError(f"no answer within {self._limits.timeout:g} s") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise UnreachableError(_words(error)) from error
        except httpx.HTTPError as error:
            raise NotNowError(_words(error)) from error
        if status == httpx.codes.OK:
            return said
        reason = self._said(status, said)
        if status in _BUSY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise NotNowError(reason, seconds_to_wait(headers.get("retry-after", "")))
        raise RefusedError(status, reason, headers.get("location", ""))

    def _send(self, address: str, content: bytes | None, kind: str) -> tuple[int, httpx.Headers, bytes]:
        """Status, headers, content."""
        early = self._asked + self._limits.pause - time.monotonic()
        if early > 0:
            time.sleep(early)
        self._asked = time.monotonic()
        deadline = self._asked + self._limits.timeout
        method, headers = ("GET", {}) if content is None else ("POST", {"Content-Type": kind})
        body = bytearray()
        with self._client.stream(method, address, content=content, headers=headers) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self._limits.max_bytes:
                    raise UnansweredError(f"an answer of more than {self._limits.max_bytes} bytes")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("too slow")
            return response.status_code, response.headers, bytes(body)

    def _said(self, status: int, content: bytes) -> str:
        """The status, and the server's own words; never the secret, should they repeat it."""
        text = content.decode("utf-8", "replace")
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            text = json.loads(text)["error"]["message"]
        text = " ".join(str(text).encode("utf-8", "replace").decode().split())
        text = text.replace(self._secret, "…") if self._secret else text
        return f"{status}: {text[:MAX_SAID_CHARS]}" if text else str(status)


def agent() -> str:
    """What ZoneKG calls itself."""
    try:
        return f"{NAME}/{version('zonekg')}"
    except PackageNotFoundError:
        return NAME


def seconds_to_wait(asked: str) -> float | None:
    """The seconds that a ``Retry-After`` asks for, which may be a date; none where it says nothing.

    >>> seconds_to_wait("120"), seconds_to_wait("Fri, 31 Dec 1999 23:59:59 GMT"), seconds_to_wait("soon")
    (120.0, 0.0, None)
    """
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
