"""Workers over each store: leases, heartbeats and transactions at once."""

import asyncio
from functools import partial

from support.jobs import Handler, Jobs, make_worker, reached
from support.stores import Store

from footnote.platform.clock import utc_now
from footnote.platform.jobs import Job
from footnote.platform.storage import Blob, Transaction

BYTES = "b" * 64


async def publish(store: Store, jobs: Jobs, job: Job, tx: Transaction) -> None:
    await jobs.queue.hold(tx, job)
    await store.ledger().add(tx, job.key, Blob(sha256=BYTES, size=1, copy="1"))
    await jobs.queue.complete(tx, job)


async def test_two_workers_share_the_jobs_and_publish_each_once(store: Store) -> None:
    async def run(jobs: Jobs, job: Job) -> None:
        await asyncio.sleep(0.15)  # longer than a heartbeat waits
        await jobs.tx(partial(publish, store, jobs, job))

    both = [Jobs(store, utc_now) for _ in range(2)]
    for number in range(12):
        await both[0].add(str(number), kind="test", tenant=str(number % 2))
    stop = asyncio.Event()
    workers = [make_worker(store.storage, jobs.queue, Handler(partial(run, jobs))) for jobs in both]
    running = [asyncio.create_task(worker.run(stop)) for worker in workers]
    async with asyncio.timeout(30):
        while not await reached(both[0].queue, done=12)():
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*running)
    assert len(await store.ledger().used()) == 12


async def test_a_job_that_fails_now_and_then_is_published_once(store: Store) -> None:
    async def run(job: Job) -> None:
        if job.attempts < 1:
            raise RuntimeError("not now")
        await jobs.tx(partial(publish, store, jobs, job))

    jobs = Jobs(store, utc_now)
    await jobs.add(kind="test")
    stop, handler = asyncio.Event(), Handler(run)
    running = asyncio.create_task(make_worker(store.storage, jobs.queue, handler).run(stop))
    async with asyncio.timeout(30):
        while not await reached(jobs.queue, done=1)():
            await asyncio.sleep(0.05)
    stop.set()
    await running
    assert ([how for how, _ in handler.ended], await store.ledger().used()) == (["delayed"], [("k", BYTES)])
