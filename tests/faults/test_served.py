"""The product as a process, at work while its link to MongoDB fails: no 500, nothing lost, nothing twice."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from support.contents import MongoContents
from support.fault_proxy import Swallow, ThreadedProxy
from support.faulty_link import FAULTS, Callers, calling, endure
from support.mongo_server import mongo_uri
from support.places import mongo_place
from support.soak_files import small_files

QUICK = {"mongodb_selection_seconds": 1, "mongodb_operation_seconds": 2, "job_lease_seconds": 3}
FILES = {fault: small_files(6, seed) for seed, fault in enumerate(FAULTS)}
FAULT_SECONDS = 1.5

Start = Callable[..., Any]


@pytest.fixture(scope="module")
def contents() -> Iterator[MongoContents]:
    with mongo_place() as uri, closing(MongoContents(uri)) as contents:
        yield contents


@pytest.fixture(scope="module")
def link() -> Iterator[ThreadedProxy]:
    with ThreadedProxy(mongo_uri()) as link:
        yield link


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, server_class: Start, link: ThreadedProxy, contents: MongoContents
) -> Iterator[Any]:
    server = server_class(tmp_path_factory.mktemp("served"), store=link.proxy.uri(contents.name), **QUICK)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, server_class: Start) -> Iterator[Counter[Any]]:
    """What an undisturbed run of all files publishes."""
    with mongo_place() as uri, closing(MongoContents(uri)) as contents:
        server = server_class(tmp_path_factory.mktemp("calm"), store=uri)
        server.start()
        for files in FILES.values():
            with calling(server.url, files, kinds=()) as callers:
                wait_until_settled(callers, contents)
        yield contents.published()
        server.stop()


def wait_until_settled(callers: Callers, contents: MongoContents) -> None:
    while callers.left or not contents.is_settled():
        time.sleep(0.1)


def of(files: dict[str, bytes], published: Counter[Any]) -> Counter[Any]:
    hashes = {hashlib.sha256(content).hexdigest() for content in files.values()}
    return Counter({chunk: number for chunk, number in published.items() if chunk[0] in hashes})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_it_takes_in_and_answers_changes_nothing_in_the_end(
    served: Any, link: ThreadedProxy, contents: MongoContents, expected: Counter[Any], fault: str
) -> None:
    with calling(served.url, FILES[fault]) as callers:
        while len(callers.left) > 4:
            time.sleep(0.01)
        endure(link, FAULTS[fault], callers, FAULT_SECONDS)
        wait_until_settled(callers, contents)
    assert callers.calls.wrong == []
    assert of(FILES[fault], contents.published()) == of(FILES[fault], expected)
    assert not any(contents.left_over().values()), contents.left_over()


def test_ready_says_which_dependency_fails(served: Any, link: ThreadedProxy) -> None:
    link.refuse()
    while (response := served.client.get("/ready")).status_code == 200:
        time.sleep(0.05)
    assert served.client.get("/health").status_code == 200
    link.listen()
    assert (response.status_code, response.json()["dependencies"]["disk"]) == (503, "ok")
    assert response.json()["dependencies"]["store"] != "ok"
    assert response.headers["retry-after"]


def test_a_stop_ends_although_the_store_is_silent(tmp_path: Path, server_class: Start) -> None:
    with mongo_place() as place, ThreadedProxy(place) as link:
        server = server_class(tmp_path, store=link.proxy.uri(urlsplit(place).path[1:]), shutdown_seconds=1, **QUICK)
        server.start()
        link.add(Swallow(), on="requests")
        with pytest.raises(httpx.ReadTimeout):
            server.client.patch("/api/v1/documents/any", json={"title": "Anew"}, timeout=0.5)
        assert server.stop() == 0


@pytest.mark.parametrize("path", ["documents/events", "documents/{id}/events"])
def test_a_stream_of_events_goes_on_after_a_fault_or_ends_in_order(served: Any, link: ThreadedProxy, path: str) -> None:
    response = served.client.post("/api/v1/documents", files={"file": ("told.txt", path.encode())})
    document = response.json()["items"][0]
    with httpx.stream("GET", f"{served.url}/api/v1/{path.format(id=document['id'])}", timeout=30) as stream:
        assert stream.status_code == 200
        link.cut_all()
        link.refuse()
        time.sleep(FAULT_SECONDS)
        link.listen()
        while not served.client.patch(f"/api/v1/documents/{document['id']}", json={"title": "Anew"}).is_success:
            time.sleep(0.1)
        for line in stream.iter_lines():
            if "Anew" in line or line == "event: error":
                break
