"""Which names of several articles are one thing, and which never are."""

import random
from typing import Any

import pytest

from kg.annotate.lexicon import read_lexicon
from kg.identity import Decisions
from kg.identity.names import Names as Reader
from kg.model import Area
from kg.ontology import Ontology
from kg.vocab import DATA

ONTOLOGY = Ontology.load()
LEXICON = read_lexicon(ONTOLOGY.lexicon, "identity")
FUZHOU = Area("福州市", "350100", Area("福建省", "350000"))


def things(identity: Any) -> list[str]:
    """The IRI of each unit, article by article."""
    return [iri for _, iris in sorted(identity.iris.items()) for _, iri in sorted(iris.items())]


@pytest.mark.parametrize(("key", "example"), LEXICON["examples"].items())
def test_two_names_are_one_thing_because_of_a_key_and_a_third_is_not(
    names: Any, resolved: Any, key: str, example: list[str]
) -> None:
    class_, one, same, other = example
    area = names("0", "AdministrativeArea", "云澜市")
    beside = {"beside": ["云澜市"]}
    found = resolved(area, *(names(str(n), class_, name, **beside) for n, name in enumerate((one, same, other), 1)))
    first, second, third = things(found)[1:]
    assert first == second != third, key


@pytest.mark.parametrize("name", LEXICON["bare"])
def test_a_name_that_says_nothing_without_its_article_is_bare(name: str) -> None:
    assert any(Reader(ONTOLOGY).is_bare(name, class_) for class_ in ("GovernmentBody", "IndustrialPark"))


@pytest.mark.parametrize("name", LEXICON["telling"])
def test_a_name_that_tells_its_thing_is_not_bare(name: str) -> None:
    reader = Reader(ONTOLOGY, ["云澜市"])
    assert not any(reader.is_bare(name, class_) for class_ in ("GovernmentBody", "IndustrialPark"))


def test_a_clipped_name_is_the_long_one_and_takes_its_iri(names: Any, resolved: Any) -> None:
    found = resolved(
        names("1", "AdministrativeArea", "云澜市"),
        names("1", "DevelopmentZone", "云澜高新技术产业开发区", within=["云澜市"]),
        names("2", "DevelopmentZone", "云澜高新区"),
        names("3", "DevelopmentZone", "岚泉高新区"),
    )
    _, one, two, three = things(found)
    assert one == two == f"{DATA}place/云澜高新技术产业开发区"
    assert three == f"{DATA}place/岚泉高新区"
    assert found.names[one] == "云澜高新技术产业开发区"


def test_bare_zones_and_committees_of_two_articles_are_two(names: Any, resolved: Any) -> None:
    found = resolved(
        *(names(a, *of) for a in "12" for of in (("DevelopmentZone", "高新区"), ("GovernmentBody", "管委会")))
    )
    assert len(set(things(found))) == 4


def test_districts_of_one_name_are_one_only_where_the_articles_tell(names: Any, resolved: Any) -> None:
    known = Area("鼓楼区", "350102", FUZHOU, unique=False)
    found = resolved(
        names("1", "AdministrativeArea", "鼓楼区", known=known),
        names("2", "AdministrativeArea", "鼓楼区", known=known),
        names("3", "AdministrativeArea", "鼓楼区", beside=["云澜市"]),
        names("4", "AdministrativeArea", "鼓楼区", beside=["岚泉市"]),
    )
    one, two, three, four = things(found)
    assert one == two
    assert len({one, three, four}) == 3


def test_a_clipped_name_of_two_companies_is_neither_without_more(names: Any, resolved: Any) -> None:
    found = resolved(
        names("1", "Company", "云澜华创科技有限公司", ["华创"], within=["云澜市"]),
        names("2", "Company", "岚泉华创生物有限公司", ["华创"], within=["岚泉市"]),
        names("3", "Company", "华创"),
        names("4", "Company", "华创", beside=["云澜市"]),
    )
    one, two, three, four = things(found)
    assert one == four
    assert len({one, two, three}) == 3


def test_parks_of_one_name_in_two_cities_are_two_and_keep_their_places(names: Any, resolved: Any) -> None:
    areas = [names("0", "AdministrativeArea", area) for area in ("云澜市", "岚泉市")]
    found = resolved(
        *areas,
        names("1", "Facility", "晨光公园", within=["云澜市"]),
        names("2", "Facility", "晨光公园", within=["岚泉市"]),
    )
    assert things(found)[2:] == [f"{DATA}place/晨光公园(云澜市)", f"{DATA}place/晨光公园(岚泉市)"]


def test_what_is_uncertain_stays_apart_and_is_offered(names: Any, resolved: Any) -> None:
    found = resolved(
        names("1", "Company", "京晨方科技集团", ["京晨方"]),
        names("2", "Company", "京晨方"),
        names("3", "Person", "顾知秋"),
    )
    assert len(set(things(found))) == 3
    assert [pair[:2] for pair in found.ambiguous] == [
        (f"{DATA}organization/京晨方", f"{DATA}organization/京晨方科技集团")
    ]


def test_decisions_go_before_everything(names: Any, resolved: Any) -> None:
    units = [
        names("1", "Company", "京晨方科技集团", ["京晨方"]),
        names("2", "Company", "京晨方"),
        names("3", "Company", "京晨方"),
    ]
    long, short = f"{DATA}organization/京晨方科技集团", f"{DATA}organization/京晨方"
    merged = Decisions().merged(short, long)
    assert set(things(resolved(*units, decisions=merged))) == {long}
    assert set(things(resolved(*units, decisions=merged.split(frozenset((short, long)))))) == {long, short}
    apart = resolved(*units, decisions=Decisions().split(frozenset((short,))))
    assert things(apart)[1:] == [f"{short}(2)", f"{short}(3)"]
    named = resolved(*units, decisions=merged.renamed(short, "京晨方集团"))
    assert named.names == {long: "京晨方集团"}


def test_decisions_are_read_as_they_were_written(tmp_path: Any) -> None:
    decisions = Decisions().merged("urn:b", "urn:a").split(frozenset(("urn:c", "urn:d"))).split(frozenset(("urn:e",)))
    decisions = decisions.renamed("urn:a", "云澜高新区")
    decisions.write(tmp_path / "decisions.ttl")
    assert Decisions.read(tmp_path / "decisions.ttl") == decisions


def test_the_order_of_articles_changes_nothing(names: Any, resolved: Any) -> None:
    pool = [
        names(str(article), class_, name, within=within, beside=beside)
        for article in range(8)
        for class_, name in (
            ("AdministrativeArea", ("云澜市", "岚泉市")[article % 2]),
            ("DevelopmentZone", ("云澜高新区", "云澜市高新技术产业开发区", "高新区")[article % 3]),
            ("Company", ("华创", "云澜华创科技有限公司", "云澜华创科技股份有限公司", "岚泉华创有限公司")[article % 4]),
            ("Facility", "晨光公园"),
        )
        for within in ([("云澜市", "岚泉市")[article % 2]] if class_ == "Facility" and article < 6 else [],)
        for beside in ([("云澜市", "岚泉市")[article % 2]],)
    ]
    expected = resolved(*pool)
    for seed in range(20):
        shuffled = random.Random(seed).sample(pool, len(pool))
        assert resolved(*shuffled) == expected
