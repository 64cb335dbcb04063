"""Chunks that say nearly the same should rank nearly the same."""

from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray
from footnote.modules.retrieval.repository.hits import Hits


@dataclass(frozen=True, kw_only=True)
class Smoothing:
    """Mixes the score of each of the first hits with the mean of its nearest neighbours among them.

    A step of ranking. Nothing changes where there are no vectors.

    Source: score regularization (Diaz, Regularizing Ad Hoc Retrieval Scores, 2005), one step of it on a graph of
    nearest neighbours.
    """

    weight: float = 0.35  # of the neighbours, in [0, 1]
    neighbours: int = 8
    depth: int = 50  # hits that are looked at

    def __call__(self, hits: Hits, scores: ScoreArray, looked: Looked) -> ScoreArray:
        cosines = looked.cosines(hits) if len(scores) > 1 else None
        if cosines is None:
            return scores
        near = _nearness(cosines, self.neighbours)
        weights = near.sum(axis=1)
        means = np.divide(near @ scores, weights, out=scores.copy(), where=weights > 0)
        mixed: ScoreArray = np.maximum((1 - self.weight) * scores + self.weight * means, scores[-1])
        return mixed


def _nearness(cosines: ScoreArray, neighbours: int) -> ScoreArray:
    """How near each of the `neighbours` nearest is to each row, [rows, rows]; 0 for the others.

    The cube of the cosine: the nearer a neighbour is, the more it counts.
    """
    cosines = np.maximum(cosines, 0.0)
    np.fill_diagonal(cosines, 0.0)
    nearness: ScoreArray = cosines * cosines * cosines  # seven times as quick as a power
    if neighbours < len(cosines):
        least = np.partition(cosines, -neighbours, axis=1)[:, -neighbours]
        nearness *= cosines >= least[:, None]
    return nearness
