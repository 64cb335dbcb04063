"""`footnote export` and `footnote import` as people run them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.moving import add_answer, add_document, parts
from support.places import mongo_place

QUESTION = "Why was the cable late?"
MAIL = b"""From: ann@example.org
Subject: The cable
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

The cable to the island was late, because of storms.
--x
Content-Type: text/markdown
Content-Disposition: attachment; filename=storms.md

# Autumn

Storms kept the ship in the harbour for nine weeks.
--x--
"""


@pytest.fixture
def footnote(tmp_path: Path, built_models: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts a command on the store in a folder, or on another."""

    def start(home: str, *arguments: str, store: str = "sqlite") -> subprocess.Popen[bytes]:
        (tmp_path / home).mkdir(exist_ok=True)
        if not (tmp_path / home / "models").exists():
            (tmp_path / home / "models").symlink_to(built_models)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "footnote", *arguments],
            env={**plain, "FOOTNOTE_HOME": str(tmp_path / home), "FOOTNOTE_STORE": store},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start


def told(process: subprocess.Popen[bytes], code: int = 0) -> Any:
    output, problems = process.communicate(timeout=120)
    assert process.returncode == code, problems.decode()
    return json.loads(output)


def what_moved(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Passages without what the embeddings of tokens add to their scores: these stay behind."""
    kept = ("dense", "lexical")
    return [{**each, "score": None, "scores": {name: each["scores"].get(name) for name in kept}} for each in found]


def test_documents_move_to_mongodb_and_back_and_are_found_as_before(
    footnote: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, pdf: Callable[..., bytes]
) -> None:
    (tmp_path / "files").mkdir()
    for name, content in {"cable.eml": MAIL, "report.pdf": pdf("Profit rose."), "broken.pdf": b"%PDF-1.7 no"}.items():
        (tmp_path / "files" / name).write_bytes(content)
    assert len(told(footnote("a", "ingest", "files", "--json"), code=1)["documents"]) == 4
    told(footnote("a", "ask", QUESTION, "--json"))
    told(footnote("a", "export", "one", "--json"))
    with mongo_place() as store:
        assert told(footnote("b", "import", "one", "--json", store=store))["documents"] == 4
        told(footnote("b", "export", "two", "--json", store=store))
    told(footnote("c", "import", "two", "--json"))
    told(footnote("c", "export", "three", "--json"))
    assert len({(tmp_path / name).read_bytes() for name in ("one", "two", "three")}) == 1
    found = [told(footnote(home, "search", QUESTION, "--json"))["results"] for home in ("a", "c")]
    assert what_moved(found[0]) == what_moved(found[1]) != []


async def test_an_export_and_an_import_that_are_killed_go_on(
    footnote: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts("folder-sqlite", tmp_path / "a", monkeypatch) as source:
        for number in range(40):
            await add_document(source.store, f"{number:02}")
        await add_answer(source.store, "99")
    until_done(lambda: footnote("a", "export", "one"), 40_000, lambda: sizes(tmp_path, "one.*.part"))
    until_done(lambda: footnote("b", "import", "one"), 15_000, lambda: sizes(tmp_path / "b" / "blobs", "*/*/*"))
    told(footnote("b", "export", "two", "--json"))
    assert content_of(tmp_path / "one") == content_of(tmp_path / "two")


def until_done(start: Callable[[], subprocess.Popen[bytes]], step: int, written: Callable[[], int]) -> None:
    """Kill it whenever it has written `step` bytes more."""
    kills = 0
    while True:
        before, process = written(), start()
        while process.poll() is None and written() < before + step:
            time.sleep(0.002)
        process.kill()
        process.communicate()
        if process.returncode == 0:
            break
        kills += 1
    assert kills


def sizes(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.exists())


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def test_what_cannot_be_imported_is_a_problem_and_exit_code_1(
    footnote: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"words")
    problem = told(footnote("a", "import", "file", "--json"), code=1)
    assert (problem["status"], problem["title"], problem["byte"]) == (422, "The export cannot be read", 0)
