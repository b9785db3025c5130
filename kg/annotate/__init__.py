"""Article → what it says, through a spaCy pipeline."""

from kg.annotate.pipeline import annotate, build_pipeline

__all__ = ["annotate", "build_pipeline"]
