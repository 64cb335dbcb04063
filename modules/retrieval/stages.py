"""The stages of one search: a span and a duration each."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from opentelemetry import trace

tracer = trace.get_tracer(__name__)


class Stages:
    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = perf_counter()
        with tracer.start_as_current_span(f"retrieval.{name}"):
            yield
        self.timings_ms[name] = round((perf_counter() - began) * 1000, 3)
