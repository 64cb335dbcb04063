"""Cells of a table, put where their spans leave room."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_COLUMNS = 1000  # as HTML bounds a span; more of them are an attack
MAX_REPEATED = 200_000  # characters that one table may repeat for its spans


class Slot(NamedTuple):
    """A cell as it is written: its words, and how many rows and columns it covers."""

    text: str
    row_span: int = 1
    column_span: int = 1


EMPTY = Slot("")


def placed(rows: Iterable[Sequence[Slot | str]]) -> list[list[Slot]]:
    """One slot for each row and column, all rows of one length.

    `rows` hold each cell once, as in HTML: what a cell above spans is left out below it. The text of a cell that spans
    is repeated in every slot that it covers; only the first keeps the spans, cut to the rows there are.
    """
    given = [[Slot(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    grid: list[dict[int, Slot]] = [{} for _ in given]
    budget = _Budget()
    for number, row in enumerate(given):
        column = 0
        for slot in row:
            while column in grid[number]:
                column += 1
            if column >= MAX_COLUMNS:
                break
            _put(grid, number, column, slot, budget)
    width = max((max(row, default=-1) + 1 for row in grid), default=0)
    return [[row.get(column, EMPTY) for column in range(width)] for row in grid]


class _Budget:
    """A small file must not grow into gigabytes by one long cell that spans everything."""

    def __init__(self) -> None:
        self._left = MAX_REPEATED

    def repeated(self, text: str) -> Slot:
        self._left -= len(text)
        return Slot(text) if self._left >= 0 else EMPTY


def _put(grid: list[dict[int, Slot]], row: int, column: int, slot: Slot, budget: _Budget) -> None:
    height = max(1, min(slot.row_span, len(grid) - row))
    width = max(1, min(slot.column_span, MAX_COLUMNS - column))
    for below in grid[row : row + height]:
        for right in range(column, column + width):
            if right not in below:
                below[right] = budget.repeated(slot.text)
    grid[row][column] = Slot(slot.text, height, width)
