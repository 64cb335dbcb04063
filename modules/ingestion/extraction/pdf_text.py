"""Builds canonical text and layout of some pages of a PDF from their blocks."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.extraction.pdf_blocks import PdfBlock
from footnote.modules.ingestion.extraction.pdf_furniture import folded
from footnote.modules.ingestion.extraction.pdf_hyphens import Hyphens, is_cut
from footnote.modules.ingestion.extraction.pdf_lines import Line
from footnote.modules.ingestion.extraction.pdf_page import PdfPage
from footnote.modules.ingestion.extraction.pdf_tables import PageTable, TableCell
from footnote.modules.ingestion.extraction.pdf_words import PdfWord, Rectangle
from footnote.modules.ingestion.models import Block, BlockKind, Cell, Extraction, Heading, Layout, Page, Table, Word

_MAX_REPEATED = 50_000  # words of a table, with what spans several rows in each of them
_BEFORE, _BETWEEN, _AFTER = "| ", " | ", " |"


class PdfComposer:
    """Words of a line are joined by spaces, lines and table rows by newlines, paragraphs by blank lines."""

    def __init__(self, hyphens: Hyphens) -> None:
        self._hyphens = hyphens
        self._parts: list[str] = []
        self._length = 0
        self._words: list[Word] = []
        self._blocks: list[Block] = []
        self._headings: list[Heading] = []
        self._tables: list[Table] = []
        self._spans: dict[int, tuple[int, int]] = {}  # of each page
        self._is_after_table = False

    def extraction(self, pages: Sequence[PdfPage], *, title: str | None, warnings: tuple[str, ...]) -> Extraction:
        for page in pages:
            for block in page.blocks:
                self._block(block)
            for note in page.notes:
                self._paragraph([note], "paragraph")
        spans = tuple(self._page_spans(pages))
        for line in _distinct(line for page in pages for line in page.furniture):
            self._paragraph([line], "furniture")
        return Extraction(
            text="".join(self._parts),
            layout=Layout(
                pages=spans,
                words=tuple(self._words),
                headings=tuple(self._headings),
                blocks=tuple(self._blocks),
                tables=tuple(self._tables),
            ),
            media_type=PDF,
            title=title,
            warnings=warnings,
        )

    def _page_spans(self, pages: Iterable[PdfPage]) -> Iterator[Page]:
        """A page without words stands at the end of the one before it."""
        at = 0
        for page in pages:
            start, end = self._spans.get(page.number, (at, at))
            yield Page(page.number, round(page.width, 2), round(page.height, 2), start, end)
            at = end

    def _block(self, block: PdfBlock) -> None:
        if block.table:
            self._table(block.table, block.lines[0].page)
        elif block.level:
            self._paragraph(block.lines, "heading")
            self._headings.append(Heading(self._blocks[-1].start, self._length, block.level))
        else:
            self._paragraph(block.lines, block.kind)

    def _paragraph(self, lines: Sequence[Line], kind: BlockKind) -> None:
        if self._blocks:
            is_next_row = kind == "table_row" == self._blocks[-1].kind and not self._is_after_table
            self._add("\n" if is_next_row else "\n\n")
        start = self._length
        self._lines([line.words for line in lines], [line.page for line in lines], "\n")
        self._blocks.append(Block(start, self._length, kind))
        self._is_after_table = False

    def _table(self, table: PageTable, page: int) -> None:
        """Each row as a block; a cell that spans several rows or columns stands in all of them."""
        if self._blocks:
            self._add("\n\n")
        start, cells = self._length, list[Cell]()
        slots = _slots(table)
        columns = range(max(cell.column + cell.column_span for cell in table.cells))
        for row in range(max(cell.row + cell.row_span for cell in table.cells)):
            if not any(words for column in columns if (slot := slots.get((row, column))) for words in slot.lines):
                continue
            if self._length > start:
                self._add("\n")
            cells += self._row([(row, column, slots.get((row, column))) for column in columns], page)
            kind: BlockKind = "table_header" if row < table.header_rows else "table_row"
            self._blocks.append(Block(cells[-len(columns)].start - len(_BEFORE), self._length, kind))
        self._tables.append(Table(start, self._length, tuple(cells)))
        self._is_after_table = True

    def _row(self, slots: Iterable[tuple[int, int, TableCell | None]], page: int) -> Iterator[Cell]:
        begins = self._length
        for index, (row, column, cell) in enumerate(slots):
            self._add(_BETWEEN if index else _BEFORE)
            start, spans, box = self._length, (1, 1), None
            if cell is not None:
                lines = [words for words in cell.lines if words]
                self._lines(lines, [page] * len(lines), " ")
                spans = (cell.row_span, cell.column_span) if (row, column) == (cell.row, cell.column) else spans
                box = (page, *_rounded(cell.box))
            yield Cell(start, self._length, row, column, *spans, box)
        self._add(_AFTER)
        self._extend(page, begins)

    def _lines(self, lines: Sequence[Sequence[PdfWord]], pages: Sequence[int], between: str) -> None:
        gap = ""
        for words, page, following in itertools.zip_longest(lines, pages, lines[1:]):
            self._add(gap)
            last = words[-1].text
            healed = self._hyphens.healed(last, following[0].text) if following and is_cut(last) else None
            self._line(words, page, last if healed is None else healed)
            gap = between if healed is None else ""

    def _line(self, words: Sequence[PdfWord], page: int, last: str) -> None:
        """`last` is what to write of the last word."""
        start = at = self._length
        texts = [word.text for word in words]
        texts[-1] = last
        for word, text in zip(words, texts, strict=True):
            end = at + len(text)
            self._words.append(Word(at, end, page, *_rounded(word.box)))
            at = end + 1
        self._add(" ".join(texts))
        self._extend(page, start)

    def _extend(self, page: int, start: int) -> None:
        self._spans[page] = (min(start, self._spans.get(page, (start, 0))[0]), self._length)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _slots(table: PageTable) -> Mapping[tuple[int, int], TableCell]:
    """The cell that covers each row and column; only where it begins, if all that is repeated would be too much."""
    repeated = sum(cell.row_span * cell.column_span * sum(map(len, cell.lines)) for cell in table.cells)
    if repeated > _MAX_REPEATED:
        return {(cell.row, cell.column): cell for cell in table.cells}
    return {
        (row, column): cell
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }


def _rounded(box: Rectangle) -> Rectangle:
    """To hundredths of a point, and not to nothing."""
    x0, y0, x1, y1 = round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
    return x0, y0, x1 if x1 > x0 else x0 + 0.01, y1 if y1 > y0 else y0 + 0.01


def _distinct(lines: Iterable[Line]) -> Iterable[Line]:
    """The first of those that differ in numbers only."""
    distinct: dict[str, Line] = {}
    for line in lines:
        distinct.setdefault(folded(line.text)[0], line)
    return distinct.values()
