"""What is ranked, best first, and how one step of ranking changes its scores."""

from typing import Protocol

import numkong
import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hits, Integers, Keys
from footnote.modules.retrieval.repository.ties import best_first

DECIMALS = 6

ScoreArray = NDArray[np.float64]


class Looked:
    """What ranking may look at beside scores, looked up once for all steps of one search."""

    def __init__(self, stored: Stored | None) -> None:
        """None: there is nothing."""
        self.tokens = stored.tokens if stored else None
        self._vectors = stored.vectors if stored else None
        self._known: tuple[Keys, ScoreArray] | None = None  # keys, ascending, and their cosines

    def cosines(self, hits: Hits) -> ScoreArray | None:
        """Of each pair of hits, [len(hits), len(hits)]; 0 for one without a vector, None if there are no vectors.

        The next step mostly asks for the same hits in another order.
        """
        if self._vectors is None:
            return None
        order = hits.keys.argsort()
        keys = hits.keys[order]
        if self._known is None or len(keys) != len(self._known[0]) or (keys != self._known[0]).any():
            vectors = self._vectors(keys.tolist())
            self._known = keys, np.asarray(numkong.cdist(vectors, vectors, "dot"))  # float64
        places = order.argsort()
        cosines: ScoreArray = self._known[1].take(places, 0).take(places, 1)
        return cosines


class Step(Protocol):
    """New scores of the first `depth` hits, which come best first, in the same order; greatest is best.

    None: of all hits. The others stay below.
    """

    @property
    def depth(self) -> int | None: ...

    def __call__(self, hits: Hits, scores: ScoreArray, looked: Looked, /) -> ScoreArray: ...


def in_order(hits: Hits, scores: ScoreArray) -> tuple[Integers, ScoreArray]:
    """The places of hits, best first by six decimals, equal ones by document id and start, and their scores."""
    rounded = np.round(scores, DECIMALS)
    order = best_first(hits, rounded)
    return order, rounded[order]
