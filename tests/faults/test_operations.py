"""Single operations over a link that fails: retried, or refused soon and in plain words."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from support.fault_proxy import Answer, Cut, Delay, FaultProxy, Garbage, Swallow

from footnote.platform.storage.errors import OutcomeUnknown, StoreUnavailable
from footnote.platform.storage.mongo import MongoDatabase

Open = Callable[..., Awaitable[MongoDatabase]]

STEPPED_DOWN = {"ok": 0, "errmsg": "not primary", "code": 10107, "codeName": "NotWritablePrimary"}
SHUTTING_DOWN = {"ok": 0, "errmsg": "shutting down", "code": 91, "errorLabels": ["RetryableWriteError"]}
SLOW = {"ok": 0, "errmsg": "operation exceeded time limit", "code": 50, "codeName": "MaxTimeMSExpired"}


@pytest.mark.parametrize("command", ["find", "aggregate"])
async def test_a_read_whose_connection_breaks_is_retried(
    proxy: FaultProxy, database: MongoDatabase, command: str
) -> None:
    notes = database.collection("note")
    await notes.insert_one({"_id": 1})
    proxy.add(Cut(after=20), commands=[command], times=1)
    assert await (notes.find({}) if command == "find" else notes.aggregate([{"$match": {}}])) == [{"_id": 1}]
    assert proxy.struck == {"Cut": 1}


async def test_a_write_whose_connection_breaks_is_retried_and_done_once(
    proxy: FaultProxy, database: MongoDatabase
) -> None:
    notes = database.collection("note")
    await notes.insert_one({"_id": 1, "count": 0})
    proxy.add(Cut(), on="requests", commands=["update"], times=1)
    await notes.update_one({"_id": 1}, {"$inc": {"count": 1}})
    assert await notes.find({}) == [{"_id": 1, "count": 1}]


async def test_a_write_whose_answer_is_lost_is_done_once(proxy: FaultProxy, database: MongoDatabase) -> None:
    notes = database.collection("note")
    await notes.insert_one({"_id": 1, "count": 0})
    proxy.add(Cut(), commands=["update", "insert"], times=2)
    await notes.update_one({"_id": 1}, {"$inc": {"count": 1}})
    await notes.insert_one({"_id": 2})
    assert await notes.find({}, sort=[("_id", 1)]) == [{"_id": 1, "count": 1}, {"_id": 2}]


async def test_a_connection_cut_in_mid_batch_doubles_nothing(proxy: FaultProxy, database: MongoDatabase) -> None:
    notes = database.collection("note")
    proxy.add(Cut(after=9), on="replies", commands=["insert"], times=1)
    await notes.insert_many([{"_id": number} for number in range(500)])
    assert await notes.count({}) == 500


async def test_a_cursor_whose_connection_breaks_gives_no_half_of_a_list(
    proxy: FaultProxy, database: MongoDatabase
) -> None:
    notes = database.collection("note")
    await notes.insert_many([{"_id": number} for number in range(300)])
    proxy.add(Cut(), commands=["getMore"])
    with pytest.raises(StoreUnavailable):
        await notes.find({})
    with pytest.raises(StoreUnavailable):
        [row async for row in notes.each({})]


async def test_a_cursor_that_gets_no_answer_does_not_wait_for_ever(proxy: FaultProxy, database: MongoDatabase) -> None:
    notes = database.collection("note")
    await notes.insert_many([{"_id": number} for number in range(300)])
    proxy.add(Swallow(), commands=["getMore"])
    with pytest.raises(StoreUnavailable, match="took too long"):
        [row async for row in notes.each({})]


async def test_a_primary_that_steps_down_is_asked_again(proxy: FaultProxy, database: MongoDatabase) -> None:
    notes = database.collection("note")
    proxy.add(Answer(STEPPED_DOWN), commands=["find"], times=1)
    proxy.add(Answer(SHUTTING_DOWN), commands=["insert"], times=1)
    await notes.insert_one({"_id": 1})
    assert await notes.find({}) == [{"_id": 1}]
    assert proxy.struck == {"Answer": 2}


@pytest.mark.parametrize("document", [STEPPED_DOWN, SHUTTING_DOWN])
async def test_a_server_that_never_becomes_primary_is_unavailable(
    proxy: FaultProxy, database: MongoDatabase, document: dict[str, object]
) -> None:
    proxy.add(Answer(document), commands=["find", "insert"])
    with pytest.raises(StoreUnavailable, match=r"hands over|no server answers|took too long"):
        await database.collection("note").find({})
    with pytest.raises(StoreUnavailable):
        await database.collection("note").insert_one({"_id": 1})


@pytest.mark.parametrize("size", [1, 16, 64, 5000])
async def test_garbage_is_refused(proxy: FaultProxy, database: MongoDatabase, size: int) -> None:
    proxy.add(Garbage(size), commands=["find"])
    with pytest.raises(StoreUnavailable):
        await database.collection("note").find({})
    proxy.mend()
    assert await database.collection("note").find({}) == []


@pytest.mark.parametrize("keep", [16, 21, 30])
async def test_garbage_behind_a_whole_header_is_refused(proxy: FaultProxy, database: MongoDatabase, keep: int) -> None:
    proxy.add(Garbage(keep=keep), commands=["find"])
    with pytest.raises(StoreUnavailable):
        await database.collection("note").find({})
    proxy.mend()
    assert await database.collection("note").find({}) == []


@pytest.mark.parametrize("on", ["requests", "replies"])
async def test_silence_ends_with_the_time_of_an_operation(proxy: FaultProxy, database: MongoDatabase, on: str) -> None:
    silence = Swallow()
    proxy.add(silence, on=on, commands=["find", "getMore", "insert", "aggregate"])  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable, match="took too long"):
        await database.collection("note").find({})
    proxy.mend()
    assert await database.collection("note").find({}) == []


async def test_a_server_that_says_a_query_was_too_slow_is_believed(proxy: FaultProxy, database: MongoDatabase) -> None:
    proxy.add(Answer(SLOW), commands=["find"])
    with pytest.raises(StoreUnavailable, match="took too long"):
        await database.collection("note").find({})
    assert proxy.requests["find"] == 1


async def test_a_server_that_is_gone_is_not_waited_for_until_the_operation_is_over(
    proxy: FaultProxy, database: MongoDatabase
) -> None:
    await proxy.refuse()
    with pytest.raises(StoreUnavailable):
        await database.collection("note").find({})
    with pytest.raises(StoreUnavailable, match="no server answers"):
        await database.collection("note").find({})
    await proxy.listen()
    assert await database.collection("note").find({}) == []


async def test_no_error_names_an_address_or_the_topology(proxy: FaultProxy, database: MongoDatabase) -> None:
    await proxy.refuse()
    for _ in range(2):
        with pytest.raises(StoreUnavailable) as caught:
            await database.collection("note").find({})
        assert not any(word in caught.value.detail for word in ("127.0.0.1", str(proxy.port), "Topology", "configured"))


async def test_a_task_that_is_cancelled_gives_its_connection_back(
    proxy: FaultProxy, open_behind: Open, name: str
) -> None:
    database = await open_behind(pool_size=1)
    held = proxy.add(Delay(0.2), commands=["find"], times=1)
    asking = asyncio.create_task(database.collection("note").find({}))
    await held.struck.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await database.collection("note").insert_one({"_id": 1})
    assert await database.collection("note").find({}) == [{"_id": 1}]


async def test_a_pool_whose_connections_hang_refuses_the_next(proxy: FaultProxy, open_behind: Open) -> None:
    database = await open_behind(pool_size=1)
    held = proxy.add(Swallow(), on="requests", commands=["find"], times=1)
    hanging = asyncio.create_task(database.collection("note").find({}))
    await held.struck.wait()
    with pytest.raises(StoreUnavailable, match="in use"):
        await database.check()
    with pytest.raises(StoreUnavailable, match="took too long"):
        await hanging
    await database.check()


async def test_a_write_that_is_never_answered_leaves_the_outcome_open(
    proxy: FaultProxy, database: MongoDatabase, beside: MongoDatabase
) -> None:
    proxy.add(Swallow(), commands=["insert"])
    with pytest.raises(OutcomeUnknown, match="may or may not"):
        await database.collection("note").insert_one({"_id": 1})
    assert await beside.collection("note").count({}) == 1


async def test_a_task_that_is_cancelled_at_whatever_moment_ends(database: MongoDatabase) -> None:
    async def ask_and_wait() -> None:
        await database.check()
        await asyncio.Event().wait()

    for moment in range(40):
        asking = asyncio.create_task(ask_and_wait())
        for _ in range(moment):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking], timeout=2)
        assert asking.done(), f"cancelled after {moment} turns of the loop"


@pytest.mark.parametrize(("command", "error"), [("find", StoreUnavailable), ("insert", OutcomeUnknown)])
async def test_what_breaks_off_waits_for_a_server_no_longer_than_what_begins(
    proxy: FaultProxy, open_behind: Open, command: str, error: type[StoreUnavailable]
) -> None:
    notes = (await open_behind(operation=timedelta(minutes=5))).collection("note")
    proxy.add(Swallow(), on="requests", commands=[command])
    asked = asyncio.create_task(notes.find({}) if command == "find" else notes.insert_one({}))  # type: ignore[arg-type]
    while not proxy.struck:
        await asyncio.sleep(0.01)
    await proxy.refuse()
    async with asyncio.timeout(60):
        with pytest.raises(error) as caught:
            await asked
    assert type(caught.value) is error
