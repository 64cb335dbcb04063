"""Kills servers and workers in the middle of an ingest, and compares what is there in the end with a calm run."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
from support.contents import Contents, SqliteContents

DISTURBED = Path(__file__).with_name("disturbed.py")
READY = re.compile(r"Footnote is ready: (http://\S+)")
WORKING = "Footnote's worker is running"
LEASE = 2  # seconds
TURN = 10  # files that go to one server before it is the next one's turn
LONGEST = 300  # seconds for the rest of an ingest once the kills are over
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Fleet:
    """Which processes share one store, and where that is for a folder."""

    servers: int = 1
    workers: int = 1
    place: Callable[[Path], Contents] = SqliteContents

    def commands(self) -> list[str]:
        return ["serve"] * self.servers + ["worker"] * self.workers


ONE_OF_EACH = Fleet()


@dataclass
class Tally:
    """What was done to the product, and what became of it."""

    kills: Counter[str] = field(default_factory=Counter)  # by what was killed, and where
    resumed: list[float] = field(default_factory=list)  # seconds from a kill to the next claim after it
    rounds: int = 0
    scripts: list[str] = field(default_factory=list)  # the commit points that are next to be killed at

    def script(self, points: Sequence[str], chance: random.Random) -> str:
        """Each point, before and after, has its turn, in an order by chance."""
        if not self.scripts:
            self.scripts = [f"kill:{point}:{when}" for point in points for when in ("before", "after")]
            chance.shuffle(self.scripts)
        return f"{self.scripts.pop()}:{chance.randint(1, 2)}"

    @property
    def total(self) -> int:
        return self.kills.total()


class Process:
    """`footnote serve` or `footnote worker`, which may disturb itself at a commit point."""

    def __init__(self, command: str, home: Path, contents: Contents, script: str = "calm") -> None:
        self.command = command
        self._home = home
        self._contents = contents
        self.start(script)

    def start(self, script: str = "calm") -> None:
        self.script = script
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
        settings = {"HOME": self._home, "PORT": 0, "JOB_LEASE_SECONDS": LEASE, "LOG_LEVEL": "WARNING"}
        settings |= self._contents.settings
        environment |= {f"FOOTNOTE_{name}": str(value) for name, value in settings.items()}
        self._log = self._home / f"{self.command}-{time.monotonic_ns()}.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(DISTURBED), script, self.command], env=environment, stderr=log
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def url(self) -> str | None:
        found = READY.search(self._log.read_text())
        return found.group(1) if found else None

    @property
    def is_up(self) -> bool:
        text = self._log.read_text()
        return WORKING in text or READY.search(text) is not None

    def wait_until_up(self) -> None:
        """Or until it has killed itself."""
        while self.is_running and not self.is_up:
            time.sleep(0.02)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)


@contextmanager
def footnote(home: Path, contents: Contents, fleet: Fleet, script: str = "calm") -> Iterator[list[Process]]:
    home.mkdir(parents=True, exist_ok=True)
    first, *others = fleet.commands()
    processes = [Process(first, home, contents)]
    processes[0].wait_until_up()  # one process migrates the store
    if script != "calm":
        processes[0].stop()
        processes[0].start(script)
    processes += [Process(command, home, contents, script) for command in others]
    for process in processes:
        process.wait_until_up()
    try:
        yield processes
    finally:
        for process in processes:
            if process.is_running:
                process.stop()


class Uploader(threading.Thread):
    """Uploads the files to whatever servers there are in turn, each file until it is accepted."""

    def __init__(self, processes: Sequence[Process], files: Mapping[str, bytes]) -> None:
        super().__init__(daemon=True)
        self._servers = cycle([process for process in processes if process.command == "serve"])
        self._files = files
        self.left = list(files)

    def run(self) -> None:
        while self.left:
            with suppress(httpx.TransportError):
                self._upload()
            time.sleep(0.05)

    def _upload(self) -> None:
        url = next(self._servers).url
        if url is None:
            return
        with httpx.Client(base_url=f"{url}/api/v1", timeout=30) as client:
            for name in self.left[:TURN]:
                sent = client.post(
                    "/documents", files={"file": (name, self._files[name])}, headers={"Idempotency-Key": name}
                )
                if sent.status_code != 202:
                    raise httpx.TransportError(sent.text)
                self.left.remove(name)


@dataclass
class Orphans:
    """Jobs whose worker was killed, until another has them."""

    contents: Contents
    waiting: dict[tuple[str, int], float] = field(default_factory=dict)  # job and fence: when its worker was killed

    def left_by(self, pid: int) -> None:
        now = time.monotonic()
        self.waiting |= dict.fromkeys(self.contents.running(pid), now)

    def taken_over(self) -> list[float]:
        """Seconds that those waited that are in other hands by now."""
        if not self.waiting:
            return []
        running = set(self.contents.running())
        taken = [key for key in self.waiting if key not in running]
        return [time.monotonic() - self.waiting.pop(key) for key in taken]


def calm_run(
    home: Path, contents: Contents, files: Mapping[str, bytes], fleet: Fleet = ONE_OF_EACH
) -> tuple[Counter[Any], list[str]]:
    """What is published after an undisturbed run, and the commit points that it passed."""
    record = home.with_suffix(".points")
    with footnote(home, contents, fleet, f"record:{record}") as processes:
        Uploader(processes, files).run()
        wait_until_settled(contents)
    return contents.published(), sorted(set(record.read_text().splitlines()))


def soak(
    folder: Path,
    files: Mapping[str, bytes],
    chance: random.Random,
    kills: int,
    tell: Tell,
    fleet: Fleet = ONE_OF_EACH,
) -> Tally:
    """Rounds of disturbed runs until there were so many kills; each must end as the calm run did."""
    tally = Tally()
    with held(fleet, folder / "calm") as contents:
        expected, points = calm_run(folder / "calm", contents, files, fleet)
    tell(f"{len(files)} files, {expected.total()} chunks, {len(points)} commit points: {', '.join(points)}")
    while tally.total < kills:
        home = folder / f"rough-{tally.rounds}"
        home.mkdir()
        (home / "models").symlink_to(folder / "calm" / "models")
        with held(fleet, home) as contents:
            rough_run(home, contents, files, points, chance, kills - tally.total, tally, fleet)
            found, left = contents.published(), contents.left_over()
        tell(f"round {tally.rounds}: {tally.total} kills")
        assert found == expected, f"{(expected - found).total()} chunks lost, {(found - expected).total()} too many"
        assert not any(left.values()), left
    return tally


@contextmanager
def held(fleet: Fleet, home: Path) -> Iterator[Contents]:
    contents = fleet.place(home)
    try:
        yield contents
        contents.drop()
    finally:
        contents.close()


def rough_run(
    home: Path,
    contents: Contents,
    files: Mapping[str, bytes],
    points: Sequence[str],
    chance: random.Random,
    kills: int,
    tally: Tally,
    fleet: Fleet,
) -> None:
    """One with `kills` kills, fewer if it is done before."""
    with footnote(home, contents, fleet) as processes:
        uploader, orphans = Uploader(processes, files), Orphans(contents)
        uploader.start()
        for _ in range(kills):
            if not uploader.left and contents.is_settled():
                break
            kill_one(one_at_work(processes, chance), orphans, points, chance, tally)
        wait_until_settled(contents, lambda: revive(processes, tally) or uploader.left)
    tally.rounds += 1


def revive(processes: Sequence[Process], tally: Tally) -> bool:
    """Start those again that killed themselves since; whether there were any."""
    dead = [process for process in processes if not process.is_running]
    for process in dead:
        tally.kills[f"{process.command}: {process.script}"] += 1
        process.start()
        process.wait_until_up()
    return bool(dead)


def one_at_work(processes: Sequence[Process], chance: random.Random) -> Process:
    """Or one that was, and has killed itself."""
    while not (victims := [process for process in processes if process.is_up or not process.is_running]):
        time.sleep(0.02)
    return chance.choice(victims)


def kill_one(victim: Process, orphans: Orphans, points: Sequence[str], chance: random.Random, tally: Tally) -> None:
    """Wait until it has killed itself, or for a random moment; start it again, half the time with a point to die at."""
    end = time.monotonic() + chance.uniform(0.1, 2)
    while victim.is_running and time.monotonic() < end:
        time.sleep(0.02)
        tally.resumed += orphans.taken_over()
    where = "a random moment" if victim.is_running else victim.script
    victim.kill()
    orphans.left_by(victim.pid)
    tally.kills[f"{victim.command}: {where}"] += 1
    victim.start(tally.script(points, chance) if chance.random() < 0.6 else "calm")


def wait_until_settled(contents: Contents, is_disturbed: Callable[[], object] = bool) -> None:
    deadline = time.monotonic() + LONGEST
    while is_disturbed() or not contents.is_settled():
        assert time.monotonic() < deadline, "the ingest does not come to an end"
        time.sleep(0.1)
