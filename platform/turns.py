"""Work that computes takes turns: more at once would only hand the interpreter's lock to and fro.

With 16 searches on 2 cores, waking and being woken took a fifth of the processor's time.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Told = Callable[[], None]
Task = Callable[[], Told]

AT_ONCE = max(1, (os.cpu_count() or 1) // 4)
MOMENT = 0.002  # seconds: with half of it the p95 of searches was 2.2 times as long while others wrote
LATELY = 0.05  # seconds
SHARE = 4  # results are told when there is one for so many that are coming: each tells the event loop, which wakes

_own = threading.local()


class Turns(Executor):
    """Threads of which `AT_ONCE` compute: who has ended goes on with what has come meanwhile, on the same thread."""

    ended: ClassVar[float] = -LATELY  # when any did last, by the monotonic clock

    def __init__(self, threads: int, name: str, initializer: Callable[[], None]) -> None:
        """More than `AT_ONCE` threads serve those who are `waiting`."""
        self._threads = ThreadPoolExecutor(threads, name, initializer=initializer)
        self._lock = threading.Lock()
        self._idle = threads
        self._free = AT_ONCE
        self._coming: deque[Task] = deque()
        self._returning: deque[threading.Event] = deque()

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        future: Future[T] = Future()
        with self._lock:
            self._coming.append(partial(_carry_out, future, partial(work, *args, **kwargs)))
            self._begin()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """What has come is done before."""
        while wait and self._coming:
            self.submit(lambda: None).result()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)

    def lend(self) -> None:
        """Others may compute until `take_back`."""
        with self._lock:
            self._pass_on()

    def take_back(self) -> None:
        turn = threading.Event()
        with self._lock:
            self._returning.append(turn)
            if self._free:
                self._free -= 1
                self._returning.popleft().set()
        turn.wait()

    def _begin(self) -> None:
        """If there is a turn and a thread for what has come; the lock is held."""
        if self._coming and self._free and self._idle:
            self._free -= 1
            self._idle -= 1
            self._threads.submit(self._run, self._coming.popleft())

    def _run(self, task: Task | None) -> None:
        _own.turns, _own.untold = self, []
        while task is not None:
            _own.untold.append(task())
            if SHARE * len(_own.untold) > len(self._coming):
                _tell()
            task = self._next()
        _tell()

    def _next(self) -> Task | None:
        with self._lock:
            if self._coming and not self._returning:
                return self._coming.popleft()
            self._idle += 1
            self._pass_on()
            return None

    def _pass_on(self) -> None:
        """A turn to who wants it back, or else to what has come; the lock is held."""
        if self._returning:
            self._returning.popleft().set()
        else:
            self._free += 1
            self._begin()


@contextmanager
def waiting() -> Iterator[None]:
    """Inside, others may compute: for what waits for a disk or another process."""
    turns: Turns | None = getattr(_own, "turns", None)
    if turns is None:
        yield
        return
    _tell()
    _own.turns = None
    turns.lend()
    try:
        yield
    finally:
        turns.take_back()
        _own.turns = turns


def give_way() -> None:
    """For long work that nobody waits for, between its pieces: while others search they get the interpreter's lock."""
    if time.monotonic() - Turns.ended < LATELY:
        time.sleep(MOMENT)


def _tell() -> None:
    """What this thread has done."""
    for told in _own.untold:
        told()
    _own.untold.clear()


def _carry_out(future: "Future[Any]", work: Callable[[], Any]) -> Told:
    """Sets the result when it is told to."""
    if not future.set_running_or_notify_cancel():
        return lambda: None
    found, error = _outcome(work)
    Turns.ended = time.monotonic()
    return partial(future.set_result, found) if error is None else partial(future.set_exception, error)


def _outcome(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """Apart from the future: an error knows this frame, and would keep both alive."""
    try:
        return work(), None
    except BaseException as error:
        return None, error
