"""An ontology folder → the classes and properties every layer asks about, read once and frozen.

A folder holds the ontology (every ``*.ttl`` but ``shapes.ttl``), ``shapes.ttl``, ``context.jsonld``,
``queries/*.rq`` and ``lexicon/``. The ontology is OWL 2 (https://www.w3.org/TR/owl2-overview/); of it this
module reads what extraction needs: class hierarchy, domains, ranges, ``owl:allValuesFrom``, labels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from kg.errors import OntologyError
from kg.vocab import ZKG

SHAPES_FILE = "shapes.ttl"

_RDF_NIL = ox.NamedNode(str(RDF.nil))


@dataclass(frozen=True, slots=True)
class OntologyClass:
    """A class by its local name. ``parents`` are direct, ``ancestors`` include the class itself."""

    name: str
    iri: str
    parents: tuple[str, ...]
    ancestors: frozenset[str]
    labels: Mapping[str, str] = field(hash=False)
    definitions: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class OntologyProperty:
    """An object property between things. An empty ``domain`` or ``range`` admits every class.

    ``only`` narrows the objects of some subjects (``C rdfs:subClassOf [owl:allValuesFrom D]``):
    a Place is partOf a Place, an Organization partOf an Organization.
    """

    name: str
    iri: str
    domain: frozenset[str]
    range: frozenset[str]
    symmetric: bool
    transitive: bool
    only: Mapping[str, frozenset[str]] = field(hash=False)
    labels: Mapping[str, str] = field(hash=False)
    definitions: Mapping[str, str] = field(hash=False)

    @property
    def same_kind(self) -> bool:
        """Whether both ends must share one class of the domain, as with ``predecessorOf``."""
        return bool(self.only) and all(self.only.get(name) == frozenset({name}) for name in self.domain)


@dataclass(frozen=True, eq=False)
class Ontology:
    """Everything a layer may ask of an ontology folder.

    >>> zonekg = Ontology.load()
    >>> zonekg.classes["IndustrialPark"].labels["zh-Hans"]
    '产业园区'
    >>> zonekg.is_a("IndustrialPark", "Place")
    True
    >>> zonekg.allows("partOf", "Company", "Zone")
    False
    """

    folder: Path
    classes: Mapping[str, OntologyClass]
    properties: Mapping[str, OntologyProperty]
    queries: Mapping[str, str]
    hash: str

    @staticmethod
    def load(folder: Path | None = None) -> Ontology:
        """The ontology in ``folder``; without one, the shipped ontology. Each folder is read once.

        Raises:
            OntologyError: the folder is missing, is not an ontology, or contradicts itself.
        """
        return _load((_shipped_folder() if folder is None else folder).resolve())

    @property
    def lexicon(self) -> Path:
        """The folder that says how text names each class and property."""
        return self.folder / "lexicon"

    @property
    def shapes(self) -> Path:
        """The SHACL shapes an article's graph must conform to."""
        return self.folder / SHAPES_FILE

    @property
    def context(self) -> Path:
        """The JSON-LD context (https://www.w3.org/TR/json-ld11/#the-context)."""
        return self.folder / "context.jsonld"

    @cached_property
    def sources(self) -> tuple[Path, ...]:
        """The Turtle files that are the ontology itself."""
        return _ontology_files(self.folder)

    @property
    def symmetric(self) -> frozenset[str]:
        """The properties that hold either way."""
        return frozenset(name for name, property_ in self.properties.items() if property_.symmetric)

    def is_a(self, class_: str, ancestor: str) -> bool:
        """Whether every ``class_`` is an ``ancestor``; both are local names, an unknown one is nothing."""
        known = self.classes.get(class_)
        return known is not None and ancestor in known.ancestors

    def allows(self, property: str, subject_class: str, object_class: str) -> bool:
        """Whether a ``subject_class`` and an ``object_class`` may be linked by ``property`` (local names)."""
        known = self.properties.get(property)
        if known is None or subject_class not in self.classes or object_class not in self.classes:
            return False
        return (
            self._is_any(subject_class, known.domain)
            and self._is_any(object_class, known.range)
            and all(
                self._is_any(object_class, objects)
                for subject, objects in known.only.items()
                if self.is_a(subject_class, subject)
            )
        )

    def _is_any(self, class_: str, allowed: frozenset[str]) -> bool:
        return not allowed or not allowed.isdisjoint(self.classes[class_].ancestors)


