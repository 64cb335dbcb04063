"""Pictures of pages, with what is cited highlighted. Pure and synchronous: meant for a child process."""

import contextlib
import io
import math
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from footnote.modules.ingestion.extraction.errors import DamagedFile, PageOutOfRange
from footnote.modules.ingestion.extraction.pdf import open_pdf
from footnote.modules.retrieval import Box

_HIGHLIGHT = (255, 235, 90)
_MARGIN = 1.0  # points around a box
_MAX_PIXELS = 12_000_000


def render_page(path: Path, number: int, boxes: Sequence[Box], scale: float = 2.0) -> bytes:
    """PNG of page `number`, from 1, of the PDF at `path`; `scale` is in pixels per point, less for huge pages.

    Raises:
        PageOutOfRange: The PDF has no such page.
        Unreadable: The PDF or the page is damaged or protected.
    """
    with open_pdf(path) as document:
        if not 1 <= number <= len(document):
            raise PageOutOfRange(f"There is no page {number}; the document has {len(document)}.", pages=len(document))
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            raise DamagedFile(f"Page {number} of the PDF is damaged.") from None
        with contextlib.closing(page):
            scale = _bounded(scale, *page.get_size())
            image = page.render(scale=scale).to_pil().convert("RGB")
    return _png(_highlighted(image, [box for box in boxes if box.page == number], scale))


def _bounded(scale: float, width: float, height: float) -> float:
    return min(scale, math.sqrt(_MAX_PIXELS / max(width * height, 1)))


def _highlighted(image: Image.Image, boxes: Sequence[Box], scale: float) -> Image.Image:
    if not boxes:
        return image
    marks = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(marks)
    for box in boxes:
        corners = (box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 + _MARGIN, box.y1 + _MARGIN)
        draw.rectangle([corner * scale for corner in corners], fill=_HIGHLIGHT)
    return ImageChops.multiply(image, marks)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
