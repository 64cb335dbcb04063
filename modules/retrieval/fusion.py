"""Makes one order of the dense and the lexical list."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from footnote.modules.retrieval.models import Ranks, Scores
from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray, Step, in_order
from footnote.modules.retrieval.ranking.deviations import variance
from footnote.modules.retrieval.repository import Rank, Ranked, Stored
from footnote.modules.retrieval.repository.hits import Hits, Integers, Keys

RRF_CONSTANT = 60  # Cormack, Clarke and Büttcher, 2009
USUAL_SPREAD = 1 / 6  # of a list, as a share of its greatest score
USUAL_HITS = 20  # that a list is taken to have had of the usual spread


class Placed(NamedTuple):
    """Where each of some hits stands in one list."""

    places: Integers  # from 0; -1: nowhere
    scores: ScoreArray  # 0: nowhere

    @property
    def there(self) -> np.ndarray:
        return self.places >= 0

    def of(self, rows: Integers) -> list[tuple[int, float] | tuple[None, None]]:
        """The ranks from 1 and the scores of some of the hits."""
        found = zip(self.places[rows].tolist(), self.scores[rows].tolist(), strict=True)
        return [(None, None) if place < 0 else (place + 1, score) for place, score in found]


class Both(NamedTuple):
    """The hits of both lists, each once."""

    hits: Hits  # those of the dense list in its order, then the others
    dense: Placed
    lexical: Placed

    @classmethod
    def of(cls, dense: Hits, lexical: Hits) -> "Both":
        places = _places(lexical.keys, dense.keys)
        others = (places < 0).nonzero()[0]
        places[others] = np.arange(len(dense), len(dense) + len(others))
        hits = dense.beside(lexical.taken(others)) if len(others) else dense
        return cls(hits, _placed(dense, slice(len(dense)), len(hits)), _placed(lexical, places, len(hits)))


Fuse = Callable[[Both], ScoreArray]
"""A score for each hit of either list."""


def standardised(dense_weight: float) -> Fuse:
    """A weighted sum of both scores, each in standard deviations of its list, as a share of the greatest that can be.

    So a stage counts the more, the more clearly its best hits stand out. What the dense list lacks counts as its least,
    what the lexical one lacks 0. The order is that of a sum of z-scores; without their means, no score is negative. The
    spread of a short list is drawn towards the usual one, for of a few hits it says little.

    Source: z-score fusion (Renda and Straccia, Web Metasearch: Rank vs. Score Based Rank Aggregation Methods, 2003).
    """

    def fuse(both: Both) -> ScoreArray:
        is_near = both.dense.there
        least = both.dense.scores[is_near].min() if is_near.any() else 0.0
        cosines = np.maximum(np.where(is_near, both.dense.scores, least), 0.0)
        by_dense = dense_weight * _deviations(cosines)
        by_words = (1 - dense_weight) * _deviations(both.lexical.scores)
        greatest = float(by_dense.max(initial=0.0) + by_words.max(initial=0.0)) or 1.0
        return (by_dense + by_words) / greatest

    return fuse


def convex(dense_weight: float) -> Fuse:
    """A weighted sum of both scores, each divided by the greatest of its list; what a list lacks counts 0.

    0 is the least that BM25 can be and stands for an unrelated embedding, so a list of only poor hits is not blown up
    as min-max normalisation over the found hits does.

    Source: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, 2023 (theoretical min-max).
    """

    def fuse(both: Both) -> ScoreArray:
        return dense_weight * _shares(both.dense.scores) + (1 - dense_weight) * _shares(both.lexical.scores)

    return fuse


def reciprocal_ranks(both: Both) -> ScoreArray:
    """The sum of 1 / (60 + rank) over both lists."""
    by_list = [np.where(each.there, 1 / (RRF_CONSTANT + 1 + each.places), 0.0) for each in (both.dense, both.lexical)]
    return by_list[0] + by_list[1]


def hybrid(fuse: Fuse, top_k: int, steps: Sequence[Step] = ()) -> Rank:
    """The `top_k` of greatest fused score after all `steps`, equal ones by document id and start."""

    def rank(dense: Hits, lexical: Hits, stored: Stored | None = None) -> list[Ranked]:
        both, looked = Both.of(dense, lexical), Looked(stored)
        order, scores = in_order(both.hits, fuse(both))
        for step in steps:
            head = slice(step.depth)
            hits = both.hits.taken(order[head])
            again, scores[head] = in_order(hits, step(hits, scores[head], looked))
            order[head] = order[head][again]
        shown = collapsed(both.hits.read_as[order].tolist(), top_k)
        return _ranked(both, order[shown], scores[shown], is_fused=True)

    return rank


def single(top_k: int) -> Rank:
    """The `top_k` of the only list there is, as they come."""

    def rank(dense: Hits, lexical: Hits, stored: Stored | None = None) -> list[Ranked]:
        both = Both.of(dense, lexical)
        scores = both.dense.scores if len(dense) else both.lexical.scores
        shown = np.array(collapsed(both.hits.read_as.tolist(), top_k), np.int64)
        return _ranked(both, shown, scores[shown], is_fused=False)

    return rank


def collapsed(read_as: Sequence[int | str], top_k: int) -> list[int]:
    """The places of the first `top_k` hits that are read as different chunks.

    So of the children of one parent there is only the best.
    """
    best: dict[int | str, int] = {}
    for at, key in enumerate(read_as):
        if len(best) == top_k:
            break
        best.setdefault(key, at)
    return list(best.values())


def _places(keys: Keys, among: Keys) -> Integers:
    """Where each of `keys` stands in `among`, which has none twice; -1: nowhere."""
    if not len(keys) or not len(among):
        return np.full(len(keys), -1)
    order = among.argsort()
    places = order[np.minimum(among.searchsorted(keys, sorter=order), len(among) - 1)]
    return np.where(among[places] == keys, places, -1)


def _placed(hits: Hits, rows: Integers | slice, count: int) -> Placed:
    """Of `count` hits those of one list, which are in `rows`."""
    places, scores = np.full(count, -1), np.zeros(count)
    places[rows] = np.arange(len(hits))
    scores[rows] = hits.scores
    return Placed(places, scores)


def _ranked(both: Both, rows: Integers, scores: ScoreArray, *, is_fused: bool) -> list[Ranked]:
    columns = both.hits.read_as[rows].tolist(), scores.tolist(), both.dense.of(rows), both.lexical.of(rows)
    return [
        Ranked(
            key=key,
            score=score,
            scores=Scores(dense=dense[1], lexical=lexical[1], fused=score if is_fused else None),
            ranks=Ranks(dense=dense[0], lexical=lexical[0], fused=rank if is_fused else None),
        )
        for rank, (key, score, dense, lexical) in enumerate(zip(*columns, strict=True), start=1)
    ]


def _shares(scores: ScoreArray) -> ScoreArray:
    """Each score as a share of the greatest, in [0, 1]."""
    positive = np.maximum(scores, 0.0)
    return positive / (float(positive.max(initial=0.0)) or 1.0)


def _deviations(scores: np.ndarray) -> np.ndarray:
    """The scores, of at least 0, in standard deviations."""
    greatest = float(scores.max(initial=0.0))
    if greatest <= 0:
        return np.zeros(len(scores))
    usual = USUAL_HITS * (USUAL_SPREAD * greatest) ** 2
    deviations: np.ndarray = scores / ((len(scores) * variance(scores) + usual) / (len(scores) + USUAL_HITS)) ** 0.5
    return deviations
