"""``NAME=VALUE`` and the environment → the options of one run, checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.answers import cache_folder
from kg.errors import ExtractorError

URL_VARIABLE, MODEL_VARIABLE, KEY_VARIABLE = "ZONEKG_LLM_URL", "ZONEKG_LLM_MODEL", "ZONEKG_LLM_API_KEY"


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is asked. The key is no option: it is read from the environment, and kept nowhere.

    ``timeout`` (s) is for one answer as a whole, ``backoff`` (s) the wait before the second of ``tries``, doubled
    each time. Prices are for a million tokens. ``token_limit``: nothing is asked where more would be used.
    """

    url: str
    model: str
    window_chars: int = 3000
    overlap_chars: int = 300
    timeout: float = 180.0
    tries: int = 4
    backoff: float = 1.0
    temperature: float | None = 0.0
    max_tokens: int | None = None
    price_in: Decimal | None = None
    price_out: Decimal | None = None
    token_limit: int | None = None
    cache: Path = field(default_factory=lambda: cache_folder("llm"))

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ExtractorError(
                f"{self.url!r} is no address of a language model; give one as http://localhost:8000/v1"
            )
        if address.password:
            raise ExtractorError(f"the address of the language model holds a password; give it in {KEY_VARIABLE}")
        if not 0 <= self.overlap_chars < self.window_chars:
            raise ExtractorError(
                f"windows of {self.window_chars} characters cannot overlap by {self.overlap_chars}; "
                "make window_chars the larger"
            )
        if self.tries < 1 or self.timeout <= 0 or self.backoff < 0:
            raise ExtractorError("tries and timeout must be above 0, and backoff not below; correct the options")

    @property
    def host(self) -> str:
        """The server's name and port."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def endpoint(self) -> str:
        """The address that is asked."""
        base = self.url.rstrip("/")
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"


def read_options(given: Mapping[str, str]) -> Options:
    """The options as they are given; the address and the model from the environment where they are not.

    >>> read_options({"url": "http://localhost:8000/v1", "model": "qwen3", "window_chars": "2000"}).window_chars
    2000

    Raises:
        ExtractorError: there is no such option, a value is none, or the address or the model is missing.
    """
    known = {each.name for each in fields(Options)}
    for name in given:
        if name not in known:
            raise ExtractorError(f"the extractor llm has no option {name}; it has {', '.join(sorted(known))}")
    values: dict[str, Any] = {name: _value(name, text) for name, text in given.items() if name not in ("url", "model")}
    for name, variable in (("url", URL_VARIABLE), ("model", MODEL_VARIABLE)):
        values[name] = given.get(name) or os.environ.get(variable)
        if not values[name]:
            called = "address" if name == "url" else "model"
            raise ExtractorError(f"the extractor llm has no {called} to ask; give the option {name}, or set {variable}")
    return Options(**values)


_READ: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("window_chars", "overlap_chars", "tries", "max_tokens", "token_limit"), int),
    **dict.fromkeys(("timeout", "backoff"), float),
    "temperature": lambda text: float(text) if text else None,
    **dict.fromkeys(("price_in", "price_out"), Decimal),
    "cache": lambda text: Path(text).expanduser(),
}


def _value(name: str, text: str) -> Any:
    try:
        return _READ[name](text)
    except (ValueError, InvalidOperation):
        raise ExtractorError(f"{name}={text} is no number; write {name} = a number") from None
