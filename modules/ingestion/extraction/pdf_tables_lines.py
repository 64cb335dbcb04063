"""Lines of a table without a grid, and which of them are one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling, Rulings
from footnote.modules.ingestion.extraction.pdf_tables_columns import Column
from footnote.modules.ingestion.extraction.pdf_tables_model import is_number
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, Segment

TIGHT = 0.85  # of the usual distance of rows: lines of one cell
_RAISED = 0.6  # row heights between middles: parts of one line, some set a little higher
_LOOSE = 1.5  # row heights between middles: no longer one cell
_WIDE = 0.7  # of the table's width: a rule between two of its rows
_BAND = 7  # lines of a cell with a background, at most


@dataclass(slots=True, eq=False)
class Entry:
    """A segment and the columns it stands in."""

    first: int
    last: int
    segment: Segment


@dataclass(slots=True, eq=False)
class Line:
    row: Row
    entries: list[Entry]

    @property
    def text(self) -> str:
        return " ".join(entry.segment.text for entry in self.entries)

    @property
    def label(self) -> str:
        entry = self.at(0)
        return entry.segment.text if entry else ""

    @property
    def filled(self) -> set[int]:
        return {index for entry in self.entries for index in range(entry.first, entry.last + 1)}

    def at(self, column: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.first <= column <= entry.last), None)

    def join(self, column: int) -> None:
        """Make one of this column and the next."""
        left, right = self.at(column), self.at(column + 1)
        if left and right and left is not right:
            left.segment.absorb(right.segment)
            left.last = right.last
            self.entries.remove(right)
        for entry in self.entries:
            entry.first -= entry.first > column
            entry.last -= entry.last > column


def touches(rule: Ruling, lines: Sequence[Line]) -> bool:
    entries = (entry.segment for line in lines for entry in line.entries)
    return any(min(rule.end, segment.x1) - max(rule.start, segment.x0) > 0.5 * segment.width for segment in entries)


def lies_between(rule: Ruling, above: Line, below: Line) -> bool:
    return above.row.middle < rule.at < below.row.middle


def is_wide(rule: Ruling, columns: Sequence[Column]) -> bool:
    left, right = columns[0].core_left, columns[-1].core_right
    return min(rule.end, right) - max(rule.start, left) > _WIDE * (right - left)


def body_groups(lines: Sequence[Line], columns: Sequence[Column], around: Rulings) -> list[list[Line]]:
    usual = usual_distance(lines, len(columns))
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _is_wrapped(groups[-1], line, usual, around, len(columns)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def usual_distance(lines: Sequence[Line], columns: int) -> float:
    """Between rows that both have a label and values, since those are no parts of one."""
    distances = [
        below.row.middle - above.row.middle
        for above, below in pairwise(lines)
        if _is_full(above, columns) and _is_full(below, columns)
    ]
    return median(distances) if distances else 0.0


def _is_full(line: Line, columns: int) -> bool:
    return 0 in line.filled and len(line.filled) > 1 + (columns - 1) / 2 - 0.5


def _is_wrapped(group: Sequence[Line], line: Line, usual: float, around: Rulings, columns: int) -> bool:
    """Whether `line` goes on with cells of the row above it."""
    above = group[-1]
    filled = set().union(*(other.filled for other in group))
    if _is_full(line, columns) and any(_is_full(other, columns) for other in group):
        return False
    if any(lies_between(rule, above, line) and touches(rule, [above, line]) for rule in around.across):
        return False
    distance = line.row.middle - above.row.middle
    if distance < _RAISED * line.row.height:
        return True
    bands = _band(above, around), _band(line, around)
    if any(bands) and bands[0] == bands[1] and _are_parts(filled, line.filled):
        return True
    if bands[0] != bands[1] or distance > _LOOSE * max(above.row.height, line.row.height):
        return False
    if not _are_parts(filled, line.filled):
        return False
    if 0 in filled and 0 in line.filled:
        return line.label[:1].islower() or (distance < TIGHT * usual and not above.label.endswith(":"))
    if 0 not in line.filled:
        return line.filled <= filled and not any(is_number(entry.segment.text) for entry in line.entries)
    return distance < TIGHT * usual


def _are_parts(one: set[int], other: set[int]) -> bool:
    return one <= other or other <= one


def _band(line: Line, around: Rulings) -> tuple[float, float] | None:
    """Top and bottom of the fill behind the line."""
    middle, left = line.row.middle, line.row.x0
    for x0, y0, x1, y1 in around.fills:
        if y0 < middle < y1 and x0 <= left + 2 and x1 > left and y1 - y0 < _BAND * line.row.height:
            return round(y0), round(y1)
    return None
