import asyncio
from datetime import timedelta

import pytest
from opentelemetry import trace
from support.jobs import Handler, complete, enqueue, make_worker, reached, run_until

from footnote.platform.errors import Invalid, Unavailable
from footnote.platform.jobs import Job, failures
from footnote.platform.jobs import worker as worker_module
from footnote.platform.jobs.errors import WorkersDied
from footnote.platform.jobs.failures import backoff
from footnote.platform.jobs.sqlite import SqliteJobQueue
from footnote.platform.storage.errors import BlobVanished
from footnote.platform.storage.sqlite import SqliteDatabase

FAILED = "The job failed for good"
CALLER = trace.SpanContext(trace_id=7, span_id=8, is_remote=False, trace_flags=trace.TraceFlags(1))


async def test_every_job_is_run_once(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    seen: list[str] = []

    async def run(job: Job) -> None:
        seen.append(job.key)
        async with database.transaction() as tx:
            await queue.complete(tx, job)

    for key in "abc":
        await enqueue(database, queue, key)
    await run_until(make_worker(database, queue, Handler(run)), reached(queue, done=3))
    assert sorted(seen) == ["a", "b", "c"]


async def test_the_work_goes_on_in_the_trace_that_queued_it(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    seen: list[int] = []

    async def run(job: Job) -> None:
        seen.append(trace.get_current_span().get_span_context().trace_id)
        async with database.transaction() as tx:
            await queue.complete(tx, job)

    with trace.use_span(trace.NonRecordingSpan(CALLER)):
        await enqueue(database, queue)
    await run_until(make_worker(database, queue, Handler(run)), reached(queue, done=1))
    assert seen == [CALLER.trace_id]


async def test_a_passing_failure_is_retried(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async def run(job: Job) -> None:
        if job.attempts < 2:
            raise RuntimeError("not now")
        async with database.transaction() as tx:
            await queue.complete(tx, job)

    await enqueue(database, queue)
    handler = Handler(run)
    await run_until(make_worker(database, queue, handler), reached(queue, done=1))
    assert [(how, error and error["cause"]) for how, error in handler.ended] == [("delayed", "RuntimeError")] * 2


async def test_a_failure_that_stays_is_buried_with_its_reason(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async def run(job: Job) -> None:
        raise RuntimeError("never")

    await enqueue(database, queue)
    handler = Handler(run)
    await run_until(make_worker(database, queue, handler), reached(queue, dead=1))
    assert [how for how, _ in handler.ended] == ["delayed", "delayed", "failed"]
    assert [error and error["cause"] for _, error in handler.ended] == ["RuntimeError"] * 3


async def test_what_the_caller_must_mend_is_not_retried(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    attempts: list[int] = []

    async def run(job: Job) -> None:
        attempts.append(job.attempts)
        raise Invalid("The file is damaged.")

    await enqueue(database, queue)
    handler = Handler(run)
    await run_until(make_worker(database, queue, handler), reached(queue, dead=1))
    assert (attempts, handler.ended[0][1]) == ([0], Invalid("The file is damaged.").to_problem())


@pytest.mark.parametrize(("error", "expected"), [(Invalid("The file is damaged."), []), (WorkersDied(9), [FAILED])])
async def test_only_what_an_operator_can_mend_is_warned_of(
    database: SqliteDatabase, queue: SqliteJobQueue, warned: list[str], error: Exception, expected: list[str]
) -> None:
    async def run(job: Job) -> None:
        raise error

    await enqueue(database, queue)
    await run_until(make_worker(database, queue, Handler(run)), reached(queue, dead=1))
    assert [message for message in warned if message == FAILED] == expected


async def test_bytes_that_were_swept_meanwhile_are_kept_anew(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async def run(job: Job) -> None:
        if not job.attempts:
            raise BlobVanished("a" * 64)
        async with database.transaction() as tx:
            await queue.complete(tx, job)

    await enqueue(database, queue)
    handler = Handler(run)
    await run_until(make_worker(database, queue, handler), reached(queue, done=1))
    assert [how for how, _ in handler.ended] == ["delayed"]


async def test_work_that_a_heartbeat_finds_over_comes_to_its_end(
    database: SqliteDatabase, queue: SqliteJobQueue, said: list[str]
) -> None:
    ended: list[str] = []

    async def run(job: Job) -> None:
        async with database.transaction() as tx:
            await queue.complete(tx, job)
        await asyncio.sleep(0.25)  # there is a heartbeat every 0.1 s
        ended.append(job.key)

    async def is_over() -> bool:
        return bool(ended)

    await enqueue(database, queue)
    await run_until(make_worker(database, queue, Handler(run)), is_over)
    assert not [message for message in said if "lease" in message]


async def test_a_long_job_keeps_its_lease(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    starts: list[int] = []

    async def run(job: Job) -> None:
        starts.append(job.claims)
        await asyncio.sleep(0.8)
        async with database.transaction() as tx:
            await queue.complete(tx, job)

    await enqueue(database, queue)
    await run_until(make_worker(database, queue, Handler(run)), reached(queue, done=1))
    assert starts == [1]


async def test_a_running_job_stops_on_request(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async def run(job: Job) -> None:
        async with database.transaction() as tx:
            await queue.cancel(tx, job.key)
        await asyncio.Event().wait()

    await enqueue(database, queue)
    handler = Handler(run)
    await run_until(make_worker(database, queue, handler), reached(queue, cancelled=1))
    assert handler.ended == [("cancelled", None)]


async def test_a_stop_gives_running_jobs_back(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    async def run(job: Job) -> None:
        await asyncio.Event().wait()

    await enqueue(database, queue)
    await run_until(make_worker(database, queue, Handler(run)), reached(queue, running=1))
    assert await queue.depth() == {"queued": 1}


async def test_a_stop_does_not_wait_for_a_store_that_never_answers(
    database: SqliteDatabase, queue: SqliteJobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(job: Job) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(worker_module, "FAREWELL", 0.05)
    monkeypatch.setattr(queue, "give_back", run)
    await enqueue(database, queue)
    async with asyncio.timeout(60):
        await run_until(make_worker(database, queue, Handler(run)), reached(queue, running=1))
    assert await queue.depth() == {"running": 1}


async def test_a_job_that_kills_its_workers_is_not_run_for_ever(
    database: SqliteDatabase, queue: SqliteJobQueue
) -> None:
    async def run(job: Job) -> None:
        raise AssertionError("it would kill this one too")

    await enqueue(database, queue)
    for _ in range(3 * worker_module.CLAIMS_PER_ATTEMPT):
        assert await queue.claim("doomed", ["test"], timedelta(microseconds=-1)) is not None
    handler = Handler(run)
    await run_until(make_worker(database, queue, handler), reached(queue, dead=1))
    assert [error and error["type"] for _, error in handler.ended] == ["/problems/workers-died"]


def test_the_backoff_grows_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "BACKOFF", timedelta(seconds=1))
    assert timedelta(seconds=2) <= backoff(2) <= timedelta(seconds=4)
    assert timedelta(seconds=30) <= backoff(99) <= timedelta(seconds=60)


async def test_slow_jobs_do_not_hold_back_the_others(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    release, done = asyncio.Event(), []

    async def work(job: Job) -> None:
        if job.key.startswith("slow"):
            await release.wait()
        done.append(job.key)
        await complete(database, queue, job)

    for key in ("slow-1", "slow-2", "quick"):
        await enqueue(database, queue, key)
    worker = make_worker(database, queue, Handler(work), patience=timedelta(milliseconds=50))

    async def quick_is_done() -> bool:
        return "quick" in done

    await run_until(worker, quick_is_done, before_stop=release.set)
    assert sorted(done) == ["quick", "slow-1", "slow-2"]


async def test_room_that_slow_jobs_leave_is_given_to_others(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    release, done = {key: asyncio.Event() for key in ("slow-1", "slow-2")}, []

    async def work(job: Job) -> None:
        if job.key in release:
            await release[job.key].wait()
        done.append(job.key)
        await complete(database, queue, job)

    for key in ("slow-1", "slow-2", "quick"):
        await enqueue(database, queue, key)
    worker = make_worker(database, queue, Handler(work), concurrency=1, patience=timedelta(milliseconds=50))

    async def quick_is_done() -> bool:
        if (await queue.depth()).get("running") == 2:
            await asyncio.sleep(0.1)  # until patience with the other has run out, too
            release["slow-1"].set()  # whose place was taken; the other's was not, for want of room
        return "quick" in done

    await run_until(worker, quick_is_done, before_stop=release["slow-2"].set)
    assert done == ["slow-1", "quick", "slow-2"]


async def test_what_is_unavailable_costs_a_job_no_attempt(database: SqliteDatabase, queue: SqliteJobQueue) -> None:
    seen = []

    async def work(job: Job) -> None:
        seen.append((job.attempts, job.claims))
        if len(seen) < 8:
            raise Unavailable("The disk is full.")
        await complete(database, queue, job)

    await enqueue(database, queue)
    handler = Handler(work)
    await run_until(make_worker(database, queue, handler), reached(queue, done=1))
    assert seen == [(0, 1)] * 8
    assert {what for what, _ in handler.ended} == {"delayed"}
