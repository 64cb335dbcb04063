"""A worker whose store goes away and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from support.jobs import Handler, complete, enqueue, make_worker, reached, run_until

from footnote.platform.jobs import Job
from footnote.platform.jobs.outage import pauses
from footnote.platform.jobs.sqlite import SqliteJobQueue
from footnote.platform.storage import Transaction
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.sqlite import SqliteDatabase

AWAY = "The store is unavailable; the worker waits for it"
BACK = "The store is back; the worker goes on"
LEASE = timedelta(milliseconds=90)


class Link:
    """To the store: all that goes through it fails while it is cut."""

    def __init__(self, database: SqliteDatabase, queue: SqliteJobQueue) -> None:
        self._database = database
        self._queue = queue
        self.is_cut = False
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        async def passed_on(*values: Any) -> Any:
            self._check()
            return await getattr(self._queue, name)(*values)

        return passed_on

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        self._check()
        async with self._database.transaction() as tx:
            yield tx

    def _check(self) -> None:
        if self.is_cut:
            self.refused += 1
            raise StoreUnavailable("the link is cut")

    async def fails(self, times: int) -> None:
        """Wait until so many have been refused since."""
        times += self.refused
        while self.refused < times:
            await asyncio.sleep(0.001)

    async def cut_for(self, times: int) -> None:
        self.is_cut = True
        await self.fails(times)
        self.is_cut = False


@pytest.fixture
def link(database: SqliteDatabase, queue: SqliteJobQueue) -> Any:
    return Link(database, queue)


async def test_a_worker_waits_for_the_store_and_says_so_once(link: Any, queue: SqliteJobQueue, said: list[str]) -> None:
    async def work(job: Job) -> None:
        await complete(link, link, job)

    await enqueue(link, queue)
    cutting = asyncio.create_task(link.cut_for(20))
    await asyncio.sleep(0)
    await run_until(make_worker(link, link, Handler(work)), reached(queue, done=1))
    await cutting
    assert said == [AWAY, BACK]


async def test_work_goes_on_while_its_lease_cannot_be_renewed(link: Any, queue: SqliteJobQueue) -> None:
    starts = []

    async def work(job: Job) -> None:
        starts.append(job.claims)
        await link.cut_for(5)
        await complete(link, link, job)

    await enqueue(link, queue)
    await run_until(make_worker(link, link, Handler(work), concurrency=1, lease=LEASE), reached(queue, done=1))
    assert starts == [1]


async def test_a_job_that_met_the_outage_costs_no_attempt(link: Any, queue: SqliteJobQueue) -> None:
    seen = []

    async def work(job: Job) -> None:
        seen.append((job.attempts, job.claims))
        if len(seen) < 6:
            asyncio.get_running_loop().call_later(0.02, setattr, link, "is_cut", False)
            link.is_cut = True
        await complete(link, link, job)

    await enqueue(link, queue)
    handler = Handler(work)
    worker = make_worker(link, link, handler, lease=timedelta(seconds=5))
    await run_until(worker, reached(queue, done=1))
    assert (seen, handler.ended[0][0], len(handler.ended)) == ([(0, 1)] * 6, "delayed", 5)


async def test_a_failure_is_recorded_when_the_store_is_back(link: Any, queue: SqliteJobQueue) -> None:
    async def work(job: Job) -> None:
        cutting.append(asyncio.create_task(link.cut_for(10)))
        await asyncio.sleep(0)
        raise RuntimeError("never")

    cutting: list[asyncio.Task[None]] = []
    await enqueue(link, queue)
    handler = Handler(work)
    await run_until(make_worker(link, link, handler, lease=timedelta(seconds=5)), reached(queue, dead=1))
    assert [how for how, _ in handler.ended] == ["delayed", "delayed", "failed"]


async def test_a_lease_that_another_took_during_the_outage_ends_the_work(link: Any, queue: SqliteJobQueue) -> None:
    async def work(job: Job) -> None:
        try:
            link.is_cut = True
            while (stolen := await queue.claim("thief", ["test"], timedelta(minutes=1))) is None:
                await asyncio.sleep(0.01)
            thieves.append(stolen)
            link.is_cut = False
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.set()
            raise

    thieves: list[Job] = []
    ended = asyncio.Event()

    async def is_over() -> bool:
        return ended.is_set()

    await enqueue(link, queue)
    handler = Handler(work)
    await run_until(make_worker(link, link, handler, lease=LEASE), is_over)
    assert handler.ended == []
    await complete(link, queue, thieves[0])


async def test_a_worker_can_be_stopped_during_the_outage(link: Any, queue: SqliteJobQueue) -> None:
    async def work(job: Job) -> None:
        link.is_cut = True
        await asyncio.Event().wait()

    async def is_over() -> bool:
        return bool(link.refused)

    await enqueue(link, queue)
    await run_until(make_worker(link, link, Handler(work), lease=LEASE), is_over)
    assert await queue.depth() == {"running": 1}


def test_pauses_grow_to_a_limit_that_lets_work_resume_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    longest = [pause.total_seconds() for pause in islice(pauses(), 12)]
    assert 0.05 <= longest[0] <= 0.1
    assert all(1 <= pause <= 2 for pause in longest[6:])
