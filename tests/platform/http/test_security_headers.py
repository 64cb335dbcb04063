from collections.abc import Callable
from typing import Any

import pytest
from litestar import Response, get

EXPECTED = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@get("/plain")
async def plain() -> str:
    return "plain"


@get("/page")
async def page() -> Response[str]:
    return Response("page", headers={"Cache-Control": "max-age=60", "Content-Security-Policy": "sandbox"})


@get("/broken")
async def broken() -> str:
    raise RuntimeError


@pytest.mark.parametrize("path", ["/plain", "/broken", "/nowhere"])
def test_every_response_tells_the_browser_to_do_little(make_client: Callable[..., Any], path: str) -> None:
    assert make_client(plain, broken).get(path).headers.items() >= EXPECTED.items()


def test_a_handler_may_set_its_own(make_client: Callable[..., Any]) -> None:
    headers = make_client(page).get("/page").headers
    assert headers.get_list("cache-control") == ["max-age=60"]
    assert headers.get_list("content-security-policy") == ["sandbox"]
    assert headers["x-frame-options"] == "DENY"
