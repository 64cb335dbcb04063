"""What every job queue does: which job is next, and what people may ask of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry import trace
from support.jobs import LEASE, Jobs
from support.stores import Store
from support.transactions import Time

from footnote.platform.jobs import NewJob
from footnote.platform.jobs.tracing import KEY as TRACE

CALLER = trace.SpanContext(trace_id=7, span_id=8, is_remote=False, trace_flags=trace.TraceFlags(1))


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


async def test_jobs_of_a_paused_tenant_wait(jobs: Jobs) -> None:
    await jobs.add(tenant="t")
    await jobs.tx(lambda tx: jobs.queue.pause(tx, "t"))
    await jobs.tx(lambda tx: jobs.queue.pause(tx, "t"))
    assert (await jobs.queue.is_paused("t"), await jobs.try_claim()) == (True, None)
    await jobs.tx(lambda tx: jobs.queue.resume(tx, "t"))
    assert (await jobs.queue.is_paused("t"), (await jobs.claim()).tenant) == (False, "t")


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
