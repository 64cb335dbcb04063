"""What the parts of the table finder share: tables, cells, and words on a page turned so that they read."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling, Rulings
from footnote.modules.ingestion.extraction.pdf_words import PdfWord, Rectangle

# What stands around and within numbers.
_AROUND_DIGITS = str.maketrans("", "", "$€£¥₩%()[]+-‐‑–—−.,'’*†‡§<>≤≥±~/:×x\N{NO-BREAK SPACE} ")
CURRENCIES = frozenset(("$", "€", "£", "¥", "₩", "US$", "C$", "A$", "HK$", "($", "$("))
CLOSERS = frozenset((")", "%", ")%", "%)", "pts", "x", "bps"))
BULLET = re.compile(r"[•●○▪■◦‣⁃∙·\-–*➢✓□❑►☐☒☑oy\uf000-\uf0ff]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_NO_NUMBER = frozenset(("N/A", "n/a", "NA", "nm", "NM", "N.M.", "n.m."))


@dataclass(slots=True)
class TableCell:
    row: int  # from 0
    column: int
    row_span: int
    column_span: int
    box: Rectangle
    lines: list[list[PdfWord]]  # its words, in reading order


@dataclass(slots=True)
class PageTable:
    box: Rectangle
    header_rows: int
    cells: list[TableCell]  # each once, by row, then column


@dataclass(slots=True)
class Placed:
    """A word where it stands once the page is turned so that it reads from left to right."""

    word: PdfWord
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def is_number(text: str) -> bool:
    """A number with its signs and units, a date of digits, or what stands for no number, such as a dash."""
    if text in _NO_NUMBER:
        return True
    digits = text.translate(_AROUND_DIGITS)
    return digits.isdecimal() or (not digits and bool(text.strip("()$%.*")))


def is_measure(text: str) -> bool:
    """A number, and neither a year nor a date, which are heads of columns as often as values."""
    return is_number(text) and not _DATE.fullmatch(text)


def turned(box: Rectangle, quarters: int, width: float, height: float) -> Rectangle:
    """`box` on a page of that size, once the page is turned so that text of that direction reads from left to right."""
    x0, y0, x1, y1 = box
    match quarters:
        case 0:
            return box
        case 1:
            return y0, width - x1, y1, width - x0
        case 2:
            return width - x1, height - y1, width - x0, height - y0
        case _:
            return height - y1, x0, height - y0, x1


def turned_rulings(rulings: Rulings, turn: Callable[[Rectangle], Rectangle]) -> Rulings:
    boxes = [
        *((ruling.start, ruling.at, ruling.end, ruling.at) for ruling in rulings.across),
        *((ruling.at, ruling.start, ruling.at, ruling.end) for ruling in rulings.down),
    ]
    together = Rulings(fills=[turn(fill) for fill in rulings.fills])
    for x0, y0, x1, y1 in map(turn, boxes):
        if x1 - x0 >= y1 - y0:
            together.across.append(Ruling(y0, x0, x1))
        else:
            together.down.append(Ruling(x0, y0, y1))
    return together


def box_around(words: Iterable[Placed]) -> Rectangle:
    boxes = [(word.x0, word.y0, word.x1, word.y1) for word in words]
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return min(x0s), min(y0s), max(x1s), max(y1s)


def lines_of(words: Sequence[Placed]) -> list[list[Placed]]:
    """`words` by baseline from the top, and from left to right."""
    lines: list[list[Placed]] = []
    for word in sorted(words, key=lambda word: word.middle):
        line = next((line for line in reversed(lines[-2:]) if share_baseline(line[0], word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    for line in lines:
        line.sort(key=lambda word: word.x0)
    return lines


def share_baseline(one: Placed, other: Placed) -> bool:
    return min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5 * min(one.height, other.height)


@dataclass(slots=True)
class DraftCell:
    row: int
    column: int
    row_span: int
    column_span: int
    words: list[Placed]


@dataclass(slots=True)
class Draft:
    """A table on the turned page; every place of its grid is in one cell."""

    xs: list[float]  # the borders of its columns
    ys: list[float]  # and of its rows
    cells: list[DraftCell]
    header_rows: int = 0
