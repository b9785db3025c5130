"""What every worker needs, loaded once in the process that they are forked from: code and tables, no model, no thread."""

import kg.annotate.pipeline
import kg.engine.local
from kg.annotate.gazetteer import gazetteer
from kg.ontology import Ontology

__all__: list[str] = []

gazetteer()
Ontology.load()
assert kg.annotate.pipeline
assert kg.engine.local
