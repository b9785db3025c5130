"""Articles in, Extractions out, a language model asked between: the whole flow of ``--extractor llm``.

All articles are read first, so that what is about to be used can be said before anything is. Then each window is
asked, or found in the cache; what the answers say is aligned with the text; at the end comes what was used.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.answers import Cache, digest_of
from kg.errors import ExtractorError
from kg.http import UnansweredError
from kg.llm.answer import Answer, read_answer
from kg.llm.client import Client
from kg.llm.options import Options, read_options
from kg.llm.statements import Statements
from kg.llm.task import Task
from kg.llm.usage import OUT_PER_READ, Usage, tokens_in, tokens_of
from kg.llm.windows import Window, windows
from kg.model import Article, Extraction, Unextracted
from kg.ontology import Ontology

TRIES_OF_AN_ANSWER = 2  # what is no JSON the first time is asked for once more

_log = logging.getLogger(__name__)


class _Question(NamedTuple):
    window: Window
    messages: Sequence[Mapping[str, str]]
    digest: str


class LlmExtractor:
    """Asks the model that ``options`` name. It makes no connection before articles are extracted."""

    def __init__(self, options: Options) -> None:
        self.options = options

    @property
    def software(self) -> Mapping[str, str]:
        """The model, as the server that runs it."""
        return {self.options.model: self.options.host}

    @property
    def configuration(self) -> Mapping[str, str]:
        """The model, where it is asked, and how."""
        named = ("model", "url", "window_chars", "overlap_chars", "temperature", "max_tokens")
        return {"extractor": "llm", **{name: str(getattr(self.options, name)) for name in named}}

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction | Unextracted]:
        """What each article says, as the model says it and its text bears out.

        Raises:
            ExtractorError: the server is not there or refuses, or ``token_limit`` would be passed.
        """
        task, cache = Task(ontology), Cache(self.options.cache)
        asked = [(article, self._questions(article, task)) for article in articles]
        self._announce([question for _, questions in asked for question in questions], cache)
        run = _Run(task, cache, Client(self.options))
        with closing(run.client):
            try:
                for article, questions in asked:
                    yield run.extracted(article, questions)
            finally:
                self._sum_up(run)

    def _questions(self, article: Article, task: Task) -> list[_Question]:
        found = []
        for window in windows(article, self.options.window_chars, self.options.overlap_chars):
            messages = task.messages(article, window)
            how = {name: str(getattr(self.options, name)) for name in ("url", "model", "temperature", "max_tokens")}
            found.append(_Question(window, messages, digest_of({"messages": messages, **how})))
        return found

    def _announce(self, questions: Sequence[_Question], cache: Cache) -> None:
        """Say what will be asked, and what it is likely to cost; no more than the limit."""
        if not questions:
            return
        expected = Usage()
        for question in questions:
            if cache.get(question.digest) is not None:
                expected.cached += 1
                continue
            expected.requests += 1
            expected.tokens_in += tokens_in(question.messages)
            expected.tokens_out += round(tokens_of(question.messages[-1]["content"]) * OUT_PER_READ)
        _log.info(expected.estimate(self.options))
        limit = self.options.token_limit
        if limit is not None and expected.tokens > limit:
            raise ExtractorError(
                f"the articles need about {expected.tokens} tokens, and token_limit is {limit}; "
                "raise it, or give fewer articles"
            )

    def _sum_up(self, run: _Run) -> None:
        """Say what was used, and what of the answers was not."""
        for window in run.skipped:
            _log.warning("skipped: %s", window)
        if dropped := [f"{count} {reason}" for reason, count in sorted(run.dropped.items())]:
            _log.info("dropped: %s", ", ".join(dropped))
        if run.usage.requests or run.usage.cached:
            _log.info(run.usage.used(self.options))


@dataclass(slots=True)
class _Run:
    """One run over articles: what asks, what was used, which windows have no answer, what was dropped and why."""

    task: Task
    cache: Cache
    client: Client
    usage: Usage = field(default_factory=Usage)
    skipped: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def extracted(self, article: Article, questions: Sequence[_Question]) -> Extraction | Unextracted:
        """What the answers say of one article; nothing where none of its windows has one."""
        answers: list[tuple[Window, Answer]] = []
        missing: list[str] = []
        for number, question in enumerate(questions, 1):
            try:
                answers.append((question.window, self.answer(question)))
            except UnansweredError as error:
                start, end = question.window.span
                missing.append(f"window {number} of {len(questions)} (characters {start} to {end}): {error}")
        if missing and not answers:
            return Unextracted(
                article, f"{article.location} has no answer from the model ({missing[0]}); build it again"
            )
        self.skipped += (f"{article.location}, {each}" for each in missing)
        statements = Statements(article, self.task)
        extraction = statements.extraction(answers, missing)
        self.dropped += statements.dropped
        return extraction

    def answer(self, question: _Question) -> Answer:
        """The answer to one question, from the cache or the model.

        Raises:
            UnansweredError: there is none, or none in JSON.
        """
        kept = self.cache.get(question.digest)
        if kept is not None and (answer := read_answer(kept)) is not None:
            self.usage.cached += 1
            return answer
        for _ in range(TRIES_OF_AN_ANSWER):
            reply = self.client.ask(question.messages, self.task.schema)
            self._count(question, reply.content, reply.tokens_in, reply.tokens_out)
            if (answer := read_answer(reply.content)) is not None:
                self._keep(question.digest, reply.content)
                return answer
        raise UnansweredError(f"the answer is not the JSON asked for, in {TRIES_OF_AN_ANSWER} tries")

    def _keep(self, digest: str, content: str) -> None:
        try:
            self.cache.put(digest, content)
        except OSError as error:
            raise ExtractorError(
                f"{self.cache.folder} cannot keep answers ({error.strerror}); give the option cache = another folder"
            ) from error

    def _count(self, question: _Question, content: str, read: int | None, written: int | None) -> None:
        self.usage.requests += 1
        self.usage.uncounted += read is None or written is None
        self.usage.tokens_in += tokens_in(question.messages) if read is None else read
        self.usage.tokens_out += tokens_of(content) if written is None else written


def make_llm(options: Mapping[str, str]) -> LlmExtractor:
    """The extractor ``llm``, by options as text and by the environment.

    Raises:
        ExtractorError: an option is none, or the address or the model is missing.
    """
    return LlmExtractor(read_options(options))
