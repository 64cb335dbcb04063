"""The sentences of the sources; a row of a table is one too."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from footnote.platform.inference import Source
from footnote.platform.text import sentence_spans

# Cells that the reader of the file has set apart, or a line that ends with two or more figures.
ROW = re.compile(r" \| |\t|(?:\s[$€£¥(]*\s?(?:\d[\d,.]*|[—–-])\s?[%)]*){2,}\s*$")
REFERENCE = re.compile(r"\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\]")  # would read as a source mark of the answer
MAX_HEAD = 200  # characters of what stands above a table


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    source: Source
    text: str  # literal, but white space is folded and reference marks are left out
    before: str  # the sentence before it; for a row what stands above the table
    is_first: bool  # of its source


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    return [candidate for source in sources for candidate in _of_source(source)]


def _of_source(source: Source) -> Iterator[Candidate]:
    before, is_first = "", True
    for text, is_row in _units(source.text):
        folded = " ".join(REFERENCE.sub("", text).split())
        if not folded:
            continue
        yield Candidate(source=source, text=folded, before=before, is_first=is_first)
        is_first = False
        if not is_row:
            before = folded[-MAX_HEAD:]


def _units(text: str) -> Iterator[tuple[str, bool]]:
    """Sentences and rows in order, and whether it is a row."""
    for start, end in sentence_spans(text):
        prose: list[str] = []
        for line in text[start:end].split("\n"):
            if not ROW.search(line):
                prose.append(line)
                continue
            yield "\n".join(prose), False
            yield line, True
            prose = []
        yield "\n".join(prose), False
