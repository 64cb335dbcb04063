"""What is ranked, best first, and how one step of ranking changes its scores."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository import Hit, Stored
from footnote.modules.retrieval.repository.ties import settled

DECIMALS = 6

ScoreArray = NDArray[np.float64]
Step = Callable[[Sequence[Hit], ScoreArray, Stored | None], ScoreArray]
"""New scores of hits that come best first, in the same order; greatest is best."""


def in_order(hits: Sequence[Hit], scores: ScoreArray) -> tuple[list[Hit], ScoreArray]:
    """Best first by six decimals, equal ones by document id and start."""
    rounded = np.round(scores, DECIMALS)
    order = np.argsort(-rounded, kind="stable")
    ordered = rounded[order]
    return settled([hits[at] for at in order.tolist()], ordered), ordered
