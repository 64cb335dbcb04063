"""Plain text: paragraphs are what blank lines set apart."""

import re
from collections.abc import Iterator
from pathlib import Path

from footnote.modules.ingestion.extraction.decoding import decode
from footnote.modules.ingestion.extraction.sniff import PLAIN
from footnote.modules.ingestion.models import Block, Extraction, Layout

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


def extract(path: Path) -> Extraction:
    text, warnings = decode(path.read_bytes())
    text = text.rstrip()
    return Extraction(
        text=text,
        layout=Layout(blocks=tuple(Block(start, end, "paragraph") for start, end in paragraphs(text))),
        media_type=PLAIN,
        warnings=warnings,
    )


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
