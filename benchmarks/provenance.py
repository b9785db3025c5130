"""Count what provenance costs: ``python benchmarks/provenance.py [ARTICLE...]``, of ``data/articles`` by default.

Prints the provenance triples for each statement that articles assert, and which they are. Provenance is what says
why a statement stands: evidence, its places in the text, and of an article where it was read and by which run. All
else in the articles' graphs is asserted: things with their names, relations, figures, milestones.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import kg
from kg.vocab import DATA

ROOT = Path(__file__).resolve().parents[1]
_KINDS = {"statement": "evidence", "selector": "places in the text", "article": "articles"}
_ASSERTED_OF_ARTICLES = ("type", "title", "issued", "publishedBy", "authoredBy")


def main() -> None:
    with TemporaryDirectory() as folder, kg.build(sys.argv[1:] or [ROOT / "data" / "articles"], folder) as graph:
        asserted, provenance = 0, Counter[tuple[str, str]]()
        for name in graph.store.graph_names():
            if not name.startswith(f"{DATA}article/"):
                continue
            for quad in graph.store.quads(name):
                kind = _KINDS.get(quad.subject.value.removeprefix(DATA).partition("/")[0])
                property_ = quad.predicate.value.replace("#", "/").rpartition("/")[2]
                if kind is None or (kind == "articles" and property_ in _ASSERTED_OF_ARTICLES):
                    asserted += 1
                else:
                    provenance[kind, property_] += 1
        total = provenance.total()
        articles = graph.summary().articles
    print(f"{articles} articles, {asserted} asserted statements, {total} provenance triples")
    print(f"{total / asserted:.2f} provenance triples for each asserted statement")
    for (kind, property_), count in provenance.most_common():
        print(f"{count / asserted:6.2f}  {kind}: {property_}")


if __name__ == "__main__":
    main()
