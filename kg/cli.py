"""The command ``kg``: what it is asked on the command line, said with the Python API."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from kg.errors import KgError, ReadError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from kg.engine import Engine
    from kg.extractors import Extractor
    from kg.knowledge_graph import EntityRecord, KnowledgeGraph
    from kg.publish.facts import Fact, Source


class _Commands(TyperGroup):
    """Says what went wrong in one sentence on standard error, and ends with 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            typer.echo(str(error), err=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename} " if error.filename else "a file "
            typer.echo(f"{where}cannot be used ({error.strerror or error}); check it and its rights", err=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="From Chinese articles to a knowledge graph people can trust.",
)

Named = Annotated[
    str | None,
    typer.Option("--extractor", metavar="NAME", help="What reads the facts: rules (the default), llm, or another."),
]
Options = Annotated[
    list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="The extractor's, as in model=qwen3.")
]
Confidence = Annotated[
    float, typer.Option("--min-confidence", metavar="X", help="Only facts that are so sure, from 0 to 1.")
]
Json = Annotated[bool, typer.Option("--json", help="Write it as JSON.")]
Graph = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a graph.", show_default=False)]


@app.command()
def build(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Articles, folders of them, and addresses.", show_default=False),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The graph's folder.")] = Path("graph"),
    columns: Annotated[
        list[str] | None, typer.Option("--column", metavar="HELD=NAME", help="A table's column, as in text=正文.")
    ] = None,
    min_confidence: Confidence = 0.0,
    extractor: Named = None,
    options: Options = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read again what did not change, too.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes that read facts (one for each core).")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", metavar="NAME", help="local, or ray for a Ray cluster.")] = "local",
    address: Annotated[
        str | None, typer.Option("--address", metavar="ADDRESS", help="The Ray cluster's (one of this machine).")
    ] = None,
) -> None:
    """Read articles into a graph: what is new and what changed; the rest is left as it is.

    An article is read again when its text changed, or the ontology, the configuration or ZoneKG itself since it was
    read; --rebuild reads all again. The article of a file that is gone stays until kg remove takes it out.

    Articles are .txt, .md, .html, .mhtml, .docx and .pdf files, the rows of .jsonl, .csv and .parquet files, and
    what .zip and .warc files hold of these. The columns of a table are found by their names, or named: text, title,
    date, source, url, author. With --min-confidence, relations, observations and milestones below it are not written;
    the things they are about are.
    """
    from kg.builder import build as build_graph

    reader = _extractor(extractor, options)
    with _progress() as progress, _saying():
        task = progress.add_task("", total=None)

        def on_article(location: str, done: int, total: int) -> None:
            progress.update(task, description=_short(Path(location).name), completed=done, total=total)

        report = build_graph(
            paths,
            out,
            on_article=on_article,
            columns=_columns(columns or []),
            min_confidence=min_confidence,
            extractor=reader,
            rebuild=rebuild,
            engine=_engine(engine, workers, address),
        )
    for _, reason in report.skipped:
        typer.echo(f"skipped: {reason}", err=True)
    for location in report.gone:
        typer.echo(f"gone: {location} is no longer there; its article stays until kg remove takes it out", err=True)
    typer.echo(
        f"{out}: {report.read} {_articles(report.read)} read in {report.seconds:.1f} s ({report.replaced} replaced), "
        f"{report.unchanged} unchanged, {len(report.skipped)} skipped, {report.quarantined} findings in quarantine"
        + (f", {report.repeated} in a second place" if report.repeated else "")
    )
    if report.interrupted:
        typer.echo(
            f"stopped after {report.read + report.unchanged} of {report.found} articles, each of which is whole in {out}; "
            "build again to read the others",
            err=True,
        )
        raise typer.Exit(130)  # as a shell says of a command that Ctrl-C ended
    if not report.read + report.unchanged:
        raise typer.Exit(1)


