"""What repeats at the edges of page after page: headers, footers, page numbers.

They are known by standing in the same place with the same words on neighbouring pages, numbers aside that count the
pages. Between them and the edge there is nothing else; what is outermost may move up and down with the page's end.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from footnote.modules.ingestion.extraction.pdf_lines import Line
from footnote.modules.ingestion.extraction.pdf_page import PdfPage

_OFTEN = 3  # pages that make it a repetition
_NEAR = 4  # pages from one to the next: those between may lack it
AHEAD = _NEAR  # pages to look at behind those that furniture is taken from
_EDGE = 0.2  # of the page's height, at the top and at the bottom
_DEEP = 6  # lines from an edge
_LARGE = 1.2  # times the usual size: a title rather than a header
_MAX_PLACES = 16  # of one text, to compare with
_TIGHT = 0.8  # line heights between a row of a table and its head
_HOLE = (
    2.5  # line heights inside which what is numbered may go on: pages of a form that differ in numbers only are text
)
_MAX_MATE = 8  # words beside a page number that belong to it
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,8}|[IVXLC]{1,8}")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Key = tuple[int, bool, str]


@dataclass(slots=True, eq=False)
class _Seen:
    """A line near an edge."""

    line: Line
    page: int
    is_top: bool
    text: str  # without its numbers
    numbers: tuple[int, ...]
    distance: float  # from that edge, of its middle
    width: float  # of the page
    is_large: bool
    is_outermost: bool

    @property
    def key(self) -> Key:
        return self.line.direction, self.is_top, self.text

    def is_in_place_of(self, other: "_Seen", *, may_move: bool) -> bool:
        height, other_height = self.line.height, other.line.height
        slack = 0.6 * min(height, other_height)
        is_as_far = abs(self.distance - other.distance) < slack or (
            may_move and self.is_outermost and other.is_outermost
        )
        if not is_as_far or abs(height - other_height) > 0.2 * max(height, other_height):
            return False
        left, right = self.line.x0, self.width - self.line.x1
        other_left, other_right = other.line.x0, other.width - other.line.x1
        is_centred = abs((left - right) - (other_left - other_right)) < 2 * slack
        pairs = ((left, other_left), (right, other_right), (left, other_right), (right, other_left))
        return is_centred or any(abs(one - two) < slack for one, two in pairs)

    def continues(self, other: "_Seen") -> bool:
        """The same some pages on."""
        pages = self.page - other.page
        steps = {number - before for number, before in zip(self.numbers, other.numbers, strict=True)}
        if not 0 < pages <= _NEAR or not steps <= ({0} if self.is_large else {0, pages}):
            return False
        return self.is_in_place_of(other, may_move=self.is_top or pages in steps)


class Furniture:
    """Takes running lines out of pages that come in order, and remembers what it found."""

    def __init__(self) -> None:
        self._known: dict[Key, list[_Seen]] = defaultdict(list)
        self._recent: list[_Seen] = []

    def take(self, pages: Sequence[PdfPage], ahead: Sequence[PdfPage]) -> None:
        """Moves running lines of `pages` from the flows to `furniture`; `ahead` are those that come next."""
        if not pages:
            return
        usual = _usual_height(pages)
        seen = {page.number: list(_edges(page, usual)) for page in (*pages, *ahead)}
        running = self._running([*self._recent, *(each for on_page in seen.values() for each in on_page)], len(pages))
        for page in pages:
            taken = set(_from_edges(page, [each for each in seen[page.number] if id(each) in running]))
            if taken and not _is_all(page, taken):
                _move(page, taken)
        last = pages[-1].number
        self._recent = [each for number, on_page in seen.items() if last - _NEAR < number <= last for each in on_page]

    def _running(self, seen: Iterable[_Seen], pages: int) -> set[int]:
        by_key: dict[Key, list[_Seen]] = defaultdict(list)
        for each in seen:
            by_key[each.key].append(each)
        running: set[int] = set()
        for key, alike in by_key.items():
            for chain in _chains(alike):
                if len(chain) >= (max(_OFTEN, pages / 2) if chain[0].is_large else _OFTEN):
                    running.update(map(id, chain))
                    self._known[key] = [*self._known[key], chain[0], chain[-1]][-_MAX_PLACES:]
            known = self._known.get(key, ())
            running.update(
                id(each)
                for each in alike
                if not each.is_large and any(each.is_in_place_of(one, may_move=each.is_top) for one in known)
            )
        return running


def _usual_height(pages: Sequence[PdfPage]) -> float:
    heights: Counter[float] = Counter()
    for page in pages:
        for flow in page.flows:
            for line in flow:
                heights[round(line.height)] += len(line.words)
    return heights.most_common(1)[0][0] if heights else 0.0


def _edges(page: PdfPage, usual: float) -> Iterator[_Seen]:
    by_direction: dict[int, list[Line]] = defaultdict(list)
    for flow in page.flows:
        for line in flow:
            by_direction[line.direction].append(line)
    for direction, lines in by_direction.items():
        width, height = (page.height, page.width) if direction % 2 else (page.width, page.height)
        for is_top in (True, False):
            for index, row in enumerate(_rows(lines, is_top=is_top)):
                for line in row:
                    distance = line.middle if is_top else height - line.middle
                    if line.table is None and (index == 0 or distance < _EDGE * height):
                        is_large = line.height > _LARGE * usual
                        text, numbers = folded(line.text)
                        yield _Seen(line, line.page, is_top, text, numbers, distance, width, is_large, index == 0)


def folded(text: str) -> tuple[str, tuple[int, ...]]:
    """`text` with a mark for each number, and the numbers."""
    if _ROMAN.fullmatch(text):
        return "#", (_roman(text.lower()),)
    return _NUMBER.sub("#", text), tuple(int(number[-9:]) for number in _NUMBER.findall(text))


def _roman(text: str) -> int:
    values = [_VALUES[letter] for letter in text]
    return sum(-one if one < max(values[index:]) else one for index, one in enumerate(values))


def _chains(alike: Sequence[_Seen]) -> list[list[_Seen]]:
    chains: list[list[_Seen]] = []
    for each in alike:
        chain = next((chain for chain in reversed(chains[-_DEEP:]) if each.continues(chain[-1])), None)
        if chain is None:
            chains.append([each])
        else:
            chain.append(each)
    return chains


def _from_edges(page: PdfPage, running: Sequence[_Seen]) -> Iterator[Line]:
    """Those of the `running` lines that nothing else parts from the edge, and what stands beside them."""
    for direction, is_top in {(each.line.direction, each.is_top) for each in running}:
        marked = {id(each.line): each for each in running if each.line.direction == direction and each.is_top == is_top}
        lines = [line for flow in page.flows for line in flow if line.direction == direction]
        rows = _rows(lines, is_top=is_top)
        taken: list[list[Line]] = []
        for row in rows:
            found = [marked[id(line)] for line in row if id(line) in marked]
            is_apart = bool(taken) and not _is_close(taken[-1], row, _HOLE)
            if not found or (is_apart and any(each.numbers for each in found)):
                break
            taken.append(row)
        yield from _without_heads_of_tables(taken, rows[len(taken) :], set(marked))


def _rows(lines: Iterable[Line], *, is_top: bool) -> list[list[Line]]:
    """Lines on one height, from the edge inwards, as many as may matter."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle if is_top else -line.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < 0.4 * min(rows[-1][0].height, line.height):
            rows[-1].append(line)
        elif len(rows) > _DEEP:
            break
        else:
            rows.append([line])
    return rows


