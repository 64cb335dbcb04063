"""Work for children of a process pool."""

import time
from pathlib import Path

from footnote.platform.process_child import report


def for_a_second() -> None:
    for done in range(10):
        report(done, 10)
        time.sleep(0.1)


def write(path: Path, size: int) -> None:
    path.write_bytes(bytes(size))


def number() -> int:
    return 1


def pair() -> tuple[int, bytes]:
    return 1, b"x"


def fail_with(message: str) -> None:
    raise LookupError(message)
