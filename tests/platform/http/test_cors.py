from collections.abc import Callable
from typing import Any

import pytest
from litestar import get

from footnote.platform.http.cors import Cors

FRIEND = "https://wiki.example.org"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}


@get("/note")
async def read_note() -> str:
    return "note"


@pytest.mark.parametrize("is_keyed", [True, False])
def test_a_page_of_the_settings_may_ask_beforehand(make_client: Callable[..., Any], is_keyed: bool) -> None:
    client = make_client(read_note, keyed=is_keyed, origins=[FRIEND])
    response = client.options("/note", headers={"origin": FRIEND, "sec-fetch-site": "cross-site", **PREFLIGHT})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, FRIEND)
    assert "Authorization" in response.headers["access-control-allow-headers"]


def test_a_page_of_the_settings_may_read(make_client: Callable[..., Any]) -> None:
    client = make_client(read_note, keyed=True, origins=[FRIEND])
    response = client.get("/note", headers={"origin": FRIEND, "authorization": "Bearer good"})
    assert (response.text, response.headers["access-control-allow-origin"]) == ("note", FRIEND)
    assert response.headers["vary"] == "Origin"


def test_a_page_of_the_settings_may_read_refusals(make_client: Callable[..., Any]) -> None:
    response = make_client(read_note, keyed=True, origins=[FRIEND]).get("/note", headers={"origin": FRIEND})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (401, FRIEND)


def test_the_session_is_never_shared_with_another_origin(make_client: Callable[..., Any]) -> None:
    response = make_client(read_note, keyed=True, origins=[FRIEND]).get("/note", headers={"origin": FRIEND})
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{FRIEND}.evil.example", "http://wiki.example.org", "null"]
)
def test_no_other_page_may_read(make_client: Callable[..., Any], origin: str) -> None:
    client = make_client(read_note, keyed=True, origins=[FRIEND])
    response = client.options("/note", headers={"origin": origin, **PREFLIGHT})
    assert "access-control-allow-origin" not in response.headers


def test_by_default_no_page_may_read(make_client: Callable[..., Any]) -> None:
    response = make_client(read_note, keyed=True).get("/note", headers={"origin": FRIEND})
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", ["*", "wiki.example.org", "https://wiki.example.org/path", "null"])
def test_only_an_origin_is_taken_for_one(origin: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        Cors(lambda *_: None, origins=[origin])  # type: ignore[arg-type,return-value]