def _without_heads_of_tables(
    taken: list[list[Line]], rest: Sequence[Sequence[Line]], marked: set[int]
) -> Iterator[Line]:
    """A row of cells right above what follows heads a table that goes on from page to page."""
    while taken and rest and _has_cells(taken[-1]) and _is_close(taken[-1], rest[0], _TIGHT):
        rest = [taken.pop()]
    for row in taken:
        yield from (line for line in row if id(line) in marked or len(line.words) <= _MAX_MATE)


def _has_cells(row: Sequence[Line]) -> bool:
    return len(row) > 1 or row[0].cells > 1


def _is_close(row: Sequence[Line], other: Sequence[Line], lines: float) -> bool:
    above, below = sorted((row[0], other[0]), key=lambda line: line.y0)
    return below.y0 - above.y1 < lines * row[0].height


def _is_all(page: PdfPage, taken: set[Line]) -> bool:
    """A page of nothing but a line with words is about these words."""
    is_rest = any(line not in taken for flow in page.flows for line in flow)
    return not is_rest and any(character.isalpha() for line in taken for character in line.text)


def _move(page: PdfPage, taken: set[Line]) -> None:
    page.furniture = [line for flow in page.flows for line in flow if line in taken]
    kept = ([line for line in flow if line not in taken] for flow in page.flows)
    page.flows = [flow for flow in kept if flow]
