"""Training of what the annotator has learned; needs the extra ``zonekg[learn]``. See ``docs/learning.md``."""
