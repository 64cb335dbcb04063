import numpy as np
import pytest

from footnote.modules.retrieval.filters import Operator
from footnote.modules.retrieval.repository.memory.columns import Column

COLUMN = Column.of(5, [(1, "b"), (2, "a"), (3, None), (4, "b")])


@pytest.mark.parametrize(
    ("operator", "wanted", "admitted"),
    [
        ("eq", ["b"], [1, 4]),
        ("eq", ["c"], []),
        ("ne", ["b"], [0, 2, 3]),
        ("in", ["a", "b", "c"], [1, 2, 4]),
        ("in", [], []),
        ("gte", ["aa"], [1, 4]),
        ("lt", ["b"], [2]),
    ],
)
def test_a_missing_value_is_equal_to_nothing_before_nothing_and_after_nothing(
    operator: Operator, wanted: list[str], admitted: list[int]
) -> None:
    assert np.flatnonzero(COLUMN.admits(operator, wanted)).tolist() == admitted


def test_whole_numbers_equal_others() -> None:
    column = Column.of(3, [(0, 1), (1, 1.0), (2, 1.5)])
    assert np.flatnonzero(column.admits("eq", [1.0])).tolist() == [0, 1]


def test_only_what_has_changed_is_read_again() -> None:
    later = COLUMN.after([1]).read(7, [(1, "c"), (6, "a")])
    assert np.flatnonzero(later.admits("in", ["a", "c"])).tolist() == [1, 2, 6]
    assert np.flatnonzero(COLUMN.admits("eq", ["b"])).tolist() == [1, 4]


def test_values_that_no_document_has_any_more_are_left_out() -> None:
    column = COLUMN
    for change in range(100):
        column = column.after([1]).read(5, [(1, f"c{change}")])
    assert len(column.values) <= 12
    assert [np.flatnonzero(column.admits("eq", [value])).tolist() for value in ("a", "b", "c99", None)] == [
        [2],
        [4],
        [1],
        [0, 3],
    ]