def _engine(name: str, workers: int | None, address: str | None) -> Engine:
    from kg.engine import Cluster, Local, cores

    if name not in ("local", "ray") or (name == "local" and address) or (name == "ray" and workers):
        raise KgError("--engine is local, with --workers, or ray, with --address; give one of the two")
    return Cluster(address) if name == "ray" else Local(workers or cores())


@app.command()
def remove(
    graph: Graph,
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="Its location, name, title or IRI.", show_default=False)
    ],
) -> None:
    """Take an article out of a graph: what only it says, with the evidence and its text.

    What other articles say as well stays. An article that was read in several places goes as a whole.
    """
    from kg.curate import remove as remove_article

    removed = remove_article(graph, article)
    title = f"《{removed.title}》 " if removed.title else ""
    typer.echo(f"{graph}: {title}{removed.iri} was taken out; it was read in {', '.join(removed.places) or 'no place'}")


@app.command()
def query(
    graph: Graph,
    sparql: Annotated[
        str,
        typer.Argument(metavar="QUERY", help="SPARQL, @file, or the name of a query.", show_default=False),
    ],
    format: Annotated[str, typer.Option("--format", help="table, json, csv, tsv, xml, or RDF.")] = "table",
) -> None:
    """Ask a graph in SPARQL."""
    from kg.publish.results import run_query

    if sparql.startswith("@"):
        sparql = _read(Path(sparql[1:]), "query")
    with _open(graph) as opened:
        results = run_query(opened.store, sparql, opened.ontology)
        if format == "table":
            _console().print(results.table(_title(opened.ontology.queries.get(sparql))))
        else:
            typer.echo(results.text(format), nl=False)


@app.command()
def export(
    graph: Graph,
    format: Annotated[
        str | None, typer.Option("--format", help="trig, turtle, jsonld, graphml, csv … (by the file's name)")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file (standard output).")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Leave out the evidence.")] = False,
    min_confidence: Confidence = 0.0,
) -> None:
    """Write a graph in a format other tools read.

    With --min-confidence, a relation, an observation or a milestone stays where one piece of its evidence is as sure;
    things stay, and what is known besides the articles.
    """
    with _open(graph) as opened:
        if output is None:
            opened.export(sys.stdout.buffer, format or "trig", plain, min_confidence)
        else:
            opened.export(output, format, plain, min_confidence)


@app.command()
def draw(
    graph: Graph,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page.")] = Path("graph.html"),
    focus: Annotated[str | None, typer.Option("--focus", help="Draw what is around this thing.")] = None,
    hops: Annotated[int, typer.Option("--hops", min=0, help="How far around it.")] = 2,
    class_: Annotated[str | None, typer.Option("--class", help="Draw things of this class.")] = None,
    properties: Annotated[list[str] | None, typer.Option("--property", help="Draw this relation.")] = None,
    min_confidence: Confidence = 0.0,
) -> None:
    """Draw a graph as an interactive page in one file; --min-confidence leaves out as kg export does."""
    with _open(graph) as opened:
        around = opened.find(focus).iri if focus else None
        opened.draw(
            output,
            class_=class_,
            properties=properties or None,
            focus=around,
            hops=hops,
            min_confidence=min_confidence,
        )
    typer.echo(str(output))


@app.command()
def validate(graph: Graph) -> None:
    """Check a graph against the ontology's shapes; ends with 1 where it violates one."""
    with _open(graph) as opened:
        found = opened.validate()
    for violation in found:
        path = f" {violation.path}" if violation.path else ""
        typer.echo(f"{violation.severity}: {violation.message}: {violation.focus_node}{path}")
    violations = sum(violation.severity.endswith("Violation") for violation in found)
    typer.echo(f"{graph}: {violations} violations, {len(found) - violations} remarks")
    if violations:
        raise typer.Exit(1)


