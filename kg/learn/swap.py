"""Articles in, the same articles with other names in them out: mention replacement, which makes a small set larger.

Each entity takes the names of another of its class from another article, throughout (Dai and Adel 2020,
https://aclanthology.org/2020.coling-main.343/). What is told stays grammatical and becomes untrue, which does not
matter to what learns where names stand.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from kg.model import Mention, TextSpan


def names_by_class(entities: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The names of each class, in order, each once."""
    names: dict[str, dict[str, None]] = {}
    for entity in entities:
        names.setdefault(entity["class"], {})[entity["name"]] = None
    return {label: list(found) for label, found in names.items()}


def swapped(
    text: str, mentions: Sequence[Mention], names: Mapping[str, Sequence[str]], rng: random.Random, share: float
) -> tuple[str, list[Mention]]:
    """``text`` with a ``share`` of its names replaced, equal names alike, and where the names stand then.

    >>> swapped("甲县设立乙园", [Mention(TextSpan(0, 2), "甲县", "AdministrativeArea", "")],
    ...         {"AdministrativeArea": ["云澜市"]}, random.Random(0), 1.0)[0]
    '云澜市设立乙园'
    """
    chosen: dict[tuple[str, str], str] = {}
    pieces: list[str] = []
    found: list[Mention] = []
    position = length = 0
    for mention in mentions:
        key = (mention.label_, mention.text)
        if key not in chosen:
            others = names.get(mention.label_, ())
            chosen[key] = rng.choice(others) if others and rng.random() < share else mention.text
        before = text[position : mention.span.start]
        pieces += (before, chosen[key])
        start = length + len(before)
        length = start + len(chosen[key])
        found.append(Mention(TextSpan(start, length), chosen[key], mention.label_, mention.rule))
        position = mention.span.end
    pieces.append(text[position:])
    return "".join(pieces), found
