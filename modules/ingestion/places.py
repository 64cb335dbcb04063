"""From a span of the canonical text to where it stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from footnote.modules.ingestion.models import Cell, Extraction, Heading, Moment, Outer, Place, Word
from footnote.modules.retrieval import Box, Cells

S = TypeVar("S", Word, Cell, Moment)

_start = attrgetter("start")
_end = attrgetter("end")
_RAISED = 0.3  # of a line's height
_LONG = 4  # letters from which a word is taller than wide only if it stands on its side


def place(extraction: Extraction, start: int, end: int) -> Place:
    """Where the code points [start, end) of that extraction's text stand.

    There is a box for each line of each page, and a range of cells for each table of a spreadsheet.
    """
    boxes = tuple(line_boxes(extraction, start, end))
    return Place(
        pages=tuple(dict.fromkeys(box.page for box in boxes)),
        boxes=boxes,
        heading_path=heading_path(extraction, start),
        cells=tuple(cell_ranges(extraction, start, end)),
        seconds=seconds(extraction, start, end),
    )


def together(places: Sequence[Place]) -> Place:
    """Where a span stands of which each neighbouring part of the text holds a piece; there is at least one."""
    times = [place.seconds for place in places if place.seconds]
    return Place(
        pages=tuple(dict.fromkeys(chain.from_iterable(place.pages for place in places))),
        boxes=tuple(chain.from_iterable(place.boxes for place in places)),
        heading_path=places[0].heading_path,
        cells=tuple(chain.from_iterable(place.cells for place in places)),
        seconds=(times[0][0], max(ends for _, ends in times)) if times else None,
    )


def line_boxes(extraction: Extraction, start: int, end: int) -> Iterator[Box]:
    """The smallest box around the touched words of each line, in reading order."""
    line: list[Word] = []
    for word in _touched(extraction.layout.words, start, end):
        if line and not _is_on_line(word, line[-1], extraction.text[line[-1].end : word.start]):
            yield _around(line)
            line = []
        line.append(word)
    if line:
        yield _around(line)


def heading_path(extraction: Extraction, position: int) -> tuple[str, ...]:
    """The headings that `position` stands under, outermost first; a heading stands under itself."""
    headings, outline = extraction.layout.headings, extraction.layout.outline
    path: list[Heading] = []
    index = bisect_right(headings, position, key=_start) - 1
    while index >= 0:
        path.append(headings[index])
        index = outline[index]
    inner = (" ".join(extraction.text[heading.start : heading.end].split()) for heading in reversed(path))
    return (*(heading.text for heading in _above(extraction.layout.outer, path)), *inner)


def cell_ranges(extraction: Extraction, start: int, end: int) -> Iterator[Cells]:
    """In the notation of spreadsheets: `B2:D3`, or `B2` for one cell."""
    for table in extraction.layout.tables:
        if table.sheet is None or table.end <= start or table.start >= end:
            continue
        touched = [cell for cell in _touched(table.cells, start, end) if cell.start < cell.end]
        if touched:
            yield Cells(sheet=table.sheet, range=_range(touched))


def seconds(extraction: Extraction, start: int, end: int) -> tuple[float, float] | None:
    """When what is touched begins and ends in a recording."""
    touched = _touched(extraction.layout.moments, start, end)
    if not touched:
        return None
    return min(moment.begins for moment in touched), max(moment.ends for moment in touched)


def _touched(spans: Sequence[S], start: int, end: int) -> Sequence[S]:
    """Those of `spans`, which are in order, that [start, end) has a part of."""
    return spans[bisect_right(spans, start, key=_end) : bisect_left(spans, end, key=_start)]


def _above(outer: Sequence[Outer], path: Sequence[Heading]) -> Sequence[Outer]:
    """Those that the outermost of `path` does not end."""
    return [heading for heading in outer if not path or heading.level < path[-1].level]


def _is_on_line(word: Word, last: Word, between: str) -> bool:
    """Two parts of a word that a line's end cut have nothing between them, and lines of a cell have a space."""
    if word.page != last.page or "\n" in between:
        return False
    height, last_height = word.y1 - word.y0, last.y1 - last.y0
    width, last_width = word.x1 - word.x0, last.x1 - last.x0
    off = abs(word.y0 + word.y1 - last.y0 - last.y1) / 2
    is_beside = min(word.y1, last.y1) - max(word.y0, last.y0) > 0.5 * min(height, last_height)
    is_above = min(word.x1, last.x1) - max(word.x0, last.x0) > 0.5 * min(width, last_width)
    if is_beside and is_above:  # lines so tight that they overlap, or a sign raised above the end of its word
        return off < _RAISED * max(height, last_height)
    return is_beside or (is_above and _runs_upwards(word, last))


def _runs_upwards(*words: Word) -> bool:
    """Or downwards."""
    return any(each.end - each.start >= _LONG and each.y1 - each.y0 > each.x1 - each.x0 for each in words)


def _range(cells: Sequence[Cell]) -> str:
    top, left = min(cell.row for cell in cells), min(cell.column for cell in cells)
    bottom = max(cell.row + cell.row_span for cell in cells) - 1
    right = max(cell.column + cell.column_span for cell in cells) - 1
    first, last = _name(top, left), _name(bottom, right)
    return first if first == last else f"{first}:{last}"


def _name(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _around(words: Sequence[Word]) -> Box:
    return Box(
        page=words[0].page,
        x0=min(word.x0 for word in words),
        y0=min(word.y0 for word in words),
        x1=max(word.x1 for word in words),
        y1=max(word.y1 for word in words),
    )
