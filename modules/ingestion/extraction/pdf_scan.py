"""Pages of a PDF without a usable text layer, read by OCR."""

import re
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import OcrFailed
from footnote.modules.ingestion.extraction.ocr import Tesseract
from footnote.modules.ingestion.extraction.ocr_page import POINTS, Scan, read_page
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord

_DPI = 300.0
_MAX_PIXELS = 25_000_000  # more than A3 at that resolution; larger pages are read at a coarser one
_FEW = 25  # words, such as a stamp or a page number on a scan
_WHOLE_PAGE = 0.8  # of its area that pictures cover, for it to be a scan
_MAX_DEPTH = 4  # of objects within objects
_MORE = 2  # times the words of the text layer that OCR must find to be preferred to it
# Private use, controls, replacement characters and what no alphabet holds: fonts that do not say what their signs mean.
_GARBAGE = re.compile("[\x00-\x1f\x7f-\x9f\ufffd\ufff0-\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_LETTERS = re.compile(r"[^\W_]")
_SAMPLE = 50  # words; every page pays for this
_SIGNS = 20  # characters from which a page without letters and digits is suspect


def needs_ocr(page: pdfium.PdfPage, words: Sequence[PdfWord], frame: PageFrame) -> bool:
    """Whether what is seen on the page is a picture of text rather than `words`, the text layer."""
    if not words:
        return bool(raw.FPDFPage_CountObjects(page) > 0)
    if len(words) <= _FEW and _is_picture(page, frame):
        return True
    return _is_garbage(words)


def scan_page(page: pdfium.PdfPage, frame: PageFrame, context: Context, words: Sequence[PdfWord] = ()) -> Scan | None:
    """The lines that OCR finds, with words on the page as displayed.

    Nothing if they are not many more than those of `words`, the text layer: a slide's background is a picture, too.

    Raises:
        OcrUnavailable: Tesseract or the model of a language is not installed.
        OcrFailed: This page took too long, or tesseract broke down over it.
    """
    tesseract = Tesseract(context)
    picture = _picture(page, frame)
    dpi = (picture.width / frame.width * POINTS, picture.height / frame.height * POINTS)
    scan = read_page(picture, dpi, tesseract)
    found = sum(len(line.words) for flow in scan.flows for line in flow)
    return scan if found >= _MORE * len(words) or _is_garbage(words) else None


def _picture(page: pdfium.PdfPage, frame: PageFrame) -> Image.Image:
    inches = max(frame.width * frame.height, 1.0) / POINTS**2
    scale = min(_DPI, (_MAX_PIXELS / inches) ** 0.5) / POINTS
    try:
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    except (pdfium.PdfiumError, ValueError) as error:
        raise OcrFailed(f"The page cannot be drawn: {error}") from None
    return picture


def _is_picture(page: pdfium.PdfPage, frame: PageFrame) -> bool:
    """A scan may be cut into strips."""
    area = 0.0
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=_MAX_DEPTH):
        box = frame.clipped(frame.displayed(*image.get_bounds()))
        area += (box[2] - box[0]) * (box[3] - box[1]) if box else 0.0
    return bool(area >= _WHOLE_PAGE * frame.width * frame.height)


def _is_garbage(words: Sequence[PdfWord]) -> bool:
    text = "".join(word.text for word in words[:: len(words) // _SAMPLE + 1])
    if len(_GARBAGE.findall(text)) > len(text) / 4:
        return True
    return len(text) >= _SIGNS and len(_LETTERS.findall(text)) < len(text) / 10
