"""The order of hits of equal scores, the same in every store."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

import numpy as np

from footnote.modules.retrieval.repository import Hit

_PLACE = attrgetter("document_id", "start")


def settled(hits: list[Hit], scores: np.ndarray) -> list[Hit]:
    """The same hits, which come best first, but those of equal scores by document id and start."""
    for first, end in _runs(np.flatnonzero(scores[1:] == scores[:-1]).tolist()):
        hits[first:end] = sorted(hits[first:end], key=_PLACE)
    return hits


def _runs(equal: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where runs of equal scores begin and end; `equal` are the places whose score the next one has too."""
    first = None
    for place, following in zip(equal, [*equal[1:], -1], strict=False):
        first = place if first is None else first
        if following != place + 1:
            yield first, place + 2
            first = None
