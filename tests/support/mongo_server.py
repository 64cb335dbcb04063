"""The MongoDB-compatible server that tests talk to: a given one, a container, or DocumentDB on this machine."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from support.system import missing

URI = "FOOTNOTE_TEST_MONGODB_URI"
ATLAS_URI = "FOOTNOTE_TEST_ATLAS_URI"
IMAGE = "mongodb/mongodb-atlas-local:8.2"
PORT = 27017
DOCUMENTDB = Path(__file__).parent / "documentdb" / "server.sh"


class NoServerError(Exception):
    """There is none, and why."""


def mongo_uri(database: str = "") -> str:
    """Of that database, or of the server; without one, the test that asks is skipped, or fails in CI."""
    try:
        return _with_database(_mongo_uri(), database)
    except NoServerError as error:
        missing(f"no MongoDB: {error}")


def atlas_uri(database: str = "") -> str:
    """Likewise, of a server with MongoDB's own search: a given one or a container."""
    try:
        return _with_database(_atlas_uri(), database)
    except NoServerError as error:
        missing(f"no Atlas: {error}")


def _with_database(uri: str, database: str) -> str:
    server, mark, options = uri.partition("?")
    path = f"/{database}" if database or mark else ""
    return f"{server.rstrip('/')}{path}{mark}{options}"


@cache
def _mongo_uri() -> str:
    if given := os.environ.get(URI):
        return given
    if _docker_answers():
        return _atlas_uri()
    return _documentdb_uri()


@cache
def _atlas_uri() -> str:
    if given := os.environ.get(ATLAS_URI):
        return given
    if not _docker_answers():
        raise NoServerError(f"{ATLAS_URI} names none, and there is no Docker to start {IMAGE}")
    return _start_container()


@cache
def _docker_answers() -> bool:
    if not shutil.which("docker"):
        return False
    asked = subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20)
    return asked.returncode == 0


def _start_container() -> str:
    """One for each process that runs tests; Testcontainers' reaper removes it when that process ends."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import HealthcheckWaitStrategy

    _announce(f"Starting {IMAGE} for the tests; the first time downloads it.")
    waiting = HealthcheckWaitStrategy().with_startup_timeout(180)
    container = DockerContainer(IMAGE).with_exposed_ports(PORT).waiting_for(waiting).start()
    return f"mongodb://{container.get_container_host_ip()}:{container.get_exposed_port(PORT)}/?directConnection=true"


def _documentdb_uri() -> str:
    """Started by the first test of all that asks; it ends by itself when nobody has used it for an hour."""
    if not Path("/etc/debian_version").exists() or os.geteuid() != 0:
        raise NoServerError(f"{URI} names none, Docker does not answer, and DocumentDB needs root on Debian")
    log = Path(f"/tmp/footnote-documentdb-{os.getpid()}.log")
    _announce(f"Starting DocumentDB for the tests; the first time takes 2 minutes and 700 MB (log: {log}).")
    with log.open("wb") as opened:
        started = subprocess.run([DOCUMENTDB, "start"], stdout=subprocess.PIPE, stderr=opened, check=False)
    if started.returncode != 0:
        raise NoServerError(f"DocumentDB did not start:\n{log.read_text()[-2000:]}")
    log.unlink()
    return started.stdout.decode().strip()


def _announce(text: str) -> None:
    print(text, file=sys.__stderr__, flush=True)


def main() -> None:
    """Starts the server before the tests, where that takes long."""
    try:
        where = "a container" if not os.environ.get(URI) and _docker_answers() else _mongo_uri()
    except NoServerError as error:
        where = f"none, {error}"
    _announce(f"MongoDB for the tests: {where}")


if __name__ == "__main__":
    main()
