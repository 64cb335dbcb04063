"""The boxes of a span, laid on the page, hold the words of the span and no others."""

import contextlib
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from support.reading import read_file

from footnote.modules.ingestion.extraction.errors import Unreadable
from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.extraction.pdf_words import PageFrame
from footnote.modules.ingestion.models import Extraction, Word
from footnote.modules.ingestion.places import place
from footnote.modules.retrieval import Box

FOLDERS = (
    "files/pdf_basic",
    "files/docling_pdf",
    "files/haystack",
    "files/pdf_tables",
    "files/pdf_misc",
    "retrieval/sec10q/files",
)
FILES = 9  # of a folder, at most
LARGEST = 3_000_000  # bytes
SPANS = 1000
WORDS_A_SPAN = 100  # of the file
LONGEST = 40  # words of a span
SEED = 20_240_101
# White space, the glue of table rows, hyphens that may have been at a line's end, and what stands for no character.
FOLDED = re.compile(r"[\s|\u00ad‐\x00-\x1f\ud800-\udfff\ufffe\uffff\ufeff\u200b-]")
BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪"})


@dataclass(frozen=True, eq=False)
class Letter:
    text: str
    x: float  # of its centre, on the page as displayed
    y: float

    def is_in(self, box: Box) -> bool:
        return box.x0 <= self.x <= box.x1 and box.y0 <= self.y <= box.y1


class Sheet:
    """What PDFium sees on the pages of a file."""

    def __init__(self, path: Path) -> None:
        self._document = pdfium.PdfDocument(path)
        self._letters: dict[int, list[Letter]] = {}

    def texts(self, boxes: Sequence[Box]) -> Iterator[str]:
        """All letters in the boxes, box by box, each once: as the file draws them, and from left to right."""
        seen: set[Letter] = set()
        within: list[list[Letter]] = []
        for box in boxes:
            within.append([letter for letter in self.letters(box.page) if letter.is_in(box) and letter not in seen])
            seen.update(within[-1])
        yield folded("".join(letter.text for letters in within for letter in letters))
        across = (sorted(letters, key=lambda letter: letter.x) for letters in within)
        yield folded("".join(letter.text for letters in across for letter in letters))

    def letters(self, number: int) -> list[Letter]:
        if number not in self._letters:
            page = self._document[number - 1]
            with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text_page:
                self._letters[number] = list(letters_of(text_page, PageFrame(page)))
        return self._letters[number]

    def close(self) -> None:
        self._document.close()


def letters_of(text_page: pdfium.PdfTextPage, frame: PageFrame) -> Iterator[Letter]:
    for index in range(text_page.count_chars()):
        if not raw.FPDFText_IsGenerated(text_page.raw, index):
            code = raw.FPDFText_GetUnicode(text_page.raw, index)
            x0, y0, x1, y1 = frame.displayed(*text_page.get_charbox(index, loose=True))
            yield Letter(chr(code), (x0 + x1) / 2, (y0 + y1) / 2)


def folded(text: str) -> str:
    return FOLDED.sub("", unicodedata.normalize("NFKC", text.translate(BULLETS)))


def spans(extraction: Extraction, count: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Random ones, from word to word.

    They neither begin nor end in a comment, whose rectangle holds other words, or in a cell that several rows repeat.
    """
    spots = Counter(map(spot, extraction.layout.words))
    words = [word for word in extraction.layout.words if spots[spot(word)] == 1]
    for _ in range(count if words else 0):
        first = chance.randrange(len(words))
        last = min(first + chance.randrange(LONGEST), len(words) - 1)
        yield words[first].start, words[last].end


def written(extraction: Extraction, start: int, end: int) -> str:
    """The words of the span; those of a cell that spans several rows once."""
    words = {spot(word): word for word in extraction.layout.words if start <= word.start and word.end <= end}
    return folded("".join(extraction.text[word.start : word.end] for word in words.values()))


def spot(word: Word) -> tuple[float, ...]:
    return word.page, word.x0, word.y0, word.x1, word.y1


def readings(data: Path, chance: random.Random) -> Iterator[tuple[Path, Extraction]]:
    """Of files with a text layer; the longest are left to others, for time."""
    for folder in FOLDERS:
        paths = [path for path in sorted((data / folder).glob("*.pdf")) if path.stat().st_size < LARGEST]
        for path in chance.sample(paths, min(FILES, len(paths))):
            with contextlib.suppress(Unreadable, pdfium.PdfiumError):
                if has_text(path):
                    yield path, read_file(path, PDF)


def has_text(path: Path) -> bool:
    with contextlib.closing(pdfium.PdfDocument(path)) as document:
        return any(page.get_textpage().count_chars() for page in document)


def failures(path: Path, extraction: Extraction, count: int, chance: random.Random) -> Iterator[str | None]:
    """For each span, what is wrong with it, if anything."""
    with contextlib.closing(Sheet(path)) as sheet:
        for start, end in spans(extraction, count, chance):
            expected = written(extraction, start, end)
            seen = list(sheet.texts(place(extraction, start, end).boxes))
            yield None if expected in seen else f"{path.name}: {expected!r} is seen as {seen[0]!r}"


def test_the_text_under_the_boxes_of_a_span_is_the_span(shared_data: Path) -> None:
    chance = random.Random(SEED)
    found = [
        failure
        for path, extraction in readings(shared_data, chance)
        for failure in failures(path, extraction, len(extraction.layout.words) // WORDS_A_SPAN + 1, chance)
    ]
    failed = [failure for failure in found if failure]
    assert len(found) > SPANS
    assert len(failed) <= 0.01 * len(found), "\n".join(failed)
