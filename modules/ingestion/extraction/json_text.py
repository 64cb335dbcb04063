"""JSON and JSON Lines as text that can be cited: `path: value` lines, and tables of records that are alike."""

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import encoding_of, read_text
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.json_stream import Path as ValuePath
from footnote.modules.ingestion.extraction.json_stream import Stream, Value
from footnote.modules.ingestion.extraction.kinds import JSON, JSON_LINES
from footnote.modules.ingestion.extraction.text import cut
from footnote.modules.ingestion.models import Extraction

_MAX_ROWS = 500  # of one table, so that no part grows without bound
_MAX_COLUMNS = 40
_MAX_CELL = 200  # characters; longer values read better as text
_MAX_LINE = 64 << 20  # characters of one line of JSON Lines
_MAX_WARNINGS = 20
_MAX_ITEMS = 100  # of a list that is written on one line
_SAMPLE = 20  # lines
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)

Record = dict[str, Any]


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    encoding = encoding_of(path)
    is_lines = _has_records_on_lines(read_text(path, encoding))
    faults = _Faults()
    values = _of_lines(read_text(path, encoding), faults) if is_lines else Stream(read_text(path, encoding)).values()
    writer, done, total = Writer(), 0, path.stat().st_size
    media_type = JSON_LINES if is_lines else JSON
    for _ in writer.write(values):
        if writer.composer.is_full:
            part = writer.composer.build(media_type)
            done += len(part.text)
            context.report(min(done, total), total)
            yield part
    yield writer.composer.build(media_type, warnings=(*encoding.warnings, *faults.warnings()))


def _has_records_on_lines(texts: Iterable[str]) -> bool:
    """One of the lines may be broken; but an indented file has a line or two, too, that could stand alone."""
    lines = [line for line in itertools.islice(_lines(texts), _SAMPLE) if line.strip()][:3]
    good = [_is_record(line) for line in lines]
    return len(lines) > 1 and (good[0] or sum(good) > 1)


def _is_record(line: str) -> bool:
    try:
        return isinstance(_DECODER.decode(line), dict | list)
    except (json.JSONDecodeError, RecursionError):
        return False


class _Faults:
    def __init__(self) -> None:
        self._lines: list[int] = []
        self._count = 0

    def add(self, line: int) -> None:
        self._count += 1
        if len(self._lines) < _MAX_WARNINGS:
            self._lines.append(line)

    def warnings(self) -> tuple[str, ...]:
        if not self._count:
            return ()
        more = ", ..." if self._count > len(self._lines) else ""
        return (f"{self._count} lines are not valid JSON and were left out: {', '.join(map(str, self._lines))}{more}.",)


def _of_lines(texts: Iterable[str], faults: _Faults) -> Iterator[Value]:
    """One value for each line that is one; its path is the number of the line, from 0."""
    number = 0
    for number, line in enumerate(_lines(texts)):
        if not line.strip():
            continue
        try:
            content = _DECODER.decode(line)
        except (json.JSONDecodeError, RecursionError):
            faults.add(number + 1)
            continue
        yield Value((number,), content)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    rest = ""
    for text in texts:
        *complete, rest = (rest + text).split("\n")
        yield from complete
        if len(rest) > _MAX_LINE:
            raise DamagedFile("A line of the file is too long to be JSON. Write one record on each line.")
    yield rest


class Writer:
    """Collects the records of a list as long as they are alike, and writes them as a table."""

    def __init__(self) -> None:
        self.composer = Composer()
        self._rows: list[Record] = []
        self._path: ValuePath = ()
        self._start = 0

    def write(self, values: Iterable[Value]) -> Iterator[None]:
        """Pauses between blocks."""
        for value in values:
            yield from self._write(value)
        yield from self._end_table()

    def _write(self, value: Value) -> Iterator[None]:
        waiting = [value]
        while waiting:
            path, content = waiting.pop()
            if self._is_row(path, content):
                yield from self._row(path, content)
                continue
            yield from self._end_table()
            if isinstance(content, dict) and content:
                waiting += (Value((*path, key), inner) for key, inner in reversed(content.items()))
            elif isinstance(content, list) and content and not _fits_on_line(content):
                waiting += (Value((*path, n), content[n]) for n in range(len(content) - 1, -1, -1))
            elif isinstance(content, list) and content:
                yield from self._line(path, ", ".join(map(_shown, content)))
            else:
                yield from self._line(path, _shown(content))

    def _line(self, path: ValuePath, words: str) -> Iterator[None]:
        name = _written(path)
        for piece in cut([f"{name}: {words}" if name else words]):
            self.composer.block(piece, "list_item")
            yield

    def _is_row(self, path: ValuePath, content: Any) -> bool:
        return (
            bool(path)
            and isinstance(path[-1], int)
            and isinstance(content, dict)
            and 1 < len(content) <= _MAX_COLUMNS
            and not any(isinstance(inner, dict | list) or _is_long(inner) for inner in content.values())
        )

    def _row(self, path: ValuePath, content: Record) -> Iterator[None]:
        is_alike = self._rows and path[:-1] == self._path and content.keys() == self._rows[0].keys()
        if self._rows and (not is_alike or len(self._rows) >= _MAX_ROWS):
            yield from self._end_table()
        if not self._rows:
            self._path, self._start = path[:-1], int(path[-1])
        self._rows.append(content)

    def _end_table(self) -> Iterator[None]:
        rows, self._rows = self._rows, []
        if len(rows) == 1:
            for key, inner in rows[0].items():
                yield from self._line((*self._path, self._start, key), _shown(inner))
        elif rows:
            if self._path:
                self.composer.block(_written(self._path) + ":")
            grid = [list(rows[0]), *([_shown(inner) for inner in row.values()] for row in rows)]
            self.composer.table(grid, headers=1)
        if rows:
            yield


def _fits_on_line(items: list[Any]) -> bool:
    return len(items) <= _MAX_ITEMS and not any(isinstance(item, dict | list) or _is_long(item) for item in items)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and (len(value) > _MAX_CELL or "\n" in value)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)


def _written(path: ValuePath) -> str:
    """As JavaScript writes it: `a.b[0].c`."""
    steps = itertools.chain.from_iterable((f"[{step}]",) if isinstance(step, int) else (".", step) for step in path)
    return "".join(steps).removeprefix(".")
