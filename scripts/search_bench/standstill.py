"""What a process misses that does nothing but look at the clock: the machine stood still, or others had its cores.

Run by itself, it looks until it is told to end, and then prints the longest time in milliseconds.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK = 0.002  # seconds


@contextmanager
def standstill() -> Iterator[Callable[[], float]]:
    """Gives what ends it, and tells the longest time in milliseconds by which the process came late."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()  # it looks from now on

        def longest() -> float:
            process.terminate()
            return float(process.communicate()[0])

        try:
            yield longest
        finally:
            process.kill()


def _look() -> float:
    is_over = False

    def end(*_: object) -> None:
        nonlocal is_over
        is_over = True

    signal.signal(signal.SIGTERM, end)
    print("looking", flush=True)
    longest = 0.0
    while not is_over:
        began = time.perf_counter()
        time.sleep(TICK)
        longest = max(longest, time.perf_counter() - began - TICK)
    return longest * 1000


if __name__ == "__main__":
    print(round(_look(), 1))
