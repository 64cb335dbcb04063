"""How many cells of the tables that a file should have were found in the right row and column."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from footnote.modules.ingestion.models import Extraction

Position = tuple[int, int]  # row, column
_LINE = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"<!--.*?-->|\*\*|~~|`|\$|\\(?=[_*|#])|(?<!\w)\*|\*(?!\w)|(?<!\S)- |(?<=\d) 00:00:00\b")
_COMMON = 20  # places of one text beyond which it tells nothing about where a table stands


@dataclass(frozen=True)
class Grid:
    """Words without white space by row and column from 0; empty cells are left out.

    `covered` are the positions that a span covers, but not its first.
    """

    cells: dict[Position, str]
    covered: frozenset[Position] = frozenset()


@dataclass(frozen=True)
class Score:
    right: int
    counted: int
    misses: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.right / self.counted if self.counted else 1.0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.counted + other.counted, self.misses + other.misses)


def folded(words: str) -> str:
    """Without any white space: where a word is bold or raised, some writers put it and some do not."""
    return "".join(plain(words).split())


def plain(words: str) -> str:
    """Words without the marks of Markdown, without list bullets, and with single spaces."""
    return " ".join(_MARKS.sub(" ", html.unescape(words)).replace("\u200b", "").split())


def pipe_tables(markdown: str) -> list[Grid]:
    """The tables of a Markdown text; the rule below the header is no row."""
    tables: list[list[str]] = [[]]
    for line in markdown.splitlines():
        if _LINE.fullmatch(line):
            tables[-1].append(line.strip())
        elif tables[-1]:
            tables.append([])
    return [_parsed([line for line in table if not _RULE.fullmatch(line)]) for table in tables if table]


def found_tables(extraction: Extraction) -> list[Grid]:
    """The tables of the layout, each counted from its own first row and column."""
    grids = []
    for table in extraction.layout.tables:
        top, left = min(cell.row for cell in table.cells), min(cell.column for cell in table.cells)
        words = {
            (cell.row - top, cell.column - left): folded(extraction.text[cell.start : cell.end]) for cell in table.cells
        }
        covered = {
            (cell.row - top + down, cell.column - left + right)
            for cell in table.cells
            for down in range(cell.row_span)
            for right in range(cell.column_span)
            if down or right
        }
        grids.append(Grid({at: text for at, text in words.items() if text}, frozenset(covered)))
    return grids


def measured(expected: Sequence[Grid], found: Sequence[Grid]) -> Score:
    """The share of cells in the right row and column.

    Tables are matched in order, each expected one with at most one found one, so that most cells are right. In a pair
    the found table is shifted as a whole by the one number of rows and columns that the words in both suggest most. A
    position counts if either table has words there, and is right if both have the same. Where a span covers a position
    and the expectation leaves it empty, the position does not count. Of an expected table without a partner every cell
    counts as wrong; found tables without one do not count.
    """
    best = [[Score(0, 0)] * (len(found) + 1) for _ in range(len(expected) + 1)]
    for row, wanted in enumerate(expected, 1):
        best[row][0] = best[row - 1][0] + _missing(wanted)
        for column, table in enumerate(found, 1):
            choices = (
                best[row - 1][column - 1] + _pair(wanted, table),
                best[row][column - 1],
                best[row - 1][column] + _missing(wanted),
            )
            best[row][column] = max(choices, key=lambda score: (score.right, -score.counted))
    return best[-1][-1]


def _pair(wanted: Grid, table: Grid) -> Score:
    down, right = _shift(wanted.cells, table.cells)
    cells = {(row + down, column + right): text for (row, column), text in table.cells.items()}
    covered = {(row + down, column + right) for row, column in table.covered}
    counted = {at for at in wanted.cells.keys() | cells.keys() if at in wanted.cells or at not in covered}
    wrong = [at for at in counted if wanted.cells.get(at) != cells.get(at)]
    misses = tuple(f"{at}: {wanted.cells.get(at, '')!r}, found {cells.get(at, '')!r}" for at in sorted(wrong))
    return Score(len(counted) - len(wrong), len(counted), misses)


def _missing(wanted: Grid) -> Score:
    return Score(0, len(wanted.cells), tuple(f"{at}: {text!r}, no table" for at, text in wanted.cells.items()))


def _shift(wanted: dict[Position, str], found: dict[Position, str]) -> Position:
    places: dict[str, list[Position]] = defaultdict(list)
    for at, text in found.items():
        places[text].append(at)
    votes = Counter(
        (row - other_row, column - other_column)
        for (row, column), text in wanted.items()
        if len(places[text]) <= _COMMON
        for other_row, other_column in places[text]
    )
    return max(votes, key=lambda shift: (votes[shift], -abs(shift[0]) - abs(shift[1])), default=(0, 0))


def _parsed(lines: Iterable[str]) -> Grid:
    rows = [[folded(cell) for cell in _CELL_END.split(line[1:-1])] for line in lines]
    return Grid({(r, c): text for r, row in enumerate(rows) for c, text in enumerate(row) if text})
