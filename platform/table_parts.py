"""Which part of a table a row is in: rows that are nothing but a name begin one."""

import re
from typing import NamedTuple

MARK = re.compile(r"[|\t]")
DIGIT = re.compile(r"\d")
TOTAL = re.compile(r"\W*totals?\b", re.I)


class Part(NamedTuple):
    name: str
    at: int  # where its row starts


def cells(row: str) -> list[str]:
    """Of a row `| a | b |`, those that are not empty."""
    return [cell for between in MARK.split(row) if (cell := between.strip())]


class Parts:
    """Those that the next row is in, outermost first.

    A name with a colon holds for the names after it. A row of figures without a name ends the innermost part, and a
    total all of them.
    """

    def __init__(self) -> None:
        self.open: list[Part] = []

    def pass_by(self, row: str, at: int = 0) -> bool:
        """Whether `row`, which starts at `at`, only names a part."""
        inside = cells(row)
        if len(inside) == 1 and row.count("|") > 2 and not DIGIT.search(inside[0]):
            kept = [] if inside[0].endswith(":") else [part for part in self.open if part.name.endswith(":")]
            self.open = [*kept, Part(inside[0], at)]
            return True
        if inside and TOTAL.match(inside[0]):
            self.open = []
        elif inside and all(map(DIGIT.search, inside)) and not row.lstrip().startswith(f"| {inside[0]}"):
            self.open = self.open[:-1]
        return False
