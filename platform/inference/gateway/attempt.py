"""One request to one model: timed, paid for, and judged by the breaker."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import nullcontext
from typing import TypeVar

from loguru import logger

from footnote.platform.errors import Unavailable
from footnote.platform.inference import ChatEvent, ChatRequest, Started, Stop, TextDelta, ThoughtDelta, ToolCall, Usage
from footnote.platform.inference.calls.answers import failed, timed_out
from footnote.platform.inference.calls.errors import Fault, ModelBusy, ModelRefused
from footnote.platform.inference.gateway.breaker import Admission, left_alone
from footnote.platform.inference.gateway.charge import Charge
from footnote.platform.inference.gateway.line import Line, Waits
from footnote.platform.storage.cancellation import to_its_end
from footnote.platform.telemetry.model_calls import ModelStream

T = TypeVar("T")
Heard = TextDelta | ThoughtDelta | ToolCall | Stop


class Attempt:
    """`begin`, then `rest`, then `close`, which may also come at any time before."""

    def __init__(self, line: Line, asked: ChatRequest, sent: ChatRequest, charge: Charge, waits: Waits) -> None:
        """`sent` is what was `asked`, as the line makes it roomy."""
        self.line = line
        self._asked = asked
        self._sent = sent
        self._charge = charge
        self._waits = waits
        self._stream: AsyncGenerator[ChatEvent] | None = None
        self._call: ModelStream | None = None
        self._first: Heard | None = None
        self._has_place = False
        self._admitted: Admission | None = None  # until it is judged

    async def begin(self) -> None:
        """Until there is something to show. After an error the attempt is closed.

        Raises:
            Fault: The model gave nothing, or is left alone for now.
            BudgetSpent, PriceUnknown: Nothing was sent.
        """
        try:
            await self._enter()
            await self._charge.reserve()
            self._stream = self._open()
            self._first = await self._opening(self._stream)
            if self._call:
                self._call.began()
        except BaseException as error:
            self._end(error)
            await self.close()
            raise

    async def rest(self) -> AsyncGenerator[ChatEvent]:
        """All that the model says, `Usage` with its cost once before `Stop`.

        Raises:
            Unavailable: The stream broke off.
        """
        event = self._first
        if event is None or self._stream is None:
            raise RuntimeError("an attempt goes on before it began")
        left = self._waits.whole  # of what is waited for; the time that the reader takes does not count
        clock = asyncio.get_running_loop().time
        try:
            while not isinstance(event, Stop):
                if not self._is_kept_back(event):
                    yield event
                since = clock()
                event = await self._within(min(left, self._waits.next), self._next(self._stream))
                left -= clock() - since
        except Fault as fault:
            self._end(fault)
            raise fault.problem from None
        self._end(None)
        await self._charge.settle()
        yield self._charge.used or Usage()
        yield event

    async def close(self) -> None:
        """Lets go of the provider at once, and pays for what it did."""
        await to_its_end(self._close())

    async def _enter(self) -> None:
        """
        Raises:
            Fault: All places are taken for too long, or the breaker is open.
        """
        await self._within(self._waits.first, self.line.enter(), busy=True)
        self._has_place = True
        self._admitted = self.line.breaker.admits()
        if self._admitted is None:
            raise Fault(left_alone(self.line.name, self.line.breaker))

    def _open(self) -> AsyncGenerator[ChatEvent]:
        if not self.line.is_local:
            self._call = ModelStream(self.line.name)
        self._charge.stage = "sent"
        return self.line.service.stream(self._sent)

    async def _opening(self, stream: AsyncGenerator[ChatEvent]) -> Heard:
        """The first that there is to show; a thought that is kept back is a sign of life and no more."""
        clock = asyncio.get_running_loop().time
        ends = clock() + self._waits.opening
        event = await self._within(self._waits.first, self._next(stream))
        while self._is_kept_back(event):
            event = await self._within(max(0.0, min(self._waits.next, ends - clock())), self._next(stream))
        return event

    def _is_kept_back(self, event: Heard) -> bool:
        """Some models think, and tell their thoughts, without being asked for them; others do not tell them."""
        return isinstance(event, ThoughtDelta) and not (self._asked.thoughts and event.text)

    async def _next(self, stream: AsyncGenerator[ChatEvent]) -> Heard:
        """What the model says next; what it used is kept."""
        while True:
            try:
                with self._call.current() if self._call else nullcontext():
                    event = await anext(stream, None)
            except Fault:
                self._charge.stage = "refused"
                raise
            except Unavailable as problem:
                self._charge.stage = "refused"
                raise Fault(problem) from None
            except Exception as error:
                # Whatever a client raises that its adapter does not know: others may answer all the same.
                logger.bind(model=self.line.name).exception("An adapter of a chat model failed")
                raise Fault(failed(self.line.service.endpoint, "could not be understood")) from error
            if event is None:
                raise Fault(failed(self.line.service.endpoint, "broke its answer off"), again=True)
            if isinstance(event, Stop):
                return self._checked(event)
            if not isinstance(event, Started):
                self._charge.meter.saw(event)
            if not isinstance(event, Started | Usage):
                return event

    def _checked(self, stop: Stop) -> Stop:
        self._charge.stage = "ended"
        if self._first is not None or self.line.is_local:
            return stop
        if stop.reason == "end":
            raise Fault(failed(self.line.service.endpoint, "answered with nothing"), again=True)
        if stop.reason == "length":  # all of it went into thoughts
            self.line.thinks_unasked()
            learned = self.line.roomy(self._asked) != self._sent
            problem = failed(self.line.service.endpoint, "thought until there was no room for an answer")
            raise Fault(problem, again=learned, learned=learned)
        return stop

    async def _within(self, seconds: float, work: Awaitable[T], *, busy: bool = False) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError:
            endpoint = self.line.service.endpoint
            raise Fault(ModelBusy(endpoint.name)) if busy else timed_out(endpoint) from None

    def _end(self, error: BaseException | None) -> None:
        """Judges once; what is no fault of the model, such as a listener who left, teaches nothing about it."""
        if admitted := self._admitted:
            self._admitted = None
            match error:
                case None:
                    self.line.breaker.passed()
                case Fault(learned=False) if error.again or isinstance(error.problem, ModelRefused):
                    self.line.breaker.failed(error.problem.detail, error.retry_after, admitted=admitted)
                case _:
                    self.line.breaker.left(admitted)
        if self._call:
            self._charge.tell(self._call)
            self._call.end(error.problem if isinstance(error, Fault) else error)
            self._call = None

    async def _close(self) -> None:
        try:
            if self._stream is not None:
                await self._stream.aclose()
        except Exception:
            logger.bind(model=self.line.name).exception("A stream of a chat model could not be closed")
        self._end(asyncio.CancelledError())
        await self._charge.settle()
        if self._has_place:
            self._has_place = False
            await self.line.leave()
