"""Words of a page to lines, and lines to flows in reading order.

The order in which the file draws is kept where it runs down the page, since it follows columns and rows of tables.
Where it leaps up or leaves holes, the pieces are ordered by where they stand.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from footnote.modules.ingestion.extraction.pdf_columns import columns_apart
from footnote.modules.ingestion.extraction.pdf_tables import PageTable
from footnote.modules.ingestion.extraction.pdf_words import PdfWord, Rectangle, is_of_the_right

CELL_GAP = 1.6  # of the line's height between two words: they are in different cells
_STRAY = 2  # letters of a mark
_MANY_STRAYS = 200  # on a page: it is no text
_SMALL = 0.85  # of a line's height
_BESIDE = 0.5  # line heights between a line and a mark at its end
_OFF = 0.6  # of a line's height: twice what the middles of two words on it may differ
_HOLE = 2.5  # line heights of nothing that a column of text does not cross


@dataclass(slots=True, eq=False)
class Line:
    """Words on one baseline, in reading order, or a table. Boxes are turned so that it reads from left to right."""

    words: list[PdfWord]
    x0: float
    y0: float
    x1: float
    y1: float
    boxes: list[Rectangle]
    direction: int = 0  # quarter turns clockwise in which it reads on the page as displayed
    page: int = 0
    is_bold: bool = False
    table: PageTable | None = None
    _height: float | None = field(default=None, repr=False)

    @property
    def height(self) -> float:
        """Of most of its words: marks above or below the line do not count."""
        if self._height is None:
            heights = sorted([box[3] - box[1] for box in self.boxes])
            self._height = heights[len(heights) // 2]
        return self._height

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def cells(self) -> int:
        """Groups of words set apart by wide gaps."""
        wide = CELL_GAP * self.height
        boxes = sorted(self.boxes)
        return 1 + sum(right[0] - left[2] > wide for left, right in itertools.pairwise(boxes))

    @property
    def text(self) -> str:
        return " ".join([word.text for word in self.words])

    @property
    def bounds(self) -> Rectangle:
        return self.x0, self.y0, self.x1, self.y1

    def add(self, word: PdfWord, box: Rectangle) -> None:
        self.words.append(word)
        self.boxes.append(box)
        x0, y0, x1, y1 = box
        self.x0 = x0 if x0 < self.x0 else self.x0
        self.y0 = y0 if y0 < self.y0 else self.y0
        self.x1 = x1 if x1 > self.x1 else self.x1
        self.y1 = y1 if y1 > self.y1 else self.y1
        self._height = None

    def part(self, is_part: Callable[[Rectangle], bool]) -> "Line | None":
        """Those of its words whose boxes are such."""
        part: Line | None = None
        for word, box in zip(self.words, self.boxes, strict=True):
            if not is_part(box):
                continue
            if part is None:
                part = Line([word], *box, [box], self.direction)
            else:
                part.add(word, box)
        return part

    def absorb(self, other: "Line") -> None:
        """Take in the words of another part of the same row."""
        for word, box in zip(other.words, other.boxes, strict=True):
            self.add(word, box)
        self.sort()

    def sort(self) -> None:
        """Words from left to right, or as most of them are written."""
        is_backwards = sum(is_of_the_right(word.text) for word in self.words) > len(self.words) / 2
        order = sorted(range(len(self.words)), key=lambda index: self.boxes[index][0], reverse=is_backwards)
        self.words, self.boxes = [self.words[index] for index in order], [self.boxes[index] for index in order]


Flow = list[Line]  # lines that run down the page, one below the other


def page_flows(words: Sequence[PdfWord], tables: Sequence[PageTable], width: float, height: float) -> list[list[Flow]]:
    """The flows of a page of that size, those of each direction as the file draws them, the usual direction first.

    A table stands where its first word is drawn, as a flow of its own.
    """
    items = list(_with_tables(words, tables)) if tables else words
    counts = Counter([word.direction for word in words])
    return [
        flows_of(_with_strays(columns_apart(list(_lines(items, direction, width, height, is_only=len(counts) == 1)))))
        for direction, _ in counts.most_common()
    ]


def _with_strays(lines: list[Line]) -> list[Line]:
    """Marks that the file draws apart from their line, such as bullets and raised signs, go where they stand in it."""
    strays = [line for line in lines if line.words and all(len(word.text) <= _STRAY for word in line.words)]
    if not strays or len(strays) > _MANY_STRAYS:
        return lines
    hosts = [line for line in lines if any(len(word.text) > _STRAY for word in line.words)]
    left = {id(stray): _left(stray, hosts) for stray in strays}
    return [kept for line in lines for kept in left.get(id(line), (line,))]


def _left(stray: Line, hosts: Sequence[Line]) -> list[Line]:
    """What no host adopts of it."""
    parts = [Line([word], *box, [box], stray.direction) for word, box in zip(stray.words, stray.boxes, strict=True)]
    left = [part for part in parts if not _adopted(part, hosts)]
    return left if len(left) < len(parts) else [stray]


def _adopted(stray: Line, hosts: Iterable[Line]) -> bool:
    host = next((line for line in hosts if _is_inside(stray, line)), None)
    if host is not None:
        host.absorb(stray)
    return host is not None


def _is_inside(stray: Line, line: Line) -> bool:
    """In a gap of the line, raised above its words, or right at one of its ends."""
    if min(stray.y1, line.y1) - max(stray.y0, line.y0) <= 0.5 * (stray.y1 - stray.y0):
        return False
    if stray.x1 < line.x0 - _BESIDE * line.height or stray.x0 > line.x1 + _BESIDE * line.height:
        return False
    is_small = stray.height < _SMALL * line.height
    return is_small or not any(box[0] + 1 < stray.x1 and stray.x0 + 1 < box[2] for box in line.boxes)


def _with_tables(words: Iterable[PdfWord], tables: Sequence[PageTable]) -> Iterator[PdfWord | PageTable]:
    owners = {id(word): table for table in tables for cell in table.cells for line in cell.lines for word in line}
    placed: set[int] = set()
    for word in words:
        table = owners.get(id(word))
        if table is None:
            yield word
        elif id(table) not in placed:
            placed.add(id(table))
            yield table


def turned(box: Rectangle, quarters: int, width: float, height: float) -> Rectangle:
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


def _lines(
    items: Iterable[PdfWord | PageTable], direction: int, width: float, height: float, *, is_only: bool
) -> Iterator[Line]:
    line: Line | None = None
    for item in items:
        if not is_only and _direction(item) != direction:
            continue
        box = turned(item.box, direction, width, height) if direction else item.box
        if line is not None and not isinstance(item, PageTable) and _continues(line, box):
            line.add(item, box)
            continue
        if line is not None:
            yield _sorted(line)
        if isinstance(item, PageTable):
            yield Line([], *box, [box], direction, table=item)
            line = None
        else:
            line = Line([item], *box, [box], direction)
    if line is not None:
        yield _sorted(line)


def _sorted(line: Line) -> Line:
    """From left to right if it is to be read so and was not drawn so."""
    leaps = any(right[2] < left[0] for left, right in itertools.pairwise(line.boxes))
    if leaps and not any(is_of_the_right(word.text) for word in line.words):
        line.sort()
    return line


def _direction(item: PdfWord | PageTable) -> int:
    if isinstance(item, PageTable):
        return next(word.direction for cell in item.cells for line in cell.lines for word in line)
    return item.direction


def _continues(line: Line, box: Rectangle) -> bool:
    """On the baseline of the line's last word; or on that of its first, when the last one is raised or lowered."""
    last, first = line.boxes[-1], line.boxes[0]
    if _share_baseline(last, box):
        # Lines may be so tight that they overlap: what goes back must be on the very same height.
        return box[0] >= last[0] + 1 or abs(box[1] + box[3] - last[1] - last[3]) < _OFF * (last[3] - last[1])
    is_next = last[0] <= box[0] < last[2] + CELL_GAP * (first[3] - first[1])
    return is_next and _share_baseline(first, box)


def _share_baseline(a: Rectangle, b: Rectangle) -> bool:
    return min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * min(a[3] - a[1], b[3] - b[1])


def flows_of(lines: Iterable[Line]) -> list[Flow]:
    flows: list[Flow] = []
    for line in lines:
        if flows and _follows(flows[-1][-1], line):
            flows[-1].append(line)
        else:
            flows.append([line])
    return flows


def _follows(last: Line, line: Line) -> bool:
    """Below the last line, with no hole between, and not beside it."""
    if last.table or line.table:
        return False
    gap = line.y0 - last.y1
    beside = line.x0 >= last.x1 or line.x1 <= last.x0
    tall = min(last.height, line.height)
    return -0.7 * tall < gap < _HOLE * tall and line.middle > last.middle and not (beside and gap < -0.3 * tall)
