"""Tokens and what they cost: estimated before a run, counted after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.llm.options import Options

CHARS_PER_TOKEN = 4
"""Of text that is not Chinese; a Chinese character is about one token. Tokenizers of models differ by half of it."""
OUT_PER_READ = 1.0
"""Tokens of an answer for each token of text read: facts with their quotations are about as long as the text."""

_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def tokens_of(text: str) -> int:
    """About how many tokens a text has.

    >>> tokens_of("晋安区开园"), tokens_of("twelve chars")
    (5, 3)
    """
    han = len(_HAN.findall(text))
    return han + -(-(len(text) - han) // CHARS_PER_TOKEN)


def tokens_in(messages: Sequence[Mapping[str, str]]) -> int:
    """About how many tokens the model reads."""
    return sum(tokens_of(message["content"]) for message in messages)


@dataclass(slots=True)
class Usage:
    """What was asked and answered. ``uncounted`` answers came without the server's count: theirs is an estimate."""

    requests: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    uncounted: int = 0

    @property
    def tokens(self) -> int:
        """Read and written."""
        return self.tokens_in + self.tokens_out

    def cost(self, options: Options) -> Decimal | None:
        """What it costs by the prices given; None without both of them."""
        if options.price_in is None or options.price_out is None:
            return None
        return (self.tokens_in * options.price_in + self.tokens_out * options.price_out) / 1_000_000

    def estimate(self, options: Options) -> str:
        """What is about to be used, in one sentence."""
        return (
            f"{options.model} at {options.host}: {self.requests} requests to make, {self.cached} answers in the cache; "
            f"an estimated {self.tokens_in} tokens to read and {self.tokens_out} to write{self._priced(options, 'about ')}"
        )

    def used(self, options: Options) -> str:
        """What was used, in one sentence."""
        estimated = f" ({self.uncounted} of the answers by estimate)" if self.uncounted else ""
        return (
            f"{options.model} at {options.host}: {self.requests} requests made, {self.cached} answers from the cache; "
            f"{self.tokens_in} tokens read and {self.tokens_out} written{estimated}{self._priced(options, '')}"
        )

    def _priced(self, options: Options, about: str) -> str:
        cost = self.cost(options)
        return "" if cost is None else f", {about}{cost.quantize(Decimal('0.0001')).normalize():f} by the prices given"
