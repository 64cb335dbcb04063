"""Lines of a table without a grid: which are heads, and which are one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling, Rulings
from footnote.modules.ingestion.extraction.pdf_tables_columns import Column
from footnote.modules.ingestion.extraction.pdf_tables_model import is_measure, is_number
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, Segment

_MOST_HEADS = 12  # lines
_TIGHT = 0.85  # of the usual distance of rows: lines of one cell
_RAISED = 0.6  # row heights between middles: parts of one line, some set a little higher
_FLUSH = 1.5  # points
_LOOSE = 1.5  # row heights between middles: no longer one cell
_WIDE = 0.7  # of the table's width: a rule between two of its rows
_CENTRAL = 0.15  # of the width of a group of columns: a head is centred over it
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


def header_lines(lines: Sequence[Line], columns: Sequence[Column], across: Sequence[Ruling]) -> int:
    """How many lines at the top are heads: those above the first with numbers, or else above the first wide rule."""
    numbers = [_has_numbers(line, len(columns)) for line in lines]
    if any(numbers[: _MOST_HEADS + 1]):
        count = numbers.index(True)
        while count and lines[count - 1].filled == {0}:
            count -= 1
        return count
    for index, (above, below) in enumerate(pairwise(lines[: _MOST_HEADS + 1])):
        if any(_lies_between(rule, above, below) and _is_wide(rule, columns) for rule in across):
            return index + 1
    if any(numbers) or is_measure(lines[0].label):
        return 0
    labels = next((index for index, line in enumerate(lines[:_MOST_HEADS]) if line.at(0) is not None), 0)
    return max(labels, 1)


def header_rows(groups: Sequence[Sequence[Line]], heads: int, columns: int) -> int:
    """Of so many rows at the top those to the first that has a head over each column: what follows are values."""
    for index, group in enumerate(groups[:heads]):
        whole = {entry.first for line in group for entry in line.entries if entry.first == entry.last}
        if whole >= set(range(1, columns)):
            units = takewhile(lambda group: all(line.at(0) is None for line in group), groups[index + 1 : heads])
            return index + 1 + len(list(units))
    return heads


def _has_numbers(line: Line, columns: int) -> bool:
    values = [entry.segment.text for entry in line.entries if entry.first > 0]
    numbers = sum(is_measure(text) for text in values)
    return numbers > 0 and (line.at(0) is not None or numbers >= (columns - 1) / 2)


def grouped(lines: Sequence[Line], heads: int, columns: Sequence[Column], around: Rulings) -> list[list[Line]]:
    """Lines by row of the table, heads first."""
    for index, line in enumerate(lines[:heads]):
        others = [other for other in lines[:heads] if other is not line]
        if index == heads - 1 or not _share_out(line, others, columns):
            _spread(line, others, columns, around.across)
            _stretch(line, lines[heads - 1])
    usual = _usual_distance(lines, len(columns))
    groups: list[list[Line]] = []
    for line in lines[:heads]:
        if groups and _is_head_continued(groups[-1][-1], line, around.across, usual, len(columns)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [*groups, *_body(lines[heads:], columns, around)]


def _spread(line: Line, others: Sequence[Line], columns: Sequence[Column], across: Sequence[Ruling]) -> None:
    """A head stands over all columns that the rule below it runs over, or that it is centred over."""
    for entry in line.entries:
        rule = _rule_below(entry, line.row, columns, across)
        free = _free_around(line, entry, len(columns))
        if rule is not None:
            over = [index for index in free if _runs_over(rule, columns[index])]
            entry.first, entry.last = min([*over, entry.first]), max([*over, entry.last])
        elif entry.first > 0 and not _is_below_more(line, others) and not _is_stacked(entry, others, columns):
            _centre(entry, free, columns)


def _is_below_more(line: Line, others: Sequence[Line]) -> bool:
    return any(len(other.entries) > len(line.entries) and other.row.middle < line.row.middle for other in others)


def _is_stacked(entry: Entry, others: Sequence[Line], columns: Sequence[Column]) -> bool:
    """One of several words of a head that stand below each other over one column."""
    if entry.first != entry.last or entry.segment.width > columns[entry.first].right - columns[entry.first].left:
        return False
    mates = [mate for other in others if (mate := other.at(entry.first)) and mate.first == mate.last]
    return any(_is_flush(entry.segment, mate.segment) for mate in mates)


def _is_flush(one: Segment, other: Segment) -> bool:
    shifts = one.x0 - other.x0, one.x1 - other.x1, (one.x0 + one.x1 - other.x0 - other.x1) / 2
    return min(map(abs, shifts)) < _FLUSH


def _stretch(line: Line, last: Line) -> None:
    """Over free columns to the left too that have years below as its own has, as where heads are set flush right."""
    for entry in line.entries:
        if line is not last and entry.first == entry.last and _is_year(last.at(entry.first)):
            free = _free_around(line, entry, entry.first)
            while entry.first > free.start and _is_year(last.at(entry.first - 1)):
                entry.first -= 1


def _is_year(entry: Entry | None) -> bool:
    return entry is not None and is_number(entry.segment.text)


def _rule_below(entry: Entry, row: Row, columns: Sequence[Column], across: Sequence[Ruling]) -> Ruling | None:
    segment = entry.segment
    for rule in across:
        is_below = row.middle < rule.at < row.y1 + 0.8 * row.height
        if (
            is_below
            and rule.start < segment.x0 + 2
            and rule.end > segment.x1 - 2
            and rule.start > columns[0].core_right
        ):
            return rule
    return None


def _free_around(line: Line, entry: Entry, columns: int) -> range:
    """The columns, but the first, up to the neighbouring entries of the line."""
    left = max((other.last + 1 for other in line.entries if other.last < entry.first), default=1)
    right = min((other.first for other in line.entries if other.first > entry.last), default=columns)
    return range(max(left, 1), right)


def _centre(entry: Entry, free: range, columns: Sequence[Column]) -> None:
    middle = (entry.segment.x0 + entry.segment.x1) / 2

    def distance(first: int, last: int) -> float:
        return abs((columns[first].x0 + columns[last].x1) / 2 - middle)

    best = distance(entry.first, entry.last) - 2
    for first in range(free.start, entry.first + 1):
        for last in range(entry.last, free.stop):
            if distance(first, last) < best:
                best, entry.first, entry.last = distance(first, last), first, last


def _share_out(line: Line, others: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Heads over groups of as many columns each, all set in the same way: flush with the first, the last or centred."""
    entries = [entry for entry in line.entries if entry.first > 0]
    size = (len(columns) - 1) // max(len(entries), 1)
    if len(entries) < 2 or size < 2 or size * len(entries) != len(columns) - 1:
        return False
    if any(_is_stacked(entry, others, columns) for entry in entries):
        return False
    groups = [(1 + index * size, (index + 1) * size) for index in range(len(entries))]
    pairs = list(zip(entries, groups, strict=True))
    if not all(first <= entry.first and entry.last <= last for entry, (first, last) in pairs):
        return False
    near = line.row.height
    ways = (
        [abs(columns[last].core_right - entry.segment.x1) < near for entry, (_, last) in pairs],
        [abs(columns[first].core_left - entry.segment.x0) < near for entry, (first, _) in pairs],
        [_is_central(entry.segment, columns[first].x0, columns[last].x1) for entry, (first, last) in pairs],
    )
    if not any(map(all, ways)):
        return False
    for entry, (first, last) in pairs:
        entry.first, entry.last = first, last
    return True


