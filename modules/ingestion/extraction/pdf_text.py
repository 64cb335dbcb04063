"""Builds canonical text and layout of a PDF from its blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.extraction.pdf_blocks import PdfBlock
from footnote.modules.ingestion.extraction.pdf_lines import Line
from footnote.modules.ingestion.models import Block, Extraction, Heading, Layout, Page, Word


@dataclass(slots=True)
class PdfPage:
    number: int  # from 1
    width: float
    height: float
    blocks: list[PdfBlock]
    is_readable: bool = True


class PdfComposer:
    """Words of a line are joined by spaces, lines and table rows by newlines, paragraphs by blank lines."""

    def __init__(self, levels: Mapping[int, int]) -> None:
        """`levels`: heading level by the `id()` of a block."""
        self._levels = levels
        self._parts: list[str] = []
        self._length = 0
        self._words: list[Word] = []
        self._blocks: list[Block] = []
        self._headings: list[Heading] = []

    def extraction(self, pages: Sequence[PdfPage], *, title: str | None, warnings: tuple[str, ...]) -> Extraction:
        spans = tuple(self._page(page) for page in pages)
        return Extraction(
            text="".join(self._parts),
            layout=Layout(
                pages=spans, words=tuple(self._words), headings=tuple(self._headings), blocks=tuple(self._blocks)
            ),
            media_type=PDF,
            title=title,
            warnings=warnings,
        )

    def _page(self, page: PdfPage) -> Page:
        if page.blocks and self._length:
            self._add("\n\n")
        start = self._length
        for index, block in enumerate(page.blocks):
            if index:
                are_rows = block.kind == page.blocks[index - 1].kind == "table_row"
                self._add("\n" if are_rows else "\n\n")
            self._block(block, page.number)
        return Page(page.number, round(page.width, 2), round(page.height, 2), start, self._length)

    def _block(self, block: PdfBlock, page: int) -> None:
        start = self._length
        for index, line in enumerate(block.lines):
            if index:
                self._add("\n")
            self._line(line, page)
        level = self._levels.get(id(block))
        self._blocks.append(Block(start, self._length, "heading" if level else block.kind))
        if level:
            self._headings.append(Heading(start, self._length, level))

    def _line(self, line: Line, page: int) -> None:
        for index, word in enumerate(line.words):
            if index:
                self._add(" ")
            x0, y0, x1, y1 = (round(side, 2) for side in word.box)
            self._words.append(Word(self._length, self._length + len(word.text), page, x0, y0, x1, y1))
            self._add(word.text)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
