"""Builds the canonical text of formats without pages, block by block."""

import re
from collections.abc import Iterable, Sequence

from footnote.modules.ingestion.extraction.decoding import clean
from footnote.modules.ingestion.extraction.grid import Slot, placed
from footnote.modules.ingestion.models import (
    Attachment,
    Block,
    BlockKind,
    Cell,
    Extraction,
    Heading,
    Layout,
    Moment,
    Table,
)

MAX_PART = 200_000  # characters after which a part is full
MAX_CELLS = 20_000
MAX_DEPTH = 9  # to which lists are indented
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_NEWLINE = re.compile(r" ?\n ?")
_ROWS = frozenset({"table_row", "table_header"})
_BEFORE, _BETWEEN, _AFTER = "| ", " | ", " |"


class Composer:
    """Blocks in reading order; paragraphs are set apart by a blank line, items and the rows of a table by a newline.

    What may be large is built in parts: whenever `is_full`, `build` one and go on with the same composer.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._cell_count = 0
        self._blocks: list[Block] = []
        self._headings: list[Heading] = []
        self._tables: list[Table] = []
        self._moments: list[Moment] = []

    @property
    def is_empty(self) -> bool:
        return not self._blocks

    @property
    def is_full(self) -> bool:
        return self._length >= MAX_PART or self._cell_count >= MAX_CELLS

    def heading(self, text: str, level: int) -> None:
        if self._add(on_one_line(text), "heading"):
            block = self._blocks[-1]
            self._headings.append(Heading(block.start, block.end, level))

    def block(self, text: str, kind: BlockKind = "paragraph") -> None:
        for part in tidy(text).split("\n\n"):
            self._add(part.strip("\n"), kind)

    def item(self, text: str, depth: int = 0) -> None:
        """An item of a list inside `depth` others; white space shows how deep."""
        self._add(tidy(text).replace("\n\n", "\n"), "list_item", indent=min(depth, MAX_DEPTH))

    def spoken(self, text: str, begins: float, ends: float) -> None:
        """A paragraph that is said at that time of the recording, in seconds."""
        if self._add(on_one_line(text), "paragraph"):
            block = self._blocks[-1]
            self._moments.append(Moment(block.start, block.end, begins, ends))

    def table(self, rows: Iterable[Sequence[Slot | str]], *, headers: int = 0) -> None:
        """A table of `rows` that hold each cell once, as in HTML; the first `headers` of them head the columns."""
        self.grid(placed(rows), headers=headers)

    def grid(
        self,
        rows: Sequence[Sequence[Slot]],
        *,
        headers: int = 0,
        sheet: str | None = None,
        numbers: Sequence[int] | None = None,
        column: int = 0,
    ) -> None:
        """A table of `rows` that have one slot for each column, as `placed` gives them; empty rows are left out.

        `numbers` are those of the rows, from 0, if they do not simply count up; `column` is that of the first slot.
        """
        cells: list[Cell] = []
        first = len(self._blocks)
        for index, row in enumerate(rows):
            spans = self._row([slot.text for slot in row], "table_header" if index < headers else "table_row", first)
            number = numbers[index] if numbers else index
            cells += (
                Cell(start, end, number, column + place, slot.row_span, slot.column_span)
                for place, ((start, end), slot) in enumerate(zip(spans, row, strict=False))
            )
        if cells:
            self._cell_count += len(cells)
            self._tables.append(Table(self._blocks[first].start, self._length, tuple(cells), sheet))

    def code(self, text: str) -> None:
        self._add(clean(text).strip("\n").rstrip(), "code")

    def build(
        self,
        media_type: str,
        *,
        title: str | None = None,
        language: str | None = None,
        warnings: tuple[str, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> Extraction:
        """What was added since the last time; the composer is empty after it."""
        extraction = Extraction(
            text="".join(self._parts),
            layout=Layout(
                headings=tuple(self._headings),
                blocks=tuple(self._blocks),
                tables=tuple(self._tables),
                moments=tuple(self._moments),
            ),
            media_type=media_type,
            title=on_one_line(title or "") or None,
            language=language,
            warnings=warnings,
            attachments=attachments,
        )
        self._begin()
        return extraction

    def _row(self, cells: Sequence[str], kind: BlockKind, first: int) -> list[tuple[int, int]]:
        """The spans of the cells, none if all are empty. Block `first` begins a new table."""
        texts = [on_one_line(cell) for cell in cells]
        if not any(texts):
            return []
        self._add(_BEFORE + _BETWEEN.join(texts) + _AFTER, kind, is_apart=first == len(self._blocks))
        spans, at = [], self._blocks[-1].start + len(_BEFORE)
        for text in texts:
            spans.append((at, at + len(text)))
            at += len(text) + len(_BETWEEN)
        return spans

    def _add(self, text: str, kind: BlockKind, *, is_apart: bool = False, indent: int = 0) -> bool:
        if not text or text.isspace():
            return False
        gap = ("\n\n" if is_apart else self._gap(kind)) if self._blocks else ""
        gap += "  " * indent
        start = self._length + len(gap)
        self._parts += (gap, text)
        self._length = start + len(text)
        self._blocks.append(Block(start, self._length, kind))
        return True

    def _gap(self, kind: BlockKind) -> str:
        before = self._blocks[-1].kind if self._blocks else None
        is_close = (kind in _ROWS and before in _ROWS) or kind == before == "list_item"
        return "\n" if is_close else "\n\n"


def tidy(text: str) -> str:
    """`text` with runs of blanks as one space, and none at the ends of its lines."""
    return _AROUND_NEWLINE.sub("\n", _SPACES.sub(" ", clean(text))).strip()


def on_one_line(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:  # nearly all cells of a large table
        return text.strip(" ")
    return " ".join(clean(text).split())
