"""How far a document is, and how long it will still take, as far as one can honestly say."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from footnote.modules.ingestion.models import Progress, Status

EVERY = 1.0  # seconds between two reports: each is a transaction
TELLING = 2.0  # seconds of a stage before its pace says anything
MEMORY = 0.3  # share of the latest document in the usual pace

Write = Callable[[Progress], Awaitable[None]]


class Pace:
    """Seconds that a page usually takes after it was read, learned from documents that became ready."""

    def __init__(self) -> None:
        self.after_reading: float | None = None

    def learn(self, seconds: float, pages: int) -> None:
        if pages:
            usual = self.after_reading
            latest = seconds / pages
            self.after_reading = latest if usual is None else usual + MEMORY * (latest - usual)


class Reporter:
    """Tells of one document's progress, at once when a stage begins and seldom in between."""

    def __init__(self, write: Write, pace: Pace) -> None:
        self._write = write
        self._pace = pace
        self._stage: Status = "queued"
        self._began = self._told = 0.0
        self._pending: asyncio.Future[None] | None = None

    async def enter(self, stage: Status, total: int = 1) -> None:
        await self.settle()
        self._stage, self._began, self._told = stage, monotonic(), monotonic()
        await self._write(Progress(stage=stage, done=0, total=total))

    def heard(self, done: int, total: int) -> None:
        """From a child; written in the background, unless the last one is still being written."""
        is_busy = self._pending is not None and not self._pending.done()
        if not is_busy and (news := self.due(done, total)):
            self._pending = asyncio.ensure_future(self._write(news))

    def due(self, done: int, total: int) -> Progress | None:
        """What to tell, if it is time to."""
        now = monotonic()
        if now - self._told < EVERY:
            return None
        self._told = now
        return Progress(
            stage=self._stage, done=done, total=total, seconds_left=self._left(now - self._began, done, total)
        )

    async def settle(self) -> None:
        """Wait for what is being written: it must not come after the next stage's news."""
        if self._pending is not None:
            await asyncio.wait([self._pending])
            self._pending.exception()  # the stage itself notices what went wrong
            self._pending = None

    def _left(self, elapsed: float, done: int, total: int) -> float | None:
        if not done or elapsed < TELLING:
            return None
        left = elapsed / done * (total - done)
        if self._stage == "extracting":
            if self._pace.after_reading is None:
                return None
            left += self._pace.after_reading * total
        return round(left, 1)
