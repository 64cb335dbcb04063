"""Chunks rise in which the tokens of the question are met one by one, and in one place."""

from collections.abc import Sequence

import numpy as np
import pytest

from footnote.modules.retrieval.ranking.candidates import Looked
from footnote.modules.retrieval.ranking.interaction import LateInteraction
from footnote.modules.retrieval.ranking.late import encoded, relevance
from footnote.modules.retrieval.repository import Stored
from footnote.modules.retrieval.repository.hits import Hit, Hits
from footnote.platform.inference import Embeddings

RANDOM = np.random.default_rng(5)
WORDS = RANDOM.standard_normal((40, 256)).astype(np.float32)  # of unrelated words
HITS = Hits.of([Hit(key=key, read_as=key, document_id=str(key), start=0, score=0.0) for key in range(5)])
SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.1])


def stored(*chunks: Embeddings | None) -> Looked:
    codes = [None if chunk is None else encoded(chunk) for chunk in chunks]

    def vectors(keys: Sequence[int | str]) -> Embeddings:
        raise AssertionError

    return Looked(Stored(vectors, lambda keys: [codes[int(key)] for key in keys]))


def test_a_token_takes_a_bit_for_each_dimension() -> None:
    assert len(encoded(WORDS[:7])) == 7 * 32
    assert encoded(WORDS[:0]) == b""


def test_the_chunk_with_the_words_of_the_question_is_the_most_relevant() -> None:
    found = relevance(WORDS[:3], [encoded(WORDS[10:30]), encoded(WORDS[:20]), encoded(WORDS[2:22])])
    assert found.argsort().tolist() == [0, 2, 1]


def test_relevance_is_half_of_the_whole_chunk_and_half_of_its_best_place() -> None:
    question, chunk = WORDS[:4], np.tile(WORDS[2:32], (3, 1)) + 0.5 * noise(90)
    cosines = unit(question) @ np.where(chunk > 0, 1, -1).T / 16
    anywhere = cosines.max(axis=1).mean() - 0.02 * np.log(90)
    together = max(cosines[:, start : start + 48].max(axis=1).mean() for start in (0, 24, 48))
    assert relevance(question, [encoded(chunk)]) == pytest.approx([(anywhere + together) / 2], abs=2e-3)


def test_words_that_stand_together_count_more_than_words_far_apart() -> None:
    others = noise(96)
    apart, together = (np.concatenate([WORDS[:2], others[:at], WORDS[2:4], others[at:]]) for at in (80, 8))
    found = relevance(WORDS[:4], [encoded(apart), encoded(together)])
    assert found[1] > found[0] + 0.05


def test_no_place_reaches_into_the_next_chunk() -> None:
    chunks = [encoded(np.concatenate([noise(30), WORDS[:4]])), encoded(np.concatenate([WORDS[4:8], noise(30)]))]
    alone = [relevance(WORDS[:8], [chunk]).item() for chunk in chunks]
    assert relevance(WORDS[:8], chunks) == pytest.approx(alone)


def test_of_two_that_meet_the_question_alike_the_shorter_is_more_relevant() -> None:
    long, short = relevance(WORDS[:2], [encoded(WORDS[:20]), encoded(WORDS[:4])])
    assert short > long


@pytest.mark.parametrize("codes", [None, b"", b"of another dimension"])
def test_of_a_chunk_without_codes_nothing_is_known(codes: bytes | None) -> None:
    known, unknown = relevance(WORDS[:2], [encoded(WORDS[:3]), codes])
    assert np.isfinite(known)
    assert np.isnan(unknown)


def test_a_question_without_tokens_meets_nothing() -> None:
    assert np.isnan(relevance(WORDS[:0], [encoded(WORDS[:3])])).all()


def test_a_chunk_that_meets_the_question_overtakes_one_that_does_not() -> None:
    step = LateInteraction(question=WORDS[:3], weight=2.0)
    scores = step(HITS.taken(slice(2)), SCORES[:2], stored(WORDS[10:20], WORDS[:10]))
    assert scores[1] > scores[0]


def test_no_score_falls() -> None:
    step = LateInteraction(question=WORDS[:3], weight=2.0)
    scores = step(HITS, SCORES, stored(WORDS[9:19], WORDS[8:18], None, WORDS[7:17], WORDS[:3]))
    assert (scores >= SCORES).all()


@pytest.mark.parametrize("source", [Looked(None), stored(None, None, None, None, None)])
def test_without_token_embeddings_the_order_stays(source: Looked) -> None:
    scores = LateInteraction(question=WORDS[:3])(HITS, SCORES, source)
    assert scores == pytest.approx(SCORES)


def test_a_chunk_without_token_embeddings_counts_as_an_average_one() -> None:
    chunks = stored(WORDS[10:20], None, WORDS[:10])
    raised = LateInteraction(question=WORDS[:3])(HITS.taken(slice(3)), np.array([0.5, 0.5, 0.4]), chunks)
    assert raised[0] < raised[1]


def noise(tokens: int) -> Embeddings:
    return RANDOM.standard_normal((tokens, 256), np.float32)


def unit(rows: np.ndarray) -> np.ndarray:
    unit: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
