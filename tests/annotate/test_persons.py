"""People and their offices, in sentences tagged by hand: ``word/TAG word/TAG``."""

from pathlib import Path

import pytest
import yaml

from kg.annotate.persons import find_affiliations, find_people
from kg.annotate.titles import read_titles
from kg.annotate.view import Placed, View, Word
from kg.model import TextSpan
from kg.ontology import Ontology

ONTOLOGY = Ontology.load()
LEXICON = ONTOLOGY.lexicon


def words_of(tagged: str) -> tuple[str, tuple[Word, ...]]:
    """``副市长/n 程素/PER`` → the text and its words; an underscore stands for a space in the text."""
    words: list[Word] = []
    start = 0
    for piece in tagged.split():
        text, tag = piece.replace("_", " ").rsplit("/", 1)
        words.append(Word(TextSpan(start, start + len(text)), text, tag))
        start += len(text)
    return "".join(word.text for word in words), tuple(words)


def people(tagged: str) -> list[str]:
    text, words = words_of(tagged)
    return [mention.text for mention in find_people(text, words, [TextSpan(0, len(text))], LEXICON)]


def offices(tagged: str, **classes: str) -> list[tuple[str, str, str | None]]:
    """(person, body, title) of the affiliations among the names given with their classes."""
    text, words = words_of(tagged)
    placed: list[Placed] = []
    for name, class_ in sorted(classes.items(), key=lambda item: -len(item[0])):
        start = text.find(name)
        while start >= 0:
            span = TextSpan(start, start + len(name))
            if not any(other.span.overlaps(span) for other in placed):
                placed.append(Placed(span, name, class_))
            start = text.find(name, span.end)
    view = View(text, (TextSpan(0, len(text)),), words, tuple(sorted(placed)))
    return [(r.subject, r.object, r.evidence.title) for r in find_affiliations(view, ONTOLOGY)]


@pytest.mark.parametrize(
    ("tagged", "names"),
    [
        ("副市长/n 程素/PER 为/p 企业/n 授牌/v 。/w", ["程素"]),
        ("（/w 记者/n _/w 宋雨桐/PER ）/w", ["宋雨桐"]),
        ("市领导/n 唐敏/PER 、/w 邱少川/PER 参加/v 调研/vn 。/w", ["唐敏", "邱少川"]),
        ("市/n 领导/n 唐敏/PER 、/w 能荣/v 、/w 邱少川/PER 参加/v 。/w", ["唐敏", "能荣", "邱少川"]),
        ("县长/n 欧阳志远/PER 带队/v 招商/v 。/w", ["欧阳志远"]),
        ("公司/n 总裁/n 约翰·史密斯/PER 会见/v 客商/n 。/w", ["约翰·史密斯"]),
        ("院士/n 钟南山/PER 领衔/v 的/u 团队/n 。/w", ["钟南山"]),
    ],
)
def test_a_title_shows_a_person(tagged: str, names: list[str]) -> None:
    assert people(tagged) == names


@pytest.mark.parametrize(
    ("tagged", "names"),
    [
        ("市长/n 郑家/PER 和/c 主持/v 活动/n 。/w", ["郑家和"]),
        ("院长/n 简/PER 从/p 文/n 说/v ，/w", ["简从文"]),
        ("市长/n 高/a 惟一/a 共同/d 揭牌/v 。/w", ["高惟一"]),
        ("作者/n ：/w 雷鸣/v 远/a", ["雷鸣远"]),
        ("市领导/n 何运平/PER 、/w 曹和/PER 家/n 、/w 胡敏/PER 等/u 。/w", ["何运平", "曹和家", "胡敏"]),
    ],
)
def test_a_name_that_the_model_cut_wrongly_is_mended(tagged: str, names: list[str]) -> None:
    assert people(tagged) == names


def test_a_conjunction_is_no_part_of_a_name() -> None:
    assert people("区长/n 王东/PER 和/c 副/a 区长/n 李娜/PER 出席/v 。/w") == ["王东", "李娜"]


def test_a_word_of_speech_shows_a_person() -> None:
    assert people("“/w 好/a 。/w ”/w 任正非/PER 说/v 。/w") == ["任正非"]


def test_a_name_once_shown_is_found_again() -> None:
    assert people("经理/n 王立祥/PER 说/v 好/a 。/w 王立祥/PER 来/v 了/u 。/w") == ["王立祥"] * 2


def test_a_bracket_of_names_is_a_byline() -> None:
    assert people("实现/v 双赢/v 。/w （/w 万自明/PER 廖伟军/PER ）/w") == ["万自明", "廖伟军"]


