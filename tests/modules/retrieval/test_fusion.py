"""How the two lists become one."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from footnote.modules.retrieval.fusion import Fuse, convex, hybrid, reciprocal_ranks, single, standardised
from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray
from footnote.modules.retrieval.repository import Rank, Ranked
from footnote.modules.retrieval.repository.hits import Both, Hit, Hits


def hits(*scores: tuple[str, float]) -> list[Hit]:
    return [Hit(key=key, read_as=key, document_id=key, start=0, score=score) for key, score in scores]


def siblings(parent: str, *scores: tuple[str, float]) -> list[Hit]:
    return [msgspec.structs.replace(hit, read_as=parent, document_id="d") for hit in hits(*scores)]


def scores(fuse: Fuse, dense: list[Hit], lexical: list[Hit]) -> dict[int | str, float]:
    both = Both.of(dense, lexical)
    return dict(zip(both.hits.keys.tolist(), fuse(both).tolist(), strict=True))


def ranked(rank: Rank, dense: list[Hit], lexical: list[Hit]) -> Sequence[Ranked]:
    return rank(Both.of(dense, lexical))


def test_the_convex_sum_weighs_shares_of_the_greatest() -> None:
    fused = scores(convex(0.6), hits(("a", 0.8), ("b", 0.4)), hits(("b", 12.0), ("c", 3.0)))
    assert fused == {"a": pytest.approx(0.6), "b": pytest.approx(0.6 * 0.5 + 0.4), "c": pytest.approx(0.4 * 0.25)}


def test_opposite_embeddings_count_no_less_than_unrelated_ones() -> None:
    assert scores(convex(0.5), hits(("a", 0.5), ("b", -0.5)), [])["b"] == 0


def test_lists_without_a_positive_score_add_nothing() -> None:
    assert scores(convex(0.5), hits(("a", -0.2)), hits(("b", 0.0))) == {"a": 0, "b": 0}


def test_reciprocal_ranks_add_up() -> None:
    fused = scores(reciprocal_ranks, hits(("a", 0.9), ("b", 0.1)), hits(("b", 7.0)))
    assert fused == {"a": pytest.approx(1 / 61), "b": pytest.approx(1 / 62 + 1 / 61)}


def many(*first: float) -> list[Hit]:
    rest = [(f"r{number}", 0.1 + number % 2 / 100) for number in range(400)]
    return hits(*((name, score) for name, score in zip("abc", first, strict=False)), *rest)


def test_the_order_is_that_of_z_scores() -> None:
    dense, lexical = many(0.3, 0.6, 0.5), hits(("a", 8.0), ("b", 2.0), ("c", 6.0))
    cosines = np.array([hit.score for hit in dense])
    bm25 = np.array([8.0, 2.0, 6.0, *[0.0] * 400])
    expected = 0.6 * (cosines - cosines.mean()) / cosines.std() + 0.4 * (bm25 - bm25.mean()) / bm25.std()
    fused = scores(standardised(0.6), dense, lexical)
    assert sorted("abc", key=lambda name: -fused[name]) == [("abc")[at] for at in np.argsort(-expected[:3])]


def test_a_stage_counts_the_more_the_clearer_its_best_stand_out() -> None:
    clear, vague = many(0.9, 0.5), hits(("b", 5.0), ("a", 4.5), *((f"r{number}", 4.0) for number in range(400)))
    fused = scores(standardised(0.5), clear, vague)
    assert fused["a"] > fused["b"]


def test_standardised_scores_are_shares_of_the_greatest_possible() -> None:
    fused = scores(standardised(0.6), hits(("a", 0.9), ("b", 0.5)), hits(("a", 7.0), ("c", 3.0)))
    assert fused["a"] == pytest.approx(1)
    assert all(0 < score < 1 for name, score in fused.items() if name != "a")


def test_what_is_only_found_by_words_is_no_nearer_than_the_least_of_the_dense_list() -> None:
    fused = scores(standardised(0.5), hits(("a", 0.9), ("b", 0.5)), hits(("b", 4.0), ("c", 4.0)))
    assert fused["c"] == fused["b"]


def test_little_difference_among_few_hits_is_not_blown_up() -> None:
    fused = scores(standardised(0.6), hits(("a", 0.501), ("b", 0.500)), hits(("b", 9.0)))
    assert fused["b"] > fused["a"]


@pytest.mark.parametrize("lists", [([], []), (hits(("a", -0.2)), []), ([], hits(("a", 0.0)))])
def test_lists_without_a_positive_score_are_fused_to_nothing(lists: tuple[list[Hit], list[Hit]]) -> None:
    assert set(scores(standardised(0.5), *lists).values()) <= {0.0}


class Reversed:
    """A step."""

    def __init__(self, depth: int | None = None) -> None:
        self.depth = depth

    def __call__(self, hits: Hits, scores: ScoreArray, looked: Looked) -> ScoreArray:
        return scores[::-1]


def test_each_step_sees_the_order_so_far() -> None:
    found = hits(("a", 0.8), ("b", 0.4), ("c", 0.2))
    assert [each.key for each in ranked(hybrid(convex(1.0), 3, [Reversed()]), found, [])] == ["c", "b", "a"]
    assert [each.key for each in ranked(hybrid(convex(1.0), 3, [Reversed(), Reversed()]), found, [])] == ["a", "b", "c"]


def test_a_step_looks_at_the_first_hits_and_the_others_stay_below() -> None:
    found = hits(("a", 0.8), ("b", 0.4), ("c", 0.2))
    best = ranked(hybrid(convex(1.0), 3, [Reversed(depth=2)]), found, [])
    assert [(each.key, each.score) for each in best] == [("b", 1.0), ("a", 0.5), ("c", 0.25)]


def test_hybrid_keeps_score_and_rank_of_every_stage() -> None:
    [best, second] = ranked(hybrid(convex(0.5), 2), hits(("a", 0.8), ("b", 0.4)), hits(("b", 9.0)))
    assert (best.key, best.score, best.scores.dense, best.scores.lexical) == ("b", 0.75, 0.4, 9.0)
    assert (best.ranks.dense, best.ranks.lexical, best.ranks.fused) == (2, 1, 1)
    assert (second.key, second.scores.lexical, second.ranks.lexical, second.ranks.fused) == ("a", None, None, 2)


def test_equal_sums_come_by_document_and_start() -> None:
    lists = [
        Hit(key=key, read_as=key, document_id=key[0], start=int(key[1]), score=1.0) for key in ("b1", "a2", "b0", "a1")
    ]
    assert [each.key for each in ranked(hybrid(convex(0.5), 10), lists, lists)] == ["a1", "a2", "b0", "b1"]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_single_list_stays_as_it_is(swapped: bool) -> None:
    found = hits(("a", 0.8), ("b", 0.4))
    lists = ([], found) if swapped else (found, [])
    assert [(each.key, each.score, each.scores.fused) for each in ranked(single(1), *lists)] == [("a", 0.8, None)]


def test_the_best_child_stands_for_its_siblings() -> None:
    dense = [*siblings("P", ("p1", 0.8)), *hits(("a", 0.6)), *siblings("P", ("p2", 0.4))]
    lexical = [*siblings("P", ("p2", 9.0)), *hits(("a", 3.0))]
    [first, second] = ranked(hybrid(convex(0.5), 2), dense, lexical)
    assert (first.key, first.score, first.scores.dense, first.scores.lexical) == ("P", 0.75, 0.4, 9.0)
    assert (first.ranks.dense, first.ranks.lexical, first.ranks.fused) == (3, 1, 1)
    assert (second.key, second.ranks.fused) == ("a", 2)


def test_siblings_take_one_place_of_a_single_list() -> None:
    found = [*siblings("P", ("p1", 0.8), ("p2", 0.7), ("p3", 0.6)), *hits(("a", 0.5), ("b", 0.4))]
    assert [(each.key, each.ranks.dense) for each in ranked(single(2), found, [])] == [("P", 1), ("a", 4)]


def passages_of(*documents: str) -> list[Hit]:
    """One for each, the best first."""
    return [
        Hit(key=f"{at}", read_as=f"{at}", document_id=document, start=at, score=1 - at / 100)
        for at, document in enumerate(documents)
    ]


@pytest.mark.parametrize(
    ("documents", "shown"),
    [("abcdef", 2), ("aabbcc", 6), ("abcabc", 6), ("aabcde", 6), ("a", 1)],
    ids=["short", "long", "long further down", "long at first", "few"],
)
def test_of_long_documents_there_are_more_passages(documents: str, shown: int) -> None:
    found = passages_of(*documents)
    for rank in (hybrid(convex(1.0), 2, of_long=6), single(2, of_long=6)):
        assert [each.key for each in ranked(rank, found, [])] == [str(at) for at in range(shown)]


def test_as_many_as_are_asked_for_are_shown_where_that_is_more() -> None:
    assert len(ranked(single(5, of_long=2), passages_of(*"abcdef"), [])) == 5
