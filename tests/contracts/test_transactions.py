"""What a transaction promises, seen through the ledger of blobs and the queue of jobs."""

import asyncio
import gc

import pytest
from support.stores import Store
from support.transactions import committed

from footnote.platform.jobs import NewJob
from footnote.platform.storage import Blob, Transaction
from footnote.platform.storage.again import again_on_conflict

BLOB = Blob(sha256="b" * 64, size=5, copy="1")
JOB = NewJob(kind="ingest", tenant="a", key="k", payload={})


async def add(store: Store, tenant: str = "a") -> None:
    await committed(store.storage, lambda tx: store.ledger().add(tx, tenant, BLOB))


async def users_left(store: Store) -> int:
    return await committed(store.storage, lambda tx: store.ledger().drop(tx, "a", BLOB.sha256))


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError, KeyboardInterrupt])
async def test_whatever_ends_the_block_undoes_all_of_it(store: Store, error: type[BaseException]) -> None:
    with pytest.raises(error):
        async with store.storage.transaction() as tx:
            await store.ledger().add(tx, "a", BLOB)
            await store.jobs().enqueue(tx, JOB)
            raise error
    assert (await store.ledger().used(), await store.jobs().depth()) == ([], {})


async def test_nothing_is_seen_from_outside_before_the_end(store: Store) -> None:
    async with store.storage.transaction() as tx:
        await store.ledger().add(tx, "a", BLOB)
        await store.jobs().enqueue(tx, JOB)
        assert (await store.ledger().used(), await store.jobs().depth()) == ([], {})
    assert (await store.ledger().used(), await store.jobs().depth()) == ([("a", BLOB.sha256)], {"queued": 1})


async def test_a_transaction_sees_what_it_wrote_itself(store: Store) -> None:
    async with store.storage.transaction() as tx:
        await store.ledger().add(tx, "a", BLOB)
        assert await store.ledger().users(tx, BLOB.sha256) == ["a"]
        assert await store.jobs().enqueue(tx, JOB) == await store.jobs().enqueue(tx, JOB)


async def test_of_many_writers_of_one_thing_none_is_lost(store: Store) -> None:
    await add(store)
    await asyncio.gather(*(add(store) for _ in range(12)))
    assert await users_left(store) == 12


async def test_what_was_read_and_written_back_at_once_is_counted_twice(store: Store) -> None:
    await add(store)
    await add(store)

    async def move(tx: Transaction) -> None:
        left = await store.ledger().drop(tx, "a", BLOB.sha256)
        await asyncio.sleep(0.02)
        for _ in range(left + 2):
            await store.ledger().add(tx, "b", BLOB)

    await asyncio.gather(committed(store.storage, move), committed(store.storage, move))
    assert await store.ledger().used() == [("b", BLOB.sha256)]


async def test_writers_of_different_things_do_not_disturb_each_other(store: Store) -> None:
    await asyncio.gather(*(add(store, f"tenant-{number}") for number in range(8)))
    assert len(await store.ledger().used()) == 8


async def test_a_cancelled_transaction_leaves_nothing_open(store: Store) -> None:
    async def write_and_wait() -> None:
        async with store.storage.transaction() as tx:
            await store.ledger().add(tx, "a", BLOB)
            written.set()
            await asyncio.Event().wait()

    written = asyncio.Event()
    writing = asyncio.create_task(write_and_wait())
    await written.wait()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await add(store)
    assert await users_left(store) == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # sockets that MongoDB's driver leaves
async def test_a_cancellation_in_the_midst_of_a_write_leaves_nothing_open(store: Store) -> None:
    for turns in range(0, 40, 4):
        writing = asyncio.create_task(add(store))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    gc.collect()
    await add(store)
    assert await store.ledger().used() == [("a", BLOB.sha256)]


async def test_an_error_of_ours_is_not_tried_again(store: Store) -> None:
    tries = []

    @again_on_conflict
    async def fail() -> None:
        async with store.storage.transaction() as tx:
            await store.ledger().add(tx, "a", BLOB)
            tries.append(1)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await fail()
    assert tries == [1]
