"""What is ranked, best first, and how one step of ranking changes its scores."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository import Hit, Stored

DECIMALS = 6

ScoreArray = NDArray[np.float64]
Step = Callable[[Sequence[Hit], ScoreArray, Stored | None], ScoreArray]
"""New scores of hits that come best first, in the same order; greatest is best."""


def in_order(hits: Sequence[Hit], scores: ScoreArray) -> tuple[list[Hit], ScoreArray]:
    """Best first by six decimals, equal ones by document id and start."""
    rounded = np.round(scores, DECIMALS)
    values = rounded.tolist()
    order = sorted(range(len(hits)), key=lambda at: (-values[at], hits[at].document_id, hits[at].start))
    return [hits[at] for at in order], rounded[order]
