"""The life of a document over HTTP, on a server with two people."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

Ingest = Callable[..., dict[str, Any]]

TEXT = "The lighthouse stands on the northern cliff. Its keeper lights the lamp at dusk. "


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, server_class: Any) -> Iterator[Any]:
    server = server_class(tmp_path_factory.mktemp("people"), api_keys="ann:annannannannann1,bob:bobbobbobbobbob2")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def ann(people: Any) -> Iterator["Person"]:
    yield from person(people, "annannannannann1")


@pytest.fixture
def bob(people: Any) -> Iterator["Person"]:
    yield from person(people, "bobbobbobbobbob2")


@dataclass
class Person:
    client: httpx.Client


def person(server: Any, key: str) -> Iterator[Person]:
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
        yield Person(client)


def test_the_same_bytes_of_one_owner_are_one_document(ann: Any, ingest: Ingest) -> None:
    first = ingest(ann, "same.txt", TEXT.encode())
    again = ann.client.post("/api/v1/documents", files={"file": ("other name.txt", TEXT.encode())}).json()["items"][0]
    assert (again["id"], again["duplicate"], again["title"]) == (first["id"], True, "same")


def test_the_same_bytes_of_another_owner_are_another_document(ann: Any, bob: Any, ingest: Ingest) -> None:
    mine = ingest(ann, "mine.txt", TEXT.encode())
    response = bob.client.post("/api/v1/documents", files={"file": ("his.txt", TEXT.encode())}).json()["items"][0]
    assert (response["duplicate"], response["id"] != mine["id"]) == (False, True)


def test_an_idempotency_key_gives_the_first_outcome_again(ann: Any) -> None:
    def post(text: str) -> httpx.Response:
        files = {"file": ("key.txt", text.encode())}
        answer: httpx.Response = ann.client.post("/api/v1/documents", files=files, headers={"Idempotency-Key": "k1"})
        return answer

    first, second, other = post("One text."), post("One text."), post("Another text.")
    assert first.json()["items"][0]["id"] == second.json()["items"][0]["id"]
    assert second.json()["items"][0]["duplicate"] is False
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_who_may_not_read_finds_nothing_anywhere(ann: Any, bob: Any, ingest: Ingest) -> None:
    document = ingest(ann, "private.txt", b"The vault opens with the word marzipan. " * 3)
    path = f"/api/v1/documents/{document['id']}"
    for suffix in ("", "/content", "/text", "/passages", "/pages/1.png", "/events"):
        assert bob.client.get(path + suffix).status_code == 404, suffix
    assert bob.client.patch(path, json={"title": "x"}).status_code == 404
    assert bob.client.delete(path).status_code == 404
    found = bob.client.post("/api/v1/search", json={"query": "marzipan vault"}).json()["results"]
    assert document["id"] not in {passage["document_id"] for passage in found}
    listed = bob.client.get("/api/v1/documents").json()["items"]
    assert document["id"] not in {item["id"] for item in listed}


def test_a_reader_reads_but_does_not_change(ann: Any, bob: Any, ingest: Ingest) -> None:
    document = ingest(ann, "shared.txt", b"The bakery opens at six. " * 4, readers="user:bob")
    path = f"/api/v1/documents/{document['id']}"
    assert bob.client.get(path).json()["readers"] == ["user:bob"]
    assert bob.client.get(f"{path}/text").text.startswith("The bakery opens at six.")
    assert bob.client.patch(path, json={"readers": ["tenant"]}).status_code == 404
    assert bob.client.delete(path).status_code == 404


def test_a_title_changes_at_once_for_searches(ann: Any, ingest: Ingest) -> None:
    document = ingest(ann, "old.txt", b"The observatory closes in winter. " * 4)
    changed = ann.client.patch(f"/api/v1/documents/{document['id']}", json={"title": "Opening hours"}).json()
    found = ann.client.post("/api/v1/search", json={"query": "observatory winter"}).json()["results"]
    assert changed["title"] == "Opening hours"
    assert found[0]["title"] == "Opening hours"


def test_metadata_comes_back_as_it_was_sent(ann: Any, ingest: Ingest) -> None:
    metadata = {"year": 2023, "number": 1234567890123456789, "share": 0.5, "kind": "report", "final": True}
    document = ingest(ann, "described.txt", b"It is described.", metadata=json.dumps(metadata))
    assert document["metadata"] == metadata
    assert isinstance(document["metadata"]["year"], int)


def test_an_original_goes_out_as_an_attachment_that_cannot_run(ann: Any, ingest: Ingest) -> None:
    page = b"<html><title>x</title><p>Some words for the page.</p><script>alert(1)</script></html>"
    document = ingest(ann, 'we"ird; name\u00e9.html', page)
    response = ann.client.get(f"/api/v1/documents/{document['id']}/content")
    assert response.content == page
    assert ann.client.get(f"/api/v1/documents/{document['id']}/content?version=1").content == page
    assert ann.client.get(f"/api/v1/documents/{document['id']}/content?version=2").status_code == 404
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''we")
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_stream_of_a_document_tells_every_stage_and_resumes(ann: Any, ingest: Ingest) -> None:
    document = ingest(ann, "staged.txt", b"The orchestra rehearses on Tuesday. " * 4)
    events = read_events(ann, document["id"])
    statuses = [event["data"]["status"] for event in events]
    assert list(dict.fromkeys(statuses)) == ["queued", "extracting", "chunking", "embedding", "publishing", "ready"]
    assert read_events(ann, document["id"], after=events[2]["id"]) == events[3:]


def read_events(person: Any, document_id: str, after: str | None = None) -> list[dict[str, Any]]:
    """Up to the event that says that the document is ready."""
    events: list[dict[str, Any]] = []
    headers = {} if after is None else {"Last-Event-ID": after}
    with person.client.stream("GET", f"/api/v1/documents/{document_id}/events", headers=headers) as response:
        event: dict[str, Any] = {}
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            event |= {name: json.loads(value) if name == "data" else value}
            if not line:
                events.append({key: event[key] for key in ("id", "event", "data")})
                if event["data"]["status"] == "ready":
                    return events
                event = {}
    return events
