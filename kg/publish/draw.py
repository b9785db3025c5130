"""A network → one HTML file that people open: no server, no network connection, the same bytes every time.

pyvis (https://pyvis.readthedocs.io) hands the nodes and edges to vis-network
(https://visjs.github.io/vis-network/docs/network/); the page around it is our own (``page/``). What articles
say goes in as JSON and reaches the screen as text alone, and the page's Content-Security-Policy
(https://www.w3.org/TR/CSP3/) admits the scripts shipped here and no request to any host.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import pyvis
from jinja2 import Environment, FileSystemLoader
from pyvis.network import Network

from kg.ontology import Ontology
from kg.publish import wording
from kg.publish.layout import positions

MAX_NODES = 600
"""More things than this fill no screen legibly; 600 are laid out in about four seconds."""

ALWAYS_LABELLED_EDGES = 80
"""Up to so many edges each shows its name; with more, names show on the edges pointed at."""

_MANY = 150  # things; the same number stands in canvas.js

_PAGE = Path(__file__).parent / "page"
_VIS_NETWORK = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
_SCRIPTS = ("dom.js", "panel.js", "canvas.js", "page.js")  # in this order: each uses the ones before


class Style(NamedTuple):
    """How a family of classes is drawn. Shape repeats what colour says, for those who see few colours."""

    color: str
    shape: str


STYLES = {
    "Zone": Style("#009E73", "dot"),
    "Place": Style("#56B4E9", "dot"),
    "Company": Style("#E69F00", "square"),
    "Organization": Style("#D55E00", "square"),
    "Person": Style("#CC79A7", "triangle"),
    "Project": Style("#0072B2", "diamond"),
    "Product": Style("#0072B2", "diamond"),
    "Event": Style("#B5A200", "triangleDown"),
    "Industry": Style("#7B61A8", "hexagon"),
    "Technology": Style("#7B61A8", "hexagon"),
    "Strategy": Style("#6B7280", "star"),
    "LayoutComponent": Style("#6B7280", "star"),
    "Designation": Style("#6B7280", "star"),
}
"""Class → style, for it and its subclasses: Okabe and Ito's palette (https://jfly.uni-koeln.de/color/)."""

_OTHER = Style("#4B5563", "hexagon")


class Drawing:
    """A page for a notebook, which shows it in a frame of its own."""

    def __init__(self, html: str, height: int = 720) -> None:
        """``html`` is a page as :func:`to_html` writes it, ``height`` that of the frame in pixels."""
        self.html = html
        self.height = height

    def _repr_html_(self) -> str:
        """How notebooks ask an object for its picture (https://ipython.readthedocs.io, rich display)."""
        style = f"width:100%;height:{self.height}px;border:1px solid #d4d4d8"
        return f'<iframe srcdoc="{escape(self.html)}" style="{style}"></iframe>'


