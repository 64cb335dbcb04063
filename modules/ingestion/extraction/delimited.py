"""Values between delimiters: CSV and TSV, whatever they are delimited by."""

import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import encoding_of, read_text
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.grid import Slot
from footnote.modules.ingestion.extraction.kinds import CSV, TSV
from footnote.modules.ingestion.extraction.sheets import Row, SheetWriter
from footnote.modules.ingestion.models import Extraction

SHEET = ""  # the one sheet has no name
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 100  # lines
_MAX_FIELD = 10_000_000  # characters
_MAX_LINE = 1 << 20  # characters of a line that is looked at for its delimiter
_STATED = "sep="  # how Excel is told the delimiter, on a line of its own


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    encoding = encoding_of(path)
    head = list(itertools.islice(_lines(read_text(path, encoding)), _SAMPLE))
    delimiter = delimiter_of(head)
    media_type = TSV if delimiter == "\t" else CSV
    lines = _lines(read_text(path, encoding))
    composer, warnings = Composer(), encoding.warnings
    done, total = 0, path.stat().st_size
    for _ in SheetWriter(composer, SHEET).write_whole(_rows(lines, delimiter)):
        part = composer.build(media_type, warnings=warnings)
        yield part
        warnings, done = (), done + len(part.text)
        context.report(min(done, total), total)
    if not composer.is_empty:
        yield composer.build(media_type, warnings=warnings)


def delimiter_of(lines: list[str]) -> str:
    """The one that cuts most of the lines into as many values, more than one."""
    if lines and lines[0].lower().startswith(_STATED) and len(lines[0].strip("\r\n")) == len(_STATED) + 1:
        return lines[0][len(_STATED)]
    return max(_DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader((line[:_MAX_LINE] for line in lines), delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (count / len(widths), width) if width > 1 else (0, 0)


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_FIELD)
    try:
        for number, values in enumerate(csv.reader(lines, delimiter=delimiter)):
            if number == 0 and "".join(values).lower().startswith(_STATED):
                continue
            slots = {column: Slot(text) for column, value in enumerate(values) if (text := on_one_line(value))}
            yield Row(number, slots)
    except csv.Error as error:
        raise DamagedFile(f"The values cannot be told apart: {error}. A quotation mark may not be closed.") from error


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        lines = (rest + piece).splitlines(keepends=True)
        rest = lines.pop() if lines else ""
        yield from lines
    if rest:
        yield rest
