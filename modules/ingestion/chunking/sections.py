"""A text as chunkers see it: sections of units that should stay whole."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from footnote.modules.ingestion.chunking.headers import Header
from footnote.modules.ingestion.chunking.tables import ROWS, Tables
from footnote.modules.ingestion.chunking.tokens import Tokens
from footnote.modules.ingestion.models import Block, Extraction
from footnote.modules.ingestion.places import heading_path
from footnote.platform.text import sentence_spans


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, item, row, line of code or heading, or a part of one that is too long."""

    start: int
    end: int
    tokens: int
    block: int  # index of the block that it is part of
    is_heading: bool = False
    table: int | None = None  # where the table starts that it is a row of
    lead: int = 0  # tokens of the context that a chunk carries which begins here


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, the heading included."""

    path: tuple[str, ...]
    room: int  # tokens that title and path leave to the text
    units: tuple[Unit, ...]

    @property
    def tokens(self) -> int:
        return count(self.units)


def count(units: Sequence[Unit]) -> int:
    return sum(unit.tokens for unit in units)


class Sectioner:
    def __init__(self, extraction: Extraction, header: Header, tokens: Tokens, tables: Tables) -> None:
        self._extraction = extraction
        self._header = header
        self._tokens = tokens
        self._tables = tables

    def runs(self) -> Iterator[list[Section]]:
        """The sections, in runs between which there is furniture: no chunk reaches across."""
        blocks = enumerate(self._extraction.layout.blocks)
        for is_furniture, run in groupby(blocks, lambda each: each[1].kind == "furniture"):
            if not is_furniture:
                yield [self._section(section) for section in _sections(run)]

    def _section(self, blocks: Sequence[tuple[int, Block]]) -> Section:
        path = self._header.shortened(heading_path(self._extraction, blocks[0][1].start))
        room = self._header.room(path)
        units = tuple(unit for index, block in blocks for unit in self._units(index, block, path, room))
        return Section(path, room, units)

    def _units(self, index: int, block: Block, path: tuple[str, ...], room: int) -> Iterator[Unit]:
        if block.kind in ROWS:
            yield from self._rows(index, block, path, room)
            return
        for part_start, part_end in self._parts(block):
            for start, end in self._pieces(part_start, part_end, room):
                yield Unit(start, end, self._tokens.count(start, end), index, block.kind == "heading")

    def _rows(self, index: int, block: Block, path: tuple[str, ...], room: int) -> Iterator[Unit]:
        """The row, in pieces if it is too long even alone."""
        rows = self._tables.at(block.start)
        for start, end in self._pieces(block.start, block.end, room - self._lead(block.end - 1, path, room)):
            tokens, lead = self._tokens.count(start, end), self._lead(start, path, room)
            yield Unit(start, end, tokens, index, table=rows.start if rows else None, lead=lead)

    def _lead(self, position: int, path: tuple[str, ...], room: int) -> int:
        context = self._header.shortened_context(self._tables.context(position, path))
        return room - self._header.room(path, context)

    def _parts(self, block: Block) -> Iterator[tuple[int, int]]:
        text = self._extraction.text[block.start : block.end]
        match block.kind:
            case "paragraph" | "list_item":
                for start, end in sentence_spans(text):
                    yield block.start + start, block.start + end
            case "code":
                yield from _lines(text, block.start)
            case _:
                yield block.start, block.end

    def _pieces(self, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
        """The span, cut between words where it has more than `room` tokens."""
        while (cut := self._tokens.cut(start, end, room)) < end:
            yield start, self._tokens.stripped(start, cut)
            start = cut
        yield start, end


def clipped(sections: Iterable[Section], tokens: Tokens, start: int, end: int) -> Iterator[Section]:
    """What of the sections stands in the span."""
    for section in sections:
        inner = tuple(within(section.units, tokens, start, end))
        if inner:
            yield replace(section, units=inner)


def within(units: Sequence[Unit], tokens: Tokens, start: int, end: int) -> Iterator[Unit]:
    """What of the units stands in the span."""
    first = bisect_right(units, start, key=lambda unit: unit.end)
    for unit in units[first : bisect_left(units, end, key=lambda unit: unit.start)]:
        if start <= unit.start and unit.end <= end:
            yield unit
        else:
            inner = max(unit.start, start), min(unit.end, end)
            yield replace(unit, start=inner[0], end=inner[1], tokens=tokens.count(*inner))


def _sections(blocks: Iterable[tuple[int, Block]]) -> Iterator[list[tuple[int, Block]]]:
    section: list[tuple[int, Block]] = []
    for index, block in blocks:
        if block.kind == "heading" and section:
            yield section
            section = []
        section.append((index, block))
    yield section


def _lines(text: str, offset: int) -> Iterator[tuple[int, int]]:
    for line in text.splitlines(keepends=True):
        if words := line.rstrip():
            yield offset + len(words) - len(words.lstrip()), offset + len(words)
        offset += len(line)
