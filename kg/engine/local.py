"""Articles are prepared on all cores of this machine, by processes that may die without harm.

A block of articles goes to a worker, which answers with what is to be written of them. A worker that dies (killed, a
segmentation fault, out of memory) takes nothing along but its block, whose articles are tried once more, each alone;
one that ends a worker again is left out, and said. However many workers there are, and whichever is first, answers
come in the order of the articles; only so many blocks are under way as keep the workers busy.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import site
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from kg.engine.prepare import Prepared, Preparer
from kg.errors import KgError
from kg.extractors import Extractor
from kg.model import Article, Run, Unextracted
from kg.ontology import Ontology
from kg.runs import code_digest

Answer = Prepared | Unextracted

FEW_CHARACTERS = 30_000
"""So little text is read in this process sooner than workers have begun (``benchmarks/scale.py --break-even``)."""
BLOCK_ARTICLES = 24
BLOCK_CHARACTERS = 20_000
"""What a worker gets at once: the lexical model is faster on many sentences (:mod:`kg.annotate.lexer`)."""
AHEAD = 3
"""So many blocks a worker are under way: one that it is at, and some for when others are slow."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Local:
    """Prepares articles by ``workers`` processes; in this one where they are few, or the extractor does not say it may
    be used in several (its ``in_processes``)."""

    workers: int = field(default_factory=cores)
    few: int = FEW_CHARACTERS

    def prepare(self, articles: Iterable[Article], preparer: Preparer) -> Iterator[Answer]:
        """What is to be written of each article, in their order.

        Raises:
            ExtractorError: the extractor cannot go on with any article.
        """
        stream = iter(articles)
        if self.workers < 2 or not getattr(preparer.extractor, "in_processes", False):
            yield from preparer.prepare(stream)
            return
        first: list[Article] = []
        size = 0
        for article in stream:
            first.append(article)
            size += len(article.text)
            if size > self.few:
                yield from _Pool(self.workers, preparer).prepare(chain(_taken(first), stream))
                return
        yield from preparer.prepare(_taken(first))


def _taken(articles: list[Article]) -> Iterator[Article]:
    """The articles, of which none is held any longer than it is wanted."""
    articles.reverse()
    while articles:
        yield articles.pop()


@dataclass(frozen=True)
class Recipe:
    """What a worker is told once: what a :class:`Preparer` is made of, and of which code."""

    ontology: Path | None
    extractor: Extractor
    run: Run
    min_confidence: float
    code: str

    @staticmethod
    def of(preparer: Preparer) -> Recipe:
        """How to make one that answers as ``preparer`` does."""
        is_shipped = preparer.ontology is Ontology.load()
        folder = None if is_shipped else preparer.ontology.folder  # which may lie elsewhere on another machine
        return Recipe(folder, preparer.extractor, preparer.run, preparer.min_confidence, code_digest())

    def preparer(self) -> Preparer:
        """The one it is made for.

        Raises:
            KgError: this worker has another ZoneKG or another ontology than who sent it.
        """
        ontology = Ontology.load(self.ontology)
        if code_digest() != self.code or ontology.hash != self.run.ontology_hash:
            raise KgError("a worker has another ZoneKG or another ontology; install the same on all machines")
        return Preparer(ontology, self.extractor, self.run, self.min_confidence)


@dataclass(eq=False)
class _Block:
    """Articles in the order they came, and their answers as they come; ``alone`` where one is tried again."""

    articles: list[Article]
    alone: bool = False
    answers: list[Answer] | None = None
    parts: list[_Block] = field(default_factory=list)

    def is_answered(self) -> bool:
        return all(part.is_answered() for part in self.parts) if self.parts else self.answers is not None

    def all_answers(self) -> Iterator[Answer]:
        if self.parts:
            for part in self.parts:
                yield from part.all_answers()
        yield from self.answers or ()


class _Worker:
    """A process that answers one block at a time."""

    def __init__(self, recipe: Recipe) -> None:
        context = _context()
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, recipe), daemon=True)
        self.process.start()
        theirs.close()
        self.block: _Block | None = None

    def begin(self, block: _Block) -> None:
        self.block = block
        with suppress(OSError):  # it is dead, which is seen when its answer is awaited
            self.pipe.send(block.articles)

    def answer(self) -> list[Answer] | BaseException | None:
        """The answers to its block, or what it raised; None where it died."""
        try:
            found: list[Answer] | BaseException = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return found

    def end(self) -> str:
        """Have the process ended, and say how it was."""
        self.pipe.close()
        self.process.join(timeout=1)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode or 0
        return f"was ended by signal {-code}" if code < 0 else f"ended with {code}"


