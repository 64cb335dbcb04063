"""Words of a page to lines in reading order.

The order in which the file draws is kept where it runs down the page, since it follows columns and rows of tables.
Where it leaps up or leaves holes, the pieces are ordered by where they stand.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from footnote.modules.ingestion.extraction.pdf_words import PdfWord, Rectangle

_CELL_GAP = 1.6  # of the line's height between two words: they are in different cells
_CELL_WORDS = 3  # a cell of a table that was drawn column by column has at most so many
_LABEL_WORDS = 8  # and the label of a row so many
_NEAR = 8  # lines around the same height, at most
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
        """Of most of its words: marks above or below the line do not count."""
        heights = sorted(box[3] - box[1] for box in self.boxes)
        return heights[len(heights) // 2]

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
        """Take in the words of another part of the same row."""
        for word, box in zip(other.words, other.boxes, strict=True):
            self.add(word, box)
        order = sorted(range(len(self.words)), key=lambda index: self.boxes[index][0])
        self.words, self.boxes = [self.words[index] for index in order], [self.boxes[index] for index in order]


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
    """On the baseline of the line's last word; or on that of its first, when the last one is raised or lowered."""
    last, first = line.boxes[-1], line.boxes[0]
    if _share_baseline(last, box):
        return True
    is_next = last[0] <= box[0] < last[2] + _CELL_GAP * (first[3] - first[1])
    return is_next and _share_baseline(first, box)


def _share_baseline(a: Rectangle, b: Rectangle) -> bool:
    return min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * min(a[3] - a[1], b[3] - b[1])


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
    if not _is_out_of_order([_bounds(flow) for flow in flows]):
        return flows
    return _sorted_by_place(_nested(_with_rows(flows)))


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


def _with_rows(flows: list[Flow]) -> list[Flow]:
    """Cells that were drawn apart and stand on one baseline become rows."""
    cells, labels = _among(flows, _is_cell), _among(flows, _may_be_label)
    kept: list[Line] = []
    rows: dict[int, Line] = {}
    for line in sorted((line for flow in flows for line in flow), key=lambda line: line.middle):
        mate = next((other for other in reversed(kept[-_NEAR:]) if _are_of_one_row(other, line, cells, labels)), None)
        if mate is None:
            kept.append(line)
        else:
            mate.absorb(line)
            cells.add(id(mate))
            rows[id(mate)] = mate
    alone = {id(line) for line in kept} - rows.keys()
    place = {id(line): index for index, line in enumerate(line for flow in flows for line in flow)}
    remade = _flows(line for flow in flows for line in flow if id(line) in alone) + _flows(rows.values())
    return sorted(remade, key=lambda flow: place[id(flow[0])])


def _is_cell(line: Line) -> bool:
    return len(line.words) <= _CELL_WORDS or line.cells > 1


def _may_be_label(line: Line) -> bool:
    return len(line.words) <= _LABEL_WORDS or line.cells > 1


def _among(flows: list[Flow], is_such: Callable[[Line], bool]) -> set[int]:
    """Such lines with nothing but such right above and below: the last line of a paragraph in a column is short too."""
    return {
        id(line)
        for flow in flows
        for index, line in enumerate(flow)
        if all(is_such(neighbour) for neighbour in flow[max(index - 1, 0) : index + 2])
    }


def _are_of_one_row(line: Line, other: Line, cells: set[int], labels: set[int]) -> bool:
    if abs(line.middle - other.middle) > 0.4 * min(line.height, other.height):
        return False
    if {id(line), id(other)} - cells - labels or not {id(line), id(other)} & cells:
        return False
    return not any(_overlap(box, box_of_other, 0) for box in line.boxes for box_of_other in other.boxes)


def _nested(flows: list[Flow]) -> list[Flow]:
    """Flows that stand in a gap of a longer one become part of it."""
    whole = list(flows)
    for flow in sorted(flows, key=len):
        host = next((other for other in whole if len(other) > len(flow) and _is_within(flow, other)), None)
        if host is not None:
            whole.remove(flow)
            host += flow
            host.sort(key=lambda line: line.middle)
    return whole


def _is_within(flow: Flow, host: Flow) -> bool:
    inner, outer = _bounds(flow), _bounds(host)
    if not (outer[1] < inner[1] and inner[3] < outer[3] and _overlap(inner, outer, 0)):
        return False
    return not any(
        abs(line.middle - other.middle) < 0.5 * max(line.height, other.height) for line in flow for other in host
    )


def _sorted_by_place(flows: list[Flow]) -> list[Flow]:
    """Flows such that each comes after those above it and those beside it to the left.

    After Breuel, High performance document layout analysis, 2003; where that leaves a choice, the file's order decides.
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


def _precedes(boxes: list[Rectangle], one: int, two: int) -> bool:
    a, b = boxes[one], boxes[two]
    if _overlap(a, b, 0):
        return (a[1] + a[3], one) < (b[1] + b[3], two)
    is_left = a[0] < b[0]
    if _overlap(a, b, 1):
        return is_left
    is_above = a[1] < b[1]
    if is_left == is_above:
        return is_left
    # One is to the left of the other and below it: the next column, unless something that spans both says otherwise.
    return is_above if _is_spanned(boxes, one, two) else one < two


def _is_spanned(boxes: list[Rectangle], one: int, two: int) -> bool:
    a, b = boxes[one], boxes[two]
    top, bottom = min(a[3], b[3]), max(a[1], b[1])
    return any(top - 1 < c[1] and c[3] < bottom + 1 and _overlap(c, a, 0) and _overlap(c, b, 0) for c in boxes)


def _overlap(a: Rectangle, b: Rectangle, axis: int) -> bool:
    return min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis]) > 1
