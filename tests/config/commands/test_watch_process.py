"""`footnote ingest --watch` as people run it: a process that ends at Ctrl-C, and knows its files again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def start(home: Path, folder: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    with (home / "log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "footnote", "ingest", "--watch", "--json", str(folder)],
            env=environment | {"FOOTNOTE_HOME": str(home), "FOOTNOTE_WATCH_SETTLE_SECONDS": "0.1"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def told(process: subprocess.Popen[str], home: Path, line: str) -> None:
    while line not in (home / "log").read_text():
        assert process.poll() is None, (home / "log").read_text()
        time.sleep(0.05)


def end(process: subprocess.Popen[str]) -> tuple[int, list[tuple[Any, ...]]]:
    """The exit code and, of each document of the report, name, status and version."""
    process.send_signal(signal.SIGINT)
    report = json.loads(process.communicate(timeout=60)[0])
    assert report["refused"] == []
    return process.returncode, [(found["filename"], found["status"], found["version"]) for found in report["documents"]]


def test_a_watched_file_keeps_its_document_over_a_restart(tmp_path: Path, built_models: Path) -> None:
    home, folder, file = tmp_path / "home", tmp_path / "folder", tmp_path / "folder" / "a.txt"
    home.mkdir()
    folder.mkdir()
    (home / "models").symlink_to(built_models)
    process = start(home, folder)
    told(process, home, "Watching")
    file.write_text("Whales are mammals.")
    told(process, home, "a.txt (1 chunk)")
    assert end(process) == (0, [("a.txt", "ready", 1)])
    file.write_text("Sharks are fish.")
    process = start(home, folder)
    told(process, home, "a.txt (version 2, 1 chunk)")
    assert end(process) == (0, [("a.txt", "ready", 2)])
