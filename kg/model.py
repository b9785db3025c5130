"""The nouns of the flow, from a location to statements: frozen, standard-named, shared by every layer.

Offsets are 0-based, end-exclusive and count Unicode code points, as in the Web Annotation Data Model
(https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Literal, NamedTuple

Status = Literal["actual", "target"]
Comparator = Literal["=", ">", ">=", "<", "<=", "~"]


class TextSpan(NamedTuple):
    """A half-open range of code points, ``[start, end)``.

    >>> TextSpan(1, 3).of("福州市")
    '州市'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of ``text`` in this range."""
        return text[self.start : self.end]

    def contains(self, other: TextSpan) -> bool:
        """Whether ``other`` lies wholly inside this range."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: TextSpan) -> bool:
        """Whether the two ranges share at least one character."""
        return self.start < other.end and other.start < self.end

    def cover(self, other: TextSpan) -> TextSpan:
        """The smallest range that contains both."""
        return TextSpan(min(self.start, other.start), max(self.end, other.end))


class Edit(NamedTuple):
    """One change to a text: ``source`` (a range of the text before) became ``replacement``, by ``rule``."""

    source: TextSpan
    replacement: str
    rule: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps any range of an edited text back to the range of the text before the edits.

    ``edits`` are in ascending order and do not overlap. An edited stretch maps back as a whole: a position
    strictly inside a replacement maps to the edge of its source range. Unless both ranges are equally long,
    in which case characters map one to one.

    >>> before = "產(chǎn)業(yè)園"
    >>> edits = (Edit(TextSpan(1, 7), "", "pinyin"), Edit(TextSpan(8, 12), "", "pinyin"))
    >>> after, offsets = OffsetMap.apply(before, edits)
    >>> after, offsets.to_source(TextSpan(1, 3)), offsets.to_source(TextSpan(1, 3)).of(before)
    ('產業園', TextSpan(start=7, end=13), '業(yè)園')
    """

    edits: tuple[Edit, ...] = ()
    _starts: tuple[int, ...] = field(default=(), repr=False)  # of each replacement in the text after

    @staticmethod
    def apply(before: str, edits: tuple[Edit, ...]) -> tuple[str, OffsetMap]:
        """Carry out ``edits`` on ``before``: the text after, and the map back."""
        pieces: list[str] = []
        starts: list[int] = []
        position = length = 0
        for (start, end), replacement, _ in edits:
            if start < position or end < start or end > len(before):
                raise ValueError(f"edit at {start}:{end} is out of order or out of range; sort edits first")
            pieces += (before[position:start], replacement)
            starts.append(length + start - position)
            length = starts[-1] + len(replacement)
            position = end
        pieces.append(before[position:])
        return "".join(pieces), OffsetMap(edits, tuple(starts))

    def to_source(self, span: TextSpan) -> TextSpan:
        """The range of the text before that became ``span`` of the text after.

        An empty span maps to an empty span; deletions at its edges are left out.
        """
        start = self._start(span.start)
        return TextSpan(start, max(start, self._end(span.end)) if span.end > span.start else start)

    def _start(self, position: int) -> int:
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return position
        source, replacement, _ = self.edits[index]
        inside = position - self._starts[index]
        if inside >= len(replacement):
            return source.end + inside - len(replacement)
        same_length = source.end - source.start == len(replacement)
        return source.start + inside if same_length else source.start

    def _end(self, position: int) -> int:
        index = bisect_right(self._starts, position - 1) - 1
        if index < 0:
            return position
        source, replacement, _ = self.edits[index]
        inside = position - self._starts[index]
        if inside > len(replacement):
            return source.end + inside - len(replacement)
        same_length = source.end - source.start == len(replacement)
        return source.start + inside if same_length else source.end


@dataclass(frozen=True, slots=True)
class Article:
    """One source document, as read and as analysed.

    ``source_text`` is what evidence quotes: the decoded file, or for HTML the text the reader took from it,
    before any repair. ``text`` is the repaired, simplified body; ``to_source`` maps its ranges back.
    ``damage`` are ranges of ``text`` that stay damaged: nothing may be extracted from them.
    ``body`` are the ranges of ``text`` that are the article itself, in order: no navigation, no teasers.
    """

    id: str
    location: str
    source_text: str
    text: str
    offsets: tuple[OffsetMap, ...] = ()
    body: tuple[TextSpan, ...] = ()
    damage: tuple[TextSpan, ...] = ()
    title: str | None = None
    title_span: TextSpan | None = None
    published: date | None = None
    publisher: str | None = None
    publisher_span: TextSpan | None = None
    authors: tuple[str, ...] = ()
    author_spans: tuple[TextSpan, ...] = ()
    url: str | None = None

    @property
    def sha256(self) -> str:
        """The digest of ``source_text``, in hexadecimal: equal where two articles are one text."""
        return sha256(self.source_text.encode("utf-8", "surrogatepass")).hexdigest()

    def to_source(self, span: TextSpan) -> TextSpan:
        """The range of ``source_text`` that ``span`` of ``text`` was read from."""
        for offsets in reversed(self.offsets):
            span = offsets.to_source(span)
        return span


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in ``Article.text`` that names an entity. ``label_`` is a class of the ontology."""

    span: TextSpan
    text: str
    label_: str
    rule: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a statement is believed: the stretch of ``Article.text`` that says it, its sentence, the rule."""

    span: TextSpan
    sentence: TextSpan
    rule: str
    confidence: float
    title: str | None = None  # a person's title, where the statement is an affiliation


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing an article names. ``key`` is unique in the article; ``name`` is the fullest form seen.

    ``area`` is the administrative area (full name) that tells apart things of one name, where known.
    ``alias_evidence`` says for each alias which stretch of the text justifies it.
    """

    key: str
    label_: str
    name: str
    aliases: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    area: str | None = None
    alias_evidence: Mapping[str, Evidence] = field(default_factory=dict)
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area as a gazetteer has it, with the area it lies in, up to the province.

    ``code`` is its number by GB/T 2260, empty where the gazetteer has none; ``unique`` is whether no other area
    has its name.

    >>> Area("鼓楼区", "350102", Area("福州市", "350100", Area("福建省", "350000")), unique=False).path
    ('福建省', '福州市', '鼓楼区')
    """

    name: str
    code: str = ""
    within: Area | None = None
    unique: bool = True

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the province down to its own."""
        return (*(self.within.path if self.within else ()), self.name)


