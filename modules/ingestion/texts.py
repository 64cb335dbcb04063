"""Extractions as blobs: compressed, and a few of them kept at hand."""

import asyncio
import zlib
from collections import OrderedDict
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction import extract
from footnote.modules.ingestion.models import Extraction, Version
from footnote.platform.storage import BlobStore

KEPT_CHARACTERS = 20_000_000


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """An extraction as it is stored, and the facts that must be known without unpacking it."""

    blob: bytes
    pages: int
    characters: int
    language: str | None


def extract_packed(path: Path, media_type: str) -> Packed:
    """Extract and compress in one go: runs in a child process, and less travels back."""
    extraction = extract(path, media_type)
    return Packed(
        blob=pack(extraction),
        pages=len(extraction.layout.pages),
        characters=len(extraction.text),
        language=extraction.language,
    )


def pack(extraction: Extraction) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(extraction), 6)


def unpack(blob: bytes) -> Extraction:
    return msgspec.msgpack.decode(zlib.decompress(blob), type=Extraction)


class ExtractionStore:
    """Reads extractions; the most recently used stay in memory up to a number of characters."""

    def __init__(self, blobs: BlobStore, *, kept_characters: int = KEPT_CHARACTERS) -> None:
        self._blobs = blobs
        self._room = kept_characters
        self._kept: OrderedDict[tuple[str, str], Extraction] = OrderedDict()

    async def load(self, tenant: str, version: Version) -> Extraction:
        """
        Raises:
            BlobNotFound: The document was deleted meanwhile.
        """
        key = (tenant, version.extraction)
        if key not in self._kept:
            blob = await self._blobs.read(*key)
            self._keep(key, await asyncio.to_thread(unpack, blob))
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[str, str], extraction: Extraction) -> None:
        self._kept[key] = extraction
        while len(self._kept) > 1 and sum(len(kept.text) for kept in self._kept.values()) > self._room:
            self._kept.popitem(last=False)
