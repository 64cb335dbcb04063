"""The way of a document from upload to deletion: the same over HTTP whichever store is behind it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from support.places import mongo_place

Ingest = Callable[..., dict[str, Any]]

KEYS = "ann:annannannannann1,bob:bobbobbobbobbob2"
STAGES = ["queued", "extracting", "chunking", "embedding", "publishing", "ready"]


@pytest.fixture(scope="module", params=["sqlite", "mongodb"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, server_class: Any
) -> Iterator[Any]:
    with ExitStack() as stack:
        store = "sqlite" if request.param == "sqlite" else stack.enter_context(mongo_place())
        server = server_class(tmp_path_factory.mktemp(request.param), store=store, api_keys=KEYS)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def ann(served: Any) -> Iterator["Person"]:
    with Person(served, "annannannannann1") as person:
        yield person


@pytest.fixture
def bob(served: Any) -> Iterator["Person"]:
    with Person(served, "bobbobbobbobbob2") as person:
        yield person


class Person:
    def __init__(self, server: Any, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60)

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def found(self, query: str, mode: str = "hybrid") -> list[str]:
        response = self.client.post("/search", json={"query": query, "mode": mode})
        return [passage["document_id"] for passage in response.json()["results"]]

    def take_in(self, name: str, content: bytes, **fields: Any) -> str:
        response = self.client.post("/documents", files={"file": (name, content)}, data=fields)
        document_id: str = response.json()["items"][0]["id"]
        self.wait_for(document_id)
        return document_id

    def wait_for(self, document_id: str, version: int = 1) -> dict[str, Any]:
        while True:
            document: dict[str, Any] = self.client.get(f"/documents/{document_id}").json()
            assert document["error"] is None
            if document["status"] == "ready" and document["version"] == version:
                return document
            time.sleep(0.05)

    def statuses(self, document_id: str) -> list[str]:
        """Those that its events tell, until it is ready, each once."""
        found: dict[str, None] = {}
        with self.client.stream("GET", f"/documents/{document_id}/events") as response:
            for line in response.iter_lines():
                if line.startswith("data: "):
                    found.setdefault(json.loads(line.removeprefix("data: "))["status"])
                if "ready" in found:
                    break
        return list(found)


def test_progress_is_told_until_the_document_is_ready(ann: Person) -> None:
    response = ann.client.post("/documents", files={"file": ("a.txt", b"The ferry leaves at noon from the old pier.")})
    assert ann.statuses(response.json()["items"][0]["id"]) == STAGES


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
def test_every_mode_finds_it(ann: Person, mode: str) -> None:
    document_id = ann.take_in("lamp.txt", b"The keeper lights the lamp of the lighthouse at dusk.")
    assert ann.found("Who lights the lamp?", mode)[0] == document_id


def test_an_answer_leads_to_the_page_and_is_kept(ann: Person, pdf: Callable[..., bytes]) -> None:
    document_id = ann.take_in("town.pdf", pdf("The town has a market.", "The bakery of Anna Weber opens at six."))
    answer = ann.client.post("/answers", json={"question": "When does the bakery of Anna Weber open?"}).json()
    citation = answer["citations"][0]
    assert (citation["document_id"], citation["pages"]) == (document_id, [2])
    span = {"start": citation["start"], "end": citation["end"]}
    page = ann.client.get(f"/documents/{document_id}/pages/2.png", params=span)
    assert page.content.startswith(b"\x89PNG")
    assert ann.client.get(f"/answers/{answer['id']}").json() == answer


def test_who_may_read_it_changes_at_once(ann: Person, bob: Person) -> None:
    document_id = ann.take_in("secret.txt", b"The vault opens with the word marzipan.")
    for readers, is_found in (([], False), (["user:bob"], True), ([], False), (["tenant"], True)):
        ann.client.patch(f"/documents/{document_id}", json={"readers": readers})
        assert (document_id in bob.found("Which word opens the vault?")) == is_found
        assert bob.client.get(f"/documents/{document_id}").status_code == (200 if is_found else 404)


def test_new_bytes_take_the_place_of_the_old(ann: Person) -> None:
    document_id = ann.take_in("menu.txt", b"On Monday the canteen serves lentil soup.")
    ann.client.put(f"/documents/{document_id}/content", content=b"On Monday the canteen serves pumpkin pie.")
    ann.wait_for(document_id, version=2)
    assert document_id in ann.found("pumpkin", "lexical")
    assert document_id not in ann.found("lentil", "lexical")
    assert ann.client.get(f"/documents/{document_id}/content").content.endswith(b"pumpkin pie.")


def test_what_is_deleted_is_gone_from_everywhere(ann: Person) -> None:
    document_id = ann.take_in("plan.txt", b"The bridge to Osterholm is to be painted green.")
    answer = ann.client.post("/answers", json={"question": "Which colour will the bridge to Osterholm have?"}).json()
    deleted = ann.client.delete(f"/documents/{document_id}").json()["deleted"]
    counts = {"versions": 1, "builds": 1, "chunks": 1, "blobs": 2, "answers_redacted": 1}
    assert deleted == {"attachments": 0, **counts}
    assert ann.found("bridge Osterholm green", "lexical") == []
    assert ann.client.get(f"/documents/{document_id}").status_code == 404
    assert "green" not in ann.client.get(f"/answers/{answer['id']}").text


def test_it_is_ready_and_says_so(served: Any) -> None:
    ready = served.client.get("/ready").json()
    assert ready["status"] == "ready"
    assert {"store", "disk"} <= ready["dependencies"].keys()
