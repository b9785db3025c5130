"""What is known of a figure while its sentence is read: its indicator, its owner, what was said before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from kg.annotate.indicators import Measure
from kg.annotate.quantities import Quantity
from kg.annotate.view import Placed
from kg.model import Observation, TextSpan

OPEN = ("money", "area", "length", "mass", "energy", "volume", "power", "computing", "share")
"""Kinds of units whose figures may have an indicator that no list names."""


@dataclass
class Found:
    """An indicator of a sentence, before anyone owns it."""

    quantity: Quantity
    name: str
    phrase: TextSpan
    rule: str
    measure: Measure | None = None
    value: Decimal | None = None
    owner: Placed | None = None  # where the sentence says whose it is in a list of its own


@dataclass
class Said:
    """What is carried from one number of a sentence to the next."""

    span: TextSpan
    last: Found | None = None
    last_owner: Placed | None = None
    last_end: int = 0
    year: str | None = None
    year_at: int = -1
    awaited: list[Found] = field(default_factory=list)  # what figures to come are of, said 分别
    awaited_at: int = 0  # where the next of them is looked for
    said: list[Found] = field(default_factory=list)  # the figures of the sentence so far that are of an owner
    done: list[Observation] = field(default_factory=list)