def draw(
    network: nx.MultiDiGraph[str],
    path: Path | str,
    title: str = "知识图谱",
    max_nodes: int = MAX_NODES,
    ontology: Ontology | None = None,
) -> Path:
    """Write ``network`` (as :func:`kg.publish.network.to_networkx` makes it) to ``path``, and return it.

    Of more than ``max_nodes`` things the best connected are drawn, and the page says so. The parent folder is
    made when it is missing; an existing file is replaced.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_html(network, title, max_nodes, ontology), encoding="utf-8", newline="\n")
    return path


def to_html(
    network: nx.MultiDiGraph[str],
    title: str = "知识图谱",
    max_nodes: int = MAX_NODES,
    ontology: Ontology | None = None,
) -> str:
    """The page that :func:`draw` writes.

    >>> network = nx.MultiDiGraph()
    >>> network.add_node("zone", label="<b>云溪新区</b>", class_="Zone", class_label="功能区")
    >>> "<b>云溪" in to_html(network)
    False
    """
    shown = _best_connected(network, max_nodes)
    drawing = _pyvis(shown, ontology or Ontology.load())
    data = {
        "title": title,
        "total": len(network),
        "alwaysLabelled": shown.number_of_edges() <= ALWAYS_LABELLED_EDGES,
        "nodes": drawing.nodes,
        "edges": drawing.edges,
        "classes": _classes(drawing.nodes),
        "properties": _properties(shown),
    }
    scripts = [_VIS_NETWORK.read_text(encoding="utf-8"), "\n".join(_page(name) for name in _SCRIPTS)]
    drawing.templateEnv = Environment(loader=FileSystemLoader(_PAGE), autoescape=True)
    drawing.templateEnv.globals.update(
        title=title,
        data=_script_safe(data),
        scripts=scripts,
        hashes=[_source_hash(script) for script in scripts],
        style=_page("page.css"),
    )
    drawing.path = "page.html"
    return str(drawing.generate_html())


def _best_connected(network: nx.MultiDiGraph[str], max_nodes: int) -> nx.MultiDiGraph[str]:
    def connections(node: str) -> tuple[int, int, str]:
        data = network.nodes[node]
        facts = len(data.get("observations", ())) + len(data.get("milestones", ()))
        return -network.degree(node), -facts, node

    kept = sorted(network, key=connections)[:max_nodes]
    # A copy in sorted order: what is written must not depend on how the network was put together.
    shown: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    shown.add_nodes_from((node, network.nodes[node]) for node in sorted(kept))
    inner = [e for e in network.edges(keys=True, data=True) if e[0] in shown and e[1] in shown]
    for subject, object_, key, said in sorted(inner, key=lambda edge: edge[:3]):
        shown.add_edge(subject, object_, key, **said)
    return shown


def _pyvis(network: nx.MultiDiGraph[str], ontology: Ontology) -> Network:
    drawing = Network(directed=True, cdn_resources="in_line")
    # Of many things only some names show at once, so they need no room; their shapes are seen from farther.
    many = len(network) > _MANY
    sizes = {node: (12 if many else 9) + min(17.0, 4.2 * network.degree(node) ** 0.5) for node in network}
    boxes = {
        node: (max(2 * sizes[node], 0 if many else _text_width(data["label"])) + 16, 2 * sizes[node] + 30)
        for node, data in network.nodes(data=True)
    }
    at = positions(network, boxes)
    for node, data in network.nodes(data=True):
        class_ = data["class_"]
        style = _style(class_, ontology)
        drawing.add_node(
            node,
            label=data["label"],
            shape=style.shape,
            color=style.color,
            x=at[node][0],
            y=at[node][1],
            size=round(sizes[node], 1),
            degree=network.degree(node),
            **{"class": class_, "classLabel": data["class_label"]},
            aliases=data.get("aliases", []),
            evidence=_reasons(data.get("evidence", ())),
            observations=[_observation(said) for said in data.get("observations", ())],
            milestones=[_milestone(said) for said in _by_date(data.get("milestones", ()))],
        )
    for number, (subject, object_, key, data) in enumerate(network.edges(keys=True, data=True)):
        drawing.add_edge(
            subject,
            object_,
            id=f"e{number}",
            property=data.get("property", key),
            label=data.get("label", key),
            status=data.get("status", "actual"),
            evidence=_reasons(data.get("evidence", ())),
        )
    return drawing


def _style(class_: str, ontology: Ontology) -> Style:
    """The style of the nearest ancestor that has one."""
    known = ontology.classes.get(class_)
    ancestors = known.ancestors if known else {class_}
    styled = [name for name in ancestors if name in STYLES]
    depth = {name: len(ontology.classes[name].ancestors) if name in ontology.classes else 0 for name in styled}
    return STYLES[max(styled, key=lambda name: (depth[name], name))] if styled else _OTHER


def _classes(nodes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The legend: classes with how many things, families together, the largest family first."""
    counts = Counter((n["class"], n["classLabel"], n["color"], n["shape"]) for n in nodes)
    family: Counter[tuple[str, str]] = Counter()
    for (_, _, color, shape), count in counts.items():
        family[color, shape] += count
    order = sorted(counts.items(), key=lambda c: (-family[c[0][2:]], c[0][2:], -c[1], c[0][0]))
    return [
        {"name": name, "label": label, "color": color, "shape": shape, "count": count}
        for (name, label, color, shape), count in order
    ]


def _properties(network: nx.MultiDiGraph[str]) -> list[dict[str, Any]]:
    counts = Counter((d.get("property", k), d.get("label", k)) for _, _, k, d in network.edges(keys=True, data=True))
    order = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    return [{"name": name, "label": label, "count": count} for (name, label), count in order]


def _observation(said: Mapping[str, Any]) -> dict[str, Any]:
    share = said.get("with_respect_to")
    return {
        "indicator": said["indicator"] + (f"（{share}）" if share else ""),
        "text": wording.amount(said["value"], said["unit"], said["comparator"], said.get("value_max")),
        "year": said.get("year") or "",
        "status": said["status"],
        "evidence": _reasons(said.get("evidence", ())),
    }


def _milestone(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": wording.MILESTONES.get(said["type"], said["type"]),
        "text": wording.day(said.get("date")),
        "status": said["status"],
        "evidence": _reasons(said.get("evidence", ())),
    }


def _by_date(milestones: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(milestones, key=lambda said: said.get("date") or "9999")


def _reasons(evidence: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a reader needs of evidence, each sentence of an article once."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for said in evidence:
        reason = {
            "sentence": said["sentence"],
            "exact": said["exact"],
            "article": said["article"] or said["location"],
            "issued": wording.day(said["issued"]) if said["issued"] else "",
            "location": said["location"],
            "title": said["title"],
        }
        found.setdefault((said["sentence"], said["exact"], said["article_iri"]), reason)
    return list(found.values())


def _text_width(text: str) -> float:
    """About how wide the page draws a name at full size: Chinese is square, Latin half as wide."""
    return sum(13.0 if character > "\u2e7f" else 7.0 for character in text)


def _script_safe(data: object) -> str:
    """JSON that can stand inside ``<script>``: nothing in it can end the element or a line of code.

    >>> _script_safe("</script>&")
    '"\\\\u003c/script\\\\u003e\\\\u0026"'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _source_hash(script: str) -> str:
    """How Content-Security-Policy names an inline script (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _page(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8").strip()
