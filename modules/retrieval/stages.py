"""The stages of one search: a span, a duration and perhaps a number of chunks each."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from opentelemetry import trace

tracer = trace.get_tracer(__name__)


class Stages:
    """A stage that runs several times counts all of them."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self.found: dict[str, int] = {}
        self.notes: list[str] = []  # in words, what could not be done as asked
        self.generation: int | None = None  # of the index as it was searched, the oldest where it was several times
        self.corrected: dict[str, list[str]] = {}  # words that nothing has, and those searched instead

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = perf_counter()
        with tracer.start_as_current_span(f"retrieval.{name}"):
            yield
        took = (perf_counter() - began) * 1000
        self.timings_ms[name] = round(self.timings_ms.get(name, 0.0) + took, 3)

    def saw(self, generation: int) -> None:
        self.generation = generation if self.generation is None else min(self.generation, generation)

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def correct(self, word: str, instead: str) -> None:
        others = self.corrected.setdefault(word, [])
        if instead not in others:
            others.append(instead)

    def count(self, name: str, chunks: int) -> None:
        self.found[name] = self.found.get(name, 0) + chunks
        trace.get_current_span().set_attribute("footnote.chunk_count", chunks)
