"""A reader that follows the horizon misses nothing, whatever becomes of the transactions before it."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from support.mongo_server import mongo_uri
from support.stores import mongo_database

from footnote.platform.storage import mongo_sequence
from footnote.platform.storage.errors import OutcomeUnknown, StoreUnavailable, TransactionConflict
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction
from footnote.platform.storage.mongo_collection import Collection
from footnote.platform.storage.mongo_sequence import Sequence


@pytest.fixture
async def mongodb() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as database:
        for name in ("event", "settlement"):
            await database.database.create_collection(name)
        yield database


@pytest.fixture
def sequence(mongodb: MongoDatabase) -> Sequence:
    return mongodb.events


@pytest.fixture
async def elsewhere(mongodb: MongoDatabase) -> AsyncIterator[MongoDatabase]:
    """The same database as another process sees it."""
    other = await MongoDatabase.open(mongo_uri(), name=mongodb.name)
    yield other
    await other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_sequence, "PATIENCE", 0.0)


class Reader:
    """Reads like whoever follows events: what lies between the place it is at and the horizon, once."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._place = 0
        self.seen: list[int] = []

    async def read(self) -> None:
        horizon = await self._database.events.horizon()
        new = {"_id": {"$gt": self._place, "$lte": horizon}}
        self.seen += [row["_id"] for row in await self._database.collection("event").find(new, sort=[("_id", 1)])]
        self._place = max(self._place, horizon)

    async def follow(self, writing: "asyncio.Future[list[list[int]]]") -> None:
        while not writing.done():
            await self.read()
        await self.read()


async def write(database: MongoDatabase, events: int, *, is_kept: bool) -> list[int]:
    """The numbers that were committed."""
    try:
        async with database.transaction() as tx:
            numbers = []
            for _ in range(events):
                numbers.append(await tx.next_event())
                await database.collection("event").insert_one({"_id": numbers[-1]}, tx=tx)
                await asyncio.sleep(random.uniform(0, 0.05))
            if not is_kept:
                raise ValueError("stop")
    except ValueError:
        return []
    return numbers


async def test_a_reader_sees_every_committed_event_once_and_in_order(mongodb: MongoDatabase) -> None:
    reader = Reader(mongodb)
    writing = asyncio.gather(*(write(mongodb, 1 + number % 3, is_kept=number % 4 > 0) for number in range(16)))
    await reader.follow(writing)
    assert reader.seen == sorted(number for numbers in await writing for number in numbers)
    assert len(reader.seen) > 16


async def test_a_cancelled_transaction_does_not_hold_back_the_readers(mongodb: MongoDatabase) -> None:
    async def write_and_wait() -> None:
        async with mongodb.transaction() as tx:
            await mongodb.collection("event").insert_one({"_id": await tx.next_event()}, tx=tx)
            written.set()
            await asyncio.Event().wait()

    written, reader = asyncio.Event(), Reader(mongodb)
    writing = asyncio.create_task(write_and_wait())
    await written.wait()
    kept = await write(mongodb, 1, is_kept=True)
    await reader.read()
    assert reader.seen == []
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await reader.read()
    assert reader.seen == kept


async def test_numbers_begin_at_one_and_never_repeat(sequence: Sequence) -> None:
    assert await sequence.horizon() == 0
    assert sorted(await asyncio.gather(*(sequence.take(owner, 1) for owner in "abcdefgh"))) == list(range(1, 9))


async def test_whoever_asks_again_for_a_number_is_given_the_same(sequence: Sequence) -> None:
    assert [await sequence.take("a", nth) for nth in (1, 1, 2, 1)] == [1, 1, 2, 1]


async def test_the_horizon_lies_before_the_first_number_that_is_not_settled(sequence: Sequence) -> None:
    for owner in ("first", "second", "third"):
        await sequence.take(owner, 1)
    await sequence.settle("second")
    assert await sequence.horizon() == 0
    await sequence.settle("first")
    assert await sequence.horizon() == 2
    await sequence.settle("third")
    assert await sequence.horizon() == 3


@pytest.mark.usefixtures("impatient")
async def test_numbers_of_whoever_was_killed_are_given_up(sequence: Sequence) -> None:
    abandoned = await sequence.take("killed", 1)
    assert await sequence.horizon() == abandoned - 1
    assert await sequence.horizon() == abandoned
    assert await sequence.take("next", 1) == abandoned + 1


@pytest.mark.usefixtures("impatient")
async def test_a_transaction_on_which_a_reader_gave_up_cannot_be_committed(mongodb: MongoDatabase) -> None:
    reader = Reader(mongodb)
    with pytest.raises(TransactionConflict):
        async with mongodb.transaction() as tx:
            await mongodb.collection("event").insert_one({"_id": await tx.next_event()}, tx=tx)
            await reader.read()
            await reader.read()
    kept = await write(mongodb, 1, is_kept=True)
    await reader.read()
    assert reader.seen == kept


@pytest.mark.usefixtures("impatient")
async def test_a_transaction_that_vouched_is_waited_for(mongodb: MongoDatabase, elsewhere: MongoDatabase) -> None:
    reader = Reader(elsewhere)
    async with mongodb.transaction() as tx:
        await mongodb.collection("event").insert_one({"_id": await tx.next_event()}, tx=tx)
        await tx.vouch()
        for _ in range(2):
            await reader.read()
        assert reader.seen == []
        tx._taken = 0  # as if it were killed once the server has committed it
    for _ in range(2):
        await reader.read()
    assert reader.seen == [1]


async def test_readers_of_the_process_that_is_in_doubt_need_no_patience(
    mongodb: MongoDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose_the_answer(tx: MongoTransaction) -> None:
        await commit(tx)
        tx.is_doubtful = True
        raise OutcomeUnknown("the connection broke")

    commit, reader = mongodb._commit, Reader(mongodb)
    monkeypatch.setattr(mongodb, "_commit", lose_the_answer)
    with pytest.raises(OutcomeUnknown):
        await write(mongodb, 2, is_kept=True)
    await reader.read()
    assert reader.seen == [1, 2]


async def test_what_could_not_be_settled_is_settled_with_the_next(
    sequence: Sequence, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> int:
        raise StoreUnavailable("the link is cut")

    for owner in ("first", "second"):
        await sequence.take(owner, 1)
    with monkeypatch.context() as cut, pytest.raises(StoreUnavailable):
        cut.setattr(Collection, "update_one", fail)
        await sequence.settle("first")
    await sequence.settle("second")
    assert await sequence.horizon() == 2
