"""Runs jobs: leases them, keeps the lease alive, retries what may pass and buries what will not."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, Literal, Protocol

from loguru import logger
from opentelemetry import trace
from opentelemetry.trace import Status, StatusCode

from footnote.platform.errors import Unavailable
from footnote.platform.ids import new_id
from footnote.platform.jobs import Job, JobQueue
from footnote.platform.jobs.errors import LeaseLost, WorkersDied
from footnote.platform.jobs.failures import backoff, is_final, postponement, to_problem
from footnote.platform.jobs.outage import Outage, end, wait
from footnote.platform.jobs.tracing import trace_of
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.telemetry.metrics import job_ended

tracer = trace.get_tracer(__name__)

LOOK = 1.0  # seconds between two looks at whether the job is to be cancelled
FAREWELL = 5.0  # seconds for giving jobs back, after the grace
LAST_WORDS = 1.0  # seconds that work may take after the transaction that ends its job
CLAIMS_PER_ATTEMPT = 10  # a job whose workers die that often is what kills them

Ending = Literal["ended", "lost", "cancelled", "shutdown"]
Failure = Literal["postponed", "queued", "dead"]


class JobHandler(Protocol):
    @property
    def kind(self) -> str: ...

    async def run(self, job: Job) -> None:
        """Do the work, and complete the job in the transaction of its last effect.

        May be run again after it was cut off at any point. An error of a kind that the caller must mend (status below
        500) is final; any other is retried.
        """
        ...

    async def delayed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        """Tell whoever waits for it why it waits; in the transaction that queues it again."""
        ...

    async def failed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        """Tell whoever waits for it that it will not be tried again; in the transaction that buries it."""
        ...

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        """Tell whoever waits for it that it was stopped on request; in the transaction that ends it."""
        ...


class Worker:
    def __init__(
        self,
        queue: JobQueue,
        storage: Storage,
        handlers: Sequence[JobHandler],
        *,
        concurrency: int,
        lease: timedelta,
        grace: timedelta,
        poll: timedelta = timedelta(seconds=0.5),
        patience: timedelta = timedelta(seconds=30),
    ) -> None:
        """`grace` is how long running jobs may go on after a stop before they are given back.

        A job that runs for longer than `patience` no longer counts as one of the `concurrency`, so that slow ones do
        not hold back the others; at most `concurrency` more run for that.
        """
        self._queue = queue
        self._storage = storage
        self._handlers = {handler.kind: handler for handler in handlers}
        self._concurrency = concurrency
        self._lease = lease
        self._grace = grace
        self._poll = poll
        self._patience = patience
        self._extra = concurrency  # slots that may still be opened beside slow jobs
        self._name = f"{socket.gethostname()}:{os.getpid()}:{new_id()}"
        self._news = asyncio.Event()
        self._outage = Outage()

    def wake(self) -> None:
        """Look for work now rather than at the next poll."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; running jobs are then finished within the grace or given back."""
        try:
            async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as group:
                for _ in range(self._concurrency):
                    group.create_task(self._slot(stop, group))
                await stop.wait()
                limit.reschedule(asyncio.get_running_loop().time() + self._grace.total_seconds() + FAREWELL)
        except TimeoutError:
            logger.warning("The store does not answer; the worker ends without it, and leases may have to run out")

    async def _slot(self, stop: asyncio.Event, group: asyncio.TaskGroup) -> None:
        """Take one job after the other; ends once another slot has been opened in its place."""
        replaced = asyncio.Event()

        def replace() -> bool:
            if not self._extra or stop.is_set():
                return False
            self._extra -= 1
            replaced.set()
            group.create_task(self._slot(stop, group))
            return True

        while not stop.is_set() and not replaced.is_set():
            try:
                job = await self._outage.outlast(stop, self._claim)
                if job is None:
                    await self._idle(stop)
                else:
                    await self._work_with_patience(job, stop, replace)
            except Exception:
                logger.exception("The worker stumbled over a job; it goes on with the next")
                await wait(stop, 2 * self._poll)
        self._extra += replaced.is_set()

    async def _claim(self) -> Job | None:
        return await self._queue.claim(self._name, self._handlers.keys(), self._lease)

    async def _work_with_patience(self, job: Job, stop: asyncio.Event, replace: Callable[[], bool]) -> None:
        """Work on `job`, and call `replace` should that take long, again and again until it can."""
        impatient = asyncio.create_task(self._out_of_patience(replace))
        try:
            await self._work(job, stop)
        finally:
            await end(impatient)

    async def _out_of_patience(self, replace: Callable[[], bool]) -> None:
        while True:
            await asyncio.sleep(self._patience.total_seconds())
            if replace():
                return

    async def _idle(self, stop: asyncio.Event) -> None:
        self._news.clear()
        waits = [asyncio.ensure_future(self._news.wait()), asyncio.ensure_future(stop.wait())]
        await asyncio.wait(waits, timeout=self._poll.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        await end(*waits)

    async def _work(self, job: Job, stop: asyncio.Event) -> None:
        with (
            logger.contextualize(job_id=job.id, job_kind=job.kind),
            tracer.start_as_current_span(
                "jobs.run", trace_of(job.payload), attributes={"footnote.job.kind": job.kind}
            ) as span,
        ):
            task = asyncio.create_task(self._attempt(job))
            try:
                ending = await self._watch(job, task, stop)
            finally:
                await end(task)
            span.set_attribute("footnote.job.ending", ending)
            await self._settle(job, ending, None if task.cancelled() else task.exception(), stop)

    async def _attempt(self, job: Job) -> None:
        if job.claims > CLAIMS_PER_ATTEMPT * job.max_attempts:
            raise WorkersDied(job.claims - 1)
        await self._handlers[job.kind].run(job)

    async def _watch(self, job: Job, task: asyncio.Task[None], stop: asyncio.Event) -> Ending:
        stopped = asyncio.create_task(stop.wait())
        beats = _Beats(self._lease / 3)
        try:
            while True:
                await asyncio.wait({task, stopped}, timeout=beats.pause, return_when=asyncio.FIRST_COMPLETED)
                if not task.done() and stopped.done():
                    await asyncio.wait({task}, timeout=self._grace.total_seconds())
                    return "ended" if task.done() else "shutdown"
                if task.done():
                    return "ended"
                if await self._cancel_requested(job, beats):
                    return "cancelled"
        except LeaseLost:
            # Its own last transaction may have ended the job just before the heartbeat.
            await asyncio.wait({task}, timeout=LAST_WORDS)
            return "ended" if task.done() else "lost"
        finally:
            await end(stopped)

    async def _cancel_requested(self, job: Job, beats: "_Beats") -> bool:
        try:
            if beats.is_due():
                job = await self._queue.heartbeat(job, self._lease)
                is_requested = job.cancel_requested
            else:
                is_requested = await self._queue.is_cancelled(job)
        except StoreUnavailable as error:
            # Nobody can take the job over without the store either; when it is back, the next heartbeat decides.
            self._outage.begins(error)
            beats.miss()
            return False
        self._outage.is_over()
        return is_requested

    async def _settle(self, job: Job, ending: Ending, error: BaseException | None, stop: asyncio.Event) -> None:
        try:
            match ending:
                case "shutdown":
                    await self._outage.outlast(stop, lambda: self._queue.give_back(job))
                case "cancelled":
                    await self._outage.outlast(stop, lambda: self._cancel(job))
                case "ended" if error is not None:
                    await self._fail(job, error, stop)
        except LeaseLost:
            ending = "lost"
        if ending == "lost" or isinstance(error, LeaseLost):
            logger.warning("The lease was lost; another worker has the job, or it is over")
        job_ended(job.kind, "failed" if ending == "ended" and error is not None else ending)

    @again_on_conflict
    async def _cancel(self, job: Job) -> None:
        async with self._storage.transaction() as tx:
            await self._queue.cancelled(tx, job)
            await self._handlers[job.kind].cancelled(tx, job)

    async def _fail(self, job: Job, error: BaseException, stop: asyncio.Event) -> None:
        if isinstance(error, LeaseLost):
            return
        trace.get_current_span().set_status(Status(StatusCode.ERROR, type(error).__name__))
        match await self._outage.outlast(stop, lambda: self._record(job, error)):
            case "postponed":
                logger.bind(problem=to_problem(error)).warning("The job waits for what is unavailable")
            case "queued":
                logger.opt(exception=error).warning("The job failed and will be tried again")
            case "dead":
                # What the caller must mend is told to the caller; nobody else has anything to do about it.
                level = "INFO" if is_final(error) and not isinstance(error, WorkersDied) else "WARNING"
                logger.bind(problem=to_problem(error)).log(level, "The job failed for good")
            case None:
                logger.warning("The job failed, which the store could not be told; its lease will run out")

    @again_on_conflict
    async def _record(self, job: Job, error: BaseException) -> Failure:
        problem = to_problem(error)
        async with self._storage.transaction() as tx:
            if isinstance(error, Unavailable):
                await self._queue.postpone(tx, job, problem, postponement(error))
                await self._handlers[job.kind].delayed(tx, job, problem)
                return "postponed"
            if is_final(error):
                await self._queue.bury(tx, job, problem)
            elif await self._queue.retry(tx, job, problem, backoff(job.attempts)):
                await self._handlers[job.kind].delayed(tx, job, problem)
                return "queued"
            await self._handlers[job.kind].failed(tx, job, problem)
            return "dead"


class _Beats:
    """When the next heartbeat is due."""

    def __init__(self, every: timedelta) -> None:
        self._every = every.total_seconds()
        self._next = monotonic() + self._every
        self.pause = min(LOOK, self._every)

    def is_due(self) -> bool:
        now = monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return True

    def miss(self) -> None:
        """It did not get through: try again at the next look."""
        self._next = 0.0
