"""The job queue in MongoDB. Times are Unix microseconds."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
from pymongo.errors import DuplicateKeyError

from footnote.platform.clock import Clock, utc_now
from footnote.platform.ids import new_id
from footnote.platform.jobs import Job, JobStatus, NewJob
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.jobs.mongo_due import DueJobs
from footnote.platform.jobs.tracing import with_trace
from footnote.platform.storage import Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.mongo import MongoDatabase, mongo, raced
from footnote.platform.storage.mongo_collection import Row

EPOCH = datetime.fromtimestamp(0, UTC)
FENCE = "fence"  # the counter that claims take their numbers from
IS_QUEUED = {"$eq": ["$status", "queued"]}


class MongoJobQueue:
    def __init__(self, database: MongoDatabase, clock: Clock = utc_now) -> None:
        self._jobs = database.collection("job")
        self._pauses = database.collection("job_pause")
        self._counters = database.collection("counter")
        self._due = DueJobs(self._jobs, self._pauses)
        self._clock = clock
        self._unanswered: list[Row] = []  # what jobs are like whose claim may or may not have been carried out

    async def enqueue(self, tx: Transaction, job: NewJob) -> str:
        again = {
            "cancel_requested": False,
            "attempts": {"$cond": [IS_QUEUED, 0, "$attempts"]},
            "due_at": {"$cond": [IS_QUEUED, self._now(), "$due_at"]},
        }
        active = {"key": job.key, "active": True}
        if known := await self._jobs.change_one(active, [{"$set": again}], tx=mongo(tx)):
            return str(known["_id"])
        row = self._new_row(job)
        with raced():
            await self._jobs.insert_one(row, tx=mongo(tx))
        return str(row["_id"])

    async def claim(self, worker: str, kinds: Collection[str], lease: timedelta) -> Job | None:
        if row := await self._found_again(lease):
            return _job(row)
        is_crowded = False
        while chosen := await self._due.choose(kinds, self._now(), is_crowded=is_crowded):
            if row := await self._claim(chosen, worker, lease):
                return _job(row)
            is_crowded = True
        return None

    async def heartbeat(self, job: Job, lease: timedelta) -> Job:
        row = await self._jobs.change_one(_held(job), self._leased(lease))
        if row is None:
            raise LeaseLost(job.id)
        return _job(row)

    async def hold(self, tx: Transaction, job: Job) -> None:
        # Written, not only read: of a transaction that holds the job and a claim of it, one must give way.
        if not await self._jobs.update_one(_held(job), {"$inc": {"holds": 1}}, tx=mongo(tx)):
            raise LeaseLost(job.id)

    async def complete(self, tx: Transaction, job: Job) -> None:
        await self._finish(tx, job, "done")

    async def retry(self, tx: Transaction, job: Job, error: Mapping[str, Any], delay: timedelta) -> bool:
        again = job.attempts + 1 < job.max_attempts
        await self._finish(tx, job, "queued" if again else "dead", error=error, delay=delay, failed=1)
        return again

    async def bury(self, tx: Transaction, job: Job, error: Mapping[str, Any]) -> None:
        await self._finish(tx, job, "dead", error=error, failed=1)

    async def postpone(self, tx: Transaction, job: Job, error: Mapping[str, Any], delay: timedelta) -> None:
        await self._finish(tx, job, "queued", error=error, delay=delay, returned=1)

    async def give_back(self, job: Job) -> None:
        try:
            await self._finish(None, job, "queued", returned=1)
        except LeaseLost:
            return

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        await self._finish(tx, job, "cancelled")

    async def cancel(self, tx: Transaction, key: str) -> Literal["cancelled", "requested"] | None:
        stopped = {
            "status": {"$cond": [IS_QUEUED, "cancelled", "$status"]},
            "active": {"$cond": [IS_QUEUED, False, True]},
            "cancel_requested": {"$cond": [IS_QUEUED, "$cancel_requested", True]},
            "finished_at": {"$cond": [IS_QUEUED, self._clock(), "$$REMOVE"]},
            "updated_at": self._now(),
        }
        row = await self._jobs.change_one({"key": key, "active": True}, [{"$set": stopped}], tx=mongo(tx))
        if row is None:
            return None
        return "requested" if row["active"] else "cancelled"

    async def is_cancelled(self, job: Job) -> bool:
        return await self._jobs.find_one({**_held(job), "cancel_requested": True}, projection=["_id"]) is not None

    async def pause(self, tx: Transaction, tenant: str) -> None:
        with raced():
            await self._pauses.update_one({"_id": tenant}, {"$set": {"is_paused": True}}, tx=mongo(tx), upsert=True)

    async def resume(self, tx: Transaction, tenant: str) -> None:
        await self._pauses.delete_one({"_id": tenant}, tx=mongo(tx))

    async def is_paused(self, tenant: str) -> bool:
        return await self._pauses.find_one({"_id": tenant}) is not None

    async def erase(self, tx: Transaction, key: str) -> None:
        await self._jobs.delete_many({"key": key, "active": False}, tx=mongo(tx))

    async def depth(self) -> dict[str, int]:
        counts = {status: await self._jobs.count({"status": status}) for status in get_args(JobStatus)}
        return {status: number for status, number in counts.items() if number}

    async def forget(self, age: timedelta) -> None:
        await self._jobs.delete_many({"finished_at": {"$lt": self._clock() - age}})

    async def _claim(self, chosen: Row, worker: str, lease: timedelta) -> Row | None:
        """The job as claimed, or None where another worker was quicker, or its tenant has been paused."""
        # Drawn only after the job was seen, it is greater than that of every claim of the jobs of this key before it.
        fence = await self._next_fence()
        unclaimed = {name: chosen.get(name) for name in ("_id", "status", "fence", "lease_until")}
        claim = self._leased(lease, status="running", worker=worker, fence=fence)
        try:
            row = await self._jobs.change_one(unclaimed, {**claim, "$inc": {"claims": 1}})
            if row is None or not await self.is_paused(row["tenant"]):
                return row
            await self.give_back(_job(row))
        except StoreUnavailable:
            self._unanswered.append({"_id": chosen["_id"], "fence": fence, "status": "running"})
            raise
        return None

    async def _found_again(self, lease: timedelta) -> Row | None:
        """A job that is ours without our knowing: the answer to its claim was lost."""
        while self._unanswered:
            claimed = self._unanswered.pop()
            try:
                row = await self._jobs.change_one(claimed, self._leased(lease))
            except StoreUnavailable:
                self._unanswered.append(claimed)
                raise
            if row is not None:
                return row
        return None

    async def _finish(
        self,
        tx: Transaction | None,
        job: Job,
        status: JobStatus,
        *,
        error: Mapping[str, Any] | None = None,
        delay: timedelta = timedelta(),
        failed: int = 0,
        returned: int = 0,
    ) -> None:
        values = {
            "status": status,
            "active": status == "queued",
            "due_at": self._now(delay),
            "updated_at": self._now(),
            "lease_until": None,
            "worker": None,
            **({} if error is None else {"error": _json(error)}),
            **({"finished_at": self._clock()} if status in ("done", "cancelled") else {}),
        }
        counts = {"attempts": failed, "claims": -returned}
        ours = None if tx is None else mongo(tx)
        if not await self._jobs.update_one(_held(job), {"$set": values, "$inc": counts}, tx=ours):
            raise LeaseLost(job.id)

    @again_on_conflict
    async def _next_fence(self) -> int:
        row = await self._counters.change_one({"_id": FENCE}, {"$inc": {"value": 1}})
        if row is not None:
            return int(row["value"])
        # An upsert would do in MongoDB; DocumentDB gives the same first number to several who ask at once.
        with suppress(DuplicateKeyError):
            await self._counters.insert_one({"_id": FENCE, "value": 0})
        return await self._next_fence()

    def _leased(self, lease: timedelta, **changes: Any) -> dict[str, Any]:
        return {"$set": {"lease_until": self._now(lease), "updated_at": self._now(), **changes}}

    def _now(self, later: timedelta = timedelta()) -> int:
        return (self._clock() + later - EPOCH) // timedelta(microseconds=1)

    def _new_row(self, job: NewJob) -> Row:
        now = self._now()
        return {
            **msgspec.structs.asdict(job),
            "_id": new_id(),
            "payload": _json(with_trace(job.payload)),
            "status": "queued",
            "active": True,
            "attempts": 0,
            "claims": 0,
            "fence": 0,
            "lease_until": None,
            "cancel_requested": False,
            "due_at": now,
            "created_at": now,
            "updated_at": now,
        }


def _held(job: Job) -> dict[str, Any]:
    return {"_id": job.id, "fence": job.fence, "status": "running"}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _job(row: Row) -> Job:
    error = row.get("error")
    return Job(
        id=row["_id"],
        kind=row["kind"],
        tenant=row["tenant"],
        key=row["key"],
        payload=msgspec.json.decode(row["payload"]),
        status=row["status"],
        attempts=row["attempts"],
        claims=row["claims"],
        max_attempts=row["max_attempts"],
        fence=row["fence"],
        cancel_requested=row["cancel_requested"],
        error=None if error is None else msgspec.json.decode(error),
        run_at=EPOCH + timedelta(microseconds=row["due_at"]),
    )
