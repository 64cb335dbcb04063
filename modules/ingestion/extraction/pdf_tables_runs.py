"""Stretches of rows that may be tables: neighbouring rows of more than one segment, without running text between."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnote.modules.ingestion.extraction.pdf_tables_columns import Column, find_columns, place
from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, is_tabular

_HOLE = 2.8  # row heights of nothing that no table has inside
_WIDE_HOLE = 1.7  # times the usual distance of rows: a line after it may be the caption of another table
_HEAD_GAP = 1.2  # row heights between a head and what stands below it
_RECENT = 4  # rows that tell how wide a run is: a single one may be a short label
_MOST_OPEN = 8  # runs beside each other
_FEWEST = 2  # rows of more than one segment

Run = list[Row]


def page_runs(rows: Sequence[Row]) -> list[Run]:
    """From top to bottom."""
    open_runs: list[Run] = []
    for part in (part for row in rows for part in _parts(row)):
        fitting = [run for run in open_runs[-_MOST_OPEN:] if _continues(run, part)]
        if fitting:
            max(fitting, key=lambda run: _shared(run, part)).append(part)
        else:
            open_runs.append([part])
    return [piece for run in open_runs for piece in _split(run)]


def _parts(row: Row) -> Iterator[Row]:
    """What stands between the running texts of a row."""
    for is_prose, segments in itertools.groupby(row.segments, key=lambda segment: segment.is_prose):
        if not is_prose:
            yield replace(row, segments=list(segments))


def _continues(run: Run, row: Row) -> bool:
    last = run[-1]
    return row.y0 - last.y1 < _HOLE * max(last.height, row.height) and _shared(run, row) > -2 * row.height


def _shared(run: Run, row: Row) -> float:
    """How much of a row stands below the last rows of a run."""
    left, right = min(last.x0 for last in run[-_RECENT:]), max(last.x1 for last in run[-_RECENT:])
    return min(right, row.x1) - max(left, row.x0)


def _split(run: Run) -> Iterator[Run]:
    """At lines that belong to no table, such as captions between two of them."""
    before, run, after = _trimmed(run)
    if sum(map(is_tabular, run)) < _FEWEST:
        return
    columns = find_columns([row for row in run if is_tabular(row)])
    cut = next((index for index in range(1, len(run) - 1) if _is_between(run, index, columns)), None)
    if cut is None:
        yield [*_heads(before, run[0], columns), *run]
    else:
        yield from _split([*before, *run[:cut]])
        yield from _split([*run[cut:], *after])


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
        if not is_near or row.x0 < columns[0].right - row.height:
            break
        heads.insert(0, row)
    return heads


def _is_between(run: Run, index: int, columns: Sequence[Column]) -> bool:
    row = run[index]
    if is_tabular(row) or not (any(map(is_tabular, run[:index])) and any(map(is_tabular, run[index:]))):
        return False
    first, last = place(row.segments[0], columns)
    is_indented = row.x0 > columns[0].core_left + 3 * row.height
    if first == 0 and last > 0 and is_indented:
        return True
    distances = sorted(below.middle - above.middle for above, below in itertools.pairwise(run))
    usual = distances[len(distances) // 2]
    return first == 0 and last > 0 and row.middle - run[index - 1].middle > _WIDE_HOLE * usual
