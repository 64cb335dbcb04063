import numpy as np

from footnote.modules.retrieval.repository.hits import Hit, Hits
from footnote.modules.retrieval.repository.memory.searching import apart
from footnote.modules.retrieval.repository.ties import best_first

RANDOM = np.random.default_rng(11)


def hit(document_id: str, start: int, score: float) -> Hit:
    return Hit(key=f"{document_id}{start}", read_as="", document_id=document_id, start=start, score=score)


def in_order(hits: list[Hit]) -> list[Hit]:
    [found] = Hits.of(hits)
    return [hits[at] for at in best_first(found.scores, found.documents, found.starts, found.ids)]


def test_equal_hits_come_by_document_and_start() -> None:
    for _ in range(50):
        scores = RANDOM.integers(0, 12, 30) / 4
        hits = [hit(RANDOM.choice(list("abc")), number, score) for number, score in enumerate(scores.tolist())]
        RANDOM.shuffle(hits)
        assert in_order(hits) == sorted(hits, key=lambda each: (-each.score, each.document_id, each.start))


def test_hits_of_different_scores_come_best_first() -> None:
    hits = [hit("b", 0, 3.0), hit("a", 0, 2.0)]
    assert in_order(hits) == in_order(hits[::-1]) == hits
    assert in_order([]) == []


def test_what_two_lists_share_is_told_apart() -> None:
    first, second = RANDOM.permutation(100)[:40], RANDOM.permutation(100)[:60]
    assert apart(first, second).tolist() == [row not in first for row in second]
    assert apart(first, second[:0]).tolist() == []
