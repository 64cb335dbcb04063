"""Tables without a grid: columns that the words make, with the rulings and fills there are as hints."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling, Rulings
from footnote.modules.ingestion.extraction.pdf_tables_columns import Column, find_columns, place
from footnote.modules.ingestion.extraction.pdf_tables_heads import head_groups, header_lines, header_rows
from footnote.modules.ingestion.extraction.pdf_tables_lines import Entry, Line, body_groups
from footnote.modules.ingestion.extraction.pdf_tables_model import BULLET, Draft, DraftCell, Placed, is_number
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, Segment, is_tabular
from footnote.modules.ingestion.extraction.pdf_tables_runs import Run, page_runs

_LEADERS = re.compile(r"\.{4}|(?:\. ){4}")
_FULL = 0.6  # of the columns that most rows stand in
_RULE = 0.6  # of the table's width, at least
_MOST_VALUE_WORDS = 7  # of the cells beside the labels, on the average
_ALIGNED = 0.55  # of the entries of a column
_SLACK = 0.4  # row heights: closing parentheses hang over
_MOST_LABEL_WORDS = 6  # where no column is one of numbers
_FEW_HEADS = 3  # lines; with more of them, the values must be a table without them
_SPLIT_GAP = 0.4  # row heights between two words above the border of columns: they are heads of one each


def text_tables(rows: Sequence[Row], rulings: Rulings) -> list[Draft]:
    drafts = (_draft(run, rulings) for run in page_runs(rows))
    return [draft for draft in drafts if draft is not None]


def _draft(run: Run, rulings: Rulings) -> Draft | None:
    columns = find_columns([row for row in run if is_tabular(row)])
    lines = [_line(row, columns) for row in run]
    columns = _without_splits(lines, columns)
    lines = _trimmed(lines)
    around = _within(rulings, [line.row for line in lines])
    heads = header_lines(lines, columns, around.across)
    if len(columns) < 2 or not _is_table(lines, heads, columns, around.across):
        return None
    above = head_groups(lines, heads, columns, around)
    below = body_groups(lines[heads:], columns, around)
    return _built([*above, *below], columns, header_rows(above, len(columns)))


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without the lines at the top that stand in the first column only, such as titles."""
    start = next((index for index, line in enumerate(lines) if line.filled != {0}), 0)
    return lines[start:]


def _within(rulings: Rulings, run: Run) -> Rulings:
    top, bottom = run[0].y0 - run[0].height, run[-1].y1 + run[-1].height
    left, right = min(row.x0 for row in run) - 5, max(row.x1 for row in run) + 5
    return Rulings(
        [
            ruling
            for ruling in rulings.across
            if top < ruling.at < bottom and ruling.start < right and ruling.end > left
        ],
        [],
        [fill for fill in rulings.fills if fill[3] > top and fill[1] < bottom and fill[0] < right and fill[2] > left],
    )


def _line(row: Row, columns: Sequence[Column]) -> Line:
    entries: list[Entry] = []
    for piece in (piece for segment in row.segments for piece in _pieces(segment, columns, row.height)):
        first, last = place(piece, columns)
        if entries and first <= entries[-1].last:
            entries[-1].last = max(entries[-1].last, last)
            entries[-1].segment.absorb(piece)
        else:
            entries.append(Entry(first, last, piece))
    return Line(row, entries)


def _pieces(segment: Segment, columns: Sequence[Column], height: float) -> Iterator[Segment]:
    """Heads of several columns that stand close to each other are cut at the borders of the columns."""
    first, last = place(segment, columns)
    pieces = [Segment([segment.words[0]], segment.words[0].x0, segment.words[0].x1)]
    borders = [column.right for column in columns[first:last]]
    for word in segment.words[1:]:
        left, right = pieces[-1].x1, word.x0
        is_border = any(left - height < border < right + height for border in borders)
        if is_border and right - left > _SPLIT_GAP * height:
            pieces.append(Segment([word], word.x0, word.x1))
        else:
            pieces[-1].absorb(Segment([word], word.x0, word.x1))
    yield from pieces


def _without_splits(lines: Sequence[Line], columns: list[Column]) -> list[Column]:
    """Heads set apart from what they are over become one column with it."""
    index = 0
    while index < len(columns) - 1:
        if _belong_together(lines, columns, index):
            left, right = columns[index], columns[index + 1]
            columns = [
                *columns[:index],
                Column(left.left, right.right, left.core_left, right.core_right, left.x0, right.x1),
                *columns[index + 2 :],
            ]
            for line in lines:
                line.join(index)
        else:
            index += 1
    return columns


def _belong_together(lines: Sequence[Line], columns: Sequence[Column], index: int) -> bool:
    left = [line.at(index) for line in lines]
    right = [line.at(index + 1) for line in lines]
    if any(one is not None and other is not None and one is not other for one, other in zip(left, right, strict=True)):
        return False
    height = lines[0].row.height
    is_near = columns[index + 1].core_left - columns[index].core_right < 5 * height
    fewer = min(sum(entry is not None for entry in side) for side in (left, right))
    is_head = index > 0 or (fewer == 1 and left[0] is not None and sum(entry is not None for entry in left) == 1)
    return is_head and is_near and fewer <= 2


