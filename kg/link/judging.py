"""What a service offers for a thing → the one that is the thing, or why none is: rather none than a wrong one."""

from __future__ import annotations

from collections.abc import Sequence

from kg.link.model import Candidate, Question
from kg.link.options import Options


def judge(
    question: Question, candidates: Sequence[Candidate], options: Options, all_types: bool = False
) -> Candidate | str | None:
    """The candidate that is the thing, or why there is none to believe; ``None`` where none is offered.

    A candidate counts that the service calls a match, or that reaches ``min_score``, and whose types do not disagree
    with those asked for. It is believed where it alone counts and nothing else scores as high. ``all_types`` is
    whether a candidate has no other types of those asked for than it lists; else one that lists none may have any.

    >>> park = Candidate("http://example.org/1", "云溪园", 98.0, True)
    >>> judge(Question("云溪园"), [park], Options("http://example.org")) is park
    True
    >>> judge(Question("云溪园"), [park, park], Options("http://example.org"))
    '2 candidates match'
    """
    if not candidates:
        return None
    fitting = [each for each in candidates if _fits(question, each, options, all_types)]
    above = [each for each in fitting if each.match or _reaches(each, options)]
    if len(above) > 1:
        return f"{len(above)} candidates match"
    if above:
        (found,) = above
        rivals = sum(each.score >= found.score for each in fitting if each is not found)
        return f"{rivals} more with a score as high" if rivals else found
    if any(each.match or _reaches(each, options) for each in candidates):
        return "the type disagrees"
    return "no candidate is called a match"


def _reaches(candidate: Candidate, options: Options) -> bool:
    return options.min_score is not None and candidate.score >= options.min_score


def _fits(question: Question, candidate: Candidate, options: Options, all_types: bool) -> bool:
    if not question.types or set(question.types) & set(candidate.types):
        return True
    return not all_types and (options.trust_types or not candidate.types)
