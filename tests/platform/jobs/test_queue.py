"""The contract of the job queue."""

from datetime import UTC, datetime, timedelta

import pytest

from footnote.platform.jobs import Job, NewJob
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.jobs.schema import MIGRATIONS
from footnote.platform.jobs.sqlite import SqliteJobQueue
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

LEASE = timedelta(seconds=30)
NOW = timedelta()
PROBLEM = {"title": "It broke"}


class Time:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, duration: timedelta) -> None:
        self.now += duration


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def queue(database: SqliteDatabase, time: Time) -> SqliteJobQueue:
    await migrate(database, {"jobs": MIGRATIONS})
    return SqliteJobQueue(database, time)


async def enqueue(queue: SqliteJobQueue, key: str = "k", priority: int = 0, max_attempts: int = 2) -> str:
    job = NewJob(kind="ingest", tenant="a", key=key, payload={"n": 1}, priority=priority, max_attempts=max_attempts)
    async with queue._database.transaction() as tx:
        return await queue.enqueue(tx, job)


async def claim(queue: SqliteJobQueue) -> Job:
    job = await queue.claim("worker", ["ingest"], LEASE)
    assert job is not None
    return job


async def is_empty(queue: SqliteJobQueue) -> bool:
    return await queue.claim("worker", ["ingest"], LEASE) is None


async def complete(queue: SqliteJobQueue, job: Job) -> None:
    async with queue._database.transaction() as tx:
        await queue.complete(tx, job)


