"""Work for children of a process pool."""

import os
import time
from pathlib import Path

from footnote.platform.process_child import report


def for_a_second() -> None:
    for done in range(10):
        report(done, 10)
        time.sleep(0.1)


def write(path: Path, size: int) -> None:
    path.write_bytes(bytes(size))


class _Calling:
    """Unpickling it sets a variable of the environment."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.putenv, ("FOOTNOTE_CALLED", "1")


def hostile() -> object:
    return _Calling()
