"""Which grids of rulings are tables, and what stands in their cells."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from footnote.modules.ingestion.extraction.pdf_rulings import Rulings
from footnote.modules.ingestion.extraction.pdf_tables_grid import grid_cells, grids
from footnote.modules.ingestion.extraction.pdf_tables_model import (
    BULLET,
    CLOSERS,
    CURRENCIES,
    Draft,
    DraftCell,
    Placed,
    is_measure,
    lines_of,
)
from footnote.modules.ingestion.extraction.pdf_words import Rectangle

_MOST_WORDS = 60  # of a cell, on the average: more is a page in frames
_INNER_GAP = 1.2  # word heights
_HEAD_GAP = 0.4  # word heights between heads of two columns
_MOST_INNER = 0.3  # of the words of a table in cells that are tables themselves
_FILLED = 0.3  # of the cells, at least
_CROSSING = 0.2  # of the words, at most
_FULL = 0.6  # of the cells that a line of a row of its own stands in
_MOST_HEADS = 5  # rows


def ruled_tables(words: Sequence[Placed], rulings: Rulings) -> tuple[list[Draft], list[Rectangle]]:
    """The tables, and the boxes of grids whose cells are set out in columns that no rulings part."""
    drafts: list[Draft] = []
    loose: list[Rectangle] = []
    used: set[int] = set()
    for grid in sorted(grids(rulings), key=_area):  # tables in frames before the frames
        draft = grid_cells(grid, [word for word in words if id(word) not in used])
        if not _may_be_table(draft):
            continue
        if _is_loose(draft):
            loose.append((draft.xs[0], draft.ys[0], draft.xs[-1], draft.ys[-1]))
        else:
            drafts.append(_finished(draft))
            used.update(id(word) for cell in draft.cells for word in cell.words)
    return drafts, loose


def _area(grid: Rulings) -> float:
    ys, xs = [ruling.at for ruling in grid.across], [ruling.at for ruling in grid.down]
    return (max(ys) - min(ys)) * (max(xs) - min(xs))


def _may_be_table(draft: Draft) -> bool:
    filled = [cell for cell in draft.cells if cell.words]
    rows, columns = {cell.row for cell in filled}, {cell.column for cell in filled}
    if len(rows) < 2 or len(columns) < 2 or len(filled) < max(4, _FILLED * len(draft.cells)):
        return False
    words = [word for cell in filled for word in cell.words]
    return len(words) < _MOST_WORDS * len(filled) and _stay_in_cells(filled, draft)


def _stay_in_cells(filled: Sequence[DraftCell], draft: Draft) -> bool:
    """Words that stand on the rulings are those of a drawing."""
    crossing = sum(
        word.x0 < draft.xs[cell.column] - 2 or word.x1 > draft.xs[cell.column + cell.column_span] + 2
        for cell in filled
        for word in cell.words
    )
    return crossing <= _CROSSING * sum(len(cell.words) for cell in filled)


def _is_loose(draft: Draft) -> bool:
    words = sum(len(cell.words) for cell in draft.cells)
    return sum(len(cell.words) for cell in draft.cells if _has_columns(cell)) > _MOST_INNER * words


def _has_columns(cell: DraftCell) -> bool:
    """Most of its lines have wide gaps: it holds a table that has no rulings of its own."""
    lines = lines_of(cell.words)
    return len(lines) > 1 and sum(map(_has_gap, lines)) > len(lines) / 2


def _has_gap(line: Sequence[Placed]) -> bool:
    words = line[1:] if BULLET.fullmatch(line[0].word.text) else line
    return any(right.x0 - left.x1 > _INNER_GAP * left.height for left, right in pairwise(words))


def _finished(draft: Draft) -> Draft:
    draft = _with_signs(_without_empty(_with_lines_as_rows(_with_inner_heads(draft))))
    draft.header_rows = _header_rows(draft)
    return draft


def _with_lines_as_rows(draft: Draft) -> Draft:
    """Rows of the grid in which every line is a row of numbers are cut into these."""
    row = 0
    while row < len(draft.ys) - 1:
        cuts = _cuts(draft, row)
        for cut in reversed(cuts):
            _cut(draft, row, cut)
        row += 1 + len(cuts)
    draft.cells.sort(key=lambda cell: (cell.row, cell.column))
    return draft


def _with_inner_heads(draft: Draft) -> Draft:
    """A last line that has words over each column below, in a cell over all of these, is a head for each."""
    for cell in [cell for cell in draft.cells if cell.column_span > 1 and cell.row_span == 1 and cell.words]:
        lines = lines_of(cell.words)
        if not lines or not _is_over_columns(lines[-1], draft.xs[cell.column : cell.column + cell.column_span + 1]):
            continue
        if not _has_numbers(draft, cell.row + 1):
            continue
        if len(lines) > 1:
            middle = (max(word.y1 for word in lines[-2]) + min(word.y0 for word in lines[-1])) / 2
            _cut(draft, cell.row, middle)
    for cell in list(draft.cells):
        xs = draft.xs[cell.column : cell.column + cell.column_span + 1]
        if cell.column_span > 1 and _is_over_columns(cell.words, xs) and _has_numbers(draft, cell.row + cell.row_span):
            draft.cells.remove(cell)
            draft.cells += [
                DraftCell(
                    cell.row,
                    cell.column + index,
                    cell.row_span,
                    1,
                    [word for word in cell.words if _is_over(word, *sides)],
                )
                for index, sides in enumerate(pairwise(xs))
            ]
    return draft


def _is_over_columns(words: Sequence[Placed], xs: Sequence[float]) -> bool:
    """Some word stands over each column, and none over two."""
    columns = list(pairwise(xs))
    return (
        len(columns) > 1
        and all(any(_is_over(word, *sides) for word in words) for sides in columns)
        and not any(word.x0 + 1 < border < word.x1 - 1 for word in words for border in xs)
        and all(_has_gap_at(words, border) for border in xs[1:-1])
    )


def _has_gap_at(words: Sequence[Placed], border: float) -> bool:
    left = max(word.x1 for word in words if word.x1 <= border + 1)
    right = min(word.x0 for word in words if word.x0 >= border - 1)
    return right - left > _HEAD_GAP * words[0].height


def _is_over(word: Placed, left: float, right: float) -> bool:
    return left < (word.x0 + word.x1) / 2 <= right


def _cuts(draft: Draft, row: int) -> list[float]:
    """Above each line, but the first, that has a label and stands in most cells; other lines belong to those above."""
    cells = [cell for cell in draft.cells if cell.row <= row < cell.row + cell.row_span and cell.words]
    if len(cells) < 2 or any(cell.row_span > 1 for cell in cells):
        return []
    lines = lines_of([word for cell in cells for word in cell.words])
    entries = [_by_cell(line, cells) for line in lines]
    full = [index for index, parts in enumerate(entries) if sum(map(bool, parts)) > _FULL * len(cells)]
    if len(full) < 2 or full[0] > 0 or not all(entries[index][0] for index in full):
        return []
    numeric = sum(all(is_measure(_joined(entries[index][place])) for index in full) for place in range(1, len(cells)))
    if numeric == 0 or numeric < (len(cells) - 1) / 2:
        return []
    tops = [max(word.y1 for word in lines[index - 1]) + min(word.y0 for word in lines[index]) for index in full[1:]]
    return [top / 2 for top in tops]


def _by_cell(line: Sequence[Placed], cells: Sequence[DraftCell]) -> list[list[Placed]]:
    home = {id(word): index for index, cell in enumerate(cells) for word in cell.words}
    parts: list[list[Placed]] = [[] for _ in cells]
    for word in line:
        parts[home[id(word)]].append(word)
    return parts


def _cut(draft: Draft, row: int, y: float) -> None:
    draft.ys.insert(row + 1, y)
    for cell in list(draft.cells):
        if cell.row > row:
            cell.row += 1
        elif cell.row + cell.row_span > row:
            if cell.row == row and cell.row_span == 1:
                below = [word for word in cell.words if word.middle > y]
                cell.words = [word for word in cell.words if word.middle <= y]
                draft.cells.append(DraftCell(row + 1, cell.column, 1, cell.column_span, below))
            else:
                cell.row_span += 1


def _without_empty(draft: Draft) -> Draft:
    """Rows and columns go in which nothing stands but what also stands in others."""
    filled = [cell for cell in draft.cells if cell.words]
    rows = _needed((cell.row, cell.row_span) for cell in filled)
    columns = _needed((cell.column, cell.column_span) for cell in filled)
    return _regridded(
        draft, _numbered(len(draft.ys) - 1, rows.__contains__), _numbered(len(draft.xs) - 1, columns.__contains__)
    )


def _needed(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Those that something stands in alone, and one for each of the others that stand in none of these."""
    needed: set[int] = set()
    for start, span in sorted(spans, key=lambda place: place[1]):
        if needed.isdisjoint(range(start, start + span)):
            needed.add(start)
    return needed


