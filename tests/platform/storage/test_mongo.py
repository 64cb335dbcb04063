"""MongoDB as the transactions of a store; what it shares with SQLite is in the contracts."""

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pymongo.errors import DuplicateKeyError
from support.mongo_server import mongo_uri
from support.stores import mongo_database
from support.transactions import committed

from footnote.platform.storage import Transaction
from footnote.platform.storage.again import ATTEMPTS, again_on_conflict
from footnote.platform.storage.errors import StoreUnavailable, TransactionConflict
from footnote.platform.storage.mongo import MongoDatabase, MongoOptions, MongoTransaction, mongo, raced
from footnote.platform.storage.sqlite import SqliteDatabase

PETS = "pet"


@pytest.fixture
async def mongodb() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as database:
        await database.database.create_collection(PETS)
        await database.collection(PETS).insert_one({"_id": "cat", "age": 0})
        yield database


async def grow(database: MongoDatabase, tx: Transaction | None = None) -> None:
    await database.collection(PETS).update_one(
        {"_id": "cat"}, {"$inc": {"age": 1}}, tx=None if tx is None else mongo(tx)
    )


async def age(database: MongoDatabase) -> int:
    row = await database.collection(PETS).find_one({"_id": "cat"})
    assert row is not None
    return int(row["age"])


async def test_of_two_transactions_that_write_the_same_one_gives_way(mongodb: MongoDatabase) -> None:
    async def grow_too() -> None:
        async with mongodb.transaction() as second:
            await grow(mongodb, second)

    async with mongodb.transaction() as first:
        await grow(mongodb, first)
        growing = asyncio.create_task(grow_too())
        await asyncio.sleep(0.05)
    with pytest.raises(TransactionConflict):
        await growing
    assert await age(mongodb) == 1


async def test_what_changed_since_a_transaction_began_cannot_be_written_by_it(mongodb: MongoDatabase) -> None:
    with pytest.raises(TransactionConflict):
        async with mongodb.transaction() as tx:
            await mongodb.collection(PETS).find_one({"_id": "cat"}, tx=tx)
            await grow(mongodb)
            await grow(mongodb, tx)
    assert await age(mongodb) == 1


async def test_a_transaction_reads_as_of_its_beginning(mongodb: MongoDatabase) -> None:
    async with mongodb.transaction() as tx:
        before = await mongodb.collection(PETS).find_one({"_id": "cat"}, tx=tx)
        await grow(mongodb)
        assert await mongodb.collection(PETS).find_one({"_id": "cat"}, tx=tx) == before


async def test_a_conflict_is_tried_again_until_it_succeeds(mongodb: MongoDatabase) -> None:
    await asyncio.gather(*(committed(mongodb, lambda tx: grow(mongodb, tx)) for _ in range(10)))
    assert await age(mongodb) == 10


async def test_whoever_never_wins_is_told_in_the_end() -> None:
    tries = []

    @again_on_conflict
    async def lose() -> None:
        tries.append(1)
        raise TransactionConflict("always")

    with pytest.raises(TransactionConflict):
        await lose()
    assert len(tries) == ATTEMPTS


async def test_a_duplicate_keeps_its_kind_unless_it_came_of_a_race(mongodb: MongoDatabase) -> None:
    with pytest.raises(DuplicateKeyError):
        async with mongodb.transaction() as tx:
            await mongodb.collection(PETS).insert_one({"_id": "cat"}, tx=tx)
    with pytest.raises(TransactionConflict):
        async with mongodb.transaction() as tx:
            with raced():
                await mongodb.collection(PETS).insert_one({"_id": "cat"}, tx=tx)


async def test_a_cancellation_during_the_commit_waits_for_its_end(
    mongodb: MongoDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, begun = mongodb._commit, asyncio.Event()

    async def slowly(tx: MongoTransaction) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        await commit(tx)

    monkeypatch.setattr(mongodb, "_commit", slowly)
    writing = asyncio.create_task(committed(mongodb, lambda tx: grow(mongodb, tx)))
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await age(mongodb) == 1


async def test_a_transaction_of_another_store_is_refused(database: SqliteDatabase) -> None:
    async with database.transaction() as tx:
        with pytest.raises(TypeError, match="a sqlite transaction"):
            mongo(tx)


async def test_the_database_is_the_one_in_the_uri_or_ours() -> None:
    named = await MongoDatabase.open(f"{mongo_uri()}/zoo")
    unnamed = await MongoDatabase.open(mongo_uri())
    assert (named.name, unnamed.name) == ("zoo", "footnote")
    await named.close()
    await unnamed.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # sockets that the driver leaves
@pytest.mark.parametrize("uri", ["mongodb://", "mongodb://127.0.0.1:1"])
async def test_a_server_that_cannot_be_reached_is_told_in_one_line(uri: str) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        await MongoDatabase.open(uri, MongoOptions(selection=timedelta(milliseconds=50)))
    detail = refused.value.detail
    del refused
    gc.collect()
    assert len(detail) < 300
    assert "Topology" not in detail


async def test_a_duplicate_among_many_is_told_as_one_alone(mongodb: MongoDatabase) -> None:
    pets = [{"_id": "dog"}, {"_id": "cat"}]
    with pytest.raises(TransactionConflict):
        async with mongodb.transaction() as tx:
            with raced():
                await mongodb.collection(PETS).insert_many(pets, tx=mongo(tx), ordered=False)
    assert await mongodb.collection(PETS).find_one({"_id": "dog"}) is None
