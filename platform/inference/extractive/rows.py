"""Rows of tables, and what stands above them."""

import re
from calendar import month_name
from collections import deque
from dataclasses import dataclass, field

from footnote.platform import table_parts
from footnote.platform.table_parts import Parts

# Cells that the reader of the file has set apart, or figures at the end of a line.
SET_APART = re.compile(r" \| |\t")
FIGURES = re.compile(r"(?:(?<!\s)\s++(?:[$€£¥(]++\s?)?(?:\d[\d,.]*+|[—–-])(?:\s?[%)]++)?){2,}+")
LETTER = re.compile(r"[^\W\d_]")
FIGURE = re.compile(r"\d[\d.,]*")
YEAR = re.compile(r"(?:19|20)\d{2}[,.]?|[0-3]?\d,")  # or a day before one
DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-([0-3]\d)\b")
CORNER = re.compile(r"\|\s*\||\|\s*\(|\t")  # of a table's heads: empty, or what the figures count


def is_row(line: str) -> bool:
    if SET_APART.search(line):
        return True
    return bool(figures := _figures(line)) and not _are_years(figures)


def cells(row: str) -> list[str]:
    """Those that are not empty; a row without marks between its cells has one for all its words."""
    return table_parts.cells(row if SET_APART.search(row) else row.rstrip().removesuffix(_figures(row)))


def says_something(row: str) -> bool:
    """Figures do, too, where they stand in cells."""
    return LETTER.search(row) is not None or len(cells(row)) > 1


def spelled_out(row: str) -> str:
    """With the names of months in its dates, as people write them."""
    return DATE.sub(lambda date: f"{month_name[int(date[2])]} {int(date[3])}, {date[1]}", row)


@dataclass(slots=True)
class Above:
    """What stands above the next row of a table: the heads of its columns, and the row that begins its part of it."""

    heads: list[str] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    is_open: bool = False  # a row that is no head was there

    @classmethod
    def within(cls, context: str) -> "Above":
        """Of a source that begins within a table, where `context` heads the columns; empty: it does not."""
        return cls(heads=context.splitlines(), is_open=bool(context))

    def before(self, row: str) -> str | None:
        """All of it, and then `row` has its effect; None if `row` itself is no answer, but stands above others."""
        if self._is_head(row):
            self.heads.append(row)
            return None
        self.is_open = True
        above = " ".join([*self.heads, *(part.name for part in self.parts.open)])
        return None if self.parts.pass_by(row) else above

    def _is_head(self, row: str) -> bool:
        has_figures = FIGURE.search(row) is not None
        if has_figures and not _are_years(row):
            return False
        if self.is_open or (self.heads and not has_figures):
            return CORNER.match(row) is not None
        return True


def _figures(line: str) -> str:
    """Those at its end, if there are two at least."""
    line = line.rstrip()
    last = deque(FIGURES.finditer(line), maxlen=1)  # each run once: to look for one at the end would begin it anew
    return last[0][0] if last and last[0].end() == len(line) else ""


def _are_years(text: str) -> bool:
    figures = FIGURE.findall(text)
    return bool(figures) and all(YEAR.fullmatch(figure) for figure in figures)
