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
        self._emit = emit
        self._began = perf_counter()
        self._seconds: dict[str, float] = {}

    @asynccontextmanager
    async def announced(self, name: str) -> AsyncIterator[trace.Span]:
        await self._emit(Status(name))
        with self.quiet(name) as span:
            yield span

    @contextmanager
    def quiet(self, name: str) -> Iterator[trace.Span]:
        """A stage that runs once a sentence: its durations add up, and no event says that it began."""
        began = perf_counter()
        with tracer.start_as_current_span(f"generation.{name}") as span:
            yield span
        self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - began

    @property
    def timings_ms(self) -> dict[str, float]:
        """Milliseconds of each stage, and `total` of all until now. `draft` holds `verify` and `cite`."""
        seconds = {**self._seconds, "total": perf_counter() - self._began}
        return {name: round(duration * 1000, 3) for name, duration in seconds.items()}
