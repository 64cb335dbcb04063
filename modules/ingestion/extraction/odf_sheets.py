"""Sheets of an ODS file, row by row."""

import re
from collections.abc import Iterator
from itertools import groupby

from lxml import etree

from footnote.modules.ingestion.extraction.composer import on_one_line
from footnote.modules.ingestion.extraction.grid import MAX_COLUMNS, MAX_REPEATED, Slot
from footnote.modules.ingestion.extraction.odf_text import repeats
from footnote.modules.ingestion.extraction.office_zip import Package
from footnote.modules.ingestion.extraction.sheets import Row, Spans
from footnote.modules.ingestion.extraction.wordprocessing import attribute, name_of, number
from footnote.modules.ingestion.extraction.xlsx_formats import plain

_MAX_ROWS = 1 << 20
_BESIDES = 3  # characters around each cell
_DURATION = re.compile(r"-?PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


class _Budget:
    """A few bytes may claim billions of equal cells; beyond a bound each stands once."""

    def __init__(self) -> None:
        self._left = MAX_REPEATED

    def times(self, stated: int, size: int) -> int:
        again = min(stated - 1, self._left // size)
        self._left -= again * size
        return 1 + again


def sheets(package: Package) -> Iterator[tuple[str, Iterator[Row]]]:
    """Name and rows of each sheet; the rows must be taken before the next sheet."""
    budget = _Budget()
    rows = package.each("content.xml", "table-row")
    for sheet, group in groupby(rows, key=_sheet):
        if sheet is not None:
            yield attribute(sheet, "name") or "", _rows(group, budget)


def _sheet(row: etree._Element) -> etree._Element | None:
    return next((outer for outer in row.iterancestors() if name_of(outer) == "table"), None)


def _rows(elements: Iterator[etree._Element], budget: _Budget) -> Iterator[Row]:
    spans = Spans()
    index = 0
    for element in elements:
        slots = _slots(element, budget)
        times = repeats(element, "rows", _MAX_ROWS)
        size = sum(len(slot.text) + _BESIDES for slot in slots.values())
        for again in range(budget.times(times, size) if slots else 0):
            yield spans.apply(index + again, dict(slots))
        index += times


def _slots(row: etree._Element, budget: _Budget) -> dict[int, Slot]:
    slots = {}
    column = 0
    for cell in row:
        if name_of(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = repeats(cell, "columns", 1 << 20)
        text = _text(cell) if name_of(cell) == "table-cell" else ""
        if text:
            slot = Slot(text, number(cell, "number-rows-spanned", 1), number(cell, "number-columns-spanned", 1))
            for again in range(budget.times(min(times, MAX_COLUMNS), len(text) + _BESIDES)):
                slots[column + again] = slot
        column += times
    return slots


def _text(cell: etree._Element) -> str:
    kind = attribute(cell, "value-type")
    value = attribute(cell, "value") or ""
    try:
        if kind == "float":
            return plain(float(value))
        if kind == "percentage":
            return f"{plain(float(value) * 100)}%"
    except (ValueError, OverflowError):
        return value
    if kind == "date":
        return (attribute(cell, "date-value") or "").replace("T", " ").removesuffix(" 00:00:00")
    if kind == "boolean":
        return (attribute(cell, "boolean-value") or "").upper()
    if kind == "time" and (span := _DURATION.fullmatch(attribute(cell, "time-value") or "")):
        return ":".join(span.groups())
    return on_one_line("\n".join("".join(paragraph.itertext()) for paragraph in cell.iterfind("{*}p")))  # type: ignore[arg-type]
