"""Images: what can be read in them, laid out as a scanned page of a PDF is."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, NoText, OcrFailed, TooExpensive
from footnote.modules.ingestion.extraction.image_frames import ImageFile, open_image
from footnote.modules.ingestion.extraction.ocr import Tesseract
from footnote.modules.ingestion.extraction.ocr_page import read_page
from footnote.modules.ingestion.extraction.pdf_blocks import page_blocks
from footnote.modules.ingestion.extraction.pdf_furniture import Furniture
from footnote.modules.ingestion.extraction.pdf_headings import Headings
from footnote.modules.ingestion.extraction.pdf_hyphens import Hyphens
from footnote.modules.ingestion.extraction.pdf_joining import join_continuations
from footnote.modules.ingestion.extraction.pdf_page import PdfPage
from footnote.modules.ingestion.extraction.pdf_text import PdfComposer
from footnote.modules.ingestion.models import Extraction

_PART = 64  # pages


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    with open_image(path, context.options.max_pages) as image:
        reader = _Reader(image, context)
        pages, headings, furniture, has_text = reader.pages(), None, Furniture(), False
        while part := list(islice(pages, _PART)):
            furniture.take(part, ())
            for page in part:
                page.blocks = list(page_blocks(page.flows, ()))
            headings = headings or Headings(part, {})
            extraction = _extraction(part, headings)
            has_text = has_text or bool(extraction.text)
            yield msgspec.structs.replace(extraction, media_type=image.media_type, warnings=reader.told())
    if not has_text:
        raise reader.failure or NoText(
            f"No text was found in the image. It was looked for in these languages: {context.options.ocr_languages}; "
            "FOOTNOTE_OCR_LANGUAGES can name others."
        )


def _extraction(part: Sequence[PdfPage], headings: Headings) -> Extraction:
    for page in part:
        headings.mark(page)
    join_continuations(part)
    words = (word.text for page in part for flow in page.flows for line in flow for word in line.words)
    return PdfComposer(Hyphens(words)).extraction(part, title=None, warnings=())


class _Reader:
    """Pages of an image, one after another; those that cannot be read are empty, with a warning."""

    def __init__(self, image: ImageFile, context: Context) -> None:
        self._image = image
        self._context = context
        self._warnings = list(image.warnings)
        self.failure: DamagedFile | OcrFailed | TooExpensive | None = None  # the last

    def pages(self) -> Iterator[PdfPage]:
        total = len(self._image.pages)
        for number in range(1, total + 1):
            try:
                yield self._page(number)
            except (DamagedFile, OcrFailed, TooExpensive) as failure:
                self._miss(number, failure)
                yield PdfPage(number)
            self._context.report(number, total)

    def told(self) -> tuple[str, ...]:
        """The warnings since the last time."""
        told, self._warnings = tuple(self._warnings), []
        return told

    def _page(self, number: int) -> PdfPage:
        frame = self._image.frame(number)
        scan = read_page(frame.picture, frame.dpi, Tesseract(self._context))
        for line in (line for flow in scan.flows for line in flow):
            line.page = number
        if scan.doubt:
            self._miss(number, scan.doubt)
        return PdfPage(number, *frame.size, scan.flows)

    def _miss(self, number: int, failure: DamagedFile | OcrFailed | TooExpensive) -> None:
        self._warnings.append(f"Page {number}: {failure.detail}")
        self.failure = failure
