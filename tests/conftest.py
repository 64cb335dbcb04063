"""Fixtures that every folder of tests shares."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from footnote.platform.storage.sqlite import SqliteDatabase

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
READY = re.compile(r"Footnote is ready: (http://\S+)")


class Server:
    """The product as a process of its own, and a client that talks to it."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.home = home
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")},
            "FOOTNOTE_HOME": str(home),
            "FOOTNOTE_PORT": "0",
            **{f"FOOTNOTE_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def start(self) -> None:
        self._log = self.home / f"server-{time.monotonic_ns()}.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "footnote", "serve"],
                env=self._environment,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.home,
            )
        self.url = self._wait_until_ready()
        self.client = httpx.Client(base_url=self.url, timeout=60)

    def kill(self) -> None:
        """`kill -9`: nothing of the process gets to finish."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """An orderly stop; the exit code."""
        return self._end(signal.SIGTERM)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def _end(self, number: signal.Signals) -> int:
        self.client.close()
        self._process.send_signal(number)
        return self._process.wait(timeout=30)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def _wait_until_ready(self) -> str:
        while (found := READY.search(self.log)) is None:
            assert self.is_running, f"the server ended before it was ready:\n{self.log}"
            time.sleep(0.02)
        return found.group(1)


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on free ports, with the settings given as keywords; stops what still runs at the end."""
    servers: list[Server] = []

    def start(home: Path = tmp_path, **settings: Any) -> Server:
        server = Server(home, **settings)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.is_running:
            server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it as they found it, or do not mind what others put there."""
    server = Server(tmp_path_factory.mktemp("server"), max_upload_bytes="20 MB")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server_class() -> type[Server]:
    return Server


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await SqliteDatabase.open(tmp_path / "footnote.db", synchronous="off")
    yield database
    await database.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; tests that ask for it run only where it is."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data is not here")
    return SHARED_DATA
