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
    """Seconds that documents of a kind usually take after they were read, learned from those that became ready.

    For each of what their reading counts: pages of one kind, characters or parts of another.
    """

    def __init__(self) -> None:
        self._after_reading: dict[str, float] = {}

    def after_reading(self, media_type: str) -> float | None:
        return self._after_reading.get(media_type)

    def learn(self, media_type: str, seconds: float, total: int) -> None:
        latest = seconds / total
        usual = self._after_reading.get(media_type, latest)
        self._after_reading[media_type] = usual + MEMORY * (latest - usual)


class Reporter:
    """Tells of one document's progress, at once when a stage begins and seldom in between."""

    def __init__(self, write: Write, pace: Pace, media_type: str) -> None:
        self._write = write
        self._pace = pace
        self._media_type = media_type
        self._stage: Status = "queued"
        self._began = self._told = 0.0
        self._skipped = 0
        self._heard: int | None = None  # as the total of this stage
        self._is_vague = False  # the total grows as the work goes on: nobody knows it yet
        self._read: int | None = None  # the total of reading
        self._pending: asyncio.Future[None] | None = None

    async def enter(self, stage: Status, total: int = 1) -> None:
        await self.settle()
        if self._stage == "extracting" and not self._is_vague:
            self._read = self._heard
        self._stage, self._began, self._told = stage, monotonic(), monotonic()
        self._skipped, self._heard, self._is_vague = 0, None, False
        await self._write(Progress(stage=stage, done=0, total=total))

    def skip(self, number: int) -> None:
        """So many were done by an earlier run; they say nothing about the pace of this one."""
        self._skipped += number

    def learn(self, seconds: float) -> None:
        """It took that long after it was read, if it was."""
        if self._read:
            self._pace.learn(self._media_type, seconds, self._read)

    def heard(self, done: int, total: int) -> None:
        """From a child; written in the background, unless the last one is still being written."""
        self._is_vague = self._is_vague or self._heard not in (None, total)
        self._heard = total
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
        fresh = done - self._skipped
        if fresh <= 0 or elapsed < TELLING or self._is_vague:
            return None
        left = elapsed / fresh * (total - done)
        if self._stage == "extracting":
            after_reading = self._pace.after_reading(self._media_type)
            if after_reading is None:
                return None
            left += after_reading * total
        return round(left, 1)
