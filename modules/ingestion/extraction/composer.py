"""Builds the canonical text of formats without pages, block by block."""

import re

from footnote.modules.ingestion.extraction.decoding import clean
from footnote.modules.ingestion.models import Block, BlockKind, Extraction, Heading, Layout

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_NEWLINE = re.compile(r" ?\n ?")
_CLOSE = frozenset({"list_item", "table_row", "table_header"})  # kinds that stand on neighbouring lines


class Composer:
    """Blocks in reading order; paragraphs are set apart by a blank line, items and rows by a newline."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._headings: list[Heading] = []

    def heading(self, text: str, level: int) -> None:
        if self._add(_on_one_line(text), "heading"):
            block = self._blocks[-1]
            self._headings.append(Heading(block.start, block.end, level))

    def block(self, text: str, kind: BlockKind = "paragraph") -> None:
        for part in tidy(text).split("\n\n"):
            self._add(part.strip("\n"), kind)

    def row(self, cells: list[str], kind: BlockKind = "table_row") -> None:
        """One line of a table; a row of empty cells adds nothing."""
        if any(cells):
            self._add(" | ".join(_on_one_line(cell) for cell in cells).strip(), kind)

    def code(self, text: str) -> None:
        self._add(clean(text).strip("\n").rstrip(), "code")

    def build(
        self, media_type: str, *, title: str | None = None, language: str | None = None, warnings: tuple[str, ...] = ()
    ) -> Extraction:
        return Extraction(
            text="".join(self._parts),
            layout=Layout(headings=tuple(self._headings), blocks=tuple(self._blocks)),
            media_type=media_type,
            title=_on_one_line(title or "") or None,
            language=language,
            warnings=warnings,
        )

    def _add(self, text: str, kind: BlockKind) -> bool:
        if not text or text.isspace():
            return False
        gap = self._gap(kind)
        start = self._length + len(gap)
        self._parts += (gap, text)
        self._length = start + len(text)
        self._blocks.append(Block(start, self._length, kind))
        return True

    def _gap(self, kind: BlockKind) -> str:
        if not self._blocks:
            return ""
        return "\n" if kind in _CLOSE and self._blocks[-1].kind in _CLOSE else "\n\n"


def tidy(text: str) -> str:
    """`text` with runs of blanks as one space, and none at the ends of its lines."""
    return _AROUND_NEWLINE.sub("\n", _SPACES.sub(" ", clean(text))).strip()


def _on_one_line(text: str) -> str:
    return " ".join(clean(text).split())
