"""Work that tests watch, and a worker that runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from support.stores import Store
from support.transactions import committed

from footnote.platform.clock import Clock
from footnote.platform.jobs import Job, JobQueue, NewJob
from footnote.platform.jobs.worker import Worker
from footnote.platform.storage import Storage, Transaction

Run = Callable[[Job], Awaitable[None]]
T = TypeVar("T")
LEASE = timedelta(seconds=30)
AT_ONCE = timedelta()
PROBLEM = {"title": "It broke", "sheet.name": ["$1"], "bytes": 2**62}


class Handler:
    kind = "test"

    def __init__(self, run: Run) -> None:
        self._run = run
        self.ended: list[tuple[str, dict[str, Any] | None]] = []

    async def run(self, job: Job) -> None:
        await self._run(job)

    async def delayed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        self.ended.append(("delayed", error))

    async def failed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        self.ended.append(("failed", error))

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        self.ended.append(("cancelled", None))


async def enqueue(storage: Storage, queue: JobQueue, key: str = "k") -> None:
    async with storage.transaction() as tx:
        await queue.enqueue(tx, NewJob(kind="test", tenant="t", key=key, payload={}, max_attempts=3))


async def complete(storage: Storage, queue: JobQueue, job: Job) -> None:
    async with storage.transaction() as tx:
        await queue.complete(tx, job)


def make_worker(storage: Storage, queue: JobQueue, handler: Handler, **changes: Any) -> Worker:
    values: dict[str, Any] = {
        "concurrency": 2,
        "lease": timedelta(milliseconds=300),
        "grace": timedelta(milliseconds=50),
        "poll": timedelta(milliseconds=10),
    }
    return Worker(queue, storage, [handler], **(values | changes))


async def run_until(
    worker: Worker, is_over: Callable[[], Awaitable[bool]], before_stop: Callable[[], None] = lambda: None
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    async with asyncio.timeout(10):
        while not await is_over():
            await asyncio.sleep(0.01)
    before_stop()
    stop.set()
    await running


def reached(queue: JobQueue, **depth: int) -> Callable[[], Awaitable[bool]]:
    async def is_over() -> bool:
        return await queue.depth() == depth

    return is_over


class Jobs:
    """A queue, and the transactions around what is asked of it."""

    def __init__(self, store: Store, time: Clock) -> None:
        self.storage = store.storage
        self.queue: JobQueue = store.jobs(time)

    async def tx(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await committed(self.storage, work)

    async def add(self, key: str = "k", *, kind: str = "ingest", tenant: str = "a", **rest: Any) -> str:
        job = NewJob(kind=kind, tenant=tenant, key=key, **{"payload": {"n": 1}, "max_attempts": 2, **rest})
        return await self.tx(lambda tx: self.queue.enqueue(tx, job))

    async def try_claim(self, worker: str = "worker") -> Job | None:
        return await self.queue.claim(worker, ["ingest"], LEASE)

    async def claim(self) -> Job:
        job = await self.try_claim()
        assert job is not None
        return job

    async def complete(self, job: Job) -> None:
        await self.tx(lambda tx: self.queue.complete(tx, job))

    async def retry(self, job: Job, delay: timedelta = AT_ONCE) -> bool:
        return await self.tx(lambda tx: self.queue.retry(tx, job, PROBLEM, delay))

    async def cancel(self, key: str = "k") -> str | None:
        return await self.tx(lambda tx: self.queue.cancel(tx, key))
