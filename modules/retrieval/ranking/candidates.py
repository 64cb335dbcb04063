"""What is ranked, best first, and how one step of ranking changes its scores."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hits, Integers
from footnote.modules.retrieval.repository.ties import best_first

DECIMALS = 6

ScoreArray = NDArray[np.float64]
Step = Callable[[Hits, ScoreArray, Stored | None], ScoreArray]
"""New scores of hits that come best first, in the same order; greatest is best."""


def in_order(hits: Hits, scores: ScoreArray) -> tuple[Integers, ScoreArray]:
    """The places of hits, best first by six decimals, equal ones by document id and start, and their scores."""
    rounded = np.round(scores, DECIMALS)
    order = best_first(rounded, hits.documents, hits.starts, hits.ids)
    return order, rounded[order]
