"""Extractions as blobs: compressed part by part, and a few parts of them kept at hand.

The file is a mark, one packed part after the other, a directory of them, and the directory's size.
"""

import asyncio
import zlib
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from footnote.modules.ingestion.models import Block, Extraction, Version, Word
from footnote.modules.ingestion.parts import BETWEEN, Outline
from footnote.platform.storage import BlobStore
from footnote.platform.storage.errors import BlobNotFound

KEPT_BYTES = 100_000_000
WORD_BYTES = 270  # of a word in memory, its numbers included; of what else has a span, at most
PART = 8192  # words or blocks decoded in one go: decoding holds the interpreter's lock, and the loop waits for it
MARK = b"FOOTNOTE-TEXT-2\n"
SIZE_BYTES = 8

T = TypeVar("T")


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One part: its span of the canonical text, and where in the file it stands."""

    start: int
    end: int
    at: int
    size: int


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """The directory of a stored extraction."""

    parts: list[Entry]
    pages: int
    characters: int


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """A stored part; each field is compressed."""

    frame: bytes  # the extraction without words and blocks
    words: list[bytes]
    blocks: list[bytes]


class ExtractionWriter:
    """Writes part after part, holding none of them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._outline = Outline()
        self._entries: list[Entry] = []
        self._at = file.write(MARK)
        self._pages = 0

    def add(self, part: Extraction) -> None:
        packed = pack(self._outline.enter(part))
        start = self._entries[-1].end + len(BETWEEN) if self._entries else 0
        self._entries.append(Entry(start, start + len(part.text), self._at, len(packed)))
        self._at += self._file.write(packed)
        self._pages += len(part.layout.pages)

    def close(self) -> Contents:
        """Write the directory. The file itself stays open."""
        characters = self._entries[-1].end if self._entries else 0
        contents = Contents(parts=self._entries, pages=self._pages, characters=characters)
        directory = _compressed(contents)
        self._file.write(directory + len(directory).to_bytes(SIZE_BYTES))
        return contents


def read_contents(path: Path) -> Contents:
    with path.open("rb") as file:
        if file.read(len(MARK)) != MARK:
            return _of_one_part(path)
        file.seek(-SIZE_BYTES, 2)
        size = int.from_bytes(file.read(SIZE_BYTES))
        file.seek(-SIZE_BYTES - size, 2)
        return _decompressed(file.read(size), Contents)


def read_part(path: Path, entry: Entry) -> Extraction:
    return unpack(_bytes(path, entry))


def read_parts(path: Path) -> Iterator[tuple[int, Extraction]]:
    """Where each part starts in the canonical text, and the part."""
    for entry in read_contents(path).parts:
        yield entry.start, read_part(path, entry)


def read_text(path: Path) -> str:
    """The canonical text."""
    return BETWEEN.join(_frame(_bytes(path, entry)).text for entry in read_contents(path).parts)


def pack(extraction: Extraction) -> bytes:
    layout = extraction.layout
    frame = msgspec.structs.replace(extraction, layout=msgspec.structs.replace(layout, words=(), blocks=()))
    return msgspec.msgpack.encode(_Packed(_compressed(frame), list(_cut(layout.words)), list(_cut(layout.blocks))))


def unpack(blob: bytes) -> Extraction:
    packed = msgspec.msgpack.decode(blob, type=_Packed)
    frame = _decompressed(packed.frame, Extraction)
    words = chain.from_iterable(_decompressed(part, list[Word]) for part in packed.words)
    blocks = chain.from_iterable(_decompressed(part, list[Block]) for part in packed.blocks)
    layout = msgspec.structs.replace(frame.layout, words=tuple(words), blocks=tuple(blocks))
    return msgspec.structs.replace(frame, layout=layout)


def weight(extraction: Extraction) -> int:
    """About how many bytes it takes in memory."""
    layout = extraction.layout
    spans = sum(map(len, (layout.words, layout.blocks, layout.moments, *(table.cells for table in layout.tables))))
    return 2 * len(extraction.text) + WORD_BYTES * spans


