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
from hypothesis import settings as hypothesis_settings
from support.reading import read_once
from support.running import (  # noqa: F401
    pytest_collection,
    pytest_collection_modifyitems,
    pytest_terminal_summary,
    pytest_testnodedown,
)

from footnote.platform.storage.sqlite import SqliteDatabase

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
# A machine at work on other tests makes an example slow, not wrong.
hypothesis_settings.register_profile("footnote", deadline=None)
hypothesis_settings.load_profile("footnote")

READY = re.compile(r"Footnote is ready: (http://\S+)")


class Server:
    """The product as a process of its own, and a client that talks to it. It finds built models in `models`."""

    def __init__(self, home: Path, models: Path, **settings: Any) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "models").exists():
            (home / "models").symlink_to(models)
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
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()  # it shall not disturb the tests that come after this one, which fails
            self._process.wait()
            raise

    @property
    def log(self) -> str:
        return self._log.read_text()

    def _wait_until_ready(self) -> str:
        while (found := READY.search(self.log)) is None:
            assert self.is_running, f"the server ended before it was ready:\n{self.log}"
            time.sleep(0.02)
        return found.group(1)


@pytest.fixture(scope="session")
def built_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where whoever first needs the local model builds it, for all processes of a run."""
    folder = of_all_processes(tmp_path_factory) / "built-models"
    folder.mkdir(exist_ok=True)
    return folder


def of_all_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, also if this is one of several processes of it."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture
def start_server(tmp_path: Path, built_models: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on free ports, with the settings given as keywords; stops what still runs at the end."""
    servers: list[Server] = []

    def start(home: Path = tmp_path, **settings: Any) -> Server:
        server = Server(home, built_models, **settings)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.is_running:
            server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, built_models: Path) -> Iterator[Server]:
    """One server for all tests that leave it as they found it, or do not mind what others put there."""
    server = Server(tmp_path_factory.mktemp("server"), built_models, max_upload_bytes="20 MB")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server_class(built_models: Path) -> Callable[..., Server]:
    return lambda home, **settings: Server(home, built_models, **settings)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await SqliteDatabase.open(tmp_path / "footnote.db", synchronous="off")
    yield database
    await database.close()


@pytest.fixture(scope="session")
def shared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of real data beside the repository; tests that ask for it run only where it is."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data is not here")
    read_once(SHARED_DATA, of_all_processes(tmp_path_factory) / "readings")
    return SHARED_DATA
