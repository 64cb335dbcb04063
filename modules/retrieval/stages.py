"""The stages of one search: a span, a duration and perhaps a number of chunks each."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from time import perf_counter

from opentelemetry import trace

tracer = trace.get_tracer(__name__)


class Stages:
    """Of the search whose span is the current one. A stage that runs several times counts all of them."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self.found: dict[str, int] = {}
        self.notes: list[str] = []  # in words, what could not be done as asked
        self._generations: list[int | None] = []  # of the index, each time that it was searched
        self.corrected: dict[str, list[str]] = {}  # words that nothing has, and those searched instead
        self._is_seen = trace.get_current_span().get_span_context().trace_flags.sampled

    def stage(self, name: str) -> AbstractContextManager[None]:
        """A span only where the trace is sampled: one that nobody sees takes 30 µs, more than some stages."""
        return self._traced(name) if self._is_seen else _Timed(self, name)

    @contextmanager
    def _traced(self, name: str) -> Iterator[None]:
        with _Timed(self, name), tracer.start_as_current_span(f"retrieval.{name}"):
            yield

    def took(self, name: str, milliseconds: float) -> None:
        self.timings_ms[name] = round(self.timings_ms.get(name, 0.0) + milliseconds, 3)

    @property
    def generation(self) -> int | None:
        """Of the index as it was searched, the oldest where it was several times; None if one of them is not known."""
        known = [each for each in self._generations if each is not None]
        return min(known) if known and len(known) == len(self._generations) else None

    def saw(self, generation: int | None) -> None:
        self._generations.append(generation)

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def correct(self, word: str, instead: str) -> None:
        others = self.corrected.setdefault(word, [])
        if instead not in others:
            others.append(instead)

    def aside(self) -> "Stages":
        """The same, for a search whose corrections say nothing of the question."""
        other = copy(self)
        other.corrected = {}
        return other

    def count(self, name: str, chunks: int) -> None:
        self.found[name] = self.found.get(name, 0) + chunks
        if self._is_seen:
            trace.get_current_span().set_attribute("footnote.chunk_count", chunks)


class _Timed(AbstractContextManager[None]):
    """A class, for a generator takes several times as long."""

    def __init__(self, stages: Stages, name: str) -> None:
        self._stages = stages
        self._name = name
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if error is None:
            self._stages.took(self._name, (perf_counter() - self._began) * 1000)
