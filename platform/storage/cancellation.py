"""What becomes of a task that is cancelled while it talks to the store."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives. Whoever is cancelled meanwhile learns of it only afterwards."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


@contextmanager
def unswallowed_cancellation() -> Iterator[None]:
    """Until Python 3.12 `asyncio.wait_for`, which the driver sends with, may lose a cancellation: it is made up for."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        yield
    finally:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
