"""One page of a PDF, read."""

import contextlib
from dataclasses import dataclass, field
from itertools import chain

import pypdfium2 as pdfium

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.pdf_blocks import PdfBlock
from footnote.modules.ingestion.extraction.pdf_lines import Flow, Line, page_flows
from footnote.modules.ingestion.extraction.pdf_notes import page_notes
from footnote.modules.ingestion.extraction.pdf_order import in_reading_order
from footnote.modules.ingestion.extraction.pdf_scan import needs_ocr, scan_page
from footnote.modules.ingestion.extraction.pdf_tables import page_tables
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, is_bold, page_words

US_LETTER = (612.0, 792.0)


@dataclass(slots=True)
class PdfPage:
    number: int  # from 1
    width: float = US_LETTER[0]
    height: float = US_LETTER[1]
    flows: list[Flow] = field(default_factory=list)  # in reading order
    furniture: list[Line] = field(default_factory=list)  # taken out of the flows
    notes: list[Line] = field(default_factory=list)  # not drawn as text: comments, what a form was filled with
    blocks: list[PdfBlock] = field(default_factory=list)
    is_readable: bool = True


def read_page(document: pdfium.PdfDocument, number: int, context: Context) -> PdfPage:
    """Lines in reading order; one that PDFium cannot load is empty."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return PdfPage(number, is_readable=False)
    with contextlib.closing(page):
        try:
            text_page = page.get_textpage()
        except pdfium.PdfiumError:
            return PdfPage(number, is_readable=False)
        with contextlib.closing(text_page):
            frame = PageFrame(page)
            words = page_words(text_page.raw, frame)
            if needs_ocr(page, words, frame):
                words = scan_page(page, frame, context)
            tables = page_tables(page, words, frame)
            directions = page_flows(words, tables, frame.width, frame.height)
            flows = [flow for direction in directions for flow in in_reading_order(direction)]
            notes = list(page_notes(page, frame, lambda: " ".join(word.text for word in words)))
            for line in chain(notes, *flows):
                line.page = number
                line.is_bold = line.table is None and all(
                    is_bold(text_page.raw, line.words[at].index) for at in (0, -1)
                )
    return PdfPage(number, frame.width, frame.height, flows, notes=notes)
