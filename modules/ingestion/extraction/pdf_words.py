"""The words of a PDF page with their boxes, in the order in which the file draws them."""

import re
import unicodedata
from collections.abc import Iterator
from ctypes import POINTER, c_double, c_int, c_ushort, cast, create_string_buffer
from functools import cache
from itertools import groupby
from math import sin
from operator import itemgetter

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as raw

_NO_TEXT = frozenset((0, 0xFFFF, 0x200B, 0xFEFF))
_SPOKEN = {0x02: "-", 0xFFFE: "-", 0xF0B7: "•", 0xF0A7: "▪"}  # PDFium's line-end hyphen; bullets of the Symbol font
_TOKEN = re.compile(r"\S+")
_LINE_END = re.compile(r"[\x02\ufffe].")  # and what follows on the next line, or where PDFium thinks so
_FAR = re.compile(r"[\u2e80-\ufaff\ufb07-\ufffb]")  # what may be a longer code cut to 16 bits, or be written downwards
_LIGATURES = range(0xFB00, 0xFB07)
_SURROGATES = range(0xD800, 0xE000)
_FORCE_BOLD = 1 << 18  # of the font's flags
_BOLD_NAMES = ("bold", "black", "heavy")
_BOLD_WEIGHT = 700  # PDFium guesses it from the strokes, too low more often than too high; italics it overrates
_ITALIC = 1 << 6
_WIDE = 0.33  # of a line's height, on average, are the characters of words that need no second look
_SEEN = 0.02  # points of a word that reach into the page: less is not seen
_MIN_SIDE = 0.5  # points; fonts that state no size still mark a place

Rectangle = tuple[float, float, float, float]
_loose_box = raw.FPDFText_GetLooseCharBox


class PdfWord(msgspec.Struct, eq=False, gc=False):
    text: str
    box: Rectangle  # x0, y0, x1, y1 on the page as displayed, origin top left
    index: int = -1  # of its first character, for questions to PDFium; none of a word that OCR read
    direction: int = 0  # quarter turns clockwise, as displayed, in which the word reads


