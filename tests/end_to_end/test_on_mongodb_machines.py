"""Machines that share nothing but a database: each has a data folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.places import mongo_place

Ingest = Callable[..., dict[str, Any]]

TEXT = b"The harbour master keeps the ledger of every ship in the tower by the river."


@pytest.fixture
def store() -> Iterator[str]:
    with mongo_place() as uri:
        yield uri


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all find the built model, since building it takes a while."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def home_of(tmp_path: Path, models: Path) -> Callable[[str], Path]:
    """The data folder of the machine of that name."""

    def made(machine: str) -> Path:
        (home := tmp_path / machine).mkdir()
        (home / "models").symlink_to(models)
        return home

    return made


@pytest.fixture
def start(start_server: Callable[..., Any], home_of: Callable[[str], Path], store: str) -> Callable[[str], Any]:
    """Starts a server on the machine of that name."""
    return lambda machine: start_server(home_of(machine), store=store)


def found(server: Any) -> list[str]:
    response = server.client.post("/api/v1/search", json={"query": "Who keeps the ledger?"})
    return [passage["document_id"] for passage in response.json()["results"]]


def footnote(home: Path, store: str, *arguments: str) -> Any:
    environment = {**os.environ, "FOOTNOTE_HOME": str(home), "FOOTNOTE_STORE": store}
    command = [sys.executable, "-P", "-m", "footnote", *arguments, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    return json.loads(done.stdout)


def test_another_machine_has_all_that_one_took_in(start: Callable[[str], Any], ingest: Ingest) -> None:
    first, second = start("first"), start("second")
    path = f"/api/v1/documents/{ingest(first, 'ledger.txt', TEXT)['id']}"
    assert second.client.get(f"{path}/content").content == TEXT
    assert second.client.get(f"{path}/text").text.startswith("The harbour master")
    assert second.client.get(f"{path}/pages/1.png").status_code == first.client.get(f"{path}/pages/1.png").status_code
    assert found(second) == found(first) == [path.rpartition("/")[2]]
    second.client.delete(path)
    assert (found(first), first.client.get(f"{path}/content").status_code) == ([], 404)


def test_what_was_taken_in_outlives_the_machine(start: Callable[[str], Any], ingest: Ingest) -> None:
    first = start("first")
    document = ingest(first, "ledger.txt", TEXT)
    first.kill()
    second = start("second")
    assert found(second) == [document["id"]]
    assert second.client.get(f"/api/v1/documents/{document['id']}/content").content == TEXT


def test_the_command_line_works_on_it_from_anywhere(tmp_path: Path, home_of: Callable[[str], Path], store: str) -> None:
    (file := tmp_path / "ledger.txt").write_bytes(TEXT)
    (document,) = footnote(home_of("first"), store, "ingest", str(file))["documents"]
    (passage,) = footnote(home_of("second"), store, "search", "ledger")["results"]
    answer = footnote(home_of("third"), store, "ask", "Where does the harbour master keep the ledger?")
    assert passage["document_id"] == answer["citations"][0]["document_id"] == document["id"]


def test_both_may_be_the_first_to_start(home_of: Callable[[str], Path], store: str) -> None:
    environment = {**os.environ, "FOOTNOTE_HOME": str(home_of("first")), "FOOTNOTE_STORE": store}
    command = [sys.executable, "-P", "-m", "footnote", "search", "ledger", "--json"]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    printed = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], printed
