"""What stands above a row of a table."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from footnote.modules.ingestion.chunking.tables import ROWS, goes_on
from footnote.modules.ingestion.models import Block, Extraction
from footnote.platform.table_parts import Parts
from footnote.platform.text import sentence_spans

Span = tuple[int, int]

CELL = re.compile(r"[^|\s](?:[^|\n]*[^|\s])?")
CAPTION = re.compile(r":\s*$|\([^()]*\b(?:thousands|millions|billions|dollars|euros|percent|unaudited)\b[^()]*\)", re.I)
LONGEST = 400  # characters of a caption
_start = attrgetter("start")


def heads(extraction: Extraction, position: int) -> list[Span]:
    """The caption, if there is one, the rows that head the columns, and the names of the parts that the row is in.

    Empty where `position` is in no row but these.
    """
    blocks = extraction.layout.blocks
    index = bisect_right(blocks, position, key=_start) - 1
    if index < 0 or blocks[index].kind != "table_row" or position >= blocks[index].end:
        return []
    first = _beginning(extraction, index)
    top = list(_top(blocks, first, index))
    parts = _parts(extraction, [block for block in blocks[first + len(top) : index] if block.kind in ROWS])
    return [*_caption(extraction, blocks[:first][-1:]), *(_row(extraction, block) for block in top), *parts]


def _parts(extraction: Extraction, rows: Sequence[Block]) -> Iterator[Span]:
    """The names of the parts that are open after `rows`."""
    parts = Parts()
    for row in rows:
        parts.pass_by(extraction.text[row.start : row.end], row.start)
    for part in parts.open:
        start = extraction.text.index(part.name, part.at)
        yield start, start + len(part.name)


def _row(extraction: Extraction, block: Block) -> Span:
    """Of a row that is one cell over all columns, and so stands there once for each, that cell."""
    cells = list(CELL.finditer(extraction.text, block.start, block.end))
    is_one = len({cell[0] for cell in cells}) == 1
    return cells[0].span() if is_one else (block.start, block.end)


def _beginning(extraction: Extraction, index: int) -> int:
    """The first block of the table that has the block at `index`, be it on an earlier page."""
    blocks = extraction.layout.blocks
    first = _first(extraction, blocks, index)
    earlier = first
    while blocks[earlier].kind == "table_row" and (last := _before_the_page(extraction, earlier)) is not None:
        earlier = _first(extraction, blocks, last)
    return earlier if blocks[earlier].kind == "table_header" else first


def _before_the_page(extraction: Extraction, index: int) -> int | None:
    """The row with which the page before ends, if the one at `index` begins the next page and has as many cells."""
    blocks = extraction.layout.blocks
    last = index - 1
    while last >= 0 and blocks[last].kind == "furniture":
        last -= 1
    if last < 0 or blocks[last].kind != "table_row":
        return None
    row, other = (extraction.text[block.start : block.end].count("|") for block in (blocks[index], blocks[last]))
    pages = extraction.layout.pages
    page = bisect_right(pages, blocks[index].start, key=_start) - 1
    is_next = page > 0 and pages[page - 1].start <= blocks[last].start < pages[page].start
    return last if is_next and row == other else None


def _first(extraction: Extraction, blocks: Sequence[Block], index: int) -> int:
    """Of the blocks of the table that has the block at `index`, as far as its rows stand together."""
    while index and blocks[index - 1].kind in ROWS and goes_on(extraction, blocks[index - 1], blocks[index]):
        index -= 1
    return index


def _top(blocks: Sequence[Block], first: int, end: int) -> Iterator[Block]:
    for block in blocks[first:end]:
        if block.kind != "table_header":
            return
        yield block


def _caption(extraction: Extraction, before: Sequence[Block]) -> Iterator[Span]:
    """The last sentence before the table, if it speaks of what is in it."""
    for block in before:
        text = extraction.text[block.start : block.end]
        start, end = sentence_spans(text)[-1]
        if block.kind not in ROWS and end - start <= LONGEST and CAPTION.search(text[start:end]):
            yield block.start + start, block.start + end
