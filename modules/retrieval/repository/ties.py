"""The order of hits of equal scores, the same in every store."""

import numpy as np

from footnote.modules.retrieval.repository.hits import Floats, Hits, Integers


def best_first(hits: Hits, scores: Floats) -> Integers:
    """The places of hits that have `scores` in their order, equal ones by document id and start."""
    order = (-scores).argsort()
    ordered = scores[order]
    equal = ordered[1:] == ordered[:-1]
    if equal.any():
        is_tied = np.zeros(len(order), np.bool_)
        is_tied[1:] = equal
        is_tied[:-1] |= equal
        tied = is_tied.nonzero()[0]
        order[tied] = _settled(hits, scores, order[tied])
    return order


def _settled(hits: Hits, scores: Floats, places: Integers) -> Integers:
    """Some `places` in their order; what is equal in all comes as it came."""
    least, documents, starts = -scores[places], hits.documents[places], hits.starts[places]
    if hits.ids.are_short:
        return places[np.lexsort((places, starts, hits.ids.encoded[documents], least))]
    names = map(hits.ids.__getitem__, documents.tolist())
    settled = sorted(zip(least.tolist(), names, starts.tolist(), places.tolist(), strict=True))
    return np.array([place for *_, place in settled])
