"""The pipeline: components in an order they declare, and laws that hold for any text."""

from datetime import date
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate.lexer import make_docs
from kg.annotate.pipeline import FACTS, FINDERS, annotate, build_pipeline
from kg.model import Article, Extraction, TextSpan

ORDER = ["kg_lexer", *FINDERS]
TEXT = "福兴经济开发区去年工业产值达480亿元。7月8日，福州数字内容产业园在福兴经济开发区开园。"
REPORT = "澜东工业园位于云澜市，今年引进远航集团等企业30家。7月8日，澜芯项目由远航集团投资12亿元建设。"


def article(text: str, **known: Any) -> Article:
    return Article("a", "a.txt", text, text, published=date(2022, 7, 25), **known)


def extracted(text: str, **known: Any) -> Extraction:
    [found] = annotate([article(text, **known)])
    return found


# The components


@pytest.mark.parametrize("component", ORDER)
def test_each_component_is_given_what_it_requires(component: str) -> None:
    assert build_pipeline().analyze_pipes()["problems"][component] == []


def test_the_components_run_in_the_order_of_the_flow() -> None:
    assert build_pipeline().pipe_names == ORDER


def test_the_lexer_alone_is_a_component_spacy_knows() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("kg_lexer")
    assert nlp.analyze_pipes()["problems"] == {"kg_lexer": []}


def test_a_wrong_order_is_found_before_it_runs() -> None:
    nlp = spacy.blank("zh")
    for name in reversed(ORDER):
        nlp.add_pipe(name)
    problems = nlp.analyze_pipes()["problems"]
    assert problems["kg_entities"] == ["token.tag"]
    assert set(problems["kg_relations"]) == {"doc._.kg_entities", "doc._.kg_view"}
    assert problems["kg_observations"] == problems["kg_milestones"] == ["doc._.kg_view"]


@pytest.mark.parametrize("component", [finder for finder in FINDERS if finder != FACTS])
def test_a_component_says_what_it_assigns(component: str) -> None:
    assert f"doc._.{component}" in build_pipeline().get_pipe_meta(component).assigns


def test_what_is_learned_of_facts_assigns_what_the_rules_did() -> None:
    assigned = build_pipeline().get_pipe_meta(FACTS).assigns
    assert set(assigned) == {"doc._.kg_relations", "doc._.kg_observations", "doc._.kg_milestones"}


def test_a_doc_that_has_gone_through_carries_what_was_found() -> None:
    nlp = build_pipeline()
    [doc] = make_docs(nlp, [TEXT])
    doc._.article = article(TEXT)
    doc = nlp(doc)
    assert {entity.name for entity in doc._.kg_entities} >= {"福兴经济开发区", "福州数字内容产业园"}
    assert doc._.kg_view.text == TEXT
    assert [(o.entity, o.indicator) for o in doc._.kg_observations] == [("DevelopmentZone:福兴经济开发区", "工业产值")]
    assert [(r.property, r.object) for r in doc._.kg_relations] == [("locatedIn", "DevelopmentZone:福兴经济开发区")]
    assert [(m.type, m.date) for m in doc._.kg_milestones] == [("opened", "2022-07-08")]


@Language.component("all_nouns", assigns=["token.tag"])
def all_nouns(doc: Doc) -> Doc:
    """Another lexical model: spaCy's words, one for each character, and all of them nouns."""
    for token in doc:
        token.tag_ = "n"
    return doc


def test_another_lexical_model_takes_the_place_of_the_shipped_one() -> None:
    nlp = build_pipeline(lexer="all_nouns")
    assert nlp.pipe_names == ["all_nouns", *FINDERS]
    assert not any(nlp.analyze_pipes()["problems"].values())
    [found] = annotate([article("公司获评“省级绿色工厂”称号。")], lexer="all_nouns")
    assert "省级绿色工厂" in {entity.name for entity in found.entities}


def test_an_unknown_lexical_model_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="no_such_lexer"):
        build_pipeline(lexer="no_such_lexer")


# Articles


