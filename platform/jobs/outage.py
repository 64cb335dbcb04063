"""The store comes and goes; a worker waits for it and goes on when it is back."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from loguru import logger

from footnote.platform.storage.errors import StoreUnavailable

FIRST_PAUSE = timedelta(seconds=0.1)
LONGEST_PAUSE = timedelta(seconds=2)

T = TypeVar("T")


class Outage:
    """What one worker knows of it, in all its slots; told once when it begins and once when it is over."""

    def __init__(self) -> None:
        self._is_on = False

    def begins(self, error: StoreUnavailable) -> None:
        if not self._is_on:
            logger.bind(detail=error.detail).warning("The store is unavailable; the worker waits for it")
        self._is_on = True

    def is_over(self) -> None:
        if self._is_on:
            logger.info("The store is back; the worker goes on")
        self._is_on = False

    async def outlast(self, stop: asyncio.Event, ask: Callable[[], Awaitable[T]]) -> T | None:
        """What `ask` gives as soon as the store answers, or None when `stop` comes first."""
        for pause in pauses():
            try:
                answer = await ask()
            except StoreUnavailable as error:
                self.begins(error)
            else:
                self.is_over()
                return answer
            await wait(stop, pause)
            if stop.is_set():
                break
        return None


def pauses() -> Iterator[timedelta]:
    """Longer and longer, and spread: those who wait must not all come back at once."""
    longest = FIRST_PAUSE
    while True:
        yield longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
        longest = min(2 * longest, LONGEST_PAUSE)


async def wait(stop: asyncio.Event, most: timedelta) -> None:
    waiting = asyncio.ensure_future(stop.wait())
    await asyncio.wait([waiting], timeout=most.total_seconds())
    await end(waiting)


async def end(*tasks: "asyncio.Future[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
