"""Plain text: paragraphs are what blank lines set apart."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from footnote.modules.ingestion.extraction.composer import MAX_PART
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import encoding_of, read_text
from footnote.modules.ingestion.extraction.kinds import PLAIN
from footnote.modules.ingestion.models import Block, Extraction, Layout

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_MAX_BLANKS = 10_000  # characters of white space between words that are kept


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    encoding = encoding_of(path)
    warnings, done, total = encoding.warnings, 0, path.stat().st_size
    for text in cut(read_text(path, encoding)):
        blocks = tuple(Block(start, end, "paragraph") for start, end in paragraphs(text))
        yield Extraction(text=text, layout=Layout(blocks=blocks), media_type=PLAIN, warnings=warnings)
        warnings, done = (), done + len(text)
        context.report(min(done, total), total)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the runs of lines that are not blank, without the white space around them."""
    start = end = 0
    for line in _LINE.finditer(text):
        words = line.group().strip()
        if words:
            indent = len(line.group()) - len(line.group().lstrip())
            start = start if end else line.start() + indent
            end = line.start() + indent + len(words)
        elif end:
            yield start, end
            end = 0
    if end:
        yield start, end


def cut(pieces: Iterable[str]) -> Iterator[str]:
    """Parts of at most `MAX_PART` characters, cut between paragraphs where one ends in the second half."""
    rest = ""
    for piece in pieces:
        rest = (rest + piece).lstrip("\n") if len(rest) < _MAX_BLANKS or not rest.isspace() else piece
        while len(rest) > MAX_PART:
            end = _end_of_part(rest)
            if part := rest[:end].rstrip():
                yield part
            rest = rest[end:].lstrip("\n")
    if part := rest.rstrip():
        yield part


def _end_of_part(text: str) -> int:
    half = MAX_PART // 2
    for mark in ("\n\n", "\n", " "):
        end = text.rfind(mark, half, MAX_PART)
        if end >= 0:
            return end + 1
    return MAX_PART
