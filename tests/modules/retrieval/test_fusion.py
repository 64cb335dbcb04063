"""How the two lists become one."""

import pytest

from footnote.modules.retrieval.fusion import convex, hybrid, reciprocal_ranks, single
from footnote.modules.retrieval.repository import Hit


def hits(*scores: tuple[str, float]) -> list[Hit]:
    return [Hit(key=key, read_as=key, document_id=key, start=0, score=score) for key, score in scores]


def siblings(parent: str, *scores: tuple[str, float]) -> list[Hit]:
    return [hit._replace(read_as=parent, document_id="d") for hit in hits(*scores)]


def test_the_convex_sum_weighs_shares_of_the_greatest() -> None:
    fused = convex(0.6)(hits(("a", 0.8), ("b", 0.4)), hits(("b", 12.0), ("c", 3.0)))
    assert fused == {"a": pytest.approx(0.6), "b": pytest.approx(0.6 * 0.5 + 0.4), "c": pytest.approx(0.4 * 0.25)}


def test_opposite_embeddings_count_no_less_than_unrelated_ones() -> None:
    assert convex(0.5)(hits(("a", 0.5), ("b", -0.5)), [])["b"] == 0


def test_lists_without_a_positive_score_add_nothing() -> None:
    assert convex(0.5)(hits(("a", -0.2)), hits(("b", 0.0))) == {"a": 0, "b": 0}


def test_reciprocal_ranks_add_up() -> None:
    fused = reciprocal_ranks(hits(("a", 0.9), ("b", 0.1)), hits(("b", 7.0)))
    assert fused == {"a": pytest.approx(1 / 61), "b": pytest.approx(1 / 62 + 1 / 61)}


def test_hybrid_keeps_score_and_rank_of_every_stage() -> None:
    [best, second] = hybrid(convex(0.5), 2)(hits(("a", 0.8), ("b", 0.4)), hits(("b", 9.0)))
    assert (best.key, best.score, best.scores.dense, best.scores.lexical) == ("b", 0.75, 0.4, 9.0)
    assert (best.ranks.dense, best.ranks.lexical, best.ranks.fused) == (2, 1, 1)
    assert (second.key, second.scores.lexical, second.ranks.lexical, second.ranks.fused) == ("a", None, None, 2)


def test_equal_sums_come_by_document_and_start() -> None:
    lists = [
        Hit(key=key, read_as=key, document_id=key[0], start=int(key[1]), score=1.0) for key in ("b1", "a2", "b0", "a1")
    ]
    assert [each.key for each in hybrid(convex(0.5), 10)(lists, lists)] == ["a1", "a2", "b0", "b1"]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_single_list_stays_as_it_is(swapped: bool) -> None:
    found = hits(("a", 0.8), ("b", 0.4))
    ranked = single(1)([], found) if swapped else single(1)(found, [])
    assert [(each.key, each.score, each.scores.fused) for each in ranked] == [("a", 0.8, None)]


def test_the_best_child_stands_for_its_siblings() -> None:
    dense = [*siblings("P", ("p1", 0.8)), *hits(("a", 0.6)), *siblings("P", ("p2", 0.4))]
    lexical = [*siblings("P", ("p2", 9.0)), *hits(("a", 3.0))]
    [first, second] = hybrid(convex(0.5), 2)(dense, lexical)
    assert (first.key, first.score, first.scores.dense, first.scores.lexical) == ("P", 0.75, 0.4, 9.0)
    assert (first.ranks.dense, first.ranks.lexical, first.ranks.fused) == (3, 1, 1)
    assert (second.key, second.ranks.fused) == ("a", 2)


def test_siblings_take_one_place_of_a_single_list() -> None:
    found = [*siblings("P", ("p1", 0.8), ("p2", 0.7), ("p3", 0.6)), *hits(("a", 0.5), ("b", 0.4))]
    assert [(each.key, each.ranks.dense) for each in single(2)(found, [])] == [("P", 1), ("a", 4)]
