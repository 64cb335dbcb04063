"""Another attempt after a conflict: MongoDB ends one of two transactions that write the same."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from functools import wraps
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from footnote.platform.storage.errors import TransactionConflict

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 12
FIRST_PAUSE = 0.005  # seconds; doubled with every attempt, and spread, so that the two do not meet again
LONGEST_PAUSE = 0.5
PATIENCE = 10.0  # seconds from the first attempt after which none begins


def again_on_conflict(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run `work` again, from its start, when its transaction conflicts with another.

    It must hold the whole transaction, and nothing before it in `work` may matter twice.
    """

    @wraps(work)
    async def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        deadline = monotonic() + PATIENCE
        for attempt in range(ATTEMPTS - 1):
            try:
                return await work(*args, **kwargs)
            except TransactionConflict:
                if monotonic() > deadline:
                    raise
                pause = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
                await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - no secret
        return await work(*args, **kwargs)

    return repeated
