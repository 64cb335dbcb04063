import json
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
import pytest
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from loguru import logger
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from footnote.platform.errors import NotFound, TooMany, Unauthenticated, Unavailable
from footnote.platform.http.problem import Problem, problem_of


class Note(msgspec.Struct, forbid_unknown_fields=True):
    title: Annotated[str, msgspec.Meta(max_length=5)]
    pages: int = 0


class NoteNotFound(NotFound):
    type = "/problems/note-not-found"
    title = "Note not found"


@post("/notes")
async def write_note(data: JSONBody[Note]) -> Note:
    return data


@get("/notes/{note_id:str}")
async def read_note(note_id: FromPath[str]) -> Note:
    raise NoteNotFound(f"No note {note_id}.", note_id=note_id)


@get("/notes")
async def list_notes(limit: FromQuery[int]) -> int:
    return limit


@get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is hunter2")


@get("/mangled")
async def mangled() -> None:
    b"\xff".decode()


def problem(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body = response.json()
    assert body.keys() >= {"type", "title", "status", "detail"}
    assert body["status"] == status
    return dict(body)


def test_a_deliberate_error_is_told_with_its_facts(make_client: Callable[..., Any]) -> None:
    body = problem(make_client(read_note).get("/notes/7"), 404)
    assert body == {
        "type": "/problems/note-not-found",
        "title": "Note not found",
        "status": 404,
        "detail": "No note 7.",
        "note_id": "7",
    }


def test_an_unknown_path_is_a_problem(make_client: Callable[..., Any]) -> None:
    assert problem(make_client(write_note).get("/nowhere"), 404)["title"] == "Not Found"


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(make_client: Callable[..., Any]) -> None:
    response = make_client(write_note).delete("/notes")
    problem(response, 405)
    assert response.headers["allow"] == "POST, OPTIONS"


def test_every_wrong_field_is_listed(make_client: Callable[..., Any]) -> None:
    body = problem(make_client(write_note).post("/notes", json={"title": "a long title"}), 400)
    assert body["errors"] == [
        {"field": "title", "in": "body", "message": "Expected `str` of length <= 5"},
    ]
    assert body["detail"] == "title: Expected `str` of length <= 5"


def test_a_wrong_parameter_is_said_to_be_one(make_client: Callable[..., Any]) -> None:
    body = problem(make_client(list_notes).get("/notes", params={"limit": "many"}), 400)
    assert [(error["field"], error["in"]) for error in body["errors"]] == [("limit", "query")]


def test_an_unknown_field_is_named(make_client: Callable[..., Any]) -> None:
    body = problem(make_client(write_note).post("/notes", json={"title": "a", "sides": 2}), 400)
    assert "unknown field `sides`" in body["detail"]


@pytest.mark.parametrize("sent", [b"{", b"[]", b'{"title": "\xff"}', b'{"title": "\\ud800"}', b"null", b"\x00"])
def test_malformed_json_is_a_problem(make_client: Callable[..., Any], sent: bytes) -> None:
    response = make_client(write_note).post("/notes", content=sent, headers={"content-type": "application/json"})
    problem(response, 400)


def test_a_missing_body_is_said_to_be_required(make_client: Callable[..., Any]) -> None:
    assert problem(make_client(write_note).post("/notes"), 400)["detail"] == "body: Required"


def test_json_nested_without_end_is_a_problem(make_client: Callable[..., Any]) -> None:
    deep = b"[" * 200_000
    response = make_client(write_note).post("/notes", content=deep, headers={"content-type": "application/json"})
    problem(response, 400)


def test_an_unexpected_error_tells_nothing_of_the_inside(make_client: Callable[..., Any]) -> None:
    response = make_client(broken).get("/broken")
    problem(response, 500)
    assert "hunter2" not in response.text


def test_an_unexpected_error_is_logged_once_with_its_traceback(make_client: Callable[..., Any]) -> None:
    records: list[Any] = []
    sink = logger.add(lambda message: records.append(message.record), level="WARNING", format="{message}")
    make_client(broken).get("/broken")
    logger.remove(sink)
    assert [record["message"] for record in records] == ["unexpected error"]
    assert "hunter2" in str(records[0]["exception"].value)


def test_only_the_request_s_own_encoding_is_the_asker_s_fault(make_client: Callable[..., Any]) -> None:
    problem(make_client(mangled).get("/mangled"), 500)


def test_how_long_to_wait_is_also_a_header() -> None:
    assert Problem.of(TooMany("Slowly.", retry_after=2.2)).headers == {"Retry-After": "3"}
    assert Problem.of(Unavailable("Later.", retry_after=60)).headers == {"Retry-After": "60"}


def test_who_is_not_signed_in_is_told_how() -> None:
    assert Problem.of(Unauthenticated("Who?")).headers == {"WWW-Authenticate": "Bearer"}


def test_a_problem_carries_the_trace_id() -> None:
    with TracerProvider().get_tracer("test").start_as_current_span("test") as span:
        expected = trace.format_trace_id(span.get_span_context().trace_id)
        assert problem_of(NotFound("Nothing."))["trace_id"] == expected
        assert json.loads(Problem.of(RuntimeError()).body)["trace_id"] == expected
