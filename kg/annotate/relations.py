"""Entities in a sentence → relations, by the phrasings of the lexicon and by what names say themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from kg.annotate.frames import Arguments, Encoded, arguments, subjects_at
from kg.annotate.lexicon import read_lexicon
from kg.annotate.named import named_relations
from kg.annotate.phrasings import Phrasing, phrasings
from kg.annotate.view import Placed, View
from kg.model import Evidence, Relation, TextSpan
from kg.ontology import Ontology


def find_relations(view: View, ontology: Ontology) -> list[Relation]:
    """Every relation a phrasing finds, within its property's domain and range; each once."""
    data = read_lexicon(ontology.lexicon, "relations")
    plan, negation = re.compile(f"(?:{'|'.join(data['plan'])})(?!了)"), re.compile("|".join(data["negation"]))
    view = _spoken_of(view, ontology)
    found: dict[tuple[str, str, str], Relation] = {}
    parties: tuple[Placed, ...] = ()
    for sentence in view.sentences:
        placed = view.placed_in(sentence)
        if not placed:
            continue
        encoded = Encoded(view, sentence, placed)
        encoded.parties = parties
        for phrasing in phrasings(ontology.lexicon):
            for match in phrasing.pattern.finditer(encoded.text):
                for said in _arguments(encoded, phrasing, match, ontology):
                    for relation in _stated(encoded, phrasing, said, ontology, plan, negation):
                        found.setdefault((relation.subject, relation.property, relation.object), relation)
        parties = encoded.parties if encoded.parties is not parties else ()  # 双方 of the sentence before
    for relation in named_relations(view, ontology):
        found.setdefault((relation.subject, relation.property, relation.object), relation)
    return list(found.values())


def _spoken_of(view: View, ontology: Ontology) -> View:
    """The view in which 公司 means the company spoken of, which opened a clause before, not the one named last."""
    rows: list[dict[str, Any]] = read_lexicon(ontology.lexicon, "subjects")["stand_ins"]
    said = {word for row in rows if row.get("subject") for word in row["say"]}
    meant: dict[TextSpan, Placed] = {}
    topic: Placed | None = None
    for item in view.placed:
        if not ontology.is_a(item.label_, "Company"):
            continue
        if not item.is_name:
            if topic is not None and item.span.of(view.text) in said:
                meant[item.span] = item._replace(key=topic.key, label_=topic.label_)
        elif view.opens_clause(item):
            topic = item
    return replace(view, placed=tuple(meant.get(item.span, item) for item in view.placed))


def _allowed(ontology: Ontology, classes: frozenset[str] | tuple[str, ...], not_: tuple[str, ...], label: str) -> bool:
    if any(ontology.is_a(label, c) for c in not_):
        return False
    return not classes or any(ontology.is_a(label, c) for c in classes)


def _arguments(encoded: Encoded, phrasing: Phrasing, match: re.Match[str], ontology: Ontology) -> Iterator[Arguments]:
    """Who and what one match of a phrasing speaks of, in the order the text has them."""
    known = ontology.properties[phrasing.property]
    domain, range_ = (known.range, known.domain) if phrasing.inverse else (known.domain, known.range)
    subject = partial(_allowed, ontology, phrasing.subject or domain, phrasing.not_subject)
    object_ = partial(_allowed, ontology, phrasing.object or range_, phrasing.not_object)
    if encoded.text[match.start() - 1 : match.start()] in tuple(phrasing.not_after):
        return
    if phrasing.frames:
        yield from arguments(encoded, match, phrasing.frames, subject, object_, phrasing.then)
        return
    if phrasing.main:
        about = partial(_allowed, ontology, phrasing.main, ())
        position = encoded.offsets[match.start()]
        named = [p for p in encoded.placed if p.span.end <= position and about(p.label_) and object_(p.label_)]
        main = named[-1] if named else encoded.view.main(position, lambda label: about(label) and object_(label))
        objects: tuple[Placed, ...] = (main,) if main else ()
    else:
        objects = tuple(o for o in encoded.listed(match["o"]) if object_(o.label_))
    if phrasing.single and len(objects) > 1:
        return
    if "s" in match.re.groupindex:
        subjects = tuple(s for s in encoded.listed(match["s"]) if subject(s.label_))
    elif phrasing.topic:
        subjects = encoded.view.first_subject(encoded.sentence, encoded.offsets[match.start()], subject)
    else:
        subjects = subjects_at(encoded, match.start(), subject)
    yield Arguments(subjects, objects, match.start(), match.end())


def _stated(
    encoded: Encoded,
    phrasing: Phrasing,
    said: Arguments,
    ontology: Ontology,
    plan: re.Pattern[str],
    negation: re.Pattern[str],
) -> Iterator[Relation]:
    view = encoded.view
    if phrasing.not_before and phrasing.not_before.match(encoded.text, said.end):
        return
    start = encoded.offsets[said.start]
    inside = [o.span.end for o in said.objects if encoded.sentence.contains(o.span)]
    end = max([encoded.offsets[said.end - 1] + 1, *inside])
    clause = view.text[view.clause_at(start).start : end]
    if negation.search(clause):
        return
    status = "target" if plan.search(clause) and not phrasing.always else "actual"
    for s in said.subjects:
        for o in said.objects:
            a, b = (o, s) if phrasing.inverse else (s, o)
            if s.key == o.key or not ontology.allows(phrasing.property, a.label_, b.label_):
                continue
            span = TextSpan(
                *_hull([TextSpan(start, end), *(x.span for x in (s, o) if encoded.sentence.contains(x.span))])
            )
            evidence = Evidence(span, encoded.sentence, f"{phrasing.property}:{phrasing.rule}", phrasing.confidence)
            yield Relation(a.key, phrasing.property, b.key, evidence, status)  # type: ignore[arg-type]


def _hull(spans: list[TextSpan]) -> tuple[int, int]:
    return min(span.start for span in spans), max(span.end for span in spans)
