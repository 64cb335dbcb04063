"""Extractions survive packing, and are unpacked once for all who ask."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from footnote.modules.ingestion.models import Block, Extraction, Heading, Layout, Outer, Page, Version, Word
from footnote.modules.ingestion.packed import PART, WORD_BYTES, PackedPart, pack, unpack
from footnote.modules.ingestion.texts import ExtractionStore, ExtractionWriter, StoredExtraction
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


class FilesOfBlobs:
    """Counts how often the path of each is asked for."""

    def __init__(self, folder: Path, **extractions: list[Extraction]) -> None:
        self._folder = folder
        self.asked: list[str] = []
        for name, parts in extractions.items():
            with (folder / name).open("wb") as file:
                writer = ExtractionWriter(file)
                for part in parts:
                    writer.add(part)
                writer.close()

    async def path(self, tenant: str, sha256: str) -> Path:
        self.asked.append(sha256)
        await asyncio.sleep(0)
        if not (self._folder / sha256).exists():
            raise BlobNotFound(sha256)
        return self._folder / sha256


async def first_of(stored: StoredExtraction, start: int, end: int) -> tuple[Extraction, int]:
    return await anext(stored.around(start, end))


@pytest.mark.parametrize("words", [0, 1, PART, 2 * PART + 1])
def test_a_part_survives_packing(words: int) -> None:
    assert unpack(pack(extraction(words))) == extraction(words)


@pytest.mark.parametrize("length", [1, 6, 6 * PART + 1])
@pytest.mark.parametrize("start", [0, 6 * PART - 1, 6 * PART, 6 * PART + 6, 18 * PART - 1])
def test_of_a_packed_part_all_words_that_a_span_touches_are_there(start: int, length: int) -> None:
    whole = extraction(3 * PART)
    around = PackedPart(pack(whole)).around(start, start + length)
    touched = [word for word in whole.layout.words if word.start < start + length and word.end > start]
    assert set(touched) <= set(around.layout.words)
    assert around.text == whole.text
    assert around.layout.blocks == whole.layout.blocks


def test_a_packed_part_grows_only_by_the_words_that_were_asked_for() -> None:
    part = PackedPart(pack(extraction(3 * PART)))
    before = part.weight
    part.around(6 * PART, 6 * PART + 5)
    assert 0 < part.weight - before <= PART * WORD_BYTES
    assert part.around(6 * PART, 6 * PART + 5).layout.words == extraction(3 * PART).layout.words[PART : 2 * PART]


async def test_the_text_is_that_of_the_parts_with_blank_lines_between(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(1), extraction(2)])
    stored = await ExtractionStore(blobs).open("t", version("a"))
    assert await stored.text() == "words \n\nwords words "
    assert stored.characters == len("words \n\nwords words ")


@pytest.mark.parametrize(("start", "end", "base"), [(0, 5, 0), (8, 13, 8), (9, 10, 8), (3, 10, 0), (18, 19, 8)])
async def test_a_span_is_found_in_its_part(tmp_path: Path, start: int, end: int, base: int) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(1), extraction(2), extraction(3)])
    stored = await ExtractionStore(blobs).open("t", version("a"))
    part, found = await first_of(stored, start, end)
    assert found == base
    piece = (part.text + "\n\n")[start - base : end - base]
    assert piece
    assert (await stored.text())[start:end].startswith(piece)


async def test_a_part_knows_the_headings_above_it(tmp_path: Path) -> None:
    plain = Extraction(text="After.", layout=Layout(blocks=(Block(0, 6, "paragraph"),)), media_type="text/plain")
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(1), plain])
    part, _ = await first_of(await ExtractionStore(blobs).open("t", version("a")), 9, 12)
    assert part.layout.outer == (Outer("words", 1),)


async def test_an_extraction_stored_whole_by_an_earlier_release_is_read(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path)
    (tmp_path / "a").write_bytes(pack(extraction(3)))
    stored = await ExtractionStore(blobs).open("t", version("a"))
    assert await stored.text() == "words words words "
    assert await first_of(stored, 6, 11) == (extraction(3), 0)


async def test_those_who_ask_at_once_share_one_reading(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(3)])
    stored = await ExtractionStore(blobs).open("t", version("a"))
    found = await asyncio.gather(*[first_of(stored, 0, 5) for _ in range(5)])
    assert found == 5 * [(extraction(3), 0)]
    assert blobs.asked == ["a", "a"]


async def test_the_longest_unused_makes_room(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(3)], b=[extraction(3)])
    store = ExtractionStore(blobs, kept_bytes=1)
    stored = {name: await store.open("t", version(name)) for name in "ab"}
    blobs.asked.clear()
    for name in "abba":
        assert (await first_of(stored[name], 0, 5))[0] == extraction(3)
    assert blobs.asked == ["a", "b", "a"]


async def test_what_is_forgotten_is_read_again(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(3)])
    store = ExtractionStore(blobs)
    for _ in range(2):
        await first_of(await store.open("t", version("a")), 0, 5)
    store.forget()
    await first_of(await store.open("t", version("a")), 0, 5)
    assert blobs.asked == 4 * ["a"]


async def test_a_failure_is_forgotten(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(3)])
    stored = await ExtractionStore(blobs).open("t", version("a"))
    (tmp_path / "a").rename(tmp_path / "b")
    with pytest.raises(BlobNotFound):
        await first_of(stored, 0, 5)
    (tmp_path / "b").rename(tmp_path / "a")
    assert (await first_of(stored, 0, 5))[0] == extraction(3)


async def test_one_who_gives_up_does_not_end_it_for_the_others(tmp_path: Path) -> None:
    blobs: Any = FilesOfBlobs(tmp_path, a=[extraction(3)])
    stored = await ExtractionStore(blobs).open("t", version("a"))
    hasty, patient = (asyncio.create_task(first_of(stored, 0, 5)) for _ in range(2))
    await asyncio.sleep(0)
    hasty.cancel()
    assert (await patient)[0] == extraction(3)
