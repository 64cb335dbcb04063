"""Leaves a model alone for a while after it has failed again and again."""

import time
from collections.abc import Callable
from typing import Literal

import msgspec

from footnote.platform.inference.calls.errors import ModelLeftAlone

State = Literal["ready", "half_open", "open"]
Admission = Literal["call", "trial"]
LONGEST = 20  # times the first pause


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    failures: int = 5  # in a row
    seconds: float = 30.0  # left alone; twice as long after each trial that fails, up to `LONGEST` times


class Breaker:
    """After too many failures in a row nobody is admitted; when the pause is over one call is, and decides.

    Whoever was admitted says once how it went, and as what: `passed`, `failed`, or `left` where nothing was learned.
    """

    def __init__(
        self,
        tolerance: Tolerance,
        *,
        clock: Callable[[], float] = time.monotonic,
        told: Callable[[State], None] = lambda _state: None,
    ) -> None:
        """`told` hears of every change."""
        self._tolerance = tolerance
        self._clock = clock
        self._told = told
        self._failures = 0
        self._pauses = 0  # since it last was ready
        self._until: float | None = None
        self._is_tried = False
        self.problem: str | None = None  # of the last failure, until a call passes

    @property
    def state(self) -> State:
        if self._until is None:
            return "ready"
        return "open" if self._clock() < self._until else "half_open"

    @property
    def wait(self) -> float:
        """Seconds until somebody may be admitted."""
        return 0.0 if self._until is None else max(0.0, self._until - self._clock())

    def admits(self) -> Admission | None:
        if self.state == "ready":
            return "call"
        if self.state == "open" or self._is_tried:
            return None
        self._is_tried = True
        self._told("half_open")
        return "trial"

    def passed(self) -> None:
        was_ready = self._until is None
        self._failures = self._pauses = 0
        self._until, self._is_tried, self.problem = None, False, None
        if not was_ready:
            self._told("ready")

    def failed(self, problem: str, retry_after: float | None = None, *, admitted: Admission = "call") -> None:
        self.problem = problem
        self._failures += 1
        self.left(admitted)
        if self._until is not None and admitted != "trial":
            return  # it was admitted before the pause began, which says nothing of its end
        if admitted == "trial" or self._failures >= self._tolerance.failures:
            pause = self._tolerance.seconds * min(LONGEST, 2**self._pauses)
            self._until = self._clock() + max(pause, retry_after or 0.0)
            self._pauses += 1
            self._told("open")

    def left(self, admitted: Admission) -> None:
        self._is_tried = self._is_tried and admitted != "trial"


def left_alone(name: str, breaker: Breaker) -> ModelLeftAlone:
    why = f": {breaker.problem}" if breaker.problem else ""
    return ModelLeftAlone(
        f"{name} has failed repeatedly and is left alone for {breaker.wait:.0f} seconds{why}",
        model=name,
        retry_after=round(breaker.wait),
    )
