"""Pictures of pages with the cited words highlighted."""

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from footnote.modules.ingestion.extraction.errors import DamagedFile, PageOutOfRange
from footnote.modules.ingestion.rendering import render_page
from footnote.modules.retrieval import Box


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    canvas = Canvas(str(tmp_path / "drawn.pdf"), pagesize=(200, 100))
    canvas.rect(20, 70, 10, 10, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return tmp_path / "drawn.pdf"


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def test_a_page_is_drawn_to_scale(pdf: Path) -> None:
    assert picture(render_page(pdf, 1, (), scale=3)).size == (600, 300)


def test_boxes_are_tinted_and_ink_stays_dark(pdf: Path) -> None:
    image = picture(render_page(pdf, 1, [Box(page=1, x0=10, y0=10, x1=60, y1=40)], scale=1))
    red, _, blue = image.getpixel((50, 30))
    assert blue < red - 100
    assert image.getpixel((25, 25)) == (0, 0, 0)
    assert image.getpixel((90, 60)) == (255, 255, 255)


def test_boxes_of_other_pages_are_not_drawn(pdf: Path) -> None:
    other = Box(page=2, x0=10, y0=10, x1=60, y1=40)
    assert render_page(pdf, 1, [other]) == render_page(pdf, 1, ())


def test_a_huge_page_is_drawn_smaller(pdf: Path) -> None:
    width, height = picture(render_page(pdf, 1, (), scale=1000)).size
    assert width * height < 13_000_000


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_is_not_there_is_refused(pdf: Path, number: int) -> None:
    with pytest.raises(PageOutOfRange):
        render_page(pdf, number, ())


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing more")
    with pytest.raises(DamagedFile):
        render_page(tmp_path / "bad.pdf", 1, ())
