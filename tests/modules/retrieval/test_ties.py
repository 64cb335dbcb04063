import numpy as np

from footnote.modules.retrieval.repository import Hit
from footnote.modules.retrieval.repository.memory.searching import apart
from footnote.modules.retrieval.repository.ties import settled

RANDOM = np.random.default_rng(11)


def hit(document_id: str, start: int, score: float) -> Hit:
    return Hit(key=f"{document_id}{start}", read_as="", document_id=document_id, start=start, score=score)


def in_order(hits: list[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda each: (-each.score, each.document_id, each.start))


def test_equal_hits_come_by_document_and_start() -> None:
    for _ in range(50):
        scores = np.sort(RANDOM.integers(0, 12, 30) / 4)[::-1]
        hits = [hit(RANDOM.choice(list("abc")), number, score) for number, score in enumerate(scores.tolist())]
        RANDOM.shuffle(hits)
        shuffled = sorted(hits, key=lambda each: -each.score)
        assert settled(shuffled, scores) == in_order(hits)


def test_where_no_scores_are_equal_the_order_stays() -> None:
    hits = [hit("b", 0, 3.0), hit("a", 0, 2.0)]
    assert settled([*hits], np.array([3.0, 2.0])) == hits
    assert settled([], np.zeros(0)) == []


def test_what_two_lists_share_is_told_apart() -> None:
    first, second = RANDOM.permutation(100)[:40], RANDOM.permutation(100)[:60]
    assert apart(first, second).tolist() == [row not in first for row in second]
    assert apart(first, second[:0]).tolist() == []
