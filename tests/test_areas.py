"""Which area a place is: certain where the gazetteer or the rest of the article says so, else none."""

from __future__ import annotations

import pytest

from kg.areas import areas_of, in_full, named_after
from kg.model import Article, Entity, Evidence, Extraction, Relation, TextSpan
from kg.ontology import Ontology


def paths(*names: str, class_: str = "AdministrativeArea", area: str | None = None) -> dict[str, str]:
    entities = [Entity(name, class_, name, area=area) for name in names]
    return {key: "/".join(found.path) for key, found in areas_of(entities).items()}


def test_a_name_that_one_area_has_is_that_area() -> None:
    assert paths("晋安区") == {"晋安区": "福建省/福州市/晋安区"}


def test_codes_are_those_of_the_whole_path() -> None:
    area = areas_of([Entity("k", "AdministrativeArea", "晋安区")])["k"]
    assert area.within is not None
    assert (area.code, area.within.code, area.unique) == ("350111", "350100", True)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("鼓楼区",), None),
        (("鼓楼区", "福建省"), "福建省/福州市/鼓楼区"),
        (("鼓楼区", "江苏省"), None),  # Nanjing and Xuzhou have one each
        (("鼓楼区", "江苏省", "南京"), "江苏省/南京市/鼓楼区"),
        (("鼓楼区", "南京", "福州"), None),
    ],
)
def test_areas_of_one_name_are_told_apart_by_what_else_is_named(names: tuple[str, ...], expected: str | None) -> None:
    assert paths(*names).get("鼓楼区") == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("大云镇",), None),  # the gazetteer cannot know that no other town has this name
        (("大云镇", "浙江省"), None),
        (("大云镇", "嘉兴市"), "浙江省/嘉兴市/嘉善县/大云镇"),
        (("大云镇", "嘉善县"), "浙江省/嘉兴市/嘉善县/大云镇"),
    ],
)
def test_a_town_is_named_with_its_county_or_city(names: tuple[str, ...], expected: str | None) -> None:
    assert paths(*names).get("大云镇") == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("福州",), "福建省/福州市"),
        (("西安",), "陕西省/西安市"),
        (("西安", "吉林省"), "陕西省/西安市"),
        (("朝阳", "北京市"), "北京市/朝阳区"),
        (("江北",), None),  # two districts, equally large
    ],
)
def test_a_short_name_means_the_largest_area_unless_the_one_around_is_named(
    names: tuple[str, ...], expected: str | None
) -> None:
    assert paths(*names).get(names[0]) == expected


def test_the_area_the_article_gives_settles_it() -> None:
    assert paths("鼓楼区", area="徐州市") == {"鼓楼区": "江苏省/徐州市/鼓楼区"}


def test_what_is_listed_below_itself_is_one_area() -> None:
    assert paths("香港") == {"香港": "香港特别行政区"}


def test_only_administrative_areas_are_areas() -> None:
    assert paths("福州市", class_="Company") == {}


def test_made_up_places_have_no_area() -> None:
    assert paths("云溪市", "云溪镇") == {}


def test_an_area_goes_by_its_full_name_and_keeps_the_short_one() -> None:
    article = Article("a", "a.txt", "福州", "福州")
    extraction = Extraction(article, (Entity("k", "AdministrativeArea", "福州"),))
    [entity] = in_full(extraction, areas_of(extraction.entities)).entities
    assert (entity.key, entity.name, entity.aliases) == ("k", "福州市", ("福州",))


# --- what a zone is named after


def zones(
    *names: str, areas: tuple[str, ...], class_: str = "IndustrialPark", told: tuple[str, ...] = ()
) -> dict[str, str]:
    entities = [Entity(name, class_, name) for name in names]
    entities += [Entity(name, "AdministrativeArea", name) for name in areas]
    why = Evidence(TextSpan(0, 1), TextSpan(0, 1), "rule", 1.0)
    relations = tuple(Relation(name, "locatedIn", "elsewhere", why) for name in told)
    article = Article("a", "a.txt", "x", "x")
    return named_after(Extraction(article, tuple(entities), relations), areas_of(entities), Ontology.load())


@pytest.mark.parametrize("name", ["云溪市现代物流园", "云溪现代物流园"])
def test_a_park_lies_in_the_area_it_is_named_after(name: str) -> None:
    assert zones(name, areas=("云溪市", "江南省")) == {name: "云溪市"}


@pytest.mark.parametrize(
    ("name", "areas"),
    [
        ("云溪现代物流园", ("江南省",)),  # the article names no such area
        ("国家云溪物流园", ("云溪市",)),
        ("云溪（江北）产业园", ("云溪市",)),
        ("云溪—江北产业园", ("云溪市",)),
        ("云溪“飞地”产业园", ("云溪市",)),
        ("云溪江北产业园", ("云溪市", "江北市")),
    ],
)
def test_a_name_that_tells_less_or_more_than_one_area_tells_nothing(name: str, areas: tuple[str, ...]) -> None:
    assert zones(name, areas=areas) == {}


def test_of_areas_in_a_name_that_lie_in_each_other_it_is_the_innermost() -> None:
    name = "福州市晋安数字产业园"
    assert zones(name, areas=("福建省", "福州市", "晋安区")) == {name: "晋安区"}
    assert zones("福州厦门产业园", areas=("福州市", "厦门市")) == {}


def test_where_the_article_says_itself_where_a_zone_lies_its_name_tells_nothing() -> None:
    assert zones("云溪产业园", areas=("云溪市",), told=("云溪产业园",)) == {}


@pytest.mark.parametrize("class_", ["Zone", "InnovationCircle", "Belt", "Company"])
def test_what_may_be_larger_than_an_area_or_elsewhere_tells_nothing(class_: str) -> None:
    assert zones("云溪都市圈", areas=("云溪市",), class_=class_) == {}
