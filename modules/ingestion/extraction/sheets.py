"""Tables on a sheet: where they are, what heads them, and how a long one is cut into parts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from footnote.modules.ingestion.extraction.composer import MAX_CELLS, MAX_PART, Composer
from footnote.modules.ingestion.extraction.grid import EMPTY, Slot

MAX_ROWS = 5000  # of one part
MAX_SPANNED = 64  # columns
_MAX_HEADERS = 100  # of tables that may go on below
_SAMPLE = 30  # rows below a first row that tell whether it heads them
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(
    r"[-+(]?[$€£¥]? ?[\d.,' \u00a0]*\d[\d.,]*(?:[eE][-+]?\d+)? ?[%$€£¥]?\)?|[\d:./T -]*\d{1,4}[-:./]\d{1,2}[\d:./T -]*"
    r"|TRUE|FALSE|true|false|#\w+[/!?]?\w*[!?]?",
)
_LONGEST_VALUE = 100  # characters; whether more of them are one takes the square of their number


class Row(NamedTuple):
    number: int  # from 0, of the sheet
    slots: dict[int, Slot]  # by column from 0; none of them empty


class Spans:
    """Repeats a cell that spans in the slots that it covers, as far as their rows are there."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int, Slot]] = []  # last row, column, what spans

    def apply(self, number: int, slots: dict[int, Slot]) -> Row:
        """The next row with what spans into it. A cell of too many columns is layout and stands once."""
        self._open = [entry for entry in self._open if entry[0] >= number]
        for column, slot in slots.items():
            if (slot.row_span > 1 or slot.column_span > 1) and slot.column_span <= MAX_SPANNED:
                self._open.append((number + slot.row_span - 1, column, slot))
        for _, column, slot in self._open:
            for covered in range(column, column + slot.column_span):
                slots.setdefault(covered, Slot(slot.text))
        return Row(number, slots)


class Region(NamedTuple):
    """Rows with nothing but blank cells around them; the columns from `first` to `last`."""

    rows: Sequence[Row]
    first: int
    last: int


