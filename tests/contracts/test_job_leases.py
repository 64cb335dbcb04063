"""Who may work on a job, and how the work ends, in every job queue."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from support.jobs import AT_ONCE, LEASE, PROBLEM, Jobs
from support.stores import Store
from support.transactions import Time

from footnote.platform.clock import utc_now
from footnote.platform.jobs import Job
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.storage import Blob, Transaction


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def jobs(store: Store, time: Time) -> Jobs:
    return Jobs(store, time)


async def test_what_is_not_due_holds_back_nothing_of_its_tenant(jobs: Jobs) -> None:
    await jobs.add("delayed", priority=9)
    await jobs.retry(await jobs.claim(), timedelta(minutes=1))
    await jobs.add("due")
    assert (await jobs.claim()).key == "due"


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


async def test_workers_that_stall_beyond_their_lease_publish_nothing_twice(store: Store) -> None:
    jobs, ledger = Jobs(store, utc_now), store.ledger()
    lease = timedelta(seconds=0.5)

    async def work(name: str) -> None:
        while await jobs.queue.depth() != {"done": 8}:
            job = await jobs.queue.claim(name, ["ingest"], lease)
            if job is None or (job.claims == 1 and int(job.key) % 2):
                await asyncio.sleep(lease.total_seconds() * 1.2)  # others take it over
            if job is not None:
                with suppress(LeaseLost):
                    await jobs.tx(partial(publish, job))

    async def publish(job: Job, tx: Transaction) -> None:
        await jobs.queue.hold(tx, job)
        await ledger.add(tx, job.key, Blob(sha256="b" * 64, size=1, copy="1"))
        await jobs.queue.complete(tx, job)

    for number in range(8):
        await jobs.add(str(number))
    await asyncio.gather(*(work(f"worker-{number}") for number in range(4)))
    users = [await jobs.tx(lambda tx, key=str(key): ledger.drop(tx, key, "b" * 64)) for key in range(8)]  # type: ignore[misc]
    assert (sorted(await ledger.unused()), users) == ([(str(key), "b" * 64) for key in range(8)], [0] * 8)
