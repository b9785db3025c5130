"""The exception tree: every message is one sentence with the cause, the value and the remedy."""


class KgError(Exception):
    """Anything ZoneKG refuses or cannot do, said in one sentence a user can act on."""


class ReadError(KgError):
    """A source cannot be read as an article: missing, empty, binary, of an unknown format."""


class OntologyError(KgError):
    """An ontology folder is missing, or what it says contradicts itself."""


class GraphError(KgError):
    """A folder is not a graph, is held by someone else, or cannot be written."""


class QueryError(KgError):
    """A query is not SPARQL; the message says line and column."""


class UnknownNameError(KgError):
    """No thing in the graph has this name; the message offers the nearest three."""


class ExtractorError(KgError):
    """An extractor is not there, is not set up, or cannot go on with any article."""


class GoldError(KgError):
    """Gold is missing, is not in the gold format, or lacks the article it annotates."""


class LinkError(KgError):
    """A service that links things is not there, is not set up, or does not answer."""
