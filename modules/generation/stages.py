"""The stages of one answer: a span, a duration and a `status` event each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import perf_counter

from opentelemetry import trace

from footnote.modules.generation.models import AnswerEvent, Status

tracer = trace.get_tracer(__name__)

Emit = Callable[[AnswerEvent], Awaitable[None]]


class Stages:
    def __init__(self, emit: Emit) -> None:
        self.emit = emit
        self._began = perf_counter()
        self._seconds: dict[str, float] = {}
        self._held: list[Status] | None = []
        self._said: set[str] = set()

    async def open(self) -> None:
        """From now on events go out.

        What refuses a question before that does so as a plain error, not within a stream of events.
        """
        held, self._held = self._held or [], None
        for status in held:
            await self.emit(status)

    @asynccontextmanager
    async def announced(self, name: str) -> AsyncIterator[trace.Span]:
        await self.say(name)
        with self.quiet(name) as span:
            yield span

    async def say(self, name: str) -> None:
        """The `status` event of a stage, once in an answer."""
        if name in self._said:
            return
        self._said.add(name)
        await self.tell(Status(name))

    async def tell(self, status: Status) -> None:
        if self._held is None:
            await self.emit(status)
        else:
            self._held.append(status)

    @contextmanager
    def quiet(self, name: str) -> Iterator[trace.Span]:
        """A stage that runs once a sentence: its durations add up, and no event says that it began."""
        began = perf_counter()
        try:
            with tracer.start_as_current_span(f"generation.{name}") as span:
                yield span
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - began

    @property
    def timings_ms(self) -> dict[str, float]:
        """Milliseconds of each stage, and `total` of all until now. `draft` holds `verify` and `cite`."""
        seconds = {**self._seconds, "total": perf_counter() - self._began}
        return {name: round(duration * 1000, 3) for name, duration in seconds.items()}
