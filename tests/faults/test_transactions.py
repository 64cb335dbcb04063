"""Transactions over a link that fails: all or nothing, once, and soon."""

import asyncio

import pytest
from support.fault_proxy import Answer, Cut, Delay, FaultProxy, Swallow

from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.errors import OutcomeUnknown, StoreUnavailable, TransactionConflict
from footnote.platform.storage.mongo import MongoDatabase

COUNTER = {"_id": "counter", "count": 0}
STEPPED_DOWN = {"ok": 0, "errmsg": "not primary", "code": 10107, "codeName": "NotWritablePrimary"}
HANDING_OVER = STEPPED_DOWN | {"errorLabels": ["RetryableWriteError"]}
SERVER_CONFLICT = {"ok": 0, "errmsg": "conflict", "code": 112, "errorLabels": ["TransientTransactionError"]}


class Work:
    """A transaction that raises a counter and adds a note."""

    def __init__(self, database: MongoDatabase, before_commit: asyncio.Event | None = None) -> None:
        self.attempts = 0
        self.written = asyncio.Event()
        self._database = database
        self._before_commit = before_commit

    @again_on_conflict
    async def run(self) -> None:
        self.attempts += 1
        notes = self._database.collection("note")
        async with self._database.transaction() as tx:
            await notes.update_one({"_id": "counter"}, {"$inc": {"count": 1}}, tx=tx)
            await notes.insert_one({"_id": "note"}, tx=tx)
            self.written.set()
            if self._before_commit:
                await self._before_commit.wait()


@pytest.fixture
async def work(database: MongoDatabase) -> Work:
    await database.collection("note").insert_one(dict(COUNTER))
    return Work(database)


async def kept(beside: MongoDatabase) -> list[dict[str, object]]:
    return await beside.collection("note").find({}, sort=[("_id", 1)])


DONE_ONCE = [{"_id": "counter", "count": 1}, {"_id": "note"}]


@pytest.mark.parametrize("after", [0, 12, 30])
async def test_a_commit_whose_answer_is_lost_counts_once(
    proxy: FaultProxy, work: Work, beside: MongoDatabase, after: int
) -> None:
    proxy.add(Cut(after=after), commands=["commitTransaction"], times=1)
    await work.run()
    assert await kept(beside) == DONE_ONCE
    assert (work.attempts, proxy.struck["Cut"]) == (1, 1)


async def test_a_commit_that_never_arrives_is_made_good(proxy: FaultProxy, work: Work, beside: MongoDatabase) -> None:
    proxy.add(Cut(), on="requests", commands=["commitTransaction"], times=1)
    await work.run()
    assert await kept(beside) == DONE_ONCE


async def test_a_commit_that_is_never_answered_leaves_the_outcome_open(
    proxy: FaultProxy, work: Work, beside: MongoDatabase
) -> None:
    proxy.add(Swallow(), commands=["commitTransaction"])
    with pytest.raises(OutcomeUnknown, match="may or may not"):
        await work.run()
    assert await kept(beside) == DONE_ONCE
    assert work.attempts == 1


async def test_a_server_that_is_gone_while_committing_leaves_the_outcome_open(proxy: FaultProxy, work: Work) -> None:
    committing = proxy.add(Delay(0.2), on="requests", commands=["commitTransaction"])
    running = asyncio.create_task(work.run())
    await committing.struck.wait()
    await proxy.refuse()
    with pytest.raises(OutcomeUnknown):
        await running


async def test_a_server_that_is_gone_before_the_commit_keeps_nothing(
    proxy: FaultProxy, database: MongoDatabase, beside: MongoDatabase
) -> None:
    await beside.collection("note").insert_one(dict(COUNTER))
    go_on = asyncio.Event()
    work = Work(database, go_on)
    running = asyncio.create_task(work.run())
    await work.written.wait()
    await proxy.refuse()
    while database.client.topology_description.has_writable_server():
        await asyncio.sleep(0.01)
    go_on.set()
    with pytest.raises(StoreUnavailable):
        await running
    assert await kept(beside) == [COUNTER]


@pytest.mark.parametrize("command", ["update", "insert"])
@pytest.mark.parametrize("on", ["requests", "replies"])
async def test_a_connection_that_breaks_in_mid_transaction_begins_it_anew(
    proxy: FaultProxy, work: Work, beside: MongoDatabase, command: str, on: str
) -> None:
    proxy.add(Cut(after=5), on=on, commands=[command], times=1)  # type: ignore[arg-type]
    await work.run()
    assert await kept(beside) == DONE_ONCE
    assert work.attempts == 2


@pytest.mark.parametrize("command", ["update", "commitTransaction"])
async def test_a_primary_that_steps_down_in_mid_transaction_loses_nothing(
    proxy: FaultProxy, work: Work, beside: MongoDatabase, command: str
) -> None:
    proxy.add(Answer(HANDING_OVER), commands=[command], times=1)
    await work.run()
    assert await kept(beside) == DONE_ONCE


async def test_a_conflict_that_the_server_reports_begins_it_anew(
    proxy: FaultProxy, work: Work, beside: MongoDatabase
) -> None:
    proxy.add(Answer(SERVER_CONFLICT), commands=["update"], times=3)
    await work.run()
    assert await kept(beside) == DONE_ONCE
    assert work.attempts == 4


async def test_without_a_server_a_transaction_is_not_tried_again_and_again(
    proxy: FaultProxy, work: Work, beside: MongoDatabase
) -> None:
    await proxy.refuse()
    with pytest.raises(StoreUnavailable):
        await work.run()
    assert work.attempts <= 2
    assert await kept(beside) == [COUNTER]


async def test_a_silent_server_is_not_asked_again_and_again(
    proxy: FaultProxy, work: Work, beside: MongoDatabase
) -> None:
    proxy.add(Swallow(), on="requests", commands=["update"])
    with pytest.raises(StoreUnavailable) as caught:
        await work.run()
    assert not isinstance(caught.value, TransactionConflict)
    assert work.attempts == 1
    assert await kept(beside) == [COUNTER]


async def test_a_task_that_is_cancelled_leaves_no_open_transaction(
    proxy: FaultProxy, database: MongoDatabase, beside: MongoDatabase
) -> None:
    await beside.collection("note").insert_one(dict(COUNTER))
    work = Work(database, asyncio.Event())
    running = asyncio.create_task(work.run())
    await work.written.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await beside.collection("note").update_one({"_id": "counter"}, {"$inc": {"count": 5}})
    assert await kept(beside) == [{"_id": "counter", "count": 5}]


async def test_a_task_that_is_cancelled_while_committing_has_committed(
    proxy: FaultProxy, work: Work, beside: MongoDatabase
) -> None:
    committing = proxy.add(Delay(0.2), commands=["commitTransaction"])
    running = asyncio.create_task(work.run())
    await committing.struck.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await kept(beside) == DONE_ONCE


async def test_events_appear_in_order_and_none_is_missed_when_an_answer_is_lost(
    proxy: FaultProxy, database: MongoDatabase
) -> None:
    proxy.add(Cut(), commands=["findAndModify", "commitTransaction"], times=2)
    for number in range(3):
        async with database.transaction() as tx:
            await database.collection("note").insert_one({"_id": await tx.next_event(), "number": number}, tx=tx)
    rows = await database.collection("note").find({}, sort=[("_id", 1)])
    assert [row["number"] for row in rows] == [0, 1, 2]
    assert await database.events.horizon() == rows[-1]["_id"]
