"""The order of hits of equal scores, the same in every store."""

import numpy as np

from footnote.modules.retrieval.repository.document_ids import DocumentIds
from footnote.modules.retrieval.repository.hits import Floats, Integers


def best_first(scores: Floats, documents: Integers, starts: Integers, ids: DocumentIds) -> Integers:
    """The places of hits in their order, equal ones by document id and start; `ids` are those of the documents."""
    order = (-scores).argsort()
    ordered = scores[order]
    equal = ordered[1:] == ordered[:-1]
    if equal.any():
        is_tied = np.zeros(len(order), np.bool_)
        is_tied[1:] = equal
        is_tied[:-1] |= equal
        tied = is_tied.nonzero()[0]
        order[tied] = _settled(order[tied], scores, documents, starts, ids)
    return order


def _settled(places: Integers, scores: Floats, documents: Integers, starts: Integers, ids: DocumentIds) -> Integers:
    """In their order; what is equal in all comes as it came."""
    keys = -scores[places], documents[places], starts[places]
    if ids.are_short:
        return places[np.lexsort((places, keys[2], ids.encoded[keys[1]], keys[0]))]
    names = map(ids.__getitem__, keys[1].tolist())
    settled = sorted(zip(keys[0].tolist(), names, keys[2].tolist(), places.tolist(), strict=True))
    return np.array([place for *_, place in settled])
