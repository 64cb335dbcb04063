"""The order of hits of equal scores, the same in every store."""

from collections.abc import Sequence

import numpy as np

from footnote.modules.retrieval.repository.hits import Floats, Integers


def best_first(scores: Floats, documents: Integers, starts: Integers, ids: Sequence[str]) -> Integers:
    """The places of hits in their order, equal ones by document id and start; `ids` are those of the documents."""
    order = (-scores).argsort()
    ordered = scores[order]
    equal = ordered[1:] == ordered[:-1]
    if equal.any():
        is_tied = np.zeros(len(order), np.bool_)
        is_tied[1:] = equal
        is_tied[:-1] |= equal
        tied = is_tied.nonzero()[0]
        places = order[tied]
        names = map(ids.__getitem__, documents[places].tolist())
        settled = sorted(zip((-scores[places]).tolist(), names, starts[places].tolist(), places.tolist(), strict=True))
        order[tied] = [place for *_, place in settled]
    return order
