"""From Chinese articles to a knowledge graph people can trust."""
