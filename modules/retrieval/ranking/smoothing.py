"""Chunks that say nearly the same should rank nearly the same."""

from dataclasses import dataclass

import numkong
import numpy as np

from footnote.modules.retrieval.ranking.candidates import ScoreArray
from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hits
from footnote.platform.inference import Embeddings


@dataclass(frozen=True, kw_only=True)
class Smoothing:
    """Mixes the score of each of the first hits with the mean of its nearest neighbours among them.

    A step of ranking. Nothing changes where there are no vectors.

    Source: score regularization (Diaz, Regularizing Ad Hoc Retrieval Scores, 2005), one step of it on a graph of
    nearest neighbours.
    """

    weight: float = 0.35  # of the neighbours, in [0, 1]
    neighbours: int = 8
    depth: int = 50  # hits that are looked at; the others stay below them

    def __call__(self, hits: Hits, scores: ScoreArray, stored: Stored | None) -> ScoreArray:
        head = scores[: self.depth]
        if stored is None or len(head) < 2:
            return scores
        near = _nearness(stored.vectors(hits.keys[: self.depth].tolist()), self.neighbours)
        weights = near.sum(axis=1)
        means = np.divide(near @ head, weights, out=head.copy(), where=weights > 0)
        mixed = (1 - self.weight) * head + self.weight * means
        return np.concatenate([np.maximum(mixed, head[-1]), scores[self.depth :]])


def _nearness(vectors: Embeddings, neighbours: int) -> ScoreArray:
    """How near each of the `neighbours` nearest is to each row, [rows, rows]; 0 for the others.

    The cube of the cosine: the nearer a neighbour is, the more it counts.
    """
    cosines = np.maximum(np.asarray(numkong.cdist(vectors, vectors, "dot")), 0.0)  # float64
    np.fill_diagonal(cosines, 0.0)
    if neighbours < len(cosines):
        least = np.partition(cosines, -neighbours, axis=1)[:, -neighbours]
        cosines[cosines < least[:, None]] = 0.0
    nearness: ScoreArray = cosines * cosines * cosines  # seven times as quick as a power
    return nearness
