"""The things of a graph → the same things in another: what is asked of a service, what is believed of its answers."""

from kg.link.asking import Service, find_service
from kg.link.judging import judge
from kg.link.kept import Kept, LinkRun, Stated, state_links
from kg.link.model import Candidate, Link, Question, Review, Thing
from kg.link.options import Options

__all__ = [
    "Candidate",
    "Kept",
    "Link",
    "LinkRun",
    "Options",
    "Question",
    "Review",
    "Service",
    "Stated",
    "Thing",
    "find_service",
    "judge",
    "state_links",
]
