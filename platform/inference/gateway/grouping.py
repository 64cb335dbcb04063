"""Small writes of many callers, in one transaction at a time: each transaction is a wait for the disk."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from footnote.platform.inference.errors import BudgetSpent
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

MOST = 100  # writes of one transaction
Work = Callable[[Transaction], Awaitable[None]]


class Group:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._waiting: list[tuple[Work, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def do(self, work: Work) -> None:
        """`work` is done once, after what was asked before, also if the caller is cancelled meanwhile.

        It may be begun again after a conflict, so nothing in it may matter twice but what it writes.

        Raises:
            BudgetSpent: It raised that, and had written nothing.
            Unavailable: The store is away; nothing was written.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await done

    async def settled(self) -> None:
        """When all that was asked is done."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            outcomes: Sequence[Exception | None]
            try:
                outcomes = await self._together([work for work, _ in batch])
            except Exception as error:
                outcomes = [error] * len(batch)
            for (_, done), outcome in zip(batch, outcomes, strict=True):
                if not done.done():
                    done.set_exception(outcome) if outcome else done.set_result(None)

    @again_on_conflict
    async def _together(self, works: Sequence[Work]) -> Sequence[Exception | None]:
        async with self._storage.transaction() as tx:
            return [await _refusal(work, tx) for work in works]


async def _refusal(work: Work, tx: Transaction) -> BudgetSpent | None:
    try:
        await work(tx)
    except BudgetSpent as error:
        return error
    return None