async def test_a_job_is_claimed_once(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    assert (await claim(queue)).payload == {"n": 1}
    assert await is_empty(queue)


async def test_other_kinds_are_left_alone(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    assert await queue.claim("worker", ["other"], LEASE) is None


async def test_an_active_key_is_queued_once(queue: SqliteJobQueue) -> None:
    first = await enqueue(queue)
    assert await enqueue(queue) == first
    await complete(queue, await claim(queue))
    assert await enqueue(queue) != first


async def test_greater_priority_goes_first_then_age(queue: SqliteJobQueue) -> None:
    for key, priority in (("a", 0), ("b", 1), ("c", 1)):
        await enqueue(queue, key, priority)
    assert [(await claim(queue)).key for _ in range(3)] == ["b", "c", "a"]


async def test_a_rolled_back_transaction_queues_nothing(queue: SqliteJobQueue) -> None:
    with pytest.raises(ValueError, match="stop"):
        async with queue._database.transaction() as tx:
            await queue.enqueue(tx, NewJob(kind="ingest", tenant="a", key="k", payload={}))
            raise ValueError("stop")
    assert await is_empty(queue)


async def test_a_job_whose_lease_ran_out_is_taken_over(queue: SqliteJobQueue, time: Time) -> None:
    await enqueue(queue)
    first = await claim(queue)
    time.passes(LEASE * 2)
    second = await claim(queue)
    assert (second.id, second.claims) == (first.id, 2)
    assert second.fence > first.fence


async def test_whoever_lost_the_lease_can_do_nothing(queue: SqliteJobQueue, time: Time) -> None:
    await enqueue(queue)
    first = await claim(queue)
    time.passes(LEASE * 2)
    await claim(queue)
    with pytest.raises(LeaseLost):
        await queue.heartbeat(first, LEASE)
    with pytest.raises(LeaseLost):
        await complete(queue, first)
    await queue.give_back(first)
    assert await is_empty(queue)


async def test_a_heartbeat_keeps_the_lease(queue: SqliteJobQueue, time: Time) -> None:
    await enqueue(queue)
    job = await claim(queue)
    time.passes(LEASE * 0.9)
    await queue.heartbeat(job, LEASE)
    time.passes(LEASE * 0.9)
    assert await is_empty(queue)


async def test_a_failed_job_waits_then_comes_back_then_is_dead(queue: SqliteJobQueue, time: Time) -> None:
    await enqueue(queue, max_attempts=2)
    first = await claim(queue)
    async with queue._database.transaction() as tx:
        assert await queue.retry(tx, first, PROBLEM, LEASE) is True
    assert await is_empty(queue)
    time.passes(LEASE)
    second = await claim(queue)
    async with queue._database.transaction() as tx:
        assert await queue.retry(tx, second, PROBLEM, NOW) is False
    assert await queue.depth() == {"dead": 1}


async def test_a_job_given_back_is_claimed_at_once(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    await queue.give_back(await claim(queue))
    assert (await claim(queue)).claims == 1


async def test_a_queued_job_is_cancelled_at_once(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    async with queue._database.transaction() as tx:
        assert await queue.cancel(tx, "k") == "cancelled"
        assert await queue.cancel(tx, "k") is None
    assert await is_empty(queue)


async def test_a_running_job_hears_of_its_cancellation(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    job = await claim(queue)
    async with queue._database.transaction() as tx:
        await queue.cancel(tx, "k")
    assert (await queue.heartbeat(job, LEASE)).cancel_requested


async def test_what_has_ended_under_a_key_can_be_erased(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    await complete(queue, await claim(queue))
    await enqueue(queue)
    await enqueue(queue, "other")
    async with queue._database.transaction() as tx:
        await queue.erase(tx, "k")
    assert await queue.depth() == {"queued": 2}


async def test_jobs_of_a_paused_tenant_wait(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async with database.transaction() as tx:
        await queue.pause(tx, "t")
        await queue.enqueue(tx, NewJob(kind="test", tenant="t", key="k", payload={}))
    assert (await queue.is_paused("t"), await queue.claim("w", ["test"], LEASE)) == (True, None)
    async with database.transaction() as tx:
        await queue.resume(tx, "t")
    assert (await queue.is_paused("t"), await queue.claim("w", ["test"], LEASE) is not None) == (False, True)


async def test_a_tenant_with_many_jobs_does_not_hold_back_another(
    database: SqliteDatabase, queue: SqliteJobQueue
) -> None:
    async with database.transaction() as tx:
        for number in range(5):
            await queue.enqueue(tx, NewJob(kind="test", tenant="many", key=f"many-{number}", payload={}))
        await queue.enqueue(tx, NewJob(kind="test", tenant="few", key="few", payload={}))
    claimed = [await queue.claim("w", ["test"], LEASE) for _ in range(2)]
    assert [job.tenant for job in claimed if job] == ["many", "few"]


async def test_a_postponed_job_counts_neither_attempt_nor_claim(
    database: SqliteDatabase, queue: SqliteJobQueue
) -> None:
    async with database.transaction() as tx:
        await queue.enqueue(tx, NewJob(kind="test", tenant="t", key="k", payload={}))
    job = await queue.claim("w", ["test"], LEASE)
    assert job
    async with database.transaction() as tx:
        await queue.postpone(tx, job, {"title": "full"}, timedelta())
    again = await queue.claim("w", ["test"], LEASE)
    assert again
    assert (again.attempts, again.claims) == (0, 1)


async def test_whoever_works_learns_of_a_cancellation(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async with database.transaction() as tx:
        await queue.enqueue(tx, NewJob(kind="test", tenant="t", key="k", payload={}))
    job = await queue.claim("w", ["test"], LEASE)
    assert job
    assert not await queue.is_cancelled(job)
    async with database.transaction() as tx:
        assert await queue.cancel(tx, "k") == "requested"
    assert await queue.is_cancelled(job)


async def test_asking_again_takes_a_cancellation_back(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    job = await claim(queue)
    async with queue._database.transaction() as tx:
        await queue.cancel(tx, "k")
    await enqueue(queue)
    assert not await queue.is_cancelled(job)


async def test_what_is_not_due_holds_back_nothing_of_its_tenant(queue: SqliteJobQueue) -> None:
    await enqueue(queue, "delayed", priority=9)
    delayed = await claim(queue)
    async with queue._database.transaction() as tx:
        await queue.postpone(tx, delayed, PROBLEM, timedelta(minutes=1))
    await enqueue(queue, "due")
    assert (await claim(queue)).key == "due"


async def test_asking_again_ends_the_wait_for_another_attempt(queue: SqliteJobQueue) -> None:
    await enqueue(queue)
    job = await claim(queue)
    async with queue._database.transaction() as tx:
        await queue.retry(tx, job, PROBLEM, timedelta(minutes=1))
    await enqueue(queue)
    assert (await claim(queue)).attempts == 0
