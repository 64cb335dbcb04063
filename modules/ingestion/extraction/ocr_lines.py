"""Lines of words that tesseract read: which of the words to believe, and how high the line is."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from statistics import median

from footnote.modules.ingestion.extraction.ocr import OcrWord
from footnote.modules.ingestion.extraction.pdf_words import Rectangle

_DOUBTFUL = 30.0  # confidence of a word that is dropped from a line that is not sure
_SURE_LINE = 60.0
_DOUBTFUL_SIGN = 50.0  # of a word without letters and digits; specks are read as such
_SURE_ALONE = 80.0
_LONG = 4  # characters; shorter words come out of anything
# Of a font's size: small letters, what rises above them, what hangs below the line, and how far a comma does.
_X_HEIGHT, _RISE, _DEPTH, _COMMA = 0.5, 0.2, 0.2, 0.12
_RISING = frozenset("bdfhijklt'\"“”‘’!?()[]{}/|&%$#@")
_HANGING = frozenset("gjpqy()[]{}|@$çşţ")
_LATIN_END = 0x250


def blocks_of(words: list[OcrWord]) -> Iterator[list[OcrWord]]:
    for _, block in groupby(words, key=lambda word: word.line[0]):
        yield list(block)


def paragraphs_of(words: list[OcrWord]) -> Iterator[list[OcrWord]]:
    for _, paragraph in groupby(words, key=lambda word: word.line[:2]):
        yield list(paragraph)


def lines_of(words: list[OcrWord]) -> Iterator[list[OcrWord]]:
    for _, line in groupby(words, key=attrgetter("line")):
        yield list(line)


def runs_down(line: list[OcrWord]) -> bool:
    """The words stand one below another, or the only one is taller than wide, and no single letter."""
    left, top = min(word.box[0] for word in line), min(word.box[1] for word in line)
    right, bottom = max(word.box[2] for word in line), max(word.box[3] for word in line)
    return bottom - top > 1.5 * (right - left) and sum(len(word.text) for word in line) > 2


def sure(line: list[OcrWord], *, is_guessed: bool) -> list[OcrWord]:
    """Without specks and shadows that were read as words. A single doubtful word of a sure line stays.

    Of a page that `is_guessed` as a whole, a picture or another language, only long words that are sure.
    """
    if is_guessed:
        return [word for word in line if word.confidence >= _SURE_ALONE and len(word.text) >= _LONG]
    letters = sum(len(word.text) for word in line)
    is_sure = sum(word.confidence * len(word.text) for word in line) >= _SURE_LINE * letters
    return [word for word in line if word.confidence >= _threshold(word, is_sure)]


def _threshold(word: OcrWord, is_sure: bool) -> float:
    if not _has_letters(word):
        return _DOUBTFUL_SIGN
    return 0.0 if is_sure else _DOUBTFUL


def _has_letters(word: OcrWord) -> bool:
    return any(map(str.isalnum, word.text))


def size_of(words: list[OcrWord]) -> float | None:
    """Of the font in pixels, if letters tell."""
    return median(sizes) if (sizes := [_size(word) for word in words if _has_letters(word)]) else None


def full_boxes(line: list[OcrWord], size: float | None) -> list[Rectangle]:
    """Boxes as high as a font of that size: tesseract's are as high as the letters that happen to be there."""
    if size is None or not any(map(_has_letters, line)) or runs_down(line):
        return [word.box for word in line]
    return [
        (
            word.box[0],
            min(word.box[1], baseline - (_X_HEIGHT + _RISE) * size),
            word.box[2],
            max(word.box[3], baseline + _DEPTH * size),
        )
        for word, baseline in zip(line, _baselines(line, size), strict=True)
    ]


def _size(word: OcrWord) -> float:
    rise, depth = _extent(word.text)
    return (word.box[3] - word.box[1]) / (_X_HEIGHT + rise + depth)


def _baselines(line: list[OcrWord], size: float) -> list[float]:
    """Of each word; a sign without letters stands on that of the word beside it."""
    known = [word.box[3] - _extent(word.text)[1] * size if _has_letters(word) else None for word in line]
    last = next(baseline for baseline in known if baseline is not None)
    baselines = []
    for baseline in known:
        last = last if baseline is None else baseline
        baselines.append(last)
    return baselines


def _extent(text: str) -> tuple[float, float]:
    """How far its letters rise above the small ones, and how far they hang below the line."""
    if any(ord(letter) >= _LATIN_END and letter.isalpha() for letter in text):
        return _RISE, _DEPTH
    plain = unicodedata.normalize("NFD", text)
    rises = len(plain) > len(text) or any(letter.isupper() or letter.isdigit() or letter in _RISING for letter in text)
    hangs = any(letter in _HANGING for letter in text)
    comma = _COMMA if "," in text or ";" in text else 0.0
    return _RISE if rises else 0.0, _DEPTH if hangs else comma
