"""Tables apart from the text around them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from footnote.modules.ingestion.chunking.packing import Packer
from footnote.modules.ingestion.chunking.part import Part
from footnote.modules.ingestion.chunking.sections import Section, Unit
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk, Kind
from footnote.platform.inference import Tokenizer

REVISION = 1  # raise it when the same settings cut otherwise

Placed = tuple[int | None, Section, Unit]  # the table that the unit goes with, and the section it is of


class TableChunker:
    """Each table has chunks of its own, of kind "table" and split by rows; text elsewhere is cut along its structure.

    Headings right before a table go with it.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = 256, overlap: float = 0.15) -> None:
        """As for the structure chunker."""
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._overlap = overlap

    @property
    def signature(self) -> str:
        return f"table-{REVISION}/{self._max_tokens}/{self._overlap:g}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """The chunks in reading order; together they hold all of the text but white space and furniture."""
        part = Part(self._tokenizer, extraction, title, self._max_tokens)
        return part.finished([draft for run in part.runs() for draft in self._drafts(part, run)])

    def _drafts(self, part: Part, run: Sequence[Section]) -> Iterator[Chunk]:
        for is_table, sections in _apart(run):
            for draft in Packer(self._overlap).pack(sections):
                kind: Kind = "table" if is_table else "child"
                yield part.chunk(draft.start, draft.end, draft.section.path, kind=kind)


def _apart(run: Sequence[Section]) -> Iterator[tuple[bool, list[Section]]]:
    """Whether it is a table, and the sections or parts of sections that belong together."""
    for table, units in groupby(_placed(run), itemgetter(0)):
        sections = groupby(units, itemgetter(1))
        yield table is not None, [replace(section, units=tuple(map(itemgetter(2), some))) for section, some in sections]


def _placed(run: Sequence[Section]) -> list[Placed]:
    placed: list[Placed] = []
    table: int | None = None
    for section in reversed(run):
        for unit in reversed(section.units):
            table = table if unit.is_heading else unit.table
            placed.append((table, section, unit))
    return placed[::-1]