@pytest.mark.parametrize(
    "tagged",
    [
        "岚泉/PER 有/v 港口/n 。/w",
        "秦禾/PER 表示/v 欢迎/v 。/w 秦禾市/LOC 市长/n 。/w",
        "芯辉/PER 落户/v 新区/n 。/w",
        "孙中山/PER 故居/n 开放/v 。/w",
        "董事长/n 李宁/PER 公司/n 设厂/v 。/w",
        "村民/n 李/PER 大爷/n 告诉/v 记者/n 。/w",
        "市民/n 王女士/PER 说/v 。/w",
        "院长/n 和/c 学生/n 在/p 场/n 。/w",
        "负责人/n 高度/d 评价/v 。/w",
        "公司/n 经理/n 于/p 今年/TIME 在/p 此/r 建厂/v 。/w",
        "董事/n 长程/n 运输/v 。/w",
        "习近平/PER 新时代/n 思想/n 指引/v 。/w",
    ],
)
def test_what_is_no_person_stays_out(tagged: str) -> None:
    assert people(tagged) == []


def test_mentions_outside_the_sentences_stay_out() -> None:
    text, words = words_of("责任编辑/n ：/w 安然/PER")
    assert find_people(text, words, [], LEXICON) == []


def test_an_office_stands_before_the_name() -> None:
    found = offices("岚泉市委/ORG 书记/n 韩立群/PER 致辞/v 。/w", 岚泉市委="GovernmentBody", 韩立群="Person")
    assert found == [("韩立群", "岚泉市委", "书记")]


def test_a_degree_belongs_to_the_title() -> None:
    found = offices("某厅/ORG 原/a 副/a 厅长/n 穆青川/PER 。/w", 某厅="GovernmentBody", 穆青川="Person")
    assert found == [("穆青川", "某厅", "原副厅长")]


def test_a_mayor_is_of_the_area_of_the_committee_before() -> None:
    found = offices(
        "昌澄市/LOC 晴/a 。/w 昌澄市委/ORG 副/a 书记/n 、/w 市长/n 纪南山/PER 表示/v 。/w",
        昌澄市="AdministrativeArea",
        昌澄市委="GovernmentBody",
        纪南山="Person",
    )
    assert found == [("纪南山", "昌澄市委", "副书记"), ("纪南山", "昌澄市", "市长")]


def test_each_office_of_a_chain_keeps_its_own_body() -> None:
    found = offices(
        "云澜经开区党工委/ORG 书记/n 、/w 管委会主任/n 陆廷远/PER 说/v 。/w",
        云澜经开区党工委="GovernmentBody",
        管委会="GovernmentBody",
        陆廷远="Person",
    )
    assert found == [("陆廷远", "云澜经开区党工委", "书记"), ("陆廷远", "管委会", "主任")]


def test_nouns_may_stand_between_body_and_title() -> None:
    found = offices("海潮集团/ORG 监事会/n 主席/n 王安喜/PER 一行/n 。/w", 海潮集团="Company", 王安喜="Person")
    assert found == [("王安喜", "海潮集团", "监事会主席")]


def test_a_verb_between_body_and_title_parts_them() -> None:
    found = offices("海潮集团/ORG 欢迎/v 总经理/n 王安喜/PER 。/w", 海潮集团="Company", 王安喜="Person")
    assert found == []


def test_an_occupation_attaches_to_nobody() -> None:
    found = offices("武汉/LOC 创业者/n 方舟/PER 来到/v 。/w", 武汉="AdministrativeArea", 方舟="Person")
    assert found == []


def test_a_reporter_is_of_the_outlet_before() -> None:
    found = offices("湖滨日报/ORG 讯/n （/w 记者/n 王兵/PER ）/w", 湖滨日报="MediaOutlet", 王兵="Person")
    assert found == [("王兵", "湖滨日报", "记者")]


def test_a_dateline_may_stand_between_an_outlet_and_its_reporter() -> None:
    found = offices(
        "湖滨日报/ORG 岚泉/LOC 9月2日/TIME 电/n （/w 记者/n _/w 王兵/PER 、/w 通讯员/n 李岚/PER ）/w",
        湖滨日报="MediaOutlet",
        王兵="Person",
        李岚="Person",
    )
    assert found == [("王兵", "湖滨日报", "记者")]


def test_a_bracket_of_an_outlet_and_names_says_who_reports_for_it() -> None:
    found = offices("（/w 湖滨日报/ORG _/w 王兵/PER ）/w", 湖滨日报="MediaOutlet", 王兵="Person")
    assert found == [("王兵", "湖滨日报", "记者")]


def test_a_title_of_companies_without_a_body_is_held_in_the_company_of_the_clause_before() -> None:
    found = offices("走进/v 砺行储能/ORG 车间/n ，/w 总工程师/n 贺铭/PER 说/v 。/w", 砺行储能="Company", 贺铭="Person")
    assert found == [("贺铭", "砺行储能", "总工程师")]


def test_an_honour_may_stand_between_an_office_and_the_name() -> None:
    found = offices(
        "砺行储能/ORG 总工程师/n 、/w 国医大师/n 贺铭/PER 说/v 。/w",
        砺行储能="Company",
        国医大师="Designation",
        贺铭="Person",
    )
    assert found == [("贺铭", "砺行储能", "总工程师")]


def test_the_next_holder_of_an_office_stands_behind_a_copula() -> None:
    found = offices("砺行储能/ORG 现任/v 董事长/n 为/v 贺铭/PER 。/w", 砺行储能="Company", 贺铭="Person")
    assert [pair[:2] for pair in found] == [("贺铭", "砺行储能")]