def test_each_article_has_its_own_extraction_in_the_order_given() -> None:
    texts = [TEXT, "", REPORT]
    assert [found.article.text for found in annotate(map(article, texts))] == texts


def test_an_article_is_annotated_alike_alone_and_among_others() -> None:
    assert list(annotate(map(article, [REPORT, TEXT])))[1] == extracted(TEXT)


def test_a_road_named_after_a_city_is_not_the_city() -> None:
    found = extracted("贵阳高速公路通车，贵阳招商。")
    assert {(entity.label_, entity.name) for entity in found.entities} == {
        ("Road", "贵阳高速公路"),
        ("AdministrativeArea", "贵阳"),
    }


def test_the_name_of_a_reporter_is_no_part_of_a_park_s() -> None:
    assert "红山网讯（记者程素）园区" not in {
        entity.name for entity in extracted("红山网讯（记者程素）园区开园。").entities
    }


def test_no_article_gives_no_extraction() -> None:
    assert list(annotate([])) == []


def test_what_is_outside_the_body_says_nothing() -> None:
    found = extracted(f"{TEXT}\n{REPORT}", body=(TextSpan(0, len(TEXT)),))
    assert all(said.evidence.span.end <= len(TEXT) for said in statements(found))
    assert "远航集团" not in {entity.name for entity in found.entities}


def test_a_damaged_span_names_nothing() -> None:
    found = extracted(TEXT, damage=(TextSpan(0, 7),))
    assert all(said.evidence.span.start >= 7 for said in statements(found))


# Laws


PIECES = [
    *REPORT,
    *"与和由被的在将年月日亿家%，。；：、“”《》（）\n 0123456789",
    "管委会",
    "签署",
    "产业",
    "有限公司",
    "2022年",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
FEW = settings(max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def statements(found: Extraction) -> list[Any]:
    return [*found.relations, *found.observations, *found.milestones]


def among(text: str) -> str:
    """``text`` between sentences that say something."""
    return f"{TEXT}{text}\n{REPORT}"


def check(found: Extraction, body: tuple[TextSpan, ...]) -> None:
    text = found.article.text
    keys = {entity.key for entity in found.entities}
    for said in statements(found):
        span, sentence = said.evidence.span, said.evidence.sentence
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert span.start < span.end
        assert sentence.contains(span)
        assert any(part.overlaps(sentence) for part in body)
        assert 0 < said.evidence.confidence <= 1
    assert keys >= {key for r in found.relations for key in (r.subject, r.object)}
    assert keys >= {said.entity for said in (*found.observations, *found.milestones)}
    assert all(r.subject != r.object for r in found.relations)
    for entity in found.entities:
        assert all(mention.span.of(text) == mention.text for mention in entity.mentions)
        assert {mention.text for mention in entity.mentions} == {entity.name, *entity.aliases}
    said_of = [(r.subject, r.property, r.object) for r in found.relations]
    assert len(said_of) == len(set(said_of))


@FEW
@given(TEXTS, st.integers(0, 60), st.integers(1, 200), st.integers(0, 90), st.integers(0, 20))
def test_what_is_said_lies_in_a_sentence_of_the_body_and_touches_no_damage(
    text: str, start: int, length: int, hurt: int, much: int
) -> None:
    body, damage = (TextSpan(start, start + length),), TextSpan(hurt, hurt + much)
    found = extracted(among(text), body=body, damage=(damage,))
    check(found, body)
    assert not any(said.evidence.span.overlaps(damage) for said in statements(found))


@FEW
@given(st.text(max_size=80) | TEXTS)
def test_any_text_is_annotated(text: str) -> None:
    check(extracted(text), (TextSpan(0, max(len(text), 1)),))


def test_evidence_of_what_is_implied_lies_in_its_sentence() -> None:
    for said in extracted("远航集团在云澜峰会上亮相。云澜峰会吸引了百家企业参展。").relations:
        assert said.evidence.sentence.contains(said.evidence.span)


def test_no_area_lies_in_itself() -> None:
    found = extracted("石桥镇隶属于云澜市云澜市本土企业远航集团发展很快。")
    assert [said for said in found.relations if said.subject == said.object] == []
