"""Pictures of pages, with what is cited highlighted. Pure and synchronous: meant for a child process."""

import contextlib
import io
import math
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from footnote.modules.ingestion.extraction import sniff
from footnote.modules.ingestion.extraction.errors import DamagedFile, PageOutOfRange
from footnote.modules.ingestion.extraction.image_frames import open_image
from footnote.modules.ingestion.extraction.kinds import IMAGES
from footnote.modules.ingestion.extraction.pdf import open_pdf
from footnote.modules.retrieval import Box

_HIGHLIGHT = (255, 235, 90)
_MARGIN = 1.0  # points around a box
_MAX_PIXELS = 12_000_000
_MAX_FRAMES = 1_000_000  # of an image; what was taken in had fewer

Scales = tuple[float, float]  # pixels to the point, across and down


def render_page(path: Path, number: int, boxes: Sequence[Box], scale: float = 2.0) -> bytes:
    """PNG of page `number`, from 1, of the PDF or image at `path`; `scale` is in pixels per point.

    Less for huge pages, and for images that have no more to show.

    Raises:
        PageOutOfRange: There is no such page.
        Unreadable: The file or the page is damaged or protected.
    """
    draw = _image if sniff(path, path.name) in IMAGES else _pdf
    picture, scales = draw(path, number, scale)
    return _png(_highlighted(picture, [box for box in boxes if box.page == number], scales))


def _pdf(path: Path, number: int, scale: float) -> tuple[Image.Image, Scales]:
    with open_pdf(path) as document:
        if not 1 <= number <= len(document):
            raise PageOutOfRange(f"There is no page {number}; the document has {len(document)}.", pages=len(document))
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            raise DamagedFile(f"Page {number} of the PDF is damaged.") from None
        with contextlib.closing(page):
            scale = _bounded(scale, *page.get_size())
            return page.render(scale=scale).to_pil().convert("RGB"), (scale, scale)


def _image(path: Path, number: int, scale: float) -> tuple[Image.Image, Scales]:
    with open_image(path, _MAX_FRAMES) as image:
        frame = image.frame(number)
    width, height = frame.size
    native = max(frame.picture.width / width, frame.picture.height / height)
    scale = min(_bounded(scale, width, height), native)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    picture = frame.picture.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture, (size[0] / width, size[1] / height)


def _bounded(scale: float, width: float, height: float) -> float:
    return min(scale, math.sqrt(_MAX_PIXELS / max(width * height, 1)))


def _highlighted(image: Image.Image, boxes: Sequence[Box], scales: Scales) -> Image.Image:
    if not boxes:
        return image
    marks = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(marks)
    for box in boxes:
        left, right = (box.x0 - _MARGIN) * scales[0], (box.x1 + _MARGIN) * scales[0]
        top, bottom = (box.y0 - _MARGIN) * scales[1], (box.y1 + _MARGIN) * scales[1]
        draw.rectangle((left, top, right, bottom), fill=_HIGHLIGHT)
    return ImageChops.multiply(image, marks)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
