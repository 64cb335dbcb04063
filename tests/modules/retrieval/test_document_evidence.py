"""What the other chunks of a document say for it."""

import numpy as np
import pytest

from footnote.modules.retrieval.ranking.candidates import Looked
from footnote.modules.retrieval.ranking.evidence import DocumentEvidence
from footnote.modules.retrieval.repository.hits import Hit, Hits

NOTHING = Looked(None)


def scored(*documents: str) -> tuple[Hits, np.ndarray]:
    """A chunk of each document named, with scores from 1 down to 0."""
    hits = Hits.of([Hit(place, place, name, place, score=0.0) for place, name in enumerate(documents)])
    return hits, np.linspace(1, 0, len(hits))


def test_a_document_of_which_many_chunks_are_found_rises() -> None:
    hits, scores = scored(*"abbbbbbbbbc")
    raised = DocumentEvidence(weight=1.0)(hits, scores, NOTHING)
    assert raised[1] > raised[0]


def test_documents_of_which_two_chunks_are_found_keep_their_scores() -> None:
    hits, scores = scored(*"aabbccdd")
    assert DocumentEvidence(weight=1.0)(hits, scores, NOTHING) == pytest.approx(scores)


def test_chunks_of_one_document_keep_their_order() -> None:
    names = "abababababc"
    raised = DocumentEvidence()(*scored(*names), NOTHING)
    of_b = [score for name, score in zip(names, raised.tolist(), strict=True) if name == "b"]
    assert of_b == sorted(of_b, reverse=True)


def test_what_lies_below_the_last_hit_that_counts_says_nothing() -> None:
    hits, scores = scored(*"acbbbbbb")
    assert DocumentEvidence(weight=1.0, counted=4)(hits, scores, NOTHING) == pytest.approx(scores)


def test_the_more_hits_share_documents_the_more_a_document_says() -> None:
    gains = []
    for others in ("c" * 20, "cdefghijklmnopqrstuv"):
        hits, scores = scored(*"abbbbbbbb", *others)
        gains.append(float((DocumentEvidence()(hits, scores, NOTHING) - scores)[1]))
    assert gains[0] > 2 * gains[1]


def test_nothing_found_is_no_evidence() -> None:
    assert DocumentEvidence()(Hits.of([]), np.zeros(0), NOTHING).size == 0
