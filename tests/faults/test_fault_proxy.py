"""The proxy that disturbs the link, itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect, NetworkTimeout, NotPrimaryError, PyMongoError, ServerSelectionTimeoutError
from support.fault_proxy import Answer, Cut, Delay, FaultProxy, Garbage, Swallow
from support.mongo_server import mongo_uri

QUICK = {"serverSelectionTimeoutMS": 1500, "socketTimeoutMS": 300, "retryReads": False, "retryWrites": False}
Client = AsyncMongoClient[dict[str, object]]


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    async with FaultProxy.to(mongo_uri()) as opened:
        yield opened


@pytest.fixture
async def client(proxy: FaultProxy) -> AsyncIterator[Client]:
    async with AsyncMongoClient(proxy.uri(), **QUICK) as opened:
        await opened.admin.command("ping")
        yield opened


async def test_it_passes_commands_on_and_counts_them(proxy: FaultProxy, client: Client) -> None:
    assert (await client.admin.command("ping"))["ok"] == 1.0
    assert proxy.requests["ping"] == 2


async def test_a_fault_strikes_as_often_as_asked_and_only_the_command_it_names(
    proxy: FaultProxy, client: Client
) -> None:
    fault = proxy.add(Cut(), commands=["ping"], times=1)
    await client.admin.command("buildInfo")
    with pytest.raises(AutoReconnect):
        await client.admin.command("ping")
    await client.admin.command("ping")
    assert fault.struck.is_set()
    assert proxy.struck == {"Cut": 1}


@pytest.mark.parametrize("after", [0, 3, 16, 30])
async def test_a_reply_is_cut_after_so_many_bytes(proxy: FaultProxy, client: Client, after: int) -> None:
    proxy.add(Cut(after=after), commands=["ping"], times=1)
    with pytest.raises(AutoReconnect):
        await client.admin.command("ping")


async def test_a_swallowed_request_is_never_answered(proxy: FaultProxy, client: Client) -> None:
    proxy.add(Swallow(), on="requests", commands=["ping"], times=1)
    with pytest.raises(NetworkTimeout):
        await client.admin.command("ping")


async def test_garbage_is_no_answer(proxy: FaultProxy, client: Client) -> None:
    proxy.add(Garbage(), commands=["ping"], times=1)
    with pytest.raises(PyMongoError):
        await client.admin.command("ping")


async def test_it_answers_in_place_of_the_server(proxy: FaultProxy, client: Client) -> None:
    proxy.add(Answer({"ok": 0, "errmsg": "not primary", "code": 10107}), commands=["ping"], times=1)
    with pytest.raises(NotPrimaryError):
        await client.admin.command("ping")


async def test_a_delay_holds_a_message_back(proxy: FaultProxy, client: Client) -> None:
    held = proxy.add(Delay(0.1), commands=["ping"], times=1)
    asked = asyncio.create_task(client.admin.command("ping"))
    await held.struck.wait()
    assert not asked.done()
    assert (await asked)["ok"] == 1.0


async def test_who_is_refused_finds_no_server_until_it_listens_again(proxy: FaultProxy, client: Client) -> None:
    await proxy.refuse()
    assert proxy.open_links == 0
    with pytest.raises((ServerSelectionTimeoutError, AutoReconnect)):
        await client.admin.command("ping")
    await proxy.listen()
    while not await answers(client):
        await asyncio.sleep(0.05)


async def answers(client: Client) -> bool:
    try:
        await client.admin.command("ping")
    except PyMongoError:
        return False
    return True
