"""A server whose MongoDB does not answer any more, and does again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.fault_proxy import ThreadedProxy
from support.mongo_server import mongo_uri
from support.places import mongo_place

Ingest = Callable[..., dict[str, Any]]

FILE = {"file": ("note.txt", b"A note that comes at a bad time.")}
QUESTION = {"question": "Who keeps the ledger?"}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/documents", {}),
    ("GET", "/documents:queue", {}),
    ("POST", "/documents", {"files": FILE}),
    ("POST", "/documents:pause", {}),
    ("GET", "/documents/ID", {}),
    ("PATCH", "/documents/ID", {"json": {"title": "Another"}}),
    ("DELETE", "/documents/ID", {}),
    ("PUT", "/documents/ID/content", {"content": b"Another note."}),
    ("GET", "/documents/ID/content", {}),
    ("GET", "/documents/ID/text", {}),
    ("GET", "/documents/ID/passages", {}),
    ("GET", "/documents/ID/events", {}),
    ("GET", "/documents/events", {}),
    ("POST", "/documents/ID/reindex", {"json": {}}),
    ("POST", "/search", {"json": {"query": "ledger"}}),
    ("POST", "/answers", {"json": QUESTION}),
    ("GET", "/answers/01m7yrmrqmcncq03474f4tkgf7", {}),
]


@pytest.fixture(scope="module")
def link() -> Iterator[ThreadedProxy]:
    with ThreadedProxy(mongo_uri()) as link:
        yield link


@pytest.fixture(scope="module")
def server(link: ThreadedProxy, tmp_path_factory: pytest.TempPathFactory, server_class: Any) -> Iterator[Any]:
    with mongo_place() as uri:
        store = link.proxy.uri(Path(uri).name)
        server = server_class(
            tmp_path_factory.mktemp("away"), store=store, mongodb_selection_seconds=0.5, mongodb_operation_seconds=2
        )
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def taken_in(server: Any, ingest: Ingest) -> str:
    """The id of a document that is ready."""
    document_id: str = ingest(server, "ledger.txt", b"The harbour master keeps the ledger.")["id"]
    return document_id


@pytest.fixture
def document_id(taken_in: str, link: ThreadedProxy) -> str:
    """The same while the store is away."""
    if link.is_listening:
        link.refuse()
    return taken_in


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS, ids=[f"{each[0]} {each[1]}" for each in REQUESTS])
def test_every_request_is_told_to_come_again(
    server: Any, document_id: str, method: str, path: str, body: dict[str, Any]
) -> None:
    response = server.client.request(method, f"/api/v1{path.replace('ID', document_id)}", **body)
    assert response.status_code == 503, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.json()["type"], response.headers["retry-after"]) == ("/problems/store-unavailable", "5")


def test_the_process_lives_and_says_what_is_missing(server: Any, document_id: str) -> None:
    assert server.client.get("/health").status_code == 200
    ready = server.client.get("/ready")
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "5")
    assert ready.json()["dependencies"]["disk"] == "ok"
    assert ready.json()["dependencies"]["store"] in {"failed", "no answer"}


def test_it_goes_on_once_the_store_answers(server: Any, document_id: str, link: ThreadedProxy) -> None:
    link.listen()
    while server.client.get("/ready").status_code != 200:
        time.sleep(0.05)
    assert server.client.get(f"/api/v1/documents/{document_id}").json()["status"] == "ready"
