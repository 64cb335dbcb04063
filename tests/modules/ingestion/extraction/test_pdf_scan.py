"""Pages of a PDF that are pictures of text: which they are, and what OCR makes of them."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from support.drawn_images import LETTER, drawing
from support.ocr_measure import character_error_rate, known_words_under, random_spans, text_of
from support.reading import read_file
from support.system import need

from footnote.modules.ingestion.extraction.pdf_scan import needs_ocr
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord, page_words

Draw = Callable[..., Path]
SCAN = drawing(canvas=(1800, 2400), at=(200, 200))  # 3 pixels to the point of a page of 600 by 800


def is_scan(path: Path, words: list[PdfWord] | None = None) -> bool:
    with pdfium.PdfDocument(path) as document:
        page, layer = document[0], document[0].get_textpage()
        frame = PageFrame(page)
        return needs_ocr(page, page_words(layer.raw, frame) if words is None else words, frame)


def place(canvas: Canvas, image: Image.Image, *box: float) -> None:
    canvas.drawImage(ImageReader(image), *(box or (0, 0, 600, 800)))


def scanned(canvas: Canvas) -> None:
    place(canvas, SCAN.image)


def stamped(canvas: Canvas) -> None:
    place(canvas, SCAN.image)
    canvas.drawString(500, 20, "Page 1 of 2")


def in_strips(canvas: Canvas) -> None:
    for row in range(8):
        place(canvas, SCAN.image.crop((0, 300 * row, 1800, 300 * row + 300)), 0, 700 - 100 * row, 600, 100)


def with_logo(canvas: Canvas) -> None:
    place(canvas, SCAN.image, 20, 700, 100, 80)
    canvas.drawString(100, 600, "Dear tenant,")


def with_layer(canvas: Canvas) -> None:
    """As programs for scanning leave it: the words are there, though nobody sees them."""
    place(canvas, SCAN.image)
    text = canvas.beginText(50, 700)
    text.setTextRenderMode(3)
    text.textLines(LETTER)
    canvas.drawText(text)


def blank(canvas: Canvas) -> None: ...


@pytest.mark.parametrize(
    ("paint", "expected"),
    [(scanned, True), (stamped, True), (in_strips, True), (with_logo, False), (with_layer, False), (blank, False)],
)
def test_only_pictures_of_text_are_scans(draw: Draw, paint: Callable[[Canvas], None], expected: bool) -> None:
    assert is_scan(draw(paint)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ue001\ue002\ue003\ue004", True),
        ("\ufffd\ufffd a \ufffd", True),
        ("~ | ^^ <> {} ~~ || ^^ ~~ {} %% ~", True),
        ("12.50 - 1,300.00 (4.2) 99 % 12.50 17", False),
        ("Привет, мир! 你好", False),
    ],
)
def test_a_text_layer_of_garbage_is_none(draw: Draw, text: str, expected: bool) -> None:
    words = [PdfWord(word, (0.0, 0.0, 9.0, 9.0)) for word in text.split()]
    assert is_scan(draw(with_logo), words) is expected


def test_words_of_a_scan_stand_where_they_are_drawn(draw: Draw) -> None:
    need("tesseract")
    extraction = read_file(draw(scanned), "application/pdf")
    assert character_error_rate(extraction.text, SCAN.text) < 0.01
    spans = list(random_spans(extraction, 100))
    right = sum(known_words_under(span, SCAN.words, 3) == text_of(extraction, span) for span in spans)
    assert right >= 95


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_scan_on_its_side_is_read_on_the_page_as_displayed(draw: Draw, tmp_path: Path, degrees: int) -> None:
    need("tesseract")
    with pdfium.PdfDocument(draw(scanned)) as document:
        document[0].set_rotation(degrees)
        document.save(tmp_path / "turned.pdf")
    extraction = read_file(tmp_path / "turned.pdf", "application/pdf")
    assert character_error_rate(extraction.text, SCAN.text) < 0.01
    first, page = extraction.layout.words[0], extraction.layout.pages[0]
    x0, y0, x1, y1 = (side / 3 for side in SCAN.words[0][1])
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    at = {90: (page.width - y, x), 180: (page.width - x, page.height - y), 270: (y, page.height - x)}[degrees]
    assert first.x0 < at[0] < first.x1
    assert first.y0 < at[1] < first.y1


def test_pages_with_and_without_a_text_layer_are_read_together(tmp_path: Path) -> None:
    need("tesseract")
    canvas = Canvas(str(tmp_path / "mixed.pdf"), pagesize=(600, 800))
    with_logo(canvas)
    canvas.showPage()
    scanned(canvas)
    canvas.showPage()
    canvas.save()
    extraction = read_file(tmp_path / "mixed.pdf", "application/pdf")
    texts = [" ".join(extraction.text[page.start : page.end].split()) for page in extraction.layout.pages]
    assert texts == ["Dear tenant,", SCAN.text]


def test_a_slide_on_a_picture_keeps_its_text_layer(draw: Draw) -> None:
    need("tesseract")

    def slide(canvas: Canvas) -> None:
        place(canvas, Image.new("L", (60, 80), 220))
        canvas.setFontSize(30)
        canvas.drawString(50, 600, "Annual meeting")
        canvas.drawString(50, 500, "of all tenants")

    extraction = read_file(draw(slide), "application/pdf")
    assert extraction.text.split() == ["Annual", "meeting", "of", "all", "tenants"]
    assert extraction.layout.words[0].x0 == pytest.approx(50, abs=0.01)


def test_where_tesseract_is_missing_the_other_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    canvas = Canvas(str(tmp_path / "mixed.pdf"), pagesize=(600, 800))
    scanned(canvas)
    canvas.showPage()
    with_logo(canvas)
    canvas.showPage()
    canvas.save()
    extraction = read_file(tmp_path / "mixed.pdf", "application/pdf")
    assert extraction.text == "Dear tenant,"
    assert "1. " in extraction.warnings[0]
    assert "make system" in extraction.warnings[0]
