"""What every adapter of the chunk index does when it writes, publishes and removes."""

from typing import Any

import numpy as np
import pytest
from support.shelf import ANN, Shelf

from footnote.modules.retrieval import Box, Cells, Chunk, Passage, StaleFence


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


async def test_a_published_chunk_is_found_by_word_and_by_embedding(shelf: Shelf) -> None:
    await shelf.add("d1", "the quick brown fox")
    assert texts(await shelf.words("foxes")) == texts(await shelf.near()) == ["the quick brown fox"]


async def test_an_unpublished_build_is_not_seen(shelf: Shelf) -> None:
    await shelf.write(shelf.build("d1"), "fox")
    assert await shelf.words("fox") == await shelf.near() == await shelf.index.passages(ANN, "d1") == ()


async def test_a_passage_carries_its_place(shelf: Shelf) -> None:
    box = Box(page=2, x0=1.5, y0=2, x1=3, y1=4)
    chunk = Chunk(start=5, end=8, text="fox", tokens=1, heading_path=("A", "B"), pages=(2,), boxes=(box,))
    await add_chunk(shelf, chunk, version=3)
    [passage] = await shelf.words("fox")
    assert (passage.document_id, passage.version, passage.title) == ("d1", 3, "Title")
    assert (passage.start, passage.end, passage.heading_path) == (5, 8, ("A", "B"))
    assert (passage.pages, passage.boxes) == ((2,), (box,))


async def test_a_passage_carries_cells_and_seconds(shelf: Shelf) -> None:
    cells = (Cells(sheet="Sums", range="A2:C3"),)
    await add_chunk(shelf, Chunk(start=5, end=8, text="fox", tokens=1, cells=cells, seconds=(1.5, 2.0)))
    [passage] = await shelf.words("fox")
    assert (passage.cells, passage.seconds) == (cells, (1.5, 2.0))


async def test_the_context_of_a_chunk_is_searched_and_not_quoted(shelf: Shelf) -> None:
    await add_chunk(shelf, Chunk(start=5, end=8, text="fox", tokens=1, context="| Animal |"))
    await shelf.describe("d1", title="Fresh")
    [passage] = await shelf.words("animals")
    assert (passage.text, passage.context) == ("fox", "| Animal |")


async def add_chunk(shelf: Shelf, chunk: Chunk, **build_changes: Any) -> None:
    build = shelf.build("d1", **build_changes)
    await shelf.write_chunks(build, [chunk], np.ones((1, 4), np.float32) / 2, title="Title")
    await shelf.publish(build, shelf.card("d1", title="Title"))


async def test_what_is_written_is_known_by_kind_and_span(shelf: Shelf) -> None:
    build = shelf.build("d1")
    assert await shelf.index.written(build) == set()
    await shelf.write(build, "ab", "cde")
    assert await shelf.index.written(build) == {("child", 0, 2), ("child", 2, 5)}


async def test_writing_twice_stores_once(shelf: Shelf) -> None:
    build = shelf.build("d1")
    await shelf.write(build, "fox", "hen")
    await shelf.write(build, "fox", "hen")
    await shelf.publish(build, shelf.card("d1"))
    assert sorted(texts(await shelf.near())) == ["fox", "hen"]


async def test_embeddings_of_another_number_store_nothing(shelf: Shelf) -> None:
    build = shelf.build("d1")
    with pytest.raises(ValueError, match="zip"):
        await shelf.write(build, "fox", "hen", embeddings=[(1, 0, 0, 0)])
    assert await shelf.index.written(build) == set()


async def test_the_same_chunk_has_the_same_id_in_every_store(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    [before] = await shelf.near()
    await shelf.remove("d1")
    await shelf.add("d1", "fox")
    [after] = await shelf.near()
    assert before.id == after.id


async def test_publishing_another_build_drops_the_first(shelf: Shelf) -> None:
    first = await shelf.add("d1", "fox", "hen")
    await shelf.add("d1", "owl", build_id="b2", fence=2)
    assert texts(await shelf.near()) == ["owl"]
    assert await shelf.words("fox") == ()
    assert await shelf.index.written(first) == set()


async def test_a_stale_fence_publishes_nothing(shelf: Shelf) -> None:
    await shelf.add("d1", "new", fence=7)
    with pytest.raises(StaleFence):
        await shelf.add("d1", "old", build_id="b2", fence=6)
    assert texts(await shelf.near()) == ["new"]


async def test_the_same_fence_may_publish_again(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", fence=7)
    await shelf.add("d1", "fox", fence=7)
    assert texts(await shelf.near()) == ["fox"]


async def test_a_transaction_that_fails_publishes_nothing(shelf: Shelf) -> None:
    await shelf.add("d1", "old")
    build = shelf.build("d1", id="b2")
    await shelf.write(build, "new")
    with pytest.raises(RuntimeError):
        async with shelf.store.storage.transaction() as tx:
            await shelf.index.publish(tx, build, shelf.card("d1"), 2)
            raise RuntimeError
    assert texts(await shelf.near()) == texts(await shelf.words("old")) == ["old"]


async def test_removing_counts_builds_and_chunks_also_unpublished_ones(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", "hen")
    await shelf.write(shelf.build("d1", id="b2"), "owl")
    assert await shelf.remove("d1") == (2, 3)
    assert await shelf.near() == await shelf.words("fox") == ()


async def test_removing_an_unknown_document_removes_nothing(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    assert await shelf.remove("d1", tenant="other") == await shelf.remove("d2") == (0, 0)
    assert texts(await shelf.near()) == ["fox"]


async def test_a_new_title_is_searched_and_shown(shelf: Shelf) -> None:
    await shelf.add("d1", "text", title="Old")
    await shelf.describe("d1", title="Fresh")
    assert await shelf.words("old") == ()
    assert [passage.title for passage in await shelf.words("fresh")] == ["Fresh"]


async def test_describing_an_unpublished_document_publishes_nothing(shelf: Shelf) -> None:
    await shelf.write(shelf.build("d1"), "fox")
    await shelf.describe("d1", title="Fresh")
    assert await shelf.near() == ()


async def test_passages_of_a_document_come_in_reading_order(shelf: Shelf) -> None:
    await shelf.add("d1", "one", "two", "three")
    passages = await shelf.index.passages(ANN, "d1")
    assert texts(passages) == ["one", "two", "three"]
    assert {passage.score for passage in passages} == {0.0}
