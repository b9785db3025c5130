"""Where Chinese puts who acts and what is acted on, whatever the verb."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from kg.annotate.frames import Encoded, arguments
from kg.annotate.view import View

Pairs = set[tuple[str, str]]
Read = Callable[..., Pairs]
A, B, C = "[甲公司:Company]", "[乙公司:Company]", "[丙公司:Company]"
PARK, PROJECT, TOWN = "[澜东园:IndustrialPark]", "[澜芯项目:Project]", "[石桥镇:AdministrativeArea]"
UNIVERSITY, FAIR = "[东澜大学:University]", "[茶博会:Event]"


@pytest.fixture
def read(view: Any) -> Read:
    """``read(marked, "建设|打造", "active")``: who does it, to what, in the last sentence that says so."""

    def pairs(marked: str, verbs: str, *frames: str, s: str = "", o: str = "") -> Pairs:
        seen: View = view(marked)
        found: Pairs = set()
        parties: tuple[Any, ...] = ()
        for sentence in seen.sentences:
            encoded = Encoded(seen, sentence, seen.placed_in(sentence))
            encoded.parties = parties
            for verb in re.compile(verbs).finditer(encoded.text):
                for said in arguments(encoded, verb, frames, *(_any_of(classes) for classes in (s, o))):
                    found |= {(subject.key, object_.key) for subject in said.subjects for object_ in said.objects}
            parties = encoded.parties
        return found

    return pairs


def _any_of(classes: str) -> Callable[[str], bool]:
    return lambda label: not classes or label in classes.split()


# The sentence


def test_a_name_is_one_character_so_no_verb_is_found_in_it(view: Any) -> None:
    seen = view("[建设集团:Company]建设[澜东园:IndustrialPark]。")
    encoded = Encoded(seen, seen.sentences[0], seen.placed)
    assert re.sub("[\ue000-\uf8ff]", "□", encoded.text) == "□建设□。"
    assert seen.text[encoded.offsets[1] :] == "建设澜东园。"


def test_a_part_of_another_word_is_no_verb(read: Read) -> None:
    assert read(f"{A}总投资12亿元的{PROJECT}开工。", "投资", "active") == set()


# active


def test_the_clause_s_subject_acts_on_the_name_behind_the_verb(read: Read) -> None:
    assert read(f"{A}建设{PARK}。", "建设", "active") == {("甲公司", "澜东园")}


def test_a_modifier_may_stand_before_an_object(read: Read) -> None:
    assert read(f"{A}建设占地600亩、国内领先的{PARK}。", "建设", "active") == {("甲公司", "澜东园")}


def test_an_area_before_an_object_only_says_where(read: Read) -> None:
    assert read(f"{A}建设{TOWN}{PARK}。", "建设", "active") == {("甲公司", "澜东园")}


@pytest.mark.parametrize("join", ["、", "和", "与", "及", "以及", "，和", "暨"])
def test_every_name_of_a_list_is_an_object(read: Read, join: str) -> None:
    assert read(f"{A}收购{B}{join}{C}。", "收购", "active") == {("甲公司", "乙公司"), ("甲公司", "丙公司")}


def test_a_list_goes_on_behind_a_comma_and_as_well_as(read: Read) -> None:
    assert read(f"{A}收购{B}，以及{C}。", "收购", "active") == {("甲公司", "乙公司"), ("甲公司", "丙公司")}


def test_each_object_of_a_list_may_have_its_modifier(read: Read) -> None:
    said = read(f"{A}收购落户云澜的{B}和新成立的{C}。", "收购", "active")
    assert said == {("甲公司", "乙公司"), ("甲公司", "丙公司")}


def test_every_name_of_a_list_may_act(read: Read) -> None:
    assert read(f"{A}、{B}建设{PARK}。", "建设", "active") == {("甲公司", "澜东园"), ("乙公司", "澜东园")}


def test_a_run_of_verbs_has_one_object(read: Read) -> None:
    assert read(f"{A}投资18亿元建设{PARK}。", "投资|建设", "active") == {("甲公司", "澜东园")}


@pytest.mark.parametrize("tail", ["的技术团队", "旗下工厂", "产业链", "—云澜联盟"])
def test_a_name_that_only_modifies_is_no_object(read: Read, tail: str) -> None:
    assert read(f"{A}引进{B}{tail}。", "引进", "active") == set()


def test_a_name_of_another_class_is_no_object(read: Read) -> None:
    assert read(f"{A}建设{PARK}。", "建设", "active", o="Project") == set()


def test_an_object_does_not_stand_behind_another_verb_or_clause(read: Read) -> None:
    assert read(f"{A}建设厂房进入{PARK}。", "建设", "active") == set()
    assert read(f"{A}建设厂房，{PARK}招商。", "建设", "active") == set()


@pytest.mark.parametrize("noun", ["知名企业", "龙头企业", "骨干企业"])
def test_a_noun_behind_a_name_takes_its_place_as_subject(read: Read, noun: str) -> None:
    assert read(f"{TOWN}{noun}建设{PARK}。", "建设", "active") == set()


# open, near


def test_a_noun_may_follow_the_object_where_it_is_open(read: Read) -> None:
    marked = f"{A}签署{PROJECT}协议。"
    assert read(marked, "签署", "open") == {("甲公司", "澜芯项目")}
    assert read(marked, "签署", "active") == set()


def test_near_takes_the_name_right_behind_the_verb(read: Read) -> None:
    assert read(f"{PARK}位于{TOWN}。", "位于", "near") == {("澜东园", "石桥镇")}
    assert read(f"{PARK}位于风景优美的{TOWN}。", "位于", "near") == {("澜东园", "石桥镇")}


def test_near_takes_no_place_that_a_nearer_thing_stands_in(read: Read) -> None:
    assert read(f"{PARK}位于{TOWN}的{FAIR}。", "位于", "near") == set()


# attributive


def test_who_acts_stands_before_the_verb_and_the_thing_behind_of(read: Read) -> None:
    assert read(f"{A}投资建设的{PROJECT}开工。", "投资建设", "attributive") == {("甲公司", "澜芯项目")}


def test_an_adverb_may_stand_before_an_attributive_verb(read: Read) -> None:
    assert read(f"{A}今年重点建设的{PROJECT}开工。", "建设", "attributive") == {("甲公司", "澜芯项目")}


def test_another_verb_before_an_attributive_one_takes_its_actor(read: Read) -> None:
    assert read(f"{A}宣布建设的{PROJECT}开工。", "建设", "attributive") == set()


def test_a_thing_said_to_be_what_somebody_made(read: Read) -> None:
    assert read(f"{PARK}是{A}和{B}设立的园区。", "设立", "attributive") == {("甲公司", "澜东园"), ("乙公司", "澜东园")}


# agent


@pytest.mark.parametrize("by", ["由", "被"])
def test_who_acts_stands_behind_by(read: Read, by: str) -> None:
    assert read(f"{B}{by}{A}收购。", "收购", "agent") == {("甲公司", "乙公司")}


def test_an_agent_may_have_a_modifier(read: Read) -> None:
    assert read(f"{PROJECT}由国企{A}承建。", "承建", "agent") == {("甲公司", "澜芯项目")}


def test_a_second_agent_has_its_own_verb(read: Read) -> None:
    marked = f"{PROJECT}由{A}投资、{B}承建。"
    assert read(marked, "投资", "agent", o="Project") == {("甲公司", "澜芯项目")}
    assert read(marked, "承建", "agent", o="Project") == {("乙公司", "澜芯项目")}


def test_a_second_agent_is_not_what_the_first_acts_on(read: Read) -> None:
    assert read(f"{C}由{A}收购、{B}运营。", "收购", "agent") == {("甲公司", "丙公司")}


def test_what_is_acted_on_may_be_named_clauses_before(read: Read) -> None:
    assert read(f"{PROJECT}进展顺利，由{A}承建。", "承建", "agent") == {("甲公司", "澜芯项目")}


def test_an_agent_may_stand_in_an_attribute(read: Read) -> None:
    assert read(f"由{A}承建的{PROJECT}开工。", "承建", "agent") == {("甲公司", "澜芯项目")}


def test_by_leaves_the_clause_no_active_subject(read: Read) -> None:
    assert read(f"{B}由{A}收购{C}。", "收购", "active") == set()


# mutual


@pytest.mark.parametrize("with_", ["与", "和", "同", "跟", "携手", "联合"])
def test_the_parties_stand_on_either_side_of_with(read: Read, with_: str) -> None:
    assert read(f"{A}{with_}{UNIVERSITY}签署协议。", "签署", "mutual") == {("甲公司", "东澜大学")}


def test_each_of_one_side_is_with_each_of_the_other(read: Read) -> None:
    said = read(f"{A}与{B}、{C}达成合作。", "达成", "mutual")
    assert said == {("甲公司", "乙公司"), ("甲公司", "丙公司")}


def test_three_who_sign_are_each_with_each(read: Read) -> None:
    said = read(f"{A}、{B}与{C}签署协议。", "签署", "mutual")
    assert said == {("甲公司", "乙公司"), ("甲公司", "丙公司"), ("乙公司", "丙公司")}


def test_those_of_one_list_who_act_together_are_each_with_each(read: Read) -> None:
    said = read(f"{A}、{B}、{C}共同签署协议。", "签署", "mutual")
    assert said == {("甲公司", "乙公司"), ("甲公司", "丙公司"), ("乙公司", "丙公司")}


def test_the_subject_of_the_clause_before_may_be_a_party(read: Read) -> None:
    assert read(f"{A}加快转型，与{B}签署协议。", "签署", "mutual") == {("甲公司", "乙公司")}


def test_both_are_the_parties_of_the_sentence_before(read: Read) -> None:
    signed = f"{A}与{UNIVERSITY}签署协议。"
    assert read(signed + f"双方共建{PARK}。", "签署|共建", "mutual", "active") >= {
        ("甲公司", "澜东园"),
        ("东澜大学", "澜东园"),
    }


def test_both_are_the_parties_of_the_clause_before(read: Read) -> None:
    said = read(f"{A}与{UNIVERSITY}签署协议，双方共建{PARK}。", "签署|共建", "mutual", "active")
    assert said >= {("甲公司", "澜东园"), ("东澜大学", "澜东园")}


# partners


@pytest.mark.parametrize("said", ["携手{}共建", "与{}共建", "与{}联合打造", "与{}共同打造"])
def test_partners_act_with_the_subject(read: Read, said: str) -> None:
    found = read(f"{A}{said.format(UNIVERSITY)}{PARK}。", "共建|打造", "active")
    assert found == {("甲公司", "澜东园"), ("东澜大学", "澜东园")}


# place


def test_what_happens_is_the_subject_and_the_place_stands_behind_in(read: Read) -> None:
    assert read(f"{FAIR}在{TOWN}举行。", "举行", "place") == {("茶博会", "石桥镇")}


def test_the_place_is_the_last_of_the_areas_that_run_together(read: Read) -> None:
    assert read(f"{FAIR}在[云澜市:AdministrativeArea]{TOWN}举行。", "举行", "place") == {("茶博会", "石桥镇")}


@pytest.mark.parametrize("end", ["举行座谈会", f"举行{PARK}"])
def test_a_verb_with_an_object_of_its_own_has_no_such_place(read: Read, end: str) -> None:
    assert read(f"{FAIR}在{TOWN}{end}。", "举行", "place") == set()


# implied


def test_what_is_acted_on_was_named_in_a_clause_before(read: Read) -> None:
    marked = f"{PARK}开园，{A}、{B}入驻。"
    assert read(marked, "入驻", "implied", s="Company", o="IndustrialPark") == {
        ("甲公司", "澜东园"),
        ("乙公司", "澜东园"),
    }


def test_what_is_acted_on_was_named_in_the_sentence_before(read: Read) -> None:
    marked = f"{FAIR}举行。[程素:Person]致辞。"
    assert read(marked, "致辞", "implied", s="Person", o="Event") == {("程素", "茶博会")}


def test_nothing_is_acted_on_that_the_text_does_not_name(read: Read) -> None:
    assert read("[程素:Person]致辞。", "致辞", "implied", s="Person", o="Event") == set()


def test_who_acts_on_what_was_named_is_not_carried_over(read: Read) -> None:
    assert read(f"{A}获奖。{FAIR}举行，致辞。", "致辞", "implied", s="Company", o="Event") == set()


# behind


def test_who_acts_may_stand_in_the_clause_behind(read: Read) -> None:
    marked = f"依托{UNIVERSITY}，{A}发展迅速。"
    assert read(marked, "依托", "active", "behind") == {("甲公司", "东澜大学")}
    assert read(marked, "依托", "active") == set()


# people


def test_people_with_their_titles_act_together(read: Read) -> None:
    marked = f"市委书记[程素:Person]，副书记、市长[唐敏:Person]考察{A}。"
    assert read(marked, "考察", "active", s="Person") == {("程素", "甲公司"), ("唐敏", "甲公司")}


# What stands between


def test_a_sum_and_a_place_may_stand_between_verbs(view: Any) -> None:
    seen: View = view(f"{A}拟投资约4.2亿欧元在{TOWN}新建{PROJECT}。")
    encoded = Encoded(seen, seen.sentences[0], seen.placed)
    verb = re.compile("投资").search(encoded.text)
    assert verb is not None
    found = list(arguments(encoded, verb, ["active"], _any_of(""), _any_of("Project"), re.compile("新建")))
    assert [(said.subjects[0].key, said.objects[0].key) for said in found] == [("甲公司", "澜芯项目")]


def test_who_has_what_the_sum_of_is_said_stands_right_before_the_verb(read: Read) -> None:
    assert read(f"{A}投资8亿元的{PROJECT}开工。", "投资", "active") == {("甲公司", "澜芯项目")}
    assert read(f"{A}扩产，投资8亿元的{PROJECT}开工。", "投资", "active") == set()


def test_an_agent_s_attribute_is_no_agent(read: Read) -> None:
    assert read(f"{PROJECT}由{A}旗下的{B}承建。", "承建", "agent") == {("乙公司", "澜芯项目")}


def test_an_attribute_that_names_nobody_is_of_the_clause_s_subject(read: Read) -> None:
    assert read(f"{A}建厂十年，其自主研发的{PROJECT}获奖。", "研发", "attributive") == {("甲公司", "澜芯项目")}


def test_what_happens_in_several_places_happens_in_each(read: Read) -> None:
    found = read(f"{FAIR}在{TOWN}、{PARK}举行。", "举行", "place", s="Event")
    assert found == {("茶博会", "石桥镇"), ("茶博会", "澜东园")}


def test_who_signs_with_whom_is_not_guessed(read: Read) -> None:
    assert read(f"{A}、{B}分别与{C}、{UNIVERSITY}签署协议。", "签署", "mutual") == set()
    assert read(f"{A}获奖，由公司与{C}签署协议。", "签署", "mutual") == set()


def test_parties_that_build_together_work_together(read: Read) -> None:
    assert read(f"由{A}与{B}合作建设的{PARK}开园。", "合作", "mutual") == {("甲公司", "乙公司")}
