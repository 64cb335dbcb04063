"""Stretches of rows that may be tables: neighbouring rows of more than one segment, without running text between."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnote.modules.ingestion.extraction.pdf_tables_columns import Column, find_columns, place
from footnote.modules.ingestion.extraction.pdf_tables_model import BULLET, is_measure
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, Segment, is_tabular

_HOLE = 2.8  # row heights of nothing that no table has inside
_WIDE_HOLE = 1.4  # times the usual distance of rows: another table may begin after it
_HEAD_GAP = 1.2  # row heights between a head and what stands below it
_TAIL_GAP = 0.3  # row heights between lines of one cell
_RECENT = 4  # rows that tell how wide a run is: a single one may be a short label
_MOST_OPEN = 8  # runs beside each other
_LABEL_WORDS = 7  # of a row that is part of a table though it runs over most of its width
_CAPTION = re.compile(
    r"(?:Table|Figure|Fig\.|Tab\.|Tabelle|Abbildung|Abb\.|Tableau|Tabla|Figura|Tabella|Tabela|Tabel|Таблица|Рис\.)\s*"
    r"[A-Z]?\d+[.:]|[\[<]?[表图圖図표그림]\s*\d"
)
_FEWEST_PROSE = 3  # lines on each side of a gutter
_GUTTER = 1.0  # row heights
_MOST_TITLES = 2  # lines of them above the heads
_LONG = 13  # words of a segment
_FEWEST = 2  # rows of more than one segment

Run = list[Row]


def page_runs(rows: Sequence[Row]) -> list[Run]:
    """From top to bottom."""
    open_runs: list[Run] = []
    gutters = _gutters(rows)
    for part in (part for row in rows for part in _parts(row, gutters)):
        fitting = [run for run in open_runs[-_MOST_OPEN:] if _continues(run, part)]
        open_runs = [run for run in open_runs if not any(run is other for other in fitting)]
        open_runs.append(sorted([row for run in fitting for row in run] + [part], key=lambda row: row.y0))
    return [piece for run in open_runs for piece in _split(run)]


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Where the page is white from top to bottom, with running text on both sides: it is set in columns."""
    prose = [segment for row in rows for segment in row.segments if segment.is_prose]
    if len(prose) < 2 * _FEWEST_PROSE:
        return []
    crossing = sorted((segment.x0, segment.x1) for row in rows for segment in row.segments)
    gutters, right = [], crossing[0][1]
    for x0, x1 in crossing:
        if x0 - right > _GUTTER * rows[0].height:
            gutters.append((x0 + right) / 2)
        right = max(right, x1)
    return [gutter for gutter in gutters if _parts_prose(prose, gutter)]


def _parts_prose(prose: Sequence[Segment], gutter: float) -> bool:
    left = sum(segment.x1 < gutter for segment in prose)
    return left >= _FEWEST_PROSE and len(prose) - left >= _FEWEST_PROSE


def _parts(row: Row, gutters: Sequence[float]) -> Iterator[Row]:
    """What stands between the running texts of a row, and on each side of a gutter."""

    def place_of(segment: Segment) -> tuple[bool, int]:
        return segment.is_prose, bisect_right(gutters, segment.x0)

    for (is_prose, _), segments in itertools.groupby(row.segments, key=place_of):
        if not is_prose:
            kept = list(segments)
            yield replace(row, segments=kept, is_whole=len(kept) == len(row.segments))


def _continues(run: Run, row: Row) -> bool:
    last = run[-1]
    if row.y0 - last.y1 > _HOLE * max(last.height, row.height):
        return False
    # Heads of columns and a label of a row may have no part of the width in common.
    return (row.is_whole and last.is_whole) or _shared(run, row) > -2 * row.height


def _shared(run: Run, row: Row) -> float:
    """How much of a row stands below the last rows of a run."""
    left, right = min(last.x0 for last in run[-_RECENT:]), max(last.x1 for last in run[-_RECENT:])
    return min(right, row.x1) - max(left, row.x0)


def _split(run: Run) -> Iterator[Run]:
    """At lines that belong to no table, such as captions between two of them, and above the heads of the next."""
    before, run, after = _trimmed(run)
    if sum(map(is_tabular, run)) < _FEWEST:
        return
    columns = find_columns(_short(run) or [row for row in run if is_tabular(row)])
    parts = list(_parted(run, columns))
    if len(parts) == 1 and len(parts[0]) == len(run):
        yield [*_heads(before, run[0], columns), *run, *_tails(run[-1], after, columns)]
        return
    parts[0], parts[-1] = [*before, *parts[0]], [*parts[-1], *after]
    for part in parts:
        yield from _split(part)


