"""What an operation waits for before it is sent: a server that takes it, and a connection.

Under one limit for the whole operation the driver gives these two no limits of their own: it would wait for a server
that is gone, or for a connection of a full pool, until the time of the operation is up. So it would before it tries
once more what broke off. Nor does it keep that limit while it waits for a lock of its own: then it is ended from here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import pymongo
from pymongo import AsyncMongoClient
from pymongo.errors import NetworkTimeout

from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.mongo_errors import ServerGone

LOOKS = 8  # in the time for which a server is waited for
RECHECK = 0.5  # seconds that the driver lets pass between two attempts to reach a server
LATE = 2.0  # seconds that the driver may take to notice that its time is up

_longest: ContextVar[float] = ContextVar("longest", default=0.0)


@contextmanager
def lasting(seconds: float) -> Iterator[None]:
    """Each operation in here may take so long, if that is longer than others may."""
    before = _longest.set(seconds)
    try:
        with pymongo.timeout(seconds):
            yield
    finally:
        _longest.reset(before)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """For what is asked of the driver beside the gate.

    Raises:
        NetworkTimeout: The driver itself did not end it.
    """
    try:
        async with asyncio.timeout(seconds + LATE):
            with pymongo.timeout(seconds):
                yield
    except TimeoutError:
        raise _stuck() from None


class Gate:
    def __init__(
        self,
        client: AsyncMongoClient[dict[str, Any]],
        *,
        selection: timedelta,
        operation: timedelta,
        pool_size: int,
        pool_wait: timedelta,
    ) -> None:
        self._client = client
        self._selection = selection.total_seconds()
        self._operation = operation.total_seconds()
        self._pool_wait = pool_wait.total_seconds()
        self._connections = asyncio.Semaphore(pool_size)

    @property
    def is_open(self) -> bool:
        """Whether a server is known that takes writes, as far as has been noticed."""
        return bool(self._client.topology_description.has_writable_server())

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """
        Raises:
            StoreUnavailable: All connections are in use, and stayed so.
            PyMongoError: There is no server.
        """
        await self._find_server()
        await self._wait_for_connection()
        try:
            yield
        finally:
            self._connections.release()

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """
        Raises:
            ServerGone: There has been no server for as long as one is waited for.
            NetworkTimeout: The driver itself did not end it.
        """
        looking = None
        try:
            async with asyncio.timeout(max(self._operation, _longest.get()) + LATE) as limit:
                looking = _Looking(self, limit, (self._selection + RECHECK) / LOOKS)
                try:
                    yield
                finally:
                    looking.end()
        except TimeoutError:
            raise (ServerGone("no server answers") if looking and looking.gave_up else _stuck()) from None

    async def _find_server(self) -> None:
        if not self.is_open:
            async with within(self._selection):
                await self._client.admin.command("ping")

    async def _wait_for_connection(self) -> None:
        try:
            async with asyncio.timeout(self._pool_wait):
                await self._connections.acquire()
        except TimeoutError:
            raise StoreUnavailable("all connections to the server are in use") from None


class _Looking:
    """Ends what has a `limit` once the gate was found closed so many times running."""

    def __init__(self, gate: Gate, limit: asyncio.Timeout, pause: float) -> None:
        self._gate = gate
        self._limit = limit
        self._pause = pause
        self._misses = 0
        self._next = asyncio.get_running_loop().call_later(pause, self._look)

    @property
    def gave_up(self) -> bool:
        return self._misses >= LOOKS

    def end(self) -> None:
        self._next.cancel()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._misses = 0 if self._gate.is_open else self._misses + 1
        if self._misses < LOOKS:
            self._next = loop.call_later(self._pause, self._look)
        else:
            self._limit.reschedule(loop.time())


def _stuck() -> NetworkTimeout:
    return NetworkTimeout("the driver did not end it in its time")
