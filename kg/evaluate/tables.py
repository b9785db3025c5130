"""Reports and comparisons → tables and lists on a console."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kg.evaluate.comparison import Comparison
from kg.evaluate.items import DETAILS, KINDS, STRICT, Figures, Item
from kg.evaluate.report import LABELLED, Report

if TYPE_CHECKING:
    from rich.console import Console

_FIELDS = {  # of a comparison, and how their items are marked
    "gained": "+ found",
    "lost": "- missed",
    "no_longer_claimed": "+ no longer claimed",
    "newly_claimed": "- falsely claimed",
}


def render(report: Report, console: Console, by: Collection[str] = ()) -> None:
    """Print the figures; those told apart by each of ``by`` (of ``BY``), and then what was missed and falsely claimed."""
    for name, split in report.scopes():
        articles = sum(split in (None, of) for of in report.articles.values())
        rows = {kind: report.figures(kind, split) for kind in KINDS}
        console.print(_figures(f"{name} ({articles} articles)", rows))
    shares = (f"{detail} {_percent(report.agreement(detail))}" for detail in DETAILS)
    console.print(f"of the observations found agree: {', '.join(shares)}")
    _render_reliability(report, console)
    for name in by:
        if name == "noise":
            for noise in report.noises:
                articles = sum(noise == of for of in report.noise.values())
                rows = {kind: report.figures(kind, noise=noise) for kind in KINDS}
                console.print(_figures(f"{noise} ({articles} articles)", rows))
        else:
            console.print(_figures(f"{LABELLED[name]} by {name}", report.by_label(LABELLED[name])))
    if by:
        _render_items("missed", report.misses, report, console)
        _render_items("falsely claimed", report.false_claims, report, console)


def render_comparison(change: Comparison, console: Console) -> None:
    """Print figures before and now, and what was gained and lost, by kind."""
    table = _table(f"change over {change.articles} articles", "F1 before", "now", "change", *_FIELDS.values())
    for kind in KINDS:
        before, now = change.before[kind].f1, change.now[kind].f1
        moved = "–" if before is None or now is None else f"{100 * (now - before):+.1f}"
        counts = (str(len(items)) for items in change.of_kind(kind).values())
        table.add_row(kind, _percent(before), _percent(now), moved, *counts)
    console.print(table)
    for kind in STRICT:
        items = {_FIELDS[name]: found for name, found in change.of_kind(kind).items() if found}
        if items:
            console.print(f"\n{kind}", style="bold", markup=False)
        for mark, found in items.items():
            for article, _, text in found:
                _line(console, f"  {mark}: {text} ({article})")


def _render_reliability(report: Report, console: Console) -> None:
    table = _table("statements by confidence", "count", "mean confidence", "right")
    for found in report.reliability().bins:
        name = f"{found.low:.1f}–{found.high:.1f}"
        table.add_row(name, str(found.count), f"{found.confidence:.1%}", f"{found.right:.1%}")
    console.print(table)
    errors = (f"{kind} {_percent(found.error)}" for kind, found in report.reliabilities().items())
    console.print(f"expected calibration error: {', '.join(errors)}")


def _render_items(title: str, items: Iterable[Item], report: Report, console: Console) -> None:
    """Each item on a line, under its kind and label."""
    listed = sorted((i for i in items if i.kind in STRICT), key=lambda i: (STRICT.index(i.kind), i.label))
    heading = ""
    for item in listed:
        if heading != (heading := f"{title}: {item.kind} {item.label}".rstrip()):
            console.print(f"\n{heading}", style="bold", markup=False, highlight=False)
        where = f"{item.article}, {report.noise[item.article]}"
        sentence = f" “{' '.join(item.sentence.split())}”" if item.sentence else ""
        _line(console, f"  {item.text} — {item.why} ({where}){sentence}")


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _figures(title: str, rows: Mapping[str, Figures]) -> Any:
    table = _table(title, "precision", "recall", "F1", "right", "predicted", "gold")
    for name, f in rows.items():
        table.add_row(name, *map(_percent, (f.precision, f.recall, f.f1)), *map(str, f))
    return table


def _table(title: str, *columns: str) -> Any:
    from rich.table import Table

    return Table("", *columns, title=title, title_justify="left")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
