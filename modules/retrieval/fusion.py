"""Makes one order of the dense and the lexical list."""

from collections.abc import Callable, Iterable, Sequence

from footnote.modules.retrieval.models import Ranks, Scores
from footnote.modules.retrieval.repository import Hit, Rank, Ranked

RRF_CONSTANT = 60  # Cormack, Clarke and Büttcher, 2009
DECIMALS = 6

Key = int | str
Fuse = Callable[[Sequence[Hit], Sequence[Hit]], dict[Key, float]]


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


def hybrid(fuse: Fuse, top_k: int) -> Rank:
    """The `top_k` of greatest fused score, equal ones by document id and start."""

    def rank(dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[Ranked]:
        fused = {key: round(score, DECIMALS) for key, score in fuse(dense, lexical).items()}
        hits = {hit.key: hit for hit in (*dense, *lexical)}
        order = sorted(hits.values(), key=lambda hit: (-fused[hit.key], hit.document_id, hit.start))
        by_dense, by_lexical = _places(dense), _places(lexical)
        return [
            _ranked(fused[hit.key], by_dense.get(hit.key), by_lexical.get(hit.key), hit.read_as, place)
            for place, hit in enumerate(collapsed(order, top_k), start=1)
        ]

    return rank


def single(top_k: int) -> Rank:
    """The `top_k` of the only list there is, as they come."""

    def rank(dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[Ranked]:
        by_dense, by_lexical = _places(dense), _places(lexical)
        return [
            _ranked(hit.score, by_dense.get(hit.key), by_lexical.get(hit.key), hit.read_as, None)
            for hit in collapsed(dense or lexical, top_k)
        ]

    return rank


def collapsed(order: Sequence[Hit], top_k: int) -> list[Hit]:
    """The first `top_k` hits that are read as different chunks: of the children of one parent only the best."""
    best: dict[Key, Hit] = {}
    for hit in order:
        if len(best) == top_k:
            break
        best.setdefault(hit.read_as, hit)
    return list(best.values())


Placed = tuple[int, float]  # rank from 1, score


def _places(hits: Sequence[Hit]) -> dict[Key, Placed]:
    return {hit.key: (place, hit.score) for place, hit in enumerate(hits, start=1)}


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
