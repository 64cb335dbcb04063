"""The columns of rows of segments: the heights of a profile of how many rows cover each place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from footnote.modules.ingestion.extraction.pdf_tables_rows import Row, Segment

_STEP = 0.5  # points
_DEEP = 0.34  # of the heights on both sides: a valley that deep lies between columns
_FEW = 0.1  # of a column's height
_CORE = 0.5  # of a column's height: where most of its cells are


@dataclass(slots=True)
class Column:
    left: float  # halfway to its neighbour
    right: float
    core_left: float  # where most of its cells are
    core_right: float
    x0: float  # where they begin, but for some
    x1: float

    def covers(self, segment: Segment) -> float:
        return min(self.right, segment.x1) - max(self.left, segment.x0)

    def is_crossed(self, segment: Segment) -> bool:
        """A good part of its core stands below or above `segment`."""
        shared = min(self.core_right, segment.x1) - max(self.core_left, segment.x0)
        return shared > 0.5 * (self.core_right - self.core_left)


def find_columns(rows: Sequence[Row]) -> list[Column]:
    segments = [segment for row in rows for segment in row.segments]
    origin = min(segment.x0 for segment in segments) - 1
    profile = _profile(segments, origin)
    borders = [0, *_valleys(profile), len(profile) - 1]
    return [_column(profile, start, end, origin) for start, end in pairwise(borders)]


def place(segment: Segment, columns: Sequence[Column]) -> tuple[int, int]:
    """First and last column that `segment` stands in."""
    home = max(range(len(columns)), key=lambda index: columns[index].covers(segment))
    first = last = home
    while first > 0 and columns[first - 1].is_crossed(segment):
        first -= 1
    while last < len(columns) - 1 and columns[last + 1].is_crossed(segment):
        last += 1
    return first, last


def _profile(segments: Iterable[Segment], origin: float) -> list[int]:
    changes: dict[int, int] = {}
    for segment in segments:
        start = int((segment.x0 - origin) / _STEP)
        end = max(int((segment.x1 - origin) / _STEP), start + 1)
        changes[start] = changes.get(start, 0) + 1
        changes[end] = changes.get(end, 0) - 1
    profile, height = [], 0
    for index in range(max(changes) + 2):
        height += changes.get(index, 0)
        profile.append(height)
    return profile


def _valleys(profile: Sequence[int]) -> Iterator[int]:
    """The middle of the bottom of each valley."""
    peak, bottom, start, end = 0, -1, 0, 0  # a bottom of -1: still on the height
    for index, height in enumerate(profile):
        if bottom < 0:
            peak = max(peak, height)
            if peak and height <= _DEEP * peak:
                bottom, start, end = height, index, index
        elif height < bottom:
            bottom, start, end = height, index, index
        elif height == bottom and index == end + 1:
            end = index
        elif height > bottom and bottom <= _DEEP * height:
            yield (start + end + 1) // 2
            peak, bottom = height, -1


def _column(profile: Sequence[int], start: int, end: int, origin: float) -> Column:
    heights = profile[start:end] or [0]
    highest = max(heights)
    enough, few = _CORE * highest, _FEW * highest
    core = [start + index for index, height in enumerate(heights) if height >= enough and height]
    edges = [start + index for index, height in enumerate(heights) if height > few]
    if not core:
        core = edges = [start, end - 1]
    return Column(*(origin + _STEP * place for place in (start, end, core[0], core[-1] + 1, edges[0], edges[-1] + 1)))
