"""How good a ranking is, by the conventions of trec_eval.

`gains` are the grades of the retrieved documents in ranked order, 0 for one that nobody judged; `judged` are the grades
of all judged documents of the query in any order. Documents of grade 1 and more are relevant. Ties are broken by the
order given.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, log2

Metric = Callable[[Sequence[int], Sequence[int]], float]


def ndcg_at_k(gains: Sequence[int], judged: Sequence[int], k: int) -> float:
    """Normalized discounted cumulative gain of the first `k` documents, in [0, 1].

    0.0 when nothing is relevant. Log base 2, gain linear in the grade, negative grades gain nothing (`ndcg_cut`).

    Raises:
        ValueError: `k` is less than 1.

    Source: Järvelin and Kekäläinen, 2002.
    """
    ideal = _dcg_at_k(sorted(judged, reverse=True), k)
    return _dcg_at_k(gains, k) / ideal if ideal else 0.0


def recall_at_k(gains: Sequence[int], judged: Sequence[int], k: int) -> float:
    """Share of the relevant documents that stand among the first `k`; 0.0 when nothing is relevant.

    Raises:
        ValueError: `k` is less than 1.
    """
    relevant = _relevant(judged)
    return _relevant(_first(gains, k)) / relevant if relevant else 0.0


def precision_at_k(gains: Sequence[int], k: int) -> float:
    """Relevant documents among the first `k`, divided by `k` even if fewer were retrieved.

    Raises:
        ValueError: `k` is less than 1.
    """
    return _relevant(_first(gains, k)) / k


def reciprocal_rank_at_k(gains: Sequence[int], k: int) -> float:
    """1 / place of the first relevant document, 0.0 when none stands among the first `k`.

    Raises:
        ValueError: `k` is less than 1.
    """
    return next((1 / place for place, gain in enumerate(_first(gains, k), start=1) if gain >= 1), 0.0)


def average_precision(gains: Sequence[int], judged: Sequence[int]) -> float:
    """Mean over the relevant documents of the precision at their place, 0 for those not retrieved (`map`)."""
    places = [place for place, gain in enumerate(gains, start=1) if gain >= 1]
    relevant = _relevant(judged)
    return sum(found / place for found, place in enumerate(places, start=1)) / relevant if relevant else 0.0


METRICS: dict[str, Metric] = {
    "ndcg@10": lambda gains, judged: ndcg_at_k(gains, judged, 10),
    "recall@10": lambda gains, judged: recall_at_k(gains, judged, 10),
    "recall@100": lambda gains, judged: recall_at_k(gains, judged, 100),
    "mrr@10": lambda gains, judged: reciprocal_rank_at_k(gains, 10),
    "map": average_precision,
    "precision@10": lambda gains, judged: precision_at_k(gains, 10),
}


def score_rankings(rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """The mean of every metric over the queries of `qrels`; one without a ranking scores 0, one only ranked nothing.

    Raises:
        ValueError: `qrels` is empty.
    """
    if not qrels:
        raise ValueError("there is no judged query to take a mean over")
    graded = [
        ([judged.get(doc_id, 0) for doc_id in rankings.get(query_id, ())], list(judged.values()))
        for query_id, judged in qrels.items()
    ]
    return {name: sum(metric(*grades) for grades in graded) / len(graded) for name, metric in METRICS.items()}


def percentiles(name: str, seconds: Sequence[float]) -> dict[str, float]:
    """`NAME_p50` and `NAME_p95` by nearest rank: the smallest value that this share does not exceed; 0.0 of none."""
    ordered = sorted(seconds) or [0.0]
    return {f"{name}_p{share}": ordered[ceil(share * len(ordered) / 100) - 1] for share in (50, 95)}


def _first(gains: Sequence[int], k: int) -> Sequence[int]:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    return gains[:k]


def _relevant(grades: Sequence[int]) -> int:
    return sum(grade >= 1 for grade in grades)


def _dcg_at_k(gains: Sequence[int], k: int) -> float:
    return sum(max(gain, 0) / log2(place + 1) for place, gain in enumerate(_first(gains, k), start=1))
