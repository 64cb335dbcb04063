"""Durable background work: a queue in the store, workers that lease jobs from it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import msgspec

from footnote.platform.storage import Transaction

JobStatus = Literal["queued", "running", "done", "dead", "cancelled"]


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    tenant: str
    key: str  # at most one queued or running job has it
    payload: dict[str, Any]
    priority: int = 0  # greater goes first
    max_attempts: int = 5


class Job(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    tenant: str
    key: str
    payload: dict[str, Any]
    status: JobStatus
    attempts: int  # that failed
    claims: int  # attempts and also those whose worker died
    max_attempts: int
    fence: int  # grows with every claim in the store; a holder with a smaller one has lost its lease
    cancel_requested: bool
    error: dict[str, Any] | None
    run_at: datetime


class JobQueue(Protocol):
    async def enqueue(self, tx: Transaction, job: NewJob) -> str:
        """The id of the new job, or of the active one that has the same key.

        That is no longer to be cancelled, and if it waits for another attempt, it is due and has all of them.
        """
        ...

    async def claim(self, worker: str, kinds: Collection[str], lease: timedelta) -> Job | None:
        """The due job of greatest priority, also one whose lease has run out.

        Among equals those go first whose lease has run out, then those of tenants that have fewer jobs running, then
        the oldest. Jobs of a tenant that is paused wait.
        """
        ...

    async def heartbeat(self, job: Job, lease: timedelta) -> Job:
        """Extend the lease and tell whether somebody asked to cancel.

        Raises:
            LeaseLost: Another worker has claimed the job since, or it is no longer running.
        """
        ...

    async def hold(self, tx: Transaction, job: Job) -> None:
        """Make sure, inside `tx`, that the job still belongs to its holder.

        Raises:
            LeaseLost: Another worker has claimed the job since, or it is no longer running.
        """
        ...

    async def complete(self, tx: Transaction, job: Job) -> None:
        """Mark it done.

        Raises:
            LeaseLost: Another worker has claimed the job since, or it is no longer running.
        """
        ...

    async def retry(self, tx: Transaction, job: Job, error: Mapping[str, Any], delay: timedelta) -> bool:
        """Queue it again after `delay`, or bury it with the reason when no attempt is left; True if queued.

        Raises:
            LeaseLost: as in `complete`.
        """
        ...

    async def bury(self, tx: Transaction, job: Job, error: Mapping[str, Any]) -> None:
        """Dead letter: no further attempt, the reason is kept.

        Raises:
            LeaseLost: as in `complete`.
        """
        ...

    async def postpone(self, tx: Transaction, job: Job, error: Mapping[str, Any], delay: timedelta) -> None:
        """Queue it again after `delay` for a reason that is not its own; neither attempt nor claim counts.

        Raises:
            LeaseLost: as in `complete`.
        """
        ...

    async def give_back(self, job: Job) -> None:
        """Queue it again at once without counting the claim: an orderly shutdown. A lost lease is no error."""
        ...

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        """Mark a running job as stopped on request.

        Raises:
            LeaseLost: as in `complete`.
        """
        ...

    async def cancel(self, tx: Transaction, key: str) -> Literal["cancelled", "requested"] | None:
        """Cancel the active job of that key, if there is one: at once if queued, by its worker if running."""
        ...

    async def is_cancelled(self, job: Job) -> bool:
        """Whether somebody asked to cancel it; cheaper than a heartbeat."""
        ...

    async def pause(self, tx: Transaction, tenant: str) -> None:
        """Let no more jobs of the tenant begin; those that run go on."""
        ...

    async def resume(self, tx: Transaction, tenant: str) -> None: ...

    async def is_paused(self, tenant: str) -> bool: ...

    async def erase(self, tx: Transaction, key: str) -> None:
        """Delete the jobs of that key that have ended, their reasons with them."""
        ...

    async def depth(self) -> dict[str, int]:
        """Number of jobs in each status."""
        ...

    async def forget(self, age: timedelta) -> None:
        """Delete jobs that were done or cancelled longer than `age` ago; dead ones stay."""
        ...
