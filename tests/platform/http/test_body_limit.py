import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from litestar import Request, post, put
from loguru import logger

MEBIBYTE = 1 << 20
JSON = {"content-type": "application/json"}
BYTES = {"content-type": "application/octet-stream"}


@post("/upload")
async def upload(request: Request[Any, Any, Any]) -> int:
    return sum([len(piece) async for piece in request.stream()])


@post("/notes", status_code=200)
async def write_note(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


@put("/upload", status_code=200)
async def replace(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


@pytest.fixture
def app(make_app: Callable[..., Any]) -> Any:
    return make_app(upload, write_note, replace, max_body_bytes=100, max_upload_bytes=2 * MEBIBYTE)


class Upload:
    """A body of unknown length, which counts how much of it was taken."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.sent < self.size:
            self.sent += 65_536
            yield bytes(65_536)
            await asyncio.sleep(0)


@pytest.mark.parametrize(("size", "status"), [(100, 200), (101, 413)])
async def test_the_limit_is_the_last_size_that_passes(app: Any, running: Any, size: int, status: int) -> None:
    async with running(app) as (_, client):
        assert (await client.post("/notes", content=b"a" * size, headers=JSON)).status_code == status


async def test_an_upload_has_a_limit_of_its_own(app: Any, running: Any) -> None:
    async with running(app) as (_, client):
        response = await client.post("/upload", content=bytes(MEBIBYTE), headers=BYTES)
        assert (response.status_code, response.text) == (201, str(MEBIBYTE))


async def test_room_for_the_rest_of_a_form_is_not_told_of(make_app: Callable[..., Any], running: Any) -> None:
    app = make_app(upload, max_upload_bytes=100, form_bytes=50)
    async with running(app) as (_, client):
        assert (await client.post("/upload", content=bytes(150), headers=BYTES)).status_code == 201
        refused = await client.post("/upload", content=bytes(151), headers=BYTES)
        assert (refused.status_code, refused.json()["max_bytes"]) == (413, 100)


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/pdf", "application/json"])
async def test_no_stated_type_raises_the_limit(app: Any, running: Any, content_type: str) -> None:
    async with running(app) as (_, client):
        response = await client.post("/notes", content=bytes(101), headers={"content-type": content_type})
        assert response.status_code == 413


@pytest.mark.parametrize(("method", "path"), [("PUT", "/upload"), ("POST", "//upload"), ("POST", "/upload/")])
async def test_only_the_upload_itself_may_be_large(app: Any, running: Any, method: str, path: str) -> None:
    async with running(app) as (_, client):
        response = await client.request(method, str(client.base_url) + path, content=bytes(101), headers=BYTES)
        assert response.status_code == 413


async def test_a_stated_length_is_refused_before_a_byte_is_read(app: Any, running: Any) -> None:
    async with running(app) as (_, client):
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(
            b"POST /upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: a/b\r\ncontent-length: 314572800\r\n\r\n"
        )
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in head


async def test_an_upload_without_a_length_is_cut_and_not_kept(app: Any, running: Any) -> None:
    body = Upload(40 * MEBIBYTE)
    async with running(app) as (_, client):
        tracemalloc.start()
        response = await client.post("/upload", content=body.__aiter__(), headers=BYTES)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (response.status_code, response.json()["max_bytes"]) == (413, 2 * MEBIBYTE)
    assert peak < 10 * MEBIBYTE


async def test_the_server_still_serves_after_a_refusal(app: Any, running: Any) -> None:
    async with running(app) as (_, client):
        await client.post("/upload", content=Upload(8 * MEBIBYTE).__aiter__(), headers=BYTES)
        assert (await client.post("/notes", content=b"{}", headers=JSON)).status_code == 200


async def test_whoever_leaves_in_the_middle_breaks_nothing(app: Any, running: Any) -> None:
    complaints: list[str] = []
    sink = logger.add(complaints.append, level="WARNING")
    async with running(app) as (_, client):
        _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(b"POST /upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: a/b\r\ncontent-length: 99\r\n\r\nabc")
        await writer.drain()
        writer.close()
        assert (await client.post("/notes", content=b"{}", headers=JSON)).status_code == 200
    logger.remove(sink)
    assert complaints == []


@pytest.mark.parametrize("stated", ["-1", "1e3", "0x10", "", " ", "9" * 19])
def test_a_length_that_is_no_number_is_refused(make_client: Callable[..., Any], stated: str) -> None:
    response = make_client(write_note).post("/notes", content=b"{}", headers={**JSON, "content-length": stated})
    assert response.status_code == 400
