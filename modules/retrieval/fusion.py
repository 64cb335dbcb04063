"""Makes one order of what the dense and the lexical stage have found."""

from collections.abc import Callable, Sequence

import numpy as np

from footnote.modules.retrieval.models import Ranks, Scores
from footnote.modules.retrieval.planning.subjects import are_long
from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray, Step, in_order
from footnote.modules.retrieval.ranking.deviations import variance
from footnote.modules.retrieval.repository import Rank, Ranked, Stored
from footnote.modules.retrieval.repository.hits import Both, Hits, Integers, Listed
from footnote.modules.retrieval.repository.ties import best_first

RRF_CONSTANT = 60  # Cormack, Clarke and Büttcher, 2009
USUAL_SPREAD = 1 / 6  # of a list, as a share of its greatest score
USUAL_HITS = 20  # that a list is taken to have had of the usual spread


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
        is_near = both.dense.is_there
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
    places = [_places(both.hits, listed) for listed in (both.dense, both.lexical)]
    by_list = [np.where(each >= 0, 1 / (RRF_CONSTANT + 1 + each), 0.0) for each in places]
    return by_list[0] + by_list[1]


def hybrid(fuse: Fuse, top_k: int, steps: Sequence[Step] = (), *, of_long: int = 0) -> Rank:
    """The `top_k` of greatest fused score after all `steps`, equal ones by document id and start.

    `of_long`, if that is more, where they are parts of long documents.
    """

    def rank(both: Both, stored: Stored | None = None) -> list[Ranked]:
        looked = Looked(stored)
        order, scores = in_order(both.hits, fuse(both))
        for step in steps:
            head = slice(step.depth)
            hits = both.hits.taken(order[head])
            again, scores[head] = in_order(hits, step(hits, scores[head], looked))
            order[head] = order[head][again]
        shown = _shown(both.hits, order, top_k, of_long)
        return _ranked(both, order[shown], scores[shown], is_fused=True)

    return rank


def single(top_k: int, *, of_long: int = 0) -> Rank:
    """The `top_k` best of the only list there is; `of_long`, if that is more, where documents are long."""

    def rank(both: Both, stored: Stored | None = None) -> list[Ranked]:
        scores = (both.dense if both.dense.is_there.any() else both.lexical).scores
        order = best_first(both.hits, scores)
        shown = order[_shown(both.hits, order, top_k, of_long)]
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


def _shown(hits: Hits, order: Integers, top_k: int, of_long: int) -> list[int]:
    """The places in `order` of those to be shown: fewer only where they do not look as if documents were long."""
    shown = collapsed(hits.read_as[order].tolist(), max(top_k, of_long))
    if len(shown) <= top_k:
        return shown
    documents = hits.documents[order[shown]]
    parts = (documents[:top_k], documents)
    return shown if any(are_long(len(np.unique(each)), len(each)) for each in parts) else shown[:top_k]


def _said(hits: Hits, listed: Listed, rows: Integers) -> list[tuple[int, float] | tuple[None, None]]:
    """Of some of the hits, the rank in one list, from 1, and the score."""
    ascending, scores = np.sort(-listed.scores[listed.is_there]), listed.scores[rows]
    places = ascending.searchsorted(-scores)
    if (ascending.searchsorted(-scores, "right") - places > 1).any():  # others score the same
        places = _places(hits, listed)[rows]
    found = zip(listed.is_there[rows].tolist(), places.tolist(), scores.tolist(), strict=True)
    return [(place + 1, score) if is_there else (None, None) for is_there, place, score in found]


def _places(hits: Hits, listed: Listed) -> Integers:
    """Where each hit stands in one list, from 0; -1: nowhere."""
    rows = listed.is_there.nonzero()[0]
    order = best_first(hits.taken(rows), listed.scores[rows])
    places = np.full(len(hits), -1)
    places[rows[order]] = np.arange(len(rows))
    return places


def _ranked(both: Both, rows: Integers, scores: ScoreArray, *, is_fused: bool) -> list[Ranked]:
    said = [_said(both.hits, each, rows) for each in (both.dense, both.lexical)]
    columns = both.hits.read_as[rows].tolist(), scores.tolist(), *said
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
