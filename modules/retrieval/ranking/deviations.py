"""Adding one score to another, each by its own spread."""

import numpy as np

from footnote.modules.retrieval.ranking.candidates import ScoreArray


def raised(scores: ScoreArray, found: ScoreArray, weight: float) -> ScoreArray:
    """Each score, raised by `weight` of their standard deviation for each one that `found` has above its least.

    NaN counts as an average one.
    """
    above = _deviations(found)
    higher: ScoreArray = scores + weight * float(scores.std()) * (above - above.min())
    return higher


def _deviations(found: ScoreArray) -> ScoreArray:
    """From the mean, in standard deviations, those of NaN being 0."""
    known = ~np.isnan(found)
    deviations = np.zeros(len(found))
    if known.any():
        values = found[known].astype(np.float64)
        spread = values.std()
        deviations[known] = (values - values.mean()) / spread if spread > 1e-9 else 0.0
    return deviations
