"""The job queue in SQLite. Times are Unix microseconds."""

import sqlite3
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from footnote.platform.clock import Clock, utc_now
from footnote.platform.ids import new_id
from footnote.platform.jobs import Job, NewJob
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.jobs.tracing import with_trace
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

INSERT = """
INSERT INTO job (id, kind, tenant, key, payload, priority, status, max_attempts, due_at, created_at, updated_at)
VALUES (:id, :kind, :tenant, :key, :payload, :priority, 'queued', :max_attempts, :now, :now, :now)
ON CONFLICT DO NOTHING
"""
ASK_AGAIN = """
UPDATE job SET cancel_requested = 0,
  attempts = iif(status = 'queued', 0, attempts), due_at = iif(status = 'queued', :now, due_at)
WHERE key = :key AND status IN ('queued', 'running') RETURNING id
"""
# However many jobs wait, only the first of each tenant is looked at: the index is walked from tenant to tenant.
DUE = """
WITH RECURSIVE waiting (tenant) AS (
  SELECT min(tenant) FROM job WHERE status = 'queued'
  UNION ALL
  SELECT (SELECT min(tenant) FROM job WHERE status = 'queued' AND tenant > waiting.tenant) FROM waiting
  WHERE waiting.tenant IS NOT NULL
), busy AS (
  SELECT tenant, count(*) AS number FROM job WHERE status = 'running' AND lease_until >= :now GROUP BY tenant
), first (id) AS (
  SELECT (
    SELECT id FROM job
    WHERE status = 'queued' AND job.tenant = waiting.tenant AND due_at <= :now
      AND kind IN (SELECT value FROM json_each(:kinds))
    ORDER BY priority DESC, id LIMIT 1
  ) FROM waiting
  UNION ALL
  SELECT id FROM job
  WHERE status = 'running' AND lease_until < :now AND kind IN (SELECT value FROM json_each(:kinds))
)
SELECT id FROM first JOIN job USING (id) LEFT JOIN busy USING (tenant)
WHERE tenant NOT IN (SELECT tenant FROM job_pause)
ORDER BY priority DESC, status DESC, coalesce(busy.number, 0), id LIMIT 1
"""
NEXT_FENCE = "UPDATE fence SET value = value + 1 RETURNING value"
CLAIM = """
UPDATE job SET status = 'running', claims = claims + 1, fence = :fence, worker = :worker,
  lease_until = :lease_until, updated_at = :now
WHERE id = :id RETURNING *
"""
HOLDS = "id = :id AND fence = :fence AND status = 'running'"
HEARTBEAT = f"UPDATE job SET lease_until = :lease_until, updated_at = :now WHERE {HOLDS} RETURNING *"
IS_HELD = f"SELECT 1 FROM job WHERE {HOLDS}"
FINISH = f"""
UPDATE job SET status = :status, error = coalesce(:error, error), due_at = :due_at, lease_until = NULL, worker = NULL,
  attempts = attempts + :failed, claims = claims - :returned, updated_at = :now
WHERE {HOLDS} RETURNING id
"""
CANCEL_QUEUED = "UPDATE job SET status = 'cancelled', updated_at = ? WHERE key = ? AND status = 'queued' RETURNING id"
CANCEL_RUNNING = "UPDATE job SET cancel_requested = 1, updated_at = ? WHERE key = ? AND status = 'running' RETURNING id"
IS_CANCELLED = f"SELECT 1 FROM job WHERE {HOLDS} AND cancel_requested = 1"
PAUSE = "INSERT INTO job_pause VALUES (?) ON CONFLICT DO NOTHING"
RESUME = "DELETE FROM job_pause WHERE tenant = ?"
IS_PAUSED = "SELECT 1 FROM job_pause WHERE tenant = ?"
ERASE = "DELETE FROM job WHERE key = ? AND status IN ('done', 'dead', 'cancelled')"
DEPTH = "SELECT status, count(*) AS number FROM job GROUP BY status"
FORGET = "DELETE FROM job WHERE status IN ('done', 'cancelled') AND updated_at < ?"


