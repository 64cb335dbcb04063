"""One answer in the making: told to whoever listens, kept until it is whole."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from footnote.modules.generation.cursor import START, Told
from footnote.modules.generation.errors import AnswerCancelled
from footnote.modules.generation.models import AnswerEvent, CitationFound, Passages, Status
from footnote.platform.principal import Principal


class Run:
    """What was told stays until the run is forgotten: as much as one answer holds, however many listen."""

    def __init__(
        self, principal: Principal, answer_id: str, events: AsyncGenerator[AnswerEvent], *, stays: float
    ) -> None:
        """Without a listener it goes on for `stays` seconds, and is then cancelled; with 0, at once."""
        self.principal = principal
        self.answer_id = answer_id
        self._stays = stays
        self._told: list[Told] = []
        self._error: Exception | None = None
        self._news = asyncio.Event()
        self._listeners = 0
        self._end: asyncio.TimerHandle | None = None
        self.task = asyncio.create_task(self._work(events))
        self.task.add_done_callback(lambda _: self._tell())

    @property
    def is_over(self) -> bool:
        return self.task.done()

    @property
    def may_be_missed(self) -> bool:
        """Whether it has no answer, and somebody may come back for it."""
        return self._stays > 0 and (self.task.cancelled() or self._error is not None)

    @property
    def is_alone(self) -> bool:
        return not self._listeners and not self.is_over

    @property
    def document_ids(self) -> set[str]:
        """The documents that what was told so far draws from."""
        found = [event.event for event in self._told]
        shown = {passage.document_id for event in found if isinstance(event, Passages) for passage in event.passages}
        leant_on = {each for event in found if isinstance(event, Status) for each in event.document_ids}
        return shown | leant_on | {event.citation.document_id for event in found if isinstance(event, CitationFound)}

    async def listen(self, after: int = 0) -> AsyncGenerator[Told]:
        """Events after so many, to the end; then raises what ended it. Closing it is leaving."""
        self._arrive()
        try:
            while True:
                while after < len(self._told):
                    after += 1
                    yield self._told[after - 1]
                if self.is_over:
                    break
                await self._news.wait()
            if self._error is not None:
                raise self._error
            if self.task.cancelled():
                raise AnswerCancelled(self.answer_id)
        finally:
            await self._leave()

    async def cancel(self) -> None:
        """Returns once nothing of it runs any more."""
        self._stop_timer()
        self.task.cancel()
        await asyncio.wait([self.task])

    def _arrive(self) -> None:
        self._listeners += 1
        self._stop_timer()

    async def _leave(self) -> None:
        self._listeners -= 1
        if not self.is_alone:
            return
        if self._stays <= 0:
            await self.cancel()
        else:
            self._end = asyncio.get_running_loop().call_later(self._stays, self.task.cancel)

    def _stop_timer(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    async def _work(self, events: AsyncGenerator[AnswerEvent]) -> None:
        cursor = START
        try:
            async with aclosing(events):
                async for event in events:
                    cursor = cursor.after(event)
                    self._told.append(Told(answer_id=self.answer_id, cursor=cursor, event=event))
                    self._tell()
        except Exception as error:
            self._error = error
        finally:
            self._stop_timer()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
