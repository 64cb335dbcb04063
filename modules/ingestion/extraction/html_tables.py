"""The tables of a page: which of them hold values, and what stands in their cells."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from footnote.modules.ingestion.extraction.composer import on_one_line
from footnote.modules.ingestion.extraction.grid import MAX_COLUMNS, Slot, placed
from footnote.modules.ingestion.extraction.html_elements import HEADINGS, INLINE, is_unread, words_for_image

_STRUCTURE = frozenset({*HEADINGS, "table", "ul", "ol", "p", "pre"})
_LONG, _VERY_LONG = 300, 1000  # characters of a cell: with several paragraphs in it, or at all
_MAX_IDLE = 200  # rows that are taken away from a table
_MARKS = {"li": "- ", "dd": "- "}


@dataclass(slots=True)
class _Row:
    cells: list[html.HtmlElement]
    is_header: bool
    left: int  # rows of its group from here on, this one included


class PageTable:
    def __init__(self, table: html.HtmlElement) -> None:
        self._rows = list(_rows(table))
        self._table = table
        self.caption = next((text_in(child) for child in table if child.tag == "caption"), "")

    def holds_values(self) -> bool:
        """Whether it is a table to a reader, too, and not only a way to arrange a page."""
        role = self._table.get("role", "")
        if role in ("presentation", "none") or not self._rows or max(len(row.cells) for row in self._rows) < 2:
            return False
        if self.caption or any(row.is_header for row in self._rows):
            return True
        return not any(_is_text(cell) for row in self._rows for cell in row.cells)

    def grid(self) -> tuple[list[list[Slot]], int]:
        """One slot for each row and column, and how many rows head the columns."""
        grid = placed([[_slot(cell, row.left) for cell in row.cells] for row in self._rows])
        heads = [row.is_header for row in self._rows]
        idle = [number for number, row in enumerate(self._rows) if _only_spans(row)]
        for number in reversed(idle[:_MAX_IDLE]):
            _drop(grid, number)
            heads[number + 1] = heads[number] if not self._rows[number + 1].cells else heads[number + 1]
            del heads[number]
        return grid, next((number for number, is_header in enumerate(heads) if not is_header), len(heads))


def text_in(element: html.HtmlElement) -> str:
    """All words in an element, on one line."""
    if not len(element):
        return on_one_line(element.text or "")
    words: list[str] = []
    numbers: Counter[html.HtmlElement] = Counter()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "start" and is_unread(inner):
            walk.skip_subtree()
        elif event == "start":
            words += _opening(inner, numbers)
        if event == "end" and inner is not element:
            words.append(" " if inner.tag not in INLINE else "")
            words.append(inner.tail or "")
    return on_one_line("".join(words))


def _opening(element: html.HtmlElement, numbers: Counter[html.HtmlElement]) -> Iterator[str]:
    if element.tag == "img":
        yield words_for_image(element)
    elif element.tag == "math" and element.get("alttext"):
        yield element.get("alttext", "")
    elif element.tag == "li" and (parent := element.getparent()) is not None and parent.tag == "ol":
        numbers[parent] += 1
        yield f" {numbers[parent]}. "
    elif element.tag not in INLINE:
        yield " " + _MARKS.get(element.tag, "")
    yield element.text or ""


def _rows(table: html.HtmlElement) -> Iterator[_Row]:
    groups: list[tuple[str, list[html.HtmlElement]]] = [("", [])]
    for child in table:
        if is_unread(child):
            continue
        if child.tag in ("thead", "tbody", "tfoot"):
            groups += [(child.tag, [row for row in child if row.tag == "tr" and not is_unread(row)]), ("", [])]
        elif child.tag == "tr":
            groups[-1][1].append(child)
    for tag, rows in groups:
        for index, row in enumerate(rows):
            cells = [cell for cell in row if cell.tag in ("td", "th") and not is_unread(cell)]
            is_header = bool(cells) and (tag == "thead" or all(cell.tag == "th" for cell in cells))
            yield _Row(cells, is_header, len(rows) - index)


def _slot(cell: html.HtmlElement, rows_left: int) -> Slot:
    rows = _span(cell, "rowspan")
    return Slot(text_in(cell), min(rows or rows_left, rows_left), max(1, _span(cell, "colspan")))


def _span(cell: html.HtmlElement, name: str) -> int:
    stated = cell.get(name, "1").strip()
    return min(int(stated[:6]), 65_534 if name == "rowspan" else MAX_COLUMNS) if stated.isdecimal() else 1


def _is_text(cell: html.HtmlElement) -> bool:
    """Whether it holds a piece of a page rather than a value."""
    length = blocks = 0
    for inner in cell.iter():
        if not isinstance(inner.tag, str):
            continue
        blocks += inner.tag in _STRUCTURE
        length += len((inner.text or "").strip()) + len((inner.tail or "").strip())
        if length > _VERY_LONG or (length > _LONG and blocks > 1):
            return True
    return False


def _only_spans(row: _Row) -> bool:
    """A row without a cell that ends in it says nothing that the rows below do not repeat."""
    return row.left > 1 and bool(row.cells) and all(_span(cell, "rowspan") != 1 for cell in row.cells)


def _drop(grid: list[list[Slot]], number: int) -> None:
    """Takes a row away; what begins in it begins one row later."""
    for column, slot in enumerate(grid[number]):
        if slot.row_span > 1:
            grid[number + 1][column] = slot._replace(row_span=slot.row_span - 1)
    for above in range(number):
        for column, slot in enumerate(grid[above]):
            if slot.row_span > number - above:
                grid[above][column] = slot._replace(row_span=slot.row_span - 1)
    del grid[number]
