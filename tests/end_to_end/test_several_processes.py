"""The server, the command line and a worker on one store: what one does, the next query of another sees."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXT = "The harbour master keeps the ledger of every ship. The ledger is kept in the tower by the river."


@pytest.fixture
def server(start_server: Callable[..., Any]) -> Any:
    return start_server()


def footnote(home: Path, *arguments: str) -> Any:
    environment = {**os.environ, "FOOTNOTE_HOME": str(home)}
    command = [sys.executable, "-P", "-m", "footnote", *arguments, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    return json.loads(done.stdout)


def found(server: Any) -> list[str]:
    response = server.client.post("/api/v1/search", json={"query": "Who keeps the ledger?"})
    return [passage["document_id"] for passage in response.json()["results"]]


def wait_until_ready(server: Any, document_id: str) -> None:
    while server.client.get(f"/api/v1/documents/{document_id}").json()["status"] != "ready":
        time.sleep(0.05)


def test_the_server_finds_what_the_command_line_took_in(server: Any, tmp_path: Path) -> None:
    assert found(server) == []
    file = tmp_path / "ledger.txt"
    file.write_text(TEXT)
    report = footnote(tmp_path, "ingest", str(file))
    assert found(server) == [report["documents"][0]["id"]]


def test_the_command_line_misses_what_the_server_deleted(server: Any, tmp_path: Path) -> None:
    response = server.client.post("/api/v1/documents", files={"file": ("ledger.txt", TEXT.encode())})
    document_id = response.json()["items"][0]["id"]
    wait_until_ready(server, document_id)
    assert [passage["document_id"] for passage in footnote(tmp_path, "search", "ledger")["results"]] == [document_id]
    report = server.client.delete(f"/api/v1/documents/{document_id}").json()
    counts = {"versions": 1, "builds": 1, "chunks": 1, "blobs": 2, "answers_redacted": 0}
    assert report["deleted"] == {"attachments": 0, **counts}
    assert footnote(tmp_path, "search", "ledger")["results"] == []


def test_a_second_server_sees_a_share_and_its_end_at_once(tmp_path: Path, start_server: Callable[..., Any]) -> None:
    keys = "ann:annannannannann1,bob:bobbobbobbobbob2"
    first, second = start_server(api_keys=keys), start_server(api_keys=keys)
    first.client.headers["Authorization"] = "Bearer annannannannann1"
    second.client.headers["Authorization"] = "Bearer bobbobbobbobbob2"
    response = first.client.post("/api/v1/documents", files={"file": ("ledger.txt", TEXT.encode())})
    document_id = response.json()["items"][0]["id"]
    wait_until_ready(first, document_id)
    for readers, expected in (([], []), (["user:bob"], [document_id]), ([], []), (["tenant"], [document_id])):
        first.client.patch(f"/api/v1/documents/{document_id}", json={"readers": readers})
        assert found(second) == expected
        assert second.client.get(f"/api/v1/documents/{document_id}").status_code == (200 if expected else 404)