@app.command()
def show(
    graph: Graph,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A thing's name or IRI.", show_default=False)],
) -> None:
    """Show what a graph says of a thing, with the sentences that say so."""
    with _open(graph) as opened:
        entity, facts = opened.find(name), opened.facts(name)
        links = opened.links(entity.iri)
    _say(entity)
    for link in links:
        typer.echo(f"= {link.target} {link.name} ({link.property}, {link.score:g} by {link.service}, {link.asked})")
    for fact in facts:
        typer.echo(f"\n{_in_words(fact)}")
        for source in fact.sources:
            typer.echo(f"  “{' '.join(source.sentence.split())}” 《{source.article}》")
        if not fact.sources:
            typer.echo("  background: no article says so")


@app.command()
def conflicts(graph: Graph, as_json: Json = False) -> None:
    """List what cannot all be true, with the articles that say so.

    Figures of one indicator, thing and year that no number is both (超400亿元 and 480亿元 agree), places in areas that
    exclude each other and that no article gives both, and classes of which neither is above the other. Nothing is
    taken out: contradictions stay side by side.
    """
    with _open(graph) as opened:
        found = opened.conflicts()
    if as_json:
        typer.echo(_as_json(found))
        return
    if found:
        table = _table("thing", "of what", "said", "article", "date", "sentence")
        for conflict in found:
            about = f"{conflict.about} {conflict.year}" if conflict.year else conflict.about
            for side in conflict.sides:
                for source in side.sources or (None,):
                    by = ("(background)", "", "") if source is None else _source(source)
                    table.add_row(*map(_plain, (conflict.subject, about, side.value, *by)))
            table.add_section()
        _console().print(table)
    kinds = [conflict.kind for conflict in found]
    typer.echo(
        f"{graph}: {len(found)} conflicts: "
        + ", ".join(f"{kinds.count(kind)} by {kind}" for kind in ("figure", "place", "class"))
    )


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The folder of a graph.", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="That of a later one.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Say what a graph gained (+) and lost (-) against an older one, by thing: things, names, facts and figures.

    A figure that changed is one lost and one gained. What only follows by the ontology is left out.
    """
    with _open(old) as before, _open(new) as after:
        changes = after.changes_since(before)
    if as_json:
        typer.echo(_as_json(changes))
        return
    signs = {"gained": "+", "lost": "-", "kept": " "}
    for change in changes:
        typer.echo(f"{signs[change.thing]} {change.name} {change.iri}")
        for sign, traits, facts in (("-", change.traits_lost, change.lost), ("+", change.traits_gained, change.gained)):
            for trait in traits:
                typer.echo(f"  {sign} {' '.join(trait)}")
            for fact in facts:
                said = "background" if not fact.sources else f"“{_line(fact.sources[0].sentence)}” 《{fact.article}》"
                typer.echo(f"  {sign} {_in_words(fact)}  {said}")
    things = [change.thing for change in changes]
    gained, lost = (sum(map(len, each)) for each in ([c.gained for c in changes], [c.lost for c in changes]))
    typer.echo(
        f"things: {things.count('gained')} gained, {things.count('lost')} lost, {things.count('kept')} changed; "
        f"facts and figures: {gained} gained, {lost} lost"
    )


@app.command()
def entities(
    graph: Graph,
    class_: Annotated[str | None, typer.Option("--class", help="Things of this class.")] = None,
    only_ambiguous: Annotated[bool, typer.Option("--ambiguous", help="Pairs that may be one thing.")] = False,
    as_json: Json = False,
) -> None:
    """List the things of a graph; with --ambiguous the pairs that may be one thing, for kg merge and kg split."""
    from kg.curate import ambiguous

    rows: list[dict[str, Any]]
    if only_ambiguous:
        pairs = [pair for pair in ambiguous(graph) if class_ is None or class_ in (pair.one.class_, pair.other.class_)]
        rows = [
            {
                "one": {"iri": pair.one.iri, "name": pair.one.name, "articles": pair.articles[0]},
                "other": {"iri": pair.other.iri, "name": pair.other.name, "articles": pair.articles[1]},
                "class": pair.one.class_,
                "why": pair.why,
            }
            for pair in pairs
        ]
        cells = [(_local(pair.one.iri), _local(pair.other.iri), pair.one.class_, pair.why) for pair in pairs]
        title, columns = "May be one thing", ("one", "other", "class", "why")
    else:
        with _open(graph) as opened:
            found = opened.entities(class_)
        rows = [{"iri": e.iri, "name": e.name, "class": e.class_, "aliases": e.aliases} for e in found]
        cells = [(e.name, e.class_, "、".join(e.aliases), _local(e.iri)) for e in found]
        title, columns = "Things", ("name", "class", "also", "IRI")
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    _console().print(_table(*columns, rows=cells, title=title))
    typer.echo(f"{len(rows)} {'pairs' if only_ambiguous else 'things'}")


@app.command()
def link(
    graph: Graph,
    service: Annotated[
        str,
        typer.Option(
            "--service", metavar="URL", help="A reconciliation service, or a SPARQL endpoint.", show_default=False
        ),
    ],
    classes: Annotated[list[str] | None, typer.Option("--class", help="Only things of this class.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Ask for so many things at most.")] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="CLASS=ID", help="What a class is to the service.")
    ] = None,
    trust_types: Annotated[
        bool, typer.Option("--trust-types", help="The service itself sees to the types, and knows narrower ones.")
    ] = False,
    type_path: Annotated[
        str | None, typer.Option("--type-path", metavar="PATH", help="From a thing to its types (SPARQL).")
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option("--with", metavar="PROPERTY=ID", help="Say this relation of a thing, too.")
    ] = None,
    min_score: Annotated[
        float | None, typer.Option("--min-score", metavar="X", help="Take also what scores so much.")
    ] = None,
    same_as: Annotated[bool, typer.Option("--same-as", help="Write owl:sameAs, not skos:exactMatch.")] = False,
    space: Annotated[
        str | None, typer.Option("--space", metavar="IRI", help="What the service's IRIs begin with.")
    ] = None,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Things in one request.")] = 10,
    pause: Annotated[float, typer.Option("--pause", min=0, help="Seconds between two requests.")] = 0.5,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds for one answer.")] = 30.0,
    tries: Annotated[int, typer.Option("--tries", min=1, help="How often a request is made that fails.")] = 4,
    again: Annotated[bool, typer.Option("--again", help="Ask also for what has an answer.")] = False,
    as_json: Json = False,
) -> None:
    """Link the things of a graph with those of another, through a service that is asked for their names.

    A thing is linked where the service calls one candidate a match (or --min-score is reached), its type does not
    disagree and nothing else scores as high; the rest is listed for a person to look at. Answers are kept: only what
    has none is asked for, unless --again. A service that wants a token is shown that of ZONEKG_LINK_TOKEN.
    """
    from dataclasses import asdict

    from kg.link import Options
    from kg.linking import link as link_graph

    several: dict[str, tuple[str, ...]] = {}
    for class_, id_ in _pairs(types, "--type", "CLASS=ID"):
        several[class_] = (*several.get(class_, ()), id_)
    chosen: dict[str, Any] = {} if type_path is None else {"type_path": type_path}
    options = Options(
        service,
        classes=tuple(classes or ()),
        limit=limit,
        types=several,
        trust_types=trust_types,
        context=dict(_pairs(context, "--with", "PROPERTY=ID")),
        min_score=min_score,
        same_as=same_as,
        space=space,
        batch=batch,
        pause=pause,
        timeout=timeout,
        tries=tries,
        again=again,
        **chosen,
    )
    with _progress() as progress:
        task = progress.add_task(_short(service), total=None)
        report = link_graph(
            graph, options, on_answers=lambda done, total: progress.update(task, completed=done, total=total)
        )
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        if report.review:
            table = _table("thing", "class", "why not linked", "candidate", "score")
            for each in report.review:
                for candidate in each.candidates or (None,):
                    offered = (
                        ("", "") if candidate is None else (f"{candidate.name} {candidate.iri}", f"{candidate.score:g}")
                    )
                    table.add_row(*map(_plain, (each.name, each.class_, each.why, *offered)))
                table.add_section()
            _console().print(table)
        for name, reason in report.unanswered:
            typer.echo(f"no answer for {name}: {reason}", err=True)
        typer.echo(
            f"{graph}: {len(report.linked)} of {report.things} things linked by {report.service}, {len(report.review)} to look "
            f"at, {report.unknown} unknown to it; {report.asked} asked for, {report.kept} answers were kept"
        )
    if report.interrupted:
        typer.echo(f"stopped with {report.left} things not asked for; link again to ask for them", err=True)
        raise typer.Exit(130)
    if report.silent:
        raise KgError(
            f"{service} does not answer ({report.silent}); link again later to ask for the {report.left} things left and "
            f"the {len(report.unanswered)} without an answer"
        )


@app.command()
def merge(
    graph: Graph,
    one: Annotated[str, typer.Argument(metavar="A", help="A thing's name or IRI.", show_default=False)],
    other: Annotated[str, typer.Argument(metavar="B", help="Another's.", show_default=False)],
) -> None:
    """Say that A and B are one thing. Kept in DIR/decisions.ttl, and applied at each build."""
    from kg.curate import merge as make_one

    _say(make_one(graph, one, other))


@app.command()
def split(
    graph: Graph,
    name: Annotated[str, typer.Argument(metavar="A", help="A thing's name or IRI.", show_default=False)],
) -> None:
    """Say that A is not one thing, but those it was brought together from, or another in each article."""
    from kg.curate import split as take_apart

    _say(take_apart(graph, name))


@app.command()
def rename(
    graph: Graph,
    thing: Annotated[str, typer.Argument(metavar="A", help="A thing's name or IRI.", show_default=False)],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.", show_default=False)],
) -> None:
    """Say what A is called; its IRI stays, and its other names do."""
    from kg.curate import rename as call

    _say(call(graph, thing, name))


@app.command()
def summary(graph: Graph) -> None:
    """Count what a graph holds."""
    from rich.columns import Columns

    with _open(graph) as opened:
        held = opened.summary()
    console = _console()
    tables = (
        _counts("Entities by class", held.entities),
        _counts("Statements by property", held.statements),
        _counts("Most connected", dict(held.most_connected)),
    )
    console.print(Columns(tables))
    took = "" if held.seconds is None else f", built in {held.seconds:.1f} s"
    typer.echo(
        f"{held.articles} {_articles(held.articles)}, {held.observations} observations, "
        f"{held.milestones} milestones{took}"
    )
    typer.echo(f"besides what articles say: {held.background} statements of background, {held.inferred} that follow")


@app.command()
def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD...", help="Gold files.", show_default=False)],
    by: Annotated[
        str,
        typer.Option(
            "--by", metavar="NAMES", help="Tell apart by class, property, type and noise; list what is wrong."
        ),
    ] = "",
    old: Annotated[
        Path | None, typer.Option("--compare", metavar="OLD.json", help="Say what changed since this report.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON.")] = False,
    identity: Annotated[
        bool, typer.Option("--identity", help="GOLD says which names of several articles are one thing.")
    ] = False,
    extractor: Named = None,
    options: Options = None,
) -> None:
    """Measure extraction against gold: precision, recall and F1, and how far stated confidence is to be believed.

    With --by also for each class (of entities), property (of relations), type (of milestones) or kind of noise (clean,
    traditional, damaged), as in --by property,class,noise; what was missed and falsely claimed is listed below. With
    --compare, which takes what --json wrote earlier, what was gained and lost since. With --identity GOLD is that of
    data/gold/identity, and B³ says how well things of several articles are brought together.
    """
    if identity:
        _evaluate_identity(gold, as_json)
        return
    from kg.builder import extract
    from kg.evaluate import BY, compare, find_gold, render, render_comparison
    from kg.evaluate import evaluate as measure
    from kg.ontology import Ontology

    names = [name.strip() for name in by.split(",") if name.strip()]
    for name in names:
        if name not in BY:
            raise KgError(f"nothing is told apart by {name}; choose of {', '.join(BY)}")
    before = None if old is None else _read(old, "report of kg evaluate --json")
    ontology = Ontology.load()
    articles = {each.article: each.article_date for each in find_gold(gold)}
    with _saying():
        found = extract(articles, ontology, _extractor(extractor, options))
    report = measure(gold, lambda location, _: found[location], ontology.symmetric)
    change = None if before is None else compare(report, before)
    if as_json:
        said = report.as_json() | ({"comparison": change.as_json()} if change else {})
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    render(report, _console(), names)
    if change:
        render_comparison(change, _console())


def _evaluate_identity(gold: list[Path], as_json: bool) -> None:
    from dataclasses import asdict

    from kg.evaluate import evaluate_identity
    from kg.ontology import Ontology

    files = [file for path in gold for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    reports = {file.stem: evaluate_identity(file, Ontology.load()) for file in files}
    if as_json:
        typer.echo(json.dumps({name: asdict(report) for name, report in reports.items()}, ensure_ascii=False, indent=1))
        return
    rows = []
    for name, report in reports.items():
        rows.append((name, "all names", str(report.names), f"{report.precision:.1%}", f"{report.recall:.1%}"))
        shared = (f"{report.shared_precision:.1%}", f"{report.shared_recall:.1%}")
        rows.append(("", "names that share a thing", str(report.shared), *shared))
    _console().print(_table("gold", "of", "names", "precision", "recall", rows=rows, title="Identity (B³)"))
    for name, report in reports.items():
        for said, pairs in (("two things made one", report.joined), ("one thing left two", report.missed)):
            for one, other in pairs:
                typer.echo(f"{name}: {said}: {one[1]} ({one[0]}), {other[1]} ({other[0]})")


@app.command()
def repair(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An article, or its address.", show_default=False)],
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Show an article as it is read after repair, with what was changed and what stays damaged."""
    from kg.read import is_address, read_article, repair_report

    if format not in ("text", "json"):
        raise KgError(f"there is no format {format}; choose text or json")
    if not is_address(file) and not Path(file).exists():
        raise ReadError(f"there is no {file}; give a file with an article")
    report = repair_report(read_article(file))
    if format == "json":
        said = {
            "text": report.text,
            "changes": [
                {
                    "start": c.source.start,
                    "end": c.source.end,
                    "before": c.before,
                    "after": c.after,
                    "rule": c.rule,
                }
                for c in report.changes
            ],
            "damage": [{"start": d.source.start, "end": d.source.end, "text": d.source_text} for d in report.damage],
        }
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    typer.echo(report.text)
    for rule in report.rules:
        examples = ", ".join(f"{before!r} → {after!r}" for before, after in rule.examples)
        typer.echo(f"{rule.rule}: {rule.count} ({examples})", err=True)
    for damage in report.damage:
        typer.echo(f"stays damaged at {damage.source.start}: {damage.source_text!r}", err=True)


