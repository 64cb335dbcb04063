"""Words of a page to lines in reading order.

The order in which the file draws is kept where it runs down the page, since it follows columns and rows of tables.
Where it leaps up or leaves holes, the pieces are ordered by where they stand.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from footnote.modules.ingestion.extraction.pdf_words import PdfWord, Rectangle

_CELL_GAP = 1.6  # of the line's height between two words: they are in different cells
_FEW_WORDS = 4  # a line of a table column has at most so many on average
_HOLE = 2.5  # line heights of nothing that a column of text does not cross


@dataclass(slots=True)
class Line:
    """Words on one baseline, in reading order. Boxes are turned so that the line reads from left to right."""

    words: list[PdfWord]
    x0: float
    y0: float
    x1: float
    y1: float
    boxes: list[Rectangle] = field(default_factory=list)

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def cells(self) -> int:
        """Groups of words set apart by wide gaps."""
        wide = _CELL_GAP * self.height
        boxes = sorted(self.boxes)
        return 1 + sum(right[0] - left[2] > wide for left, right in itertools.pairwise(boxes))

    def add(self, word: PdfWord, box: Rectangle) -> None:
        self.words.append(word)
        self.boxes.append(box)
        self.x0, self.y0 = min(self.x0, box[0]), min(self.y0, box[1])
        self.x1, self.y1 = max(self.x1, box[2]), max(self.y1, box[3])

    def absorb(self, other: "Line") -> None:
        """Take in the words of a line that stands to the right on the same baseline."""
        for word, box in zip(other.words, other.boxes, strict=True):
            self.add(word, box)


Flow = list[Line]  # lines that run down the page, one below the other


def page_lines(words: list[PdfWord], width: float, height: float) -> Iterator[Flow]:
    """The lines of a page of that size, as flows in reading order; text that reads in another direction comes last."""
    counts = Counter(word.direction for word in words)
    for direction, _ in counts.most_common():
        turned = ((word, _turned(word.box, direction, width, height)) for word in words if word.direction == direction)
        yield from _ordered(_flows(_lines(turned)))


def _turned(box: Rectangle, quarters: int, width: float, height: float) -> Rectangle:
    """`box` as it stands once the page is turned so that text of that direction reads from left to right."""
    x0, y0, x1, y1 = box
    match quarters:
        case 0:
            return box
        case 1:
            return y0, width - x1, y1, width - x0
        case 2:
            return width - x1, height - y1, width - x0, height - y0
        case _:
            return height - y1, x0, height - y0, x1


def _lines(words: Iterable[tuple[PdfWord, Rectangle]]) -> Iterator[Line]:
    line: Line | None = None
    for word, box in words:
        if line is not None and _continues(line, box):
            line.add(word, box)
            continue
        if line is not None:
            yield line
        line = Line([word], *box, [box])
    if line is not None:
        yield line


def _continues(line: Line, box: Rectangle) -> bool:
    """On the same baseline as the line's last word: each one's middle is within the other's height, or near enough."""
    last = line.boxes[-1]
    shared = min(last[3], box[3]) - max(last[1], box[1])
    return shared > 0.5 * min(last[3] - last[1], box[3] - box[1])


def _flows(lines: Iterable[Line]) -> list[Flow]:
    flows: list[Flow] = []
    for line in lines:
        if flows and _follows(flows[-1][-1], line):
            flows[-1].append(line)
        else:
            flows.append([line])
    return flows


def _follows(last: Line, line: Line) -> bool:
    """Below the last line, with no hole between, and not beside it."""
    gap = line.y0 - last.y1
    beside = line.x0 >= last.x1 or line.x1 <= last.x0
    tall = min(last.height, line.height)
    return -0.7 * tall < gap < _HOLE * tall and line.middle > last.middle and not (beside and gap < -0.3 * tall)


def _ordered(flows: list[Flow]) -> list[Flow]:
    boxes = [_bounds(flow) for flow in flows]
    if not _is_out_of_order(boxes):
        return flows
    flows = _joined_columns(flows)
    return _sorted_by_place(flows)


def _bounds(flow: Flow) -> Rectangle:
    return (
        min(line.x0 for line in flow),
        min(line.y0 for line in flow),
        max(line.x1 for line in flow),
        max(line.y1 for line in flow),
    )


def _is_out_of_order(boxes: list[Rectangle]) -> bool:
    """Some flow stands above the one before it without standing to the right of it, or both share their rows."""
    return any(
        later[1] < earlier[3] - 1 and (later[0] < earlier[2] or later[3] > earlier[1])
        for earlier, later in itertools.pairwise(boxes)
    )


def _joined_columns(flows: list[Flow]) -> list[Flow]:
    """Neighbouring flows that are the columns of one table become one flow of its rows."""
    joined: list[Flow] = []
    for flow in flows:
        if joined and _is_next_column(joined[-1], flow):
            joined[-1] = _rows(joined[-1], flow)
        else:
            joined.append(flow)
    return joined


def _is_next_column(table: Flow, column: Flow) -> bool:
    if min(line.x0 for line in column) < median(line.x1 for line in table):
        return False
    if min(_words_per_line(table), _words_per_line(column)) > _FEW_WORDS:
        return False
    mates = sum(any(_share_baseline(line, row) for row in table) for line in column)
    return mates > 0.6 * len(column)


def _words_per_line(flow: Flow) -> float:
    return sum(len(line.words) for line in flow) / len(flow)


def _share_baseline(line: Line, other: Line) -> bool:
    return abs(line.middle - other.middle) < 0.4 * min(line.height, other.height)


def _rows(table: Flow, column: Flow) -> Flow:
    rows = list(table)
    for line in column:
        row = next((row for row in rows if _share_baseline(line, row) and row.x1 <= line.x0 + 1), None)
        if row is None:
            rows.append(line)
        else:
            row.absorb(line)
    return sorted(rows, key=lambda row: row.middle)


def _sorted_by_place(flows: list[Flow]) -> list[Flow]:
    """Flows such that each comes after those above it, and after those to its left with nothing spanning between.

    Source: Breuel, High performance document layout analysis, 2003.
    """
    boxes = [_bounds(flow) for flow in flows]
    waiting = {
        later: {earlier for earlier in range(len(flows)) if earlier != later and _precedes(boxes, earlier, later)}
        for later in range(len(flows))
    }
    order: list[int] = []
    while waiting:
        # A circle can only come from overlapping flows: the file's own order breaks it.
        free = next((flow for flow, before in waiting.items() if not before), next(iter(waiting)))
        del waiting[free]
        order.append(free)
        for before in waiting.values():
            before.discard(free)
    return [flows[flow] for flow in order]


def _precedes(boxes: list[Rectangle], earlier: int, later: int) -> bool:
    a, b = boxes[earlier], boxes[later]
    if _overlap(a, b, 0):
        return (a[1] + a[3], earlier) < (b[1] + b[3], later)
    if a[2] > b[0] + 1:
        return False
    top, bottom = min(a[1], b[1]), max(a[3], b[3])
    return not any(
        top < (c[1] + c[3]) / 2 < bottom and _overlap(c, a, 0) and _overlap(c, b, 0)
        for index, c in enumerate(boxes)
        if index not in (earlier, later)
    )


def _overlap(a: Rectangle, b: Rectangle, axis: int) -> bool:
    return min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis]) > 1
