"""Pages of a PDF without a usable text layer, read by OCR."""

from collections.abc import Sequence

import pypdfium2 as pdfium

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord


def needs_ocr(page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame) -> bool:
    """Whether what is seen on the page is a picture of text rather than `words`, the text layer."""
    return False


def scan_page(page: pdfium.PdfPage, frame: PageFrame, context: Context) -> list[PdfWord]:
    """The words that OCR finds, line by line, with boxes on the page as displayed."""
    return []
