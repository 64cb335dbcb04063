"""Who keeps the processor busy, by /proc."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
DATABASE = ("postgres", "mongod", "mongot", "documentdb.bridge", "mongo_bridge")  # parts of their command lines


class Busy(NamedTuple):
    """Cores, on average over the time."""

    workers: float
    database: float
    others: float


class _Process(NamedTuple):
    parent: int
    seconds: float  # of the processor, with its children that have ended
    command: str


def watch(workers: list[int]) -> Callable[[], Busy]:
    """Begin to measure; what is given back ends it. `workers` are the processes whose trees count as such."""
    begun, before, whole = time.monotonic(), _seconds(workers), _whole_machine()

    def stop() -> Busy:
        elapsed, after = time.monotonic() - begun, _seconds(workers)
        mine, database = (max(after[each] - before[each], 0.0) / elapsed for each in (0, 1))
        return Busy(mine, database, max((_whole_machine() - whole) / elapsed - mine - database, 0.0))

    return stop


def _seconds(workers: list[int]) -> tuple[float, float]:
    """Of the trees of `workers`, and of the database."""
    processes = dict(_processes())
    trees = {pid for pid in processes if _is_under(pid, workers, processes)}
    of_database = {
        pid for pid, process in processes.items() if any(name in process.command for name in DATABASE)
    } - trees
    return sum(processes[pid].seconds for pid in trees), sum(processes[pid].seconds for pid in of_database)


def _is_under(pid: int, roots: list[int], processes: dict[int, _Process]) -> bool:
    while pid in processes:
        if pid in roots:
            return True
        pid = processes[pid].parent
    return False


def _processes() -> Iterator[tuple[int, _Process]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        yield int(folder.name), _Process(int(fields[1]), sum(map(int, fields[11:15])) / TICKS, command)


def _whole_machine() -> float:
    user, nice, system, _, _, irq, soft, *_ = map(int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9])
    return (user + nice + system + irq + soft) / TICKS
