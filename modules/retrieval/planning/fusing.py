"""Makes one order of what several queries found."""

from collections.abc import Sequence

import msgspec

from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.plan import PlannedQuery

DECIMALS = 6


def fused(queries: Sequence[PlannedQuery], found: Sequence[Sequence[Passage]], top_k: int) -> tuple[Passage, ...]:
    """The `top_k` passages of greatest mean score, weighed by query.

    `found` holds the passages of each of `queries`. What a query did not find counts 0 there, and a query that found
    nothing counts for nothing. Of a single query the order and the scores stay. A mean of scores keeps their meaning,
    which reciprocal ranks lose, and measured the same.
    """
    if len(found) == 1:
        return tuple(found[0][:top_k])
    total = sum(query.weight for query, ranked in zip(queries, found, strict=True) if ranked)
    sums: dict[str, float] = {}
    passages: dict[str, Passage] = {}
    for query, ranked in zip(queries, found, strict=True):
        for passage in ranked:
            sums[passage.id] = sums.get(passage.id, 0.0) + query.weight / total * passage.score
            passages.setdefault(passage.id, passage)
    means = {name: round(score, DECIMALS) for name, score in sums.items()}
    order = sorted(passages.values(), key=lambda each: (-means[each.id], each.document_id, each.start))
    return tuple(_ranked(each, means[each.id], place) for place, each in enumerate(order[:top_k], start=1))


def _ranked(passage: Passage, score: float, place: int) -> Passage:
    return msgspec.structs.replace(
        passage,
        score=score,
        scores=msgspec.structs.replace(passage.scores, fused=score),
        ranks=msgspec.structs.replace(passage.ranks, fused=place),
    )
