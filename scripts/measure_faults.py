"""How soon all is well again after the link to MongoDB failed, and how long requests took meanwhile.

    python scripts/measure_faults.py [--seconds N] [--runs N] [--fault NAME ...]

A server ingests, answers, searches and lists behind a proxy, which disturbs the link for some seconds and mends it.
Shown for each fault: the time from then until a request of every kind that was begun afterwards has succeeded, the
slowest request, and what was answered. It fails if anything was answered but success or a 503 that says when to come
back. The server is that of the tests; FOOTNOTE_TEST_MONGODB_URI names another.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.fault_proxy import ThreadedProxy
from support.faulty_link import FAULTS, Calls, calling, endure
from support.mongo_server import mongo_uri
from support.places import mongo_place
from support.soak_files import small_files

READY = re.compile(r"Footnote is ready: (http://\S+)")
FILES = 40


@contextmanager
def served(home: Path, store: str) -> Iterator[str]:
    """The address of a server on that store."""
    settings = {"FOOTNOTE_HOME": str(home), "FOOTNOTE_PORT": "0", "FOOTNOTE_STORE": store}
    log = home / "server.log"
    with log.open("w") as file:
        command = [sys.executable, "-P", "-m", "footnote", "serve"]
        process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=file)
    try:
        while (found := READY.search(log.read_text())) is None:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield found.group(1)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def measure(fault: str, seconds: float) -> tuple[float, Calls]:
    with (
        tempfile.TemporaryDirectory() as home,
        mongo_place() as place,
        ThreadedProxy(mongo_uri()) as link,
        served(Path(home), link.proxy.uri(urlsplit(place).path.lstrip("/"))) as url,
        calling(url, small_files(FILES)) as callers,
    ):
        while not callers.succeeded_since(0) or len(callers.left) > FILES - 3:
            time.sleep(0.05)
        callers.calls.slowest.clear()
        callers.calls.statuses.clear()
        return endure(link, FAULTS[fault], callers, seconds), callers.calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--fault", action="append", choices=list(FAULTS))
    asked = parser.parse_args()
    for fault in asked.fault or FAULTS:
        describe(fault, [measure(fault, asked.seconds) for _ in range(asked.runs)])


def describe(fault: str, runs: list[tuple[float, Calls]]) -> None:
    for _, calls in runs:
        assert not calls.wrong, calls.wrong
    slowest = max(seconds for _, calls in runs for seconds in calls.slowest.values())
    answered = sum((status for _, calls in runs for status in calls.statuses.values()), Counter[int]())
    told = ", ".join(f"{number} x {status}" for status, number in sorted(answered.items()))
    times = sorted(seconds for seconds, _ in runs)
    print(
        f"{fault:22} well after {median(times):5.2f} s (most {times[-1]:.2f}); slowest {slowest:5.2f} s; {told}",
        flush=True,
    )


if __name__ == "__main__":
    main()
