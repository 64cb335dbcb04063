"""The product with a provider's models instead of its own, against a server that speaks their wire format."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.model_server import ModelServer
from support.wire import Reply

TEXTS = {
    "bees": "Bees dance to tell each other where the flowers are.",
    "boats": "A boat with two hulls is called a catamaran.",
    "bread": "Sourdough rises slowly, for its yeast is wild.",
}
KEY = "key-that-nobody-may-see"


@pytest.fixture
def provider() -> Iterator[ModelServer]:
    with ModelServer().serving() as provider:
        yield provider


@pytest.fixture
def start(provider: ModelServer, start_server: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **settings: start_server(
        voyage_api_key=KEY, voyage_base_url=f"{provider.url}/voyage", model_attempts=1, **settings
    )


def take_in(server: Any, name: str) -> dict[str, Any]:
    files = {"file": (f"{name}.txt", TEXTS[name].encode())}
    item = server.client.post("/api/v1/documents", files=files).json()["items"][0]
    while True:
        document = server.client.get(f"/api/v1/documents/{item['id']}").json()
        if document["status"] in {"ready", "failed"} or document["error"]:
            return dict(document)
        time.sleep(0.05)


def search(server: Any, **query: Any) -> dict[str, Any]:
    asked = {"query": "where are the flowers", "mode": "dense", "explain": True, **query}
    return dict(server.client.post("/api/v1/search", json=asked).json())


def test_another_dimension_is_another_model_that_searches_go_over_to(start: Callable[..., Any]) -> None:
    server = start(embedding_model="voyage:voyage-4")
    for name in TEXTS:
        assert take_in(server, name)["status"] == "ready"
    assert search(server)["explanation"]["embedding"] == "voyage:voyage-4/1024"
    server.stop()
    server = start(embedding_model="voyage:voyage-4", embedding_dimension=256)
    while (found := search(server))["explanation"]["embedding"] != "voyage:voyage-4/256":
        assert len(found["results"]) == len(TEXTS)
        time.sleep(0.05)
    assert found["results"][0]["title"] == "bees"


def test_a_reranker_has_the_last_word_and_its_silence_is_told(start: Callable[..., Any], provider: ModelServer) -> None:
    server = start(reranker="voyage:rerank-2.5", rerank_deadline_seconds=30)
    for name in TEXTS:
        take_in(server, name)
    found = search(server, query="wild yeast")
    assert found["results"][0]["scores"]["rerank"] == 1
    assert found["explanation"]["reranker"] == "voyage:rerank-2.5"
    provider.replies = [Reply({"detail": "No."}, 401)]
    found = search(server, query="slow yeast")
    assert len(found["results"]) == len(TEXTS)
    assert "voyage:rerank-2.5" in found["notes"][0]


def test_a_document_waits_while_the_key_is_refused_and_nothing_shows_it(
    start: Callable[..., Any], provider: ModelServer
) -> None:
    server = start(embedding_model="voyage:voyage-4")
    provider.replies = [Reply({"detail": f"Wrong key {KEY}"}, 401) for _ in range(50)]
    document = take_in(server, "bees")
    assert document["status"] == "queued"
    assert "FOOTNOTE_VOYAGE_API_KEY" in document["error"]["detail"]
    response = server.client.post("/api/v1/search", json={"query": "flowers", "mode": "dense"})
    assert (response.status_code, response.json()["type"]) == (503, "/problems/model-refused")
    assert KEY not in response.text + str(document) + server.log
