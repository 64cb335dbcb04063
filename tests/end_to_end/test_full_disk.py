"""A disk that is full at any stage: a clear error, nothing corrupted, and all goes on once there is room."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.soak import Process, Uploader, calm_run, is_settled, left_over, published, wait_until_settled
from support.soak_files import soak_files

FILES = soak_files(4)
MEBIBYTES = 48
STAGES = [
    "keep in IngestionService.upload",
    "IngestionService._commit",
    "IngestHandler._ingest",
    "keep in Extracting._committed",
    "Extracting._commit",
    "IngestHandler._report",
    "IngestHandler._write",
    "IngestHandler._publish",
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, and not on the small disk."""
    folder = tmp_path_factory.mktemp("calm")
    published_calmly, _ = calm_run(folder / "home", FILES)
    (folder / "chunks").write_text(str(published_calmly.total()))
    return folder


@pytest.fixture
def small_disk(tmp_path: Path, models: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(disk)], check=True)
    (disk / "models").symlink_to(models / "home" / "models")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("stage", STAGES)
def test_a_disk_that_fills_up_stops_nothing_for_good(small_disk: Path, models: Path, stage: str) -> None:
    filling = small_disk / "filler"
    server = Process("serve", small_disk, f"fill:{stage}:{filling}")
    server.wait_until_up()
    uploader = Uploader(server, FILES)
    uploader.start()
    while not filling.with_suffix(".mark").exists():
        time.sleep(0.02)
    time.sleep(2)
    assert server.is_running
    assert httpx.get(f"{server.url}/health").status_code == 200
    filling.unlink()
    uploader.join()
    wait_until_settled(small_disk)
    server.stop()
    assert not any(left_over(small_disk).values())
    assert published(small_disk).total() == int((models / "chunks").read_text())


def test_an_upload_to_a_full_disk_is_a_problem_that_says_so(small_disk: Path) -> None:
    server = Process("serve", small_disk)
    server.wait_until_up()
    subprocess.run(["dd", "if=/dev/zero", f"of={small_disk / 'filler'}", "bs=4k"], check=False, capture_output=True)
    refused = httpx.post(f"{server.url}/api/v1/documents", files={"file": ("a.txt", b"Words.")}, timeout=30)
    ready = httpx.get(f"{server.url}/ready", timeout=30)
    server.stop()
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert "space" in refused.json()["detail"] or "full" in refused.json()["detail"]
    assert (ready.status_code, is_settled(small_disk)) == (503, True)
