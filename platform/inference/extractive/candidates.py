"""The sentences of the sources; a row of a table is one too."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from footnote.platform.inference import Source
from footnote.platform.text import sentence_spans

# Cells that the reader of the file has set apart, or a line that ends with two or more figures.
ROW = re.compile(r" \| |\t|(?:\s[$€£¥(]*\s?(?:\d[\d,.]*|[—–-])\s?[%)]*){2,}\s*$")
LETTER = re.compile(r"[^\W\d_]")  # without one it is the number of a page
FIGURE = re.compile(r"\d[\d.,]*")
YEAR = re.compile(r"(?:19|20)\d{2}[,.]?|[0-3]?\d,")  # or a day before one
LINE = re.compile(r"[^\n]+")
REFERENCE = re.compile(r"\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\]")  # would read as a source mark of the answer
MAX_BEFORE = 200  # characters


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    source: Source
    start: int  # code points of the source's text, [start, end)
    end: int
    text: str  # literal, but white space is folded and reference marks are left out
    before: str  # the sentence before it; for a row what stands above the table, and the heads of its columns
    is_row: bool
    is_first: bool  # of its source

    @property
    def context(self) -> str:
        return f"{self.source.title} {self.before}"


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    return [candidate for source in sources for candidate in _of_source(source)]


def _of_source(source: Source) -> Iterator[Candidate]:
    before, heads, is_first = "", "", True
    for text, start, end, is_row in _units(source.text):
        if is_row and _heads_columns(text):
            heads = f"{heads} {text}"
            continue
        yield Candidate(
            source=source,
            start=start,
            end=end,
            text=text,
            before=f"{before} {heads}".strip() if is_row else before,
            is_row=is_row,
            is_first=is_first,
        )
        is_first = False
        if not is_row:
            before, heads = text[-MAX_BEFORE:], ""


class Unit(NamedTuple):
    text: str
    start: int
    end: int
    is_row: bool


def _units(text: str) -> Iterator[Unit]:
    """Sentences and rows in order."""
    for start, end in sentence_spans(text):
        for is_row, lines in groupby(LINE.finditer(text, start, end), key=lambda line: _is_row(line.group())):
            spans = [line.span() for line in lines]
            for first, last in spans if is_row else [(spans[0][0], spans[-1][1])]:
                folded = " ".join(REFERENCE.sub("", text[first:last]).split())
                if LETTER.search(folded):
                    yield Unit(folded, first, last, is_row)


def _is_row(line: str) -> bool:
    return ROW.search(line) is not None


def _heads_columns(row: str) -> bool:
    """A row whose figures are years says what the columns are; it is no answer."""
    figures = FIGURE.findall(row)
    return bool(figures) and all(YEAR.fullmatch(figure) for figure in figures)
