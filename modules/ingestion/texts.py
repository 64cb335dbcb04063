"""Extractions as blobs: compressed, and a few of them kept at hand."""

import asyncio
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeVar

import msgspec

from footnote.modules.ingestion.models import Block, Extraction, Version, Word
from footnote.platform.storage import BlobStore

KEPT_BYTES = 400_000_000
WORD_BYTES = 270  # of a word in memory, its numbers included
PART = 8192  # words or blocks decoded in one go: decoding holds the interpreter's lock, and the loop waits for it

T = TypeVar("T")
Key = tuple[str, str]  # tenant, SHA-256


class Parts(msgspec.Struct, frozen=True, array_like=True):
    """A stored extraction; every part is compressed."""

    frame: bytes  # the extraction without words and blocks
    words: list[bytes]
    blocks: list[bytes]


def pack(extraction: Extraction) -> bytes:
    layout = extraction.layout
    frame = msgspec.structs.replace(extraction, layout=msgspec.structs.replace(layout, words=(), blocks=()))
    parts = Parts(_packed(frame), list(_cut(layout.words)), list(_cut(layout.blocks)))
    return msgspec.msgpack.encode(parts)


def unpack(blob: bytes) -> Extraction:
    parts = msgspec.msgpack.decode(blob, type=Parts)
    frame = _unpacked(parts.frame, Extraction)
    words = chain.from_iterable(_unpacked(part, list[Word]) for part in parts.words)
    blocks = chain.from_iterable(_unpacked(part, list[Block]) for part in parts.blocks)
    layout = msgspec.structs.replace(frame.layout, words=tuple(words), blocks=tuple(blocks))
    return msgspec.structs.replace(frame, layout=layout)


def weight(extraction: Extraction) -> int:
    """About how many bytes it takes in memory."""
    return 2 * len(extraction.text) + WORD_BYTES * len(extraction.layout.words)


def _cut(things: Sequence[object]) -> Iterator[bytes]:
    for start in range(0, len(things), PART):
        yield _packed(things[start : start + PART])


def _packed(thing: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(thing), 6)


def _unpacked(part: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(zlib.decompress(part), type=kind)


class ExtractionStore:
    """Reads extractions; the most recently used stay in memory, together at most about `kept_bytes`."""

    def __init__(self, blobs: BlobStore, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._blobs = blobs
        self._room = kept_bytes
        self._kept: OrderedDict[Key, Extraction] = OrderedDict()
        self._loading: dict[Key, asyncio.Task[Extraction]] = {}

    async def load(self, tenant: str, version: Version) -> Extraction:
        """
        Raises:
            BlobNotFound: The document was deleted meanwhile.
        """
        key = (tenant, version.extraction)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._loading:
            self._loading[key] = asyncio.create_task(self._read(key))
        # The task is shared: a caller that gives up must not end it for the others.
        return await asyncio.shield(self._loading[key])

    async def _read(self, key: Key) -> Extraction:
        try:
            extraction = await asyncio.to_thread(unpack, await self._blobs.read(*key))
        finally:
            del self._loading[key]
        self._kept[key] = extraction
        while len(self._kept) > 1 and sum(map(weight, self._kept.values())) > self._room:
            self._kept.popitem(last=False)
        return extraction
