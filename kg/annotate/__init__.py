"""Article → what it says, through a spaCy pipeline."""
