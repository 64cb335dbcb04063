"""A store behind a link that can be disturbed, with short limits."""

import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from support.fault_proxy import FaultProxy
from support.mongo_server import mongo_uri

from footnote.platform.storage.mongo import MongoDatabase, MongoOptions

QUICK = MongoOptions(
    selection=timedelta(seconds=0.7),
    connect=timedelta(seconds=0.7),
    operation=timedelta(seconds=1.5),
    pool_wait=timedelta(seconds=0.3),
)

Open = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The collector may come upon those sockets in the middle of a test, too."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(autouse=True)
def sockets_that_the_driver_forgets() -> Iterator[None]:
    """It leaves the socket of an attempt to connect that is cancelled to the garbage collector."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    async with FaultProxy.to(mongo_uri()) as opened:
        yield opened


@pytest.fixture
async def name() -> AsyncIterator[str]:
    """Of a database that is dropped at the end, whatever became of the link."""
    name = f"footnote_test_{uuid4().hex[:16]}"
    yield name
    async with opened(mongo_uri(name)) as database:
        await database.drop()


@pytest.fixture
async def database(proxy: FaultProxy, name: str) -> AsyncIterator[MongoDatabase]:
    """Behind the proxy, its first connection open."""
    async with opened(proxy.uri(name), QUICK) as database:
        yield database


@pytest.fixture
async def beside(name: str) -> AsyncIterator[MongoDatabase]:
    """The same database, without the proxy."""
    async with opened(mongo_uri(name)) as database:
        yield database


@pytest.fixture
async def open_behind(proxy: FaultProxy, name: str) -> AsyncIterator[Open]:
    """Opens the database behind the proxy with the options given."""
    async with AsyncExitStack() as stack:

        async def open_(**options: Any) -> MongoDatabase:
            given = {each: getattr(QUICK, each) for each in QUICK.__struct_fields__} | options
            return await stack.enter_async_context(opened(proxy.uri(name), MongoOptions(**given)))

        yield open_


@asynccontextmanager
async def opened(uri: str, options: MongoOptions | None = None) -> AsyncIterator[MongoDatabase]:
    database = await MongoDatabase.open(uri, options)
    try:
        yield database
    finally:
        await database.close()
