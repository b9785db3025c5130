"""Who a clause is about, and what a view finds at a place in its text."""

from collections.abc import Callable
from typing import Any

import pytest

from kg.annotate.view import View

Acting = Callable[..., list[str]]
A, B = "[甲公司:Company]", "[乙公司:Company]"
CITY, PARK, FAIR = "[云澜市:AdministrativeArea]", "[澜东园:IndustrialPark]", "[茶博会:Event]"
CHENG = "[程素:Person]"


@pytest.fixture
def acting(view: Any) -> Acting:
    """``acting("[甲公司:Company]|签约。")``: who the verb behind | is said of; ``only`` these classes."""

    def subjects(marked: str, *only: str, carried: bool = True) -> list[str]:
        seen: View = view(marked.replace("|", ""))
        position = len(view(marked.split("|")[0]).text)
        found = seen.subjects(position, lambda label: not only or label in only, carried=carried)
        return [placed.key for placed in found]

    return subjects


# In the clause


def test_the_first_name_of_the_clause_is_its_subject(acting: Acting) -> None:
    assert acting(f"{A}昨日|收购{B}。") == ["甲公司"]


@pytest.mark.parametrize("join", ["、", "和", "与", "及", "以及"])
def test_names_listed_together_are_subjects_together(acting: Acting, join: str) -> None:
    assert acting(f"{A}{join}{B}|签约。") == ["甲公司", "乙公司"]


def test_of_names_that_run_together_the_last_acts(acting: Acting) -> None:
    assert acting(f"[湖南省:AdministrativeArea]{CITY}|获奖。") == ["云澜市"]


def test_only_classes_that_may_act_do(acting: Acting) -> None:
    assert acting(f"{CITY}{A}|获奖。", "Company") == ["甲公司"]
    assert acting(f"{PARK}|获奖。", "Company") == []


@pytest.mark.parametrize("word", ["在", "对", "以", "从", "为", "把", "被", "依托", "根据"])
def test_a_name_behind_a_preposition_is_no_subject(acting: Acting, word: str) -> None:
    assert acting(f"{word}{CITY}|开幕。") == []


def test_a_name_behind_a_preposition_leaves_the_clause_to_the_next(acting: Acting) -> None:
    assert acting(f"在{CITY}，{FAIR}|开幕。") == ["茶博会"]


@pytest.mark.parametrize("verb", ["引进", "收购", "考察"])
def test_a_name_behind_a_verb_is_its_object(acting: Acting, verb: str) -> None:
    assert acting(f"{verb}{A}后|投产。") == []


@pytest.mark.parametrize("opener", ["标志着", "推动", "表明", "获悉"])
def test_behind_an_opener_a_clause_of_its_own_begins(acting: Acting, opener: str) -> None:
    assert acting(f"此举{opener}{A}|转型。") == ["甲公司"]


def test_the_place_of_a_dateline_is_no_subject(acting: Acting) -> None:
    assert acting(f"{CITY}6月1日电，昨日|开幕。") == []


# The head of a phrase


def test_of_a_thing_of_another_the_thing_acts(acting: Acting) -> None:
    assert acting(f"{CITY}的{A}|获奖。") == ["甲公司"]


def test_of_what_somebody_brought_the_thing_brought_acts(acting: Acting) -> None:
    assert acting(f"{PARK}引进的{A}|投产。") == ["甲公司"]


def test_in_an_attribute_who_brings_is_the_subject_of_that_verb(acting: Acting) -> None:
    assert acting(f"{PARK}|引进的{A}投产。") == ["澜东园"]


def test_a_phrase_whose_head_may_not_act_has_no_subject(acting: Acting) -> None:
    assert acting(f"{PARK}引进的{A}|投产。", "IndustrialPark") == []


def test_an_industry_heads_no_phrase(acting: Acting) -> None:
    assert acting(f"{CITY}的[生物医药:Industry]|增长。") == ["云澜市"]


def test_offices_lead_to_who_holds_them(acting: Acting) -> None:
    assert acting(f"{A}董事长{CHENG}|致辞。") == ["程素"]
    assert acting(f"{A}董事长、[云澜商会:Organization]会长{CHENG}|致辞。") == ["程素"]


# The clauses before


def test_a_clause_without_a_subject_is_about_that_of_the_clause_before(acting: Acting) -> None:
    assert acting(f"{A}加快转型，去年|获奖。") == ["甲公司"]


def test_the_nearest_subject_wins(acting: Acting) -> None:
    assert acting(f"{A}投产，{B}扩产，去年|获奖。") == ["乙公司"]


