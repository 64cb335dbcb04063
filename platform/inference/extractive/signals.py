"""What a ranking tells of whether its best sentences answer the question."""

import math
import re

import msgspec

from footnote.platform.inference.extractive.ranking import Ranking
from footnote.platform.inference.extractive.terms import terms

NEGATION = re.compile(r"\b(?:not|never|no|without)\b|n['’]t\b", re.I)
TOP = 3  # sentences of an answer


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """All of the best sentence where nothing else is said."""

    score: float
    cosine: float
    margin: float  # by which its score exceeds that of the first sentence left out
    top_share: float  # of the first three in the softmax of all scores
    coverage: float
    coverage_with_before: float
    missing_here: float  # terms of the question that its passage lacks
    missing_anywhere: float  # terms of the question that all passages lack
    is_negated: float  # the question is


def signals(ranking: Ranking) -> Signals | None:
    """None if there are no sentences."""
    if not ranking.sentences:
        return None
    best = ranking.sentences[0]
    scores = [sentence.score for sentence in ranking.sentences]
    shares = [math.exp(score - scores[0]) for score in scores]
    asked = set(terms(ranking.question))
    here = set(terms(f"{best.candidate.source.title} {best.candidate.source.text}"))
    anywhere = {term for source in ranking.sources for term in terms(f"{source.title} {source.text}")}
    return Signals(
        score=scores[0],
        cosine=best.features.cosine,
        margin=scores[0] - scores[min(TOP, len(scores) - 1)],
        top_share=sum(shares[:TOP]) / sum(shares),
        coverage=best.features.coverage,
        coverage_with_before=best.features.coverage_with_before,
        missing_here=float(len(asked - here)),
        missing_anywhere=float(len(asked - anywhere)),
        is_negated=float(bool(NEGATION.search(ranking.question))),
    )
