"""Embeddings in a store of their own: it proposes, the database decides. What all adapters do is in tests/contracts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.shelf import ANN, EAST, MODEL, Shelf, chunks_of, opened_shelf
from support.stores import LanceStore, SqliteStore, lance_store

from footnote.modules.retrieval.repository.vector_store import LONGEST_LIST, Rows, VectorStoreIndex
from footnote.platform.principal import Principal
from footnote.platform.storage.errors import StoreUnavailable

BOB = Principal(tenant="acme", subject="bob")


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with lance_store(tmp_path) as store, opened_shelf(store) as shelf:
        yield shelf


def held(shelf: Shelf) -> int:
    assert isinstance(shelf.store, LanceStore)
    return len(shelf.store.vectors.held(MODEL)[0])


async def add_unnoticed(shelf: Shelf, *cards: Any) -> None:
    """As a process does that compares embeddings in memory."""
    index = SqliteStore(shelf.store.database).index(embedding=MODEL, dimension=4)
    async with shelf.store.storage.transaction() as tx:
        for card in cards:
            build = shelf.build(card.document_id, tenant=card.tenant)
            await index.write(tx, build, "", chunks_of(["fox"]), np.array([EAST], np.float32))
            await index.publish(tx, build, card, 1)


async def test_of_thousands_of_documents_the_three_that_one_may_read_are_found(shelf: Shelf) -> None:
    near = [shelf.card(f"d{number}", owner="eve", readers=("user:ann",)) for number in range(LONGEST_LIST + 200)]
    await add_unnoticed(shelf, *near)
    await shelf.index.refresh()
    for name in ("mine1", "mine2", "mine3"):
        await shelf.add(name, "fox", owner="bob", embeddings=[(0, 1, 0, 0)])
    assert {each.document_id for each in await shelf.near(principal=BOB, depth=3)} == {"mine1", "mine2", "mine3"}
    assert len(await shelf.near(principal=ANN, depth=1000)) == 1000


async def test_what_was_written_without_the_store_is_taken_in_at_the_start(shelf: Shelf) -> None:
    await add_unnoticed(shelf, shelf.card("d1"))
    assert await shelf.near() == ()
    await shelf.index.refresh()
    assert [each.document_id for each in await shelf.near()] == ["d1"]
    await shelf.index.refresh()
    assert held(shelf) == 1


async def test_what_was_never_committed_is_proposed_to_nobody(shelf: Shelf) -> None:
    with pytest.raises(RuntimeError):
        async with shelf.store.storage.transaction() as tx:
            rows = np.array([EAST] * 5, np.float32)
            await shelf.index.write(tx, shelf.build("lost"), "", chunks_of(["fox"] * 5), rows)
            raise RuntimeError
    await shelf.add("d1", "fox", "hen", embeddings=[(0, 1, 0, 0), (0, 0, 1, 0)])  # takes numbers of what was lost
    found = await shelf.near(depth=2)
    assert held(shelf) == 7
    assert [(each.text, each.score) for each in found] == [("fox", 0.0), ("hen", 0.0)]


async def test_what_has_gone_is_dropped_by_the_sweep_after_the_next(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", "hen")
    await shelf.add("d2", "owl")
    await shelf.remove("d1")
    index = shelf.index
    assert isinstance(index, VectorStoreIndex)
    left = [(await index.sweep(), held(shelf)) for _ in range(3)]
    assert left == [(1, 3), (0, 1), (0, 1)]
    assert [each.text for each in await shelf.near()] == ["owl"]


async def test_a_chunk_that_is_told_of_twice_is_found_once(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    assert isinstance(shelf.store, LanceStore)
    numbers, builds = shelf.store.vectors.held(MODEL)
    shelf.store.vectors.add(MODEL, Rows(numbers.tolist(), builds.tolist(), ["acme"], np.array([EAST], np.float32)))
    assert len(await shelf.near()) == 1


async def test_a_store_that_fails_keeps_the_chunk_out_of_the_database(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    build, five = shelf.build("d2"), np.ones((1, 5), np.float32)
    with pytest.raises(StoreUnavailable, match="LanceDB"):
        await shelf.write_chunks(build, chunks_of(["hen"]), five)
    assert await shelf.index.written(build) == set()


async def test_names_of_tenants_are_no_conditions(shelf: Shelf) -> None:
    quoted = Principal(tenant="acme' OR 'a' = 'a", subject="ann")
    cards = [shelf.card(f"d{number}", tenant=quoted.tenant) for number in range(LONGEST_LIST + 1)]
    await add_unnoticed(shelf, *cards)
    await shelf.index.refresh()
    await shelf.add("another's", "fox")
    found = {each.document_id for each in await shelf.near(principal=quoted, depth=1000)}
    assert (len(found), "another's" in found) == (1000, False)
