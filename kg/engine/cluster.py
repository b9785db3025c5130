"""Articles are prepared by a Ray cluster (https://docs.ray.io), as by processes of this machine: the graph is the same.

Blocks of articles are tasks; their answers come in the order of the articles, and only so many blocks are under way as
the cluster has cores for. What a task died at is tried once more, each article alone. ZoneKG must be installed on each
machine, in the same version, with what was learned and the ontology that is used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.engine.local import AHEAD, Answer, Recipe, blocks, sendable
from kg.engine.prepare import Preparer
from kg.errors import KgError
from kg.model import Article, Unextracted


@dataclass(frozen=True)
class Cluster:
    """Prepares articles by the Ray cluster at ``address``; without one, by a Ray of this machine that ends with it."""

    address: str | None = None

    def prepare(self, articles: Iterable[Article], preparer: Preparer) -> Iterator[Answer]:
        """What is to be written of each article, in their order.

        Raises:
            ExtractorError: the extractor cannot go on with any article.
            KgError: Ray is not installed, the cluster is not there, or a machine of it has another ZoneKG.
        """
        ray = _ray()
        if not getattr(preparer.extractor, "in_processes", False):
            raise KgError("this extractor does not say that it may be used on several machines; leave out --engine ray")
        begun = not ray.is_initialized()
        if begun:
            try:
                ray.init(self.address or "local", log_to_driver=False, include_dashboard=False, logging_level="ERROR")
            except (ConnectionError, RuntimeError, ValueError) as error:
                said = " ".join(str(error).split())
                raise KgError(
                    f"there is no Ray cluster at {self.address} ({said}); begin one, or leave it out"
                ) from error
        try:
            yield from _prepared(ray, iter(articles), Recipe.of(preparer))
        finally:
            if begun:
                ray.shutdown()


def _prepared(ray: Any, articles: Iterator[Article], recipe: Recipe) -> Iterator[Answer]:
    task = ray.remote(max_retries=0)(_work)
    told = ray.put(recipe)
    width = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    under_way: deque[tuple[list[Article], Any]] = deque()
    for block in blocks(articles):
        under_way.append((block, task.remote(told, block)))
        if len(under_way) >= width:
            yield from _answers(ray, task, told, *under_way.popleft())
    while under_way:
        yield from _answers(ray, task, told, *under_way.popleft())


def _answers(ray: Any, task: Any, told: Any, block: list[Article], answer: Any) -> Iterator[Answer]:
    try:
        yield from _got(ray, answer)
        return
    except ray.exceptions.RayError:  # its worker or its machine died
        pass
    for article in block:
        try:
            yield from _got(ray, task.remote(told, [article]))
        except ray.exceptions.RayError as error:
            how = type(error).__name__
            reason = f"{article.location} could not be annotated (its process died twice: {how}); give it more memory, or leave it out"
            yield Unextracted(article, reason)


def _got(ray: Any, answer: Any) -> list[Answer]:
    found: list[Answer] | BaseException = ray.get(answer)
    if isinstance(found, BaseException):
        raise found
    return found


_preparers: dict[str, Preparer] = {}  # of this worker, by the run


def _work(recipe: Recipe, articles: list[Article]) -> list[Answer] | Exception:
    try:
        if recipe.run.id not in _preparers:
            _preparers.clear()
            _preparers[recipe.run.id] = recipe.preparer()
        return list(_preparers[recipe.run.id].prepare(articles))
    except Exception as error:
        return sendable(error)


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise KgError("--engine ray needs Ray; pip install 'zonekg[ray]'") from error
    return ray
