"""Parts of an extraction: where they stand in the whole, and how neighbours become one."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from footnote.modules.ingestion.models import Block, Cell, Extraction, Heading, Layout, Moment, Outer, Page, Table, Word

BETWEEN = "\n\n"  # parts, in the canonical text

Span = TypeVar("Span", Page, Word, Heading, Block, Cell, Moment)


class Outline:
    """The headings that hold after the parts so far."""

    def __init__(self) -> None:
        self._path: list[Outer] = []

    def enter(self, part: Extraction) -> Extraction:
        """`part` with the headings above it; those inside it hold from then on."""
        entered = msgspec.structs.replace(part, layout=msgspec.structs.replace(part.layout, outer=tuple(self._path)))
        for heading in part.layout.headings:
            self._path = [outer for outer in self._path if outer.level < heading.level]
            self._path.append(Outer(" ".join(part.text[heading.start : heading.end].split()), heading.level))
        return entered


def joined(parts: Sequence[Extraction]) -> Extraction:
    """Neighbouring parts as one; there is at least one."""
    if len(parts) == 1:
        return parts[0]
    starts, length = [], 0
    for part in parts:
        starts.append(length)
        length += len(part.text) + len(BETWEEN)
    layouts = [_shifted(part.layout, start) for part, start in zip(parts, starts, strict=True)]
    return msgspec.structs.replace(
        parts[0],
        text=BETWEEN.join(part.text for part in parts),
        layout=Layout(
            pages=tuple(page for layout in layouts for page in layout.pages),
            words=tuple(word for layout in layouts for word in layout.words),
            headings=tuple(heading for layout in layouts for heading in layout.headings),
            blocks=tuple(block for layout in layouts for block in layout.blocks),
            tables=tuple(table for layout in layouts for table in layout.tables),
            moments=tuple(moment for layout in layouts for moment in layout.moments),
            outer=layouts[0].outer,
        ),
        title=next((part.title for part in parts if part.title), None),
        language=next((part.language for part in parts if part.language), None),
        warnings=tuple(warning for part in parts for warning in part.warnings),
        attachments=tuple(attachment for part in parts for attachment in part.attachments),
    )


def _shifted(layout: Layout, by: int) -> Layout:
    return Layout(
        pages=_moved(layout.pages, by),
        words=_moved(layout.words, by),
        headings=_moved(layout.headings, by),
        blocks=_moved(layout.blocks, by),
        tables=tuple(
            Table(table.start + by, table.end + by, _moved(table.cells, by), table.sheet) for table in layout.tables
        ),
        moments=_moved(layout.moments, by),
        outer=layout.outer,
    )


def _moved(spans: Iterable[Span], by: int) -> tuple[Span, ...]:
    return tuple(msgspec.structs.replace(span, start=span.start + by, end=span.end + by) for span in spans)
