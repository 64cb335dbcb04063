"""Makes one order of the dense and the lexical list."""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat

import numpy as np

from footnote.modules.retrieval.models import Ranks, Scores
from footnote.modules.retrieval.ranking.candidates import Step, in_order
from footnote.modules.retrieval.repository import Hit, Rank, Ranked, Stored

RRF_CONSTANT = 60  # Cormack, Clarke and Büttcher, 2009
USUAL_SPREAD = 1 / 6  # of a list, as a share of its greatest score
USUAL_HITS = 20  # that a list is taken to have had of the usual spread

Key = int | str
Fuse = Callable[[Sequence[Hit], Sequence[Hit]], dict[Key, float]]


def standardised(dense_weight: float) -> Fuse:
    """A weighted sum of both scores, each in standard deviations of its list, as a share of the greatest that can be.

    So a stage counts the more, the more clearly its best hits stand out. What the dense list lacks counts as its least,
    what the lexical one lacks 0. The order is that of a sum of z-scores; without their means, no score is negative. The
    spread of a short list is drawn towards the usual one, for of a few hits it says little.

    Source: z-score fusion (Renda and Straccia, Web Metasearch: Rank vs. Score Based Rank Aggregation Methods, 2003).
    """

    def fuse(dense: Sequence[Hit], lexical: Sequence[Hit]) -> dict[Key, float]:
        near = {hit.key: hit.score for hit in dense}
        worded = {hit.key: hit.score for hit in lexical}
        keys = list(near | worded)
        cosines = np.full(len(keys), max(min(near.values(), default=0.0), 0.0))
        cosines[: len(near)] = np.maximum(np.fromiter(near.values(), np.float64, len(near)), 0.0)
        bm25 = np.fromiter(map(worded.get, keys, repeat(0.0)), np.float64, len(keys))
        by_dense, by_words = dense_weight * _deviations(cosines), (1 - dense_weight) * _deviations(bm25)
        greatest = float(by_dense.max(initial=0.0) + by_words.max(initial=0.0)) or 1.0
        return dict(zip(keys, ((by_dense + by_words) / greatest).tolist(), strict=True))

    return fuse


def convex(dense_weight: float) -> Fuse:
    """A weighted sum of both scores, each divided by the greatest of its list; what a list lacks counts 0.

    0 is the least that BM25 can be and stands for an unrelated embedding, so a list of only poor hits is not blown up
    as min-max normalisation over the found hits does.

    Source: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, 2023 (theoretical min-max).
    """

    def fuse(dense: Sequence[Hit], lexical: Sequence[Hit]) -> dict[Key, float]:
        fused = {hit.key: dense_weight * share for hit, share in _shares(dense)}
        for hit, share in _shares(lexical):
            fused[hit.key] = fused.get(hit.key, 0.0) + (1 - dense_weight) * share
        return fused

    return fuse


def reciprocal_ranks(dense: Sequence[Hit], lexical: Sequence[Hit]) -> dict[Key, float]:
    """The sum of 1 / (60 + rank) over both lists."""
    fused: dict[Key, float] = {}
    for hits in (dense, lexical):
        for place, hit in enumerate(hits, start=1):
            fused[hit.key] = fused.get(hit.key, 0.0) + 1 / (RRF_CONSTANT + place)
    return fused


def hybrid(fuse: Fuse, top_k: int, steps: Sequence[Step] = ()) -> Rank:
    """The `top_k` of greatest fused score after all `steps`, equal ones by document id and start."""

    def rank(dense: Sequence[Hit], lexical: Sequence[Hit], stored: Stored | None = None) -> list[Ranked]:
        fused = fuse(dense, lexical)
        hits = {hit.key: hit for hit in (*dense, *lexical)}
        order, scores = in_order([*hits.values()], np.fromiter(map(fused.__getitem__, hits), np.float64, len(hits)))
        for step in steps:
            order, scores = in_order(order, step(order, scores, stored))
        by_dense, by_lexical = _Places(dense), _Places(lexical)
        return [
            _ranked(scores[at].item(), by_dense.of(hit), by_lexical.of(hit), hit.read_as, place)
            for place, (at, hit) in enumerate(collapsed(order, top_k), start=1)
        ]

    return rank


def single(top_k: int) -> Rank:
    """The `top_k` of the only list there is, as they come."""

    def rank(dense: Sequence[Hit], lexical: Sequence[Hit], stored: Stored | None = None) -> list[Ranked]:
        by_dense, by_lexical = _Places(dense), _Places(lexical)
        return [
            _ranked(hit.score, by_dense.of(hit), by_lexical.of(hit), hit.read_as, None)
            for _, hit in collapsed(dense or lexical, top_k)
        ]

    return rank


def collapsed(order: Sequence[Hit], top_k: int) -> list[tuple[int, Hit]]:
    """The first `top_k` hits that are read as different chunks, with their places from 0 in `order`.

    So of the children of one parent there is only the best.
    """
    best: dict[Key, tuple[int, Hit]] = {}
    for at, hit in enumerate(order):
        if len(best) == top_k:
            break
        best.setdefault(hit.read_as, (at, hit))
    return list(best.values())


Placed = tuple[int, float]  # rank from 1, score


class _Places:
    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._places = {hit.key: place for place, hit in enumerate(hits)}

    def of(self, hit: Hit) -> Placed | None:
        place = self._places.get(hit.key)
        return None if place is None else (place + 1, self._hits[place].score)


def _ranked(score: float, dense: Placed | None, lexical: Placed | None, key: Key, fused: int | None) -> Ranked:
    dense_rank, dense_score = dense or (None, None)
    lexical_rank, lexical_score = lexical or (None, None)
    return Ranked(
        key=key,
        score=score,
        scores=Scores(dense=dense_score, lexical=lexical_score, fused=None if fused is None else score),
        ranks=Ranks(dense=dense_rank, lexical=lexical_rank, fused=fused),
    )


def _shares(hits: Sequence[Hit]) -> Iterable[tuple[Hit, float]]:
    """Each hit with its score as a share of the greatest, in [0, 1]."""
    greatest = max((hit.score for hit in hits), default=0.0)
    return [(hit, max(hit.score, 0.0) / greatest if greatest > 0 else 0.0) for hit in hits]


def _deviations(scores: np.ndarray) -> np.ndarray:
    """The scores, of at least 0, in standard deviations."""
    greatest = float(scores.max(initial=0.0))
    if greatest <= 0:
        return np.zeros(len(scores))
    usual = USUAL_HITS * (USUAL_SPREAD * greatest) ** 2
    deviations: np.ndarray = scores / np.sqrt((len(scores) * scores.var() + usual) / (len(scores) + USUAL_HITS))
    return deviations
