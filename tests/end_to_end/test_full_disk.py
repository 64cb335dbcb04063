"""A disk that is full at any stage: a clear error, nothing corrupted, and all goes on once there is room."""

import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from support.contents import SqliteContents
from support.soak import Process, Uploader, calm_run, wait_until_settled
from support.soak_files import soak_files

FILES = soak_files(4)
MEBIBYTES = 48
AT_ONCE = 3  # servers
STAGES = [
    "keep in Uploads._arrived",
    "Extracting._commit",
    "IngestHandler._store",
    "IngestHandler._commit",
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, built_models: Path) -> Path:
    """Built once, and not on the small disk."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path_factory.mktemp("calm")
    (folder / "home").mkdir()
    (folder / "home" / "models").symlink_to(built_models)
    published_calmly, _ = calm_run(folder / "home", SqliteContents(folder / "home"), FILES)
    (folder / "chunks").write_text(str(published_calmly.total()))
    return folder


@contextmanager
def small_disk(folder: Path, models: Path) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(disk)], check=True)
    (disk / "models").symlink_to(models / "home" / "models")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def disk(tmp_path: Path, models: Path) -> Iterator[Path]:
    with small_disk(tmp_path, models) as disk:
        yield disk


def chunks_after(stage: str, folder: Path, models: Path) -> int:
    """How many chunks there are in the end, when the disk is full for a while at that stage."""
    with small_disk(folder / stage, models) as disk:
        filling = disk / "filler"
        server = Process("serve", disk, SqliteContents(disk), f"fill:{stage}:{filling}")
        server.wait_until_up()
        uploader = Uploader([server], FILES)
        uploader.start()
        while not filling.with_suffix(".mark").exists():
            time.sleep(0.02)
        time.sleep(2)
        assert server.is_running
        assert httpx.get(f"{server.url}/health", timeout=30).status_code == 200
        filling.unlink()
        uploader.join()
        wait_until_settled(SqliteContents(disk))
        server.stop()
        assert not any(SqliteContents(disk).left_over().values()), stage
        return SqliteContents(disk).published().total()


def test_a_disk_that_fills_up_at_any_stage_stops_nothing_for_good(tmp_path: Path, models: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = dict(zip(STAGES, threads.map(lambda stage: chunks_after(stage, tmp_path, models), STAGES), strict=True))
    assert found == dict.fromkeys(STAGES, int((models / "chunks").read_text()))


def test_an_upload_to_a_full_disk_is_a_problem_that_says_so(disk: Path) -> None:
    server = Process("serve", disk, SqliteContents(disk))
    server.wait_until_up()
    subprocess.run(["dd", "if=/dev/zero", f"of={disk / 'filler'}", "bs=4k"], check=False, capture_output=True)
    refused = httpx.post(f"{server.url}/api/v1/documents", files={"file": ("a.txt", b"Words.")}, timeout=30)
    ready = httpx.get(f"{server.url}/ready", timeout=30)
    server.stop()
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert "space" in refused.json()["detail"] or "full" in refused.json()["detail"]
    assert (ready.status_code, SqliteContents(disk).is_settled()) == (503, True)
