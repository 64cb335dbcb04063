"""BM25 of a tenant's chunks, each language by its own statistics."""

from collections.abc import Mapping, Sequence

import numpy as np

from footnote.modules.retrieval.repository.memory.analysed import QueryTerms
from footnote.modules.retrieval.repository.memory.segments import Segment
from footnote.modules.retrieval.repository.memory.sparse import Bm25, Floats, Integers, Lists, Saturation
from footnote.modules.retrieval.repository.memory.tenants import Admitted, Tenant

TOGETHER = 1 << 17  # postings that are scored at once: what they take stays in the cache of a core
FEW = 16  # a list this many times as long as the rows that may be found are is looked up row by row

Asked = Mapping[str, QueryTerms]  # by language


def word_scores(
    tenant: Tenant, admitted: Sequence[Admitted], names: Sequence[str], asked: Asked, bm25: Bm25
) -> list[Floats]:
    """The scores of all rows of each segment, 0 where no word is found; right for those that are admitted.

    Statistics are those of all living chunks of the tenant, whoever asks. `names` are the languages by their codes.
    """
    scores = [np.zeros(segment.size, np.float32) for segment in tenant.segments]
    for code in np.flatnonzero(tenant.counts).tolist():
        terms = asked[names[code]]
        having = _having(tenant.segments, terms)
        chunks = int(tenant.counts[code])
        weights = terms.weights * np.log1p((chunks - having + 0.5) / (having + 0.5))
        saturation = Saturation.of(bm25, float(tenant.mean_lengths[code]))
        for segment, may, its_lists, its_scores in zip(tenant.segments, admitted, terms.lists, scores, strict=True):
            if may.chunks:
                _add(segment, may, its_lists, weights, its_scores, saturation, bm25)
    return scores


def _having(segments: Sequence[Segment], terms: QueryTerms) -> Integers:
    """In how many living chunks each term stands."""
    having = np.zeros(len(terms.weights), np.int64)
    for segment, its_lists in zip(segments, terms.lists, strict=True):
        having += np.array([segment.postings.having(place, segment.living) for place in its_lists], np.int64)
    return having


def _add(
    segment: Segment,
    may: Admitted,
    lists: Lists,
    weights: np.ndarray,
    scores: Floats,
    saturation: Saturation,
    bm25: Bm25,
) -> None:
    rows = may.few(FEW)
    terms: list[tuple[slice | Integers, float]] = []
    postings = 0
    for place, weight in zip(lists, weights.tolist(), strict=True):
        length = place.stop - place.start
        postings += length
        if length and rows is not None and FEW * len(rows) < length:
            terms.append((segment.postings.among(place, rows), weight))
        elif length:
            terms.append((place, weight))
    for some in [terms] if postings <= TOGETHER else [[term] for term in terms]:
        segment.postings.add_scores(scores, some, segment.lengths, saturation, bm25)
