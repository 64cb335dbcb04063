"""What every job queue does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from opentelemetry import trace
from support.stores import Store
from support.transactions import Time, committed

from footnote.platform.jobs import Job, JobQueue, NewJob
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.jobs.tracing import KEY as TRACE
from footnote.platform.storage import Transaction

T = TypeVar("T")
LEASE = timedelta(seconds=30)
AT_ONCE = timedelta()
PROBLEM = {"title": "It broke", "sheet.name": ["$1"], "bytes": 2**62}
CALLER = trace.SpanContext(trace_id=7, span_id=8, is_remote=False, trace_flags=trace.TraceFlags(1))


class Jobs:
    """A queue, and the transactions around what is asked of it."""

    def __init__(self, store: Store, time: Time) -> None:
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


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def jobs(store: Store, time: Time) -> Jobs:
    return Jobs(store, time)


async def test_a_job_is_claimed_once(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    job = await jobs.claim()
    assert (job.payload, job.status, job.attempts, job.claims) == ({"n": 1}, "running", 0, 1)
    assert (job.max_attempts, job.cancel_requested, job.error, job.run_at) == (2, False, None, time.now)
    assert await jobs.try_claim() is None


@pytest.mark.parametrize("payload", [{}, {"a.b": {"$set": [None, 1.5, "é\0"]}, "n": 2**62}])
async def test_a_payload_comes_back_as_it_was(jobs: Jobs, payload: dict[str, Any]) -> None:
    await jobs.add(payload=payload)
    assert (await jobs.claim()).payload == payload


async def test_a_job_carries_the_trace_of_whoever_queued_it(jobs: Jobs) -> None:
    with trace.use_span(trace.NonRecordingSpan(CALLER)):
        await jobs.add()
    assert (await jobs.claim()).payload[TRACE] == {"traceparent": f"00-{7:032x}-{8:016x}-01"}


async def test_other_kinds_are_left_alone(jobs: Jobs) -> None:
    await jobs.add(kind="other")
    assert await jobs.try_claim() is None
    assert await jobs.queue.claim("worker", ["other", "ingest"], LEASE) is not None


async def test_an_active_key_is_queued_once(jobs: Jobs) -> None:
    first = await jobs.add()
    assert await jobs.add() == first
    job = await jobs.claim()
    assert await jobs.add() == first
    await jobs.complete(job)
    assert await jobs.add() != first


async def test_a_key_that_is_queued_at_once_by_many_is_queued_once(jobs: Jobs) -> None:
    assert len(set(await asyncio.gather(*(jobs.add() for _ in range(6))))) == 1
    assert await jobs.queue.depth() == {"queued": 1}


async def test_a_rolled_back_transaction_queues_nothing(jobs: Jobs) -> None:
    with pytest.raises(ValueError, match="stop"):
        async with jobs.storage.transaction() as tx:
            await jobs.queue.enqueue(tx, NewJob(kind="ingest", tenant="a", key="k", payload={}))
            raise ValueError("stop")
    assert await jobs.try_claim() is None


async def test_greater_priority_goes_first_then_age(jobs: Jobs) -> None:
    for key, priority in (("a", 0), ("b", 1), ("c", 1), ("d", -1)):
        await jobs.add(key, priority=priority)
    assert [(await jobs.claim()).key for _ in range(4)] == ["b", "c", "a", "d"]


async def test_a_tenant_with_many_jobs_does_not_hold_back_another(jobs: Jobs) -> None:
    for number in range(5):
        await jobs.add(f"many-{number}", tenant="many")
    await jobs.add("few", tenant="few")
    assert [(await jobs.claim()).tenant for _ in range(3)] == ["many", "few", "many"]


async def test_priority_counts_more_than_how_busy_a_tenant_is(jobs: Jobs) -> None:
    for key in ("first", "urgent"):
        await jobs.add(key, tenant="busy", priority=1)
    await jobs.add("other", tenant="idle")
    assert [(await jobs.claim()).key for _ in range(3)] == ["first", "urgent", "other"]


async def test_what_is_not_due_holds_back_nothing_of_its_tenant(jobs: Jobs) -> None:
    await jobs.add("delayed", priority=9)
    await jobs.retry(await jobs.claim(), timedelta(minutes=1))
    await jobs.add("due")
    assert (await jobs.claim()).key == "due"


async def test_jobs_of_a_paused_tenant_wait(jobs: Jobs) -> None:
    await jobs.add(tenant="t")
    await jobs.tx(lambda tx: jobs.queue.pause(tx, "t"))
    await jobs.tx(lambda tx: jobs.queue.pause(tx, "t"))
    assert (await jobs.queue.is_paused("t"), await jobs.try_claim()) == (True, None)
    await jobs.tx(lambda tx: jobs.queue.resume(tx, "t"))
    assert (await jobs.queue.is_paused("t"), (await jobs.claim()).tenant) == (False, "t")


async def test_a_paused_tenant_holds_back_no_other(jobs: Jobs) -> None:
    await jobs.add("paused", tenant="paused", priority=9)
    await jobs.add("other", tenant="other")
    await jobs.tx(lambda tx: jobs.queue.pause(tx, "paused"))
    assert (await jobs.claim()).tenant == "other"


async def test_a_job_whose_lease_ran_out_is_taken_over(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    first = await jobs.claim()
    time.passes(LEASE * 2)
    second = await jobs.claim()
    assert (second.id, second.claims) == (first.id, 2)
    assert second.fence > first.fence


async def test_what_was_begun_goes_before_what_waits_at_the_same_priority(jobs: Jobs, time: Time) -> None:
    await jobs.add("urgent", priority=2)
    urgent = await jobs.claim()
    await jobs.add("begun", priority=1)
    await jobs.claim()
    await jobs.complete(urgent)
    time.passes(LEASE * 2)
    await jobs.add("waiting", tenant="idle", priority=1)
    await jobs.add("urgent", priority=2)
    assert [(await jobs.claim()).key for _ in range(3)] == ["urgent", "begun", "waiting"]


async def test_whoever_lost_the_lease_can_do_nothing(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    lost = await jobs.claim()
    time.passes(LEASE * 2)
    held = await jobs.claim()
    for refused in (jobs.queue.complete, jobs.queue.cancelled, jobs.queue.hold):
        with pytest.raises(LeaseLost):
            await jobs.tx(lambda tx, refused=refused: refused(tx, lost))  # type: ignore[misc]
    with pytest.raises(LeaseLost):
        await jobs.queue.heartbeat(lost, LEASE)
    await jobs.queue.give_back(lost)
    await jobs.complete(held)


async def test_whoever_lost_the_lease_can_neither_retry_nor_bury_nor_postpone(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    lost = await jobs.claim()
    time.passes(LEASE * 2)
    await jobs.claim()
    for refused in (
        lambda tx: jobs.queue.retry(tx, lost, PROBLEM, AT_ONCE),
        lambda tx: jobs.queue.bury(tx, lost, PROBLEM),
        lambda tx: jobs.queue.postpone(tx, lost, PROBLEM, AT_ONCE),
    ):
        with pytest.raises(LeaseLost):
            await jobs.tx(refused)
    assert await jobs.queue.depth() == {"running": 1}


async def test_a_job_that_ended_is_held_by_nobody(jobs: Jobs) -> None:
    await jobs.add()
    job = await jobs.claim()
    await jobs.complete(job)
    with pytest.raises(LeaseLost):
        await jobs.complete(job)
    with pytest.raises(LeaseLost):
        await jobs.queue.heartbeat(job, LEASE)


async def test_a_heartbeat_keeps_the_lease(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    job = await jobs.claim()
    time.passes(LEASE * 0.9)
    assert await jobs.queue.heartbeat(job, LEASE) == job
    time.passes(LEASE * 0.9)
    assert await jobs.try_claim() is None


async def test_a_lease_that_ran_out_can_be_renewed_until_somebody_takes_the_job(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    job = await jobs.claim()
    time.passes(LEASE * 2)
    await jobs.queue.heartbeat(job, LEASE)
    assert await jobs.try_claim() is None


async def test_a_failed_job_waits_then_comes_back_then_is_dead(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    assert await jobs.retry(await jobs.claim(), LEASE) is True
    assert await jobs.try_claim() is None
    time.passes(LEASE)
    again = await jobs.claim()
    assert (again.attempts, again.error, again.run_at) == (1, PROBLEM, time.now)
    assert await jobs.retry(again) is False
    assert await jobs.queue.depth() == {"dead": 1}


async def test_a_buried_job_has_no_further_attempt(jobs: Jobs) -> None:
    await jobs.add()
    job = await jobs.claim()
    await jobs.tx(lambda tx: jobs.queue.bury(tx, job, PROBLEM))
    assert (await jobs.try_claim(), await jobs.queue.depth()) == (None, {"dead": 1})


async def test_a_job_given_back_is_claimed_at_once(jobs: Jobs) -> None:
    await jobs.add()
    await jobs.queue.give_back(await jobs.claim())
    assert (await jobs.claim()).claims == 1


async def test_a_postponed_job_counts_neither_attempt_nor_claim(jobs: Jobs) -> None:
    await jobs.add()
    job = await jobs.claim()
    await jobs.tx(lambda tx: jobs.queue.postpone(tx, job, PROBLEM, AT_ONCE))
    again = await jobs.claim()
    assert (again.attempts, again.claims, again.error) == (0, 1, PROBLEM)


async def test_a_queued_job_is_cancelled_at_once(jobs: Jobs) -> None:
    await jobs.add()
    assert [await jobs.cancel(), await jobs.cancel()] == ["cancelled", None]
    assert (await jobs.try_claim(), await jobs.queue.depth()) == (None, {"cancelled": 1})


async def test_a_running_job_hears_of_its_cancellation(jobs: Jobs) -> None:
    await jobs.add()
    job = await jobs.claim()
    assert not await jobs.queue.is_cancelled(job)
    assert await jobs.cancel() == "requested"
    assert (await jobs.queue.is_cancelled(job), (await jobs.queue.heartbeat(job, LEASE)).cancel_requested) == (
        True,
    ) * 2
    await jobs.tx(lambda tx: jobs.queue.cancelled(tx, job))
    assert await jobs.queue.depth() == {"cancelled": 1}


async def test_asking_again_takes_a_cancellation_back(jobs: Jobs) -> None:
    await jobs.add()
    job = await jobs.claim()
    await jobs.cancel()
    await jobs.add()
    assert not await jobs.queue.is_cancelled(job)


async def test_asking_again_ends_the_wait_for_another_attempt(jobs: Jobs) -> None:
    await jobs.add()
    await jobs.retry(await jobs.claim(), timedelta(minutes=1))
    await jobs.add()
    assert (await jobs.claim()).attempts == 0


async def test_what_has_ended_under_a_key_can_be_erased(jobs: Jobs) -> None:
    await jobs.add()
    await jobs.complete(await jobs.claim())
    await jobs.add()
    await jobs.add("other")
    await jobs.tx(lambda tx: jobs.queue.erase(tx, "k"))
    assert await jobs.queue.depth() == {"queued": 2}


async def test_what_was_finished_long_ago_is_forgotten_but_not_the_dead(jobs: Jobs, time: Time) -> None:
    for key in ("done", "dead", "cancelled", "fresh"):
        await jobs.add(key, max_attempts=1)
    await jobs.complete(await jobs.claim())
    await jobs.retry(await jobs.claim())
    await jobs.cancel("cancelled")
    time.passes(LEASE)
    await jobs.cancel("fresh")
    await jobs.queue.forget(LEASE / 2)
    assert await jobs.queue.depth() == {"dead": 1, "cancelled": 1}


async def test_claims_at_once_get_each_job_once(jobs: Jobs) -> None:
    for number in range(12):
        await jobs.add(str(number), tenant=str(number % 3))
    claimed = await asyncio.gather(*(jobs.try_claim(f"worker-{number}") for number in range(20)))
    assert sorted(job.key for job in claimed if job) == sorted(str(number) for number in range(12))
    assert len({job.fence for job in claimed if job}) == 12


async def test_of_a_claim_and_a_transaction_that_holds_the_job_one_gives_way(jobs: Jobs, time: Time) -> None:
    await jobs.add()
    slow = await jobs.claim()
    time.passes(LEASE * 2)

    async def hold(tx: Transaction) -> Job | None:
        await jobs.queue.hold(tx, slow)
        taking.append(asyncio.create_task(jobs.claim()))
        await asyncio.sleep(0.05)
        return taking[0].result() if taking[0].done() else None

    taking: list[asyncio.Task[Job]] = []
    assert await jobs.tx(hold) is None
    assert (await taking[0]).fence > slow.fence


async def test_every_claim_has_a_greater_number_than_the_one_before(jobs: Jobs, time: Time) -> None:
    fences = []
    for number in range(3):
        await jobs.add(str(number))
        fences.append((await jobs.claim()).fence)
        time.passes(LEASE * 2)
        fences.append((await jobs.claim()).fence)
    assert fences == sorted(set(fences))
