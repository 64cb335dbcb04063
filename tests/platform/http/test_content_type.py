from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from litestar import post
from litestar.params import JSONBody


class Note(msgspec.Struct):
    title: str


@post("/notes")
async def write_note(data: JSONBody[Note]) -> Note:
    return data


@post("/bell", status_code=204)
async def ring() -> None:
    pass


@pytest.mark.parametrize("stated", ["text/plain", "TEXT/PLAIN; charset=utf-8", "application/x-www-form-urlencoded", ""])
def test_json_disguised_as_a_form_is_refused(make_client: Callable[..., Any], stated: str) -> None:
    response = make_client(write_note).post("/notes", content=b'{"title": "a"}', headers={"content-type": stated})
    assert (response.status_code, response.headers["content-type"]) == (415, "application/problem+json")


def test_json_is_read(make_client: Callable[..., Any]) -> None:
    assert make_client(write_note).post("/notes", json={"title": "a"}).status_code == 201


def test_a_call_without_a_body_needs_no_type(make_client: Callable[..., Any]) -> None:
    assert make_client(ring).post("/bell").status_code == 204
