"""Work on many things, a few at a time, off the event loop where it blocks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

BATCH = 64


async def map_bounded(
    work: Callable[[T], Awaitable[R]], items: Sequence[T], *, limit: int, on_done: Callable[[int], None]
) -> list[R]:
    """`work` on every item, at most `limit` at once; in the order of `items`. The first failure ends the rest.

    `on_done` hears how many are through.
    """
    gate = asyncio.Semaphore(limit)
    done = 0

    async def one(item: T) -> R:
        nonlocal done
        async with gate:
            finished = await work(item)
        done += 1
        on_done(done)
        return finished

    tasks = [asyncio.create_task(one(item)) for item in items]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def in_thread(items: Iterator[T]) -> AsyncIterator[T]:
    """The items of an iterator that blocks, drawn in batches in a thread."""
    while batch := await asyncio.to_thread(lambda: list(islice(items, BATCH))):
        for item in batch:
            yield item
