"""Columns of text that the file draws line by line across all of them."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from footnote.modules.ingestion.extraction.pdf_words import is_of_the_right

if TYPE_CHECKING:
    from footnote.modules.ingestion.extraction.pdf_lines import Line

_GUTTER = 0.8  # line heights of nothing between two columns, at least
_LINES = 6  # one below the other, for it not to be chance
_WORDS = 4  # of a line in a column, on average: a cell of a table has fewer
_START_WORDS = 3  # of the first line in each column
_FULL = 0.65  # of the widest line in it is what the lines of a column take on average
_BOTH = 0.7  # of the lines stand in both columns

Gap = tuple[float, float]


def columns_apart(lines: "list[Line]") -> "list[Line]":
    """The lines in the order in which they are read: those that go across columns of text cut, column by column."""
    read: list[Line] = []
    start = 0
    while start < len(lines):
        end, gutter = _run(lines, start)
        parts = _sides(lines[start:end], gutter) if gutter else None
        if parts is None:
            read += lines[start : start + 1]
            start += 1
        else:
            read += [line for side in parts for line in columns_apart(side)]
            start = end
    return read


def _run(lines: "Sequence[Line]", start: int) -> tuple[int, Gap | None]:
    """The end of the lines from there that leave a common gutter free, and that gutter."""
    best: tuple[int, Gap | None] = (start, None)
    gaps = _gaps(lines[start])
    if len(lines[start].words) < _START_WORDS * (len(gaps) + 1):
        return best
    for gap in gaps:
        gutter, end = gap, start + 1
        while end < len(lines):
            narrowed = _narrowed(gutter, lines[end])
            if narrowed is None:
                break
            gutter, end = narrowed, end + 1
        if end > best[0]:
            best = end, gutter
    return best


def _gaps(line: "Line") -> list[Gap]:
    boxes = sorted(line.boxes)
    gaps = ((left[2], right[0]) for left, right in itertools.pairwise(boxes))
    return [gap for gap in gaps if gap[1] - gap[0] > _GUTTER * line.height]


def _narrowed(gutter: Gap, line: "Line") -> Gap | None:
    """What is left of the gutter beside the words of the line."""
    if line.table:
        return None
    if line.x1 <= gutter[1] - _GUTTER * line.height:
        return max(gutter[0], line.x1), gutter[1]
    if line.x0 >= gutter[0] + _GUTTER * line.height:
        return gutter[0], min(gutter[1], line.x0)
    for gap in _gaps(line):
        common = max(gap[0], gutter[0]), min(gap[1], gutter[1])
        if common[1] - common[0] > _GUTTER * line.height:
            return common
    return None


def _sides(lines: "Sequence[Line]", gutter: Gap) -> "tuple[list[Line], list[Line]] | None":
    """The columns beside the gutter, the one to be read first first; nothing if they are not columns of text."""
    if len(lines) < _LINES:
        return None
    middle = (gutter[0] + gutter[1]) / 2
    left = [part for line in lines if (part := line.part(lambda box: box[2] <= middle))]
    right = [part for line in lines if (part := line.part(lambda box: box[2] > middle))]
    if min(len(left), len(right)) < _BOTH * len(lines) or not (_is_text(left) and _is_text(right)):
        return None
    return (right, left) if is_of_the_right(right[0].words[0].text) else (left, right)


def _is_text(lines: "Sequence[Line]") -> bool:
    widths = [line.x1 - line.x0 for line in lines]
    words = sum(len(line.words) for line in lines)
    return words >= _WORDS * len(lines) and sum(widths) >= _FULL * max(widths) * len(lines)
