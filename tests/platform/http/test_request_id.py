from collections.abc import Callable
from typing import Any

import pytest
from litestar import get

from footnote.platform.context import request_id


@get("/name")
async def read_name() -> str | None:
    return request_id.get()


def test_a_request_gets_a_name_that_handlers_see(make_client: Callable[..., Any]) -> None:
    response = make_client(read_name).get("/name")
    assert len(response.text) == 26
    assert response.headers["x-request-id"] == response.text


def test_an_asker_may_name_its_request(make_client: Callable[..., Any]) -> None:
    response = make_client(read_name).get("/name", headers={"x-request-id": "job-2024.11_7"})
    assert (response.text, response.headers["x-request-id"]) == ("job-2024.11_7", "job-2024.11_7")


@pytest.mark.parametrize("name", ["short", "a" * 65, "with a space", "new\tline-8", "é" * 9, "<script>alert()"])
def test_a_bad_name_is_replaced(make_client: Callable[..., Any], name: str) -> None:
    response = make_client(read_name).get("/name", headers={"x-request-id": name.encode("latin-1")})
    assert len(response.headers["x-request-id"]) == 26


def test_a_refusal_has_a_name_too(make_client: Callable[..., Any]) -> None:
    assert "x-request-id" in make_client(read_name).get("/nowhere").headers
