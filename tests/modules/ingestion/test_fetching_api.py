"""Documents fetched over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide
from support.web import Web, redirect, response, web

from footnote.modules.ingestion.fetching_api import router
from footnote.platform.http.problem import problem_details
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")


@asynccontextmanager
async def serving(ingestion: Any, **pages: bytes) -> AsyncIterator[tuple[Web, httpx.AsyncClient]]:
    async with web(**pages) as site:
        fetcher = site.fetcher()
        app = Litestar(
            [router],
            dependencies={
                "ingestion": Provide(lambda: ingestion.service, sync_to_thread=False),
                "fetcher": Provide(lambda: fetcher, sync_to_thread=False),
                "principal": Provide(lambda: ANN, sync_to_thread=False),
            },
            plugins=[problem_details()],
            logging_config=None,
        )
        # The framework's own client serves in another thread, and keeps the host in this one from answering.
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://footnote") as client:
            yield site, client


async def fetch(client: httpx.AsyncClient, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/api/v1/documents:fetch", json=body)
    return answer.status_code, answer.json()


async def test_a_fetched_file_is_a_document(ingestion: Any) -> None:
    async with serving(ingestion, a=response(b"Words.", "Content-Disposition: attachment; filename=b.txt")) as (
        site,
        client,
    ):
        status, answer = await fetch(client, url=site.url("/a"), title="Whales", metadata={"year": 2024}, priority=3)
        again = await fetch(client, url=site.url("/a"))
    document = answer["items"][0]
    assert (status, document["filename"], document["title"], document["metadata"]) == (
        202,
        "b.txt",
        "Whales",
        {"year": 2024},
    )
    assert (document["priority"], document["duplicate"], again[1]["items"][0]["duplicate"]) == (3, False, True)
    assert await ingestion.blobs.read("acme", document["sha256"]) == b"Words."


@pytest.mark.parametrize(
    ("page", "status", "kind"),
    [
        (redirect("http://127.0.0.1/"), 422, "/problems/host-not-allowed"),
        (response(b"", status="404 Not Found"), 502, "/problems/fetch-answered"),
        (response(bytes(20_000)), 413, "/problems/upload-too-large"),
        (response(bytes(200_000)), 413, "/problems/upload-too-large"),
        (response(b"words")[:-2], 502, "/problems/fetch-failed"),
        (response(b"\x00\x01\x02"), 415, "/problems/unsupported-document"),
    ],
)
async def test_what_cannot_be_had_is_a_problem_and_leaves_nothing(
    ingestion: Any, page: bytes, status: int, kind: str
) -> None:
    async with serving(ingestion, a=page) as (site, client):
        code, problem = await fetch(client, url=site.url("/a"))
    assert (code, problem["status"], problem["type"]) == (status, status, kind)
    assert (await ingestion.rows("document"), await ingestion.rows("blob")) == (0, 0)


@pytest.mark.parametrize("body", [{}, {"url": 1}, {"url": "https://docs.example", "headers": {}}])
async def test_a_request_for_anything_else_is_a_problem(ingestion: Any, body: dict[str, Any]) -> None:
    async with serving(ingestion) as (_, client):
        assert (await fetch(client, **body))[0] == 400
