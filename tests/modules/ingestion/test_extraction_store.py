"""Extractions survive packing, and are unpacked once for all who ask."""

import asyncio
from typing import Any

import pytest

from footnote.modules.ingestion import texts
from footnote.modules.ingestion.models import Block, Extraction, Heading, Layout, Page, Version, Word
from footnote.modules.ingestion.texts import ExtractionStore, pack, unpack
from footnote.platform.storage.errors import BlobNotFound


def extraction(words: int, text: str = "words ") -> Extraction:
    layout = Layout(
        pages=(Page(1, 595.0, 842.0, 0, 6 * words),),
        words=tuple(Word(6 * n, 6 * n + 5, 1, 10.5, n / 2, 20.25, n / 2 + 9) for n in range(words)),
        headings=(Heading(0, 5, 1),),
        blocks=tuple(Block(6 * n, 6 * n + 5, "paragraph") for n in range(words)),
    )
    return Extraction(text=text * words, layout=layout, media_type="application/pdf", language="en")


def version(name: str) -> Version:
    return Version(
        document_id="1",
        number=1,
        content="c",
        extraction=name,
        extractor="x/1",
        media_type="application/pdf",
        pages=1,
        characters=1,
        language=None,
    )


class PackedBlobs:
    """Counts how often each is read."""

    def __init__(self, **extractions: Extraction) -> None:
        self._packed = {name: pack(one) for name, one in extractions.items()}
        self.reads: list[str] = []

    async def read(self, tenant: str, sha256: str) -> bytes:
        self.reads.append(sha256)
        await asyncio.sleep(0)
        if sha256 not in self._packed:
            raise BlobNotFound(sha256)
        return self._packed[sha256]


@pytest.mark.parametrize("words", [0, 1, texts.PART, 2 * texts.PART + 1])
def test_an_extraction_survives_packing(words: int) -> None:
    assert unpack(pack(extraction(words))) == extraction(words)


async def test_those_who_ask_at_once_share_one_reading() -> None:
    blobs: Any = PackedBlobs(a=extraction(3))
    store = ExtractionStore(blobs)
    loaded = await asyncio.gather(*[store.load("t", version("a")) for _ in range(5)])
    assert (blobs.reads, {id(one) for one in loaded}) == (["a"], {id(loaded[0])})


async def test_the_longest_unused_makes_room() -> None:
    blobs: Any = PackedBlobs(a=extraction(3), b=extraction(3))
    store = ExtractionStore(blobs, kept_bytes=1)
    for name in "abba":
        assert await store.load("t", version(name)) == extraction(3)
    assert blobs.reads == ["a", "b", "a"]


async def test_asking_in_turns_with_little_room_is_no_error() -> None:
    blobs: Any = PackedBlobs(a=extraction(3), b=extraction(4))
    store = ExtractionStore(blobs, kept_bytes=1)
    loaded = await asyncio.gather(*[store.load("t", version(name)) for name in "ababab"])
    assert loaded == [extraction(3), extraction(4)] * 3


async def test_a_failure_is_forgotten() -> None:
    blobs: Any = PackedBlobs()
    store = ExtractionStore(blobs)
    for _ in range(2):
        with pytest.raises(BlobNotFound):
            await store.load("t", version("a"))
    assert blobs.reads == ["a", "a"]


async def test_one_who_gives_up_does_not_end_it_for_the_others() -> None:
    blobs: Any = PackedBlobs(a=extraction(3))
    store = ExtractionStore(blobs)
    hasty, patient = (asyncio.create_task(store.load("t", version("a"))) for _ in range(2))
    await asyncio.sleep(0)
    hasty.cancel()
    assert await patient == extraction(3)
