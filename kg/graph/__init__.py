"""What an article says → RDF quads with evidence, and their validation."""
