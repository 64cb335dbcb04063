"""Tesseract: words with boxes from a picture, and which way up it is."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytesseract
from PIL import Image
from pytesseract.pytesseract import run_tesseract

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import OcrFailed, OcrUnavailable
from footnote.modules.ingestion.extraction.pdf_words import Rectangle

_WORD_LEVEL = "5"  # of the rows of tesseract's table
_DPI = 300  # about that of the pictures that are handed over, whatever their files say
_SURE = 2.0  # OSD's confidence in an orientation that is not to be doubted


@dataclass(frozen=True, slots=True)
class OcrWord:
    text: str
    box: Rectangle
    confidence: float  # 0 to 100
    line: tuple[int, int, int]  # block, paragraph, and line in it


class Tesseract:
    """Reads the pictures of one page, within the time that a page may take."""

    def __init__(self, context: Context) -> None:
        """
        Raises:
            OcrUnavailable: Tesseract or the model of a language is not installed.
        """
        self.languages = context.options.ocr_languages
        self._seconds = context.options.ocr_seconds
        self._ends = time.monotonic() + self._seconds
        self._scratch = context.scratch
        # Two documents are read at once; four threads each would only get in one another's way.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        _check_installed(self.languages)

    def words(self, picture: Image.Image) -> list[OcrWord]:
        """In reading order.

        Raises:
            OcrFailed: It took too long, or tesseract broke down over it.
        """
        table = self._run(picture, self.languages, "tsv", "--psm 3 -c tessedit_create_tsv=1")
        return list(_words(table))

    def turns(self, picture: Image.Image) -> int | None:
        """Quarter turns clockwise in which the text of the picture reads, if tesseract is sure of it."""
        with contextlib.suppress(OcrFailed):  # too few characters, or its model is not installed
            facts = dict(
                line.split(": ", 1) for line in self._run(picture, "osd", "osd", "--psm 0").splitlines() if ": " in line
            )
            if float(facts.get("Orientation confidence", 0)) >= _SURE:
                return -int(facts["Rotate"]) // 90 % 4
        return None

    def _run(self, picture: Image.Image, languages: str, extension: str, config: str) -> str:
        given, found = self._scratch / "picture.pnm", self._scratch / "found"
        output = found.with_suffix("." + extension)
        try:
            picture.save(given, "PPM")
            run_tesseract(str(given), str(found), extension, languages, f"{config} --dpi {_DPI}", timeout=self._left())
            return output.read_text(encoding="utf-8", errors="replace")
        except pytesseract.TesseractNotFoundError:
            raise _not_installed() from None
        except pytesseract.TesseractError as error:
            raise OcrFailed(f"Tesseract could not read a picture: {str(error.message)[-200:]}") from None
        except (RuntimeError, OSError) as error:
            raise OcrFailed(self._why(error)) from None
        finally:
            given.unlink(missing_ok=True)
            output.unlink(missing_ok=True)

    def _left(self) -> float:
        """Seconds; never 0, which would mean no limit."""
        return max(self._ends - time.monotonic(), 0.1)

    def _why(self, error: Exception) -> str:
        if time.monotonic() >= self._ends:
            return f"Reading a picture took longer than {self._seconds:g} seconds."
        return f"Tesseract could not read a picture: {error}"


def _words(table: str) -> Iterator[OcrWord]:
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD_LEVEL:
            continue
        left, top, width, height = map(float, cells[6:10])
        text = "".join(cells[11].split())
        if text and width > 0 and height > 0:
            block, paragraph, line = map(int, cells[2:5])
            box = (left, top, left + width, top + height)
            yield OcrWord(text, box, float(cells[10]), (block, paragraph, line))


@cache
def _check_installed(languages: str) -> None:
    """Once; what is missing is looked for again, in case that it gets installed."""
    try:
        installed = set(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, OSError):
        raise _not_installed() from None
    missing = [language for language in languages.split("+") if language not in installed and "/" not in language]
    if missing:
        packages = ", ".join("tesseract-ocr-" + language.replace("_", "-") for language in missing)
        raise OcrUnavailable(
            f"Reading scans in these languages needs models of tesseract that are not installed: {', '.join(missing)}. "
            f"Install them (Debian and Ubuntu: {packages}), or name others in FOOTNOTE_OCR_LANGUAGES."
        )


def _not_installed() -> OcrUnavailable:
    return OcrUnavailable(
        "Reading scans and images needs the program tesseract, which is not installed. Install it with `make system`, "
        "or with your package manager (Debian and Ubuntu: tesseract-ocr)."
    )
