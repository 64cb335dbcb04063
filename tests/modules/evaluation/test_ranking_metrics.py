"""Values worked out by hand."""

from collections.abc import Callable
from math import log2

import pytest

from footnote.modules.evaluation.metrics import (
    average_precision,
    ndcg_at_k,
    percentiles,
    precision_at_k,
    recall_at_k,
    reciprocal_rank_at_k,
    score_rankings,
)

GAINS = [0, 2, 0, 1, 0]
JUDGED = [1, 2, 3, 0]


def test_ndcg_is_gain_over_the_best_possible_gain() -> None:
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert ndcg_at_k(GAINS, JUDGED, 10) == pytest.approx((2 / log2(3) + 1 / log2(5)) / ideal)


def test_ndcg_looks_no_further_than_k() -> None:
    assert ndcg_at_k(GAINS, JUDGED, 2) == pytest.approx((2 / log2(3)) / (3 + 2 / log2(3)))


def test_the_ideal_order_has_ndcg_one() -> None:
    assert ndcg_at_k([3, 2, 1], JUDGED, 10) == 1.0


def test_a_negative_grade_gains_nothing() -> None:
    assert ndcg_at_k([-2, 1], [1, -2], 10) == pytest.approx(1 / log2(3))


def test_recall_counts_what_k_reaches() -> None:
    assert [recall_at_k(GAINS, JUDGED, k) for k in (1, 2, 4, 10)] == [0, 1 / 3, 2 / 3, 2 / 3]


def test_precision_divides_by_k_even_if_fewer_were_retrieved() -> None:
    assert precision_at_k(GAINS, 10) == 0.2


def test_reciprocal_rank_is_of_the_first_relevant() -> None:
    assert reciprocal_rank_at_k(GAINS, 10) == 0.5


def test_reciprocal_rank_beyond_k_is_zero() -> None:
    assert reciprocal_rank_at_k([0] * 10 + [1], 10) == 0.0


def test_average_precision_counts_the_unretrieved_as_zero() -> None:
    assert average_precision(GAINS, JUDGED) == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_a_query_without_relevant_documents_scores_zero() -> None:
    assert (ndcg_at_k([0], [0], 10), recall_at_k([0], [0], 10), average_precision([0], [0])) == (0, 0, 0)


@pytest.mark.parametrize(
    "metric",
    [
        lambda: ndcg_at_k(GAINS, JUDGED, 0),
        lambda: recall_at_k(GAINS, JUDGED, 0),
        lambda: precision_at_k(GAINS, 0),
        lambda: reciprocal_rank_at_k(GAINS, 0),
    ],
)
def test_a_depth_below_one_is_refused(metric: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match="k must be at least 1"):
        metric()


def test_means_are_over_the_judged_queries() -> None:
    qrels = {"found": {"a": 1}, "missed": {"a": 1}, "unasked": {"a": 1}}
    rankings = {"found": ["a"], "missed": ["b"], "unjudged": ["a"]}
    assert score_rankings(rankings, qrels)["recall@10"] == pytest.approx(1 / 3)


def test_means_need_a_judged_query() -> None:
    with pytest.raises(ValueError, match="no judged query"):
        score_rankings({"q": ["a"]}, {})


def test_percentiles_are_values_that_occurred() -> None:
    assert percentiles("search", [float(n) for n in range(20, 0, -1)]) == {"search_p50": 10.0, "search_p95": 19.0}


def test_percentiles_of_nothing_are_zero() -> None:
    assert percentiles("search", []) == {"search_p50": 0.0, "search_p95": 0.0}