def main() -> None:
    """Run the command ``kg``."""
    app()


def _open(folder: Path) -> KnowledgeGraph:
    from kg.knowledge_graph import KnowledgeGraph

    return KnowledgeGraph.open(folder)


def _pairs(given: list[str] | None, option: str, form: str) -> list[tuple[str, str]]:
    """``NAME=VALUE`` as pairs."""
    pairs = [each.partition("=") for each in given or ()]
    for name, sign, value in pairs:
        if not name or not sign or not value:
            raise KgError(f"{name}{sign}{value} is no {form}; write {option} {form}")
    return [(name, value) for name, _, value in pairs]


def _columns(named: list[str]) -> dict[str, str]:
    """``HELD=NAME`` as what is held → the name of the column."""
    held = ("text", "title", "date", "source", "url", "author")
    columns = dict(each.partition("=")[::2] for each in named)
    for each, column in columns.items():
        if each not in held or not column:
            raise KgError(f"{each}={column} names no column; write one of {', '.join(held)} = the column's name")
    return columns


def _extractor(name: str | None, options: list[str] | None) -> Extractor | None:
    """The extractor of this name, with its options as ``NAME=VALUE``; the default where none is named."""
    if name is None and not options:
        return None
    from kg.extractors import find_extractor

    return find_extractor(name or "rules", dict(each.partition("=")[::2] for each in options or ()))