@dataclass(frozen=True, slots=True)
class Relation:
    """``subject`` and ``object`` are ``Entity.key``; ``property`` is a local name of the ontology."""

    subject: str
    property: str
    object: str
    evidence: Evidence
    status: Status = "actual"


@dataclass(frozen=True, slots=True)
class Observation:
    """One indicator of one thing. ``value`` is in the base unit (480亿元 is 48000000000 元).

    ``unit`` is the zh unit or count noun as written in its base form (元, 平方公里, 家, %).
    ``year`` is four digits. ``with_respect_to`` is the key of the thing a share is a share of.
    """

    entity: str
    indicator: str
    value: Decimal
    unit: str
    evidence: Evidence
    value_max: Decimal | None = None
    year: str | None = None
    comparator: Comparator = "="
    status: Status = "actual"
    with_respect_to: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened, or is planned. ``date`` is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""

    entity: str
    type: str
    evidence: Evidence
    date: str | None = None
    status: Status = "actual"


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything one article says, with keys that are local to it."""

    article: Article
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    observations: tuple[Observation, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    notes: tuple[str, ...] = ()  # what was seen and not stated, e.g. a layout whose counts do not agree


@dataclass(frozen=True, slots=True)
class Unextracted:
    """One article that an extractor has no answer for, with the reason as one sentence."""

    article: Article
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the builder, described once as a ``prov:Activity``."""

    id: str
    started: str  # xsd:dateTime
    software: Mapping[str, str]  # name → version
    ontology_hash: str
    configuration_hash: str


@dataclass(frozen=True, slots=True)
class Violation:
    """One result of SHACL validation (https://www.w3.org/TR/shacl/#validation-report)."""

    focus_node: str
    path: str | None
    value: str | None
    message: str
    severity: str
    source_shape: str | None
