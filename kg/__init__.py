"""From Chinese articles to a knowledge graph people can trust.

>>> import kg
>>> kg.open("no-such-folder")
Traceback (most recent call last):
kg.errors.GraphError: no-such-folder is not a graph; build one there, or name another folder
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.extractors import Extractor
    from kg.knowledge_graph import KnowledgeGraph
    from kg.ontology import Ontology

__all__ = ["build", "open"]


def build(
    paths: Path | str | Iterable[Path | str],
    out: Path | str | None = None,
    ontology: Ontology | None = None,
    min_confidence: float = 0.0,
    extractor: Extractor | str | None = None,
    rebuild: bool = False,
    workers: int | None = None,
) -> KnowledgeGraph:
    """Build a graph from files and folders of articles, and open it; without ``out``, for this process only.

    What did not change since a graph in ``out`` was built is not read again, unless ``rebuild``. An article that is
    left out is a warning, with the reason. Relations, observations and milestones below
    ``min_confidence`` (0 to 1) are not written; the things they are about are. ``extractor`` reads the facts: one that
    is installed, by its name, or one that was made (:func:`kg.extractors.find_extractor` takes options); else rules do. ``workers`` is by how many
    processes, where there are more than a few articles: one for each core, unless it is given.

    Raises:
        KgError: a path holds no article, ``out`` cannot hold the graph, ``min_confidence`` is none, or the extractor
            cannot go on.
        KeyboardInterrupt: it was interrupted; the articles read until then are whole in ``out``.
    """
    import os
    import warnings

    from kg.builder import build as build_graph
    from kg.engine import Local, cores
    from kg.knowledge_graph import KnowledgeGraph

    if isinstance(extractor, str):
        from kg.extractors import find_extractor

        extractor = find_extractor(extractor)
    reader = extractor
    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)

    def build_folder(folder: Path | str) -> None:
        report = build_graph(
            named,
            folder,
            ontology,
            min_confidence=min_confidence,
            extractor=reader,
            rebuild=rebuild,
            engine=Local(workers or cores()),
        )
        for _, reason in report.skipped:
            warnings.warn(reason, stacklevel=3)
        if report.interrupted:
            raise KeyboardInterrupt

    if out is not None:
        build_folder(out)
        return KnowledgeGraph.open(out, ontology)

    import shutil
    import tempfile
    import weakref

    folder = tempfile.mkdtemp(prefix="kg-")
    try:
        build_folder(folder)
        graph = KnowledgeGraph.open(folder, ontology)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(graph, shutil.rmtree, folder, ignore_errors=True)
    return graph


def open(path: Path | str, ontology: Ontology | None = None) -> KnowledgeGraph:
    """Open the graph in a folder; ``ontology`` is the one it was built with, if not the one ZoneKG ships.

    Raises:
        GraphError: the folder is not a graph, or is being written to.
    """
    from kg.knowledge_graph import KnowledgeGraph

    return KnowledgeGraph.open(path, ontology)
