"""Kills servers and workers in the middle of an ingest, and compares what is there in the end with a calm run."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

DISTURBED = Path(__file__).with_name("disturbed.py")
READY = re.compile(r"Footnote is ready: (http://\S+)")
WORKING = "Footnote's worker is running"
SETTLED = {"ready", "failed", "cancelled"}
LEASE = 2  # seconds
LONGEST = 300  # seconds for the rest of an ingest once the kills are over
CHUNKS = """
SELECT document.sha256, document_version.chunking, chunk.start, chunk."end", chunk.text, chunk_embedding.embedding
FROM publication
JOIN document ON document.id = publication.document_id
JOIN document_version ON document_version.document_id = document.id AND document_version.number = document.version
JOIN chunk ON chunk.build = publication.build
LEFT JOIN chunk_embedding ON chunk_embedding.number = chunk.number
"""

Tell = Callable[[str], object]

LEFT_OVER = {
    "unpublished builds": "SELECT count(*) FROM build WHERE number NOT IN (SELECT build FROM publication)",
    "chunks without a build": "SELECT count(*) FROM chunk WHERE build NOT IN (SELECT number FROM build)",
    "jobs that did not end": "SELECT count(*) FROM job WHERE status <> 'done'",
    "documents that are not ready": "SELECT count(*) FROM document WHERE status <> 'ready'",
    "versions too many": "SELECT count(*) FROM document_version WHERE number > 1",
}


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

    def __init__(self, command: str, home: Path, script: str = "calm") -> None:
        self.command = command
        self._home = home
        self.start(script)

    def start(self, script: str = "calm") -> None:
        self.script = script
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
        settings = {"HOME": self._home, "PORT": 0, "JOB_LEASE_SECONDS": LEASE, "LOG_LEVEL": "WARNING"}
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
def footnote(home: Path) -> Iterator[tuple[Process, Process]]:
    home.mkdir(parents=True, exist_ok=True)
    server = Process("serve", home)
    server.wait_until_up()  # one process migrates the store
    worker = Process("worker", home)
    try:
        yield server, worker
    finally:
        for process in (server, worker):
            if process.is_running:
                process.stop()


class Uploader(threading.Thread):
    """Uploads the files to whatever server there is, each until it is accepted."""

    def __init__(self, server: Process, files: Mapping[str, bytes]) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._files = files
        self.left = list(files)

    def run(self) -> None:
        while self.left:
            with suppress(httpx.TransportError):
                self._upload()
            time.sleep(0.05)

    def _upload(self) -> None:
        url = self._server.url
        if url is None:
            return
        with httpx.Client(base_url=f"{url}/api/v1", timeout=30) as client:
            while self.left:
                name = self.left[0]
                sent = client.post(
                    "/documents", files={"file": (name, self._files[name])}, headers={"Idempotency-Key": name}
                )
                if sent.status_code != 202:
                    raise httpx.TransportError(sent.text)
                self.left.pop(0)


@dataclass
class Orphans:
    """Jobs whose worker was killed, until another has them."""

    home: Path
    waiting: dict[tuple[str, int], float] = field(default_factory=dict)  # job and fence: when its worker was killed

    def left_by(self, pid: int) -> None:
        now = time.monotonic()
        for job, fence in self._rows("worker LIKE ?", f"%:{pid}:%"):
            self.waiting[job, fence] = now

    def taken_over(self) -> list[float]:
        """Seconds that those waited that are in other hands by now."""
        running = set(self._rows("status = ?", "running"))
        taken = [key for key in self.waiting if key not in running]
        return [time.monotonic() - self.waiting.pop(key) for key in taken]

    def _rows(self, condition: str, value: str) -> list[tuple[str, int]]:
        with connected(self.home) as store:
            return store.execute(
                f"SELECT id, fence FROM job WHERE {condition} AND status = 'running'", (value,)
            ).fetchall()


def calm_run(home: Path, files: Mapping[str, bytes]) -> tuple[Counter[Any], list[str]]:
    """What is published after an undisturbed run, and the commit points that it passed."""
    record = home.with_suffix(".points")
    with footnote(home) as (server, worker):
        for process in (worker, server):
            process.stop()
            process.start(f"record:{record}")
            process.wait_until_up()
        Uploader(server, files).run()
        wait_until_settled(home)
    return published(home), sorted(set(record.read_text().splitlines()))


def soak(folder: Path, files: Mapping[str, bytes], chance: random.Random, kills: int, tell: Tell) -> Tally:
    """Rounds of disturbed runs until there were so many kills; each must end as the calm run did."""
    tally = Tally()
    expected, points = calm_run(folder / "calm", files)
    tell(f"{len(files)} files, {expected.total()} chunks, {len(points)} commit points: {', '.join(points)}")
    while tally.total < kills:
        home = folder / f"rough-{tally.rounds}"
        home.mkdir()
        (home / "models").symlink_to(folder / "calm" / "models")
        found = rough_run(home, files, points, chance, kills - tally.total, tally)
        left = left_over(home)
        tell(f"round {tally.rounds}: {tally.total} kills")
        assert found == expected, f"{(expected - found).total()} chunks lost, {(found - expected).total()} too many"
        assert not any(left.values()), left
    return tally


def rough_run(
    home: Path, files: Mapping[str, bytes], points: Sequence[str], chance: random.Random, kills: int, tally: Tally
) -> Counter[Any]:
    """What is published after a run with `kills` kills, fewer if it is done before."""
    with footnote(home) as (server, worker):
        uploader, orphans = Uploader(server, files), Orphans(home)
        uploader.start()
        for _ in range(kills):
            if not uploader.left and is_settled(home):
                break
            kill_one(chance.choice((server, worker)), orphans, points, chance, tally)
        uploader.join()
        wait_until_settled(home)
    tally.rounds += 1
    return published(home)


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
    victim.wait_until_up()


def wait_until_settled(home: Path) -> None:
    deadline = time.monotonic() + LONGEST
    while not is_settled(home):
        assert time.monotonic() < deadline, "the ingest does not come to an end"
        time.sleep(0.1)


def is_settled(home: Path) -> bool:
    with connected(home) as store:
        open_ones = "SELECT 1 FROM document WHERE status NOT IN ('ready', 'failed', 'cancelled')"
        return store.execute(open_ones).fetchone() is None


def published(home: Path) -> Counter[Any]:
    with connected(home) as store:
        return Counter(store.execute(CHUNKS).fetchall())


def left_over(home: Path) -> dict[str, int]:
    """What a run must not leave: rows without use, jobs that never ended."""
    with connected(home) as store:
        return {name: int(store.execute(query).fetchone()[0]) for name, query in LEFT_OVER.items()}


@contextmanager
def connected(home: Path) -> Iterator[sqlite3.Connection]:
    store = sqlite3.connect(home / "footnote.db", timeout=30)
    try:
        yield store
    finally:
        store.close()
