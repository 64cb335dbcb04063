"""Short transactions, what ends with one, and a clock that tests turn."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from footnote.platform.clock import utc_now
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

T = TypeVar("T")


@again_on_conflict
async def committed(storage: Storage, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """What `work` gives, done in a transaction of its own, again after a conflict."""
    async with storage.transaction() as tx:
        return await work(tx)


class Time:
    """Stands still until told to go on. Starts now: servers delete by themselves what was finished long ago."""

    def __init__(self) -> None:
        self.now: datetime = utc_now()

    def __call__(self) -> datetime:
        return self.now

    def passes(self, duration: timedelta) -> None:
        self.now += duration


class Killed(BaseException):
    """Nothing is done after it."""


class KilledAtCommit:
    """Implements `Storage`: whoever has committed does nothing more."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._storage.transaction() as tx:
            yield tx
        raise Killed
