"""Tables of a PDF page, from its words and rulings.

After Nurminen, Algorithmic extraction of data in tables in PDF documents, 2013: cells that rulings enclose where there
are such, else columns of words that stand in line. In doubt there is no table: prose in a grid is worse than a table
that reads as lines.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

import pypdfium2 as pdfium

from footnote.modules.ingestion.extraction.pdf_rulings import Rulings, page_rulings
from footnote.modules.ingestion.extraction.pdf_tables_model import (
    Draft,
    PageTable,
    Placed,
    TableCell,
    lines_of,
    turned,
    turned_rulings,
)
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, is_tabular, mark_prose, page_rows
from footnote.modules.ingestion.extraction.pdf_tables_ruled import ruled_tables
from footnote.modules.ingestion.extraction.pdf_tables_text import text_tables
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord, Rectangle

__all__ = ["PageTable", "TableCell", "page_tables"]

_FEWEST_WORDS = 6  # of a table
_MOST_WORDS = 20_000  # of a page that somebody could read
_FEWEST_ROWS = 2  # of more than one segment


def page_tables(page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame) -> list[PageTable]:
    """The tables that stand on the page. All words in the cells are some of `words`, by identity."""
    if len(words) > _MOST_WORDS:
        return []
    rulings: Rulings | None = None
    tables: list[PageTable] = []
    used: set[int] = set()
    for direction, count in Counter(word.direction for word in words).most_common():
        side = _Side(words, direction, frame)
        if count < _FEWEST_WORDS or not side.may_hold_table():
            continue
        rulings = rulings or page_rulings(page, frame)
        found = [table for table in side.tables(rulings) if used.isdisjoint(map(id, _words(table)))]
        used.update(id(word) for table in found for word in _words(table))
        tables += found
    return tables


def _words(table: PageTable) -> Iterator[PdfWord]:
    return (word for cell in table.cells for line in cell.lines for word in line)


class _Side:
    """The page turned so that the text of one direction reads from left to right."""

    def __init__(self, words: Sequence[PdfWord], direction: int, frame: PageFrame) -> None:
        self._direction = direction
        self._size = frame.width, frame.height
        placed = [(word, Placed(word, *self._turn(word.box))) for word in words]
        self._words = [place for word, place in placed if word.direction == direction]
        self._others = [place for word, place in placed if word.direction != direction]

    def may_hold_table(self) -> bool:
        """Some rows have gaps that are wide for a space: without any there are no columns."""
        self._rows = page_rows(self._words, [])
        return sum(map(is_tabular, self._rows)) >= _FEWEST_ROWS

    def tables(self, rulings: Rulings) -> list[PageTable]:
        rulings = turned_rulings(rulings, self._turn) if self._direction else rulings
        drafts, loose = ruled_tables([*self._words, *self._others], rulings)
        for box in loose:
            drafts += self._text_tables([place for place in self._unused(drafts) if _is_in(place, box)], rulings)
        if drafts or rulings.down:
            drafts += self._text_tables(self._unused(drafts), rulings)
        else:
            drafts = _text_tables(self._rows, rulings)
        return [self._table(draft) for draft in sorted(drafts, key=lambda draft: draft.ys[0])]

    def _text_tables(self, words: Sequence[Placed], rulings: Rulings) -> list[Draft]:
        return _text_tables(page_rows(words, rulings.down), rulings)

    def _unused(self, drafts: Sequence[Draft]) -> list[Placed]:
        used = {id(place) for draft in drafts for cell in draft.cells for place in cell.words}
        return [place for place in self._words if id(place) not in used]

    def _table(self, draft: Draft) -> PageTable:
        xs, ys = draft.xs, draft.ys
        cells = [
            TableCell(
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                self._turned_back(
                    (xs[cell.column], ys[cell.row], xs[cell.column + cell.column_span], ys[cell.row + cell.row_span])
                ),
                list(self._lines(cell.words)),
            )
            for cell in draft.cells
        ]
        return PageTable(self._turned_back((xs[0], ys[0], xs[-1], ys[-1])), draft.header_rows, cells)

    def _lines(self, words: Sequence[Placed]) -> Iterator[list[PdfWord]]:
        """A cell may hold words of another direction, as narrow columns have heads that run upwards."""
        for direction, group in groupby(sorted(words, key=_direction), key=_direction):
            placed = list(group)
            if direction != self._direction:
                placed = [Placed(place.word, *turned(place.word.box, direction, *self._size)) for place in placed]
            for line in lines_of(placed):
                yield _in_reading_order([place.word for place in line])

    def _turn(self, box: Rectangle) -> Rectangle:
        return turned(box, self._direction, *self._size)

    def _turned_back(self, box: Rectangle) -> Rectangle:
        width, height = self._size
        return turned(box, -self._direction % 4, *((height, width) if self._direction % 2 else (width, height)))


def _text_tables(rows: Sequence[Row], rulings: Rulings) -> list[Draft]:
    mark_prose(rows)
    return text_tables(rows, rulings)


def _is_in(place: Placed, box: Rectangle) -> bool:
    return box[0] < (place.x0 + place.x1) / 2 < box[2] and box[1] < place.middle < box[3]


def _direction(place: Placed) -> int:
    return place.word.direction


def _in_reading_order(line: list[PdfWord]) -> list[PdfWord]:
    letters = Counter(unicodedata.bidirectional(letter) for word in line for letter in word.text[:2])
    is_right_to_left = letters["R"] + letters["AL"] > letters["L"]
    return line[::-1] if is_right_to_left else line
