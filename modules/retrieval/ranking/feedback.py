"""What the first hits speak of is likely what the question is about, even where it has other words for it."""

from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray
from footnote.modules.retrieval.ranking.deviations import raised
from footnote.modules.retrieval.repository.hits import Hits

FARTHER = 3  # times as far down as the last of the first hits: what one of them stands above that hit is its vote


@dataclass(frozen=True, kw_only=True)
class VectorFeedback:
    """Adds to the score of each of the first hits how like it is to the very first of other documents.

    A step of ranking. A document is not asked about itself, or long ones would confirm their own chunks. Nothing
    changes where there are no vectors, or hardly more hits than those that vote.

    Source: pseudo-relevance feedback (Rocchio, 1971) on embeddings (Li et al., 2021), of what was found already.
    """

    weight: float = 0.2  # in standard deviations of the score for each of the likeness
    first: int = 5  # hits that vote
    depth: int = 50  # hits that are looked at

    def __call__(self, hits: Hits, scores: ScoreArray, looked: Looked) -> ScoreArray:
        cosines = looked.cosines(hits) if len(scores) > self.first + 1 else None
        if cosines is None:
            return scores
        votes = np.maximum(scores[: self.first] - scores[min(FARTHER * self.first, len(scores) - 1)], 0.0)
        counted = np.where(hits.documents[:, None] == hits.documents[: self.first], 0.0, votes)
        return raised(scores, _likeness(cosines[:, : self.first], counted), self.weight)


def _likeness(cosines: ScoreArray, votes: ScoreArray) -> ScoreArray:
    """The mean cosine of each and those that vote for it, by their votes, [hits, first]; NaN if none does."""
    total = votes.sum(axis=1)
    likeness: ScoreArray = np.divide(
        (cosines * votes).sum(axis=1), total, out=np.full(len(votes), np.nan), where=total > 0
    )
    return likeness