@contextmanager
def _saying() -> Iterator[None]:
    """Say on standard error what the layers below log: an extractor's estimate, what it left out."""

    class Say(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            typer.echo(record.getMessage(), err=True)

    logger, say = logging.getLogger("kg"), Say(logging.INFO)
    before = logger.level
    logger.addHandler(say)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(say)
        logger.setLevel(before)


def _console() -> Console:
    from rich.console import Console

    return Console()


def _progress() -> Progress:
    """A bar with the article at work, how many are done, how many a second, and the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(TextColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    console = Console(stderr=True)
    columns = (BarColumn(20), MofNCompleteColumn(), Rate(""), TimeRemainingColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def _short(name: str, length: int = 24) -> str:
    """A name that fits on a line."""
    return name if len(name) <= length else f"{name[: length - 1]}…"


def _read(path: Path, what: str) -> str:
    """The text of a file that holds ``what``."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KgError(f"{path} cannot be read ({error.strerror}); name a file that holds a {what}") from error
    except UnicodeDecodeError as error:
        raise KgError(f"{path} is not text in UTF-8; name a file that holds a {what}") from error


def _title(named: str | None) -> str | None:
    """The title that a query of the ontology opens with."""
    return named.partition("\n")[0].lstrip("# ") if named else None


def _as_json(found: Any) -> str:
    """Records as JSON: their fields by name."""
    from dataclasses import asdict

    return json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1, default=str)


