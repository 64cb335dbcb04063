"""One page of a PDF, read."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import Unreadable
from footnote.modules.ingestion.extraction.pdf_blocks import PdfBlock
from footnote.modules.ingestion.extraction.pdf_lines import Flow, Line, page_flows
from footnote.modules.ingestion.extraction.pdf_notes import page_notes
from footnote.modules.ingestion.extraction.pdf_order import in_reading_order
from footnote.modules.ingestion.extraction.pdf_scan import needs_ocr, scan_page
from footnote.modules.ingestion.extraction.pdf_tables import PageTable, page_tables
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord, is_bold, page_words

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
    problem: Unreadable | None = None  # why OCR could not read what it should have


def read_page(document: pdfium.PdfDocument, number: int, context: Context) -> PdfPage:
    """Lines in reading order; one that PDFium cannot load is empty."""
    try:
        page = document[number - 1]
        with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text_page:
            return _read(number, page, text_page.raw, context)
    except pdfium.PdfiumError:
        return PdfPage(number, is_readable=False)


def _read(number: int, page: pdfium.PdfPage, text_page: raw.FPDF_TEXTPAGE, context: Context) -> PdfPage:
    frame = PageFrame(page)
    words = page_words(text_page, frame)
    scanned, problem = _scanned(page, words, frame, context)
    flows = _flows(page, words, frame) if scanned is None else scanned
    notes = list(page_notes(page, frame, lambda: " ".join(word.text for word in words)))
    for line in chain(notes, *flows):
        line.page = number
        if line.words:
            line.is_bold = all(is_bold(text_page, line.words[at].index) for at in (0, -1))
    return PdfPage(number, frame.width, frame.height, flows, notes=notes, problem=problem)


def _flows(page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame) -> list[Flow]:
    directions = page_flows(words, _tables(page, words, frame), frame.width, frame.height)
    return [flow for direction in directions for flow in in_reading_order(direction)]


def _tables(page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame) -> list[PageTable]:
    try:
        return page_tables(page, words, frame)
    except (ArithmeticError, LookupError, ValueError):
        return []  # of a drawing that nobody foresaw; its words are read as lines, and the other pages as they are


def _scanned(
    page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame, context: Context
) -> tuple[list[Flow] | None, Unreadable | None]:
    """What OCR finds where it is called for, or why it could not look; a page less is no reason to lose the others."""
    if not needs_ocr(page, words, frame):
        return None, None
    try:
        scan = scan_page(page, frame, context, words)
        return (scan.flows, scan.doubt) if scan else (None, None)
    except Unreadable as error:
        return None, error