def _with_signs(draft: Draft) -> Draft:
    """Columns of nothing but currencies join those to their right, columns of closing signs those to their left."""
    texts: dict[int, set[str]] = {column: set() for column in range(len(draft.xs) - 1)}
    for cell in draft.cells:
        if cell.words and cell.column_span == 1:
            texts[cell.column].add(_joined(cell.words))
    openers = {column for column, found in texts.items() if found and found <= CURRENCIES}
    closers = {column for column, found in texts.items() if found and found <= CLOSERS}
    columns = _numbered(len(texts), lambda column: column not in closers and column - 1 not in openers)
    if not openers and not closers:
        return draft
    filled, number = [], 0
    for column in columns:
        number = column if column >= 0 else number
        filled.append(number)
    return _regridded(draft, list(range(len(draft.ys) - 1)), filled)


def _numbered(count: int, is_kept: Callable[[int], bool]) -> list[int]:
    """The new number of each, or -1."""
    numbers, number = [], -1
    for index in range(count):
        number += is_kept(index)
        numbers.append(number if is_kept(index) else -1)
    return numbers


def _regridded(draft: Draft, rows: Sequence[int], columns: Sequence[int]) -> Draft:
    """With the new numbers of its rows and columns; those of -1 go, those of the same number become one."""
    cells: dict[tuple[int, int], DraftCell] = {}
    for cell in draft.cells:
        new_rows = {row for row in rows[cell.row : cell.row + cell.row_span] if row >= 0}
        new_columns = {column for column in columns[cell.column : cell.column + cell.column_span] if column >= 0}
        if not new_rows or not new_columns:
            continue
        place = min(new_rows), min(new_columns)
        if place in cells:
            cells[place].words += cell.words
        else:
            cells[place] = DraftCell(*place, len(new_rows), len(new_columns), cell.words)
    return Draft(_borders(draft.xs, columns), _borders(draft.ys, rows), [cells[place] for place in sorted(cells)])


