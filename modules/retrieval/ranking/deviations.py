"""Adding one score to another, each by its own spread."""

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.ranking.candidates import ScoreArray


def variance(values: NDArray[np.float64]) -> float:
    """Of at least one value; several times as quick as NumPy's own for as few as a search has."""
    apart = values - values.sum() / len(values)
    return float(apart @ apart) / len(values)


def raised(scores: ScoreArray, found: ScoreArray, weight: float) -> ScoreArray:
    """Each score, raised by `weight` of their standard deviation for each one that `found` has above its least.

    NaN counts as an average one.
    """
    above = _deviations(found)
    higher: ScoreArray = scores + weight * variance(scores) ** 0.5 * (above - above.min())
    return higher


def _deviations(found: ScoreArray) -> ScoreArray:
    """From the mean, in standard deviations, those of NaN being 0."""
    known = ~np.isnan(found)
    values = found[known]
    deviations = np.zeros(len(found))
    if len(values):
        spread = variance(values) ** 0.5
        deviations[known] = (values - values.sum() / len(values)) / spread if spread > 1e-9 else 0.0
    return deviations
