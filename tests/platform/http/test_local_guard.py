from collections.abc import Callable
from typing import Any

import pytest
from litestar import get, post, websocket
from litestar.connection import WebSocket
from litestar.exceptions import WebSocketDisconnect


@get("/notes")
async def read_notes() -> str:
    return "notes"


@post("/notes", status_code=204)
async def write_note() -> None:
    pass


@websocket("/ws")
async def echo(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.close()


@pytest.fixture
def client(make_client: Callable[..., Any]) -> Any:
    return make_client(read_notes, write_note, echo)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_names_of_this_machine_are_answered(client: Any, host: str) -> None:
    assert client.get("/notes", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",  # DNS that has been pointed at 127.0.0.1
        "rebound.example:8000",
        "localhost.evil.example",
        "localhost.",
        "127.0.0.1.nip.io",
        "evil@localhost",
        "localhost:8000:80",
        "localhost:port",
        "0.0.0.0",
        "2130706433",
        "",
    ],
)
def test_a_rebound_name_is_refused(client: Any, host: str) -> None:
    assert client.get("/notes", headers={"host": host}).status_code == 403


def test_the_bound_address_is_answered(make_client: Callable[..., Any]) -> None:
    client = make_client(read_notes, bound_host="127.0.0.53")
    assert client.get("/notes", headers={"host": "127.0.0.53:8000"}).status_code == 200


@pytest.mark.parametrize(
    "browser",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},  # a sandboxed frame, a data: page
        {"origin": ""},
        {"origin": "http://127.0.0.1"},  # another server of this machine
        {"origin": "http://127.0.0.1:8001"},
        {"origin": "http://localhost:8000"},
        {"origin": "http://127.0.0.1:8000@evil.example"},
        {"origin": "file://127.0.0.1:8000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "same-origin, cross-site"},
        {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_page_is_refused(client: Any, method: str, browser: dict[str, str]) -> None:
    assert client.request(method, "/notes", headers=browser).status_code == 403


@pytest.mark.parametrize(
    "browser",
    [
        {},
        {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},  # typed into the address bar
    ],
)
def test_our_own_pages_and_programs_are_answered(client: Any, browser: dict[str, str]) -> None:
    assert client.post("/notes", headers=browser).status_code == 204


def test_a_page_of_the_settings_is_answered(make_client: Callable[..., Any]) -> None:
    client = make_client(read_notes, origins=["https://wiki.example.org"])
    browser = {"origin": "https://wiki.example.org", "sec-fetch-site": "cross-site"}
    assert client.get("/notes", headers=browser).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via", "CF-Connecting-IP", "X-Original-URL"],
)
def test_what_a_proxy_forwards_is_refused(client: Any, header: str) -> None:
    response = client.get("/notes", headers={header: "127.0.0.1"})
    assert (response.status_code, response.json()["headers"]) == (403, [header.lower()])


def test_a_foreign_page_opens_no_socket(client: Any) -> None:
    headers = {"origin": "https://evil.example"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers=headers):
        pass


def test_unknown_paths_are_guarded_too(client: Any) -> None:
    assert client.get("/nowhere", headers={"host": "rebound.example"}).status_code == 403


def test_with_keys_any_host_may_be_named(make_client: Callable[..., Any]) -> None:
    client = make_client(read_notes, keyed=True)
    headers = {"host": "docs.example.org", "x-forwarded-for": "192.0.2.1", "authorization": "Bearer good"}
    assert client.get("/notes", headers=headers).status_code == 200
