"""A store → a file in a format other tools read; two exports of equal stores are the same bytes.

``trig``, ``nquads`` and ``jsonld`` hold every graph; ``turtle``, ``ntriples`` and ``rdfxml`` the default
graph, which says each statement once; ``graphml`` and ``gexf`` the network of things; ``csv`` a row for each
reason to believe a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF

from kg.errors import KgError
from kg.ontology import Ontology
from kg.publish.rows import write_csv
from kg.publish.writing import RDF_FORMATS, in_order, write_rdf, xml_safe
from kg.vocab import DATA, OA

if TYPE_CHECKING:
    import networkx as nx

NETWORK_FORMATS = ("graphml", "gexf")
FORMATS = (*RDF_FORMATS, *NETWORK_FORMATS, "csv")

_EVIDENCE_ATTRIBUTES = frozenset(["evidence", "sentence", "article", "exact", "start", "end"])
_TYPE = ox.NamedNode(str(RDF.type))
_EVIDENCE_CLASSES = [
    ox.NamedNode(str(class_)) for class_ in (RDF.Statement, OA.TextPositionSelector, OA.TextQuoteSelector, OWL.Axiom)
]


class HoldsOxigraph(Protocol):
    """What keeps its quads in a pyoxigraph store, as ``kg.store.LocalStore`` does."""

    @property
    def oxigraph(self) -> ox.Store:
        """The store."""


Source = ox.Store | HoldsOxigraph


def export(
    store: Source,
    format: str,
    target: Path | str | IO[bytes],
    plain: bool = False,
    base: str = DATA,
    ontology: Ontology | None = None,
) -> None:
    """Write ``store`` to a file or a binary stream; an existing file is replaced when the new one is whole.

    Args:
        store: what to export.
        format: one of ``FORMATS``.
        target: a path, whose folder is made when it is missing, or a stream.
        plain: leave out the evidence.
        base: what the IRIs of the data begin with; the folders below it become prefixes.
        ontology: names what the network shows; the one ZoneKG ships without.

    Raises:
        KgError: there is no such format, or the file cannot be written.
    """
    if format not in FORMATS:
        raise KgError(f"there is no format {format}; choose one of {', '.join(FORMATS)}")
    oxigraph = store if isinstance(store, ox.Store) else store.oxigraph
    if not isinstance(target, (str, Path)):
        _write(oxigraph, format, target, plain, base, ontology)
        return
    path = Path(target)
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            _write(oxigraph, format, file, plain, base, ontology)
        part.replace(path)
    except OSError as error:
        raise KgError(f"{path} cannot be written ({error}); choose another place, or make room") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write(store: ox.Store, format: str, output: IO[bytes], plain: bool, base: str, ontology: Ontology | None) -> None:
    if format in RDF_FORMATS:
        rdf_format = RDF_FORMATS[format]
        graph = None if rdf_format.supports_datasets else ox.DefaultGraph()
        quads: Iterable[ox.Quad] = store.quads_for_pattern(None, None, None, graph)
        if plain:
            evidence = {
                quad.subject for class_ in _EVIDENCE_CLASSES for quad in store.quads_for_pattern(None, _TYPE, class_)
            }
            quads = (quad for quad in quads if quad.subject not in evidence)
        write_rdf(in_order(quads), output, rdf_format, base)
    elif format == "csv":
        output.write(write_csv(store, plain).encode("utf-8"))
    else:
        output.write(_network(store, format, plain, ontology))


def _network(store: ox.Store, format: str, plain: bool, ontology: Ontology | None) -> bytes:
    import networkx as nx

    from kg.publish.network import flatten, to_networkx

    network = to_networkx(store, ontology=ontology)
    if plain:
        for data in _attributes(network):
            plain_data = _without_evidence(data)
            data.clear()
            data.update(plain_data)
    flat = flatten(network)
    for data in _attributes(flat):
        data.update({name: xml_safe(value) for name, value in data.items() if isinstance(value, str)})
    output = BytesIO()
    if format == "graphml":
        nx.write_graphml(flat, output, named_key_ids=True)
        return output.getvalue()
    nx.write_gexf(flat, output)
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", output.getvalue(), count=1)  # the day is no part of the graph


def _without_evidence(data: dict[str, Any]) -> dict[str, Any]:
    """Also without what observations and milestones repeat of theirs."""
    return {
        name: [_without_evidence(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, list)
        else value
        for name, value in data.items()
        if name not in _EVIDENCE_ATTRIBUTES
    }


def _attributes(network: nx.MultiDiGraph[str]) -> Iterator[dict[str, Any]]:
    for _, data in network.nodes(data=True):
        yield data
    for _, _, data in network.edges(data=True):
        yield data
