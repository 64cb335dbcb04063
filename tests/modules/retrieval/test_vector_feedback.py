"""The first hits say what a question is about."""

from collections.abc import Sequence

import numpy as np
import pytest

from footnote.modules.retrieval.ranking.candidates import Looked
from footnote.modules.retrieval.ranking.feedback import VectorFeedback
from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hit, Hits
from footnote.platform.inference import Embeddings

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
DEGREES = np.radians([0, 10, 90, 5, 80, 45])
VECTORS = np.stack([np.cos(DEGREES), np.sin(DEGREES)], axis=1).astype(np.float32)


def of_documents(names: str) -> Hits:
    hits = [Hit(key=at, read_as=at, document_id=name, start=at, score=0.0) for at, name in enumerate(names)]
    return Hits.of(hits)


def vectors(keys: Sequence[int | str]) -> Embeddings:
    return VECTORS[[int(key) for key in keys]]


def test_what_is_like_the_first_rises_above_what_is_not() -> None:
    fed = VectorFeedback(weight=1.0, first=2)(of_documents("abcdef"), SCORES, Looked(Stored(vectors)))
    assert fed[3] > fed[2] > SCORES[2] - 1e-9
    assert fed[4] - SCORES[4] < fed[3] - SCORES[3]


def test_a_document_is_not_asked_about_itself() -> None:
    apart = VectorFeedback(weight=1.0, first=1)(of_documents("abcdef"), SCORES, Looked(Stored(vectors)))
    same = VectorFeedback(weight=1.0, first=1)(of_documents("abcaef"), SCORES, Looked(Stored(vectors)))
    assert same[3] < apart[3]


def test_first_hits_of_one_score_have_no_vote() -> None:
    scores = np.full(6, 0.5)
    assert VectorFeedback(first=2)(of_documents("abcdef"), scores, Looked(Stored(vectors))) == pytest.approx(scores)


def test_no_score_falls() -> None:
    fed = VectorFeedback(weight=1.0, first=2)(of_documents("abcdef"), SCORES, Looked(Stored(vectors)))
    assert (fed >= SCORES).all()


def test_without_vectors_or_with_few_hits_nothing_changes() -> None:
    hits = of_documents("abcdef")
    assert VectorFeedback()(hits, SCORES, Looked(None)) is SCORES
    assert VectorFeedback()(hits, SCORES, Looked(Stored(vectors))) is SCORES
