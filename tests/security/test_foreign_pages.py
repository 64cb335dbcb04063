"""What a page of another site can make a browser send, byte for byte."""

import asyncio
from typing import Any

import pytest

LOGIN = b'{"api_key":"s3cret"}'
SEARCH = b'{"query":"salaries"}'


async def send(port: int, request: str, body: bytes = b"") -> str:
    """The whole response to a request, whose lines are given without line ends."""
    lines = [line.strip() for line in request.strip().splitlines()]
    lines += [f"content-length: {len(body)}", "connection: close"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join(lines).format(port=port).encode() + b"\r\n\r\n" + body)
    response = await reader.read()
    writer.close()
    return response.decode()


async def sign_in(port: int) -> str:
    request = "POST /api/v1/auth/login HTTP/1.1\nhost: docs.example\ncontent-type: application/json"
    response = await send(port, request, LOGIN)
    return response.split("set-cookie: ")[1].split(";")[0]


async def test_a_name_rebound_to_this_machine_reads_nothing(serving: Any) -> None:
    async with serving() as port:
        request = """GET /api/v1/documents HTTP/1.1
            host: rebound.example:{port}
            origin: http://rebound.example:{port}
            sec-fetch-site: same-origin"""
        response = await send(port, request)
    assert response.startswith("HTTP/1.1 403 ")
    assert "the documents" not in response


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_on_another_site_asks_nothing(serving: Any, content_type: str) -> None:
    request = f"POST /api/v1/search HTTP/1.1\nhost: localhost:{{port}}\norigin: null\ncontent-type: {content_type}"
    async with serving() as port:
        assert (await send(port, request, SEARCH)).startswith("HTTP/1.1 403 ")


async def test_an_old_browser_without_origin_sends_no_json_by_form(serving: Any) -> None:
    request = "POST /api/v1/search HTTP/1.1\nhost: localhost:{port}\ncontent-type: text/plain"
    async with serving() as port:
        assert (await send(port, request, SEARCH)).startswith("HTTP/1.1 415 ")


async def test_an_image_on_another_site_reads_nothing(serving: Any) -> None:
    request = """GET /api/v1/documents HTTP/1.1
        host: 127.0.0.1:{port}
        sec-fetch-site: cross-site
        sec-fetch-mode: no-cors
        sec-fetch-dest: image"""
    async with serving() as port:
        assert (await send(port, request)).startswith("HTTP/1.1 403 ")


async def test_a_tunnel_to_this_machine_is_closed(serving: Any) -> None:
    request = """GET /api/v1/documents HTTP/1.1
        host: localhost:{port}
        x-forwarded-for: 203.0.113.9
        x-forwarded-proto: https"""
    async with serving() as port:
        assert (await send(port, request)).startswith("HTTP/1.1 403 ")


async def test_no_page_signs_a_visitor_in_unasked(serving: Any) -> None:
    request = (
        "POST /api/v1/auth/login HTTP/1.1\nhost: docs.example\norigin: https://evil.example\ncontent-type: text/plain"
    )
    async with serving("mia:s3cret") as port:
        response = await send(port, request, LOGIN)
    assert response.startswith("HTTP/1.1 415 ")
    assert "set-cookie" not in response


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://docs.example.evil.example"])
async def test_a_session_asks_nothing_for_another_site(serving: Any, origin: str) -> None:
    async with serving("mia:s3cret") as port:
        cookie = await sign_in(port)
        request = f"""POST /api/v1/search HTTP/1.1
            host: docs.example
            origin: {origin}
            cookie: {cookie}
            content-type: application/json"""
        assert (await send(port, request, SEARCH)).startswith("HTTP/1.1 403 ")


async def test_a_session_asks_for_our_own_page(serving: Any) -> None:
    async with serving("mia:s3cret") as port:
        cookie = await sign_in(port)
        request = f"""POST /api/v1/search HTTP/1.1
            host: docs.example
            origin: https://docs.example
            cookie: {cookie}
            content-type: application/json"""
        assert "what mia finds" in await send(port, request, SEARCH)


async def test_a_session_of_another_server_opens_nothing(serving: Any) -> None:
    async with serving("mia:s3cret") as port, serving("mia:different") as other:
        cookie = await sign_in(port)
        request = f"GET /api/v1/documents HTTP/1.1\nhost: docs.example\ncookie: {cookie}"
        assert (await send(other, request)).startswith("HTTP/1.1 401 ")
