"""Messages in, a model's answer out: over HTTP, within limits of time and size, tried again where that may help.

What is spoken is OpenAI's chat completions, as vLLM, Ollama, DeepSeek, Qwen and others serve them. A server that
takes no ``json_schema`` as ``response_format`` is asked for a ``json_object``, and one that takes neither for text:
the schema stands in the messages, too.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import httpx

from kg.errors import ExtractorError
from kg.llm.options import KEY_VARIABLE, Options

MAX_ANSWER_BYTES = 8 * 1024 * 1024
MAX_WAIT_SECONDS = 60.0  # between two tries, whatever the server asks for
MAX_CONNECT_SECONDS = 10.0
MAX_UNANSWERED = 3  # windows in a row; then the server is taken to be gone
MAX_SAID_CHARS = 200  # of a server's own words, in a message

_FORMATS = ("json_schema", "json_object", "text")
_REFUSES_KEY = (401, 403)
_REFUSES_REQUEST = (400, 413, 422)
_BUSY = (408, 409, 425, 429)


class UnansweredError(Exception):
    """One question has no answer, for the reason said; the next may have one."""


class _RefusedError(UnansweredError):
    """The server does not take this request as it is."""


class _NotNowError(Exception):
    """The server may answer when it is asked again, after ``wait`` seconds where it says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Reply(NamedTuple):
    """What a model wrote, and the tokens that the server counted for it."""

    content: str
    tokens_in: int | None
    tokens_out: int | None


class Client:
    """A connection to one server, made when the first question is asked."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._key = os.environ.get(KEY_VARIABLE, "").strip()
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        limits = httpx.Timeout(options.timeout, connect=min(options.timeout, MAX_CONNECT_SECONDS))
        self._http = httpx.Client(headers=headers, timeout=limits)
        self._format = 0  # of _FORMATS
        self._has_answered = self._knows_format = False
        self._unanswered = 0  # in a row

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def ask(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> Reply:
        """The answer to ``messages``.

        Raises:
            UnansweredError: there is none to this question.
            ExtractorError: the server is not there, or refuses every question.
        """
        formats = range(self._format, self._format + 1 if self._knows_format else len(_FORMATS))
        refusal = ""
        for format_ in formats:
            try:
                reply = self._ask_again(self._body(messages, schema, _FORMATS[format_]))
            except _RefusedError as error:
                refusal = refusal or str(error)
                continue
            self._format, self._knows_format, self._unanswered = format_, True, 0
            return reply
        raise UnansweredError(refusal)

    def _body(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], format_: str) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self._options.model, "messages": messages}
        if self._options.temperature is not None:
            body["temperature"] = self._options.temperature
        if self._options.max_tokens is not None:
            body["max_tokens"] = self._options.max_tokens
        if format_ == "json_schema":
            named = {"name": "extraction", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif format_ == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def _ask_again(self, body: Mapping[str, Any]) -> Reply:
        """Ask as often as the options allow, waiting longer each time."""
        reason = ""
        for attempt in range(self._options.tries):
            try:
                return self._ask_once(body)
            except _NotNowError as error:
                reason = str(error)
                wait = self._options.backoff * 2**attempt if error.wait is None else error.wait
                if attempt + 1 < self._options.tries:
                    time.sleep(min(wait, MAX_WAIT_SECONDS))
        self._unanswered += 1
        said = f"{reason}, in {self._options.tries} tries"
        if not self._has_answered or self._unanswered >= MAX_UNANSWERED:
            raise ExtractorError(
                f"the language model at {self._options.endpoint} does not answer ({said}); try again later"
            )
        raise UnansweredError(said)

    def _ask_once(self, body: Mapping[str, Any]) -> Reply:
        endpoint = self._options.endpoint
        try:
            status, wait, content = self._post(endpoint, body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if self._has_answered:
                raise _NotNowError("no connection") from error
            said = " ".join(str(error).split()) or type(error).__name__
            raise ExtractorError(
                f"no language model is there at {endpoint} ({said}); start its server, or give another address"
            ) from error
        except httpx.TimeoutException as error:
            raise _NotNowError(f"no answer within {self._options.timeout:g} s") from error
        except httpx.TransportError as error:
            raise _NotNowError(" ".join(str(error).split()) or type(error).__name__) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ExtractorError(f"{endpoint} cannot be asked ({error}); check the address") from error
        if status == httpx.codes.OK:
            reply = _reply(content)
            self._has_answered = True
            return reply
        said = self._said(status, content)
        if status in _BUSY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _NotNowError(said, wait)
        if status in _REFUSES_REQUEST:
            raise _RefusedError(said)
        if status in _REFUSES_KEY:
            raise ExtractorError(f"{endpoint} refuses the key ({said}); set {KEY_VARIABLE} to one it takes")
        raise ExtractorError(f"{endpoint} answers no question ({said}); check the address and the model")

    def _post(self, endpoint: str, body: Mapping[str, Any]) -> tuple[int, float | None, bytes]:
        """Status, the seconds it asks to wait, content. The time allowed is for the answer as a whole."""
        deadline = time.monotonic() + self._options.timeout
        content = bytearray()
        with self._http.stream("POST", endpoint, content=json.dumps(body).encode()) as response:
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_ANSWER_BYTES:
                    raise UnansweredError(f"an answer of more than {MAX_ANSWER_BYTES} bytes")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("too slow")
            asked = response.headers.get("retry-after", "")
            return response.status_code, float(asked) if asked.isdecimal() else None, bytes(content)

    def _said(self, status: int, content: bytes) -> str:
        """The status, and the server's own words; never the key, should they repeat it."""
        text = content.decode("utf-8", "replace")
        with contextlib.suppress(ValueError, KeyError, TypeError):
            text = json.loads(text)["error"]["message"]
        text = " ".join(str(text).split())
        text = text.replace(self._key, "…") if self._key else text
        return f"{status}: {text[:MAX_SAID_CHARS]}" if text else str(status)


def _reply(content: bytes) -> Reply:
    try:
        data = json.loads(content)
        said = data["choices"][0]["message"]["content"]
        usage = data.get("usage") or {}
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise _NotNowError("an answer that is no chat completion") from error
    tokens_in, tokens_out = (count if isinstance(count, int) else None for count in counts)
    return Reply(said if isinstance(said, str) else "", tokens_in, tokens_out)
