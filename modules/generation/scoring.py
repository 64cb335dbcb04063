"""How sure an answer is, once it has been checked."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from footnote.modules.generation.checking import Checked

Manner = Literal["quoted", "written"]
Points = Sequence[tuple[float, float]]


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """For each manner of drafting, points (raw score, share of answers that were right) in growing order."""

    points: Mapping[Manner, Points] = {}

    def applied(self, manner: Manner, raw: float) -> float:
        """In [0, 1]; between points in a straight line, and as it is without any."""
        points = self.points.get(manner)
        if not points:
            return raw
        for (low, left), (high, right) in pairwise(points):
            if raw <= high:
                return left + (right - left) * max(0.0, raw - low) / (high - low)
        return points[-1][1]


def score(manner: Manner, prior: float, checked: Sequence[Checked]) -> float:
    """Raw, in [0, 1]: `prior` is the probability before drafting; without a sentence that is shown it is 0.

    A quotation is as sure as its passages answer the question. What a model has written is judged by the model, too: it
    could have abstained, so that the prior counts half, and how sure its sentences are of their passages counts.
    """
    shown = [sentence.probability for sentence in checked if sentence.text]
    if not shown:
        return 0.0
    share = len(shown) / len(checked)
    if manner == "quoted":
        return prior * share
    return (1 + prior) / 2 * share * sum(shown) / len(shown)