class _Pool:
    def __init__(self, workers: int, preparer: Preparer) -> None:
        self._recipe = Recipe.of(preparer)
        self._size = workers
        self._workers: list[_Worker] = []
        self._ready: deque[_Block] = deque()  # read, and with no worker yet
        self._under_way: deque[_Block] = deque()  # in the order of the articles

    def prepare(self, articles: Iterator[Article]) -> Iterator[Answer]:
        more = map(_Block, blocks(articles))
        more_to_come = True
        try:
            while True:
                self._hear(wait_for_it=False)
                while more_to_come and len(self._ready) < self._size and len(self._under_way) < AHEAD * self._size:
                    block = next(more, None)
                    if block is None:
                        more_to_come = False
                        break
                    self._under_way.append(block)
                    self._ready.append(block)
                    self._hear(wait_for_it=False)
                if self._under_way and self._under_way[0].is_answered():
                    for answer in self._under_way.popleft().all_answers():
                        yield answer
                        self._hear(wait_for_it=False)
                elif self._under_way:
                    self._hear(wait_for_it=True)
                elif not more_to_come:
                    return
        finally:
            for worker in self._workers:
                worker.process.terminate()
            for worker in self._workers:
                worker.end()

    def _hear(self, wait_for_it: bool) -> None:
        """Take what workers answer, and give those who wait what is ready."""
        busy: dict[Any, _Worker] = {worker.pipe: worker for worker in self._workers if worker.block}
        for pipe in wait(list(busy), None if wait_for_it and not self._may_begin() else 0) if busy else ():
            worker = busy[pipe]
            block, worker.block = worker.block, None
            answer = worker.answer()
            if isinstance(answer, BaseException):
                raise answer
            if block and answer is not None:
                block.answers = answer
            elif block:
                self._lost(worker, block)
        while self._may_begin():
            idle = next((worker for worker in self._workers if not worker.block), None)
            if idle is None:
                idle = _Worker(self._recipe)
                self._workers.append(idle)
            idle.begin(self._ready.popleft())

    def _may_begin(self) -> bool:
        return bool(self._ready) and sum(worker.block is not None for worker in self._workers) < self._size

    def _lost(self, worker: _Worker, block: _Block) -> None:
        """A worker died at a block: its articles are tried once more, each alone."""
        self._workers.remove(worker)
        how = worker.end()
        if block.alone:
            [article] = block.articles
            reason = f"{article.location} could not be annotated (its process {how}, twice); give it more memory, or leave it out"
            block.answers = [Unextracted(article, reason)]
        else:
            block.parts = [_Block([article], alone=True) for article in block.articles]
            self._ready.extendleft(reversed(block.parts))


def blocks(articles: Iterator[Article]) -> Iterator[list[Article]]:
    """The articles in what workers get at once."""
    while block := list(islice(articles, 1)):
        size = len(block[0].text)
        while len(block) < BLOCK_ARTICLES and size < BLOCK_CHARACTERS and (article := next(articles, None)):
            block.append(article)
            size += len(article.text)
        yield block


def _context() -> Any:
    """How processes begin: from one that has loaded the code, and nothing else that this one holds."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kg.engine.loaded"])
    with _own_code():
        forkserver.ensure_running()
    return context


@contextmanager
def _own_code() -> Iterator[None]:
    """What begins now loads the ZoneKG of this process, also where the folder one works in holds another."""
    root = str(Path(__file__).parents[2])
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    os.environ["PYTHONSAFEPATH"] = "1"
    if root not in site.getsitepackages():
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, before["PYTHONPATH"])))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _work(pipe: Connection, recipe: Recipe) -> None:
    """What a worker does: until the pipe is closed, or nobody is at its other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it is interrupted, and ends it
    preparer: Preparer | None = None
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            articles: list[Article] = pipe.recv()
            try:
                preparer = preparer or recipe.preparer()
                pipe.send(list(preparer.prepare(articles)))
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception as error:
                pipe.send(sendable(error))


def sendable(error: Exception) -> Exception:
    """An exception that can be sent to another process."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
