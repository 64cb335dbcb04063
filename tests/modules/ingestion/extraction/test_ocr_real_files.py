"""How right OCR is on real scans; `scripts/measure_ocr.py` shows more of it."""

import json
from pathlib import Path

import pytest
from PIL import Image
from support.ocr_measure import character_error_rate, is_same, random_spans, read_again, text_of, turns_of
from support.reading import read_file
from support.system import need

from footnote.modules.ingestion.extraction import sniff


@pytest.fixture(autouse=True)
def tesseract() -> None:
    need("tesseract")


@pytest.fixture
def scans(shared_data: Path) -> Path:
    return shared_data / "files" / "ocr"


def expected(scans: Path, name: str) -> str:
    entries = json.loads((scans / "manifest.json").read_text())
    text: str = next(entry["expected"]["text"] for entry in entries if entry["file"] == name)
    return text


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("phototest.tif", 0.03),
        ("phototestrot.tif", 0.03),
        ("phototest-rotated-180.png", 0.03),
        ("phototest-rotated-L.png", 0.03),
        ("phototest-rotated-R.png", 0.03),
        ("8071_093.3B.tif", 0.12),
        ("8087_054.3B.tif", 0.12),
        ("ocr_test.pdf", 0.03),
        ("ocr_test_rotated_90.pdf", 0.03),
        ("ocr_test_rotated_180.pdf", 0.03),
        ("ocr_test_rotated_270.pdf", 0.03),
    ],
)
def test_few_characters_are_wrong(scans: Path, name: str, most: float) -> None:
    extraction = read_file(scans / name, sniff(scans / name, name))
    assert character_error_rate(extraction.text, expected(scans, name)) <= most


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_few_characters_are_wrong_whichever_way_up(scans: Path, tmp_path: Path, degrees: int) -> None:
    with Image.open(scans / "eurotext.tif") as image:
        image.rotate(degrees, expand=True).save(tmp_path / "turned.png", dpi=(300, 300))
    extraction = read_file(tmp_path / "turned.png", "image/png")
    assert character_error_rate(extraction.text, expected(scans, "eurotext.tif")) <= 0.03


@pytest.mark.parametrize("name", ["phototestrot.tif", "eurotext.tif", "8087_054.3B.tif"])
def test_the_text_under_the_boxes_is_that_of_the_span(scans: Path, name: str) -> None:
    extraction = read_file(scans / name, "image/tiff")
    with Image.open(scans / name) as image:
        picture, scale = image.convert("RGB"), image.width / extraction.layout.pages[0].width
    turns, spans = turns_of(extraction.layout.words), list(random_spans(extraction, 40))
    again = read_again(spans, picture, scale, turns=turns, languages="eng")
    right = sum(is_same(read, text_of(extraction, span)) for read, span in zip(again, spans, strict=True))
    assert right >= 0.95 * len(spans)
