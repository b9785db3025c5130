"""Texts in, words with part-of-speech and entity tags out: the Chinese lexical model, behind spaCy.

The model is :mod:`kg.annotate.lac`. A GRU runs faster on many sentences than on one, so the sentences of all
texts are batched, those of like length together.

Tags are LAC's: n nr ns nt nw nz v vd vn a ad an d f m q p c r s t u xc w, and PER LOC ORG TIME, which are
also the labels of ``doc.ents``. Whitespace between sentences is a word of its own with the tag w.

Another model can take this one's place: whatever follows in a pipeline reads ``token.tag_``, ``doc.ents`` and
``token.is_sent_start`` and nothing else. Put its components where ``kg_lexer`` stands in the pipeline's
config, and after them one that maps its tags and labels to the ones above (for ``zh_core_web_sm``: NN to n,
VV to v; PERSON to PER, GPE and LOC to LOC, DATE and TIME to TIME). ``kg_lexer`` leaves a Doc with tags alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate.lac import Word, lac_model
from kg.annotate.sentences import sentence_spans
from kg.model import TextSpan

__all__ = ["Lexer", "LexerComponent", "Lexical", "Word", "make_docs", "make_lexer"]

ENTITY_TAGS = frozenset({"PER", "LOC", "ORG", "TIME"})
SPACE_TAG = "w"
BATCH_SENTENCES = 16  # thousand characters a second at 4, 8, 16, 32, 64: 50, 59, 64, 64, 60
WINDOW_CHARS = 50_000
"""How much text is read ahead, so that sentences of like length find each other."""
MAX_SENTENCE_CHARS = 500

_SAFE_CUT = re.compile(r"[，；;、：]|\s")


class Lexical(Protocol):
    """What the rest of the pipeline needs of a lexical model: Docs with tags, entities and sentence starts.

    ``doc.text`` is the text, character by character. :func:`make_docs` is one; so is any function around
    ``spacy.load(...).pipe`` that yields LAC's tags and labels.
    """

    def __call__(self, nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
        """One Doc a text, in order."""
        ...


class Lexer:
    """The lexical model. Instances share one onnxruntime session a process, loaded when first needed.

    >>> [tuple(word) for word in Lexer().words("张三在福州市工作。")]
    [('张三', 'PER'), ('在', 'p'), ('福州市', 'LOC'), ('工作', 'n'), ('。', 'w')]
    """

    def __init__(self, intra_op_num_threads: int = 1) -> None:
        self.intra_op_num_threads = intra_op_num_threads

    def words(self, text: str) -> list[Word]:
        """The words of one text; :meth:`lex` is faster for many."""
        return next(self.lex([text]))

    def lex(self, texts: Iterable[str]) -> Iterator[list[Word]]:
        """The words of each text, in order; joined they are the text. Reads ahead by ``WINDOW_CHARS``."""
        for window in _windows(texts):
            pieces = [list(pieces_of(text)) for text in window]
            words = self._lex_pieces({piece for text in pieces for piece in text if not piece.isspace()})
            for text in pieces:
                yield [word for piece in text for word in words.get(piece) or (Word(piece, SPACE_TAG),)]

    def _lex_pieces(self, pieces: set[str]) -> dict[str, list[Word]]:
        model = lac_model(self.intra_op_num_threads)
        words: dict[str, list[Word]] = {}
        for batch in batches_of(pieces, pads=model.pads):
            words.update(zip(batch, model.words(batch), strict=True))
        return words


def make_docs(nlp: Language, texts: Iterable[str], lexer: Lexer | None = None) -> Iterator[Doc]:
    """One Doc a text, in order, for ``nlp.pipe``: words, ``tag_``, ``ents`` and sentence starts are set.

    ``doc.text`` is the text: whitespace is words, no token has a trailing space.

    >>> import spacy
    >>> doc = next(make_docs(spacy.blank("zh"), ["福州高新区开园。 昨日签约。"]))
    >>> [(ent.text, ent.label_) for ent in doc.ents], len(list(doc.sents))
    ([('福州高新区', 'LOC'), ('昨日', 'TIME')], 2)
    """
    for words in (lexer or Lexer()).lex(texts):
        yield _doc(nlp, words)


def _doc(nlp: Language, words: list[Word]) -> Doc:
    text = "".join(word.text for word in words)
    starts = {span.start for span in sentence_spans(text)}
    sent_starts: list[bool | int | None] = []
    position = 0
    for word in words:
        sent_starts.append(position == 0 or position in starts)
        position += len(word.text)
    return Doc(
        nlp.vocab,
        words=[word.text for word in words],
        spaces=[False] * len(words),
        tags=[word.tag for word in words],
        ents=[f"B-{tag}" if tag in ENTITY_TAGS and not text.isspace() else "O" for text, tag in words],
        sent_starts=sent_starts,
    )


class LexerComponent:
    """The lexical model as a spaCy component, whatever the tokenizer before it.

    A Doc that already carries tags passes untouched, so ``nlp.pipe(make_docs(nlp, texts))`` works once.
    """

    def __init__(self, nlp: Language, lexer: Lexer) -> None:
        self._nlp = nlp
        self._lexer = lexer

    def __call__(self, doc: Doc) -> Doc:
        """The Doc of the same text in LAC's words."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """The same for many Docs, batched."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            lexed = make_docs(self._nlp, [doc.text for doc in batch if not _is_tagged(doc)], self._lexer)
            for doc in batch:
                yield doc if _is_tagged(doc) else _with_context_of(doc, next(lexed))


