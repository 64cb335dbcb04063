"""Images read by OCR: every format, whichever way up, with words where they are drawn."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps
from support.drawn_images import LETTER, Drawing, drawing, saved, write
from support.ocr_measure import character_error_rate, known_words_under, random_spans, text_of
from support.reading import read_file
from support.system import need

from footnote.modules.ingestion.extraction import sniff
from footnote.modules.ingestion.extraction.errors import DamagedFile, NoText
from footnote.modules.ingestion.models import Extraction

SHORT = drawing(LETTER[:2], canvas=(1300, 300))


@pytest.fixture(autouse=True)
def tesseract() -> None:
    need("tesseract")


def read(path: Path) -> Extraction:
    return read_file(path, sniff(path, path.name))


def flat(extraction: Extraction) -> str:
    return " ".join(extraction.text.split())


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "webp", "bmp", "gif"])
def test_every_format_is_read(tmp_path: Path, ending: str) -> None:
    path = saved(SHORT.image, tmp_path / f"letter.{ending}")
    extraction = read(path)
    assert flat(extraction) == SHORT.text
    assert extraction.media_type == sniff(path, path.name)
    assert [page.number for page in extraction.layout.pages] == [1]


def test_words_stand_where_they_are_drawn(tmp_path: Path) -> None:
    drawn = drawing()
    extraction = read(saved(drawn.image, tmp_path / "letter.png", dpi=200))
    spans = list(random_spans(extraction, 200))
    right = sum(known_words_under(span, drawn.words, 200 / 72) == text_of(extraction, span) for span in spans)
    assert right >= 0.95 * len(spans)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_picture_is_read_and_its_words_stay_where_they_are(tmp_path: Path, turns: int) -> None:
    turned = SHORT.image.rotate(-90 * turns, expand=True)
    extraction = read(saved(turned, tmp_path / "turned.png", dpi=72))
    assert flat(extraction) == SHORT.text
    x0, y0, x1, y1 = SHORT.words[0][1]
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    width, height = SHORT.image.size
    first = extraction.layout.words[0]
    at = {1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}[turns]
    assert first.x0 < at[0] < first.x1
    assert first.y0 < at[1] < first.y1


def test_a_single_word_upside_down_is_read(tmp_path: Path) -> None:
    word = drawing(["Invoice"], canvas=(500, 300))
    assert flat(read(saved(word.image.rotate(180), tmp_path / "word.png"))) == "Invoice"


@pytest.mark.parametrize("degrees", [-6, 3, 12])
def test_a_leaning_picture_is_read_line_by_line(tmp_path: Path, degrees: float) -> None:
    drawn = drawing()
    leaning = drawn.image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    extraction = read(saved(leaning, tmp_path / "leaning.png"))
    assert character_error_rate(extraction.text, drawn.text) < 0.02


def test_a_photo_stored_on_its_side_is_read_as_it_is_displayed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    path = saved(SHORT.image.rotate(90, expand=True), tmp_path / "photo.jpg", dpi=72, exif=exif)
    extraction = read(path)
    assert flat(extraction) == SHORT.text
    page, first = extraction.layout.pages[0], extraction.layout.words[0]
    assert (page.width, page.height) == SHORT.image.size
    assert abs(first.x0 - SHORT.words[0][1][0]) < 5


def shadowed(drawn: Drawing) -> Image.Image:
    light = Image.linear_gradient("L").resize(drawn.image.size).point(lambda shade: 60 + shade * 195 // 255)
    return ImageChops.multiply(drawn.image, light)


@pytest.mark.parametrize(
    "drawn",
    [
        drawing(size=12, canvas=(560, 220), at=(40, 40)),
        drawing(ink=235, paper=20),
        drawing(ink=150, paper=190),
    ],
    ids=["small", "light on dark", "pale"],
)
def test_text_that_is_hard_to_see_is_read(tmp_path: Path, drawn: Drawing) -> None:
    extraction = read(saved(drawn.image, tmp_path / "hard.png", dpi=None))
    assert character_error_rate(extraction.text, drawn.text) < 0.02


def test_a_shadow_over_the_page_is_evened_out(tmp_path: Path) -> None:
    drawn = drawing()
    extraction = read(saved(shadowed(drawn), tmp_path / "shadow.png"))
    assert character_error_rate(extraction.text, drawn.text) < 0.02


def test_specks_are_no_letters(tmp_path: Path) -> None:
    drawn = drawing()
    is_speck = np.random.default_rng(1).random(drawn.image.size[::-1]) < 0.005
    specked = Image.fromarray(np.where(is_speck, np.uint8(0), np.asarray(drawn.image)))
    extraction = read(saved(specked, tmp_path / "specks.png"))
    assert character_error_rate(extraction.text, drawn.text) < 0.02


def test_text_on_nothing_is_read_as_on_paper(tmp_path: Path) -> None:
    image = Image.new("RGBA", SHORT.image.size, (0, 0, 0, 0))
    image.putalpha(ImageOps.invert(SHORT.image))
    assert flat(read(saved(image, tmp_path / "logo.png"))) == SHORT.text


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    page = Image.new("L", (1700, 700), 255)
    left = write(page, LETTER, size=20, at=(100, 100))
    right = write(page, [line.upper() for line in LETTER], size=18, at=(900, 100))
    extraction = read(saved(page, tmp_path / "columns.png"))
    assert character_error_rate(extraction.text, " ".join(word for word, _ in left + right)) < 0.02


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    images = [drawing([line], canvas=(1300, 200), at=(50, 50)).image for line in LETTER[:3]]
    path = saved(images[0], tmp_path / "fax.tif", save_all=True, append_images=images[1:])
    extraction = read(path)
    assert [extraction.text[page.start : page.end] for page in extraction.layout.pages] == LETTER[:3]
    assert {word.page for word in extraction.layout.words} == {1, 2, 3}


def test_a_damaged_page_is_told_of_and_the_others_are_read(tmp_path: Path) -> None:
    images = [drawing([line], canvas=(1300, 200), at=(50, 50)).image for line in LETTER[:2]]
    path = saved(images[0], tmp_path / "f.tif", save_all=True, append_images=images[1:], compression="tiff_deflate")
    with Image.open(path) as image:
        image.seek(1)
        start, length = image.tag_v2[273][0], image.tag_v2[279][0]
    content = path.read_bytes()
    path.write_bytes(content[:start] + b"\0" * length + content[start + length :])
    extraction = read(path)
    assert extraction.text == LETTER[0]
    assert "Page 2" in " ".join(extraction.warnings)


def test_a_picture_without_text_says_where_it_was_looked_for(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (400, 300), "navy"), tmp_path / "navy.png")
    with pytest.raises(NoText, match="languages: eng"):
        read(path)


def test_writing_that_nobody_can_read_is_told_of(tmp_path: Path) -> None:
    drawn = drawing()
    mirrored = drawn.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    extraction = read(saved(mirrored, tmp_path / "mirrored.png"))
    assert len(extraction.layout.words) < len(drawn.words) / 4
    assert "FOOTNOTE_OCR_LANGUAGES" in extraction.warnings[0]


def test_an_image_cut_short_is_damaged(tmp_path: Path) -> None:
    path = saved(SHORT.image, tmp_path / "cut.png")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(DamagedFile):
        read(path)
