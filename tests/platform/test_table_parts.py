"""Which part of a table a row is in."""

import pytest

from footnote.platform.table_parts import Parts, cells

ROWS = ["| Revenue: | | |", "| Clients | | |", "| Desktop | 3 | 4 |"]


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("| Notebook | 4 | 5 |", ["Revenue:", "Clients"]),
        ("| | 7 | 9 |", ["Revenue:"]),
        ("| Servers | | |", ["Revenue:", "Servers"]),
        ("| Income: | | |", ["Income:"]),
        ("| Total revenue | 7 | 9 |", []),
    ],
)
def test_a_row_begins_or_ends_a_part(row: str, parts: list[str]) -> None:
    table = Parts()
    for each in (*ROWS, row):
        table.pass_by(each)
    assert [part.name for part in table.open] == parts


def test_cells_have_no_white_space_around_them_and_none_is_empty() -> None:
    assert cells(" | a  b\t|   | c |") == ["a  b", "c"]
