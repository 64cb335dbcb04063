"""Makes one order of what several queries found."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.plan import PlannedQuery

DECIMALS = 6
PREFERENCE = 0.5  # of being from a preferred document, beside the score


def fused(
    queries: Sequence[PlannedQuery],
    found: Sequence[Sequence[Passage]],
    top_k: int,
    preferred: Collection[str] = frozenset(),
) -> tuple[Passage, ...]:
    """The `top_k` passages of greatest mean score, weighed by query; those of the documents `preferred` move up.

    `found` holds the passages of each of `queries`. What a query did not find counts 0 there, and a query that found
    nothing counts for nothing. Of a single query the order and the scores stay. A mean of scores keeps their meaning,
    which reciprocal ranks lose, and measured the same.
    """
    if len(found) == 1 and not preferred:
        return tuple(found[0][:top_k])
    total = sum(query.weight for query, ranked in zip(queries, found, strict=True) if ranked)
    sums: dict[str, float] = {}
    passages: dict[str, Passage] = {}
    for query, ranked in zip(queries, found, strict=True):
        for passage in ranked:
            sums[passage.id] = sums.get(passage.id, 0.0) + query.weight / total * passage.score
            passages.setdefault(passage.id, passage)
    means = _lifted(sums, [each.id for each in passages.values() if each.document_id in preferred])
    order = sorted(passages.values(), key=lambda each: (-means[each.id], each.document_id, each.start))
    return tuple(_ranked(each, means[each.id], place) for place, each in enumerate(order[:top_k], start=1))


def _lifted(sums: Mapping[str, float], preferred: Collection[str]) -> dict[str, float]:
    """As if another query had found all that are preferred, as good as the best."""
    if not preferred:
        return {name: round(score, DECIMALS) for name, score in sums.items()}
    bonus = dict.fromkeys(preferred, PREFERENCE * max(sums.values()))
    return {name: round((score + bonus.get(name, 0.0)) / (1 + PREFERENCE), DECIMALS) for name, score in sums.items()}


def _ranked(passage: Passage, score: float, place: int) -> Passage:
    return msgspec.structs.replace(
        passage,
        score=score,
        scores=msgspec.structs.replace(passage.scores, fused=score),
        ranks=msgspec.structs.replace(passage.ranks, fused=place),
    )
