"""The order of hits of equal scores, the same in every store."""

from collections.abc import Sequence

import numpy as np

from footnote.modules.retrieval.repository.hits import Floats, Integers


def best_first(scores: Floats, documents: Integers, starts: Integers, ids: Sequence[str]) -> Integers:
    """The places of hits in their order, equal ones by document id and start; `ids` are those of the documents."""
    order = np.argsort(-scores)
    ordered = scores[order]
    equal = ordered[1:] == ordered[:-1]
    if equal.any():
        tied = np.flatnonzero(np.concatenate([equal, [False]]) | np.concatenate([[False], equal]))
        places = order[tied]
        names = map(ids.__getitem__, documents[places].tolist())
        settled = sorted(zip((-scores[places]).tolist(), names, starts[places].tolist(), places.tolist(), strict=True))
        order[tied] = [place for *_, place in settled]
    return order
