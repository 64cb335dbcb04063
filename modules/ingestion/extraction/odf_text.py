"""The text of OpenDocument files: paragraphs, headings, lists, tables and what hangs at them, in order."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.grid import EMPTY, MAX_COLUMNS, Slot
from footnote.modules.ingestion.extraction.odf_lists import Counter, Styles
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, name_of, number

_CONTAINERS = frozenset({"section", "index-body", "table-of-content", "text-box", "numbered-paragraph", "a"})
_SHAPES = frozenset({"frame", "custom-shape", "rect", "ellipse", "g", "line", "connector", "circle", "polygon", "path"})
_ASIDE = _SHAPES | {"note", "annotation", "ruby-text", "tracked-changes", "script", "table"}
_MAX_REPEATED_ROWS = 1000  # of a table in a text


class _List(NamedTuple):
    style: str
    depth: int
    counter: Counter


class TextReader:
    def __init__(self, composer: Composer, styles: Styles) -> None:
        self._composer = composer
        self._styles = styles
        self._outline = Counter(styles)
        self._counters: dict[str | None, Counter] = {}  # of lists that may be gone on with, by their ids
        self._of_style: dict[str, Counter] = {}

    def read(self, elements: Iterable[etree._Element]) -> None:
        for element in elements:
            self._block(element)

    def _block(self, element: etree._Element) -> None:
        name = name_of(element)
        if name in ("p", "h"):
            self._paragraph(element)
        elif name == "list":
            self._list(element, None)
        elif name == "table":
            self._table(element)
        elif name in _CONTAINERS:
            self.read(element)
        elif name in _SHAPES:
            self._shape(element)

    def _paragraph(self, element: etree._Element, label: str = "", depth: int = 0) -> None:
        words = self._words(element)
        if not words.strip():
            pass
        elif name_of(element) == "h":
            level = max(1, number(element, "outline-level", 1))
            self._composer.heading(f"{label or self._heading_number(element, level)} {words}", level)
        elif self._styles.is_title(attribute(element, "style-name")):
            self._composer.heading(words, 1)
        elif label:
            self._composer.item(f"{label} {words}", depth)
        else:
            self._composer.block(words)
        self._beside(element)

    def _heading_number(self, element: etree._Element, level: int) -> str:
        style = self._styles.level("Outline", level - 1)
        if style is None or not style.form or attribute(element, "is-list-header") == "true":
            return ""
        return self._outline.label("Outline", level - 1)

    def _beside(self, paragraph: etree._Element) -> None:
        """Frames, notes and comments that hang at a paragraph."""
        for element in _outermost(paragraph, _SHAPES | {"note", "annotation"}):
            if name_of(element) == "note":
                self._note(element)
            elif name_of(element) == "annotation":
                who = element.findtext("{*}creator") or "unknown"
                self._composer.block(f"Comment by {who}: {self.flat(element)}")
            else:
                self._shape(element)

    def _shape(self, shape: etree._Element) -> None:
        self.read(shape)
        described = child(shape, "desc")
        if described is not None and described.text and " " in described.text.strip():
            self._composer.block(f"[Image: {on_one_line(described.text)}]")

    def _note(self, note: etree._Element) -> None:
        body = child(note, "note-body")
        mark = on_one_line("".join(_plain(child(note, "note-citation"))))
        if body is not None:
            self._composer.block(f"[{mark}] {self.flat(body)}")

    def _list(self, element: etree._Element, outer: _List | None) -> None:
        inner = self._begun(element, outer)
        for item in element:
            if name_of(item) in ("list-item", "list-header"):
                self._item(item, inner)

    def _begun(self, element: etree._Element, outer: _List | None) -> _List:
        own = attribute(element, "style-name")
        if outer is not None:
            return _List(own or outer.style, outer.depth + 1, outer.counter)
        style = own or ""
        earlier = self._counters.get(attribute(element, "continue-list"))
        if attribute(element, "continue-numbering") == "true":
            earlier = self._of_style.get(style)
        counter = earlier or Counter(self._styles)
        self._of_style[style] = counter
        if identity := attribute(element, "id"):
            self._counters[identity] = counter
        return _List(style, 0, counter)

    def _item(self, item: etree._Element, inner: _List) -> None:
        label = ""
        if name_of(item) == "list-item" and any(name_of(part) in ("p", "h") for part in item):
            label = inner.counter.label(inner.style, inner.depth, attribute(item, "start-value"))
        for element in item:
            if name_of(element) == "list":
                self._list(element, inner)
            elif name_of(element) in ("p", "h"):
                self._paragraph(element, label, inner.depth)
                label = ""

    def _table(self, table: etree._Element) -> None:
        rows: list[list[Slot]] = []
        headers = 0
        for row, is_header in table_rows(table):
            slots = self._slots(row)
            headers += is_header
            rows += [slots] * (repeats(row, "rows", _MAX_REPEATED_ROWS) if any(slot.text for slot in slots) else 1)
        self._composer.table(rows, headers=headers or int(len(rows) > 1))

    def _slots(self, row: etree._Element) -> list[Slot]:
        slots: list[Slot] = []
        for cell in row:
            if name_of(cell) == "table-cell":
                slot = Slot(
                    self.flat(cell), number(cell, "number-rows-spanned", 1), number(cell, "number-columns-spanned", 1)
                )
                slots += [slot] * repeats(cell, "columns", MAX_COLUMNS)
        while slots and slots[-1] == EMPTY:
            slots.pop()
        return slots

    def flat(self, container: etree._Element) -> str:
        """All words in a cell or a note, on one line."""
        aside = Composer()
        reader = TextReader(aside, self._styles)
        reader._flatten(container)
        return on_one_line(aside.build("").text)

    def _flatten(self, container: etree._Element) -> None:
        for element in container:
            if name_of(element) == "table":
                for row, _ in table_rows(element):
                    self._composer.block(" ".join(self.flat(cell) for cell in row if name_of(cell) == "table-cell"))
            elif name_of(element) in _CONTAINERS | _SHAPES:
                self._flatten(element)
            else:
                self._block(element)

    def _words(self, element: etree._Element) -> str:
        return "".join(_plain(element))


def table_rows(table: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """The rows, and whether they are marked as headers."""
    for row in _outermost(table, {"table-row"}):
        yield row, name_of(row.getparent()) == "table-header-rows"


def repeats(element: etree._Element, what: str, most: int) -> int:
    """How often a row or cell stands there; a file of a few bytes may claim millions."""
    return max(1, min(number(element, f"number-{what}-repeated", 1), most))


def _outermost(element: etree._Element, names: Iterable[str]) -> Iterator[etree._Element]:
    for inner in element:
        if name_of(inner) in names:
            yield inner
        else:
            yield from _outermost(inner, names)


def _plain(element: etree._Element | None) -> Iterator[str]:
    if element is None:
        return
    yield element.text or ""
    for inner in element:
        match name_of(inner):
            case "s":
                yield " "
            case "tab":
                yield "\t"
            case "line-break":
                yield "\n"
            case "note":
                yield f"[{''.join(_plain(child(inner, 'note-citation')))}]"
            case name if name not in _ASIDE and name:
                yield from _plain(inner)
        yield inner.tail or ""
