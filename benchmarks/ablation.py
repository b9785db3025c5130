"""What each part of the annotator brings: F1 by kind with all of it, and with each part left out.

python benchmarks/ablation.py [GOLD...] [--only PART]...

Each part is measured in a process of its own, a few seconds each: what a part makes may be kept by others. A part is
left out at its seam: a function that finds nothing, or another lexer by its name. What is no longer there is an error.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import gazetteer, phrasings
from kg.annotate.lexer import make_lexer
from kg.annotate.pipeline import LEXER, annotate
from kg.evaluate import STRICT, evaluate
from kg.model import Extraction
from kg.ontology import Ontology
from kg.read import read_article

TUNING = Path(__file__).resolve().parents[1] / "data" / "gold" / "tuning"
WHOLE = "all of it"
PLAIN_TAGS = {"TIME": "t"} | dict.fromkeys(("PER", "LOC", "ORG", "nr", "ns", "nt", "nw", "nz"), "n")


@dataclass(frozen=True)
class Part:
    """What stands in for a part: functions by their path below ``kg``, and a lexer."""

    stands_in: Mapping[str, Any] = field(default_factory=dict)
    lexer: str = LEXER


def nothing(*_: object, **__: object) -> tuple[()]:
    return ()


def none(*_: object, **__: object) -> None:
    return None


def empty(*_: object, **__: object) -> dict[Any, Any]:
    return {}


def unchanged(_folder: Path, _text: str, mentions: Sequence[Any]) -> list[Any]:
    return list(mentions)


def phrasings_where(keeps: Callable[[phrasings.Phrasing], bool]) -> Callable[[Path], list[phrasings.Phrasing]]:
    return lambda folder: [phrasing for phrasing in phrasings.phrasings(folder) if keeps(phrasing)]


def finds_nothing(*paths: str) -> Part:
    return Part(dict.fromkeys(paths, nothing))


PARTS: dict[str, Part] = {
    WHOLE: Part(),
    "repair of damaged text": Part({"read.article.repair": none}),
    # what words and names are known by
    "lexical model": Part(lexer="one_word_a_character"),
    "lexical model's entity tags": Part(lexer="without_entity_tags"),
    "gazetteer": Part({"annotate.gazetteer.Gazetteer": lambda *_, known=gazetteer.Gazetteer: known({}, frozenset())}),
    # names
    "heads": finds_nothing("annotate.names.NameFinder.find"),
    "terms": finds_nothing("annotate.entities.find_concepts"),
    "lists": finds_nothing("annotate.entities.find_listed", "annotate.entities.siblings"),
    "areas": finds_nothing("annotate.entities.find_areas", "annotate.entities.find_places"),
    "people": finds_nothing("annotate.entities.find_people"),
    "organisations and media": finds_nothing("annotate.entities._organisations", "annotate.entities._media"),
    "honours": finds_nothing("annotate.entities._honours"),
    "titles, products, regions": finds_nothing(
        "annotate.entities._titled", "annotate.entities._products", "annotate.entities._regions"
    ),
    "layouts": Part(
        {"annotate.entities._layouts": nothing, "annotate.related.find_layout_relations": lambda *_: ((), ())}
    ),
    "what is learned of names": Part(
        {"annotate.learned.tagger.Tagger.revise": lambda _, __, mentions, *___: list(mentions)}
    ),
    "what is learned of facts": Part({"annotate.components.revise": none}),
    "names inside names": finds_nothing("annotate.components.areas_inside"),
    # which name is which thing
    "introduced names": Part(
        {"annotate.components.with_introduced": unchanged, "annotate.mentions.with_introduced": unchanged}
    ),
    "identity": Part(
        {
            "annotate.identity._owners": empty,
            "annotate.identity._with_areas": empty,
            "annotate.identity._without_area": none,
        }
    ),
    "references": finds_nothing("annotate.components.references"),
    # who is spoken of
    "carried over clauses, of figures and dates": Part({"annotate.topics.Topics._clause_before": none}),
    "carried over sentences": finds_nothing("annotate.view.View._carried", "annotate.topics.Topics._carried"),
    "what the article is about": finds_nothing("annotate.topics.Topics._main", "annotate.topics.Topics._about"),
    "stand-ins": Part({"annotate.topics.Topics.stands_in": none, "annotate.topics.Topics._refers": none}),
    # relations
    "frames of verbs": Part({"annotate.relations.phrasings": phrasings_where(lambda phrasing: not phrasing.frames)}),
    "patterns": Part({"annotate.relations.phrasings": phrasings_where(lambda phrasing: bool(phrasing.frames))}),
    "relations in names": finds_nothing(
        "annotate.relations.named_relations", "annotate.related._governed", "annotate.related._applies"
    ),
    "offices of people": finds_nothing("annotate.related.find_affiliations"),
}


@Language.factory("one_word_a_character", assigns=["token.tag"])
def one_word_a_character(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 # spaCy's signature
    """No lexical model: each character, which a blank Chinese pipeline makes a word, is a noun."""
    return lambda doc: _tagged(doc, lambda _: "n")


@Language.factory("without_entity_tags", assigns=["token.tag"])
def without_entity_tags(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The shipped lexical model, all names plain nouns."""
    lexer = make_lexer(nlp, name, 1)
    return lambda doc: _tagged(lexer(doc), lambda tag: PLAIN_TAGS.get(tag, tag))


def _tagged(doc: Doc, tag_of: Callable[[str], str]) -> Doc:
    for token in doc:
        token.tag_ = tag_of(token.tag_)
    return doc


def without(part: Part) -> ExitStack:
    """A context in which what stands in for a part stands in its place."""
    stack = ExitStack()
    for path, stands_in in part.stands_in.items():
        stack.enter_context(patch(f"kg.{path}", stands_in))
    return stack


def measure(name: str, gold: Iterable[Path]) -> dict[str, float]:
    """F1 by kind, with one of ``PARTS`` left out."""
    part, ontology = PARTS[name], Ontology.load()

    def extract(location: Path, published: date | None) -> Extraction:
        article = read_article(location)
        article = replace(article, published=article.published or published)
        return next(iter(annotate([article], ontology, part.lexer)))

    with without(part):
        report = evaluate(gold, extract, ontology.symmetric)
    return {kind: report.figures(kind).f1 or 0.0 for kind in STRICT}


def measured(names: Sequence[str], gold: Sequence[Path]) -> Iterator[tuple[str, dict[str, float]]]:
    """Each part in a process of its own, one after the other."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        yield from zip(names, pool.map(measure, names, [gold] * len(names)), strict=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path, default=[TUNING], help="gold files (the tuning half)")
    parser.add_argument("--only", action="append", choices=[*PARTS][1:], help="leave out only this part")
    given = parser.parse_args()
    whole: dict[str, float] = {}
    print(f"{'without':42}" + "".join(f"{kind:>16}" for kind in STRICT))
    for name, found in measured([WHOLE, *(given.only or [*PARTS][1:])], given.gold):
        whole = whole or found
        moved = (f"{100 * (found[kind] - whole[kind]):+.1f}" if name != WHOLE else "" for kind in STRICT)
        row = (f"{100 * found[kind]:.1f} {change:>6}" for kind, change in zip(STRICT, moved, strict=True))
        print(f"{name if name != WHOLE else '(nothing)':42}" + "".join(f"{cell:>16}" for cell in row), flush=True)


if __name__ == "__main__":
    main()
