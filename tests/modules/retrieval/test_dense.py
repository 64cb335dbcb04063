import numpy as np
import pytest

from footnote.modules.retrieval.repository.cosine import cosines
from footnote.modules.retrieval.repository.memory.choosing import best
from footnote.modules.retrieval.repository.memory.dense import Part, Question, Vectors, nearest, unlisted

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
    [found] = nearest([part(embeddings)], Question.of(query), 20)
    assert sorted(found.rows.tolist()) == exact(query, embeddings, 20)


def test_scores_are_the_cosines_of_whole_floats() -> None:
    embeddings, [query] = unit_rows(500), unit_rows(1)
    [found] = nearest([part(embeddings)], Question.of(query), 20)
    assert found.scores.tolist() == cosines(query, embeddings)[found.rows].tolist()


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_only_admitted_rows_are_found_and_none_of_them_is_missed(share: float) -> None:
    embeddings, [query] = unit_rows(3000), unit_rows(1)
    admitted = RANDOM.random(3000) < share
    [found] = nearest([part(embeddings, admitted)], Question.of(query), 10)
    rows = np.flatnonzero(admitted)
    assert sorted(found.rows.tolist()) == rows[exact(query, embeddings[rows], 10)].tolist()


@pytest.mark.parametrize("share", [None, 0.3, 0.9])
@pytest.mark.parametrize("count", [1, 10, 200, 1000])
def test_the_best_scores_are_told_by_some_of_them_as_by_all(count: int, share: float | None) -> None:
    scores = RANDOM.standard_normal(20_000).astype(np.float32)
    scores[500:560] += 4  # neighbours are alike
    admitted = None if share is None else RANDOM.random(len(scores)) < share
    rows = np.arange(len(scores)) if admitted is None else np.flatnonzero(admitted)
    last = np.sort(scores[rows])[-count]
    assert best(scores, count, 0.1, admitted).tolist() == rows[scores[rows] >= last - np.float32(0.1)].tolist()


def test_several_parts_are_cut_together() -> None:
    embeddings, [query] = unit_rows(900), unit_rows(1)
    found = nearest([part(embeddings[:100]), part(embeddings[100:800]), part(embeddings[800:])], Question.of(query), 30)
    together = np.concatenate([found[0].rows, found[1].rows + 100, found[2].rows + 800])
    assert sorted(together.tolist()) == exact(query, embeddings, 30)


def test_all_that_are_equal_to_the_last_are_given() -> None:
    [query] = unit_rows(1)
    embeddings = np.concatenate([np.repeat(query[None], 40, axis=0), unit_rows(500)])
    [found] = nearest([part(embeddings)], Question.of(query), 10)
    assert sorted(found.rows.tolist()) == list(range(40))


def test_a_zero_embedding_is_compared_with_nothing() -> None:
    embeddings, [query] = unit_rows(5), unit_rows(1)
    embeddings[2] = 0
    [found] = nearest([part(embeddings)], Question.of(query), 10)
    assert sorted(found.rows.tolist()) == [0, 1, 3, 4]


def test_nothing_is_found_where_there_is_nothing() -> None:
    [query] = unit_rows(1)
    assert nearest([], Question.of(query), 10) == []
    [found] = nearest([part(unit_rows(0))], Question.of(query), 10)
    assert found.rows.tolist() == []
    [found] = nearest([part(unit_rows(5), np.zeros(5, np.bool_))], Question.of(query), 10)
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


@pytest.fixture(scope="module")
def clusters() -> np.ndarray:
    centres = np.repeat(unit_rows(100), 50, axis=0)
    rows = centres + 0.15 * RANDOM.standard_normal(centres.shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def listed(clusters: np.ndarray) -> Vectors:
    return Vectors.of(clusters).listed()


def test_inverted_lists_find_nearly_all_that_a_scan_finds(clusters: np.ndarray, listed: Vectors) -> None:
    found = [set(listed.best(query, 10, clusters.__getitem__).rows.tolist()) for query in clusters[::100]]
    wanted = [set(exact(query, clusters, 10)) for query in clusters[::100]]
    assert sum(len(some & all_) for some, all_ in zip(found, wanted, strict=True)) >= 9.7 * len(wanted)


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_inverted_lists_give_only_admitted_rows(clusters: np.ndarray, listed: Vectors, share: float) -> None:
    admitted = RANDOM.random(len(clusters)) < share
    found = listed.best(clusters[7], 10, clusters.__getitem__, admitted)
    assert len(found.rows) == 10
    assert admitted[found.rows].all()


def test_a_selective_filter_is_exact_beside_inverted_lists(clusters: np.ndarray, listed: Vectors) -> None:
    rows = np.arange(0, len(clusters), 97)
    admitted = np.zeros(len(clusters), np.bool_)
    admitted[rows] = True
    found = listed.best(clusters[7], 10, clusters.__getitem__, admitted)
    assert sorted(found.rows.tolist()) == rows[exact(clusters[7], clusters[rows], 10)].tolist()


def test_what_lies_far_from_the_question_is_found_by_a_scan(clusters: np.ndarray, listed: Vectors) -> None:
    far = clusters @ clusters[7] < np.quantile(clusters @ clusters[7], 0.2)
    found = listed.best(clusters[7], 10, clusters.__getitem__, far)
    rows = np.flatnonzero(far)
    assert sorted(found.rows.tolist()) == rows[exact(clusters[7], clusters[rows], 10)].tolist()


def test_inverted_lists_are_saved_with_the_vectors(clusters: np.ndarray, listed: Vectors) -> None:
    again = Vectors.from_arrays(listed.arrays())
    found = [vectors.best(clusters[3], 10, clusters.__getitem__).rows.tolist() for vectors in (again, listed)]
    assert found[0] == found[1]


def test_large_parts_of_a_large_tenant_should_have_inverted_lists() -> None:
    small, large = (Vectors(np.zeros((rows, 384), np.int8), np.zeros(rows, np.float32)) for rows in (1000, 1 << 18))
    assert unlisted([small, *[large] * 4]) == []
    assert unlisted([small, *[large] * 7]) == [1, 2, 3, 4, 5, 6, 7]
