"""What a model wrote → the four lists of an answer, or nothing where it is no such JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

KINDS = ("entities", "relations", "observations", "milestones")

Answer = Mapping[str, list[Mapping[str, Any]]]
"""The items of each of ``KINDS``; what is no item is left out."""


def read_answer(content: str) -> Answer | None:
    """The answer in ``content``; what a model thought before it and a fence around it are passed over.

    >>> read_answer('<think>{?}</think>```json\\n{"entities": [{"name": "甲园"}], "relations": [1]}\\n```')
    {'entities': [{'name': '甲园'}], 'relations': [], 'observations': [], 'milestones': []}
    >>> read_answer("没有可写的。") is None
    True
    """
    said = content.rpartition("</think>")[2]
    try:
        data = json.loads(said[said.find("{") : said.rfind("}") + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not data.keys() & set(KINDS):
        return None
    lists = {kind: data.get(kind) for kind in KINDS}
    return {
        kind: [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        for kind, items in lists.items()
    }


def text_of(item: Mapping[str, Any], field: str) -> str:
    """The text of a field; empty where it has none."""
    value = item.get(field)
    return value.strip() if isinstance(value, str) else ""
