"""What every adapter of the chunk index does when it writes, publishes and removes."""

from typing import Any

import numpy as np
import pytest

from footnote.modules.retrieval import Box, Cells, Chunk, Passage, StaleFence
from footnote.platform.principal import Principal

Store = Any
ANN = Principal(tenant="acme", subject="ann")


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


async def test_a_published_chunk_is_found_by_word_and_by_embedding(store: Store) -> None:
    await store.add("d1", "the quick brown fox")
    assert texts(await store.words("foxes")) == texts(await store.near()) == ["the quick brown fox"]


async def test_an_unpublished_build_is_not_seen(store: Store) -> None:
    await store.write(store.build("d1"), "fox")
    assert await store.words("fox") == await store.near() == await store.index.passages(ANN, "d1") == ()


async def test_a_passage_carries_its_place(store: Store) -> None:
    box = Box(page=2, x0=1.5, y0=2, x1=3, y1=4)
    chunk = Chunk(start=5, end=8, text="fox", tokens=1, heading_path=("A", "B"), pages=(2,), boxes=(box,))
    await add_chunk(store, chunk, version=3)
    [passage] = await store.words("fox")
    assert (passage.document_id, passage.version, passage.title) == ("d1", 3, "Title")
    assert (passage.start, passage.end, passage.heading_path) == (5, 8, ("A", "B"))
    assert (passage.pages, passage.boxes) == ((2,), (box,))


async def test_a_passage_carries_cells_and_seconds(store: Store) -> None:
    cells = (Cells(sheet="Sums", range="A2:C3"),)
    await add_chunk(store, Chunk(start=5, end=8, text="fox", tokens=1, cells=cells, seconds=(1.5, 2.0)))
    [passage] = await store.words("fox")
    assert (passage.cells, passage.seconds) == (cells, (1.5, 2.0))


async def test_the_context_of_a_chunk_is_searched_and_not_quoted(store: Store) -> None:
    await add_chunk(store, Chunk(start=5, end=8, text="fox", tokens=1, context="| Animal |"))
    await store.describe("d1", title="Fresh")
    assert texts(await store.words("animals")) == ["fox"]


async def add_chunk(store: Store, chunk: Chunk, **build_changes: Any) -> None:
    build = store.build("d1", **build_changes)
    async with store.storage.transaction() as tx:
        await store.index.write(tx, build, "Title", [chunk], np.ones((1, 4), np.float32) / 2)
    await store.publish(build, store.card("d1", title="Title"))


async def test_what_is_written_is_known_by_kind_and_span(store: Store) -> None:
    build = store.build("d1")
    assert await store.index.written(build) == set()
    await store.write(build, "ab", "cde")
    assert await store.index.written(build) == {("child", 0, 2), ("child", 2, 5)}


async def test_writing_twice_stores_once(store: Store) -> None:
    build = store.build("d1")
    await store.write(build, "fox", "hen")
    await store.write(build, "fox", "hen")
    await store.publish(build, store.card("d1"))
    assert sorted(texts(await store.near())) == ["fox", "hen"]


async def test_embeddings_of_another_number_store_nothing(store: Store) -> None:
    build = store.build("d1")
    with pytest.raises(ValueError, match="zip"):
        await store.write(build, "fox", "hen", embeddings=[(1, 0, 0, 0)])
    assert await store.index.written(build) == set()


async def test_the_same_chunk_has_the_same_id_in_every_store(store: Store) -> None:
    await store.add("d1", "fox")
    [before] = await store.near()
    await store.remove("d1")
    await store.add("d1", "fox")
    [after] = await store.near()
    assert before.id == after.id


async def test_publishing_another_build_drops_the_first(store: Store) -> None:
    first = await store.add("d1", "fox", "hen")
    await store.add("d1", "owl", build_id="b2", fence=2)
    assert texts(await store.near()) == ["owl"]
    assert await store.words("fox") == ()
    assert await store.index.written(first) == set()


async def test_a_stale_fence_publishes_nothing(store: Store) -> None:
    await store.add("d1", "new", fence=7)
    with pytest.raises(StaleFence):
        await store.add("d1", "old", build_id="b2", fence=6)
    assert texts(await store.near()) == ["new"]


async def test_the_same_fence_may_publish_again(store: Store) -> None:
    await store.add("d1", "fox", fence=7)
    await store.add("d1", "fox", fence=7)
    assert texts(await store.near()) == ["fox"]


async def test_a_transaction_that_fails_publishes_nothing(store: Store) -> None:
    await store.add("d1", "old")
    build = store.build("d1", id="b2")
    await store.write(build, "new")
    with pytest.raises(RuntimeError):
        async with store.storage.transaction() as tx:
            await store.index.publish(tx, build, store.card("d1"), 2)
            raise RuntimeError
    assert texts(await store.near()) == texts(await store.words("old")) == ["old"]


async def test_removing_counts_builds_and_chunks_also_unpublished_ones(store: Store) -> None:
    await store.add("d1", "fox", "hen")
    await store.write(store.build("d1", id="b2"), "owl")
    assert await store.remove("d1") == (2, 3)
    assert await store.near() == await store.words("fox") == ()


async def test_removing_an_unknown_document_removes_nothing(store: Store) -> None:
    await store.add("d1", "fox")
    assert await store.remove("d1", tenant="other") == await store.remove("d2") == (0, 0)
    assert texts(await store.near()) == ["fox"]


async def test_a_new_title_is_searched_and_shown(store: Store) -> None:
    await store.add("d1", "text", title="Old")
    await store.describe("d1", title="Fresh")
    assert await store.words("old") == ()
    assert [passage.title for passage in await store.words("fresh")] == ["Fresh"]


async def test_describing_an_unpublished_document_publishes_nothing(store: Store) -> None:
    await store.write(store.build("d1"), "fox")
    await store.describe("d1", title="Fresh")
    assert await store.near() == ()


async def test_passages_of_a_document_come_in_reading_order(store: Store) -> None:
    await store.add("d1", "one", "two", "three")
    passages = await store.index.passages(ANN, "d1")
    assert texts(passages) == ["one", "two", "three"]
    assert {passage.score for passage in passages} == {0.0}
