"""PDF with a text layer: canonical text in reading order, and the place of every word."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, NoText, PasswordProtected
from footnote.modules.ingestion.extraction.pdf_blocks import page_blocks, plain
from footnote.modules.ingestion.extraction.pdf_headings import Outline, heading_levels
from footnote.modules.ingestion.extraction.pdf_lines import page_lines
from footnote.modules.ingestion.extraction.pdf_scan import needs_ocr, scan_page
from footnote.modules.ingestion.extraction.pdf_tables import page_tables
from footnote.modules.ingestion.extraction.pdf_text import PdfComposer, PdfPage
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, is_bold, page_words
from footnote.modules.ingestion.models import Extraction

# Names of nothing, of programs' defaults and of files.
_NO_TITLE = re.compile(
    r"untitled|(?:word |powerpoint )?(?:document|presentation) ?\d*$|.*\.\w{2,5}$|.*[/\\]|\S*[_\d-]\S*$", re.IGNORECASE
)
_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ")
_TAIL = 4096  # bytes in which a PDF says that it ends
_US_LETTER = (612.0, 792.0)


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    with open_pdf(path) as document:
        outline = _outline(document)
        pages = [_page(document, index + 1, outline.get(index, {}), context) for index in range(len(document))]
        levels = heading_levels([page.blocks for page in pages], outline)
        title = _title(document)
    if not any(page.blocks for page in pages):
        raise NoText("No page has a text layer. It may be a scan; reading scans (OCR) is not built yet.")
    yield PdfComposer(levels).extraction(pages, title=title, warnings=(*_cut_short(path), *_warnings(pages)))


@contextlib.contextmanager
def open_pdf(path: Path) -> Iterator[pdfium.PdfDocument]:
    """
    Raises:
        PasswordProtected: It opens only with a password.
        DamagedFile: It does not open at all.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise PasswordProtected("The PDF opens only with a password. Upload a copy without one.") from None
        raise DamagedFile("The PDF is damaged or cut short, and cannot be opened.") from None
    with contextlib.closing(document):
        if not len(document):
            raise DamagedFile("The PDF is damaged: it has no pages.")
        yield document


def _page(document: pdfium.PdfDocument, number: int, titles: Collection[str], context: Context) -> PdfPage:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return PdfPage(number, *_US_LETTER, [], is_readable=False)
    with contextlib.closing(page):
        frame = PageFrame(page)
        text_page = page.get_textpage()
        with contextlib.closing(text_page):
            characters = text_page.raw  # the wrapper costs as much as the calls
            words = page_words(characters, frame)
            if needs_ocr(page, words, frame):
                words = scan_page(page, frame, context)
            tables = page_tables(page, words, frame)
            inside = {id(word) for table in tables for cell in table.cells for line in cell.lines for word in line}
            flows = list(page_lines([word for word in words if id(word) not in inside], frame.width, frame.height))
            blocks = list(page_blocks(flows, titles, lambda index: index >= 0 and is_bold(characters, index)))
        return PdfPage(number, frame.width, frame.height, blocks)


def _outline(document: pdfium.PdfDocument) -> Outline:
    outline: Outline = defaultdict(dict)
    for entry in document.get_toc():
        target = entry.get_dest()
        index = target.get_index() if target else None
        if index is not None and (title := plain(entry.get_title())):
            outline[index].setdefault(title, entry.level + 1)
    return outline


def _title(document: pdfium.PdfDocument) -> str | None:
    title = _PROGRAM.sub("", " ".join(document.get_metadata_value("Title").split()))
    letters = sum(map(str.isalpha, title))
    is_sensible = letters >= 3 and letters > len(title) / 2 and not _NO_TITLE.match(title)
    return title if is_sensible else None


def _cut_short(path: Path) -> Iterator[str]:
    """Some files open without their end, and lack the pages that were there."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        if b"%%EOF" not in file.read():
            yield "The PDF has no proper end; pages may be missing."


def _warnings(pages: list[PdfPage]) -> Iterator[str]:
    empty = [str(page.number) for page in pages if page.is_readable and not page.blocks]
    broken = [str(page.number) for page in pages if not page.is_readable]
    if empty:
        yield f"Pages without a text layer: {', '.join(empty)}. Reading scans (OCR) is not built yet."
    if broken:
        yield f"Pages that are damaged: {', '.join(broken)}."