def _of_one_part(path: Path) -> Contents:
    """Footnote 0.1 stored an extraction whole, packed as a part is."""
    size = path.stat().st_size
    frame = _frame(path.read_bytes())
    entry = Entry(0, len(frame.text), 0, size)
    return Contents(parts=[entry], pages=len(frame.layout.pages), characters=entry.end)


def _bytes(path: Path, entry: Entry) -> bytes:
    with path.open("rb") as file:
        file.seek(entry.at)
        return file.read(entry.size)


def _frame(blob: bytes) -> Extraction:
    return _decompressed(msgspec.msgpack.decode(blob, type=_Packed).frame, Extraction)


def _cut(things: Sequence[object]) -> Iterator[bytes]:
    for start in range(0, len(things), PART):
        yield _compressed(things[start : start + PART])


def _compressed(thing: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(thing), 6)


def _decompressed(part: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(zlib.decompress(part), type=kind)


class StoredExtraction:
    """One extraction in the store, read a part at a time."""

    def __init__(self, store: "ExtractionStore", tenant: str, sha256: str, contents: Contents) -> None:
        self._store = store
        self._tenant = tenant
        self._sha256 = sha256
        self._contents = contents

    @property
    def characters(self) -> int:
        return self._contents.characters

    async def text(self) -> str:
        path = await self._store.path(self._tenant, self._sha256)
        with _translated(self._sha256):
            return await asyncio.to_thread(read_text, path)

    async def around(self, start: int, end: int) -> AsyncIterator[tuple[Extraction, int]]:
        """The parts that [start, end) of the canonical text touches, and where each starts.

        One after the other: a span may be as long as the document, and that need not fit into memory.
        """
        parts = self._contents.parts
        first = max(bisect_right(parts, start, key=attrgetter("start")) - 1, 0)
        last = max(bisect_left(parts, end, key=attrgetter("start")), first + 1)
        for entry in parts[first:last]:
            yield await self._store.part(self._tenant, self._sha256, entry), entry.start


class ExtractionStore:
    """Reads extractions; the most recently used parts stay in memory, together at most about `kept_bytes`."""

    def __init__(self, blobs: BlobStore, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._blobs = blobs
        self._room = kept_bytes
        self._kept: OrderedDict[tuple[str, str, int], Extraction] = OrderedDict()
        self._loading: dict[tuple[str, str, int], asyncio.Task[Extraction]] = {}

    async def open(self, tenant: str, version: Version) -> StoredExtraction:
        """
        Raises:
            BlobNotFound: The document was deleted meanwhile.
        """
        path = await self.path(tenant, version.extraction)
        with _translated(version.extraction):
            contents = await asyncio.to_thread(read_contents, path)
        return StoredExtraction(self, tenant, version.extraction, contents)

    async def path(self, tenant: str, sha256: str) -> Path:
        return await self._blobs.path(tenant, sha256)

    async def part(self, tenant: str, sha256: str, entry: Entry) -> Extraction:
        """
        Raises:
            BlobNotFound: The document was deleted meanwhile.
        """
        key = (tenant, sha256, entry.at)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._loading:
            self._loading[key] = asyncio.create_task(self._read(key, entry))
        # The task is shared: a caller that gives up must not end it for the others.
        return await asyncio.shield(self._loading[key])

    async def _read(self, key: tuple[str, str, int], entry: Entry) -> Extraction:
        tenant, sha256, _ = key
        try:
            path = await self.path(tenant, sha256)
            with _translated(sha256):
                part = await asyncio.to_thread(read_part, path, entry)
        finally:
            del self._loading[key]
        self._kept[key] = part
        while len(self._kept) > 1 and sum(map(weight, self._kept.values())) > self._room:
            self._kept.popitem(last=False)
        return part


@contextmanager
def _translated(sha256: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BlobNotFound(sha256) from None