def _shipped_folder() -> Path:
    packaged = Path(__file__).parent / "_ontology"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "ontology"


@lru_cache
def _load(folder: Path) -> Ontology:
    triples = _Triples(_ontology_files(folder))
    namespace = triples.namespace(folder)
    classes = _classes(triples, namespace)
    return Ontology(
        folder,
        MappingProxyType(classes),
        MappingProxyType(_properties(triples, namespace, classes)),
        MappingProxyType({path.stem: _read(path) for path in sorted((folder / "queries").glob("*.rq"))}),
        _hash(folder),
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _ontology_files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise OntologyError(f"there is no ontology folder at {folder}; name one that holds a Turtle file")
    files = tuple(path for path in sorted(folder.glob("*.ttl")) if path.name != SHAPES_FILE)
    if not files:
        raise OntologyError(f"{folder} holds no ontology; put its classes and properties into a .ttl file")
    return files


def _hash(folder: Path) -> str:
    """SHA-256 over every file's path and bytes, hidden files aside: it changes when anything said changes."""
    digest = hashlib.sha256()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted(files):
        if not any(part.startswith((".", "__")) for part in name.split("/")):
            digest.update(f"{name}\0{files[name].stat().st_size}\0".encode())
            digest.update(files[name].read_bytes())
    return digest.hexdigest()


_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class _Triples:
    """The ontology's triples by subject: pyoxigraph parses them in a few milliseconds."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.by_subject: dict[object, dict[str, list[_Node]]] = {}
        for path in files:
            try:
                for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                    of_subject = self.by_subject.setdefault(quad.subject, {})
                    of_subject.setdefault(quad.predicate.value, []).append(quad.object)
            except (SyntaxError, ValueError) as error:
                raise OntologyError(f"{path} is not Turtle ({error}); correct it there") from error

    def objects(self, subject: object, predicate: str) -> list[_Node]:
        return self.by_subject.get(subject, {}).get(str(predicate), [])

    def namespace(self, folder: Path) -> str:
        """The IRI of the ``owl:Ontology``: terms of other vocabularies are mappings, not part of it."""
        headers = [node.value for node in self.of_type(OWL.Ontology)]
        if len(headers) != 1:
            raise OntologyError(f"{folder} declares {len(headers)} owl:Ontology headers; declare exactly one")
        return headers[0]

    def of_type(self, type_: str) -> Iterator[ox.NamedNode]:
        wanted = ox.NamedNode(str(type_))
        for subject, of_subject in self.by_subject.items():
            if isinstance(subject, ox.NamedNode) and wanted in of_subject.get(str(RDF.type), ()):
                yield subject

    def has_type(self, subject: object, type_: str) -> bool:
        return ox.NamedNode(str(type_)) in self.objects(subject, RDF.type)

    def texts(self, subject: object, predicate: str) -> Mapping[str, str]:
        """Literals by language; one without a language stands under ``""``."""
        literals = (node for node in self.objects(subject, predicate) if isinstance(node, ox.Literal))
        return MappingProxyType({_language(node.language or ""): node.value for node in literals})

    def named_classes(self, node: object) -> Iterator[str]:
        """The IRIs a class expression lists: itself, or the members of its ``owl:unionOf``."""
        if isinstance(node, ox.NamedNode):
            yield node.value
        for head in self.objects(node, OWL.unionOf):
            rest: object = head
            while rest != _RDF_NIL:
                for member in self.objects(rest, RDF.first):
                    yield from self.named_classes(member)
                rest = next(iter(self.objects(rest, RDF.rest)), _RDF_NIL)


def _language(tag: str) -> str:
    """The tag as BCP 47 writes it, ``zh-Hans``: parsers lower it."""
    return "-".join(part.title() if len(part) == 4 else part for part in tag.split("-"))


def _local_name(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _classes(triples: _Triples, namespace: str) -> dict[str, OntologyClass]:
    parents: dict[str, tuple[str, ...]] = {}
    nodes: dict[str, ox.NamedNode] = {}
    for node in triples.of_type(OWL.Class):
        if not node.value.startswith(namespace):
            continue
        name = _local_name(node.value)
        if name in nodes:
            raise OntologyError(f"{nodes[name].value} and {node.value} share a name; rename one")
        nodes[name] = node
        above = (p.value for p in triples.objects(node, RDFS.subClassOf) if isinstance(p, ox.NamedNode))
        parents[name] = tuple(_local_name(iri) for iri in above if iri.startswith(namespace))
    return {
        name: OntologyClass(
            name,
            node.value,
            parents[name],
            frozenset(_ancestors(name, parents, ())),
            triples.texts(node, RDFS.label),
            triples.texts(node, SKOS.definition),
        )
        for name, node in nodes.items()
    }


def _ancestors(name: str, parents: Mapping[str, tuple[str, ...]], below: tuple[str, ...]) -> Iterator[str]:
    if name in below:
        raise OntologyError(f"{' → '.join((*below, name))} is a cycle of rdfs:subClassOf; remove a link")
    if name not in parents:
        raise OntologyError(f"{below[-1]} is a subclass of {name}, which is no class here; declare it")
    yield name
    for parent in parents[name]:
        yield from _ancestors(parent, parents, (*below, name))


def _properties(triples: _Triples, namespace: str, classes: Mapping[str, OntologyClass]) -> dict[str, OntologyProperty]:
    """The object properties between things; those of the nodes the graph writer makes are left out."""
    restrictions = _restrictions(triples, classes)
    found: dict[str, OntologyProperty] = {}
    for node in triples.of_type(OWL.ObjectProperty):
        if not node.value.startswith(namespace) or triples.objects(node, ZKG.nodeProperty):
            continue
        name = _local_name(node.value)
        found[name] = OntologyProperty(
            name,
            node.value,
            _end(triples, node, RDFS.domain, classes),
            _end(triples, node, RDFS.range, classes),
            triples.has_type(node, OWL.SymmetricProperty),
            triples.has_type(node, OWL.TransitiveProperty),
            MappingProxyType(restrictions.get(node.value, {})),
            triples.texts(node, RDFS.label),
            triples.texts(node, SKOS.definition),
        )
        if found[name].symmetric and found[name].domain != found[name].range:
            raise OntologyError(f"{name} is symmetric, yet domain and range differ; give both the same")
    return found


def _end(triples: _Triples, property_: ox.NamedNode, side: str, classes: Mapping[str, OntologyClass]) -> frozenset[str]:
    expressions = triples.objects(property_, side)
    if len(expressions) > 1:
        # RDFS means the intersection by this, which is hardly ever what the author meant.
        raise OntologyError(f"{property_.value} has two of {_local_name(side)}; join them by owl:unionOf")
    return frozenset(
        _defined(iri, property_.value, classes) for node in expressions for iri in triples.named_classes(node)
    )


def _defined(iri: str, where: str, classes: Mapping[str, OntologyClass]) -> str:
    known = classes.get(_local_name(iri))
    if known is None or known.iri != iri:
        raise OntologyError(f"{where} speaks of {iri}, which is not declared; declare it an owl:Class")
    return known.name


def _restrictions(triples: _Triples, classes: Mapping[str, OntologyClass]) -> dict[str, dict[str, frozenset[str]]]:
    """property IRI → subject class → the classes its objects must be."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for name, class_ in classes.items():
        for node in triples.objects(ox.NamedNode(class_.iri), RDFS.subClassOf):
            for on_property in triples.objects(node, OWL.onProperty):
                fillers = triples.objects(node, OWL.allValuesFrom)
                if fillers and isinstance(on_property, ox.NamedNode):
                    iris = (iri for filler in fillers for iri in triples.named_classes(filler))
                    objects = frozenset(_defined(iri, class_.iri, classes) for iri in iris)
                    found.setdefault(on_property.value, {})[name] = objects
    return found