def test_leaders_of_an_area_are_a_list() -> None:
    found = offices(
        "锦岭市/LOC 领导/n 唐敏/PER 、/w 邱少川/PER 参加/v 。/w",
        锦岭市="AdministrativeArea",
        唐敏="Person",
        邱少川="Person",
    )
    assert found == [("唐敏", "锦岭市", "市领导"), ("邱少川", "锦岭市", "市领导")]


def test_one_secretary_in_a_list_of_people_is_one() -> None:
    found = offices(
        "岚泉市委/ORG 书记/n 韩立群/PER 、/w 邱少川/PER 参加/v 。/w",
        岚泉市委="GovernmentBody",
        韩立群="Person",
        邱少川="Person",
    )
    assert found == [("韩立群", "岚泉市委", "书记")]


def test_who_has_an_office_elsewhere_is_no_leader_by_a_mixed_list() -> None:
    found = offices(
        "湖石市/LOC 市县领导/n 何运平/PER 、/w 万鼎/PER 参加/v ，/w 大冶县/LOC 县长/n 万鼎/PER 推介/v 。/w",
        湖石市="AdministrativeArea",
        大冶县="AdministrativeArea",
        何运平="Person",
        万鼎="Person",
    )
    assert found == [("何运平", "湖石市", "市县领导"), ("万鼎", "大冶县", "县长")]


def test_an_office_stands_behind_the_name() -> None:
    found = offices("贺铭/PER ，/w 砺行储能/ORG 董事长/n ，/w 说/v 。/w", 砺行储能="Company", 贺铭="Person")
    assert found == [("贺铭", "砺行储能", "董事长")]


def test_who_takes_office_is_affiliated() -> None:
    found = offices("贺铭/PER 出任/v 砺行储能/ORG 总经理/n 。/w", 砺行储能="Company", 贺铭="Person")
    assert found == [("贺铭", "砺行储能", "总经理")]


def test_who_is_styled_takes_office_too() -> None:
    found = offices("贺铭/PER 同志/n 任/v 砺行储能/ORG 总经理/n 。/w", 砺行储能="Company", 贺铭="Person")
    assert found == [("贺铭", "砺行储能", "总经理")]


def test_the_office_of_the_next_person_is_not_taken() -> None:
    found = offices(
        "贺铭/PER 、/w 砺行储能/ORG 董事长/n 李岚/PER 出席/v 。/w",
        砺行储能="Company",
        贺铭="Person",
        李岚="Person",
    )
    assert found == [("李岚", "砺行储能", "董事长")]


def test_a_mayor_of_an_unnamed_city_among_several_is_left_out() -> None:
    found = offices(
        "甲市/LOC 和/c 乙市/LOC 签约/v ，/w 市长/n 郑家和/PER 出席/v 。/w",
        甲市="AdministrativeArea",
        乙市="AdministrativeArea",
        郑家和="Person",
    )
    assert found == []


def test_a_zone_has_no_mayor() -> None:
    found = offices("滨海新区/LOC 区长/n 郑家和/PER 。/w", 滨海新区="Zone", 郑家和="Person")
    assert found == []


def test_evidence_reaches_from_the_body_to_the_person() -> None:
    text, words = words_of("昨日/TIME ，/w 某市委/ORG 书记/n 韩立群/PER 致辞/v 。/w")
    placed = (
        Placed(TextSpan(3, 6), "b", "GovernmentBody"),
        Placed(TextSpan(8, 11), "p", "Person"),
    )
    view = View(text, (TextSpan(0, len(text)),), words, placed)
    [relation] = find_affiliations(view, ONTOLOGY)
    assert relation.evidence.span.of(text) == "某市委书记韩立群"


def test_the_lexicon_lists_hold_nothing_twice() -> None:
    for file in ("titles", "terms"):
        data = yaml.safe_load((LEXICON / f"{file}.yaml").read_text("utf-8"))
        lists = {key: value for key, value in data.items() if isinstance(value, list)}
        lists |= {f"{c} {k}": v for c in ("Industry", "Technology") for k, v in data.get(c, {}).items()}
        twice = {
            key: [item for item in value if value.count(item) > 1]
            for key, value in lists.items()
            if isinstance(value, list)
        }
        assert not {key: items for key, items in twice.items() if items}, file


def test_the_example_of_the_lexicon_is_found_and_its_counter_is_not() -> None:
    data = yaml.safe_load((LEXICON / "titles.yaml").read_text("utf-8"))
    sentence, name, title = data["example"]
    tagged = sentence.replace(title, f"{title}/n ").replace(name, f"{name}/PER ")
    assert people(tagged.rstrip("。").replace("为企业授牌", "为/p 企业/n 授牌/v")) == [name]
    assert people("公司/n 董事长/n 致/v 欢迎辞/n 。/w") == [] == people(f"{data['counter']}/n")


def test_a_lexicon_folder_without_titles_is_refused(tmp_path: Path) -> None:
    from kg.errors import OntologyError

    with pytest.raises(OntologyError, match=r"titles\.yaml"):
        read_titles(tmp_path)
