"""Few searches compute at once: more would only hand the interpreter's lock to and fro.

With 16 clients on 2 cores waking and being woken took a fifth of the processor's time.
"""

import os
import threading
import time
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import ClassVar

AT_ONCE = max(1, (os.cpu_count() or 1) // 4)
MOMENT = 0.0005  # seconds
LATELY = 0.05  # seconds

_turns: SimpleQueue[None] = SimpleQueue()  # those that are free; `threading.Semaphore` takes ten times as long
for _ in range(AT_ONCE):
    _turns.put(None)
_own = threading.local()


def computing() -> AbstractContextManager[None]:
    return _Computing()


def waiting() -> AbstractContextManager[None]:
    """Inside, others may compute: for what waits for a disk, or scans without the interpreter's lock."""
    return _Waiting()


def give_way() -> None:
    """For long work that nobody waits for, between its pieces: while others search they get the interpreter's lock."""
    if time.monotonic() - _Computing.ended < LATELY:
        time.sleep(MOMENT)


class _Computing(AbstractContextManager[None]):
    ended: ClassVar[float] = -LATELY  # when one did last, by the monotonic clock

    def __enter__(self) -> None:
        _turns.get()
        _own.has_turn = True

    def __exit__(self, *raised: object) -> None:
        _own.has_turn = False
        _Computing.ended = time.monotonic()
        _turns.put(None)


class _Waiting(AbstractContextManager[None]):
    def __enter__(self) -> None:
        self._had_turn = getattr(_own, "has_turn", False)
        if self._had_turn:
            _own.has_turn = False
            _turns.put(None)

    def __exit__(self, *raised: object) -> None:
        if self._had_turn:
            _turns.get()
            _own.has_turn = True
