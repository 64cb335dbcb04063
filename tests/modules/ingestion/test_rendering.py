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


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Two pages of an inch by half an inch, the second one black."""
    pages = [Image.new("L", (200, 100), shade) for shade in (255, 0)]
    pages[0].save(tmp_path / "scan", "TIFF", dpi=(200, 200), save_all=True, append_images=pages[1:])
    return tmp_path / "scan"


def test_a_page_of_an_image_is_known_by_its_content(scan: Path) -> None:
    first, second = (picture(render_page(scan, number, (), scale=1)) for number in (1, 2))
    assert (first.size, second.size) == ((72, 36), (72, 36))
    assert (first.getpixel((9, 9)), second.getpixel((9, 9))) == ((255, 255, 255), (0, 0, 0))


def test_boxes_are_tinted_on_images_too(scan: Path) -> None:
    red, _, blue = picture(render_page(scan, 1, [Box(page=1, x0=10, y0=10, x1=20, y1=20)], scale=2)).getpixel((30, 30))
    assert blue < red - 100


def test_an_image_is_drawn_no_larger_than_it_is(scan: Path) -> None:
    assert picture(render_page(scan, 1, (), scale=50)).size == (200, 100)


def test_a_photo_stored_on_its_side_is_drawn_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    image = Image.new("L", (100, 50), 255)
    image.paste(0, (0, 0, 20, 50))  # what becomes the top
    image.save(tmp_path / "photo", "JPEG", dpi=(72, 72), exif=exif)
    drawn = picture(render_page(tmp_path / "photo", 1, (), scale=1)).convert("L")
    assert drawn.size == (50, 100)
    assert drawn.getpixel((25, 5)) < 20 < 200 < drawn.getpixel((25, 90))


def test_a_page_that_an_image_lacks_is_refused(scan: Path) -> None:
    with pytest.raises(PageOutOfRange):
        render_page(scan, 3, ())


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing more")
    with pytest.raises(DamagedFile):
        render_page(tmp_path / "bad.pdf", 1, ())
