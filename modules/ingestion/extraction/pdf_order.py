"""Flows of a page in the order in which they are read."""

import itertools
from collections.abc import Callable

from footnote.modules.ingestion.extraction.pdf_lines import Flow, Line, flows_of
from footnote.modules.ingestion.extraction.pdf_words import Rectangle

_CELL_WORDS = 3  # a cell of a table that was drawn column by column has at most so many
_LABEL_WORDS = 8  # and the label of a row so many
_TEXT_LINES = 5  # that make a column
_TEXT_WORDS = 4  # of a line in it, on average
_NEAR = 8  # lines around the same height, at most
_MANY = 300  # flows of a drawing or a map rather than of text; comparing each with each would take minutes


def in_reading_order(flows: list[Flow]) -> list[Flow]:
    """The flows of one direction, given as the file draws them; their lines may fall into other flows."""
    if not _is_out_of_order([_bounds(flow) for flow in flows]):
        return flows
    remade = _with_rows(flows)
    return sorted(remade, key=_top_left) if len(remade) > _MANY else _sorted_by_place(_nested(remade))


def _top_left(flow: Flow) -> tuple[float, float]:
    x0, y0, _, _ = _bounds(flow)
    return y0, x0


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
    columns = [_bounds(flow) for flow in flows if _is_column_of_text(flow)]
    kept: list[Line] = []
    rows: dict[int, Line] = {}
    for line in sorted((line for flow in flows for line in flow), key=lambda line: line.middle):
        mates = (other for other in reversed(kept[-_NEAR:]) if _are_of_one_row(other, line, cells, labels))
        mate = next((other for other in mates if not _are_of_two_columns(other, line, columns)), None)
        if mate is None:
            kept.append(line)
        else:
            mate.absorb(line)
            cells.add(id(mate))
            rows[id(mate)] = mate
    alone = {id(line) for line in kept} - rows.keys()
    place = {id(line): index for index, line in enumerate(line for flow in flows for line in flow)}
    remade = flows_of(line for flow in flows for line in flow if id(line) in alone) + flows_of(rows.values())
    return sorted(remade, key=lambda flow: place[id(flow[0])])


def _is_cell(line: Line) -> bool:
    return line.table is None and (len(line.words) <= _CELL_WORDS or line.cells > 1)


def _may_be_label(line: Line) -> bool:
    return line.table is None and (len(line.words) <= _LABEL_WORDS or line.cells > 1)


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


def _is_column_of_text(flow: Flow) -> bool:
    return len(flow) >= _TEXT_LINES and sum(len(line.words) for line in flow) >= _TEXT_WORDS * len(flow)


def _are_of_two_columns(line: Line, other: Line, columns: list[Rectangle]) -> bool:
    """Each stands within a column of text of its own, with no room between the two for a row."""
    of_line = [column for column in columns if _stands_within(line, column)]
    of_other = [column for column in columns if _stands_within(other, column)]
    return any(not _overlap(one, two, 0) and _overlap(one, two, 1) for one in of_line for two in of_other)


def _stands_within(line: Line, column: Rectangle) -> bool:
    slack = line.height
    return column[0] - slack < line.x0 and line.x1 < column[2] + slack


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
