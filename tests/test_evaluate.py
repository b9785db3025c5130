"""Scoring by hand-made gold and extractions."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from kg.errors import GoldError
from kg.evaluate import (
    BY,
    Bin,
    Figures,
    Item,
    Report,
    comparable,
    compare,
    evaluate,
    reliability,
    render,
    render_comparison,
)
from kg.model import (
    Article,
    Edit,
    Entity,
    Evidence,
    Extraction,
    Milestone,
    Observation,
    OffsetMap,
    Relation,
    TextSpan,
)

TEXT = "晋安区的福州数字内容产业园开园。"
EVIDENCE = Evidence(TextSpan(0, 5), TextSpan(0, len(TEXT)), "hand", 1.0)
AREA = Entity("a", "AdministrativeArea", "晋安区", ("晋安",))
PARK = Entity("p", "IndustrialPark", "福州数字内容产业园")
GOLD: dict[str, Any] = {
    "id": "g",
    "article_date": "2022-07-25",
    "entities": [
        {"name": "晋安区", "aliases": ["晋安"], "class": "AdministrativeArea"},
        {"name": "福州数字内容产业园", "aliases": [], "class": "IndustrialPark"},
    ],
    "relations": [["福州数字内容产业园", "locatedIn", "晋安区"]],
    "observations": [
        {
            "entity": "晋安区",
            "indicator": "工业产值",
            "value": 48000000000,
            "unit": "元",
            "year": "2021",
            "comparator": "=",
            "status": "actual",
        }
    ],
    "milestones": [{"entity": "福州数字内容产业园", "type": "opened", "date": "2022-06", "status": "actual"}],
}
LOCATED = Relation("p", "locatedIn", "a", EVIDENCE)
OUTPUT = Observation("a", "工业产值", Decimal(48000000000), "元", EVIDENCE, year="2021")
OPENED = Milestone("p", "opened", EVIDENCE, "2022-06")
PERFECT = Extraction(Article("g", "g.txt", TEXT, TEXT), (AREA, PARK), (LOCATED,), (OUTPUT,), (OPENED,))
Score = Callable[..., Report]


@pytest.fixture
def score(tmp_path: Path) -> Score:
    """Judge an extraction against ``GOLD`` with some of its parts replaced."""

    def judged(extraction: Extraction, symmetric: tuple[str, ...] = (), **parts: object) -> Report:
        (tmp_path / "g.json").write_text(json.dumps(GOLD | parts), encoding="utf-8")
        (tmp_path / "g.txt").write_text(TEXT, encoding="utf-8")
        return evaluate([tmp_path], lambda _path, _day: extraction, symmetric)

    return judged


def test_a_perfect_extraction_scores_one_everywhere(score: Score) -> None:
    report = score(PERFECT)
    assert [report.figures(kind).f1 for kind in ("entities", "relations", "observations", "milestones")] == [1] * 4
    assert (report.misses, report.false_claims) == ((), ())


def test_nothing_extracted_has_no_precision_and_no_recall(score: Score) -> None:
    figures = score(Extraction(PERFECT.article)).figures("entities")
    assert (figures.precision, figures.recall) == (None, 0)


def test_names_are_compared_simplified_and_without_punctuation(score: Score) -> None:
    park = replace(PARK, name="福州“數字 內容”產業園")
    assert score(replace(PERFECT, entities=(AREA, park))).figures("entities").right == 2


def test_a_name_of_punctuation_alone_is_still_compared() -> None:
    assert comparable("“”") != comparable("《》")


def test_an_alias_finds_an_entity(score: Score) -> None:
    extraction = replace(PERFECT, entities=(replace(AREA, name="福建晋安", aliases=("晋安",)), PARK))
    assert score(extraction).figures("entities").right == 2


def test_a_wrong_class_is_found_by_name_only(score: Score) -> None:
    report = score(replace(PERFECT, entities=(AREA, replace(PARK, label_="Zone"))))
    assert report.figures("entities").right == 1
    assert report.figures("entities by name").right == 2
    assert [item.why for item in report.misses] == ["found as Zone"]
    assert report.by_label("entities")["Zone"] == Figures(right=0, predicted=1, gold=0)


def test_a_second_entity_for_one_thing_is_false(score: Score) -> None:
    again = Entity("b", "AdministrativeArea", "晋安")
    report = score(replace(PERFECT, entities=(again, AREA, PARK)))
    assert report.figures("entities") == Figures(right=2, predicted=3, gold=2)
    assert [item.text for item in report.false_claims if item.kind == "entities"] == ["晋安 (AdministrativeArea)"]


def test_of_two_candidates_the_one_of_the_right_class_is_taken(score: Score) -> None:
    wrong = Entity("z", "Zone", "晋安区")
    assert score(replace(PERFECT, entities=(wrong, AREA, PARK))).figures("entities").right == 2


def test_a_relation_holds_whatever_the_class_of_its_ends(score: Score) -> None:
    report = score(replace(PERFECT, entities=(AREA, replace(PARK, label_="Zone"))))
    assert report.figures("relations").right == 1


def test_a_relation_the_wrong_way_round_is_false_and_missed(score: Score) -> None:
    turned = replace(LOCATED, subject="a", object="p")
    report = score(replace(PERFECT, relations=(turned,)))
    assert report.figures("relations") == Figures(right=0, predicted=1, gold=1)


def test_a_symmetric_relation_holds_either_way_and_once(score: Score) -> None:
    both = (Relation("a", "adjacentTo", "p", EVIDENCE), Relation("p", "adjacentTo", "a", EVIDENCE))
    gold = [["福州数字内容产业园", "adjacentTo", "晋安区"]]
    report = score(replace(PERFECT, relations=both), symmetric=("adjacentTo",), relations=gold)
    assert report.figures("relations") == Figures(right=1, predicted=1, gold=1)


def test_one_statement_with_two_pieces_of_evidence_counts_once(score: Score) -> None:
    assert score(replace(PERFECT, relations=(LOCATED, LOCATED))).figures("relations").predicted == 1


def test_a_false_relation_shows_its_sentence_and_what_is_no_gold_entity(score: Score) -> None:
    extra = Entity("x", "Company", "某公司")
    claim = Relation("x", "settledIn", "a", EVIDENCE)
    report = score(replace(PERFECT, entities=(AREA, PARK, extra), relations=(LOCATED, claim)))
    [item] = [item for item in report.false_claims if item.kind == "relations"]
    assert (item.article, item.sentence, item.why) == ("g", TEXT, "no gold entity: 某公司 [hand]")


def test_a_missed_relation_says_which_end_was_not_found(score: Score) -> None:
    report = score(Extraction(PERFECT.article, (AREA,)))
    [item] = [item for item in report.misses if item.kind == "relations"]
    assert item.why == "not found: 福州数字内容产业园"


def test_an_observation_is_right_by_entity_and_value(score: Score) -> None:
    report = score(replace(PERFECT, observations=(replace(OUTPUT, indicator="产值", year=None),)))
    assert report.figures("observations").right == 1
    shares = [report.agreement(detail) for detail in ("indicator", "unit", "year", "comparator", "status")]
    assert shares == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("wrong", [{"value": Decimal(480)}, {"entity": "p"}])
def test_an_observation_of_another_value_or_entity_is_wrong(score: Score, wrong: dict[str, Any]) -> None:
    assert score(replace(PERFECT, observations=(replace(OUTPUT, **wrong),))).figures("observations").right == 0


def test_one_gold_observation_answers_to_one_prediction(score: Score) -> None:
    report = score(replace(PERFECT, observations=(replace(OUTPUT, indicator="总产值"), OUTPUT)))
    assert report.figures("observations") == Figures(right=1, predicted=2, gold=1)
    assert report.agreement("indicator") == 1


def test_a_decimal_value_is_compared_exactly(score: Score) -> None:
    gold = [GOLD["observations"][0] | {"value": 3.55}]
    observations = (replace(OUTPUT, value=Decimal("3.550")),)
    report = score(replace(PERFECT, observations=observations), observations=gold)
    assert report.figures("observations").right == 1


def test_a_milestone_with_another_date_is_right_only_without_its_date(score: Score) -> None:
    report = score(replace(PERFECT, milestones=(replace(OPENED, date="2022"),)))
    assert report.figures("milestones").right == 0
    assert report.figures("milestones without date").right == 1


def test_sub_folders_are_splits_and_articles_may_stand_two_folders_up(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    for split, name in (("tuning", "t1"), ("measuring", "m1")):
        folder = tmp_path / "gold" / split
        folder.mkdir(parents=True)
        (folder / f"{name}.json").write_text(json.dumps(GOLD | {"id": name}), encoding="utf-8")
        (tmp_path / "articles" / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    empty = Extraction(PERFECT.article)
    report = evaluate([tmp_path / "gold"], lambda path, _day: PERFECT if path.stem == "t1" else empty)
    assert report.splits == ("measuring", "tuning")
    assert report.figures("entities", "tuning").recall == 1
    assert report.figures("entities", "measuring").recall == 0
    assert report.figures("entities").recall == 0.5


def test_the_extractor_is_given_the_article_and_its_date(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (tmp_path / "g.txt").write_text(TEXT, encoding="utf-8")
    given: list[object] = []

    def extract(path: Path, day: date | None) -> Extraction:
        given.extend((path.name, day))
        return PERFECT

    evaluate([tmp_path / "g.json"], extract)
    assert given == ["g.txt", date(2022, 7, 25)]


def test_gold_without_its_article_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(json.dumps(GOLD), encoding="utf-8")
    with pytest.raises(GoldError, match="no article"):
        evaluate([tmp_path], lambda _path, _day: PERFECT)


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no gold"):
        evaluate([tmp_path], lambda _path, _day: PERFECT)


def test_what_is_not_gold_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text("[]", encoding="utf-8")
    with pytest.raises(GoldError, match=r"g\.json is not gold"):
        evaluate([tmp_path], lambda _path, _day: PERFECT)


def written(report: Report) -> str:
    """A report as ``kg evaluate --json`` writes it."""
    return json.dumps(report.as_json(), ensure_ascii=False)


def test_a_comparison_says_what_was_gained_and_lost(score: Score) -> None:
    before = score(replace(PERFECT, relations=()))
    change = compare(score(replace(PERFECT, milestones=())), written(before))
    assert change.gained == (("g", "relations", "福州数字内容产业园 —locatedIn→ 晋安区"),)
    assert [kind for _, kind, _ in change.lost] == ["milestones", "milestones without date"]
    assert (change.no_longer_claimed, change.newly_claimed) == ((), ())


def test_a_comparison_has_the_figures_of_both_reports(score: Score) -> None:
    turned = (LOCATED, replace(LOCATED, subject="a", object="p"))
    before, now = score(replace(PERFECT, relations=turned)), score(replace(PERFECT, milestones=()))
    change = compare(now, written(before))
    for kind in ("entities", "relations", "observations", "milestones"):
        assert (change.before[kind], change.now[kind]) == (before.figures(kind), now.figures(kind))
    assert change.no_longer_claimed == (("g", "relations", "晋安区 —locatedIn→ 福州数字内容产业园"),)


def test_what_the_gold_says_only_now_is_neither_gained_nor_lost(score: Score) -> None:
    before = written(score(PERFECT, relations=[]))
    missed = compare(score(replace(PERFECT, relations=())), before)
    assert (missed.gained, missed.lost) == ((), ())


def test_of_two_items_said_alike_one_may_be_lost(score: Score) -> None:
    gold = [GOLD["observations"][0]] * 2
    both = score(replace(PERFECT, observations=(OUTPUT, OUTPUT)), observations=gold)
    change = compare(score(PERFECT, observations=gold), written(both))
    assert [kind for _, kind, _ in change.lost] == ["observations"]


def test_only_articles_of_both_reports_are_compared(score: Score) -> None:
    before = written(score(PERFECT)).replace('"g"', '"another"')
    change = compare(score(replace(PERFECT, relations=())), before)
    assert (change.articles, change.lost) == (0, ())


@pytest.mark.parametrize("text", ["{}", "[]", "no JSON", '{"articles": {"g": ""}, "found": [3], "misses": 1}'])
def test_only_a_report_is_compared_with(score: Score, text: str) -> None:
    with pytest.raises(GoldError, match="no report"):
        compare(score(PERFECT), text)


def test_confidence_is_reliable_where_as_many_are_right_as_it_says() -> None:
    said = ((0.8, True), (0.8, True), (0.85, False), (1.0, True), (None, False))
    items = (Item("g", "relations", "", "", right, confidence=confidence) for confidence, right in said)
    found = reliability(items)
    assert [each.count for each in found.bins] == [3, 1]
    assert found.bins[0] == Bin(0.8, 0.9, 3, pytest.approx(2.45 / 3), pytest.approx(2 / 3))  # type: ignore[arg-type]
    assert found.error == pytest.approx(0.15 * 3 / 4)


def test_no_statements_have_no_calibration_error() -> None:
    assert reliability(()).error is None


def test_a_report_bins_statements_once_by_their_confidence(score: Score) -> None:
    unsure = replace(EVIDENCE, confidence=0.65)
    report = score(replace(PERFECT, relations=(replace(LOCATED, subject="a", object="p", evidence=unsure),)))
    assert report.reliability().bins == (Bin(0.6, 0.7, 1, 0.65, 0), Bin(0.9, 1, 2, 1, 1))
    assert report.as_json()["reliability"]["relations"]["expected_calibration_error"] == 0.65


def test_noise_is_what_the_reader_had_to_do(score: Score) -> None:
    simplified = OffsetMap((Edit(TextSpan(0, 1), "晋", "simplified"),))
    repaired = OffsetMap((Edit(TextSpan(0, 1), "晋", "shifted-bytes"),))
    spaces = OffsetMap((Edit(TextSpan(0, 1), "", "space"),))
    articles = {
        "clean": replace(PERFECT.article, offsets=(spaces,)),
        "traditional": replace(PERFECT.article, offsets=(spaces, simplified)),
        "damaged": replace(PERFECT.article, offsets=(repaired, simplified)),
    }
    for noise, article in articles.items():
        report = score(replace(PERFECT, article=article))
        assert report.noise == {"g": noise}
        assert report.figures("entities", noise=noise) == report.figures("entities")
        assert list(report.as_json()["by_noise"]) == [noise]
    assert score(replace(PERFECT, article=replace(PERFECT.article, damage=(TextSpan(0, 1),)))).noise == {"g": "damaged"}


def shown(print_: Callable[..., None], *arguments: object) -> str:
    console = Console(file=StringIO(), width=160)
    print_(*arguments[:1], console, *arguments[1:])
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_a_report_prints_as_tables(score: Score) -> None:
    text = shown(render, score(PERFECT), BY)
    assert "clean (1 articles)" in text
    for title, label in (
        ("entities by class", "IndustrialPark"),
        ("relations by property", "locatedIn"),
        ("milestones by type", "opened"),
    ):
        assert label in text.partition(title)[2]
    assert "100.0%" in text
    assert "missed" not in text


def test_what_is_wrong_is_listed_where_figures_are_told_apart(score: Score) -> None:
    wrong = replace(PERFECT, relations=(replace(LOCATED, property="partOf"),), milestones=())
    text = shown(render, score(wrong), ("property",))
    assert (
        "missed: relations locatedIn\n  福州数字内容产业园 —locatedIn→ 晋安区 — both ends are found (g, clean)\n"
        in text
    )
    assert f"partOf→ 晋安区 — not in the gold [hand] (g, clean) “{TEXT}”\n" in text
    assert "milestones opened" in text
    assert "without date opened" not in text
    assert "missed" not in shown(render, score(wrong))


def test_a_comparison_prints_totals_and_items_by_kind(score: Score) -> None:
    before = written(score(replace(PERFECT, relations=())))
    text = shown(render_comparison, compare(score(replace(PERFECT, milestones=())), before))
    assert "\nrelations\n  + found: 福州数字内容产业园 —locatedIn→ 晋安区 (g)\n" in text
    assert "\nmilestones\n  - missed: 福州数字内容产业园 opened 2022-06 (g)\n" in text
    assert "-100.0" in text
