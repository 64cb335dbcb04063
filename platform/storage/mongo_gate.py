"""What an operation waits for before it is sent: a server that takes it, and a connection.

Under one limit for the whole operation the driver gives these two no limits of their own: it would wait for a server
that is gone, or for a connection of a full pool, until the time of the operation is up.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pymongo
from pymongo import AsyncMongoClient

from footnote.platform.storage.errors import StoreUnavailable


class Gate:
    def __init__(
        self, client: AsyncMongoClient[dict[str, Any]], *, selection: timedelta, pool_size: int, pool_wait: timedelta
    ) -> None:
        self._client = client
        self._selection = selection.total_seconds()
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

    async def _find_server(self) -> None:
        if not self.is_open:
            with pymongo.timeout(self._selection):
                await self._client.admin.command("ping")

    async def _wait_for_connection(self) -> None:
        try:
            async with asyncio.timeout(self._pool_wait):
                await self._connections.acquire()
        except TimeoutError:
            raise StoreUnavailable("all connections to the server are in use") from None
