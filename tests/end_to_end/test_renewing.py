"""Stopping, retrying and renewing documents over HTTP, and their progress over a WebSocket."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

Ingest = Callable[..., dict[str, Any]]


def status_of(server: Any, document_id: str) -> dict[str, Any]:
    document: dict[str, Any] = server.client.get(f"/api/v1/documents/{document_id}").json()
    return document


def settled(server: Any, document_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while (document := status_of(server, document_id))["status"] not in ("ready", "failed", "cancelled"):
        assert time.monotonic() < deadline, document
        time.sleep(0.05)
    return document


def upload(server: Any, name: str, content: bytes, **fields: Any) -> httpx.Response:
    response: httpx.Response = server.client.post("/api/v1/documents", files={"file": (name, content)}, data=fields)
    return response


def test_new_bytes_become_a_new_version_and_the_old_one_stays_readable(server: Any, ingest: Ingest) -> None:
    document = ingest(server, "renewed.txt", b"The lamp of 1901 burned oil.")
    path = f"/api/v1/documents/{document['id']}"
    assert server.client.put(f"{path}/content", content=b"The lamp of 1931 is electric.").status_code == 202
    assert settled(server, document["id"])["version"] == 2
    assert server.client.get(f"{path}/text").text == "The lamp of 1931 is electric."
    assert server.client.get(f"{path}/text?version=1").text == "The lamp of 1901 burned oil."
    assert server.client.get(f"{path}/content?version=1").content == b"The lamp of 1901 burned oil."
    assert server.client.delete(path).json()["deleted"]["blobs"] == 4


def test_the_same_bytes_again_are_no_new_version(server: Any, ingest: Ingest) -> None:
    document = ingest(server, "unchanged.txt", b"The same words.")
    response = server.client.put(f"/api/v1/documents/{document['id']}/content", content=b"The same words.")
    assert (response.status_code, response.json()["status"], response.json()["version"]) == (202, "ready", 1)


def test_bytes_of_another_document_are_a_conflict(server: Any, ingest: Ingest) -> None:
    ingest(server, "one.txt", b"Bytes of the one.")
    other = ingest(server, "other.txt", b"Bytes of the other.")
    response = server.client.put(f"/api/v1/documents/{other['id']}/content", content=b"Bytes of the one.")
    assert (response.status_code, response.json()["type"]) == (409, "/problems/duplicate-document")


def test_what_failed_keeps_its_original_and_can_be_tried_again(server: Any) -> None:
    broken = b"%PDF-1.4 broken beyond repair"
    document = upload(server, "broken.pdf", broken).json()["items"][0]
    assert settled(server, document["id"])["status"] == "failed"
    path = f"/api/v1/documents/{document['id']}"
    assert server.client.get(f"{path}/content").content == broken
    again = server.client.post(f"{path}/retry")
    assert (again.status_code, again.json()["status"], again.json()["error"]) == (202, "queued", None)
    assert settled(server, document["id"])["error"]["title"] == "Damaged file"


def test_a_ready_document_has_nothing_to_retry_or_cancel(server: Any, ingest: Ingest) -> None:
    document = ingest(server, "ready.txt", b"Nothing more to do here.")
    for action in ("retry", "cancel"):
        assert server.client.post(f"/api/v1/documents/{document['id']}/{action}").status_code == 409


def test_while_paused_documents_wait_and_can_be_cancelled(start_server: Any) -> None:
    server = start_server()
    assert server.client.post("/api/v1/documents:pause").json() == {"is_paused": True}
    document = upload(server, "waiting.txt", b"Patience.").json()["items"][0]
    time.sleep(1)
    assert status_of(server, document["id"])["status"] == "queued"
    assert server.client.post(f"/api/v1/documents/{document['id']}/cancel").json()["status"] == "cancelled"
    server.client.post(f"/api/v1/documents/{document['id']}/retry")
    assert server.client.post("/api/v1/documents:resume").json() == {"is_paused": False}
    assert settled(server, document["id"])["status"] == "ready"


def test_a_tenant_may_have_so_many_documents(start_server: Any) -> None:
    server = start_server(tenant_max_documents=1, tenant_max_waiting=5)
    assert upload(server, "a.txt", b"One.").status_code == 202
    refused = upload(server, "b.txt", b"Two.")
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/quota-reached")


def test_a_tenant_may_have_so_many_documents_under_way(start_server: Any) -> None:
    server = start_server(tenant_max_waiting=1)
    server.client.post("/api/v1/documents:pause")
    assert upload(server, "a.txt", b"One.").status_code == 202
    refused = upload(server, "b.txt", b"Two.")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize("chunking", ["structure", "fixed", "sentence", "semantic", "parent", "table"])
def test_every_chunking_can_be_chosen_for_an_upload(server: Any, ingest: Ingest, chunking: str) -> None:
    words = f"Chosen: {chunking}. The keeper lights the lamp. The sea is calm. ".encode() * 20
    document = ingest(server, f"{chunking}.txt", words, chunking=chunking)
    assert (document["chunking"], document["chunks"] > 0) == (chunking, True)


def test_an_unknown_chunking_is_a_problem_that_names_the_known_ones(server: Any) -> None:
    refused = upload(server, "a.txt", b"Words to cut.", chunking="guillotine")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-chunking")
    assert "structure" in refused.json()["detail"]


def test_the_files_in_an_archive_become_documents_that_go_with_it(server: Any, ingest: Ingest) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes/first.txt", "The archive's first file is about herons.")
        archive.writestr("../../escape.txt", "The second is about egrets.")
    folder = ingest(server, "folder.zip", packed.getvalue())
    children = server.client.get("/api/v1/documents", params={"parent_id": folder["id"]}).json()["items"]
    assert {settled(server, child["id"])["status"] for child in children} == {"ready"}
    assert {child["filename"] for child in children} == {"first.txt", "escape.txt"}
    assert server.client.delete(f"/api/v1/documents/{folder['id']}").json()["deleted"]["attachments"] == 2
    assert [server.client.get(f"/api/v1/documents/{child['id']}").status_code for child in children] == [404, 404]


def test_a_web_socket_tells_of_every_change(server: Any, ingest: Ingest) -> None:
    with connect(f"{server.url.replace('http', 'ws')}/api/v1/ws/documents") as socket:
        document = ingest(server, "socket.txt", b"Told over a socket.")
        seen = []
        while not seen or seen[-1] != "ready":
            event = json.loads(socket.recv(timeout=30))
            if event["data"]["id"] == document["id"]:
                seen.append(event["data"]["status"])
    assert seen[0] == "queued"


def test_a_web_socket_of_a_foreign_page_is_refused(server: Any) -> None:
    address = f"{server.url.replace('http', 'ws')}/api/v1/ws/documents"
    with pytest.raises(Exception, match="403"), connect(address, origin="https://evil.example"):
        pass
