"""What a ranking tells of whether its best sentences answer the question."""

import math
import re

import msgspec

from footnote.platform.inference.extractive.ranking import Ranking
from footnote.platform.inference.extractive.rows import spelled_out
from footnote.platform.inference.extractive.subjects import names
from footnote.platform.inference.extractive.terms import terms

NEGATION = re.compile(r"\b(?:not|never|no|none|without|except|neither|nor)\b|n['’]t\b", re.I)
TOP = 3  # sentences of an answer


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """Of the best sentence, where nothing else is said."""

    likeness: float
    least: float
    top_share: float  # of the first three in the softmax of all scores
    lead: float  # of the best source's score over the second's, as share of the former
    missing_names: float  # how many of the question's neither it nor its context has
    missing_numbers: float
    unheard_names: float  # how many of the question's names no source has
    is_negated: float  # the question


def signals(ranking: Ranking) -> Signals | None:
    """None if there are no sentences."""
    if not ranking.sentences:
        return None
    best = ranking.sentences[0]
    scores = [sentence.score for sentence in ranking.sentences]
    shares = [math.exp(score - scores[0]) for score in scores]
    here = set(terms(f"{best.candidate.context} {spelled_out(best.candidate.text)}"))
    return Signals(
        likeness=best.features.meeting.likeness,
        least=best.features.meeting.least,
        top_share=sum(shares[:TOP]) / sum(shares),
        lead=_lead(ranking),
        missing_names=len(names(ranking.question) - ranking.settled - here),
        missing_numbers=len(_numbers(ranking.question) - here),
        unheard_names=len(names(ranking.question) - _heard(ranking)),
        is_negated=bool(NEGATION.search(ranking.question)),
    )


def _heard(ranking: Ranking) -> set[str]:
    return {term for source in ranking.sources for term in terms(f"{source.title} {source.text}")}


def _numbers(question: str) -> set[str]:
    return {term for term in terms(question) if term[0].isdigit()}


def _lead(ranking: Ranking) -> float:
    """None over nothing: a single source is the best one whatever it says."""
    scores = sorted((source.score for source in ranking.sources), reverse=True)
    return 1 - max(0.0, scores[1]) / scores[0] if len(scores) > 1 and scores[0] > 0 else 0.0
