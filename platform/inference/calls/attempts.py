"""Tries a call again when that may help, with pauses that grow and differ from caller to caller."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from loguru import logger

from footnote.platform.inference.calls.answers import Endpoint, timed_out
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.telemetry.metrics import model_retried

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """All in seconds."""

    attempts: int = 5
    request: float = 30.0  # for one answer
    total: float = 150.0  # for all attempts with their pauses
    first_pause: float = 0.5
    longest_pause: float = 20.0


class Tries:
    """How many attempts are left, also to several callers who try the same at once."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self) -> bool:
        """Whether there is one more; it is the caller's then."""
        self._left -= 1
        return self._left >= 0


class Attempts:
    def __init__(
        self,
        endpoint: Endpoint,
        patience: Patience,
        *,
        tries: Tries | None = None,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`tries` are those beside the first attempt, in the place of as many as `patience` has."""
        self._endpoint = endpoint
        self._patience = patience
        self._tries = tries
        self._sleep = sleep
        self._chance = chance

    async def of(self, call: Callable[[], Awaitable[T]]) -> T:
        """What `call` gives, the first time that it does not raise a `Fault` which may pass.

        Raises:
            Unavailable: The problem of the last fault.
        """
        clock = asyncio.get_running_loop().time
        ends = clock() + self._patience.total
        tries = self._tries or Tries(self._patience.attempts - 1)
        attempt = 1
        while True:
            try:
                async with asyncio.timeout_at(min(clock() + self._patience.request, ends)):
                    return await call()
            except TimeoutError:
                fault = timed_out(self._endpoint)
            except Fault as raised:
                fault = raised
            pause = self._pause(attempt, fault)
            if not fault.again or clock() + pause >= ends or not tries.take():
                raise fault.problem from None
            self._tell(fault, attempt, pause)
            await self._sleep(pause)
            attempt += 1

    def _pause(self, attempt: int, fault: Fault) -> float:
        """Half of it by chance, so that those who failed together do not come again together."""
        grown = min(self._patience.longest_pause, self._patience.first_pause * 2.0 ** (attempt - 1))
        if fault.learned:
            return 0.0
        if fault.retry_after is not None:
            return fault.retry_after + self._chance() * self._patience.first_pause
        return grown / 2 + self._chance() * grown / 2

    def _tell(self, fault: Fault, attempt: int, pause: float) -> None:
        model_retried(self._endpoint.name, type(fault.problem).__name__)
        logger.bind(
            model=self._endpoint.name, problem=fault.problem.detail, attempt=attempt, pause=round(pause, 3)
        ).info("A call of a model is tried again")