def _is_table(lines: Sequence[Line], heads: int, columns: Sequence[Column], across: Sequence[Ruling]) -> bool:
    """Whether the run is a table rather than text that happens to be aligned; in doubt it is not."""
    rows = [line for line in lines if len(line.entries) > 1]
    body = [line for line in lines[heads:] if len(line.entries) > 1]
    if len(rows) < max(3, len(lines) / 2) or (heads > _FEW_HEADS and len(body) < 3):
        return False
    is_short = len(rows) < 4
    rows = body if len(body) > 2 else rows
    if _is_contents(rows):
        return False
    width = columns[-1].right - columns[0].left
    rules = sum(ruling.end - ruling.start > _RULE * width for ruling in across)
    filled = sum(len(line.filled) for line in rows) / (len(rows) * len(columns))
    values = [len(entry.segment.words) for line in rows for entry in line.entries if entry.first > 0]
    full = sum(len(line.filled) >= _FULL * len(columns) for line in rows)
    if not values or sum(values) > _MOST_VALUE_WORDS * len(values) or (is_short and not rules):
        return False
    if filled < 0.5 or full < max(3, len(rows) / 2):
        return False
    if not all(_is_aligned(rows, index) for index in range(1, len(columns))):
        return False
    start = 1 + _is_of_bullets(rows)
    if any(_is_numeric(rows, index, min(len(rows) - 1, 3)) for index in range(start, len(columns))):
        return sum(line.at(start - 1) is not None for line in rows) > len(rows) / 2
    if any(_is_running(rows, index) for index in range(len(columns))):
        return False
    labels = [len(entry.segment.words) for line in rows if (entry := line.at(start - 1))]
    if filled < 0.7 or sum(values) > 4 * len(values) or sum(labels) > _MOST_LABEL_WORDS * len(labels):
        return False
    return len(rows) > 3 and len(columns) > (start if rules > 1 else start + 1)


def _is_contents(rows: Sequence[Line]) -> bool:
    """Dots lead to numbers of pages that rise."""
    leading = sum(bool(_LEADERS.search(line.text)) for line in rows)
    pages = [int(text) for line in rows if (text := line.entries[-1].segment.text).isdecimal()]
    return 4 * leading > len(rows) and 2 * len(pages) > len(rows) and pages == sorted(pages)


def _is_running(rows: Sequence[Line], index: int) -> bool:
    """Most lines of the column go on with the sentence of the one above."""
    entries = [entry.segment for line in rows[1:] if (entry := line.at(index))]
    lower = sum(segment.text[0].islower() for segment in entries)
    return 2 * lower > len(entries) and sum(len(segment.words) for segment in entries) >= 2 * len(entries)


def _is_of_bullets(rows: Sequence[Line]) -> bool:
    """Whether the first column holds the bullets or numbers of a list."""
    texts = [entry.segment.text for line in rows if (entry := line.at(0))]
    return all(BULLET.fullmatch(text) for text in texts)


def _is_aligned(rows: Sequence[Line], index: int) -> bool:
    """Most of what stands in the column begins, ends or is centred at the same place."""
    entries = [entry for line in rows if (entry := line.at(index)) and entry.first == entry.last]
    if len(entries) < 3:
        return True
    sides = [(entry.segment.x0, entry.segment.x1) for entry in entries]
    slack = _SLACK * rows[0].row.height
    return any(
        _most_within(places, slack) > _ALIGNED * len(entries)
        for places in ([x0 for x0, _ in sides], [x1 for _, x1 in sides], [(x0 + x1) / 2 for x0, x1 in sides])
    )


def _most_within(places: Sequence[float], slack: float) -> int:
    ordered = sorted(places)
    return max(bisect_right(ordered, place + slack) - index for index, place in enumerate(ordered))


def _is_numeric(rows: Sequence[Line], index: int, least: int) -> bool:
    texts = [entry.segment.text for line in rows if (entry := line.at(index)) and entry.first == entry.last]
    numbers = sum(map(is_number, texts))
    return numbers >= least and numbers > 0.5 * len(texts) and numbers >= 0.4 * len(rows)


def _built(groups: Sequence[Sequence[Line]], columns: Sequence[Column], header_rows: int) -> Draft:
    cells: list[DraftCell] = []
    for row, group in enumerate(groups):
        taken = 0
        for first, last, words in _cells(group):
            cells += [DraftCell(row, column, 1, 1, []) for column in range(taken, first)]
            cells.append(DraftCell(row, first, 1, last - first + 1, words))
            taken = last + 1
        cells += [DraftCell(row, column, 1, 1, []) for column in range(taken, len(columns))]
    boxes = [(min(line.row.y0 for line in group), max(line.row.y1 for line in group)) for group in groups]
    ys = [boxes[0][0], *((above[1] + below[0]) / 2 for above, below in pairwise(boxes)), boxes[-1][1]]
    xs = [columns[0].left, *(column.right for column in columns)]
    words = [word for cell in cells for word in cell.words]
    xs[0], xs[-1] = min(word.x0 for word in words), max(word.x1 for word in words)
    return Draft(xs, ys, cells, header_rows)


def _cells(group: Sequence[Line]) -> Iterator[tuple[int, int, list[Placed]]]:
    """What stands in the same columns in the lines of a row is one cell."""
    first, last, words = -1, -1, list[Placed]()
    for entry in sorted((entry for line in group for entry in line.entries), key=lambda entry: entry.first):
        if entry.first > last:
            if words:
                yield first, last, words
            first, last, words = entry.first, entry.last, []
        last = max(last, entry.last)
        words += entry.segment.words
    if words:
        yield first, last, words
