"""Footnote's server in a process that tells of itself: at SIGUSR1 it writes a line of JSON to the file it is given.

python -m answers_bench.watched FILE
"""

import asyncio
import json
import signal
import sys
import threading
from pathlib import Path
from time import perf_counter
from typing import Any

from footnote.config.commands.console import load, run
from footnote.config.commands.serving import serve_from
from footnote.config.settings import Settings
from footnote.platform.telemetry import Telemetry

TICK = 0.005  # seconds between two looks at the event loop


def memory() -> float:
    """Resident, in MB."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return round(int(fields["VmRSS"].split()[0]) / 1024, 1)


class Watch:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._stalls: list[float] = []

    async def look(self) -> None:
        """How late the event loop is, again and again."""
        while True:
            began = perf_counter()
            await asyncio.sleep(TICK)
            self._stalls.append((perf_counter() - began - TICK) * 1000)

    def tell(self) -> None:
        stalls = sorted(self._stalls) or [0.0]
        told: dict[str, Any] = {
            "tasks": len(asyncio.all_tasks()),
            "threads": threading.active_count(),
            "memory_mb": memory(),
            "loop_late_ms_p99": round(stalls[int(0.99 * (len(stalls) - 1))], 1),
            "loop_late_ms_most": round(stalls[-1], 1),
        }
        self._stalls.clear()
        with self._file.open("a") as file:
            file.write(json.dumps(told) + "\n")


async def watched(settings: Settings, telemetry: Telemetry) -> None:
    watch = Watch(Path(sys.argv[1]))
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, watch.tell)
    looking = asyncio.create_task(watch.look())
    try:
        await serve_from(settings, telemetry.registry, 1, None)
    finally:
        looking.cancel()


if __name__ == "__main__":
    run(load(), watched, is_service=True)
