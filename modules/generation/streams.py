"""Streams of answers that can be left and taken up again."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, suppress
from typing import Protocol

from footnote.modules.generation.cursor import Cursor, Told
from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.models import Answer, AnswerEvent, Done, Question
from footnote.modules.generation.retelling import retold
from footnote.modules.generation.running import Run
from footnote.platform.ids import ALPHABET, new_id, time_of
from footnote.platform.principal import Principal

ID = re.compile(f"[{ALPHABET}]{{26}}")
MOST_ALONE = 4  # answers of one person that go on without a listener; the oldest of more is cancelled
MOST_RUNS = 1000  # of all; beyond, none goes on without a listener
ENDS_KEPT = 60.0  # seconds in which somebody who was away can learn how an answer failed
MOST_ENDS = 100  # of them that are kept
ELSEWHERE = 30.0  # seconds to wait for the end of an answer that another process may be making
YOUNG = 900.0  # seconds; what is older is not in the making any more
LOOK = 0.5  # seconds between two looks at the store


class Answering(Protocol):
    """What streams need of the service."""

    def stream(
        self, principal: Principal, question: Question, *, answer_id: str | None = None
    ) -> AsyncGenerator[AnswerEvent]: ...

    async def read(self, principal: Principal, answer_id: str) -> Answer: ...

    async def hidden(self, principal: Principal, document_ids: Collection[str]) -> set[str]: ...


class AnswerStreams:
    """Answers under way in this process; what is stored can be told again by every process."""

    def __init__(self, answering: Answering, *, elsewhere: float = ELSEWHERE) -> None:
        """`elsewhere`: seconds to wait for what another process may be making."""
        self._answering = answering
        self._elsewhere = elsewhere
        self._runs: dict[str, Run] = {}  # under way, oldest first
        self._ends: dict[str, Run] = {}  # of those that somebody may take up and that failed

    async def ask(
        self, principal: Principal, question: Question, *, stays: float = 0.0, answer_id: str | None = None
    ) -> AsyncGenerator[Told]:
        """The events of a new answer, of that id or a new one, each with the place after it.

        Closing it cancels the answer at once, or `stays` seconds later if nobody has taken it up again.
        """
        stays = stays if len(self._runs) < MOST_RUNS else 0.0
        run = self._begin(principal, question, answer_id or new_id(), stays)
        try:
            async with aclosing(run.listen()) as told:
                async for each in told:
                    yield each
        finally:
            await self._make_room(principal)

    async def resume(self, principal: Principal, answer_id: str, after: Cursor) -> AsyncGenerator[Told]:
        """What comes after that place: of an answer under way here as it comes, else of the stored one.

        The asker may read what is told now, or is not told: of a running answer that draws from a document which was
        shut away meanwhile, only the end is told, redacted.

        Raises:
            AnswerNotFound: There is none that `principal` asked for, also not after a while if its id is a young one:
                another process may be making it.
        """
        run = self._runs.get(answer_id) or self._ends.get(answer_id)
        if run is None:
            async for each in self._stored(principal, answer_id, after):
                yield each
            return
        if not _is_of(principal, run):
            raise AnswerNotFound(answer_id)
        is_open = not await self._answering.hidden(principal, run.document_ids)
        place = after
        async with aclosing(run.listen(after.events)) as told:
            async for each in told:
                if is_open and not isinstance(each.event, Done):
                    place = each.cursor
                    yield each
        async for each in self._stored(principal, answer_id, place, is_end=is_open):
            yield each

    async def cancel(self, principal: Principal, answer_id: str) -> None:
        """
        Raises:
            AnswerNotFound: None that `principal` asked for is under way here.
        """
        run = self._runs.get(answer_id)
        if run is None or not _is_of(principal, run):
            raise AnswerNotFound(answer_id)
        await run.cancel()

    async def close(self) -> None:
        """Nothing runs after it."""
        await asyncio.gather(*(run.cancel() for run in list(self._runs.values())))
        self._ends.clear()

    @property
    def under_way(self) -> int:
        return len(self._runs)

    def _begin(self, principal: Principal, question: Question, answer_id: str, stays: float) -> Run:
        events = self._answering.stream(principal, question, answer_id=answer_id)
        run = Run(principal, answer_id, events, stays=stays)
        self._runs[answer_id] = run
        run.task.add_done_callback(lambda _: self._ended(run))
        return run

    def _ended(self, run: Run) -> None:
        self._runs.pop(run.answer_id, None)
        if run.may_be_missed:
            self._ends[run.answer_id] = run
            for oldest in list(self._ends)[:-MOST_ENDS]:
                del self._ends[oldest]
            asyncio.get_running_loop().call_later(ENDS_KEPT, self._ends.pop, run.answer_id, None)

    async def _make_room(self, principal: Principal) -> None:
        alone = [run for run in self._runs.values() if run.is_alone and _is_of(principal, run)]
        for run in alone[:-MOST_ALONE]:
            await run.cancel()

    async def _stored(
        self, principal: Principal, answer_id: str, after: Cursor, *, is_end: bool = False
    ) -> AsyncGenerator[Told]:
        """Of an answer whose other events were told, with `is_end`, only the last."""
        answer = await self._read(principal, answer_id)
        events = [Told(answer_id=answer_id, cursor=after.after(Done(answer)), event=Done(answer))]
        for each in events if is_end else retold(answer, after):
            yield each

    async def _read(self, principal: Principal, answer_id: str) -> Answer:
        tries = int(self._elsewhere / LOOK) if _is_young(answer_id) else 0
        for _ in range(tries):
            with suppress(AnswerNotFound):
                return await self._answering.read(principal, answer_id)
            await asyncio.sleep(LOOK)
        return await self._answering.read(principal, answer_id)


def _is_young(answer_id: str) -> bool:
    return ID.fullmatch(answer_id) is not None and abs(time.time() - time_of(answer_id)) < YOUNG


def _is_of(principal: Principal, run: Run) -> bool:
    return (run.principal.tenant, run.principal.subject) == (principal.tenant, principal.subject)