class PageFrame:
    """From PDF space (origin bottom left of some larger sheet) to the page as displayed."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._turns = page.get_rotation() // 90
        self.direction_of_straight = (
            self._turns
        )  # quarter turns clockwise of what reads from left to right in PDF space
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
        x0, y0, x1, y1 = box
        if 0 <= x0 < x1 <= self.width and 0 <= y0 < y1 <= self.height:
            return box
        x0, y0, x1, y1 = max(x0, 0.0), max(y0, 0.0), min(x1, self.width), min(y1, self.height)
        return (x0, y0, x1, y1) if x1 - x0 > _SEEN and y1 - y0 > _SEEN else None


def page_words(text_page: raw.FPDF_TEXTPAGE, frame: PageFrame) -> list[PdfWord]:
    """The words that are on the page; what is drawn beside it nobody sees."""
    words: list[PdfWord] = []
    for word in _words(text_page, frame):
        if len(word.text) == 1 and words:
            word.direction = words[-1].direction
        words.append(word)
    return words


def is_bold(text_page: raw.FPDF_TEXTPAGE, index: int) -> bool:
    """Whether the character at `index` is; one that OCR read, at a negative index, is not."""
    if index < 0:
        return False
    name, flags = create_string_buffer(128), c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    if flags.value & _FORCE_BOLD or any(bold in name.value.decode("latin-1").lower() for bold in _BOLD_NAMES):
        return True
    return not flags.value & _ITALIC and raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT


def _words(text_page: raw.FPDF_TEXTPAGE, frame: PageFrame) -> Iterator[PdfWord]:
    count = raw.FPDFText_CountChars(text_page)
    text = _bulk_text(text_page, count)
    if text is None:
        yield from _slow_words(text_page, 0, count, frame)
        return
    box, displayed, direction = raw.FS_RECTF(), frame.displayed, frame.direction_of_straight
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        written = token.group()
        straight = _straight_box(text_page, start, end - 1, box)
        if not (written.isascii() and written.isprintable()):
            straight = None if _LINE_END.search(written) else straight
            written = "".join(_text(ord(character)) or "" for character in written)
        if straight is None:
            yield from _slow_words(text_page, start, end, frame)
        elif written and (clipped := frame.clipped(displayed(*straight))) is not None:
            yield PdfWord(written, clipped, start, direction)


def _bulk_text(text_page: raw.FPDF_TEXTPAGE, count: int) -> str | None:
    """The text whose characters are those of the page, one by one, if PDFium gives it at once."""
    buffer = create_string_buffer(2 * count + 2)
    written = raw.FPDFText_GetText(text_page, 0, count, cast(buffer, POINTER(c_ushort)))
    if written != count + 1:
        return None
    text = buffer.raw[: 2 * count].decode("utf-16-le", "surrogatepass")
    return None if len(text) != count or _FAR.search(text) else text


def _straight_box(text_page: raw.FPDF_TEXTPAGE, first: int, last: int, box: raw.FS_RECTF) -> Rectangle | None:
    """Left, bottom, right, top of a word if it runs from left to right without a leap; `box` is to be written to.

    Few words do not, and in most it takes two questions to know.
    """
    _loose_box(text_page, first, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    height = top - bottom
    if height < _MIN_SIDE or right <= left:
        return None
    if first == last:
        return left, bottom, right, top
    _loose_box(text_page, last, box)
    last_left, last_bottom, last_right, last_top = box.left, box.bottom, box.right, box.top
    if last_left < left or min(top, last_top) - max(bottom, last_bottom) < 0.5 * height:
        return None
    is_wide = last_right - left > (_WIDE * (last - first + 1) + 1) * height
    if is_wide and _leaps(text_page, range(first + 1, last + 1), right, height, box):
        return None
    return (
        left,
        bottom if bottom < last_bottom else last_bottom,
        right if right > last_right else last_right,
        top if top > last_top else last_top,
    )


def _leaps(text_page: raw.FPDF_TEXTPAGE, characters: range, right: float, height: float, box: raw.FS_RECTF) -> bool:
    """Whether some character stands further than `height` from the one before it, the first of them from `right`."""
    for index in characters:
        _loose_box(text_page, index, box)
        if box.left - right > height:
            return True
        right = box.right
    return False


Character = tuple[str, float, float, float, float, int]  # text, left, bottom, right, top, index


def _slow_words(text_page: raw.FPDF_TEXTPAGE, start: int, end: int, frame: PageFrame) -> Iterator[PdfWord]:
    """The words among those characters, each looked at."""
    for run in _runs(text_page, start, end):
        word = _word(run, frame)
        if word is not None:
            yield word


def _runs(text_page: raw.FPDF_TEXTPAGE, start: int, end: int) -> Iterator[list[Character]]:
    """Characters up to the next white space or jump."""
    run: list[Character] = []
    for character in _characters(text_page, start, end):
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


def _characters(text_page: raw.FPDF_TEXTPAGE, start: int, end: int) -> Iterator[Character]:
    """Every character; white space, made up by PDFium or not, as an empty one."""
    unicode, box = raw.FPDFText_GetUnicode, raw.FS_RECTF()
    for index in range(start, end):
        text = _text(unicode(text_page, index))
        if text is None:
            continue
        if text:
            _loose_box(text_page, index, box)
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
    texts, lefts, bottoms, rights, tops, indexes = zip(*_with_ligatures(run), strict=True)
    box = frame.clipped(frame.displayed(min(lefts), min(bottoms), max(rights), max(tops)))
    if box is None:
        return None
    return PdfWord("".join(texts), box, indexes[0], _direction(run, frame) if len(run) > 1 else 0)


def _with_ligatures(run: list[Character]) -> list[Character]:
    """PDFium turns the letters of right-to-left words about one by one, those of a single glyph too: lam-alef."""
    glyphs = [list(letters) for _, letters in groupby(run, key=itemgetter(1, 2, 3, 4))]
    return [
        letter
        for letters in glyphs
        for letter in (reversed(letters) if all(is_of_the_right(each[0]) for each in letters) else letters)
    ]


def _direction(run: list[Character], frame: PageFrame) -> int:
    first, last = frame.displayed(*run[0][1:5]), frame.displayed(*run[-1][1:5])
    right, down = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
    if abs(right) >= abs(down):
        return 2 if right < 0 and not any(is_of_the_right(character[0]) for character in run) else 0
    return 1 if down > 0 else 3


def is_of_the_right(text: str) -> bool:
    """Of a script that is written from right to left."""
    return text[0] > "\u0590" and unicodedata.bidirectional(text[0]) in ("R", "AL", "AN")
