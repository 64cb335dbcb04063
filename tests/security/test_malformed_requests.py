"""Bytes that no browser sends."""

import asyncio
from typing import Any

import pytest

MEBIBYTE = 1 << 20
SEARCH = "POST /api/v1/search HTTP/1.1"
READ = "GET /api/v1/documents HTTP/1.1"
JSON = "content-type: application/json"
CHUNKED = "transfer-encoding: chunked"


def head(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (*lines, "host: localhost", "")).encode()


async def exchange(port: int, *sent: bytes) -> bytes:
    """All that the server answers before it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(sent))
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "ambiguous",
    [
        head(SEARCH, "content-length: 0", CHUNKED) + b"0\r\n\r\n",
        head(SEARCH, "content-length: 6", "content-length: 0"),
        head(SEARCH, "content-length: +6"),
        head(SEARCH, "transfer-encoding: xchunked"),
        head(READ, "x-name : before the colon"),
        head(READ, "x-name: with a \x00"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",  # the beginning of TLS
    ],
)
async def test_an_ambiguous_request_hides_no_second_one(serving: Any, ambiguous: bytes) -> None:
    async with serving() as port:
        answer = await exchange(port, ambiguous, head(READ))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"the documents of" not in answer


@pytest.mark.parametrize(
    "path", ["/%0d%0aset-cookie:%20a=b", "/%00", "/%ff%fe", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e", "/" + "a" * 9999]
)
async def test_a_strange_path_is_only_not_found(serving: Any, path: str) -> None:
    async with serving() as port:
        answer = await exchange(port, head(f"GET {path} HTTP/1.1", "connection: close"))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"\r\nset-cookie" not in answer


@pytest.mark.parametrize(
    "path",
    ["/assets/../api/v1/documents", "/assets/%2e%2e/api/v1/documents", "//api/v1/documents", "/API/v1/documents"],
)
async def test_no_spelling_of_a_path_goes_around_the_key(serving: Any, path: str) -> None:
    async with serving("mia:s3cret") as port:
        answer = await exchange(port, head(f"GET {path} HTTP/1.1", "connection: close"))
    assert answer.startswith(b"HTTP/1.1 401 ")


async def test_a_name_for_the_request_is_not_echoed_if_it_is_more(serving: Any) -> None:
    async with serving() as port:
        answer = await exchange(port, head(READ, "x-request-id: <script>alert(1)</script>", "connection: close"))
    assert b"<script>" not in answer


async def test_300_megabytes_in_chunks_are_refused_after_the_first(serving: Any) -> None:
    chunk = b"10000\r\n" + bytes(65_536) + b"\r\n"
    sent = 0
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(SEARCH, JSON, CHUNKED))
        answer = asyncio.create_task(reader.readline())
        while not answer.done() and sent < 300 * MEBIBYTE:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)
            sent += len(chunk)
        assert (await answer).startswith(b"HTTP/1.1 413 ")
        writer.close()
    assert sent < 30 * MEBIBYTE


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 100_000, b'{"query": "\xff"}', b'{"query": 7}', bytes(100)], ids=lambda body: str(body[:12])
)
async def test_no_body_brings_the_server_down(serving: Any, body: bytes) -> None:
    async with serving() as port:
        answer = await exchange(port, head(SEARCH, JSON, f"content-length: {len(body)}", "connection: close"), body)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"application/problem+json" in answer
        assert (await exchange(port, head(READ, "connection: close"))).startswith(b"HTTP/1.1 200 ")
