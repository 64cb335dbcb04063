"""What is particular to the queue in MongoDB; the rest is in the contract of all queues."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from support.plans import recorded
from support.stores import mongo_database
from support.transactions import Time, committed

from footnote.platform.jobs import NewJob, mongo_due
from footnote.platform.jobs.mongo import MongoJobQueue
from footnote.platform.jobs.mongo_schema import FINISHED, MIGRATIONS
from footnote.platform.storage.errors import OutcomeUnknown
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_collection import Collection, Row
from footnote.platform.storage.mongo_migrations import migrate

LEASE = timedelta(seconds=30)


@pytest.fixture
async def mongodb() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as database:
        await migrate(database, {"jobs": MIGRATIONS})
        yield database


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def queue(mongodb: MongoDatabase, time: Time) -> MongoJobQueue:
    return MongoJobQueue(mongodb, time)


async def add(mongodb: MongoDatabase, queue: MongoJobQueue, key: str = "k", tenant: str = "a") -> str:
    job = NewJob(kind="test", tenant=tenant, key=key, payload={})
    return await committed(mongodb, lambda tx: queue.enqueue(tx, job))


async def fill(mongodb: MongoDatabase, queue: MongoJobQueue, tenants: int, jobs: int) -> None:
    rows = []
    for number in range(tenants * jobs):
        job = NewJob(kind="test", tenant=f"{number % tenants:04}", key=str(number), payload={})
        rows.append(queue._new_row(job))
    await mongodb.collection("job").insert_many(rows)


class LostAnswers:
    """The next change of a job is carried out, but nobody learns of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._change = Collection.change_one
        self._patch = monkeypatch

    def lose_the_next(self) -> None:
        change, patch = self._change, self._patch

        async def changed(self: Collection, where: Any, update: Any, **options: Any) -> Row | None:
            row = await change(self, where, update, **options)
            if self.raw.name == "job":
                patch.setattr(Collection, "change_one", change)
                raise OutcomeUnknown("the connection broke")
            return row

        patch.setattr(Collection, "change_one", changed)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> LostAnswers:
    return LostAnswers(monkeypatch)


async def test_a_claim_whose_answer_was_lost_is_found_again(
    mongodb: MongoDatabase, queue: MongoJobQueue, answers: LostAnswers
) -> None:
    job_id = await add(mongodb, queue)
    answers.lose_the_next()
    with pytest.raises(OutcomeUnknown):
        await queue.claim("worker", ["test"], LEASE)
    job = await queue.claim("worker", ["test"], LEASE)
    assert job
    assert (job.id, job.claims) == (job_id, 1)
    assert await queue.claim("worker", ["test"], LEASE) is None


async def test_a_lost_claim_that_another_took_over_is_left_to_it(
    mongodb: MongoDatabase, queue: MongoJobQueue, answers: LostAnswers, time: Time
) -> None:
    await add(mongodb, queue)
    answers.lose_the_next()
    with pytest.raises(OutcomeUnknown):
        await queue.claim("worker", ["test"], LEASE)
    time.passes(LEASE * 2)
    assert await MongoJobQueue(mongodb, time).claim("other", ["test"], LEASE)
    assert await queue.claim("worker", ["test"], LEASE) is None


async def test_a_tenant_that_is_paused_during_the_claim_waits(
    mongodb: MongoDatabase, queue: MongoJobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pause_first() -> int:
        await committed(mongodb, lambda tx: queue.pause(tx, "a"))
        return await next_fence()

    next_fence = queue._next_fence
    monkeypatch.setattr(queue, "_next_fence", pause_first)
    await add(mongodb, queue)
    assert await queue.claim("worker", ["test"], LEASE) is None
    assert await queue.depth() == {"queued": 1}


async def test_a_claim_asks_few_questions_however_many_tenants_wait(
    mongodb: MongoDatabase, queue: MongoJobQueue
) -> None:
    await fill(mongodb, queue, tenants=mongo_due.TOGETHER + 50, jobs=2)
    first = await queue.claim("worker", ["test"], LEASE)  # begins the counter of the store
    assert first
    await queue.give_back(first)
    with recorded(mongodb.name) as commands:
        assert await queue.claim("worker", ["test"], LEASE)
    assert len(commands) <= 8
    assert all(command.get("limit", 0) <= mongo_due.WIDTH for command in commands if "sort" in command)


async def test_every_tenant_has_its_turn_before_any_has_a_second(mongodb: MongoDatabase, queue: MongoJobQueue) -> None:
    await fill(mongodb, queue, tenants=5, jobs=3)
    claimed = [await queue.claim("worker", ["test"], LEASE) for _ in range(5)]
    assert {job.tenant for job in claimed if job} == {f"{number:04}" for number in range(5)}


async def test_an_idle_worker_writes_nothing(mongodb: MongoDatabase, queue: MongoJobQueue) -> None:
    with recorded(mongodb.name) as commands:
        assert await queue.claim("worker", ["test"], LEASE) is None
    assert {next(iter(command)) for command in commands} == {"find", "distinct"}


async def test_only_what_is_done_or_cancelled_is_deleted_by_the_server(
    mongodb: MongoDatabase, queue: MongoJobQueue, time: Time
) -> None:
    for key in ("done", "dead", "cancelled", "waiting"):
        await add(mongodb, queue, key)
    done = await queue.claim("worker", ["test"], LEASE)
    dead = await queue.claim("worker", ["test"], LEASE)
    assert done
    assert dead
    await committed(mongodb, lambda tx: queue.complete(tx, done))
    await committed(mongodb, lambda tx: queue.bury(tx, dead, {}))
    await committed(mongodb, lambda tx: queue.cancel(tx, "cancelled"))
    rows = await mongodb.collection("job").find({"finished_at": {"$type": "date"}})
    assert sorted(row["key"] for row in rows) == ["cancelled", "done"]


async def test_the_server_deletes_them_when_the_server_upkeep_would(mongodb: MongoDatabase) -> None:
    indexes = await mongodb.database["job"].index_information()
    assert indexes["job_finished"]["expireAfterSeconds"] == FINISHED == timedelta(days=7).total_seconds()


async def test_twenty_workers_share_many_jobs_without_running_any_twice(
    mongodb: MongoDatabase, queue: MongoJobQueue, time: Time
) -> None:
    async def work(name: str) -> None:
        while job := await queue.claim(name, ["test"], LEASE):
            ran.append(job.id)
            await committed(mongodb, lambda tx, job=job: queue.complete(tx, job))  # type: ignore[misc]

    ran: list[str] = []
    await fill(mongodb, queue, tenants=3, jobs=20)
    await asyncio.gather(*(work(f"worker-{number}") for number in range(20)))
    assert len(ran) == len(set(ran)) == 60
    assert await queue.depth() == {"done": 60}
