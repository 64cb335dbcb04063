"""Reads the picture of a page whatever its resolution, whichever way up it is, and though it leans."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from PIL import Image

from footnote.modules.ingestion.extraction.errors import OcrFailed
from footnote.modules.ingestion.extraction.ocr import OcrWord, Tesseract
from footnote.modules.ingestion.extraction.ocr_cleaning import cleaned, despeckled, is_blank
from footnote.modules.ingestion.extraction.ocr_lines import (
    blocks_of,
    full_boxes,
    lines_of,
    paragraphs_of,
    runs_down,
    size_of,
    sure,
)
from footnote.modules.ingestion.extraction.ocr_pose import Pose, fitting_pose
from footnote.modules.ingestion.extraction.ocr_skew import lean_of
from footnote.modules.ingestion.extraction.pdf_lines import Flow, Line, turned
from footnote.modules.ingestion.extraction.pdf_words import PdfWord, Rectangle

POINTS = 72.0  # to the inch
_POOR = 70.0  # confidence of a reading that may be of a page upside down; the right way up it is rarely below 80
_CLEAR = 80.0  # confidence of a reading that shadows or specks do not disturb
_LEANS = 0.5  # degrees; tesseract itself bears with a little more
_MUCH = 1.0  # degrees; what tesseract may not bear with
_SMALL = 17.0  # pixels of a word's height; below that letters run into one another
_LEGIBLE = 34.0
_MAX_ENLARGED = 20_000_000  # pixels
_GUESS = 50.0  # confidence at which a word is as likely wrong as right
_MANY = 100  # letters that were guessed: specks and shadows of a picture are fewer
_HARDLY = (
    "Hardly any of what may be text could be read. If its language is none of these: {}; FOOTNOTE_OCR_LANGUAGES can "
    "name others."
)


@dataclass(frozen=True, slots=True)
class Scan:
    flows: list[Flow]  # in reading order
    doubt: OcrFailed | None = None  # why there may be more on the page


def read_page(picture: Image.Image, dpi: tuple[float, float], tesseract: Tesseract) -> Scan:
    """The lines on `picture` in reading order, in points of that resolution, with words as high as their font.

    Lines and flows are tesseract's, which saw the page; where it leans, `Line.boxes` stand as if it did not.

    Raises:
        OcrFailed: It took too long, or tesseract broke down over it.
    """
    gray = picture.convert("L")
    if is_blank(gray):
        return Scan([])
    reading = _Attempts(despeckled(gray), tesseract).best(fitting_pose(gray, dpi))
    flows = list(reading.flows((POINTS / dpi[0], POINTS / dpi[1])))
    is_doubtful = reading.is_guessed and reading.letters > _MANY
    return Scan(flows, OcrFailed(_HARDLY.format(tesseract.languages)) if is_doubtful else None)


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
    def is_guessed(self) -> bool:
        return self.confidence < _GUESS

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
        downwards = sum(len(word.text) for line in lines_of(self.words) for word in line if runs_down(line))
        return downwards <= self.letters / 2

    @property
    def height(self) -> float:
        """Of most words, in pixels."""
        return median(word.box[3] - word.box[1] for word in self.words) if self.words else 0.0

    def flows(self, points: tuple[float, float]) -> Iterator[Flow]:
        """Without specks; `points` are those of a pixel of the picture as it was, across and down."""
        for block in blocks_of(self.words):
            flow = []
            for paragraph in paragraphs_of(block):
                size = size_of(paragraph)
                lines = (
                    self._line(sure(line, is_guessed=self.is_guessed), size, points) for line in lines_of(paragraph)
                )
                flow += [line for line in lines if line is not None]
            if flow:
                yield flow

    def _line(self, line: list[OcrWord], size: float | None, points: tuple[float, float]) -> Line | None:
        words, levels = [], []
        direction = (self.pose.turns + runs_down(line)) % 4 if line else 0
        width, height = self.pose.width * points[0], self.pose.height * points[1]
        for word, box in zip(line, full_boxes(line, size), strict=True):
            displayed = _scaled(self.pose.original(box, self.read.size), points)
            if displayed[0] < displayed[2] and displayed[1] < displayed[3]:
                level = _scaled(self.pose.level(box, self.read.size), points)
                words.append(PdfWord(word.text, displayed, direction=direction))
                levels.append(turned(level, direction, width, height))
        if not words:
            return None
        lefts, tops, rights, bottoms = zip(*levels, strict=True)
        return Line(words, min(lefts), min(tops), max(rights), max(bottoms), levels, direction)


class _Attempts:
    """Readings of one picture in several poses, one after another as the last suggests."""

    def __init__(self, picture: Image.Image, tesseract: Tesseract) -> None:
        self._picture = picture
        self._tesseract = tesseract

    def best(self, pose: Pose) -> _Reading:
        reading = self._straightened(pose)
        try:
            if reading.is_poor and reading.words:
                reading = self._turned(reading)
            if reading.confidence < _CLEAR:
                reading = self._cleaned(reading)
            return self._refined(reading)
        except OcrFailed:
            if not reading.words:
                raise
            return reading

    def _straightened(self, pose: Pose) -> _Reading:
        lean = lean_of(self._picture)
        if abs(lean) < _LEANS:
            return self._read(pose)
        reading = self._read(replace(pose, lean=lean))
        return self._better(reading, pose) if reading.is_poor and abs(lean) > _MUCH else reading

    def _cleaned(self, reading: _Reading) -> _Reading:
        dirty, self._picture = self._picture, cleaned(self._picture)
        other = self._straightened(replace(reading.pose, lean=0.0))
        if other.is_poor and other.words:
            other = self._turned(other)
        if other.worth > reading.worth:
            return other
        self._picture = dirty
        return reading

    def _refined(self, reading: _Reading) -> _Reading:
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


def _scaled(box: Rectangle, points: tuple[float, float]) -> Rectangle:
    return box[0] * points[0], box[1] * points[1], box[2] * points[0], box[3] * points[1]
