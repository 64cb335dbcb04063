import asyncio

import pytest
from support.stores import Store

from footnote.platform.storage import Blob, BlobLedger
from footnote.platform.storage.again import again_on_conflict

BLOB = Blob(sha256="b" * 64, size=5, copy="1")


@pytest.fixture
def ledger(store: Store) -> BlobLedger:
    return store.ledger()


async def add(store: Store, tenant: str = "a") -> None:
    @again_on_conflict
    async def added() -> None:
        async with store.storage.transaction() as tx:
            await store.ledger().add(tx, tenant, BLOB)

    await added()


async def drop(store: Store, tenant: str = "a") -> int:
    @again_on_conflict
    async def dropped() -> int:
        async with store.storage.transaction() as tx:
            return await store.ledger().drop(tx, tenant, BLOB.sha256)

    return await dropped()


async def forget(store: Store, tenant: str = "a") -> str | None:
    async with store.storage.transaction() as tx:
        return await store.ledger().forget(tx, tenant, BLOB.sha256)


async def users(store: Store) -> list[str]:
    async with store.storage.transaction() as tx:
        return sorted(await store.ledger().users(tx, BLOB.sha256))


async def test_users_are_counted(store: Store, ledger: BlobLedger) -> None:
    await add(store)
    await add(store)
    assert [await drop(store) for _ in range(2)] == [1, 0]
    assert (await ledger.unused(), await ledger.used()) == ([("a", BLOB.sha256)], [])


async def test_users_that_come_at_once_are_all_counted(store: Store) -> None:
    await asyncio.gather(*(add(store) for _ in range(10)))
    assert await drop(store) == 9


async def test_what_nobody_knows_has_no_users_left(store: Store) -> None:
    assert (await drop(store), await forget(store), await users(store)) == (0, None, [])


async def test_what_is_used_is_not_forgotten(store: Store, ledger: BlobLedger) -> None:
    await add(store)
    assert (await forget(store), await ledger.used()) == (None, [("a", BLOB.sha256)])


async def test_what_is_unused_is_forgotten_once(store: Store, ledger: BlobLedger) -> None:
    await add(store)
    await drop(store)
    assert [await forget(store), await forget(store)] == ["1", None]
    assert await ledger.unused() == []


async def test_each_tenant_has_users_of_its_own(store: Store) -> None:
    await add(store, "a")
    await add(store, "b")
    assert await users(store) == ["a", "b"]
    assert (await drop(store, "a"), await users(store)) == (0, ["b"])


async def test_a_rolled_back_user_does_not_count(store: Store) -> None:
    with pytest.raises(ValueError, match="stop"):
        async with store.storage.transaction() as tx:
            await store.ledger().add(tx, "a", BLOB)
            raise ValueError("stop")
    assert await users(store) == []
