"""Tables of a Word file, with the cells that were merged."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.grid import EMPTY, MAX_COLUMNS, Slot
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, is_on, number, within

_FIRST_ROW = 0x20  # in the mask of a table's look: its first row is set apart

Read = Callable[[etree._Element], str]


class _Cell(NamedTuple):
    element: etree._Element
    column: int
    width: int
    goes_on: bool  # the cell above it


def table_rows(table: etree._Element, read: Read) -> tuple[list[list[Slot]], int]:
    """The rows as `placed` takes them, and how many of them are headers. `read` gives the words of a cell."""
    elements = [row for row in within(table, {"tr"}, {"tbl", "Fallback"}) if child(row, "trPr", "del") is None]
    laid = [_laid(row) for row in elements]
    return [_slots(laid, index, read) for index in range(len(laid))], _headers(table, elements)


def only_cell(table: etree._Element) -> etree._Element | None:
    """The cell of a table that has just one: a frame around text."""
    cells = within(table, {"tc"}, {"tbl", "Fallback"})
    first = next(cells, None)
    return first if next(cells, None) is None else None


def _laid(row: etree._Element) -> list[_Cell]:
    cells, column = [], _width(number(child(row, "trPr", "gridBefore"), "val"), least=0)
    for element in within(row, {"tc"}, {"tbl", "Fallback"}):
        properties = child(element, "tcPr")
        merge = child(properties, "vMerge")
        width = _width(number(child(properties, "gridSpan"), "val", 1))
        cells.append(_Cell(element, column, width, merge is not None and attribute(merge, "val") != "restart"))
        column += width
        if column >= MAX_COLUMNS:
            break
    return cells


def _width(columns: int, least: int = 1) -> int:
    return max(least, min(columns, MAX_COLUMNS))


def _slots(laid: Sequence[list[_Cell]], row: int, read: Read) -> list[Slot]:
    above = laid[row - 1] if row else []
    cells = laid[row]
    skipped = cells[0].column if cells else 0
    return [EMPTY] * skipped + [
        Slot(read(cell.element), _height(laid, row, cell), cell.width)
        for cell in cells
        if not (cell.goes_on and _over(above, cell))
    ]


def _height(laid: Sequence[list[_Cell]], row: int, cell: _Cell) -> int:
    height = 1
    while row + height < len(laid) and any(
        below.goes_on and below.column == cell.column and below.width == cell.width for below in laid[row + height]
    ):
        height += 1
    return height


def _over(above: list[_Cell], cell: _Cell) -> bool:
    return any(other.column == cell.column and other.width == cell.width for other in above)


def _headers(table: etree._Element, rows: Sequence[etree._Element]) -> int:
    """Rows marked to be repeated on each page; else the first if the table's look sets it apart."""
    count = 0
    while count < len(rows) and is_on(child(rows[count], "trPr", "tblHeader")):
        count += 1
    look = child(table, "tblPr", "tblLook")
    return count or int(len(rows) > 1 and _sets_first_row_apart(look))


def _sets_first_row_apart(look: etree._Element | None) -> bool:
    stated = attribute(look, "firstRow")
    if stated is not None:
        return stated in ("1", "true", "on")
    try:
        return bool(int(attribute(look, "val") or "0", 16) & _FIRST_ROW)
    except ValueError:
        return False