def _parted(run: Run, columns: Sequence[Column]) -> Iterator[Run]:
    distances = sorted(below.middle - above.middle for above, below in itertools.pairwise(run))
    usual = distances[len(distances) // 2]
    part: Run = []
    for index, row in enumerate(run):
        is_free = index == 0 or row.y0 - run[index - 1].y1 > _TAIL_GAP * row.height
        is_between = _is_between(row, columns) or (is_free and _is_centred(row, columns))
        is_apart = index > 0 and row.middle - run[index - 1].middle > _WIDE_HOLE * usual
        is_start = (
            is_apart
            and _has_values(part)
            and (_is_misfit(row, columns) or _is_start(run[index : index + _MOST_TITLES + 1], columns))
        )
        if is_between or is_start:
            yield part
            part = []
        if not is_between:
            part.append(row)
    yield part


def _short(run: Run) -> Run:
    """The rows of more than one segment that have no sentences."""
    return [row for row in run if is_tabular(row) and max(len(segment.words) for segment in row.segments) < _LONG]


def _trimmed(run: Run) -> tuple[Run, Run, Run]:
    """What is above the first row of more than one segment, from there to the last such row, and what is below."""
    tabular = [index for index, row in enumerate(run) if is_tabular(row)]
    if not tabular:
        return run, [], []
    return run[: tabular[0]], run[tabular[0] : tabular[-1] + 1], run[tabular[-1] + 1 :]


def _heads(before: Run, first: Row, columns: Sequence[Column]) -> Run:
    """Lines right above that stand over other columns than the first, as heads of several columns do."""
    heads: Run = []
    for row in reversed(before):
        is_near = (heads[0] if heads else first).y0 - row.y1 < _HEAD_GAP * row.height
        if not is_near or not _is_over_values(row, columns):
            break
        heads.insert(0, row)
    return heads


def _is_over_values(row: Row, columns: Sequence[Column]) -> bool:
    """Where values begin, or centred over some of their columns; titles are centred on the page."""
    if len(columns) < 2 or row.x0 < columns[0].core_right:
        return False
    middle = (row.x0 + row.x1) / 2
    if abs(middle - (columns[0].x0 + columns[-1].x1) / 2) < row.height / 2:
        return False
    middles = [(column.x0 + column.x1) / 2 for column in columns[1:]]
    middles.append((columns[1].x0 + columns[-1].x1) / 2)
    is_central = any(abs(middle - other) < row.height / 2 for other in middles)
    return is_central or row.x0 > columns[1].x0 - row.height


def _tails(last: Row, after: Run, columns: Sequence[Column]) -> Run:
    """Lines right below that go on with a cell of the last row."""
    tails: Run = []
    for row in after:
        above = tails[-1] if tails else last
        is_near = row.y0 - above.y1 < _TAIL_GAP * row.height
        is_value = row.x0 > columns[0].right and place(row.segments[0], columns)[0] > 0
        if not is_near or not (is_value or row.segments[0].text[:1].islower()):
            break
        tails.append(row)
    return tails


def _is_centred(row: Row, columns: Sequence[Column]) -> bool:
    """A line of words in the middle of the run, as titles are."""
    if is_tabular(row) or len(row.segments[0].words) < 2 or is_measure(row.segments[0].text):
        return False
    middle = (columns[0].x0 + columns[-1].x1) / 2
    return row.x0 > columns[0].core_right and abs((row.x0 + row.x1) / 2 - middle) < row.height / 2


def _is_misfit(row: Row, columns: Sequence[Column]) -> bool:
    """What is set apart in the row stands in one column, as in a footer below a table."""
    segments = [segment for segment in row.segments if not BULLET.fullmatch(segment.text)]
    homes = [place(segment, columns)[0] for segment in segments]
    return len(set(homes)) < len(homes)


def _has_values(part: Run) -> bool:
    return any(is_measure(segment.text) for row in part for segment in row.segments[1:])


def _is_between(row: Row, columns: Sequence[Column]) -> bool:
    """Captions and sentences, and what stands in the middle of the page over a label and its values."""
    if any(_CAPTION.match(segment.text) for segment in row.segments) or _is_sentence(row, columns):
        return True
    first, last = place(row.segments[0], columns)
    return not is_tabular(row) and first == 0 < last and row.x0 > columns[0].core_left + 3 * row.height


def _is_start(rows: Run, columns: Sequence[Column]) -> bool:
    """Titles and then heads: neither a label nor values, but something over a column of values."""
    titles = list(itertools.takewhile(lambda row: not is_tabular(row) and row.x0 < columns[0].right, rows))
    heads = rows[len(titles)] if len(titles) < len(rows) else None
    return (
        heads is not None
        and heads.x0 > max(columns[0].right - heads.height, columns[0].core_right)
        and not any(is_measure(segment.text) for segment in heads.segments)
    )


def _is_sentence(row: Row, columns: Sequence[Column]) -> bool:
    """It runs over columns, or follows a bullet."""
    longest = max(row.segments, key=lambda segment: len(segment.words))
    if len(longest.words) <= _LABEL_WORDS:
        return False
    if len(row.segments) == 2 and BULLET.fullmatch(row.segments[0].text) and longest is row.segments[1]:
        return True
    first, last = place(longest, columns)
    return last > first and longest.x1 - longest.x0 > 0.4 * (columns[-1].x1 - columns[0].x0)
