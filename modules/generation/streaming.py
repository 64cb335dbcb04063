"""Makes a stream of what a coroutine emits."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def emitted(work: Callable[[Callable[[T], Awaitable[None]]], Coroutine[Any, Any, object]]) -> AsyncGenerator[T]:
    """What `work` emits, as it emits it; then raises what it raised.

    It runs in a task of its own, so that its spans stay its own; closing the stream cancels it and waits for its end.
    """
    events: asyncio.Queue[T | None] = asyncio.Queue()
    task = asyncio.create_task(work(events.put))
    task.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])
