"""Guards of what comes in, as the product serves them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from support.clamd import EICAR, clamd, scanner
from support.web import response, web


@pytest.fixture
async def guarded(start_server: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """A server with a virus scanner that may fetch from a host that is this machine."""
    async with web(a=response(b"secret")) as site, clamd(scanner()) as address:
        server = start_server(
            fetch_hosts=f"localhost:{site.port}", fetch_schemes="http", virus_scanner=address, max_upload_bytes="1 MB"
        )
        async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", timeout=60) as client:
            yield client, site


async def test_neither_this_machine_nor_a_virus_comes_in(guarded: tuple[httpx.AsyncClient, Any]) -> None:
    client, site = guarded
    fetched = await client.post("/documents:fetch", json={"url": site.url("/a", "localhost")})
    assert (fetched.status_code, fetched.json()["type"], site.requests) == (422, "/problems/address-refused", [])
    elsewhere = await client.post("/documents:fetch", json={"url": "http://169.254.169.254/latest/meta-data/"})
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (422, "/problems/host-not-allowed")
    infected = await client.post("/documents", files={"file": ("a.txt", b"Words. " + EICAR)})
    assert (infected.status_code, infected.json()["signature"]) == (422, "Eicar-Test-Signature")
    clean = await client.post("/documents", files={"file": ("b.txt", b"Words.")})
    assert (clean.status_code, len((await client.get("/documents")).json()["items"])) == (202, 1)


def test_nothing_is_fetched_where_no_host_is_set(server: Any) -> None:
    answer = server.client.post("/api/v1/documents:fetch", json={"url": "https://docs.example/a"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/fetching-is-off")
