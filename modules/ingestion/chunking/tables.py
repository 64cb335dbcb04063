"""What heads the columns of a table's rows."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import attrgetter

from footnote.modules.ingestion.models import Block, Extraction

ROWS = frozenset({"table_header", "table_row"})
_start = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Rows:
    """Neighbouring rows of one table."""

    start: int
    end: int
    header: str
    sheet: str | None


class Tables:
    def __init__(self, extraction: Extraction) -> None:
        self._tables = [_rows(extraction, blocks) for blocks in _runs_of_rows(extraction)]

    def at(self, position: int) -> Rows | None:
        """The rows that `position` stands in."""
        index = bisect_right(self._tables, position, key=_start) - 1
        return self._tables[index] if index >= 0 and position < self._tables[index].end else None

    def context(self, position: int, path: tuple[str, ...]) -> str:
        """What a chunk that begins at `position` does not say of its first rows: their sheet and the rows at the top.

        A sheet that is the heading, too, is not repeated.
        """
        rows = self.at(position)
        if rows is None:
            return ""
        sheet = "" if rows.sheet in path else rows.sheet
        header = rows.header if position > rows.start else ""
        return "\n".join(part for part in (sheet, header) if part)


def _rows(extraction: Extraction, blocks: list[Block]) -> Rows:
    top = list(takewhile(lambda block: block.kind == "table_header", blocks))
    tables = extraction.layout.tables
    index = bisect_right(tables, blocks[0].start, key=_start) - 1
    return Rows(
        start=blocks[0].start,
        end=blocks[-1].end,
        header="\n".join(filter(None, (_cells(extraction.text[row.start : row.end]) for row in top))),
        sheet=tables[index].sheet if index >= 0 and blocks[0].start < tables[index].end else None,
    )


def _cells(row: str) -> str:
    """Each cell once: one that spans columns stands in the row for each of them, and says no more by that."""
    cells = (cell.strip() for cell in row.strip("| ").split(" | "))
    return " | ".join(dict.fromkeys(cell for cell in cells if cell))


def _runs_of_rows(extraction: Extraction) -> Iterator[list[Block]]:
    run: list[Block] = []
    for block in extraction.layout.blocks:
        if run and not goes_on(extraction, run[-1], block):
            yield run
            run = []
        if block.kind in ROWS:
            run.append(block)
    if run:
        yield run


def goes_on(extraction: Extraction, last: Block, block: Block) -> bool:
    """Rows of one table stand on neighbouring lines, those at its top first."""
    is_top = block.kind == "table_header" and last.kind == "table_row"
    return block.kind in ROWS and not is_top and extraction.text.count("\n", last.end, block.start) < 2
