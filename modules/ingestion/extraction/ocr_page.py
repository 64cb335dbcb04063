"""Reads the picture of a page whatever its resolution, whichever way up it is, and though it leans."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from statistics import median

from PIL import Image

from footnote.modules.ingestion.extraction.errors import OcrFailed
from footnote.modules.ingestion.extraction.ocr import OcrWord, Tesseract
from footnote.modules.ingestion.extraction.ocr_pose import Pose, fitting_pose
from footnote.modules.ingestion.extraction.ocr_skew import lean_of

_POOR = 70.0  # confidence of a reading that may be of a page upside down; the right way up it is rarely below 80
_LEANS = 0.5  # degrees; tesseract itself bears with a little more
_SMALL = 17.0  # pixels of a word's height; below that letters run into one another
_LEGIBLE = 34.0
_MAX_ENLARGED = 20_000_000  # pixels
_DOUBTFUL = 30.0  # confidence of a word that is dropped from a line that is not sure
_SURE_LINE = 60.0
_DOUBTFUL_SIGN = 50.0  # of a word without letters and digits; specks are read as such
_GUESS = 50.0  # confidence at which a word is as likely wrong as right
_SURE_ALONE = 80.0  # of a word of a page that is guessed as a whole: a picture, or another language


def read_page(picture: Image.Image, dpi: tuple[float, float], tesseract: Tesseract) -> list[OcrWord]:
    """The words on `picture` with boxes in its pixels, in reading order.

    Raises:
        OcrFailed: It took too long, or tesseract broke down over it.
    """
    gray = picture.convert("L")
    return list(_Attempts(gray, tesseract).best(fitting_pose(gray, dpi)))


@dataclass(frozen=True)
class _Reading:
    """What tesseract read in one pose of the picture; boxes are those of the changed picture."""

    words: list[OcrWord]
    pose: Pose
    read: Image.Image

    @cached_property
    def letters(self) -> int:
        return sum(len(word.text) for word in self.words)

    @cached_property
    def confidence(self) -> float:
        return sum(word.confidence * len(word.text) for word in self.words) / max(self.letters, 1)

    @property
    def is_poor(self) -> bool:
        return self.confidence < _POOR

    @property
    def worth(self) -> float:
        """Grows with what was read for sure; guesses count against it."""
        return self.letters * (self.confidence - _GUESS)

    @property
    def is_upright(self) -> bool:
        """Not: most lines run down the picture. Tesseract reads such lines, too, but not the page that they make."""
        downwards = sum(len(word.text) for line in _lines(self.words) for word in line if _runs_down(line))
        return downwards <= self.letters / 2

    @property
    def height(self) -> float:
        """Of most words, in pixels."""
        return median(word.box[3] - word.box[1] for word in self.words) if self.words else 0.0

    def placed(self) -> Iterator[OcrWord]:
        """The words that are no specks, in the picture as it was."""
        least = _SURE_ALONE if self.confidence < _GUESS else 0.0
        for line in _lines(self.words):
            direction = (self.pose.turns + _runs_down(line)) % 4
            for word in _sure(line, least):
                box = self.pose.original(word.box, self.read)
                if box[0] < box[2] and box[1] < box[3]:
                    yield replace(word, box=box, direction=direction)


class _Attempts:
    """Readings of one picture in several poses, one after another as the last suggests."""

    def __init__(self, picture: Image.Image, tesseract: Tesseract) -> None:
        self._picture = picture
        self._tesseract = tesseract

    def best(self, pose: Pose) -> Iterator[OcrWord]:
        lean = lean_of(self._picture)
        reading = self._read(replace(pose, lean=lean) if abs(lean) >= _LEANS else pose)
        try:
            reading = self._improved(reading)
        except OcrFailed:
            if not reading.words:
                raise
        return reading.placed()

    def _improved(self, reading: _Reading) -> _Reading:
        if reading.is_poor:
            reading = self._turned(reading)
        if reading.is_poor and reading.pose.lean:
            reading = self._better(reading, replace(reading.pose, lean=0.0))
        if not reading.is_upright and not reading.is_poor:
            reading = self._read(reading.pose.turned(1))
        scale = self._missing_scale(reading)
        return self._better(reading, reading.pose.enlarged(scale)) if scale > 1.2 else reading

    def _turned(self, reading: _Reading) -> _Reading:
        """Upside down? Tesseract reads text that runs down the page as well as upright text, so that is enough."""
        turns = self._tesseract.turns(reading.read)
        if turns is None:
            turns = 2 if reading.is_upright else 3
        return self._better(reading, reading.pose.turned(turns)) if turns else reading

    def _missing_scale(self, reading: _Reading) -> float:
        if not 0 < reading.height < _SMALL:
            return 1.0
        pixels = reading.read.width * reading.read.height
        return min(_LEGIBLE / reading.height, math.sqrt(_MAX_ENLARGED / pixels))

    def _better(self, reading: _Reading, pose: Pose) -> _Reading:
        other = self._read(pose)
        return other if other.worth > reading.worth else reading

    def _read(self, pose: Pose) -> _Reading:
        changed = pose.applied(self._picture)
        return _Reading(self._tesseract.words(changed), pose, changed)


def _lines(words: list[OcrWord]) -> Iterator[list[OcrWord]]:
    for _, line in groupby(words, key=attrgetter("line")):
        yield list(line)


def _runs_down(line: list[OcrWord]) -> bool:
    """The words stand one below another, or the only one is taller than wide, and no single letter."""
    left, top = min(word.box[0] for word in line), min(word.box[1] for word in line)
    right, bottom = max(word.box[2] for word in line), max(word.box[3] for word in line)
    return bottom - top > 1.5 * (right - left) and sum(len(word.text) for word in line) > 2


def _sure(line: list[OcrWord], least: float) -> Iterator[OcrWord]:
    """Without specks and shadows that were read as words. A single doubtful word of a sure line stays."""
    letters = sum(len(word.text) for word in line)
    is_sure = sum(word.confidence * len(word.text) for word in line) >= _SURE_LINE * letters
    for word in line:
        has_letters = any(map(str.isalnum, word.text))
        doubtful = _DOUBTFUL if has_letters else _DOUBTFUL_SIGN
        if word.confidence >= max(least, 0.0 if is_sure and has_letters else doubtful):
            yield word
