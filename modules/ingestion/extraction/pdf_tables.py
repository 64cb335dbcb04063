"""Tables of a PDF page."""

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord, Rectangle


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


def page_tables(page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame) -> list[PageTable]:
    """The tables that stand on the page. All words in the cells are some of `words`, by identity."""
    return []
