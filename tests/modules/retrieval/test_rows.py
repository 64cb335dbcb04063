"""The columns in memory: they grow, older moments stay true, the dead go."""

import numpy as np
import pytest

from footnote.modules.retrieval.repository.rows import GONE, ROWS_AT_FIRST, Rows


def adding(rows: Rows, document: int, numbers: range) -> Rows:
    count = len(numbers)
    embeddings = np.full((count, 2), document, np.float32)
    unused = np.zeros(count, np.int64)
    return rows.adding(np.array(numbers), unused, np.array(numbers) + 1000, np.full(count, document), embeddings)


def living(rows: Rows) -> list[int]:
    return sorted(rows.numbers[: rows.size][rows.documents[: rows.size] != GONE].tolist())


def test_rows_outgrow_their_buffers() -> None:
    rows = adding(Rows.empty(2), 1, range(1, 11))
    grown = adding(rows, 2, range(11, 3 * ROWS_AT_FIRST))
    assert living(grown) == list(range(1, 3 * ROWS_AT_FIRST))
    assert grown.embeddings[9].tolist() == [1, 1]
    assert grown.embeddings[10].tolist() == [2, 2]


def test_capacity_doubles_at_least() -> None:
    rows = adding(adding(Rows.empty(2), 1, range(1, ROWS_AT_FIRST + 1)), 2, range(5000, 5001))
    assert len(rows.numbers) == len(rows.embeddings) == 2 * ROWS_AT_FIRST


def test_an_older_moment_does_not_change() -> None:
    before = adding(Rows.empty(2), 1, range(1, 5))
    after = adding(before.without(np.array([1])), 2, range(5, 9))
    assert (living(before), living(after)) == ([1, 2, 3, 4], [5, 6, 7, 8])


def test_the_dead_are_left_out_once_they_are_the_most() -> None:
    rows = adding(adding(Rows.empty(2), 1, range(1, ROWS_AT_FIRST + 1)), 2, range(5000, 5100))
    compacted = rows.without(np.array([1]))
    assert (compacted.size, living(compacted)) == (100, list(range(5000, 5100)))
    assert compacted.read_as[:100].tolist() == list(range(6000, 6100))
    assert compacted.embeddings[:100].tolist() == [[2, 2]] * 100


def test_a_few_dead_are_only_marked() -> None:
    rows = adding(adding(Rows.empty(2), 1, range(1, 11)), 2, range(11, 2000))
    assert rows.without(np.array([1])).size == rows.size


@pytest.mark.parametrize("wanted", [[30, 10], [20]])
def test_rows_are_found_by_number_in_any_order(wanted: list[int]) -> None:
    rows = Rows.empty(2)
    for number in (30, 10, 20):
        rows = adding(rows, 1, range(number, number + 1))
    assert rows.numbers[rows.positions(np.array(wanted))].tolist() == wanted
