"""Spaces of embeddings in stores too large to be looked through at once."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
from support.shelf import DIMENSION, MODEL, Shelf, opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval.repository.mongo_spaces import MongoSpaces
from footnote.modules.retrieval.repository.spaces import Space

OTHER = Space(name="test:other", dimension=2, state="filling")


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with mongo_store() as store, opened_shelf(store) as opened:
        await store.spaces().begin(MODEL, DIMENSION)
        for number in range(5):
            await opened.add(f"d{number}", "fox", "hound")
        yield opened


async def filled(shelf: Shelf, count: int) -> None:
    spaces = MongoSpaces(shelf.store.database)
    bare = await spaces.bare(OTHER, None, count)
    async with shelf.store.storage.transaction() as tx:
        await spaces.fill(tx, OTHER, bare, np.ones((count, 2), np.float32))


@pytest.mark.parametrize("window", [1, 2, 3, 9, 10, 11])
async def test_what_is_missing_is_found_in_any_window(shelf: Shelf, window: int) -> None:
    spaces = MongoSpaces(shelf.store.database, window=window)
    seen, after = [], None
    while bare := await spaces.bare(OTHER, after, 3):
        seen += [chunk.key for chunk in bare]
        after = seen[-1]
    assert len(seen) == len(set(seen)) == 10


async def test_what_is_missing_behind_much_that_is_not_is_found(shelf: Shelf) -> None:
    spaces = MongoSpaces(shelf.store.database, window=2)
    await filled(shelf, 9)
    assert len(await spaces.bare(OTHER, None, 3)) == 1
    await filled(shelf, 1)
    assert await spaces.bare(OTHER, None, 3) == []


async def test_a_switch_waits_where_too_much_was_changed_to_be_looked_at(shelf: Shelf) -> None:
    database = shelf.store.database
    await shelf.store.spaces().begin(OTHER.name, OTHER.dimension)
    await filled(shelf, 10)
    async with shelf.store.storage.transaction() as tx:
        assert not await MongoSpaces(database, most_changes=5).switch(tx, 0)
    async with shelf.store.storage.transaction() as tx:
        assert await MongoSpaces(database, most_changes=6).switch(tx, 0)


async def test_the_embeddings_of_a_retired_space_go_window_by_window(shelf: Shelf) -> None:
    spaces = MongoSpaces(shelf.store.database, window=3)
    await spaces.begin(OTHER.name, OTHER.dimension)
    await filled(shelf, 10)
    await spaces.begin("test:third", 3)
    assert await spaces.drop_retired() == [OTHER.name]
    assert len(await MongoSpaces(shelf.store.database).bare(OTHER, None, 100)) == 10
