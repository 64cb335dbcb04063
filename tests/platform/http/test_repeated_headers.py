"""Sent as raw bytes: a client library would join what is sent twice."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from litestar import get, post


@get("/notes")
async def read_notes() -> str:
    return "notes"


@post("/notes")
async def write_note() -> None:
    pass


async def status_of(port: int, request: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.replace("\n", "\r\n").encode())
    line = await reader.readline()
    writer.close()
    return line.split()[1].decode()


HOST = "host: localhost\n"
CHUNKED = "transfer-encoding: chunked\n"


@pytest.mark.parametrize(
    "headers",
    [
        f"{HOST}host: rebound.example\n",
        f"host: rebound.example\n{HOST}",
        f"{HOST}origin: http://localhost\norigin: https://evil.example\n",
        f"{HOST}sec-fetch-site: same-origin\nsec-fetch-site: cross-site\n",
    ],
)
async def test_the_guard_believes_neither_of_two(make_app: Callable[..., Any], running: Any, headers: str) -> None:
    async with running(make_app(read_notes)) as (_, client):
        assert await status_of(client.base_url.port, f"GET /notes HTTP/1.1\n{headers}\n") == "400"


async def test_two_keys_are_refused(make_app: Callable[..., Any], running: Any) -> None:
    keys = "authorization: Bearer good\nauthorization: Bearer bad\n"
    async with running(make_app(read_notes, keyed=True)) as (_, client):
        assert await status_of(client.base_url.port, f"GET /notes HTTP/1.1\n{HOST}{keys}\n") == "400"


@pytest.mark.parametrize("lengths", ["content-length: 2\ncontent-length: 3\n", f"content-length: 2\n{CHUNKED}"])
async def test_two_lengths_are_refused(make_app: Callable[..., Any], running: Any, lengths: str) -> None:
    request = f"POST /notes HTTP/1.1\n{HOST}content-type: application/json\n{lengths}\n{{}}"
    async with running(make_app(write_note)) as (_, client):
        assert await status_of(client.base_url.port, request) == "400"


async def test_no_host_is_refused(make_app: Callable[..., Any], running: Any) -> None:
    async with running(make_app(read_notes)) as (_, client):
        assert await status_of(client.base_url.port, "GET /notes HTTP/1.0\n\n") == "403"


async def test_two_request_ids_are_none(make_app: Callable[..., Any], running: Any) -> None:
    async with running(make_app(read_notes)) as (_, client):
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(
            b"GET /notes HTTP/1.1\r\nhost: localhost\r\nx-request-id: first-id\r\nx-request-id: second-id\r\n\r\n"
        )
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert b"first-id" not in head
    assert b"second-id" not in head