def test_a_semicolon_goes_back_to_who_the_sentence_began_with(acting: Acting) -> None:
    assert acting(f"{PARK}招商，{A}投产；去年|获奖。") == ["澜东园"]


@pytest.mark.parametrize("who", ["企业纷纷", "市民", "各部门"])
def test_a_noun_that_names_nothing_acts_itself_and_stops_the_search(acting: Acting, who: str) -> None:
    assert acting(f"{PARK}开园，{who}|点赞。") == []


def test_a_noun_that_names_nothing_stops_the_search_from_further_clauses(acting: Acting) -> None:
    assert acting(f"{PARK}开园，企业纷纷落户，去年|获奖。") == []


def test_the_name_of_a_body_that_is_no_entity_stops_the_search(acting: Acting) -> None:
    assert acting(f"{PARK}开园，碧波大学|获奖。") == []


def test_the_name_of_a_place_that_is_no_entity_stops_the_search(acting: Acting) -> None:
    assert acting(f"{PARK}开园，碧波大厦|封顶。") == []


def test_a_time_or_an_adverb_does_not(acting: Acting) -> None:
    assert acting(f"{PARK}开园，去年已正式|运营。") == ["澜东园"]


# The sentences before


def test_a_sentence_without_a_subject_is_about_that_of_the_one_before(acting: Acting) -> None:
    assert acting(f"{PARK}开园。去年|获奖。") == ["澜东园"]
    assert acting(f"{PARK}开园。去年|获奖。", carried=False) == []


def test_people_come_and_go(acting: Acting) -> None:
    assert acting(f"{CHENG}致辞。昨日|获奖。") == []


def test_nobody_is_carried_into_another_paragraph(acting: Acting) -> None:
    assert acting(f"{PARK}开园。\n去年|获奖。") == []


def test_a_subject_is_carried_over_sentences_that_have_none_but_not_for_ever(acting: Acting) -> None:
    assert acting(f"{PARK}开园。去年招商。去年扩区。今年|获奖。") == ["澜东园"]
    assert acting(f"{PARK}开园。去年招商。去年扩区。去年增收。今年|获奖。") == []


def test_a_sentence_about_something_that_is_no_entity_carries_nobody_on(acting: Acting) -> None:
    assert acting(f"{PARK}开园。企业纷纷落户。今年|获奖。") == []


# What stands where


def test_a_position_outside_the_body_s_sentences_is_about_nobody(view: Any) -> None:
    seen: View = view(f"{PARK}开园。")
    assert View(seen.text, (), seen.words, seen.placed).subjects(3, lambda _: True) == ()


def test_a_word_is_found_by_any_place_in_it(view: Any) -> None:
    seen: View = view("企业落户。")
    words = [seen.word_at(position) for position in range(5)]
    assert [word and word.text for word in words] == ["企业", "企业", "落户", "落户", "。"]
    assert seen.word_at(5) is None


def test_a_verb_inside_a_name_does_not_count(view: Any) -> None:
    seen: View = view("[建设集团:Company]董事长")
    assert not seen.has_verb(seen.sentences[0])
    assert view("公司投资建设园区").has_verb(seen.sentences[0])


def test_a_clause_ends_at_a_mark(view: Any) -> None:
    seen: View = view("园区开园，企业入驻；记者报道。")
    assert [seen.clause_at(position).of(seen.text) for position in (0, 6, 11)] == ["园区开园", "企业入驻", "记者报道"]


# Behind a preposition, and what an article is about


def test_what_describes_a_name_behind_a_preposition_makes_it_no_subject(acting: Acting) -> None:
    assert acting(f"{PARK}由国有企业{A}|建设。") == ["澜东园"]


def test_names_listed_with_one_behind_a_preposition_are_no_subject(acting: Acting) -> None:
    assert acting(f"{A}获奖，在{CITY}、{PARK}|设厂。") == ["甲公司"]


def test_what_is_named_most_before_a_place_is_what_the_text_is_about(view: Any) -> None:
    seen: View = view(f"{A}获奖，{B}扩产，{A}增资，{B}上市，{B}签约。")
    main = seen.main(seen.text.index("上市"), lambda label: label == "Company")
    assert main is not None
    assert main.key == "甲公司"  # of those named equally often, the first
    assert seen.main(0, bool) is None


def test_a_name_opens_a_clause_behind_times_alone(view: Any) -> None:
    seen: View = view(f"去年，{A}收购{B}。")
    assert [seen.opens_clause(item) for item in seen.placed] == [True, False]
