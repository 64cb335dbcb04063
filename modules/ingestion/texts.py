"""Extractions as blobs: compressed part by part, and those parts kept at hand that were used last.

The file is a mark, one packed part after the other, a directory of them, and the directory's size.
"""

import asyncio
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

import msgspec

from footnote.modules.ingestion.models import Extraction, Version
from footnote.modules.ingestion.packed import PackedPart, compressed, decompressed, pack, read_frame, unpack
from footnote.modules.ingestion.parts import BETWEEN, Outline
from footnote.platform.storage import BlobStore
from footnote.platform.storage.errors import BlobNotFound

KEPT_BYTES = 100_000_000
KEPT_CONTENTS = 1024  # extractions whose directory stays at hand; of a report it takes a few hundred bytes
MARK = b"FOOTNOTE-TEXT-2\n"
SIZE_BYTES = 8


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
        directory = compressed(contents)
        self._file.write(directory + len(directory).to_bytes(SIZE_BYTES))
        return contents


def read_contents(path: Path) -> Contents:
    with path.open("rb") as file:
        if file.read(len(MARK)) != MARK:
            return _of_one_part(path)
        file.seek(-SIZE_BYTES, 2)
        size = int.from_bytes(file.read(SIZE_BYTES))
        file.seek(-SIZE_BYTES - size, 2)
        return decompressed(file.read(size), Contents)


def read_part(path: Path, entry: Entry) -> Extraction:
    return unpack(read_packed(path, entry))


def read_packed(path: Path, entry: Entry) -> bytes:
    with path.open("rb") as file:
        file.seek(entry.at)
        return file.read(entry.size)


def read_parts(path: Path) -> Iterator[tuple[int, Extraction]]:
    """Where each part starts in the canonical text, and the part."""
    for entry in read_contents(path).parts:
        yield entry.start, read_part(path, entry)


def read_text(path: Path) -> str:
    """The canonical text."""
    return BETWEEN.join(read_frame(read_packed(path, entry)).text for entry in read_contents(path).parts)


def _of_one_part(path: Path) -> Contents:
    """Footnote 0.1 stored an extraction whole, packed as a part is."""
    size = path.stat().st_size
    frame = read_frame(path.read_bytes())
    entry = Entry(0, len(frame.text), 0, size)
    return Contents(parts=[entry], pages=len(frame.layout.pages), characters=entry.end)


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

        Of their words, only some around the span. One after the other: a span may be as long as the document, and that
        need not fit into memory.
        """
        parts = self._contents.parts
        first = max(bisect_right(parts, start, key=attrgetter("start")) - 1, 0)
        last = max(bisect_left(parts, end, key=attrgetter("start")), first + 1)
        for entry in parts[first:last]:
            span = (max(0, start - entry.start), end - entry.start)
            yield await self._store.around(self._tenant, self._sha256, entry, span), entry.start


class ExtractionStore:
    """Reads extractions; the most recently used parts stay in memory, together at most about `kept_bytes`."""

    def __init__(self, blobs: BlobStore, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._blobs = blobs
        self._room = kept_bytes
        self._contents: OrderedDict[tuple[str, str], Contents] = OrderedDict()
        self._kept: OrderedDict[tuple[str, str, int], PackedPart] = OrderedDict()
        self._loading: dict[tuple[str, str, int], asyncio.Task[PackedPart]] = {}

    async def open(self, tenant: str, version: Version) -> StoredExtraction:
        """
        Raises:
            BlobNotFound: The document was deleted meanwhile.
        """
        key = (tenant, version.extraction)
        contents = self._contents.get(key)
        if contents is None:
            path = await self.path(*key)
            with _translated(version.extraction):
                contents = await asyncio.to_thread(read_contents, path)
            self._contents[key] = contents
            if len(self._contents) > KEPT_CONTENTS:
                self._contents.popitem(last=False)
        return StoredExtraction(self, *key, contents)

    def forget(self) -> None:
        """Nothing of any extraction stays in memory."""
        self._contents.clear()
        self._kept.clear()

    async def path(self, tenant: str, sha256: str) -> Path:
        return await self._blobs.path(tenant, sha256)

    async def around(self, tenant: str, sha256: str, entry: Entry, span: tuple[int, int]) -> Extraction:
        """The part with the words that `span` of its text touches, and perhaps others.

        Raises:
            BlobNotFound: The document was deleted meanwhile.
        """
        part = await self._part((tenant, sha256, entry.at), entry)
        before = part.weight
        found = await asyncio.to_thread(part.around, *span)
        if part.weight != before:
            self._make_room()
        return found

    async def _part(self, key: tuple[str, str, int], entry: Entry) -> PackedPart:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._loading:
            self._loading[key] = asyncio.create_task(self._read(key, entry))
        # The task is shared: a caller that gives up must not end it for the others.
        return await asyncio.shield(self._loading[key])

    async def _read(self, key: tuple[str, str, int], entry: Entry) -> PackedPart:
        tenant, sha256, _ = key
        try:
            path = await self.path(tenant, sha256)
            with _translated(sha256):
                part = await asyncio.to_thread(lambda: PackedPart(read_packed(path, entry)))
        finally:
            del self._loading[key]
        self._kept[key] = part
        self._make_room()
        return part

    def _make_room(self) -> None:
        while len(self._kept) > 1 and sum(part.weight for part in self._kept.values()) > self._room:
            self._kept.popitem(last=False)


@contextmanager
def _translated(sha256: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BlobNotFound(sha256) from None