class SheetWriter:
    """Writes the rows of one sheet, in order, as tables, below its name if it has one."""

    def __init__(self, composer: Composer, name: str) -> None:
        self.composer = composer
        self._name = name
        self._is_begun = False
        self._headers: list[Region] = []  # of the tables that may go on below

    def write(self, rows: Iterable[Row]) -> Iterator[None]:
        """Yields whenever the composer is full and wants to be built."""
        band: list[Row] = []
        cells = 0
        goes_on = False
        for row in rows:
            if not row.slots:
                continue
            is_long = len(band) >= MAX_ROWS or cells >= MAX_CELLS
            if band and (is_long or row.number > band[-1].number + 1):
                yield from self._band(band, goes_on=goes_on)
                band, cells, goes_on = [], 0, is_long
            band.append(row)
            cells += len(row.slots)
        yield from self._band(band, goes_on=goes_on)

    def begin(self) -> None:
        """Write the name, if nothing has been written: a sheet of nothing is not named."""
        if not self._is_begun:
            self.composer.heading(self._name, 1)
            self._is_begun = True

    def write_whole(self, rows: Iterable[Row]) -> Iterator[None]:
        """As `write`, but all rows are one table, whatever in it is blank."""
        header: list[Row] | None = None
        for window in _windows(rows):
            extent = (0, _extent(window)[1])
            heads = 0
            if header is None:
                heads = header_rows(Region(window, *extent))
                header = window[:heads]
            else:
                yield
            yield from self._pieces(window, heads, Region(header, *extent))

    def _band(self, band: list[Row], *, goes_on: bool) -> Iterator[None]:
        """Rows without a blank one among them; those of a longer run go on with the ones before."""
        if not band:
            return
        if goes_on or self.composer.is_full:
            yield
        self.begin()
        for region in regions(band):
            yield from self._region(region)
        if len(self._headers) > _MAX_HEADERS:
            self._headers = []

    def _region(self, region: Region) -> Iterator[None]:
        header = self._header_above(region)
        if header is None:
            titles, region = _titles(region)
            for title in titles:
                self._write_rows([title], 0, *_extent([title]))
            count = header_rows(region)
            header = Region(region.rows[:count], region.first, region.last)
            self._headers.append(header)
            body, heads = region.rows, count
        else:
            body, heads = region.rows, 0
        yield from self._pieces(body, heads, header)

    def _pieces(self, rows: Sequence[Row], heads: int, header: Region) -> Iterator[None]:
        """The first `heads` of the rows are the header; where it is in an earlier part, it is repeated."""
        width = header.last - header.first + 1
        first, last = header.first, header.last
        at = 0
        while at < len(rows):
            again = [] if heads or not self.composer.is_empty else list(header.rows)
            size = _fitting(rows[at:], max(1, min(MAX_ROWS, MAX_CELLS // width)))
            self._write_rows([*again, *rows[at : at + size]], heads or len(again), first, last)
            at, heads = at + size, 0
            if at < len(rows):
                yield

    def _write_rows(self, rows: Sequence[Row], headers: int, first: int, last: int) -> None:
        grid = [[row.slots.get(column, EMPTY) for column in range(first, last + 1)] for row in rows]
        self.composer.grid(grid, headers=headers, sheet=self._name, numbers=[row.number for row in rows], column=first)

    def _header_above(self, region: Region) -> Region | None:
        """Of a table that this region goes on with: in its columns, and beginning as its rows do, not with a header."""
        for header in reversed(self._headers):
            if header.first <= region.first and region.last <= header.last:
                is_wide = 2 * (region.last - region.first + 1) > header.last - header.first + 1 > 1
                return header if header.rows and is_wide and not _begins_anew(region) else None
        return None


def _windows(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows with something in them, as many as may be held together."""
    window: list[Row] = []
    cells = 0
    for row in rows:
        if row.slots:
            window.append(row)
            cells += len(row.slots)
        if len(window) >= MAX_ROWS or cells >= MAX_CELLS:
            yield window
            window, cells = [], 0
    if window:
        yield window


def regions(band: Sequence[Row]) -> Iterator[Region]:
    """Neighbouring rows cut at blank columns and, what that leaves, at blank rows, until nothing is blank."""
    if not band:
        return
    columns = sorted({column for row in band for column in row.slots})
    edges = [column for column, after in zip(columns, [*columns[1:], None], strict=True) if after != column + 1]
    if len(edges) == 1:
        yield Region(band, columns[0], columns[-1])
        return
    first = columns[0]
    for edge in edges:
        for part in _split(_cut(band, first, edge)):
            yield from regions(part)
        first = next((column for column in columns if column > edge), edge)


def _cut(band: Sequence[Row], first: int, last: int) -> list[Row]:
    cut = (Row(row.number, {c: slot for c, slot in row.slots.items() if first <= c <= last}) for row in band)
    return [row for row in cut if row.slots]


def _split(rows: list[Row]) -> Iterator[list[Row]]:
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at].number > rows[at - 1].number + 1:
            yield rows[start:at]
            start = at


def _titles(region: Region) -> tuple[list[Row], Region]:
    """Rows above a table that hold one cell only, and the table without them."""
    count = 0
    while count + 1 < len(region.rows) and region.last > region.first and (title := _only(region.rows[count])):
        count += 1
    titles = [title for row in region.rows[:count] if (title := _only(row))]
    rest = region.rows[count:]
    return titles, Region(rest, *_extent(rest)) if count else region


def _only(row: Row) -> Row | None:
    """The row with its one cell, written once, if all that it holds is that cell."""
    column, slot = min(row.slots.items())
    covered = range(column, column + slot.column_span)
    return Row(row.number, {column: slot}) if slot.row_span == 1 and set(row.slots) <= set(covered) else None


def _extent(rows: Iterable[Row]) -> tuple[int, int]:
    columns = {column for row in rows for column in row.slots}
    return min(columns), max(columns)


def header_rows(region: Region) -> int:
    """How many rows head the columns: none, one, or as many as the merged cells of the first hold together."""
    if len(region.rows) < 2 or not _heads(region.rows[0], region.rows[1 : 1 + _SAMPLE]):
        return 0
    count = 1
    while (
        count + 1 < len(region.rows)
        and any(slot.column_span > 1 or slot.row_span > 1 for slot in region.rows[count - 1].slots.values())
        and all(is_word(slot.text) for slot in region.rows[count].slots.values())
    ):
        count += 1
    return count


def _heads(row: Row, below: Sequence[Row]) -> bool:
    if all(is_word(slot.text) for slot in row.slots.values()):
        return True
    # Columns that are headed by a year hold other numbers.
    return all(is_word(slot.text) or _YEAR.fullmatch(slot.text) for slot in row.slots.values()) and not any(
        _YEAR.fullmatch(slot.text) for other in below for slot in other.slots.values()
    )


def _begins_anew(region: Region) -> bool:
    """Whether the first row reads as a header or a title: words only, above what are not only words."""
    first = region.rows[0]
    return all(is_word(slot.text) for slot in first.slots.values()) and (
        len(region.rows) > 1 or len(first.slots) < region.last - region.first + 1
    )


def is_word(text: str) -> bool:
    """Whether it is no number, date, time, truth value or error."""
    return len(text) > _LONGEST_VALUE or not _VALUE.fullmatch(text)


def _fitting(rows: Sequence[Row], most: int) -> int:
    """How many of the rows make one part."""
    length = 0
    for count, row in enumerate(rows[:most]):
        length += sum(len(slot.text) for slot in row.slots.values())
        if length > MAX_PART:
            return max(count, 1)
    return min(len(rows), most)