def _table(*columns: str, rows: Iterable[Iterable[str]] = (), title: str | None = None) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(*columns, title=title, box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"  # a name that is cut off names nothing
    for row in rows:
        table.add_row(*map(_plain, row))
    return table


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)


def _source(source: Source) -> tuple[str, str, str]:
    """The article, its date and the sentence, as they are told."""
    return source.article, source.issued or "", _line(source.sentence)


def _line(sentence: str) -> str:
    return " ".join(sentence.split())


def _counts(title: str, counts: Any) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title, "", box=SIMPLE_HEAD, pad_edge=False)
    for name, count in counts.items():
        table.add_row(name, str(count))
    return table


def _say(entity: EntityRecord) -> None:
    typer.echo(f"{entity.name} ({entity.class_}) {entity.iri}")
    if entity.aliases:
        typer.echo(f"also {'、'.join(entity.aliases)}")


def _local(iri: str) -> str:
    """An IRI without the base of the graph's things, which a command takes too."""
    from kg.vocab import DATA

    return iri.removeprefix(DATA)


def _in_words(fact: Fact) -> str:
    """A fact on one line, figures as a newspaper writes them."""
    from kg.publish.wording import amount

    value = "" if fact.object is None else str(fact.object)
    if fact.kind == "observation" and isinstance(fact.object, int | float):
        value = amount(fact.object, fact.unit or "", fact.comparator, fact.value_max)
    words = [fact.subject, fact.property, value]
    words += [f"({fact.year})" if fact.year else "", f"of {fact.with_respect_to}" if fact.with_respect_to else ""]
    words += [f"[{fact.status}]" if fact.status != "actual" else ""]
    return " ".join(word for word in words if word)


def _articles(count: int) -> str:
    return "article" if count == 1 else "articles"


if __name__ == "__main__":
    main()
