"""Who works next when many are answered at once: whoever asked first."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

AT_ONCE = 4  # answers that take the processor, in one process
LET_PASS = 8  # who asked later: with 16 the slowest of 16 whole answers took a quarter longer


class TurnTaking:
    """A few at a time do what takes the processor. If all went on a bit in turn, all would wait for the last one."""

    def __init__(self, places: int = AT_ONCE) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._tickets = count()
        self._order = count()

    def ticket(self) -> int:
        """Smaller ones go first."""
        return next(self._tickets)

    @asynccontextmanager
    async def turn(self, ticket: int) -> AsyncIterator[None]:
        await self._take(ticket)
        try:
            yield
        finally:
            self._give()

    async def let_pass(self, ticket: int) -> None:
        """For whose reader has something to read: `LET_PASS` who asked after `ticket` go first if they wait.

        It takes no place.
        """
        async with self.turn(ticket + LET_PASS):
            pass

    async def _take(self, ticket: int) -> None:
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (ticket, next(self._order), place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            *_, place = heapq.heappop(self._waiting)
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
