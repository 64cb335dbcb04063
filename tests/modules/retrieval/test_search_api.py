"""Search over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from footnote.modules.retrieval.api import router
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.http.problem import problem_details
from footnote.platform.inference import Embedder
from footnote.platform.principal import Principal

Store = Any
ANN = Principal(tenant="acme", subject="ann")


@pytest.fixture
async def client(store: Store, embedder: Embedder) -> AsyncIterator[AsyncTestClient[Litestar]]:
    await store.add("d1", "aardvark", "abacus", title="Animals")
    await store.add("d2", "aardvark", owner="eve")
    service = RetrievalService(store.index, embedder)
    app = Litestar(
        [router],
        dependencies={
            "retrieval": Provide(lambda: service, sync_to_thread=False),
            "principal": Provide(lambda: ANN, sync_to_thread=False),
        },
        plugins=[problem_details()],
        logging_config=None,
    )
    async with AsyncTestClient(app) as client:
        yield client


async def test_search_answers_passages(client: AsyncTestClient[Litestar]) -> None:
    response = await client.post("/api/v1/search", json={"query": "aardvark"})
    answer = response.json()
    assert (response.status_code, set(answer)) == (200, {"results", "trace_id", "timings_ms"})
    first = answer["results"][0]
    assert (first["document_id"], first["title"], first["text"], first["start"], first["end"]) == (
        "d1", "Animals", "aardvark", 0, 8,
    )  # fmt: skip
    assert {"pages", "boxes", "heading_path", "id", "version", "score"} < set(first)
    assert (set(first["scores"]), set(first["ranks"])) == ({"dense", "lexical", "fused"},) * 2


async def test_options_are_passed_on(client: AsyncTestClient[Litestar]) -> None:
    options = {"query": "aardvark", "mode": "lexical", "top_k": 1, "filters": {"language": "en"}, "explain": True}
    answer = (await client.post("/api/v1/search", json=options)).json()
    assert [set(passage["scores"]) for passage in answer["results"]] == [{"lexical"}]
    assert answer["explanation"]["found"] == {"lexical": 1}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "query"),
        ({"query": "x", "ranker": True}, 400, "ranker"),
        ({"query": "x", "rerank": "yes"}, 400, "rerank"),
        ({"query": "x", "mode": "magic"}, 400, "mode"),
        ({"query": "x" * 100_000}, 422, "at most 10000"),
        ({"query": "x", "top_k": 0}, 422, "from 1 to 1000"),
        ({"query": "x", "filters": {"title": "y"}}, 422, "$.title"),
        ({"query": "x", "filters": ["y"]}, 400, "filters"),
    ],
)
async def test_a_bad_request_is_a_problem_that_says_why(
    client: AsyncTestClient[Litestar], body: dict[str, Any], status: int, said: str
) -> None:
    response = await client.post("/api/v1/search", json=body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert said in response.text


async def test_passages_of_a_document_are_listed(client: AsyncTestClient[Litestar]) -> None:
    answer = (await client.get("/api/v1/documents/d1/passages")).json()
    assert [passage["text"] for passage in answer["items"]] == ["aardvark", "abacus"]
    assert answer["next_cursor"] is None


@pytest.mark.parametrize("document_id", ["d2", "nowhere"])
async def test_what_one_may_not_read_does_not_exist(client: AsyncTestClient[Litestar], document_id: str) -> None:
    response = await client.get(f"/api/v1/documents/{document_id}/passages")
    assert response.status_code == 404
    assert response.json()["document_id"] == document_id