def _borders(borders: Sequence[float], numbers: Sequence[int]) -> list[float]:
    firsts = {number: index for index, number in reversed(list(enumerate(numbers))) if number > 0}
    return [borders[0], *(borders[firsts[number]] for number in sorted(firsts)), borders[-1]]


def _joined(words: Sequence[Placed]) -> str:
    return " ".join(placed.word.text for placed in words)


def _header_rows(draft: Draft) -> int:
    """Those above the first with numbers; one if there are none; all that the cell at the top left stands in."""
    count = len(draft.ys) - 1
    first = next((row for row in range(count) if _has_numbers(draft, row)), None)
    heads = first if first is not None and first <= _MOST_HEADS else int(first is None or first > 0)
    while heads > 1 and heads == first and _filled_columns(draft, heads - 1) == {0}:
        heads -= 1
    if first is None and any(is_measure(_joined(cell.words)) for cell in draft.cells[:1]):
        return 0
    heads = next((row + 1 for row in range(heads) if _is_complete(draft, row)), heads)
    corner = draft.cells[0].row_span if draft.cells else 0
    return min(max(heads, corner if heads else 0), count - 1)


def _is_complete(draft: Draft, row: int) -> bool:
    """With a head over each column, but perhaps the first."""
    filled = {
        cell.column
        for cell in draft.cells
        if cell.words and cell.column_span == 1 and cell.row <= row < cell.row + cell.row_span
    }
    return filled >= set(range(1, len(draft.xs) - 1))


def _filled_columns(draft: Draft, row: int) -> set[int]:
    """The first columns of the cells with words."""
    return {cell.column for cell in draft.cells if cell.words and cell.row <= row < cell.row + cell.row_span}


def _has_numbers(draft: Draft, row: int) -> bool:
    return any(
        cell.row == row and cell.column > 0 and cell.words and is_measure(_joined(cell.words)) for cell in draft.cells
    )
