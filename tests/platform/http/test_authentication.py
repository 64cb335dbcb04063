from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar, get, post, websocket
from litestar.connection import WebSocket
from litestar.di import NamedDependency, Provide
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import TestClient

from footnote.platform.http.principal import provide_principal
from footnote.platform.http.problem import problem_details
from footnote.platform.principal import Principal

SESSION = {"cookie": "footnote_session=good"}
KEY = {"authorization": "Bearer good"}
HOST = "127.0.0.1:8000"


@get("/me", dependencies={"principal": Provide(provide_principal)})
async def read_me(principal: NamedDependency[Principal]) -> str:
    return principal.subject


@post("/notes", status_code=204)
async def write_note() -> None:
    pass


@get(["/", "/assets/style.css", "/health", "/assetsecret"], sync_to_thread=False)
def read_public() -> str:
    return "public"


@websocket("/ws")
async def echo(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture
def client(make_client: Callable[..., Any]) -> Any:
    return make_client(read_me, write_note, read_public, echo, keyed=True)


@pytest.mark.parametrize("proof", [KEY, SESSION])
def test_a_handler_learns_who_is_asking(client: Any, proof: dict[str, str]) -> None:
    assert client.get("/me", headers=proof).text == "mia"


@pytest.mark.parametrize(
    "path", ["/me", "/nowhere", "//me", "/metrics", "/assetsecret", "/assets/../me", "/assets//me"]
)
def test_nothing_else_is_open(client: Any, path: str) -> None:
    response = client.get(f"http://{HOST}{path}")
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/", "/assets/style.css", "/health"])
def test_public_paths_are_open(client: Any, path: str) -> None:
    assert client.get(path).text == "public"


@pytest.mark.parametrize(
    "browser",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"referer": f"http://{HOST}/"},
    ],
)
def test_a_session_changes_nothing_for_a_foreign_page(client: Any, browser: dict[str, str]) -> None:
    assert client.post("/notes", headers={**SESSION, **browser}).status_code == 403


@pytest.mark.parametrize("browser", [{"origin": f"http://{HOST}"}, {"sec-fetch-site": "same-origin"}])
def test_a_session_works_for_our_own_pages(client: Any, browser: dict[str, str]) -> None:
    assert client.post("/notes", headers={**SESSION, **browser}).status_code == 204


def test_a_key_needs_no_page(client: Any) -> None:
    assert client.post("/notes", headers={**KEY, "origin": "https://evil.example"}).status_code == 204


def test_a_wrong_key_is_not_mended_by_a_good_session(client: Any) -> None:
    assert client.get("/me", headers={**SESSION, "authorization": "Bearer bad"}).status_code == 401


def test_a_session_that_is_sent_twice_is_none(client: Any) -> None:
    assert client.get("/me", headers={"cookie": "footnote_session=good; footnote_session=good"}).status_code == 401


def test_a_foreign_page_opens_no_socket_with_a_session(client: Any) -> None:
    headers = {**SESSION, "origin": "https://evil.example"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers=headers):
        pass


def test_an_own_page_opens_a_socket_with_a_session(client: Any) -> None:
    with client.websocket_connect("/ws", headers={**SESSION, "origin": f"http://{HOST}"}) as socket:
        assert socket.receive_text() == "hello"


def test_without_authentication_nobody_is_asking() -> None:
    with TestClient(Litestar([read_me], plugins=[problem_details()])) as client:
        assert client.get("/me").status_code == 401
