"""The sentences of the sources; a row of a table is one too."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from footnote.platform.inference import Source
from footnote.platform.text import sentence_spans

# Cells that the reader of the file has set apart, or a line that ends with two or more figures.
ROW = re.compile(r" \| |\t|(?:\s[$€£¥(]*\s?(?:\d[\d,.]*|[—–-])\s?[%)]*){2,}\s*$")
LETTER = re.compile(r"[^\W\d_]")  # without one it is the number of a page
FIGURE = re.compile(r"\d[\d.,]*")
YEAR = re.compile(r"(?:19|20)\d{2}[,.]?|[0-3]?\d,")  # or a day before one
REFERENCE = re.compile(r"\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\]")  # would read as a source mark of the answer
MAX_BEFORE = 200  # characters


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    source: Source
    text: str  # literal, but white space is folded and reference marks are left out
    before: str  # the sentence before it; for a row what stands above the table, and the heads of its columns
    is_row: bool
    is_first: bool  # of its source

    @property
    def context(self) -> str:
        return f"{self.source.title} {self.before}"

    @property
    def text_in_context(self) -> str:
        """As it is embedded: a row says little without the heads of its columns."""
        return f"{self.source.title}: {self.before} {self.text}" if self.is_row else f"{self.source.title}: {self.text}"


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    return [candidate for source in sources for candidate in _of_source(source)]


def _of_source(source: Source) -> Iterator[Candidate]:
    before, heads, is_first = "", "", True
    for text, is_row in _units(source.text):
        if is_row and _heads_columns(text):
            heads = f"{heads} {text}"
            continue
        yield Candidate(
            source=source,
            text=text,
            before=f"{before} {heads}".strip() if is_row else before,
            is_row=is_row,
            is_first=is_first,
        )
        is_first = False
        if not is_row:
            before, heads = text[-MAX_BEFORE:], ""


def _units(text: str) -> Iterator[tuple[str, bool]]:
    """Sentences and rows in order, and whether it is a row."""
    for start, end in sentence_spans(text):
        for is_row, lines in groupby(text[start:end].split("\n"), key=_is_row):
            for unit in lines if is_row else [" ".join(lines)]:
                folded = " ".join(REFERENCE.sub("", unit).split())
                if LETTER.search(folded):
                    yield folded, is_row


def _is_row(line: str) -> bool:
    return ROW.search(line) is not None


def _heads_columns(row: str) -> bool:
    """A row whose figures are years says what the columns are; it is no answer."""
    figures = FIGURE.findall(row)
    return bool(figures) and all(YEAR.fullmatch(figure) for figure in figures)