@Language.factory(
    "kg_lexer",
    assigns=["token.tag", "doc.ents", "token.is_sent_start"],
    default_config={"intra_op_num_threads": 1},
)
def make_lexer(nlp: Language, name: str, intra_op_num_threads: int) -> LexerComponent:  # noqa: ARG001
    """The spaCy factory ``kg_lexer``.

    >>> import spacy
    >>> nlp = spacy.blank("zh")
    >>> _ = nlp.add_pipe("kg_lexer")
    >>> [token.tag_ for token in nlp("张三在福州市工作")]
    ['PER', 'p', 'LOC', 'n']
    """
    return LexerComponent(nlp, Lexer(intra_op_num_threads))


def _is_tagged(doc: Doc) -> bool:
    return bool(doc.has_annotation("TAG"))


def _with_context_of(before: Doc, doc: Doc) -> Doc:
    """What the caller hung on the Doc that is replaced, carried over."""
    doc.user_data.update(before.user_data)
    doc.cats = before.cats
    doc._context = before._context  # nlp.pipe(as_tuples=True) keeps the tuple's second half here
    return doc


def _windows(texts: Iterable[str]) -> Iterator[list[str]]:
    window: list[str] = []
    chars = 0
    for text in texts:
        window.append(text)
        chars += len(text)
        if chars >= WINDOW_CHARS:
            yield window
            window, chars = [], 0
    yield window


def pieces_of(text: str) -> Iterator[str]:
    """The text cut into what the model sees at once, and the whitespace between sentences."""
    position = 0
    for start, end in sentence_spans(text):
        if position < start:
            yield text[position:start]
        yield from (piece.of(text) for piece in _capped(text, TextSpan(start, end)))
        position = end
    if position < len(text):
        yield text[position:]


def _capped(text: str, span: TextSpan) -> Iterator[TextSpan]:
    """``span`` in parts of at most ``MAX_SENTENCE_CHARS``, cut after a comma or space if there is one."""
    start, end = span
    while end - start > MAX_SENTENCE_CHARS:
        window = TextSpan(start, start + MAX_SENTENCE_CHARS).of(text)
        cut = start + max((match.end() for match in _SAFE_CUT.finditer(window)), default=MAX_SENTENCE_CHARS)
        yield TextSpan(start, cut)
        start = cut
    yield TextSpan(start, end)


def batches_of(pieces: Iterable[str], *, pads: bool) -> Iterator[list[str]]:
    """Pieces of like length together; of equal length where padding is not safe."""
    by_length = sorted(pieces, key=lambda piece: (len(piece), piece))
    for _, group in groupby(by_length, key=lambda piece: pads or len(piece)):
        while batch := list(islice(group, BATCH_SENTENCES)):
            yield batch
