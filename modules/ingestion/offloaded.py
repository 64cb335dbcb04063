"""What runs in a child process, with its time and memory limited: reading a file, and cutting its text.

Outcomes travel packed: the server only ever unpacks a little at a time.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from footnote.modules.ingestion.extraction import extract
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.texts import pack, unpack
from footnote.modules.retrieval import Chunk


class Chunker(Protocol):
    """Picklable."""

    @property
    def signature(self) -> str:
        """Whatever decides what `chunk` yields."""
        ...

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]: ...


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """An extraction as it is stored, and the facts that must be known without unpacking it."""

    blob: bytes
    pages: int
    characters: int
    language: str | None
    warnings: tuple[str, ...]


class PackedChunks(msgspec.Struct, frozen=True, kw_only=True):
    count: int
    groups: list[bytes]

    def unpacked(self) -> Iterator[list[Chunk]]:
        for group in self.groups:
            yield msgspec.msgpack.decode(group, type=list[Chunk])


def extract_packed(path: Path, media_type: str) -> Packed:
    extraction = extract(path, media_type)
    return Packed(
        blob=pack(extraction),
        pages=len(extraction.layout.pages),
        characters=len(extraction.text),
        language=extraction.language,
        warnings=extraction.warnings,
    )


def chunk_packed(path: Path, chunker: Chunker, title: str, group: int) -> PackedChunks:
    """The chunks of the packed extraction at `path`, `group` of them together."""
    chunks = chunker.chunk(unpack(path.read_bytes()), title)
    return PackedChunks(count=len(chunks), groups=[msgspec.msgpack.encode(some) for some in groups(chunks, group)])


def groups(chunks: Sequence[Chunk], size: int) -> Iterator[Sequence[Chunk]]:
    for start in range(0, len(chunks), size):
        yield chunks[start : start + size]
