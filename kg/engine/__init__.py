"""Where articles are prepared for the graph: in this process, by all cores of this machine, or by other machines."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from kg.engine.cluster import Cluster
from kg.engine.local import Local, cores
from kg.engine.prepare import Prepared, Preparer, fault, identify
from kg.model import Article, Unextracted

__all__ = ["Cluster", "Engine", "Local", "Prepared", "Preparer", "cores", "fault", "identify"]


class Engine(Protocol):
    """Who prepares articles."""

    def prepare(self, articles: Iterable[Article], preparer: Preparer) -> Iterator[Prepared | Unextracted]:
        """What is to be written of each article, or why nothing is: one answer for each, in their order.

        Raises:
            ExtractorError: the extractor of ``preparer`` cannot go on with any article.
        """
