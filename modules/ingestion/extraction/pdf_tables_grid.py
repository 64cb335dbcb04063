"""Tables with a grid of rulings: the cells are what its walls enclose."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import mean

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling, Rulings
from footnote.modules.ingestion.extraction.pdf_tables_model import Draft, DraftCell, Placed
from footnote.modules.ingestion.extraction.pdf_words import Rectangle

_TOUCH = 3.0  # points between rulings that cross all the same
_ONE = 3.5  # points between the lines of a double ruling
_WALL = 0.6  # of a side of a cell that a ruling covers
_SNAP = 2.0  # points to which corners are rounded
_TILED = 0.9  # of its box that tiles cover
_HIGHEST_HEAD = 80  # points
_MOST_CROSSINGS = 250_000  # to look at; beyond are drawings


def grids(rulings: Rulings) -> Iterator[Rulings]:
    """Rulings that cross each other, closed at the sides that tables are often left open at."""
    if len(rulings.across) * len(rulings.down) > _MOST_CROSSINGS:
        return
    for grid in _connected(rulings):
        if len(grid.across) >= 2 or len(grid.down) >= 2:
            _close_sides(grid)
            _add_filled_head(grid, rulings.fills)
            yield grid
    yield from _tilings(rulings.fills)


def _tilings(fills: Sequence[Rectangle]) -> Iterator[Rulings]:
    """Cells that are drawn as areas side by side, in rows below each other, as presentations do."""
    corners: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, (x0, y0, x1, y1) in enumerate(fills):
        for x, y in product((x0, x1), (y0, y1)):
            corners[round(x / _SNAP), round(y / _SNAP)].append(index)
    if sum(len(meeting) > 3 for meeting in corners.values()) < 1:
        return
    for tiles in _neighbours(corners.values(), len(fills)):
        boxes = [fills[tile] for tile in tiles]
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        covered = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes)
        if len(boxes) > 3 and _TILED < covered / ((right - left) * (bottom - top)) < 1 / _TILED:
            yield Rulings(
                [Ruling(y, x0, x1) for x0, y0, x1, y1 in boxes for y in (y0, y1)],
                [Ruling(x, y0, y1) for x0, y0, x1, y1 in boxes for x in (x0, x1)],
            )


def _neighbours(meetings: Iterable[Sequence[int]], count: int) -> Iterator[list[int]]:
    """Groups of those that meet at corners."""
    group_of = list(range(count))
    members = {index: [index] for index in range(count)}
    for first, *others in meetings:
        for other in others:
            home, old = group_of[first], group_of[other]
            if home != old:
                if len(members[home]) < len(members[old]):
                    home, old = old, home
                for member in members[old]:
                    group_of[member] = home
                members[home] += members.pop(old)
    yield from members.values()


def _connected(rulings: Rulings) -> list[Rulings]:
    together: list[Rulings] = []
    for across in rulings.across:
        crossing = [down for down in rulings.down if _cross(across, down)]
        if crossing:
            touched = [grid for grid in together if any(down in grid.down for down in crossing)]
            joined = Rulings([across], crossing)
            for grid in touched:
                joined.across += grid.across
                joined.down += [down for down in grid.down if down not in crossing]
            together = [grid for grid in together if grid not in touched] + [joined]
    return together


def _cross(across: Ruling, down: Ruling) -> bool:
    return across.start - _TOUCH < down.at < across.end + _TOUCH and down.start - _TOUCH < across.at < down.end + _TOUCH


def _close_sides(grid: Rulings) -> None:
    """Where rulings end together and nothing crosses, as at the left and right of many tables."""
    for rulings, walls in ((grid.across, grid.down), (grid.down, grid.across)):
        low, high = min(ruling.at for ruling in rulings), max(ruling.at for ruling in rulings)
        low = min([low, *(wall.start for wall in walls)])
        high = max([high, *(wall.end for wall in walls)])
        for end in (min(ruling.start for ruling in rulings), max(ruling.end for ruling in rulings)):
            ending = sum(min(abs(ruling.start - end), abs(ruling.end - end)) < _TOUCH for ruling in rulings)
            if ending > 1 and not any(abs(wall.at - end) < _ONE + _TOUCH for wall in walls):
                walls.append(Ruling(end, low, high))


def _add_filled_head(grid: Rulings, fills: Sequence[Rectangle]) -> None:
    """A first row that has a background instead of rulings."""
    top, left = min(ruling.at for ruling in grid.across), min(ruling.start for ruling in grid.across)
    right = max(ruling.end for ruling in grid.across)
    for x0, y0, x1, y1 in fills:
        if abs(y1 - top) < _TOUCH and left - _TOUCH < x0 and x1 < right + _TOUCH and y1 - y0 < _HIGHEST_HEAD:
            grid.across.append(Ruling(y0, x0, x1))
            grid.down += [Ruling(x0, y0, y1), Ruling(x1, y0, y1)]


@dataclass(slots=True)
class _Levels:
    """Places of rulings in one direction, and between which of the places across they are walls."""

    places: list[float]
    rulings: list[list[Ruling]]

    @classmethod
    def of(cls, rulings: Sequence[Ruling]) -> "_Levels":
        levels: list[list[Ruling]] = []
        for ruling in sorted(rulings, key=lambda ruling: ruling.at):
            if levels and ruling.at - levels[-1][-1].at < _ONE:
                levels[-1].append(ruling)
            else:
                levels.append([ruling])
        return cls([mean(ruling.at for ruling in level) for level in levels], levels)

    def has_wall(self, level: int, start: float, end: float) -> bool:
        covered = sum(max(0.0, min(ruling.end, end) - max(ruling.start, start)) for ruling in self.rulings[level])
        return covered > _WALL * (end - start)


def grid_cells(grid: Rulings, words: Sequence[Placed]) -> Draft:
    """The cells of the grid, with those of `words` that stand in them."""
    across, down = _Levels.of(grid.across), _Levels.of(grid.down)
    ys, xs = across.places, down.places
    draft = Draft(xs, ys, [])
    homes: dict[tuple[int, int], DraftCell] = {}
    for cell in _enclosed(across, down):
        draft.cells.append(cell)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                homes[row, column] = cell
    for word in words:
        row, column = bisect_right(ys, word.middle) - 1, bisect_right(xs, (word.x0 + word.x1) / 2) - 1
        if (row, column) in homes:
            homes[row, column].words.append(word)
    draft.cells.sort(key=lambda cell: (cell.row, cell.column))
    return draft


def _enclosed(across: _Levels, down: _Levels) -> Iterator[DraftCell]:
    ys, xs = across.places, down.places
    rows, columns = len(ys) - 1, len(xs) - 1
    seen: set[tuple[int, int]] = set()
    for start in ((row, column) for row in range(rows) for column in range(columns)):
        if start in seen:
            continue
        area, waiting = {start}, [start]
        while waiting:
            row, column = waiting.pop()
            sides = [
                ((row, column + 1), column + 1 < columns and not down.has_wall(column + 1, ys[row], ys[row + 1])),
                ((row, column - 1), column > 0 and not down.has_wall(column, ys[row], ys[row + 1])),
                ((row + 1, column), row + 1 < rows and not across.has_wall(row + 1, xs[column], xs[column + 1])),
                ((row - 1, column), row > 0 and not across.has_wall(row, xs[column], xs[column + 1])),
            ]
            fresh = {place for place, is_open in sides if is_open} - area
            area |= fresh
            waiting += fresh
        seen |= area
        yield from _rectangular(area)


def _rectangular(area: set[tuple[int, int]]) -> Iterator[DraftCell]:
    """One cell, or where walls are missing so that it is no rectangle, one for each of its stretches in a row."""
    top, left = min(row for row, _ in area), min(column for _, column in area)
    row_span, column_span = max(row for row, _ in area) - top + 1, max(column for _, column in area) - left + 1
    if len(area) == row_span * column_span:
        yield DraftCell(top, left, row_span, column_span, [])
        return
    for row, column in sorted(area):
        if (row, column - 1) not in area:
            end = column
            while (row, end + 1) in area:
                end += 1
            yield DraftCell(row, column, 1, end - column + 1, [])
