"""What the driver does not end by itself is ended all the same."""

import asyncio
from typing import Any

import pytest
from pymongo.lock import _async_cond_wait, _async_create_condition, _async_create_lock
from support.fault_proxy import FaultProxy, Swallow

from footnote.platform.storage.errors import OutcomeUnknown, StoreUnavailable
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_waiting import mend_waiting

AMPLE = 60  # seconds, of which none of this takes but a few


async def wait_for_a_moment(condition: Any) -> None:
    async with condition:
        await _async_cond_wait(condition, 0.01)


async def test_a_wait_cancelled_as_its_time_is_up_takes_no_lock_from_its_holder_and_leaves_none() -> None:
    mend_waiting()
    lock = _async_create_lock()
    waiting = asyncio.create_task(wait_for_a_moment(_async_create_condition(lock)))
    await asyncio.sleep(0)
    async with lock:
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.sleep(0.05)
        assert not waiting.done()  # else it would have given back what it does not hold
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not lock.locked()


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_operation_ends_though_the_driver_waits_for_a_lock_of_its_own(
    proxy: FaultProxy, database: MongoDatabase, is_known: bool
) -> None:
    notes = database.collection("note")
    if not is_known:
        await proxy.refuse()
        with pytest.raises(StoreUnavailable):
            await notes.find({})
    async with asyncio.timeout(AMPLE), database.client._topology._lock:
        with pytest.raises(StoreUnavailable, match="took too long"):
            await notes.find({})
    assert database.client.topology_description.has_writable_server() is is_known


async def test_a_write_that_the_driver_never_ends_leaves_the_outcome_open(database: MongoDatabase) -> None:
    async with asyncio.timeout(AMPLE), database.client._topology._lock:
        with pytest.raises(OutcomeUnknown):
            await database.collection("note").insert_one({"_id": 1})


async def test_a_cursor_can_be_left_though_the_server_is_silent(proxy: FaultProxy, database: MongoDatabase) -> None:
    notes = database.collection("note")
    await notes.insert_many([{"_id": number} for number in range(300)])
    rows = notes.each({})
    await anext(rows)
    proxy.add(Swallow())
    async with asyncio.timeout(AMPLE):
        await rows.aclose()
    assert proxy.requests["killCursors"] == 1


async def test_a_store_can_be_closed_though_the_server_is_silent(proxy: FaultProxy, database: MongoDatabase) -> None:
    proxy.add(Swallow())
    async with asyncio.timeout(AMPLE):
        await database.close()
    assert proxy.requests["endSessions"] == 1


async def test_a_store_can_be_closed_though_the_driver_waits_for_itself(database: MongoDatabase) -> None:
    async with asyncio.timeout(AMPLE), database.client._topology._lock:
        await database.close()
