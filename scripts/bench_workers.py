"""How much faster two worker processes are than one on the same MongoDB store, and what binds them.

    python scripts/bench_workers.py [--documents N] [--runs N] [--json]

The server is that of the tests; FOOTNOTE_TEST_MONGODB_URI names another. Each run measures, one after the other:

- `one`: one worker process that does one job at a time, with one thread for a stub of the embedding model;
- `two`: two of them on one store;
- `apart`: two of them, each on a store of its own with half of the documents: the reference, since they have nothing
  in common but the machine and the server.

The stub gives every text an embedding made from its hash, so that the model's arithmetic binds nobody. Shown are
medians of the runs in documents a second, and how many cores the workers with their children, the server of the
database and everything else kept busy meanwhile, as far as that runs on this machine.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, Literal
from uuid import uuid4

import numpy as np
from loguru import logger
from pymongo import MongoClient

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.mongo_server import mongo_uri
from support.processor import Busy, watch
from support.soak_files import small_files

from footnote.config.services import open_services
from footnote.config.settings import Settings, load_settings
from footnote.platform.inference import Embeddings
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.principal import LOCAL

WORK = "--work-here"  # of this script, as a worker process
UP = "at work"
POLL = 0.05  # seconds


class StubEmbedder(LocalEmbedder):
    """Embeddings of unit length from the texts' hashes. Settings cannot ask for it."""

    async def warm(self) -> None:
        """There is nothing to load."""

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        return await asyncio.to_thread(_embeddings, texts)


def _embeddings(texts: Sequence[str]) -> Embeddings:
    rows = np.empty((len(texts), StubEmbedder.dimension), np.float32)
    for row, text in zip(rows, texts, strict=True):
        seed = int.from_bytes(sha256(text.encode()).digest()[:8])
        row[:] = np.random.default_rng(seed).standard_normal(len(row), np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


async def work() -> None:
    """One worker process, until it is told to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load_settings(os.environ).settings
    async with open_services(settings, embedder=stub(settings)) as services:
        print(UP, flush=True)
        await services.worker.run(stop)


def stub(settings: Settings) -> StubEmbedder:
    return StubEmbedder(Path(settings.home) / "models", threads=1)


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


class Shop:
    """A store with documents that wait, and workers that may not begin yet."""

    def __init__(self, home: Path, files: Mapping[str, bytes], workers: int) -> None:
        home.mkdir()
        self._name = f"footnote_bench_{uuid4().hex[:16]}"
        self._uri = mongo_uri(self._name)
        settings = {"HOME": home, "STORE": self._uri, "WORKER_CONCURRENCY": 1, "LOG_LEVEL": "WARNING"}
        self._environment = {f"FOOTNOTE_{name}": str(value) for name, value in settings.items()}
        self._workers = workers
        self._files = files
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Shop":
        self._client: MongoClient[dict[str, Any]] = MongoClient(self._uri)
        self._jobs = self._client[self._name]["job"]
        asyncio.run(self._stock())
        for _ in range(self._workers):
            self._processes.append(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait()
        self._client.drop_database(self._name)
        self._client.close()

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    @property
    def is_done(self) -> bool:
        return self._jobs.count_documents({"active": True}) == 0

    @property
    def is_begun(self) -> bool:
        return self._jobs.count_documents({"status": {"$ne": "queued"}}) > 0

    def open(self) -> None:
        self._client[self._name]["job_pause"].delete_many({})

    async def _stock(self) -> None:
        settings = load_settings(self._environment).settings
        async with open_services(settings, embedder=stub(settings)) as services:
            await services.ingestion.pause(LOCAL)
            for name, content in self._files.items():
                await services.ingestion.upload(LOCAL, pieces(content), filename=name)

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **self._environment}
        command = [sys.executable, "-P", __file__, WORK]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == UP.encode(), "the worker did not start"
        return process


def rate(shops: Sequence[Shop], documents: int) -> tuple[float, Busy]:
    """Documents a second from the first claim to the last end, and what kept the processor busy."""
    for shop in shops:
        shop.open()
    while not any(shop.is_begun for shop in shops):
        time.sleep(POLL)
    begun, stop = time.monotonic(), watch([pid for shop in shops for pid in shop.pids])
    while not all(shop.is_done for shop in shops):
        time.sleep(POLL)
    return documents / (time.monotonic() - begun), stop()


def measure(files: Mapping[str, bytes], workers: Sequence[int]) -> tuple[float, Busy]:
    """With as many stores as there are entries in `workers`, each with so many of them and its part of the files."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        names = list(files)
        parts = [{name: files[name] for name in names[turn :: len(workers)]} for turn in range(len(workers))]
        shops = [
            stack.enter_context(Shop(Path(folder) / str(turn), part, number))
            for turn, (part, number) in enumerate(zip(parts, workers, strict=True))
        ]
        return rate(shops, len(files))


def run(files: Mapping[str, bytes]) -> dict[str, Any]:
    one, alone = measure(files, [1])
    two, busy = measure(files, [2])
    apart, _ = measure(files, [1, 1])
    return {"one": one, "two": two, "apart": apart, "busy_one": alone._asdict(), "busy_two": busy._asdict()}


def main() -> None:
    if WORK in sys.argv:
        asyncio.run(work())
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    logger.remove()
    files = small_files(asked.documents)
    runs = [run(files) for _ in range(asked.runs)]
    print(json.dumps(runs, indent=1)) if asked.json else describe(runs)


def describe(runs: Sequence[dict[str, Any]]) -> None:
    for name in ("one", "two", "apart"):
        rates = [each[name] for each in runs]
        print(f"{name:6} {median(rates):6.2f} documents/s   ({', '.join(f'{rate:.2f}' for rate in rates)})")
    print(f"two / one   {median(each['two'] / each['one'] for each in runs):.2f}")
    print(f"two / apart {median(each['two'] / each['apart'] for each in runs):.2f}")
    for name in ("one", "two"):
        busy = {who: median(each[f"busy_{name}"][who] for each in runs) for who in Busy._fields}
        print(f"{name}: cores busy: " + ", ".join(f"{who} {cores:.2f}" for who, cores in busy.items()))


if __name__ == "__main__":
    main()
