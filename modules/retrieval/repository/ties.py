"""The order of hits of equal scores, the same in every store."""

import numpy as np

from footnote.modules.retrieval.repository import Hit


def settled(hits: list[Hit], scores: np.ndarray) -> list[Hit]:
    """The same hits, which come best first, but those of equal scores by document id and start."""
    equal = np.flatnonzero(scores[1:] == scores[:-1])
    for run in np.split(equal, np.flatnonzero(np.diff(equal) > 1) + 1) if equal.size else []:
        tied = slice(int(run[0]), int(run[-1]) + 2)
        hits[tied] = sorted(hits[tied], key=lambda hit: (hit.document_id, hit.start))
    return hits
