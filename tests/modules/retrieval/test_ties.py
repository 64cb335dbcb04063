import numpy as np

from footnote.modules.retrieval.repository.document_ids import DocumentIds
from footnote.modules.retrieval.repository.hits import Hit, Hits
from footnote.modules.retrieval.repository.memory.searching import apart
from footnote.modules.retrieval.repository.ties import best_first

RANDOM = np.random.default_rng(11)


def hit(document_id: str, start: int, score: float) -> Hit:
    return Hit(key=f"{document_id}{start}", read_as="", document_id=document_id, start=start, score=score)


def in_order(hits: list[Hit]) -> list[Hit]:
    found, scores = Hits.of(hits), np.array([hit.score for hit in hits], np.float64)
    return [hits[at] for at in best_first(found, scores)]


def test_equal_hits_come_by_document_and_start() -> None:
    for _ in range(50):
        scores = RANDOM.integers(0, 12, 30) / 4
        hits = [hit(RANDOM.choice(list("abc")), number, score) for number, score in enumerate(scores.tolist())]
        RANDOM.shuffle(hits)
        assert in_order(hits) == sorted(hits, key=lambda each: (-each.score, each.document_id, each.start))


def test_ids_of_any_length_and_script_sort_as_words_do() -> None:
    for ids in (
        ["ab", "a", "é", "z", "😀", "Ā"],
        ["same-beginning-of-thirty-two-byte" + each for each in "cab"],
        ["a\0", "a"],
    ):
        hits = [hit(each, start, 1.0) for each in ids for start in (1, 0)]
        assert in_order(hits) == sorted(hits, key=lambda each: (each.document_id, each.start))


def test_ids_that_come_later_sort_as_the_first_ones_do() -> None:
    ids = DocumentIds(["b"])
    for number in range(200):
        ids.append(f"a{number:03}")
    assert ids.are_short
    assert all_equal(ids) == [*range(1, 201), 0]
    ids.append("a" * 40)
    assert not ids.are_short
    assert (ids[201], ids[:2]) == ("a" * 40, ["b", "a000"])
    assert all_equal(ids) == [*range(1, 201), 201, 0]


def all_equal(ids: DocumentIds) -> list[int]:
    """The order of one hit of each document."""
    numbers, starts = np.arange(len(ids)), np.zeros(len(ids), np.int64)
    return best_first(Hits(numbers, numbers, numbers, starts, ids), np.ones(len(ids))).tolist()


def test_hits_of_different_scores_come_best_first() -> None:
    hits = [hit("b", 0, 3.0), hit("a", 0, 2.0)]
    assert in_order(hits) == in_order(hits[::-1]) == hits
    assert in_order([]) == []


def test_what_two_lists_share_is_told_apart() -> None:
    first, second = RANDOM.permutation(100)[:40], RANDOM.permutation(100)[:60]
    assert apart(first, second).tolist() == [row not in first for row in second]
    assert apart(first, second[:0]).tolist() == []
