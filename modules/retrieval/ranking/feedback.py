"""What the first hits speak of is likely what the question is about, even where it has other words for it."""

from dataclasses import dataclass

import numkong
import numpy as np

from footnote.modules.retrieval.ranking.candidates import ScoreArray
from footnote.modules.retrieval.ranking.deviations import raised
from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hits
from footnote.platform.inference import Embeddings

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
    depth: int = 50  # hits that are looked at; the others stay below them

    def __call__(self, hits: Hits, scores: ScoreArray, stored: Stored | None) -> ScoreArray:
        head = scores[: self.depth]
        if stored is None or len(head) <= self.first + 1:
            return scores
        votes = np.maximum(head[: self.first] - head[min(FARTHER * self.first, len(head) - 1)], 0.0)
        documents = hits.documents[: self.depth]
        counted = np.where(documents[:, None] == documents[None, : self.first], 0.0, votes)
        vectors = stored.vectors(hits.keys[: self.depth].tolist())
        return np.concatenate([raised(head, self._likeness(vectors, counted), self.weight), scores[self.depth :]])

    def _likeness(self, vectors: Embeddings, votes: ScoreArray) -> ScoreArray:
        """The mean cosine of each and those that vote for it, by their votes, [hits, first]; NaN if none does."""
        cosines = np.asarray(numkong.cdist(vectors, vectors[: self.first], "dot"))  # float64
        total = votes.sum(axis=1)
        nobody = np.full(len(votes), np.nan)
        likeness: ScoreArray = np.divide((cosines * votes).sum(axis=1), total, out=nobody, where=total > 0)
        return likeness
