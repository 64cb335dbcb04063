"""Makes one order of what several queries found."""

from collections.abc import Sequence

import msgspec

from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.plan import PlannedQuery

RANK_CONSTANT = 60  # Cormack, Clarke and Büttcher, 2009


def fused(queries: Sequence[PlannedQuery], found: Sequence[Sequence[Passage]], top_k: int) -> tuple[Passage, ...]:
    """The `top_k` passages of greatest weighted sum of reciprocal ranks; each as the first query that found it has it.

    `found` holds the passages of each of `queries`, best first. Of a single query the order and the scores stay.
    """
    if len(found) == 1:
        return tuple(found[0][:top_k])
    sums: dict[str, float] = {}
    passages: dict[str, Passage] = {}
    for query, ranked in zip(queries, found, strict=True):
        for place, passage in enumerate(ranked, start=1):
            sums[passage.id] = sums.get(passage.id, 0.0) + query.weight / (RANK_CONSTANT + place)
            passages.setdefault(passage.id, passage)
    order = sorted(passages.values(), key=lambda each: (-round(sums[each.id], 6), each.document_id, each.start))
    return tuple(msgspec.structs.replace(each, score=round(sums[each.id], 6)) for each in order[:top_k])
