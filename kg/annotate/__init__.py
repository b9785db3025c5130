"""Article → what it says, through a spaCy pipeline."""

from kg.annotate.pipeline import annotate

__all__ = ["annotate"]
