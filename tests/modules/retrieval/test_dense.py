import numpy as np
import pytest

from footnote.modules.retrieval.repository.cosine import cosines
from footnote.modules.retrieval.repository.memory.dense import Part, Question, Vectors, nearest

RANDOM = np.random.default_rng(1)


def unit_rows(count: int, dimension: int = 32) -> np.ndarray:
    rows = RANDOM.standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def part(embeddings: np.ndarray, admitted: np.ndarray | None = None) -> Part:
    return Part(Vectors.of(embeddings), admitted, lambda rows: embeddings[rows])


def exact(query: np.ndarray, embeddings: np.ndarray, depth: int) -> list[int]:
    return sorted(np.argsort(-(embeddings.astype(np.float64) @ query))[:depth].tolist())


@pytest.mark.parametrize("count", [1, 7, 3000])
def test_the_nearest_are_those_of_an_exact_scan(count: int) -> None:
    embeddings, [query] = unit_rows(count), unit_rows(1)
    [found] = nearest([part(embeddings)], query, 20)
    assert sorted(found.rows.tolist()) == exact(query, embeddings, 20)


def test_scores_are_the_cosines_of_whole_floats() -> None:
    embeddings, [query] = unit_rows(500), unit_rows(1)
    [found] = nearest([part(embeddings)], query, 20)
    assert found.scores.tolist() == cosines(query, embeddings)[found.rows].tolist()


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_only_admitted_rows_are_found_and_none_of_them_is_missed(share: float) -> None:
    embeddings, [query] = unit_rows(3000), unit_rows(1)
    admitted = RANDOM.random(3000) < share
    [found] = nearest([part(embeddings, admitted)], query, 10)
    rows = np.flatnonzero(admitted)
    assert sorted(found.rows.tolist()) == rows[exact(query, embeddings[rows], 10)].tolist()


def test_several_parts_are_cut_together() -> None:
    embeddings, [query] = unit_rows(900), unit_rows(1)
    found = nearest([part(embeddings[:100]), part(embeddings[100:800]), part(embeddings[800:])], query, 30)
    together = np.concatenate([found[0].rows, found[1].rows + 100, found[2].rows + 800])
    assert sorted(together.tolist()) == exact(query, embeddings, 30)


def test_all_that_are_equal_to_the_last_are_given() -> None:
    [query] = unit_rows(1)
    embeddings = np.concatenate([np.repeat(query[None], 40, axis=0), unit_rows(500)])
    [found] = nearest([part(embeddings)], query, 10)
    assert sorted(found.rows.tolist()) == list(range(40))


def test_a_zero_embedding_is_compared_with_nothing() -> None:
    embeddings, [query] = unit_rows(5), unit_rows(1)
    embeddings[2] = 0
    [found] = nearest([part(embeddings)], query, 10)
    assert sorted(found.rows.tolist()) == [0, 1, 3, 4]


def test_nothing_is_found_where_there_is_nothing() -> None:
    [query] = unit_rows(1)
    assert nearest([], query, 10) == []
    [found] = nearest([part(unit_rows(0))], query, 10)
    assert found.rows.tolist() == []
    [found] = nearest([part(unit_rows(5), np.zeros(5, np.bool_))], query, 10)
    assert found.rows.tolist() == []


def test_joined_parts_keep_their_rows_in_order() -> None:
    embeddings = unit_rows(30)
    joined = Vectors.joined([Vectors.of(embeddings[:10]).taken(np.arange(0, 10, 2)), Vectors.of(embeddings[10:])])
    expected = Vectors.of(np.concatenate([embeddings[:10:2], embeddings[10:]]))
    assert (joined.codes == expected.codes).all()
    assert (joined.scales == expected.scales).all()


def test_what_was_saved_and_mapped_into_memory_is_searched_alike(tmp_path) -> None:
    vectors, [query] = Vectors.of(unit_rows(100)), unit_rows(1)
    for name, array in vectors.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = Vectors.from_arrays({name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in vectors.arrays()})
    question = Question.of(query)
    assert (mapped.scores(question) == vectors.scores(question)).all()


def test_a_score_is_near_the_cosine() -> None:
    embeddings, [query] = unit_rows(1000), unit_rows(1)
    vectors, question = Vectors.of(embeddings), Question.of(query)
    assert np.abs(vectors.scores(question) - embeddings @ query).max() < vectors.margin(question) / 2
