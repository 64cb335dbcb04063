"""How the driver waits for its conditions, mended for Python 3.11.

There `asyncio.wait_for` waits in a task of its own. Whoever is cancelled just as that task's time is up leaves it
behind: it takes the condition's lock, as it must, and nobody gives that back. This is the lock of the servers' topology
or of a pool; all that is asked of the store from then on would wait for it without a limit. Python 3.12 waits in place.
"""

import asyncio
import sys
from collections.abc import Awaitable
from typing import TypeVar

from pymongo import lock

T = TypeVar("T")


def mend_waiting() -> None:
    """For all clients of this process."""
    if sys.version_info < (3, 12):
        vars(lock)["wait_for"] = wait_in_place


async def wait_in_place(awaitable: Awaitable[T], seconds: float | None) -> T:
    """
    Raises:
        TimeoutError: The time is up.
    """
    async with asyncio.timeout(seconds):
        return await awaitable
