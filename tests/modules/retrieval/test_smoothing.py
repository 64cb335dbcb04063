"""Neighbours share their scores."""

from collections.abc import Sequence

import numpy as np
import pytest

from footnote.modules.retrieval.ranking.candidates import Looked, in_order
from footnote.modules.retrieval.ranking.smoothing import Smoothing
from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hit, Hits
from footnote.platform.inference import Embeddings

HITS = Hits.of([Hit(key=number, read_as=number, document_id=str(number), start=0, score=0.0) for number in range(5)])
SCORES = np.array([0.9, 0.8, 0.5, 0.4, 0.1])


def pointing(*degrees: float) -> Embeddings:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


ALIKE = pointing(0, 90, 2, 89, 45)  # 0 beside 2, 1 beside 3


def vectors(keys: Sequence[int | str]) -> Embeddings:
    return ALIKE[[int(key) for key in keys]]


def test_a_chunk_among_good_ones_rises() -> None:
    smoothed = Smoothing(weight=0.5, neighbours=1)(HITS, SCORES, Looked(Stored(vectors)))
    assert smoothed[:4] == pytest.approx([0.7, 0.6, 0.7, 0.6], abs=1e-6)


def test_what_has_no_neighbour_keeps_its_score() -> None:
    def apart(keys: Sequence[int | str]) -> Embeddings:
        return np.eye(5, dtype=np.float32)[[int(key) for key in keys]]

    assert Smoothing()(HITS, SCORES, Looked(Stored(apart))) == pytest.approx(SCORES)


def test_without_vectors_nothing_changes() -> None:
    assert Smoothing()(HITS, SCORES, Looked(None)) is SCORES


def test_no_score_falls_below_the_last_one() -> None:
    smoothed = Smoothing(weight=1.0, neighbours=1)(HITS.taken(slice(4)), SCORES[:4], Looked(Stored(vectors)))
    assert smoothed.min() == SCORES[3]


def test_vectors_are_fetched_once_for_the_same_hits_in_any_order() -> None:
    asked: list[list[int | str]] = []

    def counted(keys: Sequence[int | str]) -> Embeddings:
        asked.append([*keys])
        return vectors(keys)

    looked = Looked(Stored(counted))
    first, again = looked.cosines(HITS), looked.cosines(HITS.taken(np.array([3, 0, 4, 1, 2])))
    assert first is not None
    assert again is not None
    assert first == pytest.approx(ALIKE @ ALIKE.T, abs=1e-6)
    assert again[0].tolist() == first[3][[3, 0, 4, 1, 2]].tolist()
    assert len(asked) == 1
    fewer = looked.cosines(HITS.taken(slice(2)))
    assert fewer is not None
    assert fewer.tolist() == first[:2, :2].tolist()


def test_a_single_hit_has_no_neighbours() -> None:
    assert Smoothing()(HITS.taken(slice(1)), SCORES[:1], Looked(Stored(vectors))) == pytest.approx([0.9])


def test_equal_scores_come_by_document_and_start() -> None:
    hits = [Hit(key=key, read_as=key, document_id=key[0], start=int(key[1]), score=0.0) for key in ("b1", "a2", "a1")]
    order, _ = in_order(Hits.of(hits), np.array([0.5, 0.5000000001, 0.4999999999]))
    assert [hits[at].key for at in order] == ["a1", "a2", "b1"]