def _is_central(segment: Segment, left: float, right: float) -> bool:
    return abs(segment.x0 + segment.x1 - left - right) / 2 < _CENTRAL * (right - left)


def _runs_over(rule: Ruling, column: Column) -> bool:
    shared = min(rule.end, column.core_right) - max(rule.start, column.core_left)
    return shared > 0.5 * (column.core_right - column.core_left)


def _is_head_continued(above: Line, below: Line, across: Sequence[Ruling], usual: float, columns: int) -> bool:
    if any(_lies_between(rule, above, below) and _touches(rule, [above, below]) for rule in across):
        return False
    are_whole = len(above.filled) == len(below.filled) == columns
    if are_whole and below.row.middle - above.row.middle > _TIGHT * usual:
        return False
    spans = [
        {(entry.first, entry.last) for entry in line.entries if entry.last > entry.first} for line in (above, below)
    ]
    return spans[0] == spans[1] or not spans[0]


def _touches(rule: Ruling, lines: Sequence[Line]) -> bool:
    entries = (entry.segment for line in lines for entry in line.entries)
    return any(min(rule.end, segment.x1) - max(rule.start, segment.x0) > 0.5 * segment.width for segment in entries)


def _lies_between(rule: Ruling, above: Line, below: Line) -> bool:
    return above.row.middle < rule.at < below.row.middle


def _is_wide(rule: Ruling, columns: Sequence[Column]) -> bool:
    left, right = columns[0].core_left, columns[-1].core_right
    return min(rule.end, right) - max(rule.start, left) > _WIDE * (right - left)


def _body(lines: Sequence[Line], columns: Sequence[Column], around: Rulings) -> list[list[Line]]:
    usual = _usual_distance(lines, len(columns))
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _is_wrapped(groups[-1], line, usual, around, len(columns)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _usual_distance(lines: Sequence[Line], columns: int) -> float:
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
    if any(_lies_between(rule, above, line) and _touches(rule, [above, line]) for rule in around.across):
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
        return line.label[:1].islower() or (distance < _TIGHT * usual and not above.label.endswith(":"))
    if 0 not in line.filled:
        return line.filled <= filled and not any(is_number(entry.segment.text) for entry in line.entries)
    return distance < _TIGHT * usual


def _are_parts(one: set[int], other: set[int]) -> bool:
    return one <= other or other <= one


def _band(line: Line, around: Rulings) -> tuple[float, float] | None:
    """Top and bottom of the fill behind the line."""
    middle, left = line.row.middle, line.row.x0
    for x0, y0, x1, y1 in around.fills:
        if y0 < middle < y1 and x0 <= left + 2 and x1 > left and y1 - y0 < _BAND * line.row.height:
            return round(y0), round(y1)
    return None
