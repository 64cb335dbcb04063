"""Heads of a table without a grid: which lines they are, and over which columns each stands."""

from collections.abc import Sequence
from itertools import pairwise, takewhile

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling, Rulings
from footnote.modules.ingestion.extraction.pdf_tables_columns import Column
from footnote.modules.ingestion.extraction.pdf_tables_lines import (
    TIGHT,
    Entry,
    Line,
    is_wide,
    lies_between,
    touches,
    usual_distance,
)
from footnote.modules.ingestion.extraction.pdf_tables_model import is_measure, is_number
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, Segment

_MOST_HEADS = 12  # lines
_FLUSH = 1.5  # points
_CENTRAL = 0.15  # of the width of a group of columns: a head is centred over it


def header_lines(lines: Sequence[Line], columns: Sequence[Column], across: Sequence[Ruling]) -> int:
    """How many lines at the top are heads: those above the first with numbers, or else above the first wide rule."""
    numbers = [_has_numbers(line, len(columns)) for line in lines]
    if any(numbers[: _MOST_HEADS + 1]):
        count = numbers.index(True)
        while count and lines[count - 1].filled == {0}:
            count -= 1
        return count
    for index, (above, below) in enumerate(pairwise(lines[: _MOST_HEADS + 1])):
        if any(lies_between(rule, above, below) and is_wide(rule, columns) for rule in across):
            return index + 1
    if any(numbers) or is_measure(lines[0].label):
        return 0
    labels = next((index for index, line in enumerate(lines[:_MOST_HEADS]) if line.at(0) is not None), 0)
    return max(labels, 1)


def header_rows(groups: Sequence[Sequence[Line]], columns: int) -> int:
    """Of these rows those to the first that has a head over each column, and units below it: the rest are values."""
    for index, group in enumerate(groups):
        whole = {entry.first for line in group for entry in line.entries if entry.first == entry.last}
        if whole >= set(range(1, columns)):
            units = takewhile(lambda group: all(line.at(0) is None for line in group), groups[index + 1 :])
            return index + 1 + len(list(units))
    return len(groups)


def _has_numbers(line: Line, columns: int) -> bool:
    values = [entry.segment.text for entry in line.entries if entry.first > 0]
    numbers = sum(is_measure(text) for text in values)
    return numbers > 0 and (line.at(0) is not None or numbers >= (columns - 1) / 2)


def head_groups(lines: Sequence[Line], heads: int, columns: Sequence[Column], around: Rulings) -> list[list[Line]]:
    """The first lines, of which so many are heads, by row of the table."""
    for index, line in enumerate(lines[:heads]):
        others = [other for other in lines[:heads] if other is not line]
        if index == heads - 1 or not _share_out(line, others, columns):
            _spread(line, others, columns, around.across)
            _stretch(line, lines[heads - 1])
    usual = usual_distance(lines, len(columns))
    groups: list[list[Line]] = []
    for line in lines[:heads]:
        if groups and _is_head_continued(groups[-1][-1], line, around.across, usual, len(columns)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


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
    if any(lies_between(rule, above, below) and touches(rule, [above, below]) for rule in across):
        return False
    are_whole = len(above.filled) == len(below.filled) == columns
    if are_whole and below.row.middle - above.row.middle > TIGHT * usual:
        return False
    spans = [
        {(entry.first, entry.last) for entry in line.entries if entry.last > entry.first} for line in (above, below)
    ]
    return spans[0] == spans[1] or not spans[0]
