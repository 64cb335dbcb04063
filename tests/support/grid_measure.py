"""How many cells of a table that is known stand in the right row and column of the tables that were found."""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from footnote.modules.ingestion.extraction.pdf_tables import PageTable, page_tables
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, page_words

Grid = list[list[str]]  # by row, then column; what spans stands in every place it covers

_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_ESCAPES = {r"\|": "|", "&amp;": "&", "&lt;": "<", "&gt;": ">"}


def cells_right(expected: Grid, found: Sequence[Grid]) -> tuple[int, int]:
    """Cells of `expected` that are right in the best of `found`, and how many there are; empty ones do not count.

    Rows of both are aligned so that their order is kept and the cells they have in common (as a longest common
    subsequence, the order of columns being kept) are the most; then columns, so that the cells that agree in aligned
    rows are the most. A cell is right when the cell in the aligned row and column has the same text, without regard to
    white space and to forms of letters that Unicode holds compatible.
    """
    total = sum(bool(_plain(cell)) for row in expected for cell in row)
    return max((_agreeing(expected, grid) for grid in found), default=0), total


def wrong_cells(expected: Grid, found: Sequence[Grid]) -> list[tuple[int, int, str]]:
    """Row, column and text of the cells that the best of `found` has not right."""
    best = max(found, key=lambda grid: _agreeing(expected, grid), default=[])
    right = _right_places(_plain_grid(expected), _plain_grid(best))
    return [
        (row, column, cell)
        for row, cells in enumerate(expected)
        for column, cell in enumerate(cells)
        if _plain(cell) and (row, column) not in right
    ]


def page_grids(path: Path) -> list[list[Grid]]:
    """The tables found on each page."""
    with contextlib.closing(pdfium.PdfDocument(path)) as document:
        return [_grids(document[index]) for index in range(len(document))]


def _grids(page: pdfium.PdfPage) -> list[Grid]:
    frame, text_page = PageFrame(page), page.get_textpage()
    with contextlib.closing(page), contextlib.closing(text_page):
        return [grid_of(table) for table in page_tables(page, page_words(text_page.raw, frame), frame)]


def grid_of(table: PageTable) -> Grid:
    rows = max(cell.row + cell.row_span for cell in table.cells)
    columns = max(cell.column + cell.column_span for cell in table.cells)
    grid = [[""] * columns for _ in range(rows)]
    for cell in table.cells:
        text = " ".join(word.text for line in cell.lines for word in line)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                grid[row][column] = text
    return grid


def pipe_tables(markdown: str) -> Iterator[Grid]:
    """The tables of a Markdown text, without the line below the heads."""
    grid: Grid = []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|"):
            if not _RULE.fullmatch(line.strip()):
                grid.append([_unescaped(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
        elif grid:
            yield grid
            grid = []


def _unescaped(cell: str) -> str:
    for escape, character in _ESCAPES.items():
        cell = cell.replace(escape, character)
    return cell.strip()


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _plain_grid(grid: Grid) -> Grid:
    return [[_plain(cell) for cell in row] for row in grid]


def _agreeing(expected: Grid, found: Grid) -> int:
    return len(_right_places(_plain_grid(expected), _plain_grid(found)))


def _right_places(expected: Grid, found: Grid) -> set[tuple[int, int]]:
    if not expected or not found:
        return set()

    def in_common(row: int, other: int) -> int:
        one, two = expected[row], found[other]
        return len(_aligned(len(one), len(two), lambda i, j: int(bool(one[i]) and one[i] == two[j])))

    rows = _aligned(len(expected), len(found), in_common)
    widths = max(map(len, expected)), max(map(len, found))
    columns = _aligned(
        *widths, lambda column, other: sum(_agree(expected, found, row, column, mate, other) for row, mate in rows)
    )
    return {
        (row, column)
        for row, mate in rows
        for column, other in columns
        if _agree(expected, found, row, column, mate, other)
    }


def _agree(expected: Grid, found: Grid, row: int, column: int, mate: int, other: int) -> bool:
    if column >= len(expected[row]) or other >= len(found[mate]):
        return False
    return bool(expected[row][column]) and expected[row][column] == found[mate][other]


def _aligned(count: int, other: int, weight: Callable[[int, int], int]) -> list[tuple[int, int]]:
    """Pairs of indexes, both rising, whose weights sum up to the most; those of no weight are left out."""
    best = [[0] * (other + 1) for _ in range(count + 1)]
    weights = [[weight(i, j) for j in range(other)] for i in range(count)]
    for i in range(count):
        for j in range(other):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + weights[i][j])
    pairs, i, j = [], count, other
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]
