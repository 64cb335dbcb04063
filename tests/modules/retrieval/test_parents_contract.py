"""Small to find, large to read: what every adapter of the chunk index does with parents and their children."""

from typing import Any

import numpy as np
import pytest

from footnote.modules.retrieval import Build, Chunk
from footnote.platform.principal import Principal

Store = Any
ANN = Principal(tenant="acme", subject="ann")
TEXT = "the quick fox. the lazy hen. an old owl."
PARENT = Chunk(start=0, end=28, text=TEXT[:28], tokens=8, kind="parent")
FOX = Chunk(start=0, end=14, text=TEXT[:14], tokens=4, parent=(0, 28))
HEN = Chunk(start=15, end=28, text=TEXT[15:28], tokens=4, parent=(0, 28))
OWL = Chunk(start=29, end=40, text=TEXT[29:], tokens=4)
ROWS = np.array([(1, 0, 0, 0), (0.8, 0.6, 0, 0), (0, 1, 0, 0)], np.float32)


async def add(store: Store, document_id: str = "d1", **described: Any) -> Build:
    build: Build = store.build(document_id)
    await write(store, build, [PARENT, FOX, HEN, OWL], ROWS)
    await store.publish(build, store.card(document_id, **described))
    return build


async def write(store: Store, build: Build, chunks: list[Chunk], rows: Any) -> None:
    async with store.storage.transaction() as tx:
        await store.index.write(tx, build, "", chunks, rows)


async def test_a_found_child_is_read_as_its_parent(store: Store) -> None:
    await add(store)
    [passage] = await store.words("hen")
    assert (passage.start, passage.end, passage.text) == (0, 28, TEXT[:28])


async def test_children_of_one_parent_are_one_passage(store: Store) -> None:
    await add(store)
    found = await store.near((1, 0, 0, 0))
    assert [(passage.start, passage.scores.dense, passage.ranks.dense) for passage in found] == [(0, 1, 1), (29, 0, 3)]


async def test_a_passage_is_named_as_the_chunk_that_is_read(store: Store) -> None:
    build = await add(store)
    assert [passage.id for passage in await store.words("hen owl")] == [build.chunk_id(PARENT), build.chunk_id(OWL)]


async def test_the_words_of_a_parent_do_not_make_a_word_more_common(store: Store) -> None:
    await store.add("d1", FOX.text, HEN.text, OWL.text, build_id="b0")
    [without] = await store.words("fox")
    await add(store)
    [passage] = await store.words("fox")
    assert (passage.score, passage.end) == (without.score, 28)


async def test_passages_of_a_document_are_what_can_be_found(store: Store) -> None:
    await add(store)
    assert [passage.start for passage in await store.index.passages(ANN, "d1")] == [0, 15, 29]


async def test_parents_are_known_as_written(store: Store) -> None:
    build = await add(store)
    assert ("parent", 0, 28) in await store.index.written(build)


async def test_children_may_come_after_their_parent_was_written(store: Store) -> None:
    build = store.build("d1")
    await write(store, build, [PARENT, FOX], ROWS[:1])
    await write(store, build, [HEN, OWL], ROWS[1:])
    await store.publish(build, store.card("d1"))
    assert [passage.start for passage in await store.words("hen")] == [0]


async def test_a_child_without_its_parent_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="before its parent"):
        await write(store, store.build("d1"), [FOX], ROWS[:1])


async def test_a_parent_goes_with_its_children(store: Store) -> None:
    await add(store)
    assert await store.remove("d1") == (1, 4)
    assert await store.words("fox") == await store.index.passages(ANN, "d1") == ()


async def test_another_process_reads_parents_too(store: Store) -> None:
    other = await store.again()
    await other.near()
    await add(store)
    assert [passage.text for passage in await other.words("fox")] == [TEXT[:28]]


async def test_a_new_title_finds_the_parent(store: Store) -> None:
    await add(store, title="Old")
    await store.describe("d1", title="Fresh")
    assert [passage.start for passage in await store.words("fresh")] == [0, 29]