class SqliteJobQueue:
    def __init__(self, database: SqliteDatabase, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def enqueue(self, tx: Transaction, job: NewJob) -> str:
        row = {
            **msgspec.structs.asdict(job),
            "id": new_id(),
            "now": self._now(),
            "payload": _json(with_trace(job.payload)),
        }

        def work(connection: sqlite3.Connection) -> str:
            connection.execute(INSERT, row)
            return str(connection.execute(ASK_AGAIN, row).fetchone()["id"])

        return await sqlite(tx).run(work)

    async def claim(self, worker: str, kinds: Collection[str], lease: timedelta) -> Job | None:
        due = {"kinds": _json(sorted(kinds)), "now": self._now()}
        if await self._database.read(lambda connection: connection.execute(DUE, due).fetchone()) is None:
            return None  # an idle worker must not take the write lock again and again
        async with self._database.transaction() as tx:
            return await tx.run(lambda connection: self._claim(connection, worker, due, lease))

    async def heartbeat(self, job: Job, lease: timedelta) -> Job:
        values = {**_holder(job), "now": self._now(), "lease_until": self._now(lease)}
        async with self._database.transaction() as tx:
            row = await tx.run(lambda connection: connection.execute(HEARTBEAT, values).fetchone())
        if row is None:
            raise LeaseLost(job.id)
        return _job(row)

    async def hold(self, tx: Transaction, job: Job) -> None:
        held = await sqlite(tx).run(lambda connection: connection.execute(IS_HELD, _holder(job)).fetchone())
        if held is None:
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
            async with self._database.transaction() as tx:
                await self._finish(tx, job, "queued", returned=1)
        except LeaseLost:
            return

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        await self._finish(tx, job, "cancelled")

    async def cancel(self, tx: Transaction, key: str) -> Literal["cancelled", "requested"] | None:
        values = (self._now(), key)

        def work(connection: sqlite3.Connection) -> Literal["cancelled", "requested"] | None:
            if connection.execute(CANCEL_QUEUED, values).fetchone():
                return "cancelled"
            return "requested" if connection.execute(CANCEL_RUNNING, values).fetchone() else None

        return await sqlite(tx).run(work)

    async def is_cancelled(self, job: Job) -> bool:
        return await self._database.read(
            lambda connection: connection.execute(IS_CANCELLED, _holder(job)).fetchone() is not None
        )

    async def pause(self, tx: Transaction, tenant: str) -> None:
        await sqlite(tx).run(lambda connection: connection.execute(PAUSE, (tenant,)))

    async def resume(self, tx: Transaction, tenant: str) -> None:
        await sqlite(tx).run(lambda connection: connection.execute(RESUME, (tenant,)))

    async def is_paused(self, tenant: str) -> bool:
        return await self._database.read(
            lambda connection: connection.execute(IS_PAUSED, (tenant,)).fetchone() is not None
        )

    async def erase(self, tx: Transaction, key: str) -> None:
        await sqlite(tx).run(lambda connection: connection.execute(ERASE, (key,)))

    async def depth(self) -> dict[str, int]:
        return await self._database.read(
            lambda connection: {row["status"]: row["number"] for row in connection.execute(DEPTH)}
        )

    async def forget(self, age: timedelta) -> None:
        async with self._database.transaction() as tx:
            await tx.run(lambda connection: connection.execute(FORGET, (self._now(-age),)))

    def _claim(self, connection: sqlite3.Connection, worker: str, due: dict[str, Any], lease: timedelta) -> Job | None:
        row = connection.execute(DUE, due).fetchone()
        if row is None:
            return None
        fence = connection.execute(NEXT_FENCE).fetchone()["value"]
        values = {
            "id": row["id"],
            "fence": fence,
            "worker": worker,
            "now": self._now(),
            "lease_until": self._now(lease),
        }
        return _job(connection.execute(CLAIM, values).fetchone())

    async def _finish(
        self,
        tx: Transaction,
        job: Job,
        status: str,
        *,
        error: Mapping[str, Any] | None = None,
        delay: timedelta = timedelta(),
        failed: int = 0,
        returned: int = 0,
    ) -> None:
        values = {
            **_holder(job),
            "status": status,
            "error": None if error is None else _json(error),
            "due_at": self._now(delay),
            "failed": failed,
            "returned": returned,
            "now": self._now(),
        }
        if await sqlite(tx).run(lambda connection: connection.execute(FINISH, values).fetchone()) is None:
            raise LeaseLost(job.id)

    def _now(self, later: timedelta = timedelta()) -> int:
        return (self._clock() + later - EPOCH) // timedelta(microseconds=1)


EPOCH = datetime.fromtimestamp(0, UTC)


def _holder(job: Job) -> dict[str, Any]:
    return {"id": job.id, "fence": job.fence}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        tenant=row["tenant"],
        key=row["key"],
        payload=msgspec.json.decode(row["payload"]),
        status=row["status"],
        attempts=row["attempts"],
        claims=row["claims"],
        max_attempts=row["max_attempts"],
        fence=row["fence"],
        cancel_requested=bool(row["cancel_requested"]),
        error=None if row["error"] is None else msgspec.json.decode(row["error"]),
        run_at=EPOCH + timedelta(microseconds=row["due_at"]),
    )
