"""Tesseract: what is said where it, a language or the time for it is missing; and how far lines lean."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.drawn_images import LETTER, drawing, saved
from support.reading import read_file
from support.system import need

from footnote.modules.ingestion.extraction.errors import OcrFailed, OcrUnavailable
from footnote.modules.ingestion.extraction.ocr_skew import lean_of


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return saved(drawing(LETTER[:2], canvas=(1300, 300)).image, tmp_path / "letter.png")


def test_without_tesseract_it_is_said_how_to_get_it(letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(letter.parent))
    with pytest.raises(OcrUnavailable, match="make system"):
        read_file(letter, "image/png")


def test_a_language_that_is_missing_is_named(letter: Path) -> None:
    need("tesseract")
    with pytest.raises(OcrUnavailable, match=r"tesseract-ocr-tlh.*FOOTNOTE_OCR_LANGUAGES"):
        read_file(letter, "image/png", ocr_languages="eng+tlh")


def test_a_page_may_not_take_longer_than_allowed(letter: Path) -> None:
    need("tesseract")
    with pytest.raises(OcrFailed, match=r"longer than 0\.01 seconds"):
        read_file(letter, "image/png", ocr_seconds=0.01)


@pytest.mark.parametrize("degrees", [-12, -1.5, 0, 4, 14])
@pytest.mark.parametrize("turns", [0, 1])
def test_the_lean_of_lines_is_seen(degrees: float, turns: int) -> None:
    upright = drawing().image.rotate(90 * turns, expand=True)
    leaning = upright.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert lean_of(leaning) == pytest.approx(degrees, abs=0.3)


def test_noise_does_not_lean() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (300, 400), dtype=np.uint8)
    assert lean_of(Image.fromarray(noise)) == 0
