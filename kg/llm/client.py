"""Messages in, a model's answer out: over HTTP, within limits of time and size, tried again where that may help.

What is spoken is OpenAI's chat completions, as vLLM, Ollama, DeepSeek, Qwen and others serve them. A server that
takes no ``json_schema`` as ``response_format`` is asked for a ``json_object``, and one that takes neither for text:
the schema stands in the messages, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kg.errors import ExtractorError
from kg.http import Http, Limits, NotNowError, RefusedError, UnansweredError, UnreachableError
from kg.llm.options import KEY_VARIABLE, Options

MAX_ANSWER_BYTES = 8 * 1024 * 1024
MAX_UNANSWERED = 3  # windows in a row; then the server is taken to be gone

_FORMATS = ("json_schema", "json_object", "text")
_REFUSES_KEY = (401, 403)
_REFUSES_REQUEST = (400, 413, 422)


class Reply(NamedTuple):
    """What a model wrote, and the tokens that the server counted for it."""

    content: str
    tokens_in: int | None
    tokens_out: int | None


class Client:
    """A connection to one server, made when the first question is asked."""

    def __init__(self, options: Options) -> None:
        self._options = options
        key = os.environ.get(KEY_VARIABLE, "").strip()
        limits = Limits(options.timeout, options.tries, options.backoff, MAX_ANSWER_BYTES)
        self._http = Http(limits, {"Authorization": f"Bearer {key}"} if key else {}, key)
        self._format = 0  # of _FORMATS
        self._knows_format = False
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
                reply = self._ask_once(self._body(messages, schema, _FORMATS[format_]))
            except RefusedError as error:
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

    def _ask_once(self, body: Mapping[str, Any]) -> Reply:
        endpoint = self._options.endpoint
        try:
            return self._http.ask(endpoint, _reply, json.dumps(body).encode(), "application/json")
        except UnreachableError as error:
            raise ExtractorError(
                f"no language model is there at {endpoint} ({error}); start its server, or give another address"
            ) from error
        except UnansweredError as error:
            self._unanswered += 1
            if self._http.has_answered and self._unanswered < MAX_UNANSWERED:
                raise
            raise ExtractorError(
                f"the language model at {endpoint} does not answer ({error}); try again later"
            ) from error
        except RefusedError as error:
            if error.status in _REFUSES_REQUEST:
                raise
            if error.status in _REFUSES_KEY:
                raise ExtractorError(
                    f"{endpoint} refuses the key ({error}); set {KEY_VARIABLE} to one it takes"
                ) from error
            raise ExtractorError(
                f"{endpoint} answers no question ({error}); check the address and the model"
            ) from error


def _reply(content: bytes) -> Reply:
    try:
        data = json.loads(content)
        said = data["choices"][0]["message"]["content"]
        usage = data.get("usage") or {}
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise NotNowError("an answer that is no chat completion") from error
    tokens_in, tokens_out = (count if isinstance(count, int) else None for count in counts)
    return Reply(said if isinstance(said, str) else "", tokens_in, tokens_out)
