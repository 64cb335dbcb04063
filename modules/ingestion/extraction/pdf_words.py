"""The words of a PDF page with their boxes, in the order in which the file draws them."""

import unicodedata
from collections.abc import Iterator
from ctypes import c_double, c_int, create_string_buffer
from dataclasses import dataclass
from functools import cache
from math import sin

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_NO_TEXT = frozenset((0, 0xFFFF, 0x200B, 0xFEFF))
_SPOKEN = {0x02: "-", 0xFFFE: "-", 0xF0B7: "•", 0xF0A7: "▪"}  # PDFium's line-end hyphen; bullets of the Symbol font
_LIGATURES = range(0xFB00, 0xFB07)
_SURROGATES = range(0xD800, 0xE000)
_FORCE_BOLD = 1 << 18  # of the font's flags
_BOLD_NAMES = ("bold", "black", "heavy")
_BOLD_WEIGHT = 700  # PDFium guesses it from the strokes, too low more often than too high; italics it overrates
_ITALIC = 1 << 6
_MIN_SIDE = 0.5  # points; fonts that state no size still mark a place

Rectangle = tuple[float, float, float, float]


@dataclass(slots=True)
class PdfWord:
    text: str
    box: Rectangle  # x0, y0, x1, y1 on the page as displayed, origin top left
    index: int = -1  # of its first character, for questions to PDFium; none of a word that OCR read
    direction: int = 0  # quarter turns clockwise, as displayed, in which the word reads


class PageFrame:
    """From PDF space (origin bottom left of some larger sheet) to the page as displayed."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._turns = page.get_rotation() // 90
        width, height = self._right - self._left, self._top - self._bottom
        self.width, self.height = (height, width) if self._turns % 2 else (width, height)

    def displayed(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        match self._turns:
            case 0:
                return left - self._left, self._top - top, right - self._left, self._top - bottom
            case 1:
                return bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
            case 2:
                return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
            case _:
                return self._top - top, self._right - right, self._top - bottom, self._right - left

    def clipped(self, box: Rectangle) -> Rectangle | None:
        """The part of `box` that is on the page, if any."""
        x0, y0, x1, y1 = max(box[0], 0.0), max(box[1], 0.0), min(box[2], self.width), min(box[3], self.height)
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def page_words(text_page: raw.FPDF_TEXTPAGE, frame: PageFrame) -> list[PdfWord]:
    """The words that are on the page; what is drawn beside it nobody sees."""
    words: list[PdfWord] = []
    for run in _runs(text_page):
        word = _word(run, frame)
        if word is not None:
            if len(run) == 1 and words:
                word.direction = words[-1].direction
            words.append(word)
    return words


def is_bold(text_page: raw.FPDF_TEXTPAGE, index: int) -> bool:
    name, flags = create_string_buffer(128), c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    if flags.value & _FORCE_BOLD or any(bold in name.value.decode("latin-1").lower() for bold in _BOLD_NAMES):
        return True
    return not flags.value & _ITALIC and raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT


Character = tuple[str, float, float, float, float, int]  # text, left, bottom, right, top, index


def _runs(text_page: raw.FPDF_TEXTPAGE) -> Iterator[list[Character]]:
    """Characters up to the next white space or jump."""
    run: list[Character] = []
    for character in _characters(text_page):
        if not character[0]:
            if run:
                yield run
                run = []
            continue
        if run and (_is_far(run[-1], character) or _is_on_next_line(text_page, run[-1], character)):
            yield run
            run = []
        run.append(character)
    if run:
        yield run


def _characters(text_page: raw.FPDF_TEXTPAGE) -> Iterator[Character]:
    """Every character; white space, made up by PDFium or not, as an empty one."""
    unicode, loose_box, box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FS_RECTF()
    for index in range(raw.FPDFText_CountChars(text_page)):
        text = _text(unicode(text_page, index))
        if text is None:
            continue
        if text:
            loose_box(text_page, index, box)
            if box.top - box.bottom < _MIN_SIDE or box.right - box.left <= 0:
                yield (text, *_tight_box(text_page, index), index)
                continue
        yield text, box.left, box.bottom, box.right, box.top, index


@cache
def _text(code: int) -> str | None:
    """Empty for white space, nothing for what is no character."""
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _SPOKEN:
        return _SPOKEN[code]
    if code in _NO_TEXT or code in _SURROGATES:
        return None
    if code in _LIGATURES:
        return unicodedata.normalize("NFKC", chr(code))
    if chr(code).isspace():
        return ""
    return None if code < 0xA0 else chr(code)


def _tight_box(text_page: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return (
        left.value,
        bottom.value,
        max(right.value, left.value + _MIN_SIDE),
        max(top.value, bottom.value + _MIN_SIDE),
    )


def _is_far(last: Character, character: Character) -> bool:
    """Further from `last` than its own size in some direction: another word, though no space says so."""
    size = max(last[4] - last[2], last[3] - last[1])
    return (
        character[1] - last[3] > size
        or last[1] - character[3] > size
        or character[2] - last[4] > size / 2
        or last[2] - character[4] > size / 2
    )


def _is_on_next_line(text_page: raw.FPDF_TEXTPAGE, last: Character, character: Character) -> bool:
    """Right above or below `last` though it stands upright, and is not of a script that is written downwards."""
    shared = min(last[4], character[4]) - max(last[2], character[2])
    if shared > 0.2 * min(last[4] - last[2], character[4] - character[2]):
        return False
    is_upright = abs(sin(raw.FPDFText_GetCharAngle(text_page, character[5]))) < 0.1
    return is_upright and unicodedata.east_asian_width(character[0][0]) not in "WF"


def _word(run: list[Character], frame: PageFrame) -> PdfWord | None:
    texts, lefts, bottoms, rights, tops, indexes = zip(*run, strict=True)
    box = frame.clipped(frame.displayed(min(lefts), min(bottoms), max(rights), max(tops)))
    if box is None:
        return None
    return PdfWord("".join(texts), box, indexes[0], _direction(run, frame) if len(run) > 1 else 0)


def _direction(run: list[Character], frame: PageFrame) -> int:
    first, last = frame.displayed(*run[0][1:5]), frame.displayed(*run[-1][1:5])
    right, down = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
    if abs(right) >= abs(down):
        is_backwards = right < 0 and unicodedata.bidirectional(run[0][0][0]) not in ("R", "AL", "AN")
        return 2 if is_backwards else 0
    return 1 if down > 0 else 3
